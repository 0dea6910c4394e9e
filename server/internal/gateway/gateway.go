package gateway

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	connectcors "connectrpc.com/cors"
	"github.com/rs/cors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// answerTimeout is how long one article's answer may take to be taken. A caller
// that never takes it holds the room of its request until then.
const answerTimeout = 60 * time.Second

// Config is what a gateway is made of.
type Config struct {
	// Client reaches the server that answers. Required.
	Client depechev1.ExtractionServiceClient
	// Callers are shared with that server's interceptors. Required.
	Callers *Callers
	// Decode decodes a message as the gRPC port does. Required.
	Decode func(wire []byte, message proto.Message) error
	// MaxMessageBytes is the longest body of one article's request, and the
	// longest line of a stream.
	MaxMessageBytes int
	// MaxOpenCalls is how many requests all callers together may have running,
	// and ReceiveBytes how many bytes the bodies of those for one article may
	// hold.
	MaxOpenCalls int
	ReceiveBytes int64
	// ReceiveTimeout is how long such a body may wait for room, and then take to
	// arrive.
	ReceiveTimeout time.Duration
	// StreamIdleTimeout is how long a stream's outcomes may wait to be taken. 0: for
	// ever.
	StreamIdleTimeout time.Duration
	// IsUnknown reports whether a request's credentials will not be admitted, and
	// does not wait to tell; MaxUnknown is how many such requests may be running,
	// only to be refused. Required.
	IsUnknown  func(http.Header) bool
	MaxUnknown int
	// RetryDelay is when a caller that was refused for want of room is told to
	// come again.
	RetryDelay time.Duration
	// Origins are the web origins whose pages may call, "*" for any. Empty: none.
	Origins []string
}

type gateway struct {
	client   depechev1.ExtractionServiceClient
	decode   func(wire []byte, message proto.Message) error
	maxBytes int
	room     *room
	idle     time.Duration // how long outcomes may wait to be taken; 0: for ever
}

// route is what is served at one path.
type route struct {
	method string
	serve  http.HandlerFunc
}

// New makes the handler of the HTTP port.
func New(config Config) http.Handler {
	g := &gateway{client: config.Client, decode: config.Decode, maxBytes: config.MaxMessageBytes, room: newRoom(config), idle: config.StreamIdleTimeout}
	routes := map[string]route{
		"/v1/articles:extract": {http.MethodPost, g.extract},
		"/v1/articles:stream":  {http.MethodPost, g.stream},
		"/v1/ontology":         {http.MethodGet, g.describeOntology},
		"/v1/engine":           {http.MethodGet, g.describeEngine},
		"/openapi.yaml":        {http.MethodGet, serveOpenAPI},
	}
	generated := g.connect()

	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		g.expect(w, r)
		r, leave, refusal := g.room.enter(r)
		if refusal != nil {
			writeError(w, refusal)
			return
		}
		defer leave()
		r, forget, refusal := config.Callers.enter(r)
		if refusal != nil {
			writeError(w, refusal)
			return
		}
		defer forget()
		if strings.HasPrefix(r.URL.Path, servicePath) {
			generated.ServeHTTP(w, r)
			return
		}
		found, ok := routes[r.URL.Path]
		switch {
		case !ok:
			writeError(w, status.New(codes.NotFound, "nothing is served at this path; /openapi.yaml tells what is"))
		case r.Method != found.method:
			w.Header().Set("Allow", found.method)
			writeErrorAs(w, http.StatusMethodNotAllowed, status.New(codes.Unimplemented, "the method of this path is "+found.method))
		default:
			found.serve(w, r)
		}
	})
	if len(config.Origins) > 0 {
		handler = cors.New(cors.Options{
			AllowedOrigins: config.Origins,
			AllowedMethods: connectcors.AllowedMethods(),
			AllowedHeaders: append(connectcors.AllowedHeaders(), "Authorization", "X-Request-Id", "Traceparent", "Tracestate"),
			ExposedHeaders: append(connectcors.ExposedHeaders(), "Retry-After"),
			MaxAge:         int((2 * time.Hour).Seconds()), // what browsers bear
		}).Handler(handler)
	}
	return handler
}

func (g *gateway) extract(w http.ResponseWriter, r *http.Request) {
	release, refusal := g.room.hold(r)
	if refusal != nil {
		writeError(w, refusal)
		return
	}
	defer release()
	request := &depechev1.ExtractEventsRequest{}
	if !g.read(w, r, request) {
		return
	}
	var told told
	response, err := g.client.ExtractEvents(r.Context(), request, told.options()...)
	told.copyTo(w.Header())
	answer(w, response, err)
}

func (g *gateway) describeOntology(w http.ResponseWriter, r *http.Request) {
	if !plain(w, r) {
		return
	}
	var told told
	response, err := g.client.DescribeOntology(r.Context(), &depechev1.DescribeOntologyRequest{}, told.options()...)
	told.copyTo(w.Header())
	answer(w, response, err)
}

func (g *gateway) describeEngine(w http.ResponseWriter, r *http.Request) {
	if !plain(w, r) {
		return
	}
	var told told
	response, err := g.client.DescribeEngine(r.Context(), &depechev1.DescribeEngineRequest{}, told.options()...)
	told.copyTo(w.Header())
	answer(w, response, err)
}

// expect gives the body its time to arrive, from now. Until it has, an answer is
// the last of an HTTP/1.1 connection: net/http would else wait for the rest of the
// body before it sends one, and for ever.
func (g *gateway) expect(w http.ResponseWriter, r *http.Request) {
	if r.Body == http.NoBody {
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(g.room.patience)) // fails only for a connection that has gone
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
}

// arrived takes back what expect has done: the body is here, and the connection
// lives on.
func arrived(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	w.Header().Del("Connection")
}

// plain refuses a query where none is read: who asks for something must not be
// answered as if he had not.
func plain(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.RawQuery == "" {
		return true
	}
	writeError(w, invalid(depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "", "this path takes no query"))
	return false
}

// read reads the body into the request, or answers why it cannot. No more is
// held of it than the message limit.
func (g *gateway) read(w http.ResponseWriter, r *http.Request, request proto.Message) bool {
	if !plain(w, r) || !hasType(w, r, typeJSON) {
		return false
	}
	if r.ContentLength > int64(g.maxBytes) {
		writeErrorAs(w, http.StatusRequestEntityTooLarge, tooLong("the body", g.maxBytes))
		return false
	}
	g.expect(w, r)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(g.maxBytes)))
	if err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			writeErrorAs(w, http.StatusRequestEntityTooLarge, tooLong("the body", g.maxBytes))
		} else {
			writeErrorAs(w, http.StatusRequestTimeout, status.New(codes.DeadlineExceeded, "the body did not arrive whole"))
		}
		return false
	}
	arrived(w)
	if err := protojson.Unmarshal(body, request); err != nil {
		writeError(w, malformed(reasonOf(err)))
		return false
	}
	return true
}

// hasType refuses a body of another type, or one that is packed.
func hasType(w http.ResponseWriter, r *http.Request, want ...string) bool {
	got, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := parameters["charset"]
	for _, one := range want {
		if err == nil && got == one && (charset == "" || strings.EqualFold(charset, "utf-8")) && r.Header.Get("Content-Encoding") == "" {
			return true
		}
	}
	writeErrorAs(w, http.StatusUnsupportedMediaType, malformed("the Content-Type must be "+want[0]+" in UTF-8, without a Content-Encoding"))
	return false
}

// reasonOf is what protojson says of a fault, without what varies from build to
// build.
func reasonOf(err error) string {
	text := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	return strings.TrimSpace(strings.TrimPrefix(text, "proto:"))
}

// answer writes a call's response or its error.
func answer(w http.ResponseWriter, response proto.Message, err error) {
	control := http.NewResponseController(w)
	takeWithin(control, answerTimeout)
	// A connection is used again: the next answer is not to be cut off by this
	// one's deadline.
	defer takeWithin(control, 0)
	if err != nil {
		writeError(w, status.Convert(err))
	} else if text, err := stablejson.Line(response); err != nil {
		writeError(w, status.New(codes.Internal, "the answer cannot be written as JSON"))
	} else {
		w.Header().Set("Content-Type", typeJSON)
		_, _ = w.Write(append(text, '\n'))
	}
	_ = control.Flush()
}

// takeWithin says how long the caller may take for what is written next; 0: for
// ever. It is to be taken back when that is written: over HTTP/2 it ends the call
// also while nothing is.
func takeWithin(control *http.ResponseController, patience time.Duration) {
	var by time.Time
	if patience > 0 {
		by = time.Now().Add(patience)
	}
	_ = control.SetWriteDeadline(by) // fails only for a connection that has gone
}

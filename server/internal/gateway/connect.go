package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// servicePath is where the methods are for generated clients.
const servicePath = "/depeche.v1.ExtractionService/"

// compressFrom is the length from which an answer is packed, where the caller
// takes it.
const compressFrom = 1 << 10

// connect serves the methods by the protocols Connect, gRPC-Web and gRPC.
func (g *gateway) connect() http.Handler {
	options := connect.WithHandlerOptions(
		connect.WithReadMaxBytes(g.maxBytes), // also of what is unpacked
		connect.WithCodec(binaryCodec{g.decode}),
		connect.WithCodec(jsonCodec{"json"}),
		connect.WithCodec(jsonCodec{"json; charset=utf-8"}),
		connect.WithCompressMinBytes(compressFrom),
	)
	mux, failing := http.NewServeMux(), connect.NewErrorWriter()
	unary := func(procedure string, handler http.Handler) {
		mux.HandleFunc(procedure, func(w http.ResponseWriter, r *http.Request) {
			release, refusal := g.room.hold(r)
			if refusal != nil {
				_ = failing.Write(w, r, connectError(refusal.Err()))
				return
			}
			defer release()
			g.expect(w, r)
			r.Body = &timelyBody{r.Body, w}
			control := http.NewResponseController(w)
			handler.ServeHTTP(w, withControl(r, control))
			_ = control.Flush()
			takeWithin(control, 0)
		})
	}
	unary(depechev1.ExtractionService_ExtractEvents_FullMethodName, connect.NewUnaryHandler(
		depechev1.ExtractionService_ExtractEvents_FullMethodName, forward(g.client.ExtractEvents), options))
	unary(depechev1.ExtractionService_DescribeOntology_FullMethodName, connect.NewUnaryHandler(
		depechev1.ExtractionService_DescribeOntology_FullMethodName, forward(g.client.DescribeOntology), options))
	unary(depechev1.ExtractionService_DescribeEngine_FullMethodName, connect.NewUnaryHandler(
		depechev1.ExtractionService_DescribeEngine_FullMethodName, forward(g.client.DescribeEngine), options))
	stream := connect.NewBidiStreamHandler(
		depechev1.ExtractionService_StreamEvents_FullMethodName, g.forwardStream, options)
	mux.HandleFunc(depechev1.ExtractionService_StreamEvents_FullMethodName, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Time{}) // there is no end to wait for
		stream.ServeHTTP(w, withControl(r, control))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeErrorAs(w, http.StatusNotFound, status.New(codes.Unimplemented, "the service has no such method"))
	})
	return mux
}

type controlKey struct{}

// withControl lets a handler, which connect gives nothing but the context, bound
// its reads and writes.
func withControl(r *http.Request, control *http.ResponseController) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), controlKey{}, control))
}

// controlOf is the control of the request that ctx is of.
func controlOf(ctx context.Context) *http.ResponseController {
	return ctx.Value(controlKey{}).(*http.ResponseController)
}

// timelyBody tells when it has arrived.
type timelyBody struct {
	io.ReadCloser
	answer http.ResponseWriter
}

func (b *timelyBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		arrived(b.answer)
	}
	return n, err
}

// forward makes a handler of a method of the client.
func forward[Q, A any](method func(context.Context, *Q, ...grpc.CallOption) (*A, error)) func(context.Context, *connect.Request[Q]) (*connect.Response[A], error) {
	return func(ctx context.Context, request *connect.Request[Q]) (*connect.Response[A], error) {
		var told told
		response, err := method(ctx, request.Msg, told.options()...)
		takeWithin(controlOf(ctx), answerTimeout)
		if err != nil {
			fault := connectError(err)
			told.copyTo(fault.Meta())
			return nil, fault
		}
		answer := connect.NewResponse(response)
		told.copyTo(answer.Header())
		return answer, nil
	}
}

// forwardStream carries a stream's messages both ways.
func (g *gateway) forwardStream(ctx context.Context, caller *connect.BidiStream[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse]) error {
	control := controlOf(ctx)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	call, err := g.client.StreamEvents(ctx)
	if err != nil {
		return connectError(err)
	}
	received := make(chan struct{})
	go func() {
		defer close(received)
		if err := receive(caller, call); err != nil {
			cancel(err)
		}
	}()
	defer func() {
		cancel(nil)
		select {
		case <-received:
		default: // it stands in a read, which must end before this handler does
			_ = control.SetReadDeadline(time.Now())
			<-received
		}
	}()
	for first := true; ; first = false {
		response, err := call.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			if fault, ok := errors.AsType[*connect.Error](context.Cause(ctx)); ok {
				return fault // what could not be read of the caller's messages
			}
			return connectError(err)
		}
		if first {
			header, _ := call.Header() // it is there before the first message
			copyRequestID(caller.ResponseHeader(), header)
		}
		takeWithin(control, g.idle)
		if err := caller.Send(response); err != nil {
			return err
		}
		takeWithin(control, 0)
	}
}

// receive hands on what the caller sends, and returns why it cannot be read; nil:
// all of it was, or the call has ended.
func receive(caller *connect.BidiStream[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse], call depechev1.ExtractionService_StreamEventsClient) error {
	for {
		request, err := caller.Receive()
		if errors.Is(err, io.EOF) {
			return call.CloseSend()
		}
		if err != nil {
			return err
		}
		if !sent(call, request) {
			return nil
		}
	}
}

// connectError is a call's error with its details.
func connectError(err error) *connect.Error {
	refusal := status.Convert(err)
	fault := connect.NewError(connect.Code(refusal.Code()), errors.New(refusal.Message()))
	for _, packed := range refusal.Proto().GetDetails() {
		if detail, err := connect.NewErrorDetail(packed); err == nil {
			fault.AddDetail(detail)
		}
	}
	if seconds := retryAfter(refusal); seconds != "" {
		fault.Meta().Set("Retry-After", seconds)
	}
	return fault
}

// binaryCodec is protobuf's own, but decodes as the gRPC port does.
type binaryCodec struct {
	decode func(wire []byte, message proto.Message) error
}

func (binaryCodec) Name() string { return "proto" }

func (binaryCodec) Marshal(message any) ([]byte, error) {
	known, ok := message.(proto.Message)
	if !ok {
		return nil, errNoMessage
	}
	return proto.Marshal(known)
}

func (c binaryCodec) Unmarshal(wire []byte, message any) error {
	known, ok := message.(proto.Message)
	if !ok {
		return errNoMessage
	}
	return c.decode(wire, known)
}

var errNoMessage = errors.New("not a message of the contract")

// jsonCodec writes the same bytes always, and refuses fields that it does not
// know, as the rest of the service does.
type jsonCodec struct{ name string }

func (c jsonCodec) Name() string { return c.name }

func (jsonCodec) Marshal(message any) ([]byte, error) {
	known, ok := message.(proto.Message)
	if !ok {
		return nil, errNoMessage
	}
	return stablejson.Line(known)
}

func (jsonCodec) Unmarshal(text []byte, message any) error {
	known, ok := message.(proto.Message)
	if !ok {
		return errNoMessage
	}
	if _, stream := message.(*depechev1.StreamEventsRequest); stream && manyObjects(text) {
		return errors.New("a message holds at most " + strconv.Itoa(maxBatchArticles) + " articles")
	}
	if err := protojson.Unmarshal(text, known); err != nil {
		return errors.New(reasonOf(err))
	}
	return nil
}

// maxBatchArticles is how many articles one message may hold.
const maxBatchArticles = 1024

// manyObjects reports whether a message may hold more articles than it should:
// an article of a few bytes takes a hundred when decoded. A numbered article is
// at most three objects: itself, the article and its date.
func manyObjects(text []byte) bool {
	const limit = 3*maxBatchArticles + 8 // and those around the articles
	tokens := json.NewDecoder(bytes.NewReader(text))
	for objects := 0; objects <= limit; {
		token, err := tokens.Token()
		if err != nil { // the end, or a fault that protojson will tell
			return false
		}
		if token == json.Delim('{') {
			objects++
		}
	}
	return true
}

package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"go.uber.org/zap"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

const (
	extractPath = "/v1/articles:extract"
	streamPath  = "/v1/articles:stream"
	jsonType    = "application/json"
	linesType   = "application/x-ndjson"
)

// web is a server under test with its HTTP port, and a caller's client of it.
type webRunning struct {
	*running
	url  string
	http *http.Client // HTTP/1.1
	h2   *http.Client // HTTP/2 without TLS
}

func startWeb(t testing.TB, engine Engine, adjust func(*Config)) *webRunning {
	t.Helper()
	server := start(t, engine, func(c *Config) {
		c.HTTP = "127.0.0.1:0"
		if adjust != nil {
			adjust(c)
		}
	})
	h1, h2 := new(http.Protocols), new(http.Protocols)
	h1.SetHTTP1(true)
	h2.SetUnencryptedHTTP2(true)
	w := &webRunning{
		running: server,
		url:     "http://" + server.server.HTTPAddr().String(),
		http:    &http.Client{Transport: &http.Transport{Protocols: h1}},
		h2:      &http.Client{Transport: &http.Transport{Protocols: h2}},
	}
	t.Cleanup(w.http.CloseIdleConnections)
	t.Cleanup(w.h2.CloseIdleConnections)
	return w
}

// call sends one request and returns its answer, whole.
func (w *webRunning) call(t testing.TB, method, path, contentType string, body io.Reader) (reply, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(contextFor(t), method, w.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return send(t, w.http, request)
}

// reply is an answer without its body.
type reply struct {
	StatusCode int
	Status     string
	Header     http.Header
}

func send(t testing.TB, client *http.Client, request *http.Request) (reply, string) {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Status, response.Header}, string(text)
}

// failureOfJSON reads an error's body as a client would.
func failureOfJSON(t testing.TB, text string) failure {
	t.Helper()
	var refusal statuspb.Status
	if err := protojson.Unmarshal([]byte(text), &refusal); err != nil {
		t.Fatalf("no google.rpc.Status: %v: %s", err, text)
	}
	return failureOf(status.FromProto(&refusal))
}

func lineOf(t testing.TB, message proto.Message) string {
	t.Helper()
	text, err := stablejson.Line(message)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rich answers with something of every shape that JSON could spoil.
func rich(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
	return &depechev1.Extraction{
		ArticleId: article.GetId(), Language: "fr", LanguageSupported: true,
		OffsetEncoding: depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8,
		ReferenceDate:  &depechev1.ReferenceDate{Date: &depechev1.Date{Year: 2021, Month: 3, Day: 14}},
		Locations: []*depechev1.Location{{
			Id: "l1", Name: "Gao «<&>» \u2028", Point: &depechev1.LatLng{Latitude: 16.2717, Longitude: -0.0447},
		}},
		Events: []*depechev1.Event{{Id: "e1", Confidence: 0.92, Type: depechev1.EventType_EVENT_TYPE_ARMED_CLASH}},
	}, nil
}

// enveloped is a message as Connect's streams have it.
func enveloped(message string) string {
	n := len(message)
	return string([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// memoryWeb is the HTTP port without its listener, for a bubble.
type memoryWeb struct {
	*web
	served chan struct{}
	pool   *pool
}

func webInMemory(t *testing.T, engine Engine, adjust func(*Config)) (*service, *memoryWeb) {
	t.Helper()
	config := testConfig(engine)
	config.Logger = zap.NewNop()
	if adjust != nil {
		adjust(&config)
	}
	s, err := config.service()
	if err != nil {
		t.Fatal(err)
	}
	s.pool.start(2)
	g, err := config.guard(config.Logger)
	if err != nil {
		t.Fatal(err)
	}
	w, err := config.newWeb(bufconn.Listen(1), s, g, chain(s.metrics, config.Logger, g.authenticate(nil), g, config.RetryDelay))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() { defer close(served); w.serveMemory() }()
	return s, &memoryWeb{w, served, s.pool}
}

func (w *memoryWeb) end(t *testing.T) {
	t.Helper()
	if err := w.close(); err != nil {
		t.Error(err)
	}
	<-w.served
	w.pool.close()
}

// endless is a body of the same line again and again.
type endless struct {
	line []byte
	rest []byte
	read int
	end  <-chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	select {
	case <-e.end:
		return 0, io.ErrUnexpectedEOF
	default:
	}
	if len(e.rest) == 0 {
		e.rest = e.line
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	e.read += n
	return n, nil
}

func (e *endless) Close() error { return nil }

// deaf is a connection that takes nothing.
type deaf struct {
	header  http.Header
	gone    <-chan struct{}
	late    <-chan struct{} // nil: never
	endRead func()          // nil: nobody reads
}

func (d *deaf) Header() http.Header     { return d.header }
func (d *deaf) WriteHeader(int)         {}
func (d *deaf) Flush()                  {}
func (d *deaf) EnableFullDuplex() error { return nil }

func (d *deaf) SetReadDeadline(by time.Time) error {
	if d.endRead != nil && !by.IsZero() && !by.After(time.Now()) {
		d.endRead()
	}
	return nil
}

func (d *deaf) SetWriteDeadline(by time.Time) error {
	d.late = nil
	if !by.IsZero() {
		late := make(chan struct{})
		time.AfterFunc(time.Until(by), func() { close(late) })
		d.late = late
	}
	return nil
}

func (d *deaf) Write([]byte) (int, error) {
	select {
	case <-d.gone:
		return 0, net.ErrClosed
	case <-d.late:
		return 0, os.ErrDeadlineExceeded
	}
}

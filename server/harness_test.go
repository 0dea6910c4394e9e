package server

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// testTimeout ends a test that hangs; no test depends on its length.
const testTimeout = 30 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeEngine answers every article with its id and its text, unless extract
// says otherwise.
type fakeEngine struct {
	extract func(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error)
	body    uint64 // body limit that it declares
}

func (e *fakeEngine) Extract(ctx context.Context, article *depechev1.Article, _ *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	if e.extract != nil {
		return e.extract(ctx, article)
	}
	return answerTo(article), nil
}

func answerTo(article *depechev1.Article) *depechev1.Extraction {
	return &depechev1.Extraction{ArticleId: article.GetId(), Language: "fr", LanguageSupported: true}
}

func (e *fakeEngine) DescribeOntology() *depechev1.DescribeOntologyResponse {
	return &depechev1.DescribeOntologyResponse{Version: "1"}
}

func (e *fakeEngine) DescribeEngine() *depechev1.DescribeEngineResponse {
	return &depechev1.DescribeEngineResponse{
		Versions:  &depechev1.Versions{Engine: "test"},
		Languages: []string{"fr"},
		Limits:    &depechev1.Limits{MaxBodyBytes: e.body},
	}
}

// running is a server under test, and a client of it.
type running struct {
	depechev1.ExtractionServiceClient
	conn   *grpc.ClientConn
	server *Server
	logs   *observer.ObservedLogs
	stop   context.CancelFunc // begins the drain
	done   <-chan error       // what Run returned
	dial   func(t testing.TB, options ...grpc.DialOption) *grpc.ClientConn
}

// testConfig is the production configuration, but for what would slow a test.
func testConfig(engine Engine) Config {
	config := Config{Engine: engine}
	config.SetDefaults()
	config.Listen = ""
	config.DrainDelay = 0
	return config
}

// start runs the production stack over an in-memory connection until the test
// ends.
func start(t testing.TB, engine Engine, adjust func(*Config)) *running {
	t.Helper()
	memory := bufconn.Listen(64 << 10)
	return serve(t, engine, []net.Listener{memory}, adjust,
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return memory.DialContext(ctx) }))
}

// startTCP runs it over TCP.
func startTCP(t testing.TB, engine Engine, adjust func(*Config)) *running {
	t.Helper()
	return serve(t, engine, nil, func(config *Config) {
		config.Listen = "127.0.0.1:0"
		if adjust != nil {
			adjust(config)
		}
	})
}

func serve(t testing.TB, engine Engine, listeners []net.Listener, adjust func(*Config), dialing ...grpc.DialOption) *running {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	config := testConfig(engine)
	config.Logger = zap.New(core)
	config.Listeners = listeners
	if adjust != nil {
		adjust(&config)
	}
	server, err := config.Complete(t.Context())
	if err != nil {
		t.Fatalf("complete: %v", err)
	}
	target := "passthrough:///" + server.Addrs()[0].String()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()

	r := &running{server: server, logs: logs, stop: stop, done: done}
	r.dial = func(t testing.TB, options ...grpc.DialOption) *grpc.ClientConn {
		t.Helper()
		options = append([]grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}, append(dialing, options...)...)
		conn, err := grpc.NewClient(target, options...)
		if err != nil {
			t.Fatalf("dial: %v", err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	t.Cleanup(func() {
		stop()
		if err := <-r.done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	r.conn = r.dial(t)
	r.ExtractionServiceClient = depechev1.NewExtractionServiceClient(r.conn)
	return r
}

// wait waits for Run's end and leaves it for the cleanup to see.
func (r *running) wait(t testing.TB) {
	t.Helper()
	done := make(chan error, 1)
	err := receive(t, r.done, "end of Run")
	done <- err
	r.done = done
	if err != nil {
		t.Errorf("run: %v", err)
	}
}

// contextFor bounds a call by the test's own bound.
func contextFor(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	t.Cleanup(cancel)
	return ctx
}

// receive waits for a value, or fails the test.
func receive[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(testTimeout):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// article is a small valid article.
func article(id string) *depechev1.Article {
	return &depechev1.Article{
		Id:   id,
		Body: &depechev1.Article_Text{Text: "L'armée a repris la ville de " + id + ", a annoncé samedi le ministère."},
	}
}

func request(id string) *depechev1.ExtractEventsRequest {
	return &depechev1.ExtractEventsRequest{Article: article(id)}
}

// failure is what a caller can tell of an error.
type failure struct {
	code   codes.Code
	reason depechev1.ErrorReason
	field  string // the first field violation's
}

// failureOf reads an error as a client would.
func failureOf(s *status.Status) failure {
	f := failure{code: s.Code()}
	for _, detail := range s.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetDomain() == "depeche.v1" {
				f.reason = depechev1.ErrorReason(depechev1.ErrorReason_value["ERROR_REASON_"+detail.GetReason()])
			}
		case *errdetails.BadRequest:
			f.field = detail.GetFieldViolations()[0].GetField()
		}
	}
	return f
}

func checkFailure(t testing.TB, err error, want failure) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %v", want)
	}
	if got := failureOf(status.Convert(err)); got != want {
		t.Errorf("failure is %v, want %v: %v", got, want, err)
	}
}

// retryDelay is when an error says to come again; 0: it does not say.
func retryDelay(err error) time.Duration {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

// requestID is the id that an internal error gives; empty: none.
func requestID(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.RequestInfo); ok {
			return info.GetRequestId()
		}
	}
	return ""
}

// logged are all entries so far as text.
func (r *running) logged() string {
	var b strings.Builder
	for _, entry := range r.logs.All() {
		b.WriteString(entry.Message)
		for _, field := range entry.Context {
			b.WriteString(" " + field.Key + "=" + field.String)
			if field.Interface != nil {
				b.WriteString(fmt.Sprint(field.Interface))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func requestIDField(id string) zap.Field { return zap.String("request_id", id) }

// awaitLoad waits until the pool has this to do.
func awaitLoad(t testing.TB, r *running, want load) {
	t.Helper()
	eventually(t, func() bool { return r.server.service.pool.load() == want }, "load of %+v", want)
}

// awaitNoStreams waits until every stream's handler has returned.
func awaitNoStreams(t testing.TB, r *running) {
	t.Helper()
	eventually(t, func() bool { return r.server.service.streams.Load() == 0 }, "end of all streams")
}

// eventually yields until the condition holds: for states of the server that
// nothing announces.
func eventually(t testing.TB, holds func() bool, what string, args ...any) {
	t.Helper()
	for deadline := time.Now().Add(testTimeout); !holds(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("no "+what, args...)
		}
	}
}

// serveInner serves a grpc server made by the test and gives a client of it.
func serveInner(t testing.TB, server *grpc.Server) depechev1.ExtractionServiceClient {
	t.Helper()
	listener := bufconn.Listen(64 << 10)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///inner",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		server.Stop()
		<-done
	})
	return depechev1.NewExtractionServiceClient(conn)
}

package tracing_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"
	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
	"github.com/depeche-events/depeche/server/tracing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testTimeout ends a test that hangs; no test depends on its length.
const testTimeout = 30 * time.Second

// canary stands in all that an article holds, and must stand nowhere else.
const canary = "corbeau"

// collector is an OpenTelemetry collector that keeps what it gets.
type collector struct {
	collectorpb.UnimplementedTraceServiceServer
	mu    sync.Mutex
	spans []*tracepb.Span
	about []*commonpb.KeyValue // of the resource
	text  strings.Builder      // all requests in full
}

func (c *collector) Export(_ context.Context, request *collectorpb.ExportTraceServiceRequest) (*collectorpb.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text.WriteString(prototext.Format(request))
	for _, resource := range request.GetResourceSpans() {
		c.about = resource.GetResource().GetAttributes()
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	return &collectorpb.ExportTraceServiceResponse{}, nil
}

// collect serves a collector on the loopback until the test ends.
func collect(t *testing.T) (*collector, string) {
	t.Helper()
	listener := listen(t)
	c, server := new(collector), grpc.NewServer()
	collectorpb.RegisterTraceServiceServer(server, c)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() { server.Stop(); <-done })
	return c, "http://" + listener.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// named are the spans of one name, in the order of their beginning.
func (c *collector) named(name string) (named []*tracepb.Span) {
	for _, span := range c.spans {
		if span.GetName() == name {
			named = append(named, span)
		}
	}
	slices.SortFunc(named, func(a, b *tracepb.Span) int { return int(a.GetStartTimeUnixNano()) - int(b.GetStartTimeUnixNano()) })
	return named
}

// only is the one span of a name.
func (c *collector) only(t *testing.T, name string) *tracepb.Span {
	t.Helper()
	named := c.named(name)
	if len(named) != 1 {
		t.Fatalf("%d spans are called %q, want 1", len(named), name)
	}
	return named[0]
}

// attributes are a span's by key, as text.
func attributes(list []*commonpb.KeyValue) map[string]string {
	attributes := make(map[string]string)
	for _, pair := range list {
		if s := pair.GetValue().GetStringValue(); s != "" {
			attributes[pair.GetKey()] = s
		} else {
			attributes[pair.GetKey()] = prototext.MarshalOptions{}.Format(pair.GetValue())
		}
	}
	return attributes
}

// engine answers with one event after two stages of a millisecond each.
type engine struct{}

var stages = []string{"text", "events"}

func (engine) Stages() []string { return stages }

func (e engine) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	return e.ExtractObserved(ctx, a, o, func(string, time.Time, time.Duration) {})
}

func (engine) ExtractObserved(_ context.Context, a *depechev1.Article, _ *depechev1.ExtractOptions, observe server.StageObserver) (*depechev1.Extraction, error) {
	began := time.Now()
	for i, stage := range stages {
		observe(stage, began.Add(time.Duration(i)*time.Millisecond), time.Millisecond)
	}
	if a.GetLanguage() == "de" {
		return nil, errors.New("about " + canary)
	}
	return &depechev1.Extraction{ArticleId: a.GetId(), Text: proto.String(a.GetText()), Language: "fr", Events: []*depechev1.Event{{Type: depechev1.EventType_EVENT_TYPE_ARMED_CLASH}}}, nil
}

func (engine) DescribeOntology() *depechev1.DescribeOntologyResponse {
	return &depechev1.DescribeOntologyResponse{}
}

func (engine) DescribeEngine() *depechev1.DescribeEngineResponse {
	return &depechev1.DescribeEngineResponse{Limits: &depechev1.Limits{}}
}

// traced is a server whose traces are sent, and a client of it.
type traced struct {
	depechev1.ExtractionServiceClient
	conn *grpc.ClientConn
	logs *observer.ObservedLogs
	end  func() // drains the server and sends the last spans
}

// always is the ratio that keeps every trace.
func always() *float64 { ratio := 1.0; return &ratio }

func start(t *testing.T, config tracing.Config) *traced {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	logger := zap.New(core)
	provider, err := tracing.New(t.Context(), config, "v1.2.3", logger)
	if err != nil {
		t.Fatal(err)
	}
	settings := server.Config{Engine: engine{}, Logger: logger, TracerProvider: provider}
	settings.SetDefaults()
	settings.Engine, settings.Listen, settings.DrainDelay = engine{}, "127.0.0.1:0", 0
	srv, err := settings.Complete(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }()
	conn, err := grpc.NewClient(srv.Addrs()[0].String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		conn.Close()
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		provider.Close()
	})
	t.Cleanup(end)
	return &traced{depechev1.NewExtractionServiceClient(conn), conn, logs, end}
}

func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	t.Cleanup(cancel)
	return ctx
}

// parent is the context of a call that belongs to its caller's trace.
func parent(ctx context.Context, sampled bool) context.Context {
	flags := "00"
	if sampled {
		flags = "01"
	}
	return metadata.AppendToOutgoingContext(ctx, "traceparent", "00-"+callersTrace+"-"+callersSpan+"-"+flags)
}

const (
	callersTrace = "0af7651916cd43dd8448eb211c80319c"
	callersSpan  = "b7ad6b7169203331"
)

func article() *depechev1.Article {
	return &depechev1.Article{Id: canary, Title: canary, Url: "https://example.org/" + canary,
		Body: &depechev1.Article_Text{Text: "Le " + canary + " a repris la ville."}}
}

func ofTrace(span *tracepb.Span) string  { return trace.TraceID(span.GetTraceId()).String() }
func ofSpan(span *tracepb.Span) string   { return trace.SpanID(span.GetSpanId()).String() }
func ofParent(span *tracepb.Span) string { return trace.SpanID(span.GetParentSpanId()).String() }

// A call is a span under its caller's, its article one under that, and the wait
// and the stages under the article's, when and as long as they were.
func TestCallsAreTraced(t *testing.T) {
	c, endpoint := collect(t)
	server := start(t, tracing.Config{Endpoint: endpoint, Ratio: always(), Flush: testTimeout})
	ctx := metadata.AppendToOutgoingContext(parent(bounded(t), true), "x-request-id", "mine")
	if _, err := server.ExtractEvents(ctx, &depechev1.ExtractEventsRequest{Article: article()}); err != nil {
		t.Fatal(err)
	}
	if _, err := healthpb.NewHealthClient(server.conn).Check(bounded(t), &healthpb.HealthCheckRequest{}); err != nil {
		t.Fatal(err)
	}
	server.end()

	call, read := c.only(t, "depeche.v1.ExtractionService/ExtractEvents"), c.only(t, "read article")
	if ofParent(call) != callersSpan || call.GetKind() != tracepb.Span_SPAN_KIND_SERVER {
		t.Errorf("the call's span is under %s", ofParent(call))
	}
	if ofParent(read) != ofSpan(call) {
		t.Errorf("the article's span is under %s, not under the call's", ofParent(read))
	}
	for i, name := range []string{"wait", "stage text", "stage events"} {
		span := c.only(t, name)
		if ofParent(span) != ofSpan(read) {
			t.Errorf("%s is under %s, not under the article's", name, ofParent(span))
		}
		if took := time.Duration(span.GetEndTimeUnixNano() - span.GetStartTimeUnixNano()); i > 0 && took != time.Millisecond {
			t.Errorf("%s took %v", name, took)
		}
	}
	if len(c.spans) != 5 {
		t.Errorf("%d spans, want 5 and none for the probe:\n%s", len(c.spans), c.text.String())
	}
	for _, span := range c.spans {
		if ofTrace(span) != callersTrace {
			t.Errorf("%s is of the trace %s, not of the caller's", span.GetName(), ofTrace(span))
		}
	}
	got := attributes(read.GetAttributes())
	for key, want := range map[string]string{
		"depeche.call": "unary", "depeche.request_id": "mine", "depeche.reason": "OK", "depeche.language": "fr",
		"depeche.article.form": "text", "depeche.article.bytes": "int_value:29", "depeche.events": "int_value:1",
	} {
		if strings.ReplaceAll(got[key], " ", "") != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
	about := attributes(c.about)
	if about["service.name"] != tracing.ServiceName || about["service.version"] != "v1.2.3" {
		t.Errorf("the resource is %v", about)
	}
	if strings.Contains(c.text.String(), canary) {
		t.Errorf("the collector is told of the article:\n%s", c.text.String())
	}
	if entries := server.logs.FilterField(zap.String("trace_id", callersTrace)).FilterMessage("finished call"); entries.Len() != 1 {
		t.Errorf("log has no entry with the trace:\n%v", server.logs.All())
	}
}

// Each article of a stream is a trace of its own, linked to the stream's span.
func TestArticlesOfStreamsAreTraced(t *testing.T) {
	c, endpoint := collect(t)
	server := start(t, tracing.Config{Endpoint: endpoint, Ratio: always(), Flush: testTimeout})
	wire, err := server.StreamEvents(bounded(t))
	if err != nil {
		t.Fatal(err)
	}
	faulty := article()
	faulty.Language = "de"
	for _, message := range []*depechev1.StreamEventsRequest{
		{Message: &depechev1.StreamEventsRequest_Open{Open: &depechev1.StreamOptions{Ordered: true}}},
		{Message: &depechev1.StreamEventsRequest_Batch{Batch: &depechev1.ArticleBatch{Articles: []*depechev1.NumberedArticle{
			{Sequence: 7, Article: article()}, {Sequence: 8, Article: faulty}}}}},
	} {
		if err := wire.Send(message); err != nil {
			t.Fatal(err)
		}
	}
	wire.CloseSend()
	for err == nil {
		_, err = wire.Recv()
	}
	if status.Code(err) != codes.Unknown { // io.EOF
		t.Fatal(err)
	}
	server.end()

	call := c.only(t, "depeche.v1.ExtractionService/StreamEvents")
	byReason := make(map[string]*tracepb.Span)
	for _, span := range c.named("read article") {
		byReason[attributes(span.GetAttributes())["depeche.reason"]] = span
		if len(span.GetParentSpanId()) != 0 || ofTrace(span) == ofTrace(call) {
			t.Error("an article is of the stream's trace")
		}
		if links := span.GetLinks(); len(links) != 1 || trace.SpanID(links[0].GetSpanId()).String() != ofSpan(call) {
			t.Errorf("an article is linked to %v", links)
		}
	}
	good, bad := byReason["OK"], byReason["INTERNAL"]
	if good == nil || bad == nil {
		t.Fatalf("articles end as %v", byReason)
	}
	if got := attributes(good.GetAttributes()); strings.ReplaceAll(got["depeche.sequence"], " ", "") != "int_value:7" || got["depeche.call"] != "stream" {
		t.Errorf("the article's span says %v", got)
	}
	if good.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR || bad.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_ERROR {
		t.Errorf("statuses are %v and %v", good.GetStatus(), bad.GetStatus())
	}
	if n := len(c.named("stage text")); n != 2 {
		t.Errorf("%d spans of a stage, want 2", n)
	}
	if strings.Contains(c.text.String(), canary) {
		t.Errorf("the collector is told of the article:\n%s", c.text.String())
	}
}

// The caller decides whether its calls are traced; the ratio, where it does not.
func TestSampling(t *testing.T) {
	never := 0.0
	for _, tt := range []struct {
		name  string
		ratio *float64
		call  func(context.Context) context.Context
		want  int
	}{
		{"of nobody's trace, all", always(), func(ctx context.Context) context.Context { return ctx }, 1},
		{"of nobody's trace, none", &never, func(ctx context.Context) context.Context { return ctx }, 0},
		{"the caller wants it", &never, func(ctx context.Context) context.Context { return parent(ctx, true) }, 1},
		{"the caller does not", always(), func(ctx context.Context) context.Context { return parent(ctx, false) }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, endpoint := collect(t)
			server := start(t, tracing.Config{Endpoint: endpoint, Ratio: tt.ratio, Flush: testTimeout})
			if _, err := server.ExtractEvents(tt.call(bounded(t)), &depechev1.ExtractEventsRequest{Article: article()}); err != nil {
				t.Fatal(err)
			}
			server.end()
			if n := len(c.named("read article")); n != tt.want {
				t.Errorf("%d articles are traced, want %d", n, tt.want)
			}
			if n := server.logs.FilterFieldKey("trace_id").Len(); n != tt.want {
				t.Errorf("%d log entries name a trace, want %d", n, tt.want)
			}
		})
	}
}

// A collector that takes connections and never answers, or is not there, costs
// no call its answer and the drain no more than its bound: more spans than the
// queue holds are made, and lost.
func TestCollectorIsGone(t *testing.T) {
	for name, endpoint := range map[string]func(t *testing.T) string{
		"silent": func(t *testing.T) string {
			listener := listen(t)
			t.Cleanup(func() { listener.Close() })
			return "http://" + listener.Addr().String()
		},
		"not there": func(t *testing.T) string {
			listener := listen(t)
			listener.Close()
			return "http://" + listener.Addr().String()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OTEL_BSP_MAX_QUEUE_SIZE", "64")
			t.Setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16")
			server := start(t, tracing.Config{Endpoint: endpoint(t), Ratio: always(), Flush: time.Millisecond})
			for range 100 { // five spans each
				if _, err := server.ExtractEvents(bounded(t), &depechev1.ExtractEventsRequest{Article: article()}); err != nil {
					t.Fatal(err)
				}
			}
			server.end()
			if n := server.logs.FilterMessage("traces cannot be sent and are lost until they can").Len(); n != 1 {
				t.Errorf("%d entries tell of the collector, want 1:\n%v", n, server.logs.All())
			}
		})
	}
}

func TestOff(t *testing.T) {
	_, endpoint := collect(t)
	for name, config := range map[string]tracing.Config{
		"by default": {},
		"without an endpoint, whatever the ratio": {Ratio: always()},
	} {
		if provider, err := tracing.New(t.Context(), config, "", zap.NewNop()); provider != nil || err != nil {
			t.Errorf("%s: %v, %v", name, provider, err)
		}
	}
	t.Setenv("OTEL_SDK_DISABLED", "true")
	if provider, err := tracing.New(t.Context(), tracing.Config{Endpoint: endpoint}, "", zap.NewNop()); provider != nil || err != nil {
		t.Errorf("with OTEL_SDK_DISABLED: %v, %v", provider, err)
	}
}

func TestFaultyConfigs(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ratio float64
		url   string
		flush time.Duration
		env   string
		want  string
	}{
		{"ratio above 1", 1.5, "", 0, "", "trace-ratio is 1.5"},
		{"ratio below 0", -0.1, "", 0, "", "trace-ratio is -0.1"},
		{"flush below 0", 0, "", -1, "", "trace-flush is -1ns"},
		{"endpoint without a scheme", 0, "collector:4317", 0, "", `trace-endpoint is "collector:4317"`},
		{"endpoint without a host", 0, "http://", 0, "", `trace-endpoint is "http://"`},
		{"protocol that is not spoken", 0, "http://collector:4318", 0, "http/protobuf", `PROTOCOL is "http/protobuf"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", tt.env)
			_, err := tracing.New(t.Context(), tracing.Config{Endpoint: tt.url, Ratio: &tt.ratio, Flush: tt.flush}, "", zap.NewNop())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

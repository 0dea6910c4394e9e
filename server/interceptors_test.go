package server

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server/access"
)

// testChain admits everybody.
func testChain(m *metrics, logger *zap.Logger) []interceptor {
	g := &guard{gate: new(access.Gate)}
	return chain(m, logger, g.authenticate(nil), g, time.Second)
}

func TestChainsHoldTheSameInterceptorsInTheSameOrder(t *testing.T) {
	var names []string
	for _, link := range testChain(newMetrics(), zap.NewNop()) {
		if link.unary == nil || link.stream == nil {
			t.Errorf("%s stands in one chain only", link.name)
		}
		names = append(names, link.name)
	}
	if want := []string{"request id", "metrics", "failures", "logging", "auth", "quota", "recovery"}; !slices.Equal(names, want) {
		t.Errorf("order is %v, want %v", names, want)
	}

	// The chains run them in that order, outermost first.
	var unary, stream []string
	var links []interceptor
	for _, name := range names {
		links = append(links, interceptor{
			name: name,
			unary: func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
				unary = append(unary, name)
				return handler(ctx, request)
			},
			stream: func(service any, wire grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
				stream = append(stream, name)
				return handler(service, wire)
			},
		})
	}
	probe := start(t, &fakeEngine{}, nil)
	inner := grpc.NewServer(chains(links)...)
	depechev1.RegisterExtractionServiceServer(inner, probe.server.service)
	client := serveInner(t, inner)
	if _, err := client.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Fatal(err)
	}
	wire, err := client.StreamEvents(contextFor(t))
	if err != nil {
		t.Fatal(err)
	}
	wire.CloseSend()
	sender{wire, t}.rest()
	inner.GracefulStop()
	if !slices.Equal(unary, names) || !slices.Equal(stream, names) {
		t.Errorf("unary calls pass %v, streams %v, want %v", unary, stream, names)
	}
}

// panicking is a service whose handlers panic.
type panicking struct {
	depechev1.UnimplementedExtractionServiceServer
}

func (panicking) ExtractEvents(context.Context, *depechev1.ExtractEventsRequest) (*depechev1.ExtractEventsResponse, error) {
	panic("about " + secret)
}

func (panicking) StreamEvents(exchange) error { panic("about " + secret) }

// A panic is answered with INTERNAL and an id that the log has, counted and
// logged as what the caller got, and told to nobody in its own words.
func TestHandlerPanics(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	m := newMetrics()
	inner := grpc.NewServer(chains(testChain(m, server.server.logger))...)
	depechev1.RegisterExtractionServiceServer(inner, panicking{})
	client := serveInner(t, inner)

	_, unary := client.ExtractEvents(contextFor(t), request("x"))
	wire, err := client.StreamEvents(contextFor(t))
	if err != nil {
		t.Fatal(err)
	}
	_, stream := wire.Recv()
	inner.GracefulStop()
	for name, err := range map[string]error{"ExtractEvents": unary, "StreamEvents": stream} {
		checkFailure(t, err, failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""})
		id := requestID(status.Convert(err))
		entries := server.logs.FilterField(requestIDField(id))
		if id == "" || entries.FilterMessage("panic in handler").Len() != 1 || entries.FilterMessage("finished call").Len() != 1 {
			t.Errorf("%s: entries under the id %q: %v", name, id, entries.All())
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the caller is told of the article: %v", name, err)
		}
	}
	if strings.Contains(server.logged(), secret) {
		t.Errorf("the log tells of the article:\n%s", server.logged())
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.calls)
	if count := gathered(t, registry, "grpc_server_handled_total", map[string]string{"grpc_code": "Internal"}); count != 2 {
		t.Errorf("%v calls are counted, want 2", count)
	}
}

// One entry for each call, at its end, with what a reader needs and without a
// word of the article.
func TestCallsAreLoggedWithoutText(t *testing.T) {
	server := start(t, &fakeEngine{extract: func(_ context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
		if a.GetId() == "bad" {
			return nil, rejection.Field(depechev1.ErrorReason_ERROR_REASON_NOT_TEXT, "article.raw", "holds: "+secret).Err()
		}
		return answerTo(a), nil
	}}, nil)
	talkative := func(id string) *depechev1.Article {
		return &depechev1.Article{Id: id, Title: secret, Body: &depechev1.Article_Text{Text: secret}}
	}
	for _, id := range []string{"good", "bad"} {
		server.ExtractEvents(contextFor(t), &depechev1.ExtractEventsRequest{Article: talkative(id)})
	}
	wire := server.openStream(t, contextFor(t), true)
	wire.send(batchMessage(
		&depechev1.NumberedArticle{Sequence: 0, Article: talkative("good")},
		&depechev1.NumberedArticle{Sequence: 1, Article: talkative("bad")},
	))
	wire.CloseSend()
	if _, err := wire.rest(); err != nil {
		t.Fatal(err)
	}
	if _, err := healthpb.NewHealthClient(server.conn).Check(contextFor(t), &healthpb.HealthCheckRequest{}); err != nil {
		t.Fatal(err)
	}
	server.stop()
	server.wait(t)

	if strings.Contains(server.logged(), secret) {
		t.Errorf("the log tells of the article:\n%s", server.logged())
	}
	entries := server.logs.FilterMessage("finished call").All()
	if len(entries) != 3 { // and none for the probe
		t.Fatalf("%d entries:\n%s", len(entries), server.logged())
	}
	for i, want := range []map[string]any{
		{"grpc.method": "ExtractEvents", "grpc.code": "OK"},
		{"grpc.method": "ExtractEvents", "grpc.code": "InvalidArgument", "depeche.reason": "NOT_TEXT", "depeche.fields": []any{"article.raw"}},
		{"grpc.method": "StreamEvents", "grpc.code": "OK", "depeche.articles": int64(2), "depeche.refused": int64(1)},
	} {
		fields := entries[i].ContextMap()
		if took, ok := fields["grpc.time_ms"].(float64); !ok || took < 0 {
			t.Errorf("entry %d: grpc.time_ms is %v", i, fields["grpc.time_ms"])
		}
		for key, value := range want {
			if got := fields[key]; !equalAny(got, value) {
				t.Errorf("entry %d: %s is %v, want %v", i, key, got, value)
			}
		}
	}
}

func equalAny(a, b any) bool {
	list, ok := b.([]any)
	if !ok {
		return a == b
	}
	got, ok := a.([]any)
	return ok && slices.Equal(got, list)
}

// Every call but health asks the auth slot, reflection too; a refusal is counted
// and logged, and what the slot adds to the context reaches the handler.
func TestAuthSlot(t *testing.T) {
	type caller struct{}
	var seen any
	engine := &fakeEngine{extract: func(ctx context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
		seen = ctx.Value(caller{})
		return answerTo(a), nil
	}}
	admit := false
	registry := prometheus.NewRegistry()
	server := start(t, engine, func(c *Config) {
		c.Registry = registry
		c.Authenticate = func(ctx context.Context) (context.Context, error) {
			if !admit {
				return nil, status.Error(codes.Unauthenticated, "no token")
			}
			return context.WithValue(ctx, caller{}, "somebody"), nil
		}
	})
	_, unary := server.ExtractEvents(contextFor(t), request("x"))
	_, describe := server.DescribeEngine(contextFor(t), &depechev1.DescribeEngineRequest{})
	_, stream := server.openStream(t, contextFor(t), true).rest()
	for name, err := range map[string]error{"ExtractEvents": unary, "DescribeEngine": describe, "StreamEvents": stream} {
		if status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := healthpb.NewHealthClient(server.conn).Check(contextFor(t), &healthpb.HealthCheckRequest{}); err != nil {
		t.Errorf("health: %v", err)
	}
	if names, err := reflected(t, server.conn); status.Code(err) != codes.Unauthenticated {
		t.Errorf("reflection tells of %v, %v", names, err)
	}

	admit = true
	if names, err := reflected(t, server.conn); !slices.Contains(names, depechev1.ExtractionService_ServiceDesc.ServiceName) {
		t.Errorf("reflection tells of %v, %v", names, err)
	}
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil || seen != "somebody" {
		t.Errorf("admitted call: %v, caller %v", err, seen)
	}
	server.stop()
	server.wait(t)
	refused := server.logs.FilterField(zap.String("grpc.code", "Unauthenticated")).Len()
	if refused != 4 {
		t.Errorf("%d refusals are logged, want 4", refused)
	}
	got := gathered(t, registry, "grpc_server_handled_total", map[string]string{"grpc_code": "Unauthenticated"})
	if got != 4 {
		t.Errorf("%v refusals are counted, want 4", got)
	}
}

func TestAuthSlotPanics(t *testing.T) {
	server := start(t, &fakeEngine{}, func(c *Config) {
		c.Authenticate = func(context.Context) (context.Context, error) { panic("about " + secret) }
	})
	_, unary := server.ExtractEvents(contextFor(t), request("x"))
	_, stream := server.openStream(t, contextFor(t), true).rest()
	for _, err := range []error{unary, stream} {
		checkFailure(t, err, failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""})
	}
}

func reflected(t testing.TB, conn grpc.ClientConnInterface) (names []string, err error) {
	t.Helper()
	wire, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(contextFor(t))
	if err != nil {
		return nil, err
	}
	// An ended stream says io.EOF here, and why in Recv.
	_ = wire.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}})
	answer, err := wire.Recv()
	for _, service := range answer.GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	return names, err
}

// gathered is the sum of a metric over the label values.
func gathered(t testing.TB, registry *prometheus.Registry, name string, labels map[string]string) (sum float64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
	metrics:
		for _, metric := range family.GetMetric() {
			for _, pair := range metric.GetLabel() {
				if want, ok := labels[pair.GetName()]; ok && want != pair.GetValue() {
					continue metrics
				}
			}
			sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

func TestMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	server := start(t, &fakeEngine{extract: refusingEngine}, func(c *Config) {
		c.Registry, c.Workers, c.ArticleBudget = registry, 3, testBudget
	})
	for _, id := range []string{"x", engineRefuses, engineIsSlow} {
		server.ExtractEvents(contextFor(t), request(id))
	}
	wire := server.openStream(t, contextFor(t), true)
	wire.send(batchMessage(numbered(0), numbered(0)))
	wire.CloseSend()
	if _, err := wire.rest(); err != nil {
		t.Fatal(err)
	}
	awaitNoStreams(t, server)
	for _, test := range []struct {
		name   string
		labels map[string]string
		want   float64
	}{
		{"depeche_articles_total", map[string]string{"call": "unary", "reason": "OK"}, 1},
		{"depeche_articles_total", map[string]string{"call": "unary", "reason": "UNKNOWN_TIME_ZONE"}, 1},
		{"depeche_articles_total", map[string]string{"call": "unary", "reason": "BUDGET_EXCEEDED"}, 1},
		{"depeche_articles_total", map[string]string{"call": "stream", "reason": "OK"}, 1},
		{"depeche_articles_total", map[string]string{"call": "stream", "reason": "REPEATED_SEQUENCE"}, 1},
		{"depeche_article_seconds", nil, 4},
		{"depeche_wait_seconds", map[string]string{"call": "unary"}, 3},
		{"depeche_wait_seconds", map[string]string{"call": "stream"}, 1},
		{"depeche_extractions_total", map[string]string{"language": "fr"}, 2},
		{"depeche_failed_calls_total", nil, 2},
		{"depeche_failed_calls_total", map[string]string{"method": "ExtractEvents", "reason": "BUDGET_EXCEEDED"}, 1},
		{"depeche_waiting_calls_limit", nil, 256},
		{"depeche_connections", nil, 1},
		{"depeche_draining", nil, 0},
		{"depeche_engine_info", map[string]string{"engine": "test"}, 1},
		{"depeche_workers", nil, 3},
		{"depeche_workers_busy", nil, 0},
		{"depeche_waiting_calls", nil, 0},
		{"depeche_waiting_articles", nil, 0},
		{"depeche_streams", nil, 0},
		{"depeche_stream_bytes", nil, 0},
		{"grpc_server_started_total", map[string]string{"grpc_method": "ExtractEvents"}, 3},
	} {
		if got := gathered(t, registry, test.name, test.labels); got != test.want {
			t.Errorf("%s%v is %v, want %v", test.name, test.labels, got, test.want)
		}
	}
}

func TestLevels(t *testing.T) {
	for level, want := range map[logging.Level]zapcore.Level{
		logging.LevelDebug: zapcore.DebugLevel,
		logging.LevelInfo:  zapcore.InfoLevel,
		logging.LevelWarn:  zapcore.WarnLevel,
		logging.LevelError: zapcore.ErrorLevel,
	} {
		if got := zapLevel(level); got != want {
			t.Errorf("%v is %v, want %v", level, got, want)
		}
	}
}

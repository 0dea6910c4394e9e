package server

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// stagedEngine is a fakeEngine that goes through two stages.
type stagedEngine struct{ fakeEngine }

func (*stagedEngine) Stages() []string { return []string{"text", "events"} }

func (e *stagedEngine) ExtractObserved(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions, observe StageObserver) (*depechev1.Extraction, error) {
	began := time.Now()
	observe("text", began, 3*time.Millisecond)
	observe("events", began.Add(3*time.Millisecond), time.Millisecond)
	observe("unheard of", began, time.Hour)
	return e.Extract(ctx, a, o)
}

// eventful answers with two events and a warning.
func eventful(_ context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
	x := answerTo(a)
	x.Events = []*depechev1.Event{
		{Type: depechev1.EventType_EVENT_TYPE_ARMED_CLASH},
		{Type: 1 << 20}, // of an engine newer than this server
	}
	x.Warnings = []*depechev1.Warning{{Code: depechev1.WarningCode_WARNING_CODE_FUZZY_PLACE}}
	return x, nil
}

func TestAnswersAreCounted(t *testing.T) {
	registry := prometheus.NewRegistry()
	server := start(t, &stagedEngine{fakeEngine{extract: eventful}}, func(c *Config) { c.Registry = registry })
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Fatal(err)
	}
	wire := server.openStream(t, contextFor(t), false)
	wire.send(batchMessage(numbered(0)))
	wire.CloseSend()
	if _, err := wire.rest(); err != nil {
		t.Fatal(err)
	}
	body := float64(2 * len(article("x").GetText()))
	for _, test := range []struct {
		name   string
		labels map[string]string
		want   float64
	}{
		{"depeche_events_total", map[string]string{"type": "ARMED_CLASH"}, 2},
		{"depeche_events_total", map[string]string{"type": "UNSPECIFIED"}, 2},
		{"depeche_events_total", nil, 4},
		{"depeche_warnings_total", map[string]string{"code": "FUZZY_PLACE"}, 2},
		{"depeche_stage_seconds", map[string]string{"stage": "text"}, 2},
		{"depeche_stage_seconds", nil, 4},
		{"depeche_article_bytes_total", nil, body},
	} {
		if got := gathered(t, registry, test.name, test.labels); got != test.want {
			t.Errorf("%s%v is %v, want %v", test.name, test.labels, got, test.want)
		}
	}
}

// Whatever tags callers make up, there are few labels.
func TestLanguageLabels(t *testing.T) {
	for tag, want := range map[string]string{
		"fr": "fr", "fr-CA": "fr", "FR": "fr", "en-Latn-GB": "en", "und": "und", "": "other",
		"gcf": "other", "zz": "other", "x-private": "other", "q1": "other", "qaa-x-mine": "other",
	} {
		if got := languageLabel(tag); got != want {
			t.Errorf("%q has the label %q, want %q", tag, got, want)
		}
	}
}

func TestDrainIsTold(t *testing.T) {
	registry := prometheus.NewRegistry()
	server := start(t, &fakeEngine{}, func(c *Config) { c.Registry = registry })
	server.stop()
	server.wait(t)
	for name, want := range map[string]float64{"depeche_draining": 1, "depeche_connections": 0} {
		if got := gathered(t, registry, name, nil); got != want {
			t.Errorf("%s is %v after the drain, want %v", name, got, want)
		}
	}
}

// The latencies of a traced call name its trace, in the form that has a place
// for it.
func TestExemplars(t *testing.T) {
	tracer := sdktrace.NewTracerProvider()
	server := start(t, &stagedEngine{}, func(c *Config) { c.Admin, c.TracerProvider = "127.0.0.1:0", tracer })
	const traceID = "0af7651916cd43dd8448eb211c80319c"
	ctx := metadata.AppendToOutgoingContext(contextFor(t), "traceparent", "00-"+traceID+"-b7ad6b7169203331-01")
	if _, err := server.ExtractEvents(ctx, request("x")); err != nil {
		t.Fatal(err)
	}
	metrics := scrape(t, server, "application/openmetrics-text; version=1.0.0")
	for _, name := range []string{"depeche_article_seconds_bucket", "depeche_wait_seconds_bucket", "depeche_stage_seconds_bucket", "grpc_server_handling_seconds_bucket"} {
		if !strings.Contains(strings.Join(linesOf(metrics, name), "\n"), `# {trace_id="`+traceID+`"}`) {
			t.Errorf("%s has no exemplar", name)
		}
	}
}

// linesOf are the lines of a metric.
func linesOf(metrics, name string) (lines []string) {
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, name+"{") || strings.HasPrefix(line, name+" ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// scrape gets /metrics as a monitoring system that asks for a form would.
func scrape(t testing.TB, r *running, form string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(contextFor(t), http.MethodGet, "http://"+r.server.AdminAddr().String()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", form)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), strings.SplitN(form, ";", 2)[0]) {
		t.Fatalf("%s: %s, %v", response.Status, response.Header.Get("Content-Type"), err)
	}
	return string(body)
}

// Both forms can be read by their parsers, and hold the same families.
func TestMetricsCanBeRead(t *testing.T) {
	server := start(t, &stagedEngine{fakeEngine{extract: eventful}}, func(c *Config) { c.Admin = "127.0.0.1:0" })
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(scrape(t, server, "text/plain; version=0.0.4")))
	if err != nil {
		t.Fatal(err)
	}
	open := scrape(t, server, "application/openmetrics-text; version=1.0.0")
	if !strings.HasSuffix(open, "# EOF\n") {
		t.Error("the OpenMetrics form has no end")
	}
	for name, family := range families {
		if family.GetHelp() == "" {
			t.Errorf("%s has no help", name)
		}
		if !strings.Contains(open, "# TYPE "+strings.TrimSuffix(name, "_total")+" ") {
			t.Errorf("%s is missing in the OpenMetrics form", name)
		}
	}
	for _, name := range []string{"depeche_articles_total", "depeche_stage_seconds", "go_build_info", "process_resident_memory_bytes"} {
		if families[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}

// Each client that watches health goes away one day, which is no failure.
func TestFailedCallsLeaveHealthOut(t *testing.T) {
	m, registry := newMetrics(), prometheus.NewRegistry()
	registry.MustRegister(m.failed)
	for _, method := range []string{healthpb.Health_Watch_FullMethodName, depechev1.ExtractionService_StreamEvents_FullMethodName} {
		m.countFailure(method, context.Canceled)
		m.countFailure(method, nil)
	}
	for method, want := range map[string]float64{"Watch": 0, "StreamEvents": 1} {
		if got := gathered(t, registry, "depeche_failed_calls_total", map[string]string{"method": method}); got != want {
			t.Errorf("%v failures of %s, want %v", got, method, want)
		}
	}
}

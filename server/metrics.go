package server

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/text/language"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// The calls by which an article comes, as a metric's label.
const (
	unaryCall  = "unary"
	streamCall = "stream"
)

// noFailure is the label reason of what went well.
const noFailure = "OK"

// metrics are what the server counts. Labels have few values, whatever callers
// send: names of the contract, of the stages and of two-letter languages.
type metrics struct {
	calls       *grpcprom.ServerMetrics
	failed      *prometheus.CounterVec
	articles    *prometheus.CounterVec
	bytes       *prometheus.CounterVec
	seconds     prometheus.Histogram
	waits       *prometheus.HistogramVec
	stages      *prometheus.HistogramVec
	extractions *prometheus.CounterVec
	events      *prometheus.CounterVec
	warnings    *prometheus.CounterVec

	stage map[string]prometheus.Observer // stages by name, filled by register
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	}
	m := &metrics{
		calls: grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram(
			grpcprom.WithHistogramBuckets(prometheus.ExponentialBuckets(500e-6, 2, 15)))), // 0.5 ms to 8 s
		failed: counter("depeche_failed_calls_total",
			"Calls that ended with an error, by method and by the reason of the error.", "method", "reason"),
		articles: counter("depeche_articles_total",
			"Articles answered, by call (unary, stream) and by the reason of the error, OK where there is none.", "call", "reason"),
		bytes: counter("depeche_article_bytes_total",
			"Bytes of the bodies that workers took up, by call.", "call"),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "depeche_article_seconds",
			Help:    "Time that a worker took for one article.",
			Buckets: prometheus.ExponentialBuckets(250e-6, 2, 16), // 0.25 ms to 8 s
		}),
		waits: histogram("depeche_wait_seconds",
			"Time that an article waited for a worker, by call.",
			prometheus.ExponentialBuckets(100e-6, 4, 10), "call"), // 0.1 ms to 26 s
		stages: histogram("depeche_stage_seconds",
			"Time that one stage took for one article.",
			prometheus.ExponentialBuckets(10e-6, 4, 10), "stage"), // 10 µs to 2.6 s
		extractions: counter("depeche_extractions_total",
			"Extractions answered, by the two-letter code of the language that the article was read in, und or other.", "language"),
		events: counter("depeche_events_total",
			"Events answered, by type.", "type"),
		warnings: counter("depeche_warnings_total",
			"Warnings answered, by code.", "code"),
		stage: make(map[string]prometheus.Observer),
	}
	// What can be counted is there from the start: a rate needs a zero before
	// the first one.
	for _, call := range []string{unaryCall, streamCall} {
		for _, reason := range append(labels(depechev1.ErrorReason_name, reasonPrefix), noFailure) {
			m.articles.WithLabelValues(call, reason)
		}
		m.bytes.WithLabelValues(call)
		m.waits.WithLabelValues(call)
	}
	for _, method := range depechev1.ExtractionService_ServiceDesc.Methods {
		m.failed.WithLabelValues(method.MethodName, internalReason)
	}
	for _, stream := range depechev1.ExtractionService_ServiceDesc.Streams {
		m.failed.WithLabelValues(stream.StreamName, internalReason)
	}
	for _, label := range labels(depechev1.EventType_name, eventTypePrefix) {
		m.events.WithLabelValues(label)
	}
	for _, label := range labels(depechev1.WarningCode_name, warningCodePrefix) {
		m.warnings.WithLabelValues(label)
	}
	return m
}

// The prefixes of the contract's names, which labels leave out.
const (
	reasonPrefix      = "ERROR_REASON_"
	eventTypePrefix   = "EVENT_TYPE_"
	warningCodePrefix = "WARNING_CODE_"
)

// internalReason is the label of a fault of the server's own.
const internalReason = "INTERNAL"

// labels are the values of an enumeration but UNSPECIFIED, as labels.
func labels(names map[int32]string, prefix string) (labels []string) {
	for _, number := range slices.Sorted(maps.Keys(names)) {
		if number != 0 {
			labels = append(labels, strings.TrimPrefix(names[number], prefix))
		}
	}
	return labels
}

// label is one value of an enumeration as a label.
func label(names map[int32]string, prefix string, number int32) string {
	if name, ok := names[number]; ok {
		return strings.TrimPrefix(name, prefix)
	}
	return "UNSPECIFIED"
}

// register adds the metrics, and what a server of this configuration tells of
// itself, to a registry.
func (m *metrics) register(registry *prometheus.Registry, c *Config, s *service) error {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	limit := func(name, help string, value float64) prometheus.Collector {
		return gauge(name, help, func() float64 { return value })
	}
	versions := s.describe.GetVersions()
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "depeche_engine_info",
		Help: "1; the labels are the versions that make the answers.",
		ConstLabels: prometheus.Labels{
			"engine": versions.GetEngine(), "model": versions.GetModel(), "lexicon": versions.GetLexicon(),
			"gazetteer": versions.GetGazetteer(), "ontology": versions.GetOntology(),
		},
	})
	info.Set(1)
	for _, tag := range s.describe.GetLanguages() {
		m.extractions.WithLabelValues(languageLabel(tag))
	}
	for _, stage := range s.stages() {
		m.stage[stage] = m.stages.WithLabelValues(stage)
	}
	for _, collector := range []prometheus.Collector{
		m.calls, m.failed, m.articles, m.bytes, m.seconds, m.waits, m.stages, m.extractions, m.events, m.warnings, info,
		limit("depeche_workers", "Articles that can be read at once.", float64(c.Workers)),
		gauge("depeche_workers_busy", "Articles being read.",
			func() float64 { return float64(s.pool.load().running) }),
		gauge("depeche_waiting_calls", "Unary calls that wait for a worker.",
			func() float64 { return float64(s.pool.load().calls) }),
		limit("depeche_waiting_calls_limit", "Unary calls that may wait for a worker.", float64(c.QueueCalls)),
		gauge("depeche_waiting_articles", "Articles of streams that wait for a worker.",
			func() float64 { return float64(s.pool.load().articles) }),
		gauge("depeche_open_calls", "Calls from their headers to their end, streams among them, but probes and those of callers who are not admitted.",
			func() float64 { return float64(s.intake.open.Load()) }),
		limit("depeche_open_calls_limit", "Calls that may be open on all connections together.", float64(c.MaxOpenCalls)),
		gauge("depeche_streams", "Open streams.",
			func() float64 { return float64(s.streams.Load()) }),
		limit("depeche_streams_limit", "Streams that may be open.", float64(c.MaxStreams)),
		gauge("depeche_stream_bytes", "Bytes that streams have in flight: articles not yet read and answers not yet sent.",
			func() float64 { return float64(s.bulkHeld.Load()) }),
		limit("depeche_stream_bytes_limit", "Bytes that streams may have in flight.", float64(c.BulkBytes)),
		gauge("depeche_connections", "Open connections of callers.",
			func() float64 { return float64(s.connections.Load()) }),
		limit("depeche_connections_limit", "Connections that one listener holds; the next ones wait to be accepted.", float64(c.MaxConnections)),
		gauge("depeche_draining", "1 once the server takes no more articles, else 0.", func() float64 {
			if s.isDraining() {
				return 1
			}
			return 0
		}),
	} {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	// The process's own may be there already, where the registry is shared.
	_ = registry.Register(collectors.NewGoCollector())
	_ = registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	_ = registry.Register(collectors.NewBuildInfoCollector())
	return nil
}

// answered counts an article's answer; a nil refusal is an extraction.
func (m *metrics) answered(call string, extraction *depechev1.Extraction, refusal *status.Status) {
	m.articles.WithLabelValues(call, reasonOf(refusal)).Inc()
	if refusal != nil {
		return
	}
	m.extractions.WithLabelValues(languageLabel(extraction.GetLanguage())).Inc()
	for _, event := range extraction.GetEvents() {
		m.events.WithLabelValues(label(depechev1.EventType_name, eventTypePrefix, int32(event.GetType()))).Inc()
	}
	for _, warning := range extraction.GetWarnings() {
		m.warnings.WithLabelValues(label(depechev1.WarningCode_name, warningCodePrefix, int32(warning.GetCode()))).Inc()
	}
}

// observe notes a duration, and the trace in which it can be looked at where
// there is one.
func observe(ctx context.Context, to prometheus.Observer, took time.Duration) {
	if exemplar := exemplarOf(ctx); exemplar != nil {
		to.(prometheus.ExemplarObserver).ObserveWithExemplar(took.Seconds(), exemplar)
		return
	}
	to.Observe(took.Seconds())
}

// exemplarOf names the trace that ctx belongs to; nil: none is kept.
func exemplarOf(ctx context.Context) prometheus.Labels {
	if span := trace.SpanContextFromContext(ctx); span.IsSampled() {
		return prometheus.Labels{"trace_id": span.TraceID().String()}
	}
	return nil
}

// observeStage notes how long a stage took.
func (m *metrics) observeStage(ctx context.Context, name string, took time.Duration) {
	if stage, ok := m.stage[name]; ok {
		observe(ctx, stage, took)
	}
}

// countFailure counts a call that ended with an error, but of health: each
// client that watches it goes away one day.
func (m *metrics) countFailure(method string, err error) {
	if err != nil && !strings.HasPrefix(method, "/"+healthpb.Health_ServiceDesc.ServiceName+"/") {
		m.failed.WithLabelValues(path.Base(method), reasonOf(grpcprom.FromError(err))).Inc()
	}
}

func (m *metrics) failedUnary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	response, err := handler(ctx, request)
	m.countFailure(info.FullMethod, err)
	return response, err
}

func (m *metrics) failedStream(service any, wire grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	err := handler(service, wire)
	m.countFailure(info.FullMethod, err)
	return err
}

// reasonOf is the reason of a status, or its code where it has none.
func reasonOf(s *status.Status) string {
	return cmp.Or(rejection.Reason(s), s.Code().String())
}

// undetermined is the tag of a language that could not be told.
const undetermined = "und"

// languageLabel is the label of a BCP 47 tag, which may be a caller's own
// invention: its two-letter code, if ISO 639-1 has it.
func languageLabel(tag string) string {
	code, _, _ := strings.Cut(tag, "-")
	if code == undetermined {
		return undetermined
	}
	if len(code) == 2 {
		if _, err := language.ParseBase(code); err == nil {
			return strings.ToLower(code)
		}
	}
	return "other"
}

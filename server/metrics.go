package server

import (
	"time"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// The calls by which an article comes, as a metric's label.
const (
	unaryCall  = "unary"
	streamCall = "stream"
)

// metrics are what the server counts.
type metrics struct {
	calls    *grpcprom.ServerMetrics
	articles *prometheus.CounterVec
	seconds  prometheus.Histogram
}

func newMetrics() *metrics {
	return &metrics{
		calls: grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram()),
		articles: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "depeche_articles_total",
			Help: "Articles answered, by call (unary, stream) and by the reason of the error, OK where there is none.",
		}, []string{"call", "reason"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "depeche_article_seconds",
			Help:    "Time that a worker took for one article.",
			Buckets: prometheus.ExponentialBuckets(250e-6, 2, 16), // 0.25 ms to 8 s
		}),
	}
}

// register adds the metrics, and what s tells of itself, to a registry.
func (m *metrics) register(registry *prometheus.Registry, s *service, workers int) error {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	for _, collector := range []prometheus.Collector{
		m.calls, m.articles, m.seconds,
		gauge("depeche_workers", "Articles that can be read at once.",
			func() float64 { return float64(workers) }),
		gauge("depeche_workers_busy", "Articles being read.",
			func() float64 { return float64(s.pool.load().running) }),
		gauge("depeche_waiting_calls", "Unary calls that wait for a worker.",
			func() float64 { return float64(s.pool.load().calls) }),
		gauge("depeche_waiting_articles", "Articles of streams that wait for a worker.",
			func() float64 { return float64(s.pool.load().articles) }),
		gauge("depeche_streams", "Open streams.",
			func() float64 { return float64(s.streams.Load()) }),
		gauge("depeche_stream_bytes", "Bytes that streams have in flight: articles not yet read and answers not yet sent.",
			func() float64 { return float64(s.bulkHeld.Load()) }),
	} {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	// The process's own may be there already, where the registry is shared.
	_ = registry.Register(collectors.NewGoCollector())
	_ = registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return nil
}

// answered counts an article's answer; a nil status is an extraction.
func (m *metrics) answered(call string, refusal *status.Status) {
	m.articles.WithLabelValues(call, reasonOf(refusal)).Inc()
}

// read notes how long an article took.
func (m *metrics) read(took time.Duration) { m.seconds.Observe(took.Seconds()) }

// reasonOf is the reason of a status, or its code where it has none.
func reasonOf(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.GetDomain() == errorDomain {
			return info.GetReason()
		}
	}
	return s.Code().String()
}

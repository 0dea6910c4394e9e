package worker

import (
	"github.com/prometheus/client_golang/prometheus"
)

// What became of an article, as a metric's label.
const (
	answered   = "answered"
	deadLetter = "dead_letter"
	retried    = "retried"
)

// metrics are what the worker counts.
type metrics struct {
	articles   *prometheus.CounterVec
	duplicates prometheus.Counter
	inFlight   prometheus.Gauge
	seconds    prometheus.Histogram
	connected  prometheus.Gauge
	reconnects prometheus.Counter
}

func newMetrics() *metrics {
	return &metrics{
		articles: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "depeche_worker_articles_total",
			Help: "Articles taken from the stream, by what became of them (answered, dead_letter, retried) and by the reason of the error, OK where there is none.",
		}, []string{"outcome", "reason"}),
		duplicates: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "depeche_worker_duplicates_total",
			Help: "Answers and dead letters that their stream had already.",
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "depeche_worker_in_flight",
			Help: "Articles that the worker has in hand.",
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "depeche_worker_article_seconds",
			Help:    "Time that the engine took for one article.",
			Buckets: prometheus.ExponentialBuckets(250e-6, 2, 16), // 0.25 ms to 8 s
		}),
		connected: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "depeche_worker_connected",
			Help: "1 while the worker is connected to NATS.",
		}),
		reconnects: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "depeche_worker_reconnects_total",
			Help: "Times that the connection to NATS was made again.",
		}),
	}
}

// register adds the metrics to a registry, which may be nil.
func (m *metrics) register(registry *prometheus.Registry) error {
	if registry == nil {
		return nil
	}
	for _, collector := range []prometheus.Collector{m.articles, m.duplicates, m.inFlight, m.seconds, m.connected, m.reconnects} {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	return nil
}

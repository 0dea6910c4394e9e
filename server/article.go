package server

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// origin is how an article came to its worker.
type origin struct {
	call   string    // unaryCall or streamCall
	queued time.Time // when it began to wait
}

// take notes that a worker takes up an article, and begins its span: under the
// call's where one article is one call. An article of a stream is a trace of its
// own, linked to the stream's, which may hold millions and last for hours.
func (s *service) take(ctx context.Context, from origin, article *depechev1.Article) (context.Context, trace.Span) {
	now := time.Now()
	size := len(article.GetText()) + len(article.GetHtml()) + len(article.GetRaw())
	s.metrics.bytes.WithLabelValues(from.call).Add(float64(size))
	if s.tracer == nil {
		s.metrics.waits.WithLabelValues(from.call).Observe(now.Sub(from.queued).Seconds())
		return ctx, trace.SpanFromContext(ctx)
	}

	options := []trace.SpanStartOption{trace.WithTimestamp(from.queued)}
	if from.call == streamCall {
		options = append(options, trace.WithNewRoot(), trace.WithLinks(trace.LinkFromContext(ctx)))
	}
	ctx, span := s.tracer.Start(ctx, "read article", options...)
	observe(ctx, s.metrics.waits.WithLabelValues(from.call), now.Sub(from.queued))
	if span.IsRecording() {
		s.span(ctx, "wait", from.queued, now.Sub(from.queued))
		span.SetAttributes(
			attribute.String("depeche.call", from.call),
			attribute.String("depeche.request_id", callID(ctx)),
			attribute.String("depeche.article.form", formOf(article)),
			attribute.Int("depeche.article.bytes", size))
		if sequence, ok := ctx.Value(sequenceContext{}).(uint64); ok {
			span.SetAttributes(attribute.Int64("depeche.sequence", int64(sequence)))
		}
	}
	return ctx, span
}

// leave ends an article's span. Counts, codes and sizes are all that it tells:
// no word of an article goes to a collector.
func (s *service) leave(span trace.Span, extraction *depechev1.Extraction, refusal *status.Status) {
	if s.tracer == nil {
		return
	}
	if span.IsRecording() {
		span.SetAttributes(attribute.String("depeche.reason", reasonOf(refusal)))
		switch {
		case refusal == nil:
			span.SetAttributes(
				attribute.String("depeche.language", languageLabel(extraction.GetLanguage())),
				attribute.Int("depeche.events", len(extraction.GetEvents())),
				attribute.Int("depeche.actors", len(extraction.GetActors())),
				attribute.Int("depeche.locations", len(extraction.GetLocations())),
				attribute.Int("depeche.warnings", len(extraction.GetWarnings())))
		case refusal.Code() == codes.Internal, refusal.Code() == codes.DeadlineExceeded:
			span.SetStatus(otelcodes.Error, "")
		}
	}
	span.End()
}

// span tells of something that is over.
func (s *service) span(ctx context.Context, name string, began time.Time, took time.Duration) {
	_, span := s.tracer.Start(ctx, name, trace.WithTimestamp(began))
	span.End(trace.WithTimestamp(began.Add(took)))
}

// formOf is the form of an article's body.
func formOf(article *depechev1.Article) string {
	switch article.GetBody().(type) {
	case *depechev1.Article_Text:
		return "text"
	case *depechev1.Article_Html:
		return "html"
	case *depechev1.Article_Raw:
		return "raw"
	default:
		return "none"
	}
}

// ask gives an article to the engine and notes how long it and its stages took.
func (s *service) ask(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	start := time.Now()
	defer func() { observe(ctx, s.metrics.seconds, time.Since(start)) }()
	if s.staged == nil {
		return s.engine.Extract(ctx, article, options)
	}
	if s.tracer == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return s.staged.ExtractObserved(ctx, article, options, s.onStage)
	}
	return s.staged.ExtractObserved(ctx, article, options, func(name string, began time.Time, took time.Duration) {
		s.metrics.observeStage(ctx, name, took)
		s.span(ctx, "stage "+name, began, took)
	})
}

// stages are those that the engine tells of; nil: none.
func (s *service) stages() []string {
	if s.staged == nil {
		return nil
	}
	return s.staged.Stages()
}

// countedListener counts the connections that it has open.
type countedListener struct {
	net.Listener
	open *atomic.Int64
}

func (l countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &countedConn{Conn: conn, open: l.open}, nil
}

type countedConn struct {
	net.Conn
	open   *atomic.Int64
	closed atomic.Bool
}

func (c *countedConn) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}

package tracing

import (
	"context"
	"errors"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"
)

// exporter tells the log what OpenTelemetry would tell a global handler, and
// once: a collector that is gone for an hour is one entry, and its return another.
// Its methods are called by one goroutine at a time but giveUp.
type exporter struct {
	sdktrace.SpanExporter
	logger *zap.Logger
	given  context.Context // done when no span is to be sent any more
	giveUp context.CancelFunc
	lost   int // spans since the last that were sent
}

func newExporter(to sdktrace.SpanExporter, logger *zap.Logger) *exporter {
	e := &exporter{SpanExporter: to, logger: logger}
	e.given, e.giveUp = context.WithCancel(context.Background())
	return e
}

// ExportSpans sends spans, or loses them.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.given, cancel)()

	if err := e.SpanExporter.ExportSpans(ctx, spans); err != nil {
		if e.lost == 0 {
			e.logger.Warn("traces cannot be sent and are lost until they can", zap.Error(err))
		}
		e.lost += len(spans)
		return nil
	}
	if e.lost > 0 {
		e.logger.Info("traces can be sent again", zap.Int("lost", e.lost))
		e.lost = 0
	}
	return nil
}

// Shutdown ends the exporter.
func (e *exporter) Shutdown(ctx context.Context) error {
	if e.lost > 0 {
		e.logger.Warn("traces were lost", zap.Int("lost", e.lost))
	}
	err := e.SpanExporter.Shutdown(ctx)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

package tracing

import (
	"context"
	"errors"
	"slices"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// failing is a collector that fails as long as it is told to.
type failing struct{ err error }

func (f *failing) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return f.err }
func (f *failing) Shutdown(context.Context) error                             { return nil }

// A collector's absence is told once, and its return with what was lost.
func TestLossesAreTold(t *testing.T) {
	core, logs := observer.New(zap.InfoLevel)
	gone := &failing{errors.New("no route to host")}
	e := newExporter(gone, zap.New(core))
	two := make([]sdktrace.ReadOnlySpan, 2)
	export := func() {
		if err := e.ExportSpans(t.Context(), two); err != nil {
			t.Errorf("the global handler would be told: %v", err)
		}
	}
	export()
	export()
	gone.err = nil
	export()
	export()
	gone.err = errors.New("again")
	export()
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	var told []any
	for _, entry := range logs.All() {
		told = append(told, entry.Message, entry.ContextMap()["lost"])
	}
	if want := []any{
		"traces cannot be sent and are lost until they can", nil,
		"traces can be sent again", int64(4),
		"traces cannot be sent and are lost until they can", nil,
		"traces were lost", int64(2),
	}; !slices.Equal(told, want) {
		t.Errorf("log has %v, want %v", told, want)
	}
}

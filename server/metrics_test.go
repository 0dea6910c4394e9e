package server

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

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

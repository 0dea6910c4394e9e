package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/article"
)

// What an answer holds is counted, whatever an article repeats or invents; what
// was left out is told, and what is kept refers to nothing that is not there.
func TestAnswersAreBounded(t *testing.T) {
	const entities, mentions = 20, 5
	x, err := New(Config{MaxEntities: entities, MaxMentions: mentions})
	if err != nil {
		t.Fatal(err)
	}
	run := func(name string, in Input) {
		got, err := x.Extract(t.Context(), in, Options{Explain: true})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		for what, n := range map[string]int{"events": len(got.Events), "actors": len(got.Actors), "places": len(got.Places),
			"discarded triggers": len(got.Discarded), "warnings": len(got.Warnings)} {
			if n > entities {
				t.Errorf("%s: %d %s", name, n, what)
			}
		}
		for i := range got.Events {
			e := &got.Events[i]
			for what, n := range map[string]int{"mentions": len(e.Mentions), "participants": len(e.Participants), "places": len(e.Places),
				"quantities": len(e.Quantities), "claims": len(e.Claims)} {
				if n > mentions {
					t.Errorf("%s: an event has %d %s", name, n, what)
				}
			}
			for _, p := range e.Participants {
				if p.Actor >= len(got.Actors) {
					t.Errorf("%s: %d takes part, of %d actors", name, p.Actor, len(got.Actors))
				}
			}
			for _, p := range e.Places {
				if p.Place >= len(got.Places) {
					t.Errorf("%s: it happened in %d, of %d places", name, p.Place, len(got.Places))
				}
			}
			for _, q := range e.Quantities {
				if q.Actor >= len(got.Actors) {
					t.Errorf("%s: a number of %d, of %d actors", name, q.Actor, len(got.Actors))
				}
			}
			for _, c := range e.Claims {
				if c.Source >= len(got.Actors) || slices.ContainsFunc(c.Quantities, func(q int) bool { return q >= len(e.Quantities) }) {
					t.Errorf("%s: claim %+v, of %d actors and %d quantities", name, c, len(got.Actors), len(e.Quantities))
				}
			}
		}
		for _, a := range got.Actors {
			if len(a.Mentions) > mentions {
				t.Errorf("%s: an actor has %d mentions", name, len(a.Mentions))
			}
		}
		for _, p := range got.Places {
			if len(p.Mentions) > mentions {
				t.Errorf("%s: a place has %d mentions", name, len(p.Mentions))
			}
			if p.Relation != nil && p.Relation.Anchor >= len(got.Places) {
				t.Errorf("%s: a place beside %d, of %d", name, p.Relation.Anchor, len(got.Places))
			}
		}
	}
	const size = 8 << 10
	for name, unit := range hostileUnits {
		run(name, hostile(unit, size))
	}
	for name, sentence := range hostileRuns {
		run(name, hostileRun(sentence, size))
	}
}

// hostileRuns and hostileUnits that would have answers beyond the bounds say so;
// an article that stays within them has no such warning.
func TestWhatIsLeftOutIsTold(t *testing.T) {
	x, err := New(Config{MaxEntities: 3, MaxMentions: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, body string
		want       []string // what the warnings begin with
	}{
		{"little", "L'armée a tué trois civils à Alep.", nil},
		{"one event told three times", strings.Repeat("L'armée a tué trois civils à Alep. ", 3), []string{"up to 3 mentions or parts"}},
		{"four places", "Des combats ont éclaté à Alep, à Homs, à Palmyre et à Damas.", []string{"4 places were found: the first 3 are told", "up to 3 mentions or parts"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := x.Extract(t.Context(), Input{Body: []byte(tt.body), Form: article.PlainText, Language: "fr", Published: sunday}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, w := range got.Warnings {
				if w.Code == LeftOut {
					told = append(told, w.Message)
				}
			}
			if !slices.EqualFunc(told, tt.want, strings.HasPrefix) {
				t.Errorf("told %q, want %q", told, tt.want)
			}
		})
	}
}

// What comes first is kept, and is as it would be without the bounds.
func TestTheFirstAreKept(t *testing.T) {
	x, err := New(Config{MaxEntities: 4, MaxMentions: 2})
	if err != nil {
		t.Fatal(err)
	}
	in := hostileRun(hostileRuns["many groups"], 2<<10)
	all, err := extractor().Extract(t.Context(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	some, err := x.Extract(t.Context(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Events) <= 4 || len(some.Events) != 4 {
		t.Fatalf("%d events of %d", len(some.Events), len(all.Events))
	}
	for i := range some.Events {
		a, b := &all.Events[i], &some.Events[i]
		if got, want := fmt.Sprint(b.ID, b.Type, b.Summary, b.Confidence), fmt.Sprint(a.ID, a.Type, a.Summary, a.Confidence); got != want {
			t.Errorf("event %d is %s, want %s", i, got, want)
		}
	}
}

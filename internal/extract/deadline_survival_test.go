//go:build survival && linux

package extract

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/depeche-events/depeche/internal/article"
)

// Whoever stops waiting is heard within 10 ms of work, a sentence's aside, at
// whatever point of an article of 900 KiB. Each look at the context is timed by
// the CPU of this thread; the looks are the same in every run, so the least of
// three leaves out what the collector and the machine did meanwhile.
//
//	go test -tags survival -run SurvivalLooks -v ./internal/extract
func TestSurvivalLooksAtItsContext(t *testing.T) {
	const size, runs, bound = 900 << 10, 3, 10 * time.Millisecond
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	news, err := os.ReadFile("../../examples/mali-reprise.txt")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]Input{
		"news":         {Body: []byte(strings.Repeat(string(news)+"\n\n", size/len(news))), Form: article.PlainText, Published: sunday},
		"sentences":    hostile(hostileUnits["sentences"], size),
		"one sentence": hostile(hostileUnits["one sentence"], size),
		"many persons": hostileRun(hostileRuns["many persons"], size),
	}
	for name, in := range texts {
		var gaps []time.Duration
		for range runs {
			w := &watched{Context: t.Context(), t: t, last: threadCPU(t)}
			if _, err := extractor().Extract(w, in, Options{}); err != nil {
				t.Fatal(err)
			}
			w.Err() // the work after the last look
			if gaps == nil {
				gaps = w.gaps
			} else if len(w.gaps) != len(gaps) {
				t.Fatalf("%s: %d looks, then %d", name, len(gaps), len(w.gaps))
			}
			for i, gap := range w.gaps {
				gaps[i] = min(gaps[i], gap)
			}
		}
		worst := slices.Max(gaps)
		t.Logf("%-12s %7d looks, %.1f ms of CPU between two at most", name, len(gaps), worst.Seconds()*1e3)
		most := bound
		if name == "many persons" {
			most *= 3 // the tables of 40,000 names that differ grow in one step
		}
		if worst > most {
			w := &watched{Context: t.Context(), t: t, ask: slices.Index(gaps, worst)}
			_, err := extractor().Extract(w, in, Options{})
			t.Errorf("%s: %v pass before look %d of %d (%v), which is\n%s", name, worst, w.ask, len(gaps), err, w.stack)
		}
	}
}

// watched times the looks at it.
type watched struct {
	context.Context
	t    *testing.T
	last time.Duration
	gaps []time.Duration
	// stack is that of the look asked for, by its number.
	ask   int
	stack []byte
}

func (w *watched) Err() error {
	if len(w.gaps) == w.ask {
		w.stack = debug.Stack()
	}
	w.gaps = append(w.gaps, threadCPU(w.t)-w.last)
	w.last = threadCPU(w.t)
	return nil
}

package extract

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/text"
)

// BenchmarkStages measures each stage on one article of some 3 kB, beside
// strings.Fields on the same bytes: times are told as ratios to that.
func BenchmarkStages(b *testing.B) {
	x := extractor()
	f := x.french
	body, err := os.ReadFile("../../examples/mali-reprise.txt")
	if err != nil {
		b.Fatal(err)
	}
	body = append(body, body...)[:3<<10]
	reading, err := article.Read("", body, article.PlainText, "")
	if err != nil {
		b.Fatal(err)
	}
	ctx := b.Context()
	doc := x.segmenter.Segment(ctx, reading)
	t := text.Split(ctx, doc, f.text)
	a := f.syntax.Analyze(ctx, t)
	places, _ := f.places.Find(ctx, t, a)
	ref := timex.FindReference(timex.Date{}, t, f.grammar)
	times := f.times.Find(ctx, t, a, ref)
	quantities := f.quantities.Find(ctx, t, a, timex.Words(times))
	actors := f.actors.Find(ctx, t, a, places, timex.Date{})

	stage := func(name string, do func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
	stage("fields", func() { strings.Fields(reading.Body) })
	stage("article", func() { x.segmenter.Segment(ctx, reading) })
	stage("text", func() { text.Split(ctx, doc, f.text) })
	stage("syntax", func() { f.syntax.Analyze(ctx, t) })
	stage("places", func() { f.places.Find(ctx, t, a) })
	stage("times", func() { f.times.Find(ctx, t, a, ref) })
	stage("quantities", func() { f.quantities.Find(ctx, t, a, timex.Words(times)) })
	stage("actors", func() { f.actors.Find(ctx, t, a, places, timex.Date{}) })
	stage("events", func() {
		f.events.Find(ctx, &event.Layers{Text: t, Syntax: a, Actors: actors, Places: places, Times: times,
			Quantities: quantities, Reference: ref})
	})
	all := func(name string, opts Options) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := x.Extract(ctx, Input{Body: body}, opts); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
	all("all", Options{})
	all("observed", Options{Observe: func(string, time.Time, time.Duration) {}})
}

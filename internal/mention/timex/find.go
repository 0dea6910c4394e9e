package timex

import (
	"context"
	"slices"
	"sync"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// Finder finds times. It is immutable and safe for concurrent use.
type Finder struct {
	grammar Grammar
	scratch sync.Pool
}

// NewFinder returns a finder of the times that g reads.
func NewFinder(g Grammar) *Finder {
	return &Finder{grammar: g, scratch: sync.Pool{New: func() any { return new([]Expr) }}}
}

// Find returns the times of t in reading order, without overlap, read against
// ref, the tense of their clauses and the times told before them. Both a and
// ref may be nil: without a tree the words of the clause say its tense,
// without a reference relative times are Unresolved. Of a ctx that has ended, what
// is returned is of no use.
func (f *Finder) Find(ctx context.Context, t *text.Text, a *syntax.Analysis, ref *Reference) []Time {
	scratch := f.scratch.Get().(*[]Expr)
	defer f.scratch.Put(scratch)

	var r reading
	if ref != nil {
		r.ref = ref.Date
		if r.ref.Day == 0 {
			r.ref = Date{}
		}
	}
	var out []Time
	for i := range interrupt.Range(ctx, len(t.Sentences)) {
		s := &t.Sentences[i]
		*scratch = f.grammar.Append((*scratch)[:0], t.Words[s.Words.First:s.Words.Last])
		r.segment = s.Segment
		*scratch = r.fillYears(*scratch)
		for j := range *scratch {
			e := &(*scratch)[j]
			e.First += s.Words.First
			e.Last += s.Words.First
			out = append(out, r.read(e, t, a))
		}
	}
	return out
}

// fillYears gives a date of one sentence the year that another time beside it
// tells: «en octobre, l'an dernier», which is one time, «un an après le vote du
// 1er octobre».
func (r *reading) fillYears(exprs []Expr) []Expr {
	const beside, behind = 1, 8 // words between the two
	for i := 1; i < len(exprs) && !r.ref.IsZero(); i++ {
		a, b := &exprs[i-1], &exprs[i]
		switch {
		case a.yearless() && b.Span == At && b.From.Anchor == Published && b.From.Unit == Years && b.From.Whole && b.First-a.Last <= beside:
			a.From.Date.Year, a.Last = r.ref.Year+b.From.Count, b.Last
			exprs = slices.Delete(exprs, i, i+1)
		case b.yearless() && a.FromEvent && a.From.Unit == Years && !a.From.Vague && b.First-a.Last <= behind:
			// Of the years that fit the one so long ago.
			then := Date{r.ref.Year - a.From.Count, r.ref.Month, r.ref.Day}
			best := 0
			for y := then.Year - 1; y <= then.Year+1; y++ {
				d := Date{y, b.From.Date.Month, b.From.Date.Day}
				if off := abs(days(then, d.First())); d.Valid() && d.First().Compare(r.ref) < 0 && (best == 0 || off < abs(days(then, Date{best, d.Month, d.Day}.First()))) {
					best = y
				}
			}
			b.From.Date.Year = best
		}
	}
	return exprs
}

// yearless reports whether e is a month or a date whose year is left out.
func (e *Expr) yearless() bool {
	return e.Kind == Point && e.Span == At && e.From.Anchor == Calendar && e.From.Date.Month != 0 && e.From.Date.Year == 0 &&
		e.From.Count == 0 && e.From.Side == Nearest
}

func abs(n int) int { return max(n, -n) }

// read resolves e and remembers it for the times after it.
func (r *reading) read(e *Expr, t *text.Text, a *syntax.Analysis) Time {
	out := Time{First: e.First, Last: e.Last, Kind: e.Kind, Span: wordsSpan(t, e.First, e.Last)}
	if e.Kind != Point {
		if e.FromEvent && !r.ref.IsZero() && !e.From.Vague && e.From.Unit > Hours {
			if d, ok := shift(r.ref, e.From.Unit, -e.From.Count); ok {
				out.Origin = d
			}
		}
		return out
	}
	r.tense, r.begun = tenseAt(a, e), e.Begun
	out.PartOfDay, out.Phase = e.From.Part, e.From.Phase
	if e.Span == NightOf {
		out.PartOfDay = Night
	}
	p, ok := r.expression(e)
	if !ok || !p.start.IsZero() && !p.start.Valid() || !p.end.IsZero() && !p.end.Valid() {
		// «ce siècle» of the year 1000 begins before the years that a date may have.
		out.Unresolved = true
		return out
	}
	out.Start, out.End, out.Precision = p.start, p.end, p.precision
	if e.From.Season != 0 {
		out.Season = e.From.Season
		out.Start, out.End = yearOf(p.start), yearOf(p.end)
		if e.Span == At {
			out.End = out.Start // a winter is its December's
		}
	}
	out.Explicit = e.From.Date.Year != 0 || e.To.Date.Year != 0
	if e.Span == Since || e.Span == Until {
		return out
	}
	r.told = p
	if p.precision == Day {
		r.day, r.daySegment = p.end, r.segment
	}
	return out
}

func yearOf(d Date) Date { return Date{Year: d.Year} }

func wordsSpan(t *text.Text, first, last int) article.Span {
	b, e := t.WordSpan(first), t.WordSpan(last-1)
	return article.Span{Begin: b.Begin, End: e.End, Field: b.Field}
}

// tenseAt returns the tense of the clause that e stands in: what its verb says,
// where there is a tree, else what its words do. Words that herald a future
// («doit», «prévu») do so whatever the verb's own tense.
func tenseAt(a *syntax.Analysis, e *Expr) Tense {
	if e.Begun {
		return Past
	}
	if e.Cue == Future || a == nil {
		return e.Cue
	}
	top := -1
	for i := e.First; i < e.Last && i < len(a.Words); i++ {
		if h := int(a.Words[i].Head); h < e.First || h >= e.Last {
			top = h
			break
		}
	}
	const climb = 6 // clauses nest deeper only where the tree is wrong
	for n := 0; top >= 0 && n < climb; n++ {
		if tense := verbTense(a, top); tense != Untold {
			return tense
		}
		top = int(a.Words[top].Head)
	}
	return e.Cue
}

func verbTense(a *syntax.Analysis, v int) Tense {
	if tense := formTense(&a.Words[v]); tense == Future {
		return Future
	}
	// The auxiliary tells more than its participle: «sera libéré».
	tense := Untold
	for c := range a.Children(v) {
		w := &a.Words[c]
		if base := w.Rel.Base(); base != syntax.Aux && base != syntax.Cop {
			continue
		}
		switch formTense(w) {
		case Future:
			return Future
		case Past:
			tense = Past
		case Present:
			if f := &a.Words[v].Feats; f.VerbForm == syntax.Part && f.Tense != syntax.Pres && w.Rel != syntax.AuxPass {
				tense = Past // «a libéré»
			} else if tense == Untold {
				tense = Present
			}
		}
	}
	if tense != Untold {
		return tense
	}
	return formTense(&a.Words[v])
}

func formTense(w *syntax.Word) Tense {
	if w.UPOS != syntax.VERB && w.UPOS != syntax.AUX {
		return Untold
	}
	switch f := &w.Feats; {
	case f.Tense == syntax.Fut:
		return Future
	case f.Mood == syntax.Cnd || f.VerbForm == syntax.Inf || f.VerbForm == syntax.Ger:
		return Untold
	case f.Tense == syntax.Past || f.Tense == syntax.Imperf:
		return Past
	case f.Tense == syntax.Pres && f.VerbForm == syntax.Fin:
		return Present
	}
	return Untold
}

package quantity

import (
	"context"
	"sync"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// Finder finds quantities. It is immutable and safe for concurrent use.
type Finder struct {
	grammar Grammar
	scratch sync.Pool
}

type scratch struct {
	readings []Reading
	taken    []bool
}

// NewFinder returns a finder of the quantities that g reads.
func NewFinder(g Grammar) *Finder {
	return &Finder{grammar: g, scratch: sync.Pool{New: func() any { return new(scratch) }}}
}

// Find returns the quantities of t in reading order, without overlap. What is
// counted is read off the tree a, or off the order of words where a is nil.
// Numbers in the word ranges of times, which are in order, are none. Of a ctx
// that has ended, what is returned is of no use.
func (f *Finder) Find(ctx context.Context, t *text.Text, a *syntax.Analysis, times []text.Range) []Quantity {
	scr := f.scratch.Get().(*scratch)
	defer f.scratch.Put(scr)

	var out []Quantity
	for i := range interrupt.Range(ctx, len(t.Sentences)) {
		words := t.Sentences[i].Words
		scr.taken = scr.taken[:0]
		for w := words.First; w < words.Last; w++ {
			for len(times) > 0 && times[0].Last <= w {
				times = times[1:]
			}
			scr.taken = append(scr.taken, len(times) > 0 && times[0].Contains(w))
		}
		scr.readings = f.grammar.Append(scr.readings[:0], t.Words[words.First:words.Last], scr.taken)
		whole := -1 // the last quantity of the sentence that is part of none
		for j := range scr.readings {
			q, ok := f.quantity(&scr.readings[j], words, t, a)
			if !ok {
				continue
			}
			q.PartOf = -1
			if scr.readings[j].Subset {
				q.PartOf = whole
			} else if q.Unit == Count {
				whole = len(out)
			}
			out = append(out, q)
		}
	}
	return out
}

func (f *Finder) quantity(r *Reading, sentence text.Range, t *text.Text, a *syntax.Analysis) (Quantity, bool) {
	base := sentence.First
	q := Quantity{
		First: base + r.First, Last: base + r.Last, Head: r.Head, Approximate: r.Approximate, Unit: r.Unit,
		Indefinite: r.Indefinite, Definite: r.Definite,
	}
	if q.Head >= 0 {
		q.Head += base
	}
	end := base + max(r.End, r.Last)
	if a != nil && r.Unit == Count && !r.Sure {
		if h := headOf(a, base+r.Number); h >= 0 && h < base+r.First+maxReach && h != q.Head {
			q.Head = h
			if h >= q.Last {
				end = h + 1
			}
		}
	}
	if a != nil && q.Head >= 0 && !r.Sure && isVerb(&a.Words[q.Head]) {
		q.Head, end = -1, q.Last // «huit donnent»
	}
	if q.Head >= 0 {
		q.Object = t.Words[q.Head].Form
		if q.Unit == Count {
			q.Class = f.grammar.Class(q.Object)
			if q.Class == 0 && a != nil {
				q.Class = f.grammar.Class(a.Words[q.Head].Lemma)
			}
		}
	}
	if r.Indefinite && (q.Class == 0 || q.Class == Uncounted) {
		return q, false // an article, as most are
	}
	b, e := t.WordSpan(q.First), t.WordSpan(end-1)
	q.Span = article.Span{Begin: b.Begin, End: e.End, Field: b.Field}
	bounds := [2]float64{r.Low, r.High}
	if !r.OpenLow {
		q.Low = &bounds[0]
	}
	if !r.OpenHigh {
		q.High = &bounds[1]
	}
	return q, true
}

// maxReach bounds, in words, how far behind a number its noun may stand.
const maxReach = 12

// headOf returns the noun that number w counts in the tree a, or -1. A number
// hangs on its noun (nummod, det), or carries it where it is a noun itself:
// «une dizaine de soldats», «trois millions d'habitants».
func headOf(a *syntax.Analysis, w int) int {
	n := &a.Words[w]
	switch n.Rel.Base() {
	case syntax.Nummod, syntax.Det:
		h := int(n.Head)
		if h >= 0 && isNominal(a.Words[h].UPOS) && h > w {
			if a.Words[h].UPOS != syntax.NUM {
				return h
			}
			return carried(a, h)
		}
	}
	if n.UPOS == syntax.NOUN || n.UPOS == syntax.NUM {
		return carried(a, w)
	}
	return -1
}

func carried(a *syntax.Analysis, w int) int {
	for c := range a.Children(w) {
		if c > w && a.Words[c].Rel.Base() == syntax.Nmod && isNominal(a.Words[c].UPOS) {
			return c
		}
	}
	return -1
}

func isVerb(w *syntax.Word) bool {
	return w.UPOS == syntax.AUX || w.UPOS == syntax.VERB && w.Feats.VerbForm == syntax.Fin
}

func isNominal(p syntax.UPOS) bool {
	return p == syntax.NOUN || p == syntax.PROPN || p == syntax.ADJ || p == syntax.NUM
}

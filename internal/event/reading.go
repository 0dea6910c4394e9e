package event

import (
	"context"
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"

	"github.com/depeche-events/depeche/internal/interrupt"
)

// Layers are what the stages before this one found in an article.
type Layers struct {
	Text       *text.Text
	Syntax     *syntax.Analysis
	Actors     []actor.Actor
	Places     []place.Place
	Times      []timex.Time
	Quantities []quantity.Quantity
	// Reference is the day that the article is news of; nil: not known.
	Reference *timex.Reference
	// Explain: say what was considered and not reported.
	Explain bool
}

// Document returns the article as read.
func (l *Layers) Document() *article.Document { return l.Text.Document }

// reading is the work on one article.
type reading struct {
	*Layers
	lex      *Lexicon
	ontology *ontology.Ontology
	demonym  func(string) string
	nameOf   func(country string) string
	a        *syntax.Analysis
	folded   []string // of each word
	lemmas   []string // folded, of each word
	// actorAt, placeAt and countAt give what stands with its head at a word:
	// an index of Actors, Places, Quantities; -1: nothing.
	actorAt, placeAt, countAt []int32
	actorSpan, placeSpan      []article.Span // of the mention at the word
	acting                    []bool         // the place at the word acts
	cited                     []bool         // the word names who tells it: «selon X»
	timed                     []bool         // the word is part of a time
	naming                    []bool         // the word is part of an actor's proper name
	quoted                    []int32        // the quotation a word stands in; -1: none
	quotedWords               []int          // of each quotation
	openings                  []opening      // of each sentence; nil: not yet found
	mishaps                   []bool         // of each sentence: it tells an accident; nil: not yet found
	found                     []found
	focus, country            int // where the article plays: indexes of Places; -1: nowhere
	body                      int // the first sentence behind the headlines
	discarded                 []Discarded
	// foundAt gives the found event whose trigger's head a word is; -1: none.
	foundAt []int32
	topics  [len(topics)]verdict // whether the article is about each
}

func newReading(ctx context.Context, lex *Lexicon, l *Layers) *reading {
	n := len(l.Text.Words)
	r := &reading{Layers: l, lex: lex, a: l.Syntax, folded: make([]string, n), lemmas: make([]string, n),
		actorAt: fill(n), placeAt: fill(n), countAt: fill(n), foundAt: fill(n), quoted: fill(n),
		actorSpan: make([]article.Span, n), placeSpan: make([]article.Span, n), acting: make([]bool, n), cited: make([]bool, n), timed: make([]bool, n), naming: make([]bool, n)}
	for i := range interrupt.Words(ctx, n) {
		r.folded[i] = fold.String(l.Text.Words[i].Form)
		r.lemmas[i] = fold.String(l.Syntax.Words[i].Lemma)
	}
	for i := range l.Actors {
		for _, m := range l.Actors[i].Mentions {
			if r.actorAt[m.Head] < 0 || m.Form != actor.Pronominal {
				r.actorAt[m.Head], r.actorSpan[m.Head] = int32(i), m.Span
			}
			if m.Form == actor.Proper && m.Last-m.First > 1 && l.Actors[i].Kind != actor.Country {
				for w := m.First; w < m.Last; w++ {
					r.naming[w] = true
				}
			}
		}
	}
	for i := range l.Places {
		for _, m := range l.Places[i].Mentions {
			// A place inside a longer one («l'est de la Syrie») keeps its own head.
			if r.placeAt[m.Head] < 0 {
				r.placeAt[m.Head], r.placeSpan[m.Head], r.acting[m.Head] = int32(i), m.Span, m.Acting
			}
		}
	}
	for i := range l.Quantities {
		q := &l.Quantities[i]
		if q.Head >= 0 && r.countAt[q.Head] < 0 {
			r.countAt[q.Head] = int32(i)
		}
		// «2 000 des 3 550 soldats»: the number itself may head the phrase.
		for w := q.First; w < q.Last; w++ {
			if r.countAt[w] < 0 && l.Syntax.Words[w].UPOS == syntax.NUM && l.Syntax.Words[w].Rel.Base() != syntax.Nummod {
				r.countAt[w] = int32(i)
			}
		}
	}
	for i := range l.Times {
		for w := l.Times[i].First; w < l.Times[i].Last; w++ {
			r.timed[w] = true
		}
	}
	r.body = r.findBody()
	r.dropCredits(ctx)
	r.findCited(ctx)
	r.findQuotations(ctx)
	r.findFirstPersons(ctx)
	r.focus, r.country = r.findFocus(), r.findCountry()
	return r
}

func fill(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

// dropCredits forgets who and what stands behind a «©»: whose picture it is.
func (r *reading) dropCredits(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.Text.Sentences)) {
		s := &r.Text.Sentences[si]
		credit := false
		for w := s.Words.First; w < s.Words.Last; w++ {
			if credit = credit || r.folded[w] == "©"; credit {
				r.actorAt[w], r.placeAt[w], r.countAt[w] = -1, -1, -1
			}
		}
	}
}

// findCited marks the words between «selon» and the next verb or mark.
func (r *reading) findCited(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.Text.Sentences)) {
		s := &r.Text.Sentences[si]
		cited := false
		for w := s.Words.First; w < s.Words.Last; w++ {
			switch {
			case r.according(w):
				cited = true
			case r.a.Words[w].UPOS == syntax.PUNCT || r.a.Words[w].UPOS == syntax.VERB || r.a.Words[w].UPOS == syntax.AUX:
				cited = false
			case r.a.Words[w].UPOS == syntax.NUM && w+1 < s.Words.Last && r.according(w+1):
				cited = false // «800 selon la police et 3 000 selon les syndicats»
			}
			r.cited[w] = cited
		}
	}
}

func (r *reading) according(w int) bool {
	return r.a.Words[w].Rel == syntax.Case && r.lex.is(wordsAccording, r.prepositionAt(w))
}

// findQuotations numbers the quotations of the article; one that is opened and
// never closed ends with its segment.
func (r *reading) findQuotations(ctx context.Context) {
	open, n, segment := int32(-1), int32(0), -1
	for si := range interrupt.Range(ctx, len(r.Text.Sentences)) {
		s := &r.Text.Sentences[si]
		if s.Segment != segment {
			open, segment = -1, s.Segment
		}
		for w := s.Words.First; w < s.Words.Last; w++ {
			switch form := r.Text.Words[w].Form; {
			case form == "«" || form == "“" || form == `"` && open < 0:
				open = n
				n++
				r.quotedWords = append(r.quotedWords, 0)
			case form == "»" || form == "”" || form == `"`:
				r.standIn(w, open)
				open = -1
				continue
			}
			r.standIn(w, open)
		}
	}
}

// standIn notes that word w stands in quotation q; q < 0: in none.
func (r *reading) standIn(w int, q int32) {
	r.quoted[w] = q
	if q >= 0 {
		r.quotedWords[q]++
	}
}

// child returns the first dependent of h with relation rel, subtypes aside;
// -1 for none.
func (r *reading) child(h int, rel syntax.Rel) int {
	for c := range r.a.Children(h) {
		if r.a.Words[c].Rel == rel || r.a.Words[c].Rel.Base() == rel {
			return c
		}
	}
	return -1
}

// preposition returns the folded lemma of the preposition of w, "" for none.
func (r *reading) preposition(w int) string {
	for c := range r.a.Children(w) {
		if c > w {
			break
		}
		if r.a.Words[c].Rel == syntax.Case {
			return r.prepositionAt(c)
		}
	}
	return ""
}

// prepositionAt reads the preposition at c with the words fixed to it: «à»,
// «à cause de» as "a cause de".
func (r *reading) prepositionAt(c int) string {
	p := r.lemmas[c]
	for f := range r.a.Children(c) {
		if r.a.Words[f].Rel == syntax.Fixed {
			p += " " + r.lemmas[f]
		}
	}
	return p
}

// clause returns the verb, or failing that the root, whose clause w is in.
func (r *reading) clause(w int) int {
	for steps := 0; steps < 64; steps++ {
		h := int(r.a.Words[w].Head)
		if h < 0 || r.a.Words[w].UPOS == syntax.VERB {
			return w
		}
		w = h
	}
	return w
}

// dominates reports whether w hangs under h, or is h.
func (r *reading) dominates(h, w int) bool {
	for steps := 0; w >= 0 && steps < 256; steps++ {
		if w == h {
			return true
		}
		w = int(r.a.Words[w].Head)
	}
	return false
}

// groupStart returns the first word of the verb group of v: its auxiliaries
// and pronouns.
func (r *reading) groupStart(v int) int {
	first := v
	for first > 0 && r.a.Words[first-1].UPOS != syntax.PUNCT && r.a.Words[first-1].UPOS != syntax.NOUN &&
		r.a.Words[first-1].UPOS != syntax.PROPN && r.dominates(v, first-1) {
		first--
	}
	return first
}

// span returns the piece of text from word first to before last.
func (r *reading) span(first, last int) article.Span {
	b, e := r.Text.WordSpan(first), r.Text.WordSpan(last-1)
	return article.Span{Begin: b.Begin, End: e.End, Field: b.Field}
}

// phrase returns the span of the subtree of w that is contiguous around it.
func (r *reading) phrase(w int) article.Span {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	first, last := w, w+1
	for first > s.First && r.dominates(w, first-1) {
		first--
	}
	for last < s.Last && r.dominates(w, last) && !r.circumstance(last) {
		last++
	}
	for last > w+1 && r.a.Words[last-1].UPOS == syntax.PUNCT {
		last--
	}
	for first < w && r.a.Words[first].UPOS == syntax.PUNCT {
		first++
	}
	return r.span(first, last)
}

// circumstance reports whether a day without a preposition, or who tells it,
// begins at the word w: the parser hangs them on the noun before, in «a pillé le
// marché lundi» and «mille personnes selon la police».
func (r *reading) circumstance(w int) bool {
	return r.according(w) || r.folded[w] == "," && w+1 < len(r.timed) && r.timed[w+1] || r.timed[w] && r.a.Words[w].UPOS == syntax.NOUN && r.preposition(w) == "" && r.child(w, syntax.Det) < 0
}

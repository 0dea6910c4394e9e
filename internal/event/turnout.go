package event

import (
	"context"
	"slices"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// turnoutReach is how many sentences back the protest is that a headcount is of.
const turnoutReach = 2

// turnout gives protests the headcounts that the sentences behind them tell
// without naming them again: «Ils étaient 4 000 selon les syndicats, 900 selon
// la préfecture», «La police a dénombré 12 000 participants».
func (r *reading) turnout(ctx context.Context, events []Event) {
	for i := range interrupt.Range(ctx, len(r.Quantities)) {
		q := &r.Quantities[i]
		if q.Unit != quantity.Count {
			continue
		}
		first, by, ok := r.headcount(i)
		if !ok {
			continue
		}
		e := r.protestBefore(events, r.Text.SentenceOf(q.First))
		if e == nil {
			continue
		}
		counts := r.rivalsOf(first, r.Text.SentenceOf(q.First), []Quantity{first})
		for k := range counts {
			at := []int{r.addQuantity(e, counts[k])}
			if src, ok := r.tiedTo(&counts[k]); ok {
				e.addClaim(src, at)
			} else if k == 0 && by.actor >= 0 {
				e.addClaim(by, at)
			}
		}
	}
}

// headcount reads quantity i as a number of people who came: what the pronoun
// of them is («ils étaient 4 000»), or what somebody counted of them; by is who
// counted, where the verb has them for its subject.
func (r *reading) headcount(i int) (q Quantity, by source, ok bool) {
	q, by = Quantity{Kind: Participants, Quantity: r.Quantities[i], Actor: -1}, source{actor: -1}
	at := q.First
	for at < q.Last-1 && r.a.Words[at].UPOS != syntax.NUM {
		at++
	}
	if w := q.First - 1; w > 0 && r.lemmas[w] == "etre" {
		if they := r.folded[w-1]; they != "ils" && they != "elles" || r.taken(at) {
			return q, by, false
		}
		q.Head, q.Object, q.Span = -1, "", r.span(q.First, q.Last)
		for s := r.Text.Sentences[r.Text.SentenceOf(w)].Words.First; s < w; s++ {
			if src, ok := r.accordingAt(s); ok {
				by = src // «selon les syndicats, ils étaient 300»
			}
		}
		return q, by, true
	}
	if r.rival(&q.Quantity) {
		q.Head, q.Object, q.Span = -1, "", r.span(q.First, q.Last)
	}
	if q.Head >= 0 && (!r.lex.is(wordsTurnout, r.lemmas[q.Head]) || r.foundAt[q.Head] >= 0 || r.taken(q.Head)) {
		return q, by, false
	}
	o := at
	if q.Head >= 0 {
		o = q.Head
	}
	v := int(r.a.Words[o].Head)
	if v < 0 || r.a.Words[v].UPOS != syntax.VERB || !r.lex.is(wordsCount, r.lemmas[v]) || r.a.Words[o].Rel.Base() != syntax.Obj && r.a.Words[o].Rel.Base() != syntax.Obl {
		return q, by, false
	}
	if q.Head < 0 && !r.ofThem(v) {
		return q, by, false
	}
	by, ok = r.speaker(v, o)
	return q, by, ok
}

// ofThem reports whether the verb v has «en» before it: «en a dénombré 4 000».
func (r *reading) ofThem(v int) bool {
	for c := range r.a.Children(v) {
		if c < v && r.folded[c] == "en" && r.a.Words[c].UPOS == syntax.PRON {
			return true
		}
	}
	return false
}

// taken reports whether an event is told of the number or noun w: «ils étaient
// 4 000 à manifester», «12 000 personnes touchées».
func (r *reading) taken(w int) bool {
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.ACL {
			return true
		}
	}
	return false
}

// protestBefore returns the protest told last before or in the sentence, of the
// besideness events begun last by then; nil for none near it.
func (r *reading) protestBefore(events []Event, sentence int) *Event {
	end, _ := slices.BinarySearchFunc(events, sentence+1, func(e Event, s int) int { return e.Mentions[0].sentence - s })
	var last *Event
	for i := max(0, end-besideness); i < end; i++ {
		e := &events[i]
		switch e.Type {
		case ontology.Protest, ontology.StrikeAction, ontology.Riot:
		default:
			continue
		}
		if e.Factuality == Actual && e.last <= sentence && sentence-e.last <= turnoutReach && (last == nil || e.last >= last.last) {
			last = e
		}
	}
	return last
}

// tiedTo returns who gives the number q alone, where «selon» stands right
// behind it: «4 000 selon les syndicats».
func (r *reading) tiedTo(q *Quantity) (source, bool) {
	w := q.Last
	if q.Head >= w {
		w = q.Head + 1
	}
	if last := r.Text.Sentences[r.Text.SentenceOf(q.First)].Words.Last; w < last && r.folded[w] == "," {
		w++ // «ils étaient 4 000, selon la préfecture»
	}
	if w >= len(r.a.Words) {
		return source{}, false
	}
	return r.accordingAt(w)
}

package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// mishapReach is how many sentences before it the accident of a toll is looked for.
const mishapReach = 2

// accidental reports whether t only counts the dead or hurt of an accident that
// its sentence or one just before it tells («Un avion s'est écrasé. Dix personnes
// au sol ont été tuées.»): nobody killed them. events are those told before.
func (r *reading) accidental(events []Event, t *telling) bool {
	if t.sense.typ != ontology.Killing || t.brought || t.has(Agent) || !r.lex.is(wordsHarmed, r.lemmas[t.head]) {
		return false
	}
	for k := len(events) - 1; k >= max(0, len(events)-besideness); k-- {
		e := &events[k]
		if e.last < t.sentence-mishapReach || e.last > t.sentence {
			continue
		}
		if e.Type == ontology.Killing || e.Type == ontology.PropertyDestruction || slices.Contains(causes, e.Type) {
			return false // told beside violence, it may be of that
		}
	}
	if r.mishaps == nil {
		r.findMishaps()
	}
	at := r.Text.Sentences[t.sentence].Segment
	for i := t.sentence; i >= max(0, t.sentence-mishapReach); i-- {
		segment := r.Text.Sentences[i].Segment
		if i < t.sentence && segment != at && !r.heading(segment) {
			return false
		}
		if r.mishaps[i] {
			return i == t.sentence || t.time == nil // «Mardi, …» is other news
		}
	}
	return false
}

// findMishaps finds the sentences that tell an accident.
func (r *reading) findMishaps() {
	r.mishaps = make([]bool, len(r.Text.Sentences))
	for i, s := range r.Text.Sentences {
		for w := s.Words.First; w < s.Words.Last && !r.mishaps[i]; w++ {
			r.mishaps[i] = r.mishap(w)
		}
	}
}

// mishap reports whether an accident is told at word w.
func (r *reading) mishap(w int) bool {
	l := r.lemmas[w]
	switch r.a.Words[w].UPOS {
	case syntax.NOUN:
		return r.lex.is(wordsMishap, l)
	case syntax.VERB:
		if s := r.child(w, syntax.Nsubj); s >= 0 && r.natureOf(r.core(s))&isActor != 0 {
			return false // «l'armée s'est effondrée»
		}
		if r.lex.is(wordsMishap, l) || r.reflexive(w) && (r.lex.is(wordsMishap, "se "+l) || r.lex.is(wordsMishap, "s'"+l)) {
			return true
		}
		for c := range r.a.Children(w) {
			if c > w && (r.lex.is(wordsMishap, l+" "+r.lemmas[c]) || r.lex.is(wordsMishap, l+" "+r.preposition(c)+" "+r.lemmas[c])) {
				return true
			}
		}
	}
	return false
}

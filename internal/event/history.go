package event

import (
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// pastDays is how many days before the news the pluperfect tells history.
const pastDays = 3

// history returns why one mention tells what had happened before the news; ""
// where nothing says so.
func (r *reading) history(t *telling) string {
	switch {
	case r.remembered(t.head):
		return "remembered"
	case t.form == verbal && r.former(t.head), t.form == nominal && r.former(r.clause(t.head)):
		return "told as former"
	case t.pluperfect && r.already(t):
		return "had already happened"
	case t.form == verbal && t.time == nil && r.describes(t.head):
		return "tells a known thing apart"
	}
	return ""
}

// remembered reports whether w is what is commemorated: «l'anniversaire du
// référendum», «un an après le putsch».
func (r *reading) remembered(w int) bool {
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel != syntax.Case && r.a.Words[c].Rel.Base() != syntax.Mark || r.lemmas[c] != "apres" {
			continue
		}
		for i := c - 1; i >= 0 && i >= c-2; i-- {
			if r.lex.is(wordsSpan, r.lemmas[i]) {
				return true
			}
		}
	}
	for range 3 {
		h := int(r.a.Words[w].Head)
		if h < 0 {
			return false
		}
		switch r.a.Words[w].Rel.Base() {
		case syntax.Nmod, syntax.Obj, syntax.Obl:
		default:
			return false
		}
		if r.lex.is(wordsRecall, r.lemmas[h]) {
			return true
		}
		w = h
	}
	return false
}

// former reports whether an adverb puts the verb v before the news.
func (r *reading) former(v int) bool {
	for c := range r.a.Children(v) {
		if r.lex.is(wordsFormer, r.lemmas[c]) || r.lex.is(wordsFormer, r.preposition(c)+" "+r.lemmas[c]) {
			return true
		}
	}
	return false
}

// already reports whether «déjà» stands with the verb of t.
func (r *reading) already(t *telling) bool {
	v := t.head
	if t.support >= 0 {
		v = t.support
	}
	for c := range r.a.Children(v) {
		if r.lemmas[c] == "deja" {
			return true
		}
	}
	return false
}

// describes reports whether the participle v only describes who or what is
// spoken of: «le président, renversé par l'armée, a parlé». Where nothing else
// is said of them, as in a headline, it is the news; and so may be a relative
// clause («la police, qui a arrêté trois hommes»).
func (r *reading) describes(v int) bool {
	w := v
	for steps := 0; r.a.Words[w].Rel.Base() == syntax.Conj && steps < 2; steps++ {
		w = int(r.a.Words[w].Head)
	}
	word := &r.a.Words[w]
	h := int(word.Head)
	if word.Rel != syntax.ACL || word.Feats.VerbForm != syntax.Part || h < 0 || !r.past(w) || r.relative(w) || r.conjugated(w) || r.sharedClause(w) >= 0 {
		return false
	}
	if r.a.Words[h].UPOS != syntax.PROPN && (r.a.Words[h].UPOS != syntax.NOUN || !r.definite(h)) {
		return false
	}
	top := r.clause(h)
	return r.a.Words[top].UPOS == syntax.VERB && (r.a.Words[top].Feats.VerbForm == syntax.Fin || r.child(top, syntax.Aux) >= 0)
}

// conjugated reports whether a finite auxiliary makes v the verb of a clause.
func (r *reading) conjugated(v int) bool {
	for c := range r.a.Children(v) {
		if w := &r.a.Words[c]; w.Rel.Base() == syntax.Aux && w.Feats.VerbForm == syntax.Fin {
			return true
		}
	}
	return false
}

// longAgo reports whether the time of e is told as over: a month or year that
// is past («en octobre»), a day some days ago in the pluperfect, or for what
// counts up («30 000 déplacés depuis 2015») a beginning long before the news.
func (r *reading) longAgo(e *Event) bool {
	t, day := e.Time, r.Reference.Date
	if t.Basis != InClause || t.Start.IsZero() {
		return false
	}
	if t.End.IsZero() {
		switch e.Type {
		case ontology.Killing, ontology.Displacement, ontology.Restriction:
			return t.Start.Last().Compare(day.AddDays(-newsDays)) < 0
		}
		return false
	}
	end := t.End.Last()
	switch t.Precision {
	case timex.Month, timex.Season, timex.Year, timex.Decade, timex.Century:
		return end.Compare(day) < 0
	}
	return e.pluperfect && end.Compare(day.AddDays(-pastDays)) < 0
}

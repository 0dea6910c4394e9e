package event

import (
	"github.com/depeche-events/depeche/internal/syntax"
)

// factualityOf reads from mood, tense, negation and what governs f whether it
// happened.
func (r *reading) factualityOf(f *found) (Factuality, string) {
	if f.form == nominal && f.support < 0 {
		if r.nounIs(f.head, wordsPlanned) {
			return Planned, "an adjective tells it planned"
		}
		return r.governed(f.head, Actual, "")
	}
	v := f.head
	if f.support >= 0 {
		v = f.support
	}
	got, why := r.moodOf(v)
	return r.governed(v, got, why)
}

// moodOf reads mood, tense and negation of the verb v and its auxiliaries.
func (r *reading) moodOf(v int) (Factuality, string) {
	mood, tense := r.a.Words[v].Feats.Mood, r.a.Words[v].Feats.Tense
	for c := range r.a.Children(v) {
		w := &r.a.Words[c]
		switch w.Rel.Base() {
		case syntax.Aux:
			if w.Feats.Mood != 0 {
				mood, tense = w.Feats.Mood, w.Feats.Tense
			}
			// «aura duré» is a future perfect: it has happened.
			if w.Feats.Tense == syntax.Fut && r.a.Words[v].Feats.VerbForm == syntax.Part && w.Rel == syntax.AuxTense {
				tense = syntax.Past
			}
		case syntax.Advmod, syntax.Det:
			if r.lex.is(wordsNegation, r.lemmas[c]) && r.negates(v, c) {
				return Negated, "negated: " + r.quote(c)
			}
			if r.lex.is(wordsHedge, r.lemmas[c]) {
				return Unconfirmed, "hedged: " + r.quote(c)
			}
		case syntax.Mark:
			if r.lex.is(wordsCondition, r.lemmas[c]) {
				return Hypothetical, "condition: " + r.quote(c)
			}
			if r.lex.is(wordsPurpose, r.lemmas[c]) && r.a.Words[v].Feats.VerbForm == syntax.Inf {
				return Planned, "purpose: " + r.quote(c)
			}
		case syntax.Nsubj, syntax.Obj:
			for d := range r.a.Children(c) {
				if r.a.Words[d].Rel.Base() == syntax.Det && (r.lemmas[d] == "aucun" || r.lemmas[d] == "nul") {
					return Negated, "negated: " + r.quote(d)
				}
			}
		}
	}
	switch {
	case mood == syntax.Cnd:
		return Unconfirmed, "conditional of hearsay"
	case tense == syntax.Fut:
		return Planned, "future tense"
	}
	return Actual, ""
}

func (r *reading) quote(w int) string { return "«" + r.Text.Words[w].Form + "»" }

// negates reports whether the negation at c denies v: «ne … que» does not.
func (r *reading) negates(v, c int) bool {
	if l := r.lemmas[c]; l != "ne" && l != "n'" && l != "n" {
		return true
	}
	return false
}

// nounIs reports whether an adjective or participle of class c modifies n.
func (r *reading) nounIs(n int, class wordClass) bool {
	for c := range r.a.Children(n) {
		if rel := r.a.Words[c].Rel.Base(); (rel == syntax.Amod || rel == syntax.ACL) && r.lex.is(class, r.lemmas[c]) {
			return true
		}
	}
	return false
}

// governed reads what the words above w do to an event that by itself is got.
func (r *reading) governed(w int, got Factuality, why string) (Factuality, string) {
	for range 8 {
		word := &r.a.Words[w]
		h := int(word.Head)
		if h < 0 {
			return got, why
		}
		l, under := r.lemmas[h], "governed by "+r.quote(h)
		switch word.Rel.Base() {
		case syntax.Xcomp, syntax.Ccomp, syntax.Obj, syntax.Nsubj, syntax.Csubj, syntax.ACL, syntax.Nmod, syntax.Obl, syntax.Advcl:
			complement := word.Rel.Base() == syntax.Xcomp || word.Rel.Base() == syntax.Ccomp || word.Rel.Base() == syntax.Obj ||
				word.Rel.Base() == syntax.Obl && r.a.Words[w].UPOS == syntax.VERB || word.Rel.Base() == syntax.ACL && r.a.Words[w].Feats.VerbForm == syntax.Inf ||
				word.Rel.Base() == syntax.Nmod && r.a.Words[h].UPOS == syntax.NOUN
			if !complement {
				return got, why
			}
			switch {
			case r.lex.is(wordsPossible, l):
				return Hypothetical, under
			case r.lex.is(wordsIntend, l) && got != Negated:
				if r.negated(h) {
					return Negated, under
				}
				return Planned, under
			case r.lex.is(wordsFail, l):
				return Negated, under
			case r.lex.is(wordsDeny, l):
				return Negated, under
			case r.lex.is(wordsDoubt, l) && got == Actual:
				return Unconfirmed, under
			case r.lex.is(wordsCall, l):
				return Hypothetical, under
			}
			if word.Rel.Base() == syntax.Xcomp && got == Actual {
				if m, reason := r.moodOf(h); m != Actual {
					return m, reason
				}
			}
		case syntax.Conj:
		default:
			return got, why
		}
		w = h
	}
	return got, why
}

// negated reports whether the verb v is denied.
func (r *reading) negated(v int) bool {
	m, _ := r.moodOf(v)
	return m == Negated
}

// demanded reports whether f is only what somebody asks for, which is a DEMAND
// and no event of its own.
func (r *reading) demanded(f *found) bool {
	w := f.head
	if f.support >= 0 {
		w = f.support
	}
	for range 4 {
		h := int(r.a.Words[w].Head)
		if h < 0 {
			return false
		}
		switch r.a.Words[w].Rel.Base() {
		case syntax.Xcomp, syntax.Ccomp, syntax.Obj, syntax.Obl, syntax.Conj, syntax.Nmod:
			if r.lex.is(wordsCall, r.lemmas[h]) {
				return true
			}
		default:
			return false
		}
		w = h
	}
	return false
}

// background reports whether tense tells f as history: a pluperfect.
func (r *reading) pluperfect(f *found) bool {
	v := f.head
	if f.support >= 0 {
		v = f.support
	} else if f.form == nominal {
		return false
	}
	for range 3 {
		for c := range r.a.Children(v) {
			if w := &r.a.Words[c]; w.Rel == syntax.AuxTense && w.Feats.Tense == syntax.Imperf {
				return true
			}
		}
		if r.a.Words[v].Rel.Base() != syntax.Conj && r.a.Words[v].Rel.Base() != syntax.Xcomp || r.a.Words[v].Head < 0 {
			return false
		}
		v = int(r.a.Words[v].Head)
	}
	return false
}

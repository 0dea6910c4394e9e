package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// governors is how many words above an event may bear on whether it happened.
const governors = 8

// factualityOf reads from mood, tense, negation and what governs f whether it
// happened.
func (r *reading) factualityOf(f *found) (Factuality, string) {
	v := f.head
	if f.support >= 0 {
		v = f.support
	}
	var got Factuality
	var why string
	switch {
	case f.form == nominal && f.support < 0:
		got, why = r.nounMood(v)
	case f.denied:
		// Who «n'acceptera pas» refuses now; only a condition leaves it open.
		if got, why = r.moodOf(v); got != Hypothetical {
			got, why = Actual, ""
		}
		v = r.willing(v)
	default:
		got, why = r.moodOf(v)
		if got == Negated && (r.saysNo(f) || r.onlyTold(f)) {
			got, why = Actual, ""
		}
		if f.support >= 0 && got == Actual {
			got, why = r.nounMood(f.head)
		}
	}
	if by := r.saidBy(f, v); got == Planned && by != nil {
		return r.factualityOf(by)
	}
	got, why = r.governed(v, got, why, governors)
	if (f.form == verbal || f.support >= 0) && r.asked(v) {
		return Hypothetical, "asked"
	}
	if got != Actual {
		return got, why
	}
	if at := r.hedgeBeside(f.head); at >= 0 {
		return Unconfirmed, "hedged: " + r.quote(at)
	}
	return r.hearsay(f)
}

// saysNo reports whether the negation is part of the trigger: who «n'acceptera
// pas» refuses.
func (r *reading) saysNo(f *found) bool {
	return slices.ContainsFunc(f.rest, func(w int) bool {
		return r.lex.is(wordsNegation, r.lemmas[w]) || r.lemmas[w] == "plus"
	})
}

// onlyTold reports whether the verb that supports the noun of f only tells of
// what is there: of «l'attaque n'a pas été revendiquée» the claim is denied.
func (r *reading) onlyTold(f *found) bool {
	if f.form != nominal || f.support < 0 || !r.lex.is(wordsReport, r.lemmas[f.support]) || r.lex.is(wordsEnact, r.lemmas[f.support]) {
		return false
	}
	d, _ := r.definiteness(f.head)
	return d >= definite
}

// saidBy returns the protest whose purpose the words of f at v are: who marches
// «pour réclamer la paix» demands it by that. nil for none.
func (r *reading) saidBy(f *found, v int) *found {
	switch f.sense.typ {
	case ontology.Demand, ontology.Accusation, ontology.Rejection, ontology.SupportStatement:
	default:
		return nil
	}
	for h, steps := int(r.a.Words[v].Head), 0; h >= 0 && steps < 2; h, steps = int(r.a.Words[h].Head), steps+1 {
		if i := r.foundAt[h]; i >= 0 && h < v {
			switch by := &r.found[i]; by.sense.typ {
			case ontology.Protest, ontology.StrikeAction, ontology.Riot:
				return by
			}
		}
	}
	return nil
}

func (r *reading) quote(w int) string { return "«" + r.Text.Words[w].Form + "»" }

// governed reads what the words above w, at most steps of them, do to an event
// that by itself is got.
func (r *reading) governed(w int, got Factuality, why string, steps int) (Factuality, string) {
	for ; steps > 0; steps-- {
		word := &r.a.Words[w]
		h := int(word.Head)
		if h < 0 {
			return got, why
		}
		if word.Rel == syntax.Conj {
			w = h
			continue
		}
		if r.lex.is(wordsCondition, r.preposition(h)+" "+r.lemmas[h]) {
			return Hypothetical, "condition: " + r.quote(h)
		}
		if !r.complements(w, h) {
			return got, why
		}
		if m, reason, decided := r.under(w, h, got, steps); decided {
			return m, reason
		}
		if !r.transparent(w, h) {
			return got, why
		}
		w = h
	}
	return got, why
}

// complements reports whether w is a complement of h that what h says bears on.
func (r *reading) complements(w, h int) bool {
	verb := r.a.Words[w].UPOS == syntax.VERB
	switch rel := r.a.Words[w].Rel; rel.Base() {
	case syntax.Xcomp, syntax.Ccomp, syntax.Obj:
		return true
	case syntax.Obl:
		return verb || r.a.Words[w].UPOS == syntax.ADJ // «a tenté en vain de»
	case syntax.ACL:
		return r.a.Words[w].Feats.VerbForm == syntax.Inf
	case syntax.Nmod:
		return r.a.Words[h].UPOS == syntax.NOUN || r.a.Words[h].UPOS == syntax.ADJ
	case syntax.Csubj:
		return true
	case syntax.Nsubj: // planned or foiled in the passive only
		return rel == syntax.NsubjPass || r.lex.is(wordsHappen, r.lemmas[h])
	}
	return false
}

// transparent reports whether what happens to h happens to its complement w:
// one may not want an attack and condemn it.
func (r *reading) transparent(w, h int) bool {
	if r.a.Words[w].UPOS == syntax.VERB {
		return true
	}
	l := r.lemmas[h]
	if r.a.Words[h].UPOS == syntax.VERB {
		return r.supports(h) || r.lex.is(wordsHappen, l) && r.a.Words[w].Rel.Base() != syntax.Obl
	}
	return r.lex.is(wordsPart, l) || r.lex.is(wordsPhase, l)
}

// under reads what h does to its complement w, that by itself is got.
func (r *reading) under(w, h int, got Factuality, steps int) (Factuality, string, bool) {
	l, why := r.lemmas[h], "governed by "+r.quote(h)
	infinitive := r.a.Words[w].Feats.VerbForm == syntax.Inf || r.passiveInfinitive(w)
	switch {
	case r.lex.is(wordsModal, l) && infinitive:
		if r.negated(h) {
			return Negated, why, true
		}
		if r.completed(h) {
			return Actual, "", false
		}
		if l != "devoir" {
			return Hypothetical, why, true
		}
		return Planned, why, true
	case r.lex.is(wordsPossible, l):
		return Hypothetical, why, true
	case r.lex.is(wordsAttempt, l):
		if r.a.Words[h].UPOS == syntax.VERB && !r.past(h) {
			return Planned, why, true
		}
		return Negated, why, true
	case r.lex.is(wordsFail, l):
		m, _ := r.status(h, steps-1)
		switch {
		case m == Negated && r.lex.is(wordsForgo, l):
			return Planned, why + ", denied", true
		case m == Negated:
			return got, "", got != Actual
		case m == Actual:
			return Negated, why, true
		}
		return Hypothetical, why, true
	case r.lex.is(wordsDeny, l):
		if r.negated(h) {
			return got, "", false
		}
		return Negated, why, true
	case r.lex.is(wordsPurpose, l) && infinitive:
		return Planned, "purpose: " + r.quote(h), true
	case r.lex.is(wordsIntend, l) && got != Negated && (infinitive || !r.lex.is(wordsMean, l)):
		if r.negated(h) {
			return Negated, why, true
		}
		return Planned, why, true
	case r.lex.is(wordsCharge, l) && got == Actual && r.a.Words[h].UPOS == syntax.VERB && r.passive(h) && r.agentOf(h) < 0:
		return Unconfirmed, "accused, and nobody says by whom: " + r.quote(h), true
	case (r.lex.is(wordsDoubt, l) || r.lex.is(wordsSeem, l)) && got == Actual:
		return Unconfirmed, why, true
	case r.lex.is(wordsCall, l):
		return Hypothetical, why, true
	case got == Actual && r.toCome(w, h):
		return Planned, why, true
	}
	if got != Actual || r.lex.is(wordsReport, l) && !r.lex.is(wordsHappen, l) {
		return got, "", false
	}
	// «a réussi à reprendre», «aura lieu»: it happened if its governor did.
	if infinitive || r.transparent(w, h) && r.a.Words[w].UPOS != syntax.VERB {
		if m, reason := r.moodOf(h); m != Actual && r.a.Words[h].UPOS == syntax.VERB {
			return m, reason, true
		}
	}
	return got, "", false
}

// toCome reports whether the noun w is still to come when the verb h makes it
// known: «a annoncé une marche», not «a annoncé l'arrestation de …».
func (r *reading) toCome(w, h int) bool {
	return r.lex.is(wordsEnact, r.lemmas[h]) && r.a.Words[h].UPOS == syntax.VERB && r.lex.is(wordsComing, r.lemmas[w]) &&
		r.a.Words[w].UPOS == syntax.NOUN && (r.a.Words[w].Rel.Base() == syntax.Obj || r.a.Words[w].Rel == syntax.NsubjPass)
}

// status reads whether what the verb v tells happened.
func (r *reading) status(v, steps int) (Factuality, string) {
	got, why := r.moodOf(v)
	return r.governed(v, got, why, steps)
}

// negated reports whether the verb v is denied.
func (r *reading) negated(v int) bool {
	m, _ := r.moodOf(v)
	return m == Negated
}

// asked reports whether v is the main verb of a question that asks whether, not
// who or why.
func (r *reading) asked(v int) bool {
	s := r.Text.Sentences[r.Text.SentenceOf(v)].Words
	last := s.Last - 1
	for last > s.First && (r.folded[last] == "»" || r.folded[last] == "\"" || r.folded[last] == ")") {
		last--
	}
	if r.folded[last] != "?" {
		return false
	}
	for w := s.First; w < s.Last; w++ {
		switch r.folded[w] {
		case "qui", "quoi", "comment", "pourquoi", "quand", "ou", "combien":
			return false
		}
		if r.lemmas[w] == "quel" || r.lemmas[w] == "lequel" {
			return false
		}
	}
	for h := int(r.a.Words[v].Head); h >= 0; v, h = h, int(r.a.Words[h].Head) {
		switch r.a.Words[v].Rel.Base() {
		case syntax.Xcomp, syntax.Ccomp, syntax.Conj:
		default:
			return false
		}
	}
	return true
}

// hedgeReach is how far behind or before it a set-off «semble-t-il» bears on a
// word, in words.
const hedgeReach = 6

// hedgeBeside returns the verb of a «semble-t-il» near w; -1 for none.
func (r *reading) hedgeBeside(w int) int {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	for i := max(s.First, w-hedgeReach); i < min(s.Last-1, w+hedgeReach); i++ {
		if r.lex.is(wordsSeem, r.lemmas[i]) && r.folded[i+1] == "-t-il" {
			return i
		}
	}
	return -1
}

// hearsay reports an event told on the word of sources that nobody vouches
// for: «selon des informations non confirmées», «selon des rumeurs».
func (r *reading) hearsay(f *found) (Factuality, string) {
	s := r.Text.Sentences[f.sentence].Words
	for c := s.First; c < s.Last; c++ {
		h := int(r.a.Words[c].Head)
		if r.a.Words[c].Rel != syntax.Case || h < 0 || !r.lex.is(wordsAccording, r.prepositionAt(c)) {
			continue
		}
		if r.lex.is(wordsRumour, r.lemmas[h]) {
			return Unconfirmed, "according to " + r.quote(h)
		}
		// The parser takes «confirmées» for the sentence's verb now and then.
		if up := int(r.a.Words[h].Head); up >= 0 && r.unconfirmed(up) && up < f.head {
			return Unconfirmed, "according to what is not " + r.quote(up)
		}
		for d := range r.a.Children(h) {
			if r.unconfirmed(d) {
				return Unconfirmed, "according to what is not " + r.quote(d)
			}
		}
	}
	return Actual, ""
}

// demanded reports whether f is only what somebody asks for, which is a DEMAND
// and no event of its own.
func (r *reading) demanded(f *found) bool {
	w := f.head
	if f.support >= 0 {
		w = f.support
	}
	for range governors / 2 {
		h := int(r.a.Words[w].Head)
		if h < 0 {
			return false
		}
		switch r.a.Words[w].Rel.Base() {
		case syntax.Xcomp, syntax.Ccomp, syntax.Obj, syntax.Obl, syntax.Nmod:
			if r.owed(w, h) {
				return true
			}
			if r.lex.is(wordsCall, r.lemmas[h]) {
				return true
			}
			if !r.transparent(w, h) {
				return false
			}
		case syntax.Conj:
		default:
			return false
		}
		w = h
	}
	return false
}

// owed reports whether w is what a quotation says somebody must do and no time
// is told for: «L'armée doit déposer les armes».
func (r *reading) owed(w, h int) bool {
	if r.lemmas[h] != "devoir" || r.a.Words[h].Feats.Tense != syntax.Pres || r.a.Words[w].Feats.VerbForm != syntax.Inf || r.negated(h) ||
		r.quoted[h] < 0 || !r.long(r.quoted[h]) {
		return false
	}
	for c := range r.a.Children(w) {
		if r.timed[c] {
			return false
		}
	}
	return true
}

// pluperfect reports whether tense tells f as history.
func (r *reading) pluperfect(f *found) bool {
	v := f.head
	if f.support >= 0 {
		v = f.support
	} else if f.form == nominal {
		return false
	}
	return r.inPluperfect(v)
}

// inPluperfect reports whether the verb v, or the one it is coordinated with,
// is in the pluperfect.
func (r *reading) inPluperfect(v int) bool {
	for range 3 {
		for c := range r.a.Children(v) {
			w := &r.a.Words[c]
			if w.Feats.Tense == syntax.Imperf && (w.Rel == syntax.AuxTense || w.Rel == syntax.AuxPass && r.lex.is(wordsUnaccusative, r.lemmas[v])) {
				return !r.reported(v)
			}
		}
		if r.a.Words[v].Rel.Base() != syntax.Conj && r.a.Words[v].Rel.Base() != syntax.Xcomp || r.a.Words[v].Head < 0 {
			return false
		}
		v = int(r.a.Words[v].Head)
	}
	return false
}

// reported reports whether the tense of v is shifted by a past verb of saying
// that governs it: «a annoncé que l'armée avait repris Gao».
func (r *reading) reported(v int) bool {
	for steps := 0; steps < governors; steps++ {
		h := int(r.a.Words[v].Head)
		if h < 0 {
			return false
		}
		switch r.a.Words[v].Rel.Base() {
		case syntax.Ccomp:
			if r.speaks(h) && r.past(h) {
				return true
			}
		case syntax.Conj, syntax.Xcomp:
		default:
			return false
		}
		v = h
	}
	return false
}

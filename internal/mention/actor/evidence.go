package actor

import (
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// What speaks for a single unknown name being a person's is counted, and
// enough must speak for it: a name alone is as often a firm's, a ship's or a
// village's. More than enough speaks for the name elsewhere too.
const enough = 2

// singleName counts what speaks for word w, a run of its own, being a person's
// name. known are the last names of those who are told of, things the names of
// what is no person.
func (r *reading) singleName(w int, known, things map[string]bool) int {
	var buf [8]string
	p := r.lex.split(buf[:0], r.folded[w])
	form := r.t.Words[w].Form
	switch {
	case len(p) == 0:
		return 0
	case known[p[len(p)-1]]:
		return enough
	case r.a.Words[w].UPOS != syntax.PROPN, len(form) < 3, acronym(form), r.lex.hints[r.folded[w]]&worshipped != 0:
		return 0
	case r.qualified(w):
		return enough + 1
	case r.determined(w), r.locative(w), r.ofThing(w), things[r.folded[w]]:
		return 0
	}
	score := 0
	switch h := r.lex.hints[r.folded[w]]; {
	case h&surname != 0, h&forename != 0:
		score++
		if r.argument(w) {
			score++
		}
	case h&ambiguous != 0:
		score++
	}
	return score + r.context(w)
}

// ofThing reports whether word w is the name of what a common noun before it
// says: «l'ouragan X», «la fédération, X».
func (r *reading) ofThing(w int) bool {
	h := int(r.a.Words[w].Head)
	if h < 0 || h > w || r.a.Words[h].UPOS != syntax.NOUN || r.caseOf(w) != "" {
		return false
	}
	switch r.a.Words[w].Rel.Base() {
	case syntax.Appos, syntax.Nmod, syntax.Flat, syntax.Compound:
		return r.lex.hints[r.lemmas[h]]&(profession|kin|quality) == 0 && !r.isTitle(r.lemmas[h])
	}
	return false
}

// argument reports whether word w is something in its clause that a person can
// be, and no place by its preposition.
func (r *reading) argument(w int) bool {
	switch r.a.Words[w].Rel.Base() {
	case syntax.Nsubj, syntax.Obj, syntax.Iobj, syntax.Conj:
		return true
	case syntax.Nmod, syntax.Obl:
		switch r.caseOf(w) {
		case "de", "par", "avec", "pour", "chez", "selon", "comme", "entre", "contre", "sans":
			return true
		}
	}
	return false
}

// context counts what the words around the undetermined name w say for a person.
func (r *reading) context(w int) int {
	word := &r.a.Words[w]
	h := int(word.Head)
	first := w == r.t.Sentences[r.t.SentenceOf(w)].Words.First
	score := 0
	if r.presented(w) {
		score += 3
	}
	switch word.Rel.Base() {
	case syntax.Nsubj:
		switch {
		case h < 0:
		case r.spoken(h), r.lex.hints[r.lemmas[h]]&(human|profession) != 0:
			score += 3
		case !first && r.a.Words[h].UPOS == syntax.VERB:
			score += 2
		}
	case syntax.Obj, syntax.Iobj:
		if h >= 0 && r.caseOf(w) == "" {
			score++
		}
	case syntax.Obl:
		if word.Rel == syntax.OblAgent && h >= 0 && r.lex.hints[r.lemmas[h]]&human != 0 {
			score += 3
		}
	case syntax.Nmod:
		if h >= 0 && r.caseOf(w) == "de" && r.lex.hints[r.lemmas[h]]&(ofPerson|kin) != 0 {
			score += 3
		}
	case syntax.Conj:
		if h >= 0 && r.at[h] >= 0 && r.cands[r.at[h]].kind == Person && len(r.cands[r.at[h]].name) > 0 {
			score += 2
		}
	}
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.Conj && r.at[c] >= 0 && r.cands[r.at[c]].kind == Person && len(r.cands[r.at[c]].name) > 0 {
			score += 2
		}
	}
	return score
}

// presented reports whether an apposition says who the name at w is: «X, la
// femme de Y», «X, chimiste et peintre».
func (r *reading) presented(w int) bool {
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() != syntax.Appos || c < w {
			continue
		}
		if r.lex.hints[r.lemmas[c]]&(profession|kin) != 0 && r.lex.hints[r.lemmas[c]]&maker == 0 {
			return true
		}
		if r.isTitle(r.lemmas[c]) {
			return true
		}
	}
	return false
}

// fullName reports whether a run of several proper nouns is a person's name.
// Inside a sentence one without an article is; at its beginning, where all that
// is capitalised may stand, something else has to speak for it.
func (r *reading) fullName(run text.Range, first int) bool {
	head := r.headOf(run.First, run.Last)
	if r.determined(head) && r.before(run.First, first) != "" && r.lex.hints[r.folded[run.First]]&forename == 0 {
		return r.qualified(run.First)
	}
	if run.First > first {
		return true
	}
	return r.lex.hints[r.folded[run.First]]&(forename|ambiguous) != 0 || r.lex.hints[r.folded[run.Last-1]]&surname != 0 || r.context(head) >= enough
}

// qualified reports whether word w follows an article and an adjective that is
// said of people: «la vieille X».
func (r *reading) qualified(w int) bool {
	return w > 1 && r.lex.hints[r.lemmas[w-1]]&quality != 0 && r.a.Words[w-2].UPOS == syntax.DET
}

// caseOf returns the folded lemma of the preposition of word w; "" for none.
func (r *reading) caseOf(w int) string {
	for c := range r.a.Children(w) {
		if c < w && r.a.Words[c].Rel.Base() == syntax.Case {
			return r.lemmas[c]
		}
	}
	return ""
}

func (r *reading) determined(w int) bool {
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.Det {
			return true
		}
	}
	return false
}

// spoken reports whether the verb at word h has a clause for its object, as
// verbs of saying and thinking have: who does so is a person.
func (r *reading) spoken(h int) bool {
	if h < 0 || r.a.Words[h].UPOS != syntax.VERB {
		return false
	}
	for c := range r.a.Children(h) {
		if r.a.Words[c].Rel.Base() == syntax.Ccomp {
			return true
		}
	}
	return false
}

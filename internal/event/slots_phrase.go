package event

import (
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/syntax"
)

// antecedent returns the noun that the relative pronoun w stands for, or w.
func (r *reading) antecedent(w int) int {
	if r.a.Words[w].UPOS != syntax.PRON || r.a.Words[w].Feats.PronType != syntax.Relative {
		return w
	}
	if at := r.relativeHead(w); at >= 0 {
		return at
	}
	return w
}

// before returns the actor whose name ends before the relative pronoun w, a
// comma aside: what it stands for where the parser takes its clause for an
// adverbial one; -1 for none.
func (r *reading) before(w int) int {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	end := w - 1
	if end > s.First && r.folded[end] == "," {
		end--
	}
	for at := end; at >= s.First && at > end-besideName; at-- {
		if r.actorAt[at] >= 0 && r.actorSpan[at].End == r.Text.WordSpan(end).End {
			return at
		}
	}
	return -1
}

// besideName is how many words before its end the head of a name may stand.
const besideName = 6

// relativeHead returns the noun that the relative clause of w hangs on; -1 for
// none.
func (r *reading) relativeHead(w int) int {
	for h := int(r.a.Words[w].Head); h >= 0; h = int(r.a.Words[h].Head) {
		if r.a.Words[h].Rel == syntax.ACLRelcl {
			return int(r.a.Words[h].Head)
		}
	}
	return -1
}

// distribute adds what is coordinated with a filler to the same slot.
func (r *reading) distribute(in []filler) []filler {
	out := in
	for i := 0; i < len(out) && i < 32; i++ {
		for _, c := range r.conjuncts(out[i].word) {
			g := out[i]
			g.word = c
			out = append(out, g)
		}
	}
	return out
}

// conjuncts returns what is coordinated with w, or with a word inside the name
// that w heads: in «entre forces de l'ordre et manifestants» the parser joins
// the last two.
func (r *reading) conjuncts(w int) []int {
	var out []int
	for c := range r.a.Children(w) {
		word := &r.a.Words[c]
		if word.Rel == syntax.Conj && word.UPOS != syntax.VERB {
			if !r.samePerson(w, c) {
				out = append(out, c)
			} else {
				// «Touré, membre de la garde, ainsi que deux soldats»
				out = r.joined(c, out)
			}
		}
		if word.Rel.Base() == syntax.Appos && word.UPOS == syntax.NOUN && r.samePerson(w, c) {
			out = r.joined(c, out)
		}
		if word.Rel.Base() == syntax.Amod && c > w && r.actorAt[w] >= 0 {
			// «les présidents russe et turc»
			for d := range r.a.Children(c) {
				if r.a.Words[d].Rel == syntax.Conj && r.actorAt[d] >= 0 && r.actorAt[d] != r.actorAt[w] {
					out = append(out, d)
				}
			}
			continue
		}
		if !r.insidePhrase(w, c) {
			continue
		}
		for d := range r.a.Children(c) {
			if r.a.Words[d].Rel == syntax.Conj && r.actorAt[d] >= 0 && r.actorAt[d] != r.actorAt[w] && !r.actorSpan[w].Contains(r.Text.WordSpan(d)) {
				out = append(out, d)
			}
		}
	}
	return out
}

// insidePhrase reports whether c is part of the name that w heads («forces de
// l'ordre»), or the name of who w says the office of («le président X»).
func (r *reading) insidePhrase(w, c int) bool {
	if r.actorAt[w] < 0 || !r.actorSpan[w].Contains(r.Text.WordSpan(c)) && r.actorAt[c] != r.actorAt[w] {
		return false
	}
	switch r.a.Words[c].Rel.Base() {
	case syntax.Nmod:
		return r.actorAt[c] < 0
	case syntax.Appos, syntax.Flat:
		return r.actorAt[c] < 0 || r.actorAt[c] == r.actorAt[w]
	}
	return false
}

// core returns what a phrase of part is about: «la totalité de la ville», «des
// dizaines de civils», «un grand nombre de djihadistes».
func (r *reading) core(w int) int {
	for range 3 {
		if r.actorAt[w] >= 0 || r.placeAt[w] >= 0 {
			return w
		}
		if !r.lex.is(wordsPart, r.lemmas[w]) {
			return r.named(w)
		}
		next := -1
		for c := range r.a.Children(w) {
			if rel := r.a.Words[c].Rel.Base(); (rel == syntax.Nmod || rel == syntax.Obl) && r.preposition(c) == "de" {
				next = c
				break
			}
		}
		if next < 0 {
			return w
		}
		w = next
	}
	return w
}

// named returns the person whose name stands beside the common noun w, where w
// is no actor itself: «son prédécesseur, Boni Yayi».
func (r *reading) named(w int) int {
	if r.a.Words[w].UPOS != syntax.NOUN || r.foundAt[w] >= 0 {
		return w
	}
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.Appos && r.a.Words[c].UPOS == syntax.PROPN && r.actorAt[c] >= 0 && r.Actors[r.actorAt[c]].Kind == actor.Person {
			return c
		}
	}
	return w
}

// subject returns the word that a subject is: of «Guyane : deux militaires
// tués», «Samedi, deux militaires ont été tués», «Selon un élu, six civils ont
// péri», where the parser takes the dateline, the time or the source, what
// stands beside it.
func (r *reading) subject(w int) int {
	if at := r.antecedent(w); at != w {
		w = at
	} else if r.a.Words[w].Feats.PronType == syntax.Relative {
		if at := r.before(w); at >= 0 {
			return at
		}
	}
	if r.timed[w] || r.placeAt[w] >= 0 && r.dateline(w) || r.lex.is(wordsAccording, r.preposition(w)) {
		for c := range r.a.Children(w) {
			rel := r.a.Words[c].Rel.Base()
			if rel == syntax.Appos || rel == syntax.Conj || rel == syntax.Nmod && r.preposition(c) == "" {
				return c
			}
			if rel == syntax.Advmod && r.counter(c) >= 0 {
				return r.counter(c) // «Samedi, près de cent étudiants ont défilé»
			}
		}
	}
	return w
}

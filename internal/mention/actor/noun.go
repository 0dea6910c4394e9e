package actor

import (
	"context"
	"strings"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// findNouns finds common nouns that name actors, with the phrase around them.
func (r *reading) findNouns(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for i := s.Words.First; i < s.Words.Last; i++ {
			w := &r.a.Words[i]
			if w.UPOS != syntax.NOUN && w.UPOS != syntax.PROPN && w.UPOS != syntax.ADJ || r.at[i] >= 0 {
				continue
			}
			n, end := r.nounAt(i, s.Words.Last)
			if n == nil || w.UPOS == syntax.ADJ && (w.Rel.Base() == syntax.Amod || r.compared(i)) {
				continue
			}
			if n.flags&nobody != 0 {
				i = end - 1
				continue
			}
			if r.partOfVerb(i) || r.ofPlace(n, i) || r.quality(n, i, s.Words.First) {
				continue
			}
			first, last := r.phrase(i, end, s.Words)
			n = r.takenUp(n, i, last)
			if len(n.rest) > 0 && r.plural(i) {
				last = r.coordinated(end-1, last)
			}
			if n.flags&craft != 0 && !r.manned(i, last) {
				continue
			}
			c := candidate{entry: -1, noun: n, kind: n.kind, country: r.countryOf(i, last)}
			c.Form, c.Head = Nominal, i
			if n.flags&state != 0 && r.inside(i, s.Words) && r.lex.hints[r.lemmas[i]]&thing == 0 {
				// «le Sénat», «le Parlement européen»: capitalised, a noun is a name.
				c.Form = Proper
			}
			others := r.oneEach(i)
			if len(others) > 0 && n.kind != Person && n.flags&state == 0 {
				// «les dirigeants turc et allemand» are of both
				c.several = true
				c.country, last, others = "", max(last, others[len(others)-1]+1), nil
			}
			c.each = len(others) > 0
			r.add(c, first, last)
			for _, w := range others {
				d := candidate{entry: -1, noun: n, kind: n.kind, country: r.nation(r.folded[w]), each: true}
				d.Form, d.Head = Nominal, w
				r.add(d, w, w+1)
			}
		}
	}
}

// oneEach returns the adjectives, behind the first, that tell one each of those
// at word i by nationality: «les présidents russe et turc», «les
// armées malienne et nigérienne».
func (r *reading) oneEach(i int) []int {
	if !r.plural(i) {
		return nil
	}
	single := func(w int) bool {
		return r.a.Words[w].Feats.Number == syntax.Sing && r.nation(r.folded[w]) != "" && r.at[w] < 0
	}
	var out []int
	for c := range r.a.Children(i) {
		if c < i || r.a.Words[c].Rel.Base() != syntax.Amod || !single(c) {
			continue
		}
		for d := range r.a.Children(c) {
			if r.a.Words[d].Rel.Base() == syntax.Conj && single(d) {
				out = append(out, d)
			}
		}
		break
	}
	return out
}

// compared reports whether «plus» or its like stands before the adjective at word
// i: «les attaques les plus meurtrières».
func (r *reading) compared(i int) bool {
	for c := range r.a.Children(i) {
		if c < i && r.a.Words[c].Rel.Base() == syntax.Advmod {
			return true
		}
	}
	return false
}

// takenUp returns the noun that an adjective makes of n, which governs the
// phrase of head: «un commando islamiste» and «des groupes rebelles» are no
// soldiers and no groups of any kind.
func (r *reading) takenUp(n *noun, head, last int) *noun {
	if n.kind != StateForces && n.class != "group" && n.class != "men" && n.class != "elements" && n.class != "members" || n.flags&craft != 0 {
		return n
	}
	for c := range r.a.Children(head) {
		if c <= head || c >= last {
			continue
		}
		if n.flags&group != 0 && n.kind == Other && r.a.Words[c].Rel.Base() == syntax.Nmod && r.a.Words[c].UPOS == syntax.NOUN && r.plural(c) && r.caseOf(c) == "de" && !r.determined(c) {
			// «un groupe de mutins»
			if of, _ := r.nounAt(c, last); of != nil && of.flags&(nobody|group|craft) == 0 {
				return of
			}
		}
		if r.a.Words[c].Rel.Base() != syntax.Amod {
			continue
		}
		for _, by := range r.lex.nouns[r.lemmas[c]] {
			if len(by.rest) == 0 && (by.kind == RebelGroup || by.kind == PoliticalMilitia) {
				by.rest, by.flags = n.rest, by.flags|n.flags&group
				return &by
			}
		}
	}
	return n
}

// ofPlace reports whether the noun at word i is part of a place's name («l'État
// de Borno») or the state that something is in.
func (r *reading) ofPlace(n *noun, i int) bool {
	if n.class != "state" {
		return false
	}
	if p := r.placed[i]; p >= 0 && r.places[p].Kind != place.Country {
		return true
	}
	return !upper(r.t.Words[i].Form) && i+1 < len(r.folded) && (r.folded[i+1] == "de" || r.folded[i+1] == "d'") // «l'état de santé»
}

// quality reports whether the singular noun at word i rather tells what the noun
// before it is like: «une avalanche meurtrière», «un futur proche».
func (r *reading) quality(n *noun, i, first int) bool {
	if n.flags&each == 0 || i == first || r.plural(i) || upper(r.t.Words[i].Form) || r.determined(i) {
		return false
	}
	before := &r.a.Words[i-1]
	if before.UPOS != syntax.NOUN || upper(r.t.Words[i-1].Form) || r.at[i-1] >= 0 {
		return false
	}
	other, _ := r.nounAt(i-1, i)
	return other == nil
}

// coordinated returns the end of the complements that stand beside the one at
// word w, which ends before last: «les ministères de X et de Y».
func (r *reading) coordinated(w, last int) int {
	for c := range r.a.Children(w) {
		if c > w && r.a.Words[c].Rel.Base() == syntax.Conj && r.caseOf(c) == "de" {
			last = max(last, r.phraseEnd(c))
		}
	}
	return last
}

// manned reports whether aircraft at word i stand for who flies them: several
// that do something, or those of somebody; not «un avion», which is materiel.
func (r *reading) manned(i, last int) bool {
	if last > i+1 && r.countryOf(i, last) != "" {
		return true
	}
	w := &r.a.Words[i]
	if r.plural(i) && (w.Rel == syntax.Nsubj || w.Rel == syntax.OblAgent) {
		return true
	}
	for d := range r.a.Children(i) {
		if r.a.Words[d].Feats.Poss {
			return true
		}
	}
	for c := i + 1; c < last; c++ {
		if r.at[c] >= 0 && r.cands[r.at[c]].Head == c {
			return true
		}
		if n, _ := r.nounAt(c, last); n != nil && r.a.Words[c].UPOS == syntax.NOUN {
			return true
		}
	}
	return false
}

// partOfVerb reports whether the noun at word i makes one verb with «faire» or
// a preposition: «fait état de», «a fait partie de», «pris en otage».
func (r *reading) partOfVerb(i int) bool {
	w := &r.a.Words[i]
	if i > 0 && (r.folded[i-1] == "en" && r.lemmas[i] == "otage" || r.folded[i-1] == "a" && r.lemmas[i] == "temoin") {
		return true // «pris en otage», «appel à témoin»
	}
	if r.alone(i) && (r.lemmas[i] == "force" && r.caseOf(i) == "de" && !r.determined(i) || r.lemmas[i] == "pouvoir" && r.caseOf(i) == "a") {
		return true // «rapatriés de force», «le parti au pouvoir»
	}
	h := int(w.Head)
	if h >= 0 && w.Rel.Base() == syntax.Obj && r.lemmas[i] == "pouvoir" && !r.plural(i) && r.lex.hints[r.lemmas[h]]&holds != 0 {
		return true // «a cédé le pouvoir à un civil»
	}
	if h < 0 || h > i || w.Rel.Base() != syntax.Obj || r.lemmas[h] != "faire" {
		return false
	}
	for c := range r.a.Children(i) {
		if rel := r.a.Words[c].Rel.Base(); c < i && (rel == syntax.Det || rel == syntax.Nummod) {
			return false
		}
	}
	return true
}

// alone reports whether the singular noun at word i has neither adjective nor
// complement.
func (r *reading) alone(i int) bool {
	if r.plural(i) {
		return false
	}
	for c := range r.a.Children(i) {
		switch r.a.Words[c].Rel.Base() {
		case syntax.Amod, syntax.ACL, syntax.Appos, syntax.Nmod:
			if r.lemmas[i] != "pouvoir" || r.at[c] < 0 {
				return false // «l'ascension au pouvoir de X» is not X's government
			}
		}
	}
	return true
}

// nounAt returns the noun of the lexicon at word i that has the most words, and
// the word after it. «ex-ministre» is a «ministre».
func (r *reading) nounAt(i, sentenceEnd int) (*noun, int) {
	var best *noun
	end := 0
	look := func(key string) {
		list := r.lex.nouns[key]
		for k := range list {
			if best != nil && len(list[k].rest) <= len(best.rest) {
				return
			}
			if list[k].accented && bareOf(r.t.Words[i].Form) {
				continue
			}
			if e := r.follows(list[k].rest, i+1, sentenceEnd); e > 0 {
				best, end = &list[k], e
				return
			}
		}
	}
	look(r.folded[i])
	if r.lemmas[i] != r.folded[i] {
		look(r.lemmas[i])
	}
	if best == nil {
		for _, key := range [2]string{r.lemmas[i], strings.TrimSuffix(r.folded[i], "s")} {
			if base, ok := strings.CutPrefix(key, "ex-"); ok && best == nil {
				look(base)
			}
		}
	}
	return best, end
}

// bareOf reports whether s ends in an «e» without accent, and is not written in
// capitals, which often have none.
func bareOf(s string) bool {
	stem := strings.TrimSuffix(s, "s")
	return strings.HasSuffix(stem, "e") && !strings.HasSuffix(stem, "ée")
}

// follows returns the word after rest if that stands at word i, articles left
// out; else 0.
func (r *reading) follows(rest []string, i, end int) int {
	var buf [8]string
	for at := 0; at < len(rest); i++ {
		// «le ministère russe de la Défense», «forces de l'ordre».
		for i < end && (r.lex.articles[r.folded[i]] || r.folded[i] == "l'" || rest[at] == "de" && r.lex.demonyms[r.folded[i]] != "") {
			i++
		}
		if i >= end {
			return 0
		}
		if r.lemmas[i] == rest[at] {
			at++
			continue
		}
		for _, p := range r.lex.split(buf[:0], r.folded[i]) {
			if at == len(rest) || p != rest[at] {
				return 0
			}
			at++
		}
	}
	return i
}

// phrase returns the bounds of the noun phrase of head, which reaches at least
// to last: adjectives, names beside it and complements with «de», without
// determiner, numeral, clause and what a comma parts off.
func (r *reading) phrase(head, last int, sentence text.Range) (int, int) {
	first := head
	for first > sentence.First && int(r.a.Words[first-1].Head) == head && r.a.Words[first-1].Rel.Base() == syntax.Amod &&
		r.a.Words[first-1].UPOS == syntax.ADJ {
		first--
	}
	return first, max(last, r.phraseEnd(head))
}

func (r *reading) phraseEnd(head int) int {
	end := head + 1
	for c := range r.a.Children(head) {
		if c < end {
			continue
		}
		start := r.phraseStart(c)
		if start != end {
			break
		}
		switch r.a.Words[c].Rel.Base() {
		case syntax.Amod, syntax.Flat, syntax.Compound, syntax.Fixed, syntax.Appos:
			if u := r.a.Words[c].UPOS; start != c || u == syntax.VERB && r.a.Words[c].Feats.VerbForm == syntax.Fin || u == syntax.PUNCT {
				return end
			}
			end = max(end, r.phraseEnd(c))
		case syntax.Nmod:
			if l := r.lemmas[start]; start != c && l != "de" && l != "a" || l == "a" && r.fixedTo(c) {
				return end
			}
			if r.placed[c] >= 0 && r.possessed(head) {
				return end // «retire ses troupes du Niger»
			}
			if r.chargedWith(c, start, end) || start+1 < c && r.lemmas[start+1] == "ici" { // «d'ici la fin du mois»
				return end
			}
			// «l'armée syrienne annonce»: a bare noun beside one is a verb mistaken.
			if start == c && r.a.Words[c].UPOS == syntax.NOUN && !upper(r.t.Words[c].Form) {
				return end
			}
			end = max(end, r.phraseEnd(c))
		default:
			return end
		}
	}
	return end
}

// possessed reports whether the noun n is somebody's: «ses troupes».
func (r *reading) possessed(n int) bool {
	for c := range r.a.Children(n) {
		if w := &r.a.Words[c]; c < n && w.Rel.Base() == syntax.Det && w.Feats.Poss {
			return true
		}
	}
	return false
}

// chargedWith reports whether the complement of the noun at word c, whose phrase
// begins at start behind a nationality, is the verb's: «accuse l'armée nigériane
// d'exactions».
func (r *reading) chargedWith(c, start, end int) bool {
	return start+1 == c && r.lemmas[start] == "de" && r.nation(r.folded[end-1]) != "" && r.a.Words[end-1].UPOS == syntax.ADJ &&
		r.a.Words[c].UPOS == syntax.NOUN && !upper(r.t.Words[c].Form) && r.placed[c] < 0
}

// fixedTo reports whether «à» and the noun at word c make a preposition: «au
// cours de», «à coups de».
func (r *reading) fixedTo(c int) bool {
	switch r.lemmas[c] {
	case "cours", "coup", "bord", "aide", "issue", "suite", "lendemain", "occasion", "moyen", "sein", "moment", "partir", "cote", "domicile", "balle":
		return true
	}
	return false
}

// phraseStart returns the first word of the phrase of c: its preposition,
// determiner, numeral or adjective.
func (r *reading) phraseStart(c int) int {
	for d := range r.a.Children(c) {
		if d >= c {
			break
		}
		switch r.a.Words[d].Rel.Base() {
		case syntax.Case, syntax.Det, syntax.Amod, syntax.Nummod:
			return min(d, r.phraseStart(d))
		}
	}
	return c
}

// countryOf returns the country that the phrase of head names by a demonym
// («l'armée syrienne») or by name («l'armée de la Syrie»).
func (r *reading) countryOf(head, last int) string {
	for w := head + 1; w < last; w++ {
		if c := r.nation(r.folded[w]); c != "" {
			return c
		}
		if c := r.lex.peoples[r.folded[w]]; c != "" {
			return c
		}
		if p := r.placed[w]; p >= 0 && r.places[p].Kind == place.Country {
			return r.places[p].Country
		}
	}
	return ""
}

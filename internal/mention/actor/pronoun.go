package actor

import (
	"context"
	"strings"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
)

// pronounReach is how many sentences back a pronoun finds its antecedent.
const pronounReach = 2

// resolvePronouns gives personal, relative and demonstrative pronouns the actor
// that they stand for.
func (r *reading) resolvePronouns(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for w := s.Words.First; w < s.Words.Last; w++ {
			word := &r.a.Words[w]
			if word.UPOS != syntax.PRON || r.at[w] >= 0 {
				continue
			}
			i := -1
			switch {
			case word.Feats.PronType == syntax.Relative:
				i = r.relativeAntecedent(w)
			case word.Feats.PronType == syntax.Dem && word.Rel.Base() != syntax.Fixed && strings.HasPrefix(r.folded[w], "ce") && strings.ContainsAny(r.folded[w], "-"),
				r.personal(w):
				i = r.antecedent(w, si)
			}
			if i < 0 {
				continue
			}
			m := Mention{Span: r.t.WordSpan(w), First: w, Last: w + 1, Head: w, Form: Pronominal}
			k := r.cands[i].cluster
			r.clusters[k].mentions = append(r.clusters[k].mentions, m)
		}
	}
}

// personal reports whether w is a third-person subject or object pronoun, and
// no expletive.
func (r *reading) personal(w int) bool {
	word := &r.a.Words[w]
	switch word.Rel.Base() {
	case syntax.Nsubj, syntax.Obj, syntax.Iobj:
	default:
		return false
	}
	switch r.folded[w] {
	case "il", "ils", "elle", "elles", "lui", "leur", "eux":
		return true
	}
	return false
}

// relativeAntecedent returns the candidate that the relative clause of w
// hangs on; -1 for none.
func (r *reading) relativeAntecedent(w int) int {
	for h, steps := int(r.a.Words[w].Head), 0; h >= 0 && steps < 8; h, steps = int(r.a.Words[h].Head), steps+1 {
		if r.a.Words[h].Rel == syntax.ACLRelcl {
			noun := int(r.a.Words[h].Head)
			if noun >= 0 && r.at[noun] >= 0 && r.cands[r.at[noun]].Head == noun {
				return int(r.at[noun])
			}
			return -1
		}
	}
	return -1
}

// antecedent returns the nearest candidate before w that agrees with it:
// subjects before others of the same sentence; -1 for none.
func (r *reading) antecedent(w, sentence int) int {
	best, bestRank := -1, 0
	for i := len(r.cands) - 1; i >= 0; i-- {
		c := &r.cands[i]
		if c.Head >= w || c.cluster < 0 {
			continue
		}
		if c.sentence < sentence-pronounReach {
			break
		}
		if !r.agrees(w, c) {
			continue
		}
		rank := 10 * (pronounReach - (sentence - c.sentence))
		switch r.a.Words[c.Head].Rel.Base() {
		case syntax.Nsubj:
			rank += 6
		case syntax.Obj, syntax.Obl, syntax.RelRoot:
			rank += 3
		}
		if best < 0 || rank > bestRank {
			best, bestRank = i, rank
		}
	}
	return best
}

// agrees reports whether the pronoun w can stand for c by number and gender.
// A name in the singular may be told in the plural only of a group's members.
func (r *reading) agrees(w int, c *candidate) bool {
	p, h := &r.a.Words[w].Feats, &r.a.Words[c.Head].Feats
	if p.Number != 0 && h.Number != 0 && p.Number != h.Number {
		return false
	}
	if p.Gender != 0 && h.Gender != 0 && p.Gender != h.Gender {
		return false
	}
	if p.Number == syntax.Plur && h.Number == 0 && c.kind == Person {
		return false
	}
	return true
}

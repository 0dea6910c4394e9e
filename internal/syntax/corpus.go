package syntax

import (
	"fmt"
	"slices"

	"github.com/depeche-events/depeche/internal/conllu"
)

// example is a sentence to learn from.
type example struct {
	forms  []string
	tags   []tag
	lemmas []string
	heads  []int32 // -1 for the root
	rels   []Rel
	weight int16
	// may says what the words may be, where the example is of hints: it has no
	// tree then, and no tags.
	may []Hint
}

// Hint says in part what a word is.
type Hint struct {
	Form, Lemma string
	// UPOS are the parts of speech it may be; none says nothing.
	UPOS []UPOS
	// Feats are the features that are known; the others are open.
	Feats Feats
}

// Hinted is text that is tagged in part, to learn lemmas from. (To learn tags
// from it as well was tried: see docs/syntax.md.)
type Hinted struct {
	Source
	Sentences [][]Hint
	Weight    int
}

func (h *Hinted) examples() []example {
	var out []example
	for _, s := range h.Sentences {
		e := example{may: s, weight: int16(h.Weight), tags: make([]tag, len(s))}
		for _, w := range s {
			e.forms = append(e.forms, w.Form)
			e.lemmas = append(e.lemmas, w.Lemma)
		}
		out = append(out, e)
	}
	return out
}

// readExamples turns the sentences of a treebank into examples that count
// weight each.
func readExamples(sentences []*conllu.Sentence, weight int16) ([]example, error) {
	var out []example
	for k, s := range sentences {
		if slices.ContainsFunc(s.Words, func(w conllu.Word) bool { return w.UPOS == "" || w.Rel == "" || w.Head == conllu.NoHead }) {
			continue // an annotator's oversight
		}
		e := example{weight: weight}
		for i, w := range s.Words {
			pos, ok := ParseUPOS(w.UPOS)
			if !ok {
				return nil, fmt.Errorf("sentence %d, word %d: part of speech %q is none", k+1, i+1, w.UPOS)
			}
			rel, ok := ParseRel(w.Rel)
			if !ok {
				return nil, fmt.Errorf("sentence %d, word %d: relation %q is none", k+1, i+1, w.Rel)
			}
			lemma := w.Lemma
			if lemma == "" {
				lemma = w.Form
			}
			e.forms = append(e.forms, w.Form)
			e.tags = append(e.tags, tag{pos, ParseFeats(w.Feats)})
			e.lemmas = append(e.lemmas, lemma)
			e.heads = append(e.heads, int32(w.Head))
			e.rels = append(e.rels, rel)
		}
		out = append(out, e)
	}
	return out, nil
}

// projective returns heads over the padded sentence with every crossing arc
// lifted to the nearest ancestor that it does not cross (Nivre and Nilsson 2005,
// without the labels that would undo it).
func (e *example) projective() []int32 {
	n := len(e.heads)
	root := int32(n + pad)
	heads := make([]int32, n+2*pad)
	for i, h := range e.heads {
		if h < 0 {
			heads[i+pad] = root
		} else {
			heads[i+pad] = h + pad
		}
	}
	for {
		worst, length := -1, int32(1<<30)
		for d := pad; d < n+pad; d++ {
			h := heads[d]
			lo, hi := min(int32(d), h), max(int32(d), h)
			if hi-lo >= length || h == root {
				continue
			}
			for k := lo + 1; k < hi; k++ {
				a := k
				for a != h && a != root {
					a = heads[a]
				}
				if a != h {
					worst, length = d, hi-lo
					break
				}
			}
		}
		if worst < 0 {
			return heads
		}
		heads[worst] = heads[heads[worst]]
	}
}

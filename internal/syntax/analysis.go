// Package syntax reads sentences: part of speech, morphology, lemma and
// Universal Dependencies tree of every word.
package syntax

// Analysis is the layer over a text: one Word for each word of it, at the same
// index. It is not changed after it is made.
type Analysis struct {
	Words []Word
	// child and sibling thread each word's dependents in order of position:
	// child[i] is the first dependent of i, sibling[j] the next one after j
	// under the same head; -1 ends a list.
	child, sibling []int32
}

// Word is what syntax says of one word.
type Word struct {
	Lemma string
	UPOS  UPOS
	Feats Feats
	// Head is the index in Analysis.Words of the governor, always in the same
	// sentence; -1 for a sentence's root.
	Head int32
	Rel  Rel
}

// NewAnalysis threads the dependents of words.
func NewAnalysis(words []Word) *Analysis {
	a := &Analysis{Words: words, child: make([]int32, len(words)), sibling: make([]int32, len(words))}
	for i := range words {
		a.child[i], a.sibling[i] = -1, -1
	}
	for i := len(words) - 1; i >= 0; i-- {
		if h := words[i].Head; h >= 0 {
			a.sibling[i] = a.child[h]
			a.child[h] = int32(i)
		}
	}
	return a
}

// Children yields the dependents of word i in order of position.
func (a *Analysis) Children(i int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for c := a.child[i]; c >= 0; c = a.sibling[c] {
			if !yield(int(c)) {
				return
			}
		}
	}
}

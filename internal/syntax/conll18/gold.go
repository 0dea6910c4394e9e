// Package conll18 scores analyses as the CoNLL 2018 shared task did (Zeman et
// al. 2018): relation subtypes don't count, nor does morphology.
package conll18

import (
	"fmt"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/syntax"
)

// Score counts what an analysis has right.
type Score struct {
	Words                        int
	UPOS, Feats, Lemma, UAS, LAS int
}

// String gives percentages.
func (s Score) String() string {
	p := func(n int) float64 { return 100 * float64(n) / float64(max(s.Words, 1)) }
	return fmt.Sprintf("%d words: UPOS %.2f feats %.2f lemma %.2f UAS %.2f LAS %.2f", s.Words, p(s.UPOS), p(s.Feats), p(s.Lemma), p(s.UAS), p(s.LAS))
}

// Gold scores m on sentences whose words are given.
func Gold(m *syntax.Model, sentences []*conllu.Sentence) Score {
	var score Score
	var forms []string
	for _, s := range sentences {
		forms = forms[:0]
		for _, w := range s.Words {
			forms = append(forms, w.Form)
		}
		got := m.AnalyzeWords(forms)
		score.add(s, got)
	}
	return score
}

func (s *Score) add(sentence *conllu.Sentence, got []syntax.Word) {
	for i, w := range sentence.Words {
		g := &got[i]
		s.Words++
		if g.UPOS.String() == w.UPOS {
			s.UPOS++
		}
		if g.Feats == syntax.ParseFeats(w.Feats) {
			s.Feats++
		}
		lemma := w.Lemma
		if lemma == "" || g.Lemma == lemma {
			s.Lemma++
		}
		if int(g.Head) == w.Head {
			s.UAS++
			if rel, _ := syntax.ParseRel(w.Rel); rel.Base() == g.Rel.Base() {
				s.LAS++
			}
		}
	}
}

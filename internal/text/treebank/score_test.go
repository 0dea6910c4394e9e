package treebank

import (
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/conllu"
)

// cutOf cuts "du+de_le pain" style: tokens by spaces, the words of a token
// behind "+" by "_", sentences by "|".
func cutOf(s string) *Cut {
	var c Cut
	for sentence := range strings.SplitSeq(s, "|") {
		begin := c.Pos
		for _, tok := range strings.Fields(sentence) {
			surface, words, ok := strings.Cut(tok, "+")
			if !ok {
				words = surface
			}
			c.Token(surface, strings.Split(words, "_")...)
		}
		c.Sentence(begin)
	}
	return &c
}

func TestScores(t *testing.T) {
	for _, c := range []struct {
		name, gold, system       string
		tokens, words, sentences Counts
	}{
		{"equal", "le chat|dort", "le chat|dort", Counts{3, 3, 3}, Counts{3, 3, 3}, Counts{2, 2, 2}},
		{"case of words is ignored", "Au+À_le port", "Au+à_le port", Counts{2, 2, 2}, Counts{3, 3, 3}, Counts{1, 1, 1}},
		{"one token too many", "aujourd'hui ici", "aujourd' hui ici", Counts{1, 2, 3}, Counts{1, 2, 3}, Counts{1, 1, 1}},
		{"contraction missed", "vient du+de_le port", "vient du port", Counts{3, 3, 3}, Counts{2, 4, 3}, Counts{1, 1, 1}},
		{"contraction invented", "boit du vin", "boit du+de_le vin", Counts{3, 3, 3}, Counts{2, 3, 4}, Counts{1, 1, 1}},
		{"contraction joined to its neighbour", "du+de_le nord", "dunord+de_le_nord", Counts{0, 2, 1}, Counts{3, 3, 3}, Counts{1, 1, 1}},
		{"boundary missed", "a b|c", "a b c", Counts{3, 3, 3}, Counts{3, 3, 3}, Counts{0, 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, s := cutOf(c.gold), cutOf(c.system)
			if got := Common(g.Tokens, s.Tokens); got != c.tokens {
				t.Errorf("tokens %+v, want %+v", got, c.tokens)
			}
			if got := Words(g.Words, s.Words); got != c.words {
				t.Errorf("words %+v, want %+v", got, c.words)
			}
			if got := Common(g.Sentences, s.Sentences); got != c.sentences {
				t.Errorf("sentences %+v, want %+v", got, c.sentences)
			}
		})
	}
}

func TestDocument(t *testing.T) {
	d := Document([]*conllu.Sentence{
		{Comments: []string{"newdoc id = a", "text = Un."}},
		{Comments: []string{"text = Deux."}},
		{Comments: []string{"newpar", "text = Trois."}},
	})
	if d.Body != "Un. Deux.\n\nTrois." || len(d.Segments) != 2 {
		t.Fatalf("%q in %d segments", d.Body, len(d.Segments))
	}
	if got := d.Text(d.Segments[1].Span); got != "Trois." {
		t.Errorf("second segment %q", got)
	}
}

func TestCounter(t *testing.T) {
	c := NewCounter("é à\u00a0b")
	for _, x := range []struct{ at, want int }{{0, 0}, {2, 1}, {3, 1}, {5, 2}, {7, 2}, {8, 3}} {
		if got := c.At(x.at); got != x.want {
			t.Errorf("characters before byte %d: %d, want %d", x.at, got, x.want)
		}
	}
}

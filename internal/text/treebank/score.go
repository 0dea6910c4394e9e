// Package treebank lays a treebank's sentences out as raw text, and compares
// how two sides cut it.
package treebank

import (
	"strings"
	"unicode"

	"github.com/depeche-events/depeche/internal/conllu"
)

// Chars is a piece [begin, end) of a treebank's text, counted in characters
// that are no white space, the only places both sides agree on.
type Chars struct{ Begin, End int }

// Word is a syntactic word: its form in lower case, and the characters of the
// token that it belongs to.
type Word struct {
	Form string
	At   Chars
	// Multi: the word is one of several of its token.
	Multi bool
}

// Cut is a text as one side cuts it.
type Cut struct {
	Tokens, Sentences []Chars
	Words             []Word
	Pos               int // characters so far
}

// Token adds a surface token that stands for forms.
func (c *Cut) Token(surface string, forms ...string) {
	n := 0
	for _, r := range surface {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	at := Chars{c.Pos, c.Pos + n}
	c.Pos += n
	c.Tokens = append(c.Tokens, at)
	for _, f := range forms {
		c.Words = append(c.Words, Word{strings.ToLower(f), at, len(forms) > 1})
	}
}

// Sentence ends a sentence that began at character begin.
func (c *Cut) Sentence(begin int) { c.Sentences = append(c.Sentences, Chars{begin, c.Pos}) }

// Gold adds a sentence of a treebank.
func (c *Cut) Gold(s *conllu.Sentence) {
	begin := c.Pos
	for _, t := range s.Tokens() {
		var forms []string
		for i := t.First; i < t.Last; i++ {
			forms = append(forms, s.Words[i].Form)
		}
		c.Token(t.Form, forms...)
	}
	c.Sentence(begin)
}

// Counts are what a score is made of.
type Counts struct{ Correct, Gold, System int }

// F1 is the harmonic mean of precision and recall, in percent.
func (c Counts) F1() float64 {
	if c.Gold+c.System == 0 {
		return 0
	}
	return 200 * float64(c.Correct) / float64(c.Gold+c.System)
}

// Common counts the spans that both sides have; both are in order.
func Common(gold, system []Chars) Counts {
	n := Counts{Gold: len(gold), System: len(system)}
	for i, j := 0, 0; i < len(gold) && j < len(system); {
		switch g, s := gold[i], system[j]; {
		case s.Begin < g.Begin:
			j++
		case g.Begin < s.Begin:
			i++
		default:
			if g.End == s.End {
				n.Correct++
			}
			i++
			j++
		}
	}
	return n
}

// Words aligns words as conll18_ud_eval.py does: by their characters, and
// where either side has a token of several words, by the longest common
// subsequence of forms within what such tokens cover.
func Words(gold, system []Word) Counts {
	n := Counts{Gold: len(gold), System: len(system)}
	for g, s := 0, 0; g < len(gold) && s < len(system); {
		if begins(gold, system, g, s) {
			ge, se := multiSpan(gold, system, g, s)
			n.Correct += longestCommon(gold[g:ge], system[s:se])
			g, s = ge, se
			continue
		}
		switch {
		case gold[g].At == system[s].At:
			n.Correct++
			g++
			s++
		case gold[g].At.Begin <= system[s].At.Begin:
			g++
		default:
			s++
		}
	}
	return n
}

// begins reports whether a token of several words begins at g or s, so that
// it is no later than the other side's.
func begins(gold, system []Word, g, s int) bool {
	return gold[g].Multi && gold[g].At.Begin <= system[s].At.Begin ||
		system[s].Multi && system[s].At.Begin <= gold[g].At.Begin
}

// multiSpan returns the ends of the words that overlap the tokens of several
// words which begin at g and s.
func multiSpan(gold, system []Word, g, s int) (int, int) {
	end := 0
	if gold[g].Multi {
		end = gold[g].At.End
		if !system[s].Multi && system[s].At.Begin < gold[g].At.Begin {
			s++
		}
	} else {
		end = system[s].At.End
		if !gold[g].Multi && gold[g].At.Begin < system[s].At.Begin {
			g++
		}
	}
	within := func(ws []Word, i int) bool { return i < len(ws) && (ws[i].At.Begin < end) }
	for within(gold, g) || within(system, s) {
		if g < len(gold) && (s >= len(system) || gold[g].At.Begin <= system[s].At.Begin) {
			if gold[g].Multi && gold[g].At.End > end {
				end = gold[g].At.End
			}
			g++
		} else {
			if system[s].Multi && system[s].At.End > end {
				end = system[s].At.End
			}
			s++
		}
	}
	return g, s
}

func longestCommon(a, b []Word) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			up := row[j+1]
			switch {
			case a[i].Form == b[j].Form:
				row[j+1] = diagonal + 1
			case row[j] > up:
				row[j+1] = row[j]
			}
			diagonal = up
		}
	}
	return row[len(b)]
}

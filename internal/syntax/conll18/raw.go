package conll18

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/depeche-events/depeche/internal/conllu"
)

// F1 holds the counts behind the F1 of an analysis from raw text.
type F1 struct{ Gold, System, Correct int }

// Percent returns the harmonic mean of precision and recall, in percent.
func (f F1) Percent() float64 {
	if f.Gold+f.System == 0 {
		return 0
	}
	return 200 * float64(f.Correct) / float64(f.Gold+f.System)
}

// RawScore is what an analysis from raw text has right.
type RawScore struct{ Tokens, Sentences, Words, UPOS, Lemma, UAS, LAS F1 }

// String gives F1 in percent.
func (s RawScore) String() string {
	return fmt.Sprintf("F1 from raw text: tokens %.2f sentences %.2f words %.2f UPOS %.2f lemma %.2f UAS %.2f LAS %.2f", s.Tokens.Percent(),
		s.Sentences.Percent(), s.Words.Percent(), s.UPOS.Percent(), s.Lemma.Percent(), s.UAS.Percent(), s.LAS.Percent())
}

// unit is a word on the line of all characters that are not white space.
type unit struct {
	begin, end int
	multi      bool // one of several words of a token
	word       *conllu.Word
	head       int // index in the units, -1 for a root
}

type span struct{ begin, end int }

// layout puts sentences on the line of characters.
func layout(ss []*conllu.Sentence) (units []unit, tokens, sentences []span, chars string) {
	var all strings.Builder
	at := 0
	for _, s := range ss {
		start, first := at, len(units)
		for _, t := range s.Tokens() {
			begin := at
			for _, r := range t.Form {
				if !unicode.IsSpace(r) {
					all.WriteRune(r)
					at++
				}
			}
			tokens = append(tokens, span{begin, at})
			for i := t.First; i < t.Last; i++ {
				head := -1
				if h := s.Words[i].Head; h >= 0 {
					head = first + h
				}
				units = append(units, unit{begin, at, t.Last > t.First+1, &s.Words[i], head})
			}
		}
		sentences = append(sentences, span{start, at})
	}
	return units, tokens, sentences, all.String()
}

// Raw scores the analysis system of the text whose gold analysis is gold. The
// words are aligned by their place in the text, and inside contractions by their
// form, as the shared task's program does.
func Raw(gold, system []*conllu.Sentence) (RawScore, error) {
	var score RawScore
	g, gt, gs, gc := layout(gold)
	s, st, ss, sc := layout(system)
	if gc != sc {
		i := 0
		for i < len(gc) && i < len(sc) && gc[i] == sc[i] {
			i++
		}
		return score, fmt.Errorf("texts differ at byte %d: gold %.40q, system %.40q", i, gc[i:], sc[i:])
	}
	score.Tokens, score.Sentences = common(gt, st), common(gs, ss)
	pairs := align(g, s)
	count := F1{Gold: len(g), System: len(s)}
	score.Words, score.UPOS, score.Lemma, score.UAS, score.LAS = count, count, count, count, count
	toSystem := make([]int, len(g))
	for i := range toSystem {
		toSystem[i] = -2
	}
	for _, p := range pairs {
		toSystem[p[0]] = p[1]
	}
	for _, p := range pairs {
		gw, sw := &g[p[0]], &s[p[1]]
		score.Words.Correct++
		if gw.word.UPOS == sw.word.UPOS {
			score.UPOS.Correct++
		}
		if gw.word.Lemma == sw.word.Lemma || gw.word.Lemma == "" {
			score.Lemma.Correct++
		}
		head := -1
		if gw.head >= 0 {
			head = toSystem[gw.head]
		}
		if head == sw.head {
			score.UAS.Correct++
			if universal(gw.word.Rel) == universal(sw.word.Rel) {
				score.LAS.Correct++
			}
		}
	}
	return score, nil
}

func universal(rel string) string {
	base, _, _ := strings.Cut(rel, ":")
	return base
}

// common counts the spans that are in both lists; both are in order.
func common(gold, system []span) F1 {
	f := F1{Gold: len(gold), System: len(system)}
	for i, j := 0, 0; i < len(gold) && j < len(system); {
		switch g, s := gold[i], system[j]; {
		case g == s:
			f.Correct++
			i++
			j++
		case g.end < s.end || g.end == s.end && g.begin > s.begin:
			i++
		default:
			j++
		}
	}
	return f
}

// align pairs the words of both analyses that are the same.
func align(g, s []unit) (pairs [][2]int) {
	for i, j := 0, 0; i < len(g) && j < len(s); {
		if g[i].multi || s[j].multi {
			// The stretch that contractions of either side cover.
			i0, j0 := i, j
			end := max(multiEnd(g[i]), multiEnd(s[j]))
			for grown := true; grown; {
				grown = false
				for i < len(g) && (g[i].begin < end || g[i].multi && g[i].begin < end) {
					end = max(end, multiEnd(g[i]))
					i++
					grown = true
				}
				for j < len(s) && s[j].begin < end {
					end = max(end, multiEnd(s[j]))
					j++
					grown = true
				}
			}
			pairs = append(pairs, longest(g, s, i0, i, j0, j)...)
			continue
		}
		switch {
		case g[i].begin == s[j].begin && g[i].end == s[j].end:
			pairs = append(pairs, [2]int{i, j})
			i++
			j++
		case g[i].begin <= s[j].begin:
			i++
		default:
			j++
		}
	}
	return pairs
}

func multiEnd(u unit) int {
	if u.multi {
		return u.end
	}
	return u.begin
}

// longest aligns g[i0:i1] and s[j0:j1] by the longest common subsequence of
// their forms.
func longest(g, s []unit, i0, i1, j0, j1 int) (pairs [][2]int) {
	n, m := i1-i0, j1-j0
	best := make([][]int, n+1)
	for i := range best {
		best[i] = make([]int, m+1)
	}
	same := func(i, j int) bool { return strings.EqualFold(g[i0+i].word.Form, s[j0+j].word.Form) }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if same(i, j) {
				best[i][j] = max(best[i][j], best[i+1][j+1]+1)
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(i, j):
			pairs = append(pairs, [2]int{i0 + i, j0 + j})
			i++
			j++
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return pairs
}

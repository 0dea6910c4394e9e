package conll18

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/syntax"
)

// Relations are the ones that events hang on.
var Relations = []string{"nsubj", "nsubj:pass", "obj", "obl:arg", "obl:agent", "obl:mod", "nmod", "acl", "acl:relcl", "conj", "advcl"}

// Report writes, of words given: precision and recall of the relations with
// their subtypes and with their heads, scores by length of sentence, and the
// commonest confusions.
func Report(w io.Writer, m *syntax.Model, sentences []*conllu.Sentence) {
	type count struct{ gold, system, correct int }
	relations := map[string]*count{}
	at := func(rel string) *count {
		if relations[rel] == nil {
			relations[rel] = &count{}
		}
		return relations[rel]
	}
	lengths := []int{10, 20, 30, 40, 60, 1 << 30}
	byLength := make([]Score, len(lengths))
	confusions := map[string]int{}
	for _, s := range sentences {
		var forms []string
		for _, x := range s.Words {
			forms = append(forms, x.Form)
		}
		got := m.AnalyzeWords(forms)
		k := 0
		for len(s.Words) > lengths[k] {
			k++
		}
		byLength[k].add(s, got)
		for i, x := range s.Words {
			g := &got[i]
			system := g.Rel.String()
			at(x.Rel).gold++
			at(system).system++
			right := int(g.Head) == x.Head
			if right && x.Rel == system {
				at(x.Rel).correct++
				continue
			}
			if universal(x.Rel) == universal(system) && right {
				continue
			}
			note := "label"
			if !right {
				note = "head"
			}
			confusions[fmt.Sprintf("%-5s %s -> %s", note, universal(x.Rel), universal(system))]++
		}
	}
	fmt.Fprintln(w, "relation      gold  precision  recall")
	for _, rel := range Relations {
		c := at(rel)
		fmt.Fprintf(w, "%-12s %5d  %9.1f  %6.1f\n", rel, c.gold, 100*float64(c.correct)/float64(max(c.system, 1)), 100*float64(c.correct)/float64(max(c.gold, 1)))
	}
	low := 1
	for k, high := range lengths {
		if byLength[k].Words > 0 {
			fmt.Fprintf(w, "sentences of %d to %d words: %v\n", low, high, byLength[k])
		}
		low = high + 1
	}
	fmt.Fprintln(w, "commonest confusions, gold -> system")
	keys := slices.SortedFunc(maps.Keys(confusions), func(a, b string) int {
		return cmp.Or(confusions[b]-confusions[a], cmp.Compare(a, b))
	})
	for _, k := range keys[:min(len(keys), 25)] {
		fmt.Fprintf(w, "%5d %s\n", confusions[k], k)
	}
}

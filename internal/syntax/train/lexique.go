package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/syntax"
)

// readLexique reads the list of forms of the whole of UD_French-GSD, with lemma,
// part of speech, features and count between tabs. It keeps the lines that stand
// for more words than those of that form in the sentences of without: what is
// kept is attested elsewhere. So nothing of a test set comes in, and the lexicon
// is no better on the training text than on new text.
func readLexique(r io.Reader, name string, without ...[]*conllu.Sentence) ([]syntax.Reading, error) {
	taken := map[string]int{}
	for _, ss := range without {
		for _, s := range ss {
			for _, w := range s.Words {
				taken[w.Form]++
			}
		}
	}
	var all []syntax.Reading
	var counts []int
	total := map[string]int{}
	in := bufio.NewScanner(r)
	for line := 1; in.Scan(); line++ {
		col := strings.Split(in.Text(), "\t")
		if len(col) != 5 {
			return nil, fmt.Errorf("%s:%d: %d columns, want 5", name, line, len(col))
		}
		n, err := strconv.Atoi(col[4])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: count: %w", name, line, err)
		}
		pos, ok := syntax.ParseUPOS(col[2])
		if !ok || pos == syntax.X || pos == syntax.PUNCT || strings.Contains(col[3], "Typo=Yes") || n <= taken[col[0]] {
			continue
		}
		all = append(all, syntax.Reading{Form: col[0], Lemma: col[1], UPOS: pos, Feats: syntax.ParseFeats(col[3])})
		counts = append(counts, n)
		total[col[0]] += n
	}
	kept := all[:0]
	for i, r := range all {
		if counts[i]*rareShare >= total[r.Form] {
			kept = append(kept, r)
		}
	}
	return kept, in.Err()
}

// rareShare: readings that less than one in so many words of a form has are
// taken for slips of annotation.
const rareShare = 50

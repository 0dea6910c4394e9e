// Command train learns the weights with which French text is cut: where a
// sentence begins, and when «des» and «du» are two words.
//
//	go run ./internal/text/train -data ../shared/data -out internal/lang/fr/text
//
// It learns from the Universal Dependencies treebanks UD_French-Sequoia (train),
// GSD (dev), FQB, Rhapsodie and ParisStories (train; contractions only), and
// from NTREX-128's French side (boundaries only). Word classes are packed from
// the Dicollecte lexicon. The same inputs give the
// same tables, byte for byte.
package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/text"
	"github.com/depeche-events/depeche/internal/text/treebank"
)

const (
	seed      = 20 // of the order of examples
	epochs    = 12
	minCount  = 2  // rarer features are left out
	ntrexDocs = 15 // lines of NTREX taken as one text
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("train: ")
	data := flag.String("data", "../shared/data", "folder of the sources")
	out := flag.String("out", "internal/lang/fr/text", "folder for the tables of weights")
	l1 := flag.Float64("l1", 0.3, "strength of L1 regularisation: more leaves fewer features")
	flag.Parse()

	if err := writeClasses(filepath.Join(*data, "lex-dicollecte", "fr-lexicon-expanded.tsv.gz"), *out); err != nil {
		log.Fatal(err)
	}
	lang, err := fr.Text(os.DirFS(filepath.Dir(*out)))
	if err != nil {
		log.Fatal(err)
	}
	boundary := newTable(text.BoundaryFeatures, lang)
	contraction := newTable(text.ContractionFeatures, lang)
	for _, src := range []struct {
		name                  string
		boundary, contraction float64 // weights of its examples
	}{
		{"fr_sequoia-ud-train", 1, 1},
		{"fr_gsd-ud-dev", 1, 1},
		{"fr_fqb-ud-test", 0.3, 1},
		{"fr_rhapsodie-ud-train", 0, 0.5},
		{"fr_parisstories-ud-train", 0, 0.5},
	} {
		sentences, err := conllu.ReadFile(filepath.Join(*data, "ud-french", src.name+".conllu.gz"))
		if err != nil {
			log.Fatal(err)
		}
		observe(sentences, lang, boundary, contraction, src.boundary, src.contraction)
	}
	lines, err := readLines(filepath.Join(*data, "raw-ntrex-fr", "newstest2019-ref.fra.txt.gz"))
	if err != nil {
		log.Fatal(err)
	}
	for part := range slices.Chunk(lines, ntrexDocs) {
		observeLines(part, lang, boundary)
	}
	for _, t := range []struct {
		name  string
		about string
		table *decisions
	}{
		{"boundary-weights.tsv", "Where a sentence begins", boundary},
		{"contraction-weights.tsv", "Whether «des» and «du» are two words, de + les and de + le", contraction},
	} {
		n, err := t.table.write(filepath.Join(*out, t.name), t.about, *l1)
		if err != nil {
			log.Fatal(err)
		}
		log.Printf("%s: %d examples, %d features seen, %d kept", t.name, len(t.table.examples), len(t.table.index), n)
	}
}

// example is a decision with its answer.
type example struct {
	features []int
	yes      bool
	weight   float64
}

// decisions gathers the examples of one kind of decision.
type decisions struct {
	templates []string
	index     map[text.Feature]int
	features  []text.Feature
	counts    []int
	names     map[uint64]string
	examples  []example
}

func newTable(templates []string, lang *text.Language) *decisions {
	t := &decisions{templates: templates, index: map[text.Feature]int{}, names: map[uint64]string{0: ""}}
	t.name(text.ValueNames()...)
	for _, c := range lang.Classes().Names() {
		t.name(text.ClassName(c))
	}
	return t
}

// name remembers what values are hashed from.
func (t *decisions) name(values ...string) {
	for _, v := range values {
		t.names[text.HashValue(v)] = strings.ToLower(v)
	}
}

// nameTokens remembers the values that tokens of x give.
func (t *decisions) nameTokens(x *text.Text) {
	for i := range x.Tokens {
		form := x.TokenText(i)
		t.name(form, text.Suffix(form))
	}
}

func (t *decisions) add(d text.Decision, yes bool, weight float64) {
	e := example{yes: yes, weight: weight}
	for _, f := range d.Features {
		i, ok := t.index[f]
		if !ok {
			i = len(t.features)
			t.index[f] = i
			t.features = append(t.features, f)
			t.counts = append(t.counts, 0)
		}
		t.counts[i]++
		e.features = append(e.features, i)
	}
	t.examples = append(t.examples, e)
}

// write learns from the examples and writes the table, and returns its length.
func (t *decisions) write(name, about string, l1 float64) (int, error) {
	m := ftrl{rate: 0.1, l1: l1, l2: 0.1, z: make([]float64, len(t.features)), n: make([]float64, len(t.features))}
	for i := range t.examples {
		e := &t.examples[i]
		e.features = slices.DeleteFunc(e.features, func(f int) bool { return t.counts[f] < minCount })
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for range epochs {
		for _, i := range random.Perm(len(t.examples)) {
			e := &t.examples[i]
			m.learn(e.features, e.yes, e.weight)
		}
	}
	type line struct {
		feature string
		values  [text.FeatureValues]string
		weight  int
	}
	var lines []line
	for i, f := range t.features {
		w := int(math.Round(1000 * m.weight(i)))
		if w == 0 {
			continue
		}
		l := line{feature: t.templates[f.Template], weight: w}
		for j, h := range f.Values {
			v, ok := t.names[h]
			if !ok {
				return 0, fmt.Errorf("value %d of a feature %q has no name", j, l.feature)
			}
			l.values[j] = v
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(x, y line) int {
		return cmp.Or(cmp.Compare(slices.Index(t.templates, x.feature), slices.Index(t.templates, y.feature)),
			slices.Compare(x.values[:], y.values[:]))
	})
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintf(w, "# %s: what speaks for it (weight > 0) and against, in\n# thousandths of a logit. Made by go run ./internal/text/train; not edited by hand.\n", about)
	fmt.Fprintf(w, "feature\ta\tb\tc\td\tweight\n")
	for _, l := range lines {
		fmt.Fprintf(w, "%s\t%s\t%d\n", l.feature, strings.Join(l.values[:], "\t"), l.weight)
	}
	return len(lines), w.Flush()
}

// observe adds the decisions on the raw text of a treebank.
func observe(sentences []*conllu.Sentence, lang *text.Language, boundary, contraction *decisions, wBoundary, wContraction float64) {
	var gold treebank.Cut
	for _, s := range sentences {
		gold.Gold(s)
	}
	begins := map[int]bool{}
	for _, s := range gold.Sentences {
		begins[s.Begin] = true
	}
	words := map[treebank.Chars]int{} // in a token
	for _, w := range gold.Words {
		words[w.At]++
	}
	doc := treebank.Document(sentences)
	x := text.Split(context.Background(), doc, lang)
	boundary.nameTokens(x)
	contraction.nameTokens(x)
	chars := treebank.NewCounter(doc.Body)
	text.Decisions(doc, lang, func(d text.Decision) bool {
		at := treebank.Chars{Begin: chars.At(d.Token.Begin), End: chars.At(d.Token.End)}
		if d.Boundary {
			yes := begins[at.Begin]
			if wBoundary > 0 {
				boundary.add(d, yes, wBoundary)
			}
			return yes
		}
		n := words[at]
		if n > 0 && wContraction > 0 {
			contraction.add(d, n == 2, wContraction)
		}
		return n == 2
	})
}

// observeLines adds the boundaries of a text whose lines are sentences, or
// several. What ends a sentence inside a line is not known, so marks that may
// are not learnt from.
func observeLines(lines []string, lang *text.Language, boundary *decisions) {
	begins := map[int]bool{}
	var b strings.Builder
	for _, l := range lines {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		begins[b.Len()] = true
		b.WriteString(l)
	}
	doc := &article.Document{Body: b.String(), Segments: []article.Segment{
		{Kind: article.Prose, Span: article.Span{Begin: 0, End: b.Len()}},
	}}
	boundary.nameTokens(text.Split(context.Background(), doc, lang))
	text.Decisions(doc, lang, func(d text.Decision) bool {
		if !d.Boundary {
			return true
		}
		yes := begins[d.Token.Begin]
		before := strings.TrimRight(doc.Body[:d.Token.Begin], " \u00a0\u202f»”\")'")
		if r, _ := utf8.DecodeLastRuneInString(before); !yes && strings.ContainsRune(".?!…", r) {
			return true
		}
		boundary.add(d, yes, 1)
		return yes
	})
}

func readLines(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var lines []string
	in := bufio.NewScanner(z)
	for in.Scan() {
		if l := strings.TrimSpace(in.Text()); l != "" {
			lines = append(lines, l)
		}
	}
	return lines, in.Err()
}

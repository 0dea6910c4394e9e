// Command train learns the French model of package syntax from the treebanks
// and the lexicon in a data directory.
package main

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/syntax/conll18"
)

// treebank is a file of the data directory to learn from.
type treebank struct {
	file   string
	weight int
	dev    bool // left out of training while tuning
	spoken bool
}

var treebanks = []treebank{
	{file: "ud-french/fr_sequoia-ud-train.conllu.gz", weight: 2},
	{file: "ud-french/fr_sequoia-ud-dev.conllu.gz", weight: 2, dev: true},
	{file: "ud-french/fr_gsd-ud-dev.conllu.gz", weight: 2},
	{file: "ud-french/fr_fqb-ud-test.conllu.gz", weight: 2},
	{file: "gsd-extras/fib-gsd-train-275.conllu.gz", weight: 2},
	{file: "ud-french/fr_rhapsodie-ud-train.conllu.gz", weight: 1, spoken: true},
	{file: "ud-french/fr_parisstories-ud-train.conllu.gz", weight: 1, spoken: true},
}

const lexicon = "lex-dicollecte/fr-lexicon-expanded.tsv.gz"

// heldOut: while tuning, one in so many sentences of GSD-dev is tested on
// instead of learnt from, in runs of consecutive ones.
const heldOut = 5

func main() {
	log.SetFlags(log.Ltime)
	var opts syntax.Options
	data := flag.String("data", "../shared/data", "data `directory`")
	out := flag.String("o", "", "model `file` to write")
	tune := flag.Bool("tune", false, "hold out Sequoia-dev and a fifth of GSD-dev, and score on them")
	spoken := flag.Bool("spoken", true, "learn from the spoken treebanks")
	flag.Uint64Var(&opts.Seed, "seed", 1, "seed")
	flag.IntVar(&opts.TaggerEpochs, "tagger-epochs", 0, "")
	flag.IntVar(&opts.ParserEpochs, "parser-epochs", 0, "")
	flag.IntVar(&opts.LabelEpochs, "label-epochs", 0, "")
	flag.IntVar(&opts.Folds, "folds", 0, "")
	flag.IntVar(&opts.Width, "width", 0, "width of the parser's beam")
	flag.Parse()
	opts.Language = "fr"
	opts.Log = log.Printf
	if err := run(*data, *out, *tune, *spoken, opts); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out string, tune, spoken bool, opts syntax.Options) error {
	var banks []syntax.Treebank
	type test struct {
		name      string
		sentences []*conllu.Sentence
	}
	var tests []test
	for _, tb := range treebanks {
		if tb.spoken && !spoken {
			continue
		}
		path := filepath.Join(data, tb.file)
		ss, err := conllu.ReadFile(path)
		if err != nil {
			return err
		}
		if tune && tb.dev {
			tests = append(tests, test{tb.file, ss})
			continue
		}
		if tune && tb.file == "ud-french/fr_gsd-ud-dev.conllu.gz" {
			n := len(ss) / heldOut
			tests = append(tests, test{tb.file, ss[:n]})
			ss = ss[n:]
		}
		sum, err := digest(path)
		if err != nil {
			return err
		}
		banks = append(banks, syntax.Treebank{Source: syntax.Source{Name: tb.file, SHA256: sum}, Sentences: ss, Weight: tb.weight})
	}
	path := filepath.Join(data, lexicon)
	sum, err := digest(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	readings, err := readDicollecte(z, path)
	if err != nil {
		return err
	}
	m, err := syntax.Train(opts, banks, readings, []syntax.Source{{Name: lexicon, SHA256: sum, Words: len(readings)}})
	if err != nil {
		return err
	}
	for _, t := range tests {
		start := time.Now()
		score := conll18.Gold(m, t.sentences)
		log.Printf("%s: %v (%.0f words/s)", t.name, score, float64(score.Words)/time.Since(start).Seconds())
	}
	if out == "" {
		return nil
	}
	w, err := os.Create(out)
	if err != nil {
		return err
	}
	if err := m.Save(w); err != nil {
		return fmt.Errorf("%s: %w", out, err)
	}
	return w.Close()
}

func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

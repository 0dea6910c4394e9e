// Command train learns the French model of package syntax from the treebanks
// and lexicons in a data directory. Without other flags it makes the model that
// ships:
//
//	go run ./internal/syntax/train -data ../shared/data -o internal/lang/fr/model/syntax.model
package main

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
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

// hinted are files with UniMorph tags and no trees. Sentences of GSD-dev and
// GSD-test in them are left out.
var hinted = []string{
	"gsd-extras/sigmorphon2019-fr_gsd-um-dev.conllu.gz",
	"gsd-extras/sigmorphon2019-fr_gsd-um-test.conllu.gz",
}

const (
	dicollecteFile = "lex-dicollecte/fr-lexicon-expanded.tsv.gz"
	prolexFile     = "lex-prolex-casen/Prolex-Unitex-BestOf_2_2_fra.dic.gz"
	givenFile      = "lex-prolex-casen/CasEN_Dico.dic.gz"
	lexiqueFile    = "gsd-extras/lexiqueFR-GSD.tsv.gz"
	gsdDevFile     = "ud-french/fr_gsd-ud-dev.conllu.gz"
	gsdTestFile    = "ud-french/fr_gsd-ud-test.conllu.gz"
	fibFile        = "gsd-extras/fib-gsd-train-275.conllu.gz"
)

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
	flag.IntVar(&opts.TaggerEpochs, "tagger-epochs", 0, "times the tagger sees the treebanks; 0, here and below: as shipped")
	flag.IntVar(&opts.ParserEpochs, "parser-epochs", 0, "times the parser sees them")
	flag.IntVar(&opts.LabelEpochs, "label-epochs", 0, "times the labeller sees them")
	flag.IntVar(&opts.Folds, "folds", 0, "parts for the tags that the parser learns from")
	flag.IntVar(&opts.Runs, "runs", 0, "trainings to take the mean of")
	flag.IntVar(&opts.Width, "width", 0, "width of the parser's beam")
	flag.Float64Var(&opts.Margin, "margin", 0, "how far an item of the beam may score below the best")
	flag.BoolVar(&opts.TagsOnly, "tags-only", false, "train and score the tagger alone")
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
	hints, err := readHints(data)
	if err != nil {
		return err
	}
	readings, sources, err := readLexicons(data)
	if err != nil {
		return err
	}
	m, err := syntax.Train(opts, banks, hints, readings, sources)
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

// readHints reads the sentences that have tags alone.
func readHints(data string) ([]syntax.Hinted, error) {
	var out []syntax.Hinted
	for _, file := range hinted {
		path := filepath.Join(data, file)
		ss, err := conllu.ReadFile(path)
		if err != nil {
			return nil, err
		}
		kept := ss[:0]
		for _, s := range ss {
			if id, _ := s.Comment("sent_id"); strings.Contains(id, "-train_") {
				kept = append(kept, s)
			}
		}
		sum, err := digest(path)
		if err != nil {
			return nil, err
		}
		out = append(out, syntax.Hinted{Source: syntax.Source{Name: file, SHA256: sum}, Sentences: unimorph(kept), Weight: 2})
	}
	return out, nil
}

// readLexicons reads Dicollecte, names, and the list of forms of GSD, the latter
// without what the test set and the texts trained on have of it.
func readLexicons(data string) (readings []syntax.Reading, sources []syntax.Source, err error) {
	var without [][]*conllu.Sentence
	for _, file := range append([]string{gsdTestFile, gsdDevFile, fibFile}, hinted...) {
		ss, err := conllu.ReadFile(filepath.Join(data, file))
		if err != nil {
			return nil, nil, err
		}
		without = append(without, ss)
	}
	for _, file := range []string{dicollecteFile, lexiqueFile, prolexFile, givenFile} {
		path := filepath.Join(data, file)
		sum, err := digest(path)
		if err != nil {
			return nil, nil, err
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		var rs []syntax.Reading
		switch file {
		case dicollecteFile:
			rs, err = readDicollecte(z, path)
		case lexiqueFile:
			rs, err = readLexique(z, path, without...)
		default:
			rs, err = readProlex(z)
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, nil, err
		}
		readings = append(readings, rs...)
		sources = append(sources, syntax.Source{Name: file, SHA256: sum, Words: len(rs)})
	}
	return readings, sources, nil
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

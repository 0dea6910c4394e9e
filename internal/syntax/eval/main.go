// Command eval scores a model on treebanks with the metrics of CoNLL 2018.
//
//	go run ./internal/syntax/eval [-model FILE] [-raw=false] [-report] FILE.conllu[.gz] ...
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/syntax/conll18"
	"github.com/depeche-events/depeche/internal/text"
	"github.com/depeche-events/depeche/internal/text/treebank"
)

func main() {
	file := flag.String("model", "", "model `file` instead of the embedded one")
	report := flag.Bool("report", false, "tell relations, lengths and confusions apart")
	raw := flag.Bool("raw", true, "score from raw text as well")
	flag.Parse()
	if err := run(*file, *report, *raw, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(file string, report, raw bool, names []string) error {
	start := time.Now()
	m, err := model(file)
	if err != nil {
		return err
	}
	fmt.Printf("model loaded in %d ms\n", time.Since(start).Milliseconds())
	lang, err := fr.Text(nil)
	if err != nil {
		return err
	}
	for _, name := range names {
		gold, err := conllu.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Printf("%s\n  gold words: %v\n", name, conll18.Gold(m, gold))
		if raw {
			doc := treebank.Document(gold)
			start := time.Now()
			t := text.Split(context.Background(), doc, lang)
			a := m.Analyze(context.Background(), t)
			took := time.Since(start)
			system := make([]*conllu.Sentence, len(t.Sentences))
			for i := range system {
				system[i] = a.Sentence(t, i)
			}
			score, err := conll18.Raw(gold, system)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			fmt.Printf("  %v (%.0f tokens/s)\n", score, float64(len(t.Tokens))/took.Seconds())
		}
		if report {
			conll18.Report(os.Stdout, m, gold)
		}
	}
	return nil
}

// model loads the model in the file, or the embedded one.
func model(file string) (*syntax.Model, error) {
	if file == "" {
		return fr.Syntax()
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m, err := syntax.Load(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

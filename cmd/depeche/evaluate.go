package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/depeche-events/depeche/internal/evaluate"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// evaluateCommand is `depeche evaluate`.
type evaluateCommand struct {
	Gold      []string `env:"-" type:"existingdir" placeholder:"DIR" help:"Folder of annotations (*.json); may be repeated, for figures over all of them."`
	Sentences string   `env:"-" type:"existingfile" placeholder:"FILE" help:"Sentences that report an event of a type (y) or only seem to (n), as tab-separated values: type, reports, sentence."`
	Detail    bool     `env:"-" help:"Print every miss, false alarm and wrong slot."`
	Markdown  bool     `env:"-" help:"Print tables in Markdown."`
	JSON      string   `env:"-" name:"json" type:"path" placeholder:"FILE" help:"Write the figures to this file too."`
	Min       string   `env:"-" type:"existingfile" placeholder:"FILE" help:"Fail where a figure is below the one that --json wrote to this file."`

	engineFlags `embed:"" group:"engine"`
}

func (evaluateCommand) Help() string {
	return `Figures over annotated articles: which events are found, with which type, roles, places, times, quantities and sources. docs/accuracy.md tells what they mean and how articles are annotated.

Examples:
  depeche evaluate --gold internal/evaluate/testdata/gold --detail
  depeche evaluate --gold seeds --gold dev --json figures.json
  depeche evaluate --gold dev --min figures.json
  depeche evaluate --sentences internal/evaluate/testdata/unseen.tsv`
}

func (e *evaluateCommand) Run(ctx context.Context, c console, load engineLoader) error {
	if len(e.Gold) == 0 && e.Sentences == "" {
		return fail(exitUsage, "evaluate needs --gold DIR or --sentences FILE")
	}
	var gold []*evaluate.Gold
	for _, dir := range e.Gold {
		articles, err := evaluate.ReadGold(dir)
		if err != nil {
			return fail(exitUsage, "--gold %s: %w", dir, err)
		}
		gold = append(gold, articles...)
	}
	var sentences []evaluate.Sentence
	if e.Sentences != "" {
		var err error
		dir, name := filepath.Split(e.Sentences)
		if sentences, err = evaluate.ReadSentences(os.DirFS(dir), name); err != nil {
			return fail(exitUsage, "--sentences: %w", err)
		}
	}
	record, err := e.record()
	if err != nil {
		return fail(exitUsage, "--min %s: %w", e.Min, err)
	}
	loaded, err := load(e.engineFlags)
	if err != nil {
		return err
	}
	engine := local{loaded}

	report := new(evaluate.Report)
	if len(gold) > 0 {
		if report, err = e.articles(ctx, c, engine, gold); err != nil {
			return err
		}
	}
	if len(sentences) > 0 {
		s, err := e.sentences(ctx, c, engine, sentences)
		if err != nil {
			return err
		}
		report.AddSentences(s)
	}
	write := report.WriteText
	if e.Markdown {
		write = report.WriteMarkdown
	}
	if err := write(c.out); err != nil {
		return fmt.Errorf("cannot print: %w", err)
	}
	if e.JSON != "" {
		if err := writeFigures(e.JSON, report); err != nil {
			return err
		}
	}
	if len(report.Failed) > 0 {
		return fail(exitIncomplete, "%d of %d articles could not be scored", len(report.Failed), len(gold))
	}
	if fell := report.Below(record); len(fell) > 0 {
		for _, f := range fell {
			c.complain("%s", f)
		}
		return fail(exitIncomplete, "%d figures are below %s", len(fell), e.Min)
	}
	return nil
}

// articles scores annotated articles.
func (e *evaluateCommand) articles(ctx context.Context, c console, engine local, gold []*evaluate.Gold) (*evaluate.Report, error) {
	var scorer evaluate.Scorer
	if e.Detail {
		scorer.Detail = c.out
	}
	work := func(g *evaluate.Gold) answer {
		a := &depechev1.Article{Id: g.ID, Body: &depechev1.Article_Text{Text: g.Text}}
		if day, err := time.Parse(time.DateOnly, g.Published); err == nil {
			a.Published = &depechev1.Article_PublishDate{PublishDate: civil(day)}
		} else if g.Published != "" {
			return answer{err: fmt.Errorf("published: %w", err)}
		}
		x, err := engine.Extract(ctx, a, nil)
		return answer{x, err}
	}
	for g, a := range inOrder(gold, runtime.GOMAXPROCS(0), work) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if a.err != nil {
			scorer.Fail(g, a.err)
		} else {
			scorer.Add(g, a.extraction)
		}
	}
	return scorer.Report(), nil
}

// sentences scores single sentences, and prints how by type.
func (e *evaluateCommand) sentences(ctx context.Context, c console, engine local, all []evaluate.Sentence) (*evaluate.Sentences, error) {
	var scored evaluate.Sentences
	if e.Detail {
		scored.Detail = c.out
	}
	work := func(s evaluate.Sentence) answer {
		x, err := engine.Extract(ctx, &depechev1.Article{
			Body:      &depechev1.Article_Text{Text: s.Text},
			Language:  "fr", // too short to tell it
			Published: &depechev1.Article_PublishDate{PublishDate: evaluate.SentencesPublished},
		}, nil)
		return answer{x, err}
	}
	for s, a := range inOrder(all, runtime.GOMAXPROCS(0), work) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if a.err != nil {
			return nil, fmt.Errorf("%s:%d: %w", e.Sentences, s.Line, a.err)
		}
		scored.Add(s, a.extraction)
	}
	write := scored.WriteText
	if e.Markdown {
		write = scored.WriteMarkdown
	}
	if err := write(c.out); err != nil {
		return nil, fmt.Errorf("cannot print: %w", err)
	}
	fmt.Fprintln(c.out)
	return &scored, nil
}

// record are the figures to be held; none where no file is named.
func (e *evaluateCommand) record() (evaluate.Record, error) {
	if e.Min == "" {
		return nil, nil
	}
	data, err := os.ReadFile(e.Min)
	if err != nil {
		return nil, err
	}
	return evaluate.ReadRecord(data)
}

func writeFigures(path string, r *evaluate.Report) error {
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

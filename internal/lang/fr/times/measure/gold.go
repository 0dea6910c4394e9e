package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// annotated is what is read of a gold file.
type annotated struct {
	TextFile  string `json:"text_file"`
	Published string
	Events    []struct {
		Anchors    []string
		Start, End *string
		Quantities []struct {
			Kind      string
			Low, High *float64
		}
	}
}

// gold counts how many of the dates and numbers that coders gave to events are
// told by a time or quantity that is found in the article, or are its
// publication date: what a later stage can choose from. It also compares the
// date lines.
func (r *reader) gold(dir string, verbose bool) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("no gold files in " + dir)
	}
	model, err := fr.Syntax()
	if err != nil {
		return err
	}
	var dates, quantities, lines [2]int // found, all
	for _, name := range files {
		a, body, err := readGold(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t := text.Split(context.Background(), paragraphs(body), r.lang)
		var published timex.Date
		if _, err := fmt.Sscanf(a.Published, "%d-%d-%d", &published.Year, &published.Month, &published.Day); err != nil {
			continue // nothing to read against
		}
		if ref := timex.FindReference(timex.Date{}, t, r.grammar); ref != nil && ref.Basis == timex.StatedInText {
			count(&lines, ref.Date == published)
		}
		tree := model.Analyze(context.Background(), t)
		d, q := r.told(t, tree, published)
		for _, e := range a.Events {
			for _, want := range []*string{e.Start, e.End} {
				if want != nil && *want != "" && !count(&dates, slices.Contains(d, *want)) && verbose {
					fmt.Printf("%s: no time tells %s: %q\n", filepath.Base(name), *want, e.Anchors)
				}
			}
			for _, want := range e.Quantities {
				b := bounds(want.Low, want.High)
				if !count(&quantities, slices.Contains(q, b)) && verbose {
					fmt.Printf("%s: no quantity tells %s %s: %q\n", filepath.Base(name), want.Kind, b, e.Anchors)
				}
			}
		}
	}
	fmt.Printf("%s: %d articles\n", dir, len(files))
	fmt.Printf("  event dates told      %d of %d\n", dates[0], dates[1])
	fmt.Printf("  event quantities told %d of %d\n", quantities[0], quantities[1])
	fmt.Printf("  date lines read right %d of %d\n", lines[0], lines[1])
	return nil
}

func count(c *[2]int, found bool) bool {
	c[1]++
	if found {
		c[0]++
	}
	return found
}

// told returns the dates and the bounds that t tells.
func (r *reader) told(t *text.Text, tree *syntax.Analysis, published timex.Date) (dates, quantities []string) {
	dates = append(dates, published.String())
	times := r.now.Find(context.Background(), t, tree, &timex.Reference{Date: published, Basis: timex.Given})
	for _, x := range times {
		dates = append(dates, x.Start.String(), x.End.String())
	}
	for _, q := range r.quantities.Find(context.Background(), t, tree, timex.Words(times)) {
		quantities = append(quantities, bounds(q.Low, q.High))
	}
	return dates, quantities
}

func bounds(low, high *float64) string {
	s := ".."
	if low != nil {
		s = fmt.Sprint(*low) + s
	}
	if high != nil {
		s += fmt.Sprint(*high)
	}
	return s
}

func readGold(name string) (annotated, string, error) {
	var a annotated
	b, err := os.ReadFile(name)
	if err != nil {
		return a, "", err
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, "", err
	}
	body, err := os.ReadFile(filepath.Join(filepath.Dir(name), a.TextFile))
	return a, string(body), err
}

// paragraphs makes each line a segment of prose.
func paragraphs(body string) *article.Document {
	d := &article.Document{Body: body}
	start := 0
	for i := 0; i <= len(body); i++ {
		if i < len(body) && body[i] != '\n' {
			continue
		}
		if i > start {
			d.Segments = append(d.Segments, article.Segment{Kind: article.Prose, Span: article.Span{Begin: start, End: i}})
		}
		start = i + 1
	}
	return d
}

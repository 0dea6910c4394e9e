package evaluate

import (
	"fmt"
	"io"
	"io/fs"

	"github.com/depeche-events/depeche/internal/table"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Sentence is a sentence that reports an event of a type, or only seems to.
type Sentence struct {
	Type    depechev1.EventType
	Reports bool
	Text    string
	Line    int // of the file, from 1
}

// SentencesPublished is the publication date that sentences are read with.
var SentencesPublished = &depechev1.Date{Year: 2019, Month: 6, Day: 14}

// ReadSentences reads a table of type, y or n, and sentence.
func ReadSentences(fsys fs.FS, name string) ([]Sentence, error) {
	var out []Sentence
	err := table.Read(fsys, name, []string{"type", "reports", "sentence"}, func(row table.Row) error {
		typ, ok := depechev1.EventType_value["EVENT_TYPE_"+row.Get("type")]
		if !ok || typ == 0 {
			return row.Errorf("no event type %q", row.Get("type"))
		}
		reports := row.Get("reports")
		if reports != "y" && reports != "n" {
			return row.Errorf("reports is %q, want y or n", reports)
		}
		if row.Get("sentence") == "" {
			return row.Errorf("no sentence")
		}
		out = append(out, Sentence{depechev1.EventType(typ), reports == "y", row.Get("sentence"), row.Line})
		return nil
	})
	return out, err
}

// Sentences gathers how sentences were read, by type. The zero value is ready.
//
// A sentence that reports the event is right when an event of the type is
// found, whatever its factuality; one that does not is wrong when there is one.
// Events of other types do not count.
type Sentences struct {
	Detail io.Writer // gets every wrong sentence; nil: none

	shares    map[depechev1.EventType]*Share
	negatives map[depechev1.EventType]int // sentences that report nothing
	rows      int
}

// Add scores what was found in a sentence. An answer of nil is none: nothing
// was found.
func (s *Sentences) Add(sentence Sentence, x *depechev1.Extraction) {
	if s.shares == nil {
		s.shares, s.negatives = make(map[depechev1.EventType]*Share), make(map[depechev1.EventType]int)
	}
	s.rows++
	f := s.shares[sentence.Type]
	if f == nil {
		f = new(Share)
		s.shares[sentence.Type] = f
	}
	found := false
	for _, e := range x.GetEvents() {
		found = found || e.GetType() == sentence.Type
	}
	if !sentence.Reports {
		s.negatives[sentence.Type]++
	}
	switch {
	case found && sentence.Reports:
		f.add(1, 0, 0)
		return
	case found:
		f.add(0, 1, 0)
	case sentence.Reports:
		f.add(0, 0, 1)
	default:
		return
	}
	if s.Detail != nil {
		what := "MISS "
		if found {
			what = "FALSE"
		}
		fmt.Fprintf(s.Detail, "  %s line %d  %-22s %s", what, sentence.Line, typeName(sentence.Type), sentence.Text)
		for i, e := range x.GetEvents() {
			if i == 0 {
				fmt.Fprint(s.Detail, "  found:")
			}
			fmt.Fprint(s.Detail, " ", typeName(e.GetType()))
		}
		fmt.Fprintln(s.Detail)
	}
}

// Rows is how many sentences were added.
func (s *Sentences) Rows() int { return s.rows }

// Total is the share over all types.
func (s *Sentences) Total() Share {
	var total Share
	for _, f := range s.shares {
		total.add(f.Right, f.Wrong, f.Missed)
	}
	return total
}

// types are those of the sentences, in the ontology's order.
func (s *Sentences) types() []depechev1.EventType {
	var out []depechev1.EventType
	for t := range depechev1.EventType(len(depechev1.EventType_name)) {
		if s.shares[t] != nil {
			out = append(out, t)
		}
	}
	return out
}

// WriteText prints precision and recall by type for a terminal.
func (s *Sentences) WriteText(w io.Writer) error {
	p := printer{w: w}
	p.printf("%-22s  right  missed  false   P      R\n", "sentences")
	for _, t := range s.types() {
		f := s.shares[t]
		p.printf("%-22s  %2d/%-2d  %6d  %2d/%-2d  %.3f  %.3f\n",
			typeName(t), f.Right, f.Total(), f.Missed, f.Wrong, s.negatives[t], f.Precision(), f.Recall())
	}
	return p.err
}

// WriteMarkdown prints precision and recall by type as a table of
// docs/accuracy.md.
func (s *Sentences) WriteMarkdown(w io.Writer) error {
	p := printer{w: w}
	p.printf("| type | found | falsely found | precision | recall |\n|---|---|---|---|---|\n")
	row := func(name string, f Share, negatives int) {
		p.printf("| %s | %d of %d | %d of %d | %.2f | %.2f |\n", name, f.Right, f.Total(), f.Wrong, negatives, f.Precision(), f.Recall())
	}
	negatives := 0
	for _, t := range s.types() {
		row(typeName(t), *s.shares[t], s.negatives[t])
		negatives += s.negatives[t]
	}
	row("all", s.Total(), negatives)
	return p.err
}

func typeName(t depechev1.EventType) string {
	return t.String()[len("EVENT_TYPE_"):]
}

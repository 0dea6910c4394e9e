package evaluate

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Figure is one line of a report: an F1 with its precision and recall, or an
// accuracy.
type Figure struct {
	Name      string
	Precision float64 // 0 for an accuracy
	Recall    float64 // 0 for an accuracy
	Value     float64 // F1 or accuracy
	Total     int     // how many there are to find or to answer
	accuracy  bool
}

// Report are the figures of a Scorer, and of single sentences if there were.
type Report struct {
	Counts      Counts
	Figures     []Figure
	Reliability [bins]Bin
	Calibration float64  // expected calibration error
	Failed      []string // articles that could not be scored

	scored bool // there were articles
}

// Report returns the figures of what was added.
func (s *Scorer) Report() *Report {
	r := &Report{Counts: s.counts, Reliability: s.reliability, Calibration: s.reliability.calibrationError(),
		Failed: s.failed, scored: true}
	for i, f := range s.share {
		r.Figures = append(r.Figures, shareFigure(shareNames[i], f))
	}
	for i, f := range s.accuracy {
		r.Figures = append(r.Figures, Figure{Name: accuracyNames[i], Value: f.Value(), Total: f.Total, accuracy: true})
	}
	return r
}

func shareFigure(name string, s Share) Figure {
	return Figure{Name: name, Precision: s.Precision(), Recall: s.Recall(), Value: s.F1(), Total: s.Total()}
}

// AddSentences adds how single sentences were read, as the figure
// "sentences".
func (r *Report) AddSentences(s *Sentences) {
	r.Figures = append(r.Figures, shareFigure("sentences", s.Total()))
}

// WriteText prints the figures for a terminal, as score.py of the project's
// shared folder does.
func (r *Report) WriteText(w io.Writer) error {
	p := printer{w: w}
	if r.scored {
		c := r.Counts
		p.printf("events: %d gold, %d optional, %d predicted, %d duplicates, %d spurious\n",
			c.Gold, c.Optional, c.Predicted, c.Duplicates, c.Spurious)
	}
	for _, f := range r.Figures {
		if f.accuracy {
			p.printf("%-14s accuracy %.3f  (n=%d)\n", f.Name, f.Value, f.Total)
		} else {
			p.printf("%-14s P %.3f  R %.3f  F1 %.3f  (n=%d)\n", f.Name, f.Precision, f.Recall, f.Value, f.Total)
		}
	}
	if r.scored {
		p.printf("confidence     events  mean   right\n")
		for i, b := range r.Reliability {
			if b.Events > 0 {
				p.printf("  %.1f to %.1f   %6d  %.3f  %.3f\n", float64(i)/bins, float64(i+1)/bins, b.Events, b.Mean(), b.Share())
			}
		}
		p.printf("  calibration error %.3f\n", r.Calibration)
	}
	for _, f := range r.Failed {
		p.printf("NOT SCORED  %s\n", f)
	}
	return p.err
}

// WriteMarkdown prints the figures as tables of docs/accuracy.md.
func (r *Report) WriteMarkdown(w io.Writer) error {
	p := printer{w: w}
	if r.scored {
		c := r.Counts
		p.printf("%d events to be found, %d optional; %d found, of which %d duplicates and %d spurious.\n\n",
			c.Gold, c.Optional, c.Predicted, c.Duplicates, c.Spurious)
	}
	p.printf("| figure | precision | recall | F1 or accuracy | n |\n|---|---|---|---|---|\n")
	for _, f := range r.Figures {
		if f.accuracy {
			p.printf("| %s | | | %.3f | %d |\n", f.Name, f.Value, f.Total)
		} else {
			p.printf("| %s | %.3f | %.3f | %.3f | %d |\n", f.Name, f.Precision, f.Recall, f.Value, f.Total)
		}
	}
	if r.scored {
		p.printf("\n| confidence | events | mean | share that is right |\n|---|---|---|---|\n")
		for i, b := range r.Reliability {
			if b.Events > 0 {
				p.printf("| %.1f to %.1f | %d | %.3f | %.3f |\n", float64(i)/bins, float64(i+1)/bins, b.Events, b.Mean(), b.Share())
			}
		}
		p.printf("\nExpected calibration error: %.3f\n", r.Calibration)
	}
	for _, f := range r.Failed {
		p.printf("\nNot scored: %s\n", f)
	}
	return p.err
}

// printer keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// measured is a figure as score.py writes it.
type measured struct {
	P   *float64 `json:"p,omitempty"`
	R   *float64 `json:"r,omitempty"`
	F1  *float64 `json:"f1,omitempty"`
	Acc *float64 `json:"acc,omitempty"`
	N   int      `json:"n"`
}

// MarshalJSON writes the report as score.py does: an object by the names of
// the figures, with "events" and "errors".
func (r *Report) MarshalJSON() ([]byte, error) {
	out := make(map[string]any)
	if r.scored {
		out["events"] = r.Counts
		out["errors"] = append([]string{}, r.Failed...)
	}
	for _, f := range r.Figures {
		if f.accuracy {
			out[f.Name] = measured{Acc: &f.Value, N: f.Total}
		} else {
			out[f.Name] = measured{P: &f.Precision, R: &f.Recall, F1: &f.Value, N: f.Total}
		}
	}
	return json.Marshal(out)
}

// Record are figures that were reached before, by name.
type Record map[string]float64

// ReadRecord reads what MarshalJSON or score.py has written.
func ReadRecord(data []byte) (Record, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	out := make(Record)
	for name, value := range raw {
		var m measured
		if json.Unmarshal(value, &m) != nil {
			continue // "errors" is a list
		}
		switch {
		case m.F1 != nil:
			out[name] = *m.F1
		case m.Acc != nil:
			out[name] = *m.Acc
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no figure is recorded")
	}
	return out, nil
}

// tolerance is how far a figure may lie below its record: what rounding to the
// third digit takes.
const tolerance = 0.0005

// Below tells, in the order of their names, which figures have fallen below
// the record, or are not measured any more.
func (r *Report) Below(record Record) []string {
	now := make(Record, len(r.Figures))
	for _, f := range r.Figures {
		now[f.Name] = f.Value
	}
	var fell []string
	for name, was := range record {
		if is, ok := now[name]; !ok {
			fell = append(fell, fmt.Sprintf("%s is not measured; %.3f is recorded", name, was))
		} else if is < was-tolerance {
			fell = append(fell, fmt.Sprintf("%s is %.3f; %.3f is recorded", name, is, was))
		}
	}
	slices.Sort(fell)
	return fell
}

package bulk

import (
	"fmt"
	"io"
	"time"

	"github.com/depeche-events/depeche/cmd/depeche/internal/corpus"
	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// Summary is what came of a run, with the runs that it resumed but for ThisRun.
type Summary struct {
	// Input and Output are the paths, InFormat and OutFormat their forms.
	Input     string        `json:"input"`
	InFormat  corpus.Format `json:"inFormat"`
	Output    string        `json:"output"`
	OutFormat export.Format `json:"outFormat"`
	// Articles is Extracted and Failed together.
	Articles  int64 `json:"articles"`
	Extracted int64 `json:"extracted"`
	Failed    int64 `json:"failed"`
	// FailedBy counts the failures by the name of their status' code.
	FailedBy map[string]int64 `json:"failedBy,omitempty"`
	export.Tally
	ThisRun ThisRun `json:"thisRun"`
}

// ThisRun is what a run did itself.
type ThisRun struct {
	Extracted int64 `json:"extracted"`
	Failed    int64 `json:"failed"`
	// Before is the number of articles that were done when it began.
	Before int64 `json:"before"`
	// Seconds is the time from the first article to the last result, and Rate
	// the articles per second of it.
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"articlesPerSecond"`
}

func newSummary(config Config, in *corpus.Reader, f *files, before int64, elapsed time.Duration) Summary {
	done := f.state.Counts
	s := Summary{
		Input: config.In, InFormat: in.Format(), Output: config.Out, OutFormat: config.OutFormat,
		Articles: done.Extracted + done.Failed, Extracted: done.Extracted, Failed: done.Failed,
		FailedBy: done.FailedBy, Tally: done.Tally,
		ThisRun: ThisRun{Extracted: f.extracted, Failed: f.failed, Before: before, Seconds: elapsed.Seconds()},
	}
	s.ThisRun.Rate = float64(f.extracted+f.failed) / max(elapsed.Seconds(), 1e-3)
	return s
}

// Print writes the summary for people, a line for each kind of count.
func (s Summary) Print(to io.Writer) {
	fmt.Fprintf(to, "%d articles in %.1f s (%.0f/s)", s.ThisRun.Extracted+s.ThisRun.Failed, s.ThisRun.Seconds, s.ThisRun.Rate)
	if s.ThisRun.Before > 0 {
		fmt.Fprintf(to, ", %d with those before", s.Articles)
	}
	fmt.Fprintf(to, ": %d extracted, %d failed%s\n", s.Extracted, s.Failed, listed(" (", s.FailedBy, ")"))
	s.Tally.Print(to)
}

// listed prints counts, the largest first.
func listed(before string, counts map[string]int64, after string) string {
	text := export.Listed(counts)
	if text == "" {
		return ""
	}
	return before + text + after
}

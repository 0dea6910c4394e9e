package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Standard is the path that means standard input or output.
const Standard = "-"

// Extractor is what a run needs of *client.Client.
type Extractor interface {
	DescribeEngine(ctx context.Context) (*depechev1.DescribeEngineResponse, error)
	Stream(ctx context.Context, articles iter.Seq[*depechev1.Article], options ...client.StreamOption) iter.Seq2[client.Result, error]
}

// Config is a run.
type Config struct {
	// Extractor reads the articles: a *client.Client. Required.
	Extractor Extractor
	// In has one protojson Article per line; blank lines are skipped. Standard is
	// Stdin.
	In string
	// Out gets one protojson Extraction per line, in the order of In. Standard is
	// Stdout. A file that has something in it is never overwritten.
	Out string
	// Errors gets one line of JSON for each line of In that has no line in Out:
	// an article that was not answered, or no article at all. Empty:
	// ErrorsPath(Out), which is Stderr for Standard.
	Errors string
	// Resume continues the run that Out is from, or starts it if there is none.
	// In and Out must be files.
	Resume bool

	// Extract says how articles are answered; nil: the defaults. A run is resumed
	// with the options it was started with.
	Extract *depechev1.ExtractOptions
	// Stream sets up the stream: window, number of streams, time limits.
	Stream []client.StreamOption

	// Stdin and Stdout stand for Standard; Stderr gets notices and, where
	// Terminal says that it is one, progress. Each may be nil where it is not
	// used.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       bool

	disk            disk // nil: the real one
	checkpointEvery int  // results; 0: defaultCheckpointEvery
}

const (
	// At most this much work is done again after a kill: whichever comes first.
	defaultCheckpointEvery = 1000 // results
	checkpointInterval     = 5 * time.Second
)

// ErrorsPath is where the failures of a run go: beside out, or Standard.
func ErrorsPath(out string) string {
	if out == Standard {
		return Standard
	}
	return strings.TrimSuffix(out, ".jsonl") + ".errors.jsonl"
}

// CheckpointPath is where a run to out keeps how far it came. The file stays
// when the run is over: resuming then reads what was appended to the input.
func CheckpointPath(out string) string { return out + ".checkpoint" }

// Summary is what a run did.
type Summary struct {
	// Extracted and Failed are the lines this run added to Out and to Errors.
	Extracted, Failed int64
	// Before is the number of lines of In that were done when the run began.
	Before int64
	// Elapsed is the time from the first article to the last result.
	Elapsed time.Duration
}

// Run takes every line of the input to a line of the output or of the failures.
// An error is about the run as a whole: a file, the server, ctx. What was done
// is then safe, and the Summary true; a run between files can be resumed.
func Run(ctx context.Context, config Config) (summary Summary, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Stream waits for an input that waits for us

	engine, err := config.Extractor.DescribeEngine(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("ask the server what it is: %w", err)
	}
	files, err := openFiles(ctx, config, engine.GetVersions())
	if err != nil {
		return Summary{}, err
	}
	defer func() { err = errors.Join(err, files.close()) }()
	summary.Before = files.state.Extracted + files.state.Failed

	start := time.Now()
	progress := newProgress(config, files)
	defer progress.stop()

	input := &input{lines: files.lines}
	options := append([]client.StreamOption{client.WithExtractOptions(config.Extract)}, config.Stream...)
	for result, streamErr := range config.Extractor.Stream(ctx, input.articles, append(options, client.WithOrder())...) {
		if streamErr != nil {
			err = streamErr
			break
		}
		if err = files.write(input.take(result)); err != nil {
			cancel()
			break
		}
		progress.advance(files.state)
	}
	summary.Extracted, summary.Failed = files.extracted, files.failed
	summary.Elapsed = time.Since(start)
	// Also of a run that is cut short.
	return summary, errors.Join(err, input.err(), files.checkpoint())
}

// input gives the stream its articles and remembers which lines they are from.
type input struct {
	lines *lineReader

	mu      sync.Mutex
	pending []pending // taken by the stream, in order, without their results
	failure error
}

// pending is a line whose result is awaited. A line that is no article passes
// through the stream as a nil one, and so keeps its place and counts in the
// window.
type pending struct {
	line  position
	fault error // why it is no article
}

// outcome is a line with its result.
type outcome struct {
	line       position
	id         string
	extraction *depechev1.Extraction
	err        error
}

func (in *input) articles(yield func(*depechev1.Article) bool) {
	for {
		line, err := in.lines.next()
		if err != nil {
			in.fail(err)
			return
		}
		article, fault := parse(line)
		in.expect(pending{line: line.position, fault: fault})
		if !yield(article) {
			return
		}
	}
}

func (in *input) fail(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if err != io.EOF {
		in.failure = err
	}
}

func (in *input) expect(next pending) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.pending = append(in.pending, next)
}

// take matches the next result, which is in order, with its line.
func (in *input) take(result client.Result) outcome {
	in.mu.Lock()
	defer in.mu.Unlock()
	next := in.pending[0]
	in.pending = in.pending[1:]
	done := outcome{line: next.line, id: result.Article.GetId(), extraction: result.Extraction, err: result.Err}
	if next.fault != nil {
		done.err = next.fault
	}
	return done
}

func (in *input) err() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.failure
}

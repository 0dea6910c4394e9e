package bulk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/cmd/depeche/internal/corpus"
	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Standard is the path that means standard input or output.
const Standard = "-"

// Extractor is what a run needs of *client.Client.
type Extractor interface {
	DescribeEngine(ctx context.Context) (*depechev1.DescribeEngineResponse, error)
	Stream(ctx context.Context, articles iter.Seq[*depechev1.Article], options ...client.StreamOption) iter.Seq2[client.Result, error]
}

// UsageError says that a run was refused because what it was asked for does not
// fit the files. Nothing was done.
type UsageError struct{ err error }

func (e *UsageError) Error() string { return e.err.Error() }
func (e *UsageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Config is a run.
type Config struct {
	// Extractor reads the articles: a *client.Client. Required.
	Extractor Extractor
	// In is a file of articles. Standard is Stdin.
	In string
	// InFormat, Columns and Separator say how it holds them, as in
	// corpus.Config.
	InFormat  corpus.Format
	Columns   map[corpus.Field]string
	Separator byte
	// Out gets what was extracted, in the order of In; compressed where its name
	// ends in .gz or .zst; Parquet is a directory. Standard is Stdout. A file that has something in it is
	// never overwritten.
	Out string
	// OutFormat is the form of Out. Empty: as Out's name has it, else JSONL.
	OutFormat export.Format
	// CodedOnly leaves out the events that the codebook of OutFormat has no code
	// for.
	CodedOnly bool
	// Errors gets one line of JSON for each article of In that has no answer in
	// Out: it was not answered, or is no article at all. Empty: ErrorsPath(Out),
	// which is Stderr for Standard.
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
	checkpointEvery int  // results; 0: as the output's format has it
}

// settings are what a run cannot be resumed without.
func (c *Config) settings(in *corpus.Reader) settings {
	return settings{InFormat: in.Format(), Columns: c.Columns, Separator: c.Separator, OutFormat: c.OutFormat, CodedOnly: c.CodedOnly}
}

// complete fills in what is left out, and refuses what cannot be.
func (c *Config) complete() error {
	if c.Errors == "" {
		c.Errors = ErrorsPath(c.Out)
	}
	if c.OutFormat == "" {
		c.OutFormat = export.FormatOf(c.Out)
	}
	if c.OutFormat == "" {
		c.OutFormat = export.JSONL
	}
	switch {
	case c.Errors == c.Out && c.Out != Standard:
		return usage("%s cannot take both extractions and failures", c.Out)
	case c.OutFormat == export.Parquet && c.Out == Standard:
		return usage("standard output cannot be Parquet, which is a directory of part files")
	case c.OutFormat == export.Parquet && compressionOf(c.Out) != plain:
		return usage("%s: Parquet is compressed inside", c.Out)
	case c.Resume && !c.durable():
		return usage("standard input and output cannot be resumed: give files")
	}
	return nil
}

// durable reports whether a run could be resumed, by the names of its files.
func (c *Config) durable() bool { return c.In != Standard && c.Out != Standard }

// ErrorsPath is where the failures of a run go: beside out, or Standard.
func ErrorsPath(out string) string {
	if out == Standard {
		return Standard
	}
	return strings.TrimSuffix(strings.TrimRight(out, "/"), ".jsonl") + ".errors.jsonl"
}

// CheckpointPath is where a run to out keeps how far it came. The file stays
// when the run is over: resuming then reads what was appended to the input.
func CheckpointPath(out string) string { return strings.TrimRight(out, "/") + ".checkpoint" }

// Run takes every article of the input to the output or to the failures. An
// error is about the run as a whole: a file, the server, ctx. What was done is
// then safe, and the Summary true; a run between files can be resumed.
func Run(ctx context.Context, config Config) (summary Summary, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Stream waits for an input that waits for us

	if err := config.complete(); err != nil {
		return Summary{}, err
	}
	in, err := corpus.Open(ctx, corpus.Config{Path: config.In, Format: config.InFormat, Columns: config.Columns, Separator: config.Separator, Stdin: config.Stdin})
	if err != nil {
		return Summary{}, refused(err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	engine, err := config.Extractor.DescribeEngine(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("ask the server what it is: %w", err)
	}
	files, err := openFiles(config, in, engine.GetVersions())
	if err != nil {
		return Summary{}, refused(err)
	}
	defer func() { err = errors.Join(err, files.close()) }()
	if columns := in.Columns(); len(columns) > 0 && config.Stderr != nil && config.Errors != Standard {
		fmt.Fprintf(config.Stderr, "%s is read as %s: %s\n", config.In, in.Format(), strings.Join(columns, ", "))
	}
	before := files.state.Counts.Extracted + files.state.Counts.Failed

	start := time.Now()
	progress := newProgress(config, in)
	defer progress.stop()

	input := &input{records: in}
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
		progress.advance()
	}
	// Also of a run that is cut short.
	err = errors.Join(err, input.err(), files.finish())
	return newSummary(config, in, files, before, time.Since(start)), err
}

// refused makes one kind of a refusal by the corpus and one by us.
func refused(err error) error {
	if _, ok := errors.AsType[*corpus.UsageError](err); ok {
		return &UsageError{err}
	}
	return err
}

// input gives the stream its articles and remembers which records they are of.
type input struct {
	records *corpus.Reader

	mu      sync.Mutex
	pending []corpus.Record // taken by the stream, in order, without their results
	failure error
}

// outcome is a record of the input with its result.
type outcome struct {
	record     corpus.Record
	id         string
	article    *depechev1.Article
	extraction *depechev1.Extraction
	err        error
}

func (in *input) articles(yield func(*depechev1.Article) bool) {
	for {
		record, err := in.records.Next()
		if err != nil {
			in.fail(err)
			return
		}
		article := record.Article
		record.Article = nil // the stream holds it
		in.expect(record)
		// A record that is no article passes through the stream as a nil one, and
		// so keeps its place and counts in the window.
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

func (in *input) expect(next corpus.Record) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.pending = append(in.pending, next)
}

// take matches the next result, which is in order, with its record.
func (in *input) take(result client.Result) outcome {
	in.mu.Lock()
	defer in.mu.Unlock()
	next := in.pending[0]
	in.pending = in.pending[1:]
	done := outcome{record: next, id: cmp.Or(result.Article.GetId(), next.ID), article: result.Article, extraction: result.Extraction, err: result.Err}
	if next.Fault != nil {
		done.err = next.Fault
	}
	return done
}

func (in *input) err() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.failure
}

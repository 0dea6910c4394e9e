package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/cmd/depeche/internal/bulk"
	"github.com/depeche-events/depeche/cmd/depeche/internal/corpus"
	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// streamCommand is `depeche stream`.
type streamCommand struct {
	In      verbatim `required:"" placeholder:"FILE" help:"Articles; - is standard input."`
	Out     verbatim `required:"" placeholder:"FILE" help:"Gets what was found, in the order of the articles; - is standard output. Compressed where it ends in .gz or .zst."`
	Resume  bool     `help:"Go on where an interrupted run to the same file ended, without loss or repeat."`
	Summary verbatim `placeholder:"FILE" help:"Gets the summary as JSON."`
	Streams int      `default:"4" help:"gRPC streams that share the work; one or two for each server."`

	InFormat  string            `placeholder:"FORMAT" group:"article" help:"jsonl, one protojson Article per line; csv; or parquet. By default as the file's name or its first bytes have it."`
	Column    map[string]string `mapsep:"none" placeholder:"FIELD=NAME" group:"article" help:"Column of CSV or Parquet that a field of the articles is read from: id, text, html, raw, content_type, title, language, published, time_zone, source, url. May be repeated."`
	Separator separator         `placeholder:"CHAR" group:"article" help:"What stands between the cells of CSV, such as ; or tab; a comma by default."`

	OutFormat string `placeholder:"FORMAT" group:"answer" help:"${outFormats}. By default as the file's name has it, else jsonl."`
	CodedOnly bool   `group:"answer" help:"Leave out events that the codebook of acled, plover or cameo has no code for; else they are written with their codes empty."`

	selectionFlags `embed:"" group:"answer"`

	Server string `required:"" group:"server" placeholder:"ADDR[,ADDR]" help:"Servers that share the work: host:port, a list host:port,host:port, dns:///name:port or unix:///path."`

	credentialFlags `embed:"" group:"server"`
}

func (streamCommand) Help() string {
	return `Articles that have no answer go beside the output, for events.jsonl to events.errors.jsonl, one per line with its line number, id and gRPC status. How far a run came is kept in events.jsonl.checkpoint. Progress is shown on a terminal. A server that goes away is survived: what it has not answered goes to another one, or to itself when it is back.

Input may be compressed with gzip or zstd. docs/bulk.md has the columns of every format, and what each leaves out.

Examples:
  depeche stream --server localhost:50051 --in articles.jsonl --out events.jsonl
  depeche stream --server localhost:50051 --in articles.csv.gz --column text=body --column published=date --out events.jsonl.zst
  depeche stream --server a:50051,b:50051 --in articles.jsonl --out events.jsonl --resume`
}

// separator is the value of --separator: one byte, or its name.
type separator byte

func (s *separator) UnmarshalText(text []byte) error {
	switch string(text) {
	case "tab", `\t`:
		text = []byte("\t")
	}
	if len(text) != 1 || text[0] >= 0x80 || strings.ContainsRune("\"\r\n", rune(text[0])) {
		return errors.New("want one ASCII character, such as ; or tab")
	}
	*s = separator(text[0])
	return nil
}

// config is the run that the flags ask for.
func (s *streamCommand) config() (bulk.Config, error) {
	if s.Streams < 1 {
		return bulk.Config{}, fail(exitUsage, "--streams: is %d: want at least 1", s.Streams)
	}
	in := corpus.Format(s.InFormat)
	if in != "" && !slices.Contains(corpus.Formats(), in) {
		return bulk.Config{}, fail(exitUsage, "--in-format: %q is none of %s", in, list(corpus.Formats()))
	}
	out := export.Format(s.OutFormat)
	if out != "" && !slices.Contains(export.Formats(), out) {
		return bulk.Config{}, fail(exitUsage, "--out-format: %q is none of %s", out, list(export.Formats()))
	}
	config := bulk.Config{
		In: string(s.In), InFormat: in, Separator: byte(s.Separator),
		Out: string(s.Out), OutFormat: out, CodedOnly: s.CodedOnly, Resume: s.Resume,
		Stream: []client.StreamOption{client.WithStreams(s.Streams)},
	}
	for _, field := range slices.Sorted(maps.Keys(s.Column)) {
		if config.Columns == nil {
			config.Columns = map[corpus.Field]string{}
		}
		if !slices.Contains(corpus.Fields(), corpus.Field(field)) {
			return bulk.Config{}, fail(exitUsage, "--column: %q is none of %s", field, list(corpus.Fields()))
		}
		config.Columns[corpus.Field(field)] = s.Column[field]
	}
	config.Extract = orNil(s.selectionFlags.options())
	return config, checkOptions(config.Extract)
}

func list[S ~string](names []S) string {
	var out []string
	for _, n := range names {
		out = append(out, string(n))
	}
	return strings.Join(out, ", ")
}

func (s *streamCommand) Run(ctx context.Context, c console) error {
	config, err := s.config()
	if err != nil {
		return err
	}
	conn, err := (&serverFlags{s.Server, s.credentialFlags}).dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	config.Extractor = conn
	config.Stdin, config.Stdout, config.Stderr, config.Terminal = c.in, c.out, c.err, onTerminal(c)

	summary, err := bulk.Run(ctx, config)
	if summary.Articles > 0 || err == nil { // also of a corpus that holds none
		summary.Print(c.err)
	}
	if s.Summary != "" && !refused(err) {
		if failed := writeSummary(string(s.Summary), summary); failed != nil {
			return errors.Join(err, failed)
		}
	}
	switch {
	case errors.Is(err, context.Canceled) || status.Code(err) == codes.Canceled:
		if s.In != bulk.Standard && s.Out != bulk.Standard {
			c.say("--resume goes on from here")
		}
		return context.Canceled
	case status.Code(err) == codes.Unavailable:
		return fail(exitUnreachable, "no server answers at %s: %s", s.Server, dialFault(status.Convert(err).Message()))
	case refused(err):
		return fail(exitUsage, "%w", err)
	case err != nil:
		return err
	case summary.ThisRun.Failed > 0:
		return fail(exitIncomplete, "%d articles have no answer, see %s", summary.ThisRun.Failed, bulk.ErrorsPath(string(s.Out)))
	}
	return nil
}

// refused reports whether nothing was done, because the command line does not
// fit the files.
func refused(err error) bool {
	var usage *bulk.UsageError
	return errors.As(err, &usage)
}

func writeSummary(path string, summary bulk.Summary) error {
	text, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// onTerminal reports whether somebody watches standard error.
func onTerminal(c console) bool {
	f, ok := c.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

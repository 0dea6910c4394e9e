package corpus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Standard is the path that means standard input.
const Standard = "-"

// Format is how a file holds articles.
type Format string

const (
	// JSONL is one protojson Article per line; blank lines are skipped.
	JSONL Format = "jsonl"
	// CSV is a header and a row for each article.
	CSV Format = "csv"
	// Parquet is a row for each article, in columns that are not repeated.
	Parquet Format = "parquet"
)

// Formats are all there are.
func Formats() []Format { return []Format{JSONL, CSV, Parquet} }

// FormatOf tells a format from a file's name; empty: the name does not say.
func FormatOf(path string) Format {
	name := strings.ToLower(path)
	for _, ending := range []string{".gz", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, ending)
	}
	switch filepath.Ext(name) {
	case ".jsonl", ".ndjson", ".json":
		return JSONL
	case ".csv", ".tsv":
		return CSV
	case ".parquet", ".pq":
		return Parquet
	}
	return ""
}

// Config says what is read, and how.
type Config struct {
	// Path is the file. Standard is Stdin.
	Path string
	// Format is empty where the file's name and its first bytes say it; what
	// neither does is JSONL.
	Format Format
	// Columns names the columns that fields of the article are read from. A
	// field that it does not name is read from a column of one of the field's
	// usual names, where there is one.
	Columns map[Field]string
	// Separator stands between the cells of CSV; 0: a comma, or a tab in a file
	// called .tsv.
	Separator byte
	// Stdin stands for Standard.
	Stdin io.Reader
}

// UsageError says that the configuration does not fit the file. Nothing was
// read.
type UsageError struct{ err error }

func (e *UsageError) Error() string { return e.err.Error() }
func (e *UsageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Record is an article of the file, or what stands in its place.
type Record struct {
	// Line is where it begins: a line of the text from 1, or a row of Parquet.
	Line int64
	// End is where the next one begins.
	End Position
	// Article is nil where there is none.
	Article *depechev1.Article
	// ID is that of a record that is no article, where it can be told.
	ID string
	// Fault is why there is none: a gRPC status. Nil where there is.
	Fault error
}

// Position is a place between two records.
type Position struct {
	// Line is the last line, or row, before it.
	Line int64 `json:"line"`
	// Offset is the number of bytes before it, decompressed. 0 in Parquet.
	Offset int64 `json:"offset"`
	// Digest is a checksum of what stands before it, if Reader.Mark made it.
	Digest uint32 `json:"digest"`
}

// Reader reads a file. It is for one goroutine, but for Progress.
type Reader struct {
	records    records
	format     Format
	file       *os.File // nil: standard input
	name       string
	size       int64 // bytes of the file; -1: not known
	consumed   *atomic.Int64
	compressed bool
	columns    []string
}

// records are the records of one format.
type records interface {
	// next returns io.EOF after the last one.
	next() (Record, error)
	// seek goes to a place that mark made, before the first record is read.
	seek(Position) error
	// mark completes a record's End with the digest.
	mark(Position) (Position, error)
	close() error
}

// Open opens a file and reads as much of it as tells that it can be read: the
// header of CSV, the footer of Parquet. A fault of the configuration is a
// UsageError.
func Open(ctx context.Context, config Config) (_ *Reader, err error) {
	r := &Reader{name: config.Path, size: -1, consumed: new(atomic.Int64)}
	defer func() {
		if err != nil && r.file != nil {
			err = errors.Join(err, r.file.Close())
		}
	}()
	source, err := r.open(ctx, config)
	if err != nil {
		return nil, err
	}
	head, err := source.head()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.name, err)
	}
	method := compressionOf(head)
	if err := agrees(config.Path, method, len(head)); err != nil {
		return nil, err
	}
	r.compressed = method != plain
	r.format = config.Format
	if r.format == "" {
		r.format = FormatOf(config.Path)
	}
	if r.format == "" && isParquet(head) {
		r.format = Parquet
	}
	source.method = method
	if r.format == "" {
		r.format = JSONL
	}
	if err := r.begin(source, config); err != nil {
		source.close()
		return nil, err
	}
	return r, nil
}

// begin begins to read in the format.
func (r *Reader) begin(source *source, config Config) error {
	if r.format == JSONL && len(config.Columns) > 0 {
		return usage("%s is read as jsonl, whose articles have no columns to choose: leave out --column, or say --in-format csv", r.name)
	}
	if r.format != CSV && config.Separator != 0 {
		return usage("%s is read as %s, and only csv has a separator: leave out --separator, or say --in-format csv", r.name, r.format)
	}
	switch r.format {
	case JSONL:
		lines, err := newJSONL(source)
		if err != nil {
			return err
		}
		r.records = lines
	case CSV:
		rows, err := newCSV(source, config)
		if err != nil {
			return err
		}
		r.records, r.columns = rows, rows.table.said()
	case Parquet:
		rows, err := newParquet(r, config)
		if err != nil {
			return err
		}
		r.records, r.columns = rows, rows.table.said()
	default:
		return usage("%q is no format of articles: want jsonl, csv or parquet", r.format)
	}
	return nil
}

// open opens the file, or standard input.
func (r *Reader) open(ctx context.Context, config Config) (*source, error) {
	if config.Path == Standard {
		r.name = "standard input"
		return &source{name: r.name, stream: bufio.NewReaderSize(interruptible(ctx, config.Stdin), sourceBuffer), consumed: r.consumed}, nil
	}
	file, err := os.Open(config.Path)
	if err != nil {
		return nil, &UsageError{err}
	}
	r.file = file
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, usage("%s is a directory", config.Path)
	}
	if !info.Mode().IsRegular() {
		return &source{name: r.name, stream: bufio.NewReaderSize(interruptible(ctx, file), sourceBuffer), consumed: r.consumed}, nil
	}
	r.size = info.Size()
	return &source{name: r.name, file: file, size: r.size, consumed: r.consumed}, nil
}

// Next returns the next record, or io.EOF.
func (r *Reader) Next() (Record, error) { return r.records.next() }

// Seekable reports whether reading can go on from a Position: not so of standard
// input and pipes.
func (r *Reader) Seekable() bool { return r.size >= 0 }

// Seek goes on from a place that Mark made in an earlier run, before the first
// Next. The error says so where the file is not the same up to there.
func (r *Reader) Seek(to Position) error {
	if to == (Position{}) {
		return nil
	}
	return r.records.seek(to)
}

// Mark makes of a record's End a place to go on from.
func (r *Reader) Mark(at Position) (Position, error) {
	if !r.Seekable() || at == (Position{}) {
		return at, nil
	}
	return r.records.mark(at)
}

// Format is the format that the file is read in.
func (r *Reader) Format() Format { return r.format }

// Columns says which column each field is read from, as "text from body", in
// the order of the fields. Empty for JSONL.
func (r *Reader) Columns() []string { return r.columns }

// Progress is how much of the file is read, and of how much; total is -1 where
// that is not known. The unit is a byte of the file, or a row of Parquet.
func (r *Reader) Progress() (done, total int64) {
	if rows, ok := r.records.(*parquetRecords); ok {
		return r.consumed.Load(), rows.total()
	}
	return r.consumed.Load(), r.size
}

// Close closes the file.
func (r *Reader) Close() error {
	err := r.records.close()
	if r.file != nil {
		err = errors.Join(err, r.file.Close())
	}
	return err
}

// interruptible reads until ctx is done, also where the source has nothing to
// give: a terminal, or a pipe that nobody writes to.
func interruptible(ctx context.Context, source io.Reader) io.Reader {
	reader, writer := io.Pipe()
	go func() { // ends with the source or the process
		_, err := io.Copy(writer, source)
		writer.CloseWithError(err)
	}()
	// A reader that is closed says so of itself; why is for the writer to tell.
	context.AfterFunc(ctx, func() { writer.CloseWithError(context.Cause(ctx)) })
	return reader
}

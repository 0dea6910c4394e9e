package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// isParquet tells Parquet by its first bytes.
func isParquet(head []byte) bool { return bytes.HasPrefix(head, []byte("PAR1")) }

// parquetRecords are the rows of a Parquet file. Only the columns that are read
// are read, page by page.
type parquetRecords struct {
	reader  *Reader
	groups  []parquet.RowGroup
	kinds   []parquetKind // of the mapped columns
	digest  uint32
	rows    int64
	table   *table
	leaves  []int // the leaf column of each mapped one
	group   int   // the one being read
	left    int64 // rows of it that are not read
	at      Position
	cursors []*cursor
}

// readParquet runs work on a Parquet file. The library panics on some files
// that are none of its own; to us that is a fault of the file.
func readParquet(name string, work func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("read %s: not a Parquet file that can be read: %v", name, fault)
		}
	}()
	return work()
}

// parquetBuffer is how much is read at once of each column, in bytes.
const parquetBuffer = 64 << 10

func newParquet(reader *Reader, config Config) (*parquetRecords, error) {
	switch {
	case reader.compressed:
		return nil, usage("%s is compressed as a whole: Parquet is compressed inside, and read from its end", reader.name)
	case !reader.Seekable():
		return nil, usage("%s cannot be read as Parquet, which is read from its end: give a file", reader.name)
	}
	r := &parquetRecords{reader: reader}
	err := readParquet(reader.name, func() error {
		file, err := parquet.OpenFile(reader.file, reader.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(parquetBuffer))
		if err != nil {
			return usage("read %s: %w", reader.name, err)
		}
		r.groups, r.rows = file.RowGroups(), file.NumRows()
		return r.mapColumns(file, config)
	})
	if err != nil {
		return nil, err
	}
	r.digest, err = footerDigest(reader.file, reader.size)
	return r, err
}

// mapColumns finds the columns of the top level that hold one value a row.
func (r *parquetRecords) mapColumns(file *parquet.File, config Config) error {
	var (
		names  []string
		kinds  []parquetKind
		leaves []int
	)
	for _, column := range file.Root().Columns() {
		if !column.Leaf() || column.Repeated() {
			continue
		}
		names = append(names, column.Name())
		kinds = append(kinds, kindOf(column.Type()))
		leaves = append(leaves, column.Index())
	}
	var err error
	if r.table, err = newTable(r.reader.name, names, config.Columns); err != nil {
		return err
	}
	for _, m := range r.table.mapped {
		kind := kinds[m.column]
		switch {
		case kind == other, m.field != "published" && m.field != "id" && kind != textual:
			return usage("%s: column %q is %s and cannot be %s", r.reader.name, names[m.column], file.Root().Column(names[m.column]).Type(), m.field)
		case m.field == "published" && kind == number:
			return usage("%s: column %q is %s: a number is no date", r.reader.name, names[m.column], file.Root().Column(names[m.column]).Type())
		}
		r.kinds = append(r.kinds, kind)
		r.leaves = append(r.leaves, leaves[m.column])
	}
	return nil
}

// parquetKind is how a column's values are read.
type parquetKind int

const (
	other parquetKind = iota
	textual
	number
	day
	millis
	micros
	nanos
	// A time of day and its date, without a zone: the day is as told.
	localMillis
	localMicros
	localNanos
	int96 // what Spark and Impala once wrote
)

func kindOf(t parquet.Type) parquetKind {
	if logical := t.LogicalType(); logical != nil {
		switch is := logical.Value.(type) {
		case *format.DateType:
			return day
		case *format.TimestampType:
			return kindOfTime(is)
		case *format.StringType, *format.EnumType, *format.JsonType:
			return textual
		case *format.IntType:
			return number
		case nil:
		default:
			return other
		}
	}
	switch t.Kind() {
	case parquet.ByteArray:
		return textual
	case parquet.Int32, parquet.Int64:
		return number
	case parquet.Int96:
		return int96
	}
	return other
}

func kindOfTime(t *format.TimestampType) parquetKind {
	kind := millis
	switch t.Unit.Value.(type) {
	case *format.MicroSeconds:
		kind = micros
	case *format.NanoSeconds:
		kind = nanos
	}
	if !t.IsAdjustedToUTC {
		kind += localMillis - millis
	}
	return kind
}

// read makes a cell of a value.
func (k parquetKind) read(v parquet.Value) cell {
	switch k {
	case day:
		return cell{day: time.Unix(int64(v.Int32())*24*60*60, 0).UTC()}
	case millis:
		return cell{when: time.UnixMilli(v.Int64())}
	case micros:
		return cell{when: time.UnixMicro(v.Int64())}
	case nanos:
		return cell{when: time.Unix(0, v.Int64())}
	case localMillis:
		return cell{day: time.UnixMilli(v.Int64()).UTC()}
	case localMicros:
		return cell{day: time.UnixMicro(v.Int64()).UTC()}
	case localNanos:
		return cell{day: time.Unix(0, v.Int64()).UTC()}
	case int96:
		// Nanoseconds of the day, and a Julian day.
		const julianEpoch = 2440588
		x := v.Int96()
		inDay := int64(x[1])<<32 | int64(x[0])
		return cell{when: time.Unix((int64(x[2])-julianEpoch)*24*60*60, inDay)}
	case number:
		return cell{text: fmt.Sprint(v)}
	}
	return cell{text: string(v.ByteArray())}
}

func (r *parquetRecords) next() (out Record, err error) {
	err = readParquet(r.reader.name, func() error {
		out, err = r.nextRow()
		return err
	})
	return out, err
}

func (r *parquetRecords) nextRow() (Record, error) {
	for r.left == 0 {
		if r.group >= len(r.groups) {
			return Record{}, io.EOF
		}
		if err := r.openGroup(0); err != nil {
			return Record{}, err
		}
	}
	values := make(map[mapping]parquet.Value, len(r.cursors))
	kinds := make(map[mapping]parquetKind, len(r.cursors))
	for i, c := range r.cursors {
		v, err := c.next()
		if err != nil {
			return Record{}, fmt.Errorf("read %s after row %d: %w", r.reader.name, r.at.Line, err)
		}
		values[r.table.mapped[i]], kinds[r.table.mapped[i]] = v, r.kinds[i]
	}
	r.left--
	r.at.Line++
	r.reader.consumed.Store(r.at.Line)
	if r.left == 0 {
		r.closeGroup()
		r.group++
	}
	out := Record{Line: r.at.Line, End: r.at}
	r.table.read(&out, func(m mapping) (cell, bool) {
		v := values[m]
		if v.IsNull() || v.Kind() == parquet.ByteArray && len(v.ByteArray()) == 0 {
			return cell{}, false
		}
		return kinds[m].read(v), true
	})
	return out, nil
}

// openGroup opens the columns of the row group at the row that is next.
func (r *parquetRecords) openGroup(skip int64) error {
	group := r.groups[r.group]
	r.left = group.NumRows() - skip
	if r.left <= 0 {
		r.left = 0
		r.group++
		return nil
	}
	chunks := group.ColumnChunks()
	for i := range r.leaves {
		c := &cursor{pages: chunks[r.leaves[i]].Pages()}
		r.cursors = append(r.cursors, c)
		if skip > 0 {
			if err := c.pages.SeekToRow(skip); err != nil {
				return fmt.Errorf("read %s after row %d: %w", r.reader.name, r.at.Line, err)
			}
		}
	}
	return nil
}

func (r *parquetRecords) closeGroup() {
	for _, c := range r.cursors {
		c.close()
	}
	r.cursors = nil
}

func (r *parquetRecords) seek(to Position) error {
	if to.Digest != r.digest {
		return usage("%s is not the file that the run was begun with: its footer differs", r.reader.name)
	}
	skip := to.Line
	for r.group < len(r.groups) && skip >= r.groups[r.group].NumRows() {
		skip -= r.groups[r.group].NumRows()
		r.group++
	}
	r.at = Position{Line: to.Line}
	r.reader.consumed.Store(to.Line)
	if r.group == len(r.groups) {
		return nil
	}
	return readParquet(r.reader.name, func() error { return r.openGroup(skip) })
}

func (r *parquetRecords) mark(at Position) (Position, error) {
	at.Digest = r.digest
	return at, nil
}

func (r *parquetRecords) total() int64 { return r.rows }

func (r *parquetRecords) close() error {
	return readParquet(r.reader.name, func() error {
		r.closeGroup()
		return nil
	})
}

// footerDigest is a checksum of the size of a file and of its footer, which
// holds the sizes and places of all columns: what tells one Parquet file from
// another without reading it.
func footerDigest(file io.ReaderAt, size int64) (uint32, error) {
	var tail [8]byte
	if _, err := file.ReadAt(tail[:], size-int64(len(tail))); err != nil {
		return 0, err
	}
	length := int64(uint32(tail[0]) | uint32(tail[1])<<8 | uint32(tail[2])<<16 | uint32(tail[3])<<24)
	begin := max(0, size-int64(len(tail))-length)
	digest := crc32.New(castagnoli)
	fmt.Fprint(digest, size)
	_, err := io.Copy(digest, io.NewSectionReader(file, begin, size-begin))
	return digest.Sum32(), err
}

// cursor goes through the values of a column, of which there is one a row.
type cursor struct {
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	buffer [64]parquet.Value
	ready  []parquet.Value
}

// next returns a value that is valid until the one after it.
func (c *cursor) next() (parquet.Value, error) {
	for len(c.ready) == 0 {
		if c.values == nil {
			if err := c.turn(); err != nil {
				return parquet.Value{}, err
			}
		}
		n, err := c.values.ReadValues(c.buffer[:])
		c.ready = c.buffer[:n]
		if err != nil && !errors.Is(err, io.EOF) {
			return parquet.Value{}, err
		}
		if err != nil {
			c.values = nil // the page is done, but holds what is ready
		} else if n == 0 {
			return parquet.Value{}, io.ErrNoProgress
		}
	}
	v := c.ready[0]
	c.ready = c.ready[1:]
	return v, nil
}

// turn goes to the next page.
func (c *cursor) turn() error {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
	page, err := c.pages.ReadPage()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF // fewer values than rows
	}
	if err != nil {
		return err
	}
	c.page, c.values = page, page.Values()
	return nil
}

func (c *cursor) close() {
	if c.page != nil {
		parquet.Release(c.page)
	}
	_ = c.pages.Close() // nothing was written
}

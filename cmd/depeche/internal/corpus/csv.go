package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvRecords are rows of CSV (RFC 4180). encoding/csv is not used because of
// three things that a corpus needs: a quote that is never closed costs its own
// row, and neither the memory nor the rows behind it; cells keep their bytes,
// CRLF included; and every row ends at a known offset.
type csvRecords struct {
	source    *source
	lines     *lineReader
	separator byte
	table     *table
	held      []line // read ahead of a row that turned out to be none
	cells     [][]byte
}

func newCSV(from *source, config Config) (*csvRecords, error) {
	r := &csvRecords{source: from, separator: config.Separator}
	if r.separator == 0 {
		r.separator = ','
		if strings.Contains(strings.ToLower(config.Path), ".tsv") {
			r.separator = '\t'
		}
	}
	if strings.ContainsRune("\"\r\n", rune(r.separator)) {
		return nil, usage("%q cannot separate cells", r.separator)
	}
	text, err := from.text()
	if err != nil {
		return nil, err
	}
	r.lines = newLineReader(from.name, text, Position{}, false, from.method != plain)
	header, err := r.row()
	switch {
	case err == io.EOF:
		return nil, usage("%s is empty: CSV begins with a header", from.name)
	case err != nil:
		return nil, err
	case header.fault != nil:
		return nil, usage("%s: the header, line %d: %w", from.name, header.begin, header.fault)
	}
	var columns []string
	for _, name := range header.cells {
		columns = append(columns, strings.ToValidUTF8(strings.TrimSpace(string(name)), "\ufffd"))
	}
	r.table, err = newTable(from.name, columns, config.Columns)
	if err == nil {
		return r, nil
	}
	if len(columns) == 1 && strings.ContainsAny(columns[0], ";\t|") {
		err = usage("%w; another --separator?", err)
	}
	return nil, err
}

func (r *csvRecords) next() (Record, error) {
	row, err := r.row()
	if err != nil {
		return Record{}, err
	}
	out := Record{Line: row.begin, End: row.end}
	fault := row.fault
	if fault == nil && len(row.cells) != len(r.table.columns) {
		fault = fmt.Errorf("the row has %d cells, the header %d", len(row.cells), len(r.table.columns))
	}
	if fault != nil {
		out.Fault = invalid("%v", fault)
		return out, nil
	}
	r.table.read(&out, func(m mapping) (cell, bool) {
		text := row.cells[m.column]
		return cell{text: string(text)}, len(text) > 0
	})
	return out, nil
}

// csvRow is a row, or what stands in its place.
type csvRow struct {
	begin int64 // line
	end   Position
	cells [][]byte // valid until the next row
	fault error
}

var (
	errBareQuote  = errors.New(`a quote inside a cell that does not begin with one`)
	errAfterQuote = errors.New(`something after the quote that ends a cell; a quote inside is written ""`)
	errOpenQuote  = errors.New("a quote is opened and never closed")
	errLongRow    = fmt.Errorf("the row is longer than %d MiB", MaxRecord>>20)
)

// row returns the next row, or io.EOF. Where the quotes of a row make no sense,
// its first line alone is at fault, and the lines after it are read anew: most
// of them are rows.
func (r *csvRecords) row() (csvRow, error) {
	var first line
	for {
		var err error
		if first, err = r.line(); err != nil {
			return csvRow{}, err
		}
		if len(bytes.TrimSpace(first.text)) > 0 {
			break
		}
	}
	out := csvRow{begin: first.end.Line, end: first.end}
	if first.tooLong {
		out.fault = errLongRow
		return out, nil
	}
	r.cells = r.cells[:0]
	p := cellParser{separator: r.separator, cells: r.cells}
	done, fault := p.line(first.text)
	if done || fault != nil {
		out.cells, out.fault = p.cells, fault
		r.cells = p.cells
		return out, nil //nolint:nilerr // the fault is the row's
	}
	// The row goes on: from here on lines are kept, in case it is none.
	size := len(first.text)
	var ahead []line
	for {
		next, err := r.line()
		if err == io.EOF {
			out.fault = errOpenQuote
			break
		}
		if err != nil {
			return csvRow{}, err
		}
		next.text = slices.Clone(next.text)
		ahead = append(ahead, next)
		if size += len(next.text); size > MaxRecord || next.tooLong {
			out.fault = errOpenQuote // or a cell that no message could carry
			break
		}
		done, err := p.line(next.text)
		if err != nil {
			out.fault = err
			break
		}
		if done {
			out.end, out.cells = next.end, p.cells
			r.cells = p.cells
			return out, nil
		}
	}
	r.held = append(ahead, r.held...)
	return out, nil
}

// line returns the next line, of those that are held first.
func (r *csvRecords) line() (line, error) {
	if len(r.held) > 0 {
		next := r.held[0]
		r.held[0].text = nil
		r.held = r.held[1:]
		return next, nil
	}
	return r.lines.next()
}

func (r *csvRecords) seek(to Position) error {
	text, midLine, err := r.source.textAt(to)
	if err != nil {
		return err
	}
	r.held = nil
	r.lines = newLineReader(r.source.name, text, to, midLine, r.source.method != plain)
	return nil
}

func (r *csvRecords) mark(at Position) (Position, error) { return r.source.mark(at) }

func (r *csvRecords) close() error {
	r.source.close()
	return nil
}

// cellParser takes a row apart, line by line.
type cellParser struct {
	separator byte
	cells     [][]byte
	cell      []byte
	within    bool // a quoted cell goes on in the next line
}

// line reads a line with its ending; done: the row ends with it.
func (p *cellParser) line(text []byte) (done bool, err error) {
	for {
		if p.within {
			at := bytes.IndexByte(text, '"')
			if at < 0 {
				p.cell = append(p.cell, text...)
				return false, nil
			}
			p.cell = append(p.cell, text[:at]...)
			text = text[at+1:]
			if len(text) > 0 && text[0] == '"' {
				p.cell = append(p.cell, '"')
				text = text[1:]
				continue
			}
			p.within = false
			p.end()
			switch {
			case ended(text):
				return true, nil
			case text[0] != p.separator:
				return false, errAfterQuote
			}
			text = text[1:]
			continue
		}
		if len(text) > 0 && text[0] == '"' {
			p.within = true
			text = text[1:]
			continue
		}
		at := bytes.IndexByte(text, p.separator)
		last := at < 0
		if last {
			at = len(text) - len(ending(text))
		}
		if bytes.IndexByte(text[:at], '"') >= 0 {
			return false, errBareQuote
		}
		p.cell = append(p.cell, text[:at]...)
		p.end()
		if last {
			return true, nil
		}
		text = text[at+1:]
	}
}

// end ends a cell. Its bytes are a copy: the line they are from goes.
func (p *cellParser) end() {
	p.cells = append(p.cells, p.cell)
	p.cell = nil
}

func ended(text []byte) bool { return len(text) == len(ending(text)) }

// ending is the line's ending at the end of text.
func ending(text []byte) []byte {
	switch {
	case bytes.HasSuffix(text, []byte("\r\n")):
		return text[len(text)-2:]
	case bytes.HasSuffix(text, []byte("\n")), bytes.HasSuffix(text, []byte("\r")): // \r: the file's last
		return text[len(text)-1:]
	}
	return nil
}

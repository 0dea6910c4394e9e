// Package table reads the project's knowledge files: tab-separated values that
// a political scientist can edit, with # comments, a header line, and faults
// told by file and line.
package table

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// maxFaults bounds the faults told of one file, so that a file of the wrong
// format is told in a screenful.
const maxFaults = 20

// Row is one line of a table.
type Row struct {
	File string
	Line int // from 1
	cols map[string]int
	vals []string
}

// Get returns the value under the header column, trimmed; empty where the line
// ends before it. It panics for a column that Read was not asked for.
func (r Row) Get(column string) string {
	i, ok := r.cols[column]
	if !ok {
		panic("table: no column " + column)
	}
	if i >= len(r.vals) {
		return ""
	}
	return r.vals[i]
}

// List returns the values under the header column that "|" separates, trimmed,
// without empty ones.
func (r Row) List(column string) []string {
	v := r.Get(column)
	if v == "" {
		return nil
	}
	var out []string
	for p := range strings.SplitSeq(v, "|") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// Errorf returns an error that names the row's file and line.
func (r Row) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", r.File, r.Line, fmt.Errorf(format, args...))
}

// Read calls each for every row of the table name in fsys, whose first line
// that is no comment must be the header columns in this order. It returns all
// faults joined, up to 20: an unreadable file, a wrong header, a row with more
// values than the header, and what each returns.
func Read(fsys fs.FS, name string, columns []string, each func(Row) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()

	cols := make(map[string]int, len(columns))
	for i, c := range columns {
		cols[c] = i
	}
	var faults []error
	var header bool
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for line := 1; in.Scan() && len(faults) < maxFaults; line++ {
		s := strings.TrimSuffix(in.Text(), "\r")
		if strings.TrimSpace(s) == "" || s[0] == '#' {
			continue
		}
		row := Row{File: name, Line: line, cols: cols, vals: strings.Split(s, "\t")}
		for i := range row.vals {
			row.vals[i] = strings.TrimSpace(row.vals[i])
		}
		switch {
		case !header:
			if !slices.Equal(row.vals, columns) {
				return row.Errorf("header is %q, want %q", row.vals, columns)
			}
			header = true
		case len(row.vals) > len(columns):
			faults = append(faults, row.Errorf("%d values under %d columns", len(row.vals), len(columns)))
		default:
			if err := each(row); err != nil {
				faults = append(faults, err)
			}
		}
	}
	if err := in.Err(); err != nil {
		faults = append(faults, fmt.Errorf("%s: %w", name, err))
	}
	if !header && len(faults) == 0 {
		faults = append(faults, fmt.Errorf("%s: no header line", name))
	}
	return errors.Join(faults...)
}

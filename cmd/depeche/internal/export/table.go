package export

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// codebook is the shape of a published data set: CSV with a header.
type codebook struct {
	columns []string
	// never are the columns that nothing is known for: their cells are empty and
	// not counted.
	never []string
	// rowsOf are an event's rows. None: why the data set would not have it.
	rowsOf func(h *happening) (rows []row, why string)
	// book is whose code an event is counted for.
	book      depechev1.Codebook
	codedOnly bool
}

// row is the cells that are known, by column.
type row map[string]string

func (c *codebook) head() []byte { return csvLine(nil, c.columns) }
func (c *codebook) tail() []byte { return nil }

func (c *codebook) rows(to []byte, answer Answer, tally *Tally) ([]byte, error) {
	for _, h := range happenings(answer) {
		if why, ok := h.happened(); !ok {
			add(&tally.LeftOut, why)
			continue
		}
		if c.book != 0 && h.coding(c.book) == nil {
			add(&tally.Uncoded, typeName(h.GetType()))
			if c.codedOnly {
				add(&tally.LeftOut, "no code")
				continue
			}
		}
		rows, why := c.rowsOf(&h)
		if len(rows) == 0 {
			add(&tally.LeftOut, why)
		}
		for _, r := range rows {
			tally.Rows++
			cells := make([]string, len(c.columns))
			for i, column := range c.columns {
				cells[i] = inert(r[column])
				if cells[i] == "" && !slices.Contains(c.never, column) {
					add(&tally.Empty, column)
				}
			}
			to = csvLine(to, cells)
		}
	}
	return to, nil
}

// inert is a cell that no spreadsheet takes for a formula. Names and sentences are
// the words of whoever wrote an article, and others open the table.
func inert(cell string) string {
	if cell == "" || !strings.Contains("=+-@\t\r", cell[:1]) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}

func csvLine(to []byte, cells []string) []byte {
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	_ = w.Write(cells) // a buffer takes everything
	w.Flush()
	return append(to, line.Bytes()...)
}

// number is a count as codebooks write it; empty where there is none.
func number(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// degrees is a coordinate.
func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

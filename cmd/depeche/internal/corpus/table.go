package corpus

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Field is a field of an article that a column can be read into, by its name in
// the contract; published is publish_date or publish_time, as the cell has it.
type Field string

// The fields, and the column names that each is looked for under, the first of
// them first, in any case.
var fields = []struct {
	field Field
	usual []string
}{
	{"id", []string{"id", "article_id", "guid", "uuid"}},
	{"text", []string{"text", "body", "content", "texte", "corps"}},
	{"html", []string{"html"}},
	{"raw", []string{"raw"}},
	{"content_type", []string{"content_type", "mime_type"}},
	{"title", []string{"title", "headline", "titre"}},
	{"language", []string{"language", "lang", "langue"}},
	{"published", []string{"published", "publish_time", "publish_date", "published_at", "publication_date", "date"}},
	{"time_zone", []string{"time_zone", "timezone"}},
	{"source", []string{"source", "outlet", "publisher"}},
	{"url", []string{"url", "link"}},
}

// bodies are the fields of which an article has one.
var bodies = []Field{"text", "html", "raw"}

// Fields are the fields that a column can be read into.
func Fields() []Field {
	var out []Field
	for _, f := range fields {
		out = append(out, f.field)
	}
	return out
}

// table says which column holds which field.
type table struct {
	columns []string // the file's
	mapped  []mapping
}

type mapping struct {
	field  Field
	column int
}

// newTable maps the columns of a file.
func newTable(name string, columns []string, wanted map[Field]string) (*table, error) {
	t := &table{columns: columns}
	known := Fields()
	for _, field := range slices.Sorted(maps.Keys(wanted)) {
		if !slices.Contains(known, field) {
			return nil, usage("--column %s=%s: %q is no field of an article: there are %s", field, wanted[field], field, joined(known))
		}
	}
	for _, f := range fields {
		column, ok := wanted[f.field]
		var at int
		if ok {
			if at = slices.Index(columns, column); at < 0 {
				return nil, usage("%s has no column %q for %s: there are %s", name, column, f.field, quoted(columns))
			}
			if slices.Index(columns[at+1:], column) >= 0 {
				return nil, usage("%s has two columns %q", name, column)
			}
		} else {
			at = usualColumn(columns, f.usual)
		}
		if at >= 0 {
			t.mapped = append(t.mapped, mapping{f.field, at})
		}
	}
	if !slices.ContainsFunc(t.mapped, func(m mapping) bool { return slices.Contains(bodies, m.field) }) {
		return nil, usage("%s has no column that is known to hold the articles' text: there are %s; say which with --column text=NAME", name, quoted(columns))
	}
	return t, nil
}

func usualColumn(columns, usual []string) int {
	for _, name := range usual {
		if at := slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, name) }); at >= 0 {
			return at
		}
	}
	return -1
}

// said tells what is read from where.
func (t *table) said() []string {
	var out []string
	for _, m := range t.mapped {
		out = append(out, fmt.Sprintf("%s from %s", m.field, t.columns[m.column]))
	}
	return out
}

func joined[S ~string](names []S) string {
	var out []string
	for _, n := range names {
		out = append(out, string(n))
	}
	return strings.Join(out, ", ")
}

func quoted(names []string) string {
	const most = 50
	var out []string
	for i, n := range names {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		out = append(out, strconv.Quote(n))
	}
	return strings.Join(out, ", ")
}

// cell is what a column holds in one row.
type cell struct {
	text string
	day  time.Time // a column of dates; else zero
	when time.Time // a column of moments; else zero
}

// read makes an article of a row, or says why it is none; cellOf returns false
// for an empty cell, which is as an absent one.
func (t *table) read(out *Record, cellOf func(mapping) (cell, bool)) {
	a := &depechev1.Article{}
	if out.Fault = t.fill(a, cellOf); out.Fault != nil {
		out.ID = strings.ToValidUTF8(a.GetId(), "\ufffd")
		return
	}
	out.Article = a
}

// fill reads the cells of a row into a, its id before all others.
func (t *table) fill(a *depechev1.Article, cellOf func(mapping) (cell, bool)) error {
	var body Field
	for _, m := range t.mapped {
		c, ok := cellOf(m)
		if !ok {
			continue
		}
		if slices.Contains(bodies, m.field) {
			if body != "" {
				return invalid("both %s and %s are given: an article has one body", body, m.field)
			}
			body = m.field
		}
		if err := set(a, m.field, c); err != nil {
			return invalid("column %q: %v", t.columns[m.column], err)
		}
	}
	return nil
}

func invalid(format string, args ...any) error {
	return status.Error(codes.InvalidArgument, strings.ToValidUTF8(fmt.Sprintf(format, args...), "\ufffd"))
}

func set(a *depechev1.Article, field Field, c cell) error {
	switch field {
	case "id":
		a.Id = c.text
	case "text":
		a.Body = &depechev1.Article_Text{Text: c.text}
	case "html":
		a.Body = &depechev1.Article_Html{Html: c.text}
	case "raw":
		a.Body = &depechev1.Article_Raw{Raw: []byte(c.text)}
	case "content_type":
		a.ContentType = c.text
	case "title":
		a.Title = c.text
	case "language":
		a.Language = c.text
	case "published":
		return publish(a, c)
	case "time_zone":
		a.TimeZone = c.text
	case "source":
		a.Source = c.text
	case "url":
		a.Url = c.text
	}
	return nil
}

// The forms of a day with its time but without a zone: the day is as told.
var localForms = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

func publish(a *depechev1.Article, c cell) error {
	text := strings.TrimSpace(c.text)
	switch {
	case !c.when.IsZero():
		a.Published = &depechev1.Article_PublishTime{PublishTime: timestamppb.New(c.when)}
		return nil
	case !c.day.IsZero():
		a.Published = &depechev1.Article_PublishDate{PublishDate: civil(c.day)}
		return nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00"} {
		if moment, err := time.Parse(form, text); err == nil {
			a.Published = &depechev1.Article_PublishTime{PublishTime: timestamppb.New(moment)}
			return nil
		}
	}
	for _, form := range append([]string{time.DateOnly}, localForms...) {
		if day, err := time.Parse(form, text); err == nil {
			a.Published = &depechev1.Article_PublishDate{PublishDate: civil(day)}
			return nil
		}
	}
	const most = 40
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Errorf("%q is neither a day such as 2016-12-11 nor a moment such as 2016-12-11T23:30:00+01:00", text)
}

func civil(t time.Time) *depechev1.Date {
	return &depechev1.Date{Year: int32(t.Year()), Month: int32(t.Month()), Day: int32(t.Day())}
}

package timex

import (
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/text"
)

// FindReference returns the day that t's relative times are read against: the
// given one, if it is a full date; else the day that the article's own date
// line states; else the latest full date that it tells, of those that its
// words do not put into the future. It returns nil where there is none, and
// never today's date.
func FindReference(given Date, t *text.Text, g Grammar) *Reference {
	if given.Day != 0 && given.Valid() {
		return &Reference{Date: given, Basis: Given}
	}
	var s search
	s.document(t.Document, g)
	if s.stated.Basis != 0 {
		return &s.stated
	}
	if s.latest.Basis != 0 {
		return &s.latest
	}
	return nil
}

// A date line stands in the first segments of its text, or, as a byline, in
// its boilerplate; it is short.
const (
	datelineSegments = 6   // told segments looked at
	datelineBytes    = 400 // of each segment
	datelineBefore   = 40  // bytes before the date in its line: «PARIS (AFP), le »
	alone            = 70  // a line that is not much more than its date
)

type search struct {
	stated, latest Reference
	words          []text.Word
	spans          []article.Span
	exprs          []Expr
}

func (s *search) document(d *article.Document, g Grammar) {
	told := 0
	for _, seg := range d.Segments {
		if !seg.Kind.Told() && seg.Kind != article.Boilerplate {
			continue // a teaser's dates are other articles'
		}
		byline := seg.Kind == article.Boilerplate
		if !byline {
			told++
		}
		for line := range lines(d, seg.Span) {
			if byline && line.End-line.Begin > datelineBytes {
				continue
			}
			s.line(d, line, g, byline, told <= datelineSegments)
			if s.stated.Basis != 0 {
				return
			}
		}
	}
}

// line looks for the article's date in one line.
func (s *search) line(d *article.Document, line article.Span, g Grammar, byline, first bool) {
	s.split(d, line)
	s.exprs = g.Append(s.exprs[:0], s.words)
	for i := range s.exprs {
		e := &s.exprs[i]
		date := e.From.Date
		if e.Kind != Point || e.Span != At || e.From.Anchor != Calendar || e.From.Count != 0 || date.Day == 0 || !date.Valid() {
			continue
		}
		span := article.Span{Begin: s.spans[e.First].Begin, End: s.spans[e.Last-1].End, Field: line.Field}
		if (byline || first) && (e.Publication || dateline(d, line, span)) {
			s.stated = Reference{Date: date, Basis: StatedInText, Span: span}
			return
		}
		if !byline && e.Cue != Future && date.key() > s.latest.Date.key() {
			s.latest = Reference{Date: date, Basis: Inferred, Span: span}
		}
	}
}

// dateline reports whether the date at span is the line's own: it opens the
// line and a mark that closes a date line follows («22 juin 2012. - ...»), or
// the line is hardly more than it.
func dateline(d *article.Document, line, span article.Span) bool {
	if span.Begin-line.Begin > datelineBefore {
		return false
	}
	if line.End-line.Begin <= alone && line.End-span.End <= datelineBefore {
		return true
	}
	after := d.Text(article.Span{Begin: span.End, End: min(line.End, span.End+24), Field: line.Field})
	marks := 0
	for _, r := range after {
		switch {
		case unicode.IsSpace(r):
		case r == '-' || r == '–' || r == '—' || r == '(' || r == '|':
			return true
		case r == '.' || r == ':' || r == ',':
			if marks++; r == ':' {
				return true
			}
		default:
			return false
		}
	}
	return false
}

// lines yields the lines of a span that are not blank.
func lines(d *article.Document, span article.Span) func(yield func(article.Span) bool) {
	return func(yield func(article.Span) bool) {
		s := d.Text(span)
		start := 0
		for i := 0; i <= len(s); i++ {
			if i < len(s) && s[i] != '\n' && s[i] != '\r' {
				continue
			}
			if i > start && !yield(article.Span{Begin: span.Begin + start, End: span.Begin + i, Field: span.Field}) {
				return
			}
			start = i + 1
		}
	}
}

// split cuts a line into words for the grammar: runs of letters and digits,
// with the marks inside them that a date or an elision has. A line of
// boilerplate has no tokens of its own.
func (s *search) split(d *article.Document, line article.Span) {
	s.words, s.spans = s.words[:0], s.spans[:0]
	src := d.Text(line)
	const maxWords = 2000
	for i := 0; i < len(src) && len(s.words) < maxWords; {
		r, size := utf8.DecodeRuneInString(src[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		end := i + size
		if inWord(r) {
			for end < len(src) {
				r, size := utf8.DecodeRuneInString(src[end:])
				if r == '\'' || r == '’' {
					end += size
					if elided(src[i : end-size]) {
						break
					}
					continue
				}
				next, _ := utf8.DecodeRuneInString(src[end+size:])
				if !inWord(r) && (!inDate(r) || !inWord(next)) {
					break
				}
				end += size
			}
		}
		s.words = append(s.words, text.Word{Form: src[i:end], Token: len(s.words)})
		s.spans = append(s.spans, article.Span{Begin: line.Begin + i, End: line.Begin + end, Field: line.Field})
		i = end
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func inDate(r rune) bool { return r == '/' || r == '-' || r == ':' || r == '.' }

// elided reports whether an apostrophe after s ends a word: l', d', qu'. That
// of «aujourd'hui» does not.
func elided(s string) bool { return len(s) <= 2 }

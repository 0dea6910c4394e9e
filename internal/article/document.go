// Package article reads a submitted article into marked segments: what is the
// article's own text, and what the page around it left behind.
package article

// Field names one of the two texts of an article.
type Field uint8

// The fields. The zero Field is the body.
const (
	Body Field = iota
	Title
)

// Span is the piece [Begin, End) of a field, in bytes of UTF-8. Both ends
// stand on rune boundaries.
type Span struct {
	Begin, End int
	Field      Field
}

// Contains reports whether t lies wholly in s.
func (s Span) Contains(t Span) bool {
	return s.Field == t.Field && s.Begin <= t.Begin && t.End <= s.End
}

// Overlaps reports whether s and t share a byte.
func (s Span) Overlaps(t Span) bool {
	return s.Field == t.Field && s.Begin < t.End && t.Begin < s.End
}

// Before reports whether s begins before t in reading order: the title first.
// Of two spans that begin together the longer stands first.
func (s Span) Before(t Span) bool {
	if s.Field != t.Field {
		return s.Field == Title
	}
	if s.Begin != t.Begin {
		return s.Begin < t.Begin
	}
	return s.End > t.End
}

// Compare orders spans as Before does: -1 where s stands first, 0 for the same
// span.
func (s Span) Compare(t Span) int {
	switch {
	case s.Before(t):
		return -1
	case t.Before(s):
		return 1
	}
	return 0
}

// SegmentKind says what a part of an article is.
type SegmentKind uint8

// The kinds of segment.
const (
	// Heading is a headline, or a heading inside the article.
	Heading SegmentKind = iota + 1
	// Prose is the article's own text.
	Prose
	// Caption is the words under a picture.
	Caption
	// Teaser is the headline or lead of another article.
	Teaser
	// Boilerplate is consent banners, share buttons, bylines and the like.
	Boilerplate
)

// Told reports whether the article itself speaks in segments of kind k, so
// that events may be reported from them.
func (k SegmentKind) Told() bool { return k == Heading || k == Prose || k == Caption }

// Segment is a part of the article. Segments don't overlap and hold no white
// space at their ends.
type Segment struct {
	Kind SegmentKind
	Span Span
	// Reason says in stable words, such as "consent", what told a Teaser or
	// Boilerplate segment apart; empty for the others.
	Reason string
}

// Document is an article as read: its two texts and their segments, in reading
// order. It is not changed after it is made.
type Document struct {
	Title, Body string
	Segments    []Segment
}

// Text returns the text of s.
func (d *Document) Text(s Span) string {
	if s.Field == Title {
		return d.Title[s.Begin:s.End]
	}
	return d.Body[s.Begin:s.End]
}

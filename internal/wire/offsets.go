package wire

import (
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// spans writes byte spans of a document in the offsets of an encoding.
type spans struct {
	doc *article.Document
	// body and title give the offset of each byte; nil: bytes are the offsets.
	body, title []uint32
}

func newSpans(doc *article.Document, encoding depechev1.OffsetEncoding) *spans {
	s := &spans{doc: doc}
	if encoding != depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8 {
		s.body, s.title = offsets(doc.Body, encoding), offsets(doc.Title, encoding)
	}
	return s
}

// offsets returns, for each byte of text at which a rune begins and for its
// end, how many units stand before it.
func offsets(text string, encoding depechev1.OffsetEncoding) []uint32 {
	if ascii(text) {
		return nil
	}
	out := make([]uint32, len(text)+1)
	var n uint32
	for i, r := range text {
		out[i] = n
		n++
		if encoding == depechev1.OffsetEncoding_OFFSET_ENCODING_UTF16 && r > 0xFFFF {
			n++
		}
	}
	out[len(text)] = n
	return out
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (s *spans) wire(sp article.Span) *depechev1.Span {
	out := &depechev1.Span{Begin: uint32(sp.Begin), End: uint32(sp.End), Text: s.doc.Text(sp)}
	table := s.body
	if sp.Field == article.Title {
		out.Field = depechev1.Field_FIELD_TITLE
		table = s.title
	}
	if table != nil {
		out.Begin, out.End = table[sp.Begin], table[sp.End]
	}
	return out
}

func (s *spans) optional(sp *article.Span) *depechev1.Span {
	if sp == nil {
		return nil
	}
	return s.wire(*sp)
}

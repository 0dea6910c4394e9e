package treebank

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/conllu"
)

// Document makes an article of a treebank: a segment for each paragraph.
func Document(sentences []*conllu.Sentence) *article.Document {
	var b strings.Builder
	var d article.Document
	begin := 0
	for i, s := range sentences {
		if i > 0 {
			if startsParagraph(s) {
				d.Segments = append(d.Segments, article.Segment{Kind: article.Prose, Span: article.Span{Begin: begin, End: b.Len()}})
				b.WriteString("\n\n")
				begin = b.Len()
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(s.Text())
	}
	d.Segments = append(d.Segments, article.Segment{Kind: article.Prose, Span: article.Span{Begin: begin, End: b.Len()}})
	d.Body = b.String()
	return &d
}

// startsParagraph reports whether a paragraph or document begins with s.
func startsParagraph(s *conllu.Sentence) bool {
	for _, c := range s.Comments {
		if strings.HasPrefix(c, "newpar") || strings.HasPrefix(c, "newdoc") {
			return true
		}
	}
	return false
}

// Characters returns the treebank's text without white space.
func Characters(sentences []*conllu.Sentence) []rune {
	var all []rune
	for _, s := range sentences {
		for _, t := range s.Tokens() {
			all = append(all, []rune(strings.Join(strings.Fields(t.Form), ""))...)
		}
	}
	return all
}

// Counter counts the characters that are no white space up to a byte.
type Counter []int32

// NewCounter counts through s.
func NewCounter(s string) Counter {
	c := make(Counter, len(s)+1)
	n := int32(0)
	for i, r := range s {
		for j := i; j < i+max(1, utf8.RuneLen(r)) && j < len(s); j++ {
			c[j] = n
		}
		if !unicode.IsSpace(r) {
			n++
		}
	}
	c[len(s)] = n
	return c
}

// At returns the number of characters before byte i.
func (c Counter) At(i int) int { return int(c[i]) }

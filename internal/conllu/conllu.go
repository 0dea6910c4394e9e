// Package conllu reads and writes CoNLL-U, the format of the Universal
// Dependencies treebanks (universaldependencies.org/format.html).
package conllu

import "strings"

// Sentence is one sentence of a treebank.
type Sentence struct {
	// Comments are the lines before the words, without the leading "#" and
	// the white space around: "sent_id = x", "text = …", "newpar".
	Comments []string
	// Words are the syntactic words. Empty nodes (8.1) are not kept.
	Words []Word
	// Multi are the surface tokens that stand for several words, in order.
	Multi []Multi
}

// Word is one line of ten columns, less its number, which is its index in
// Sentence.Words plus one. Columns that hold "_" alone are empty strings here,
// but for a Form or Lemma that is the underscore itself.
type Word struct {
	Form  string
	Lemma string
	UPOS  string
	XPOS  string
	Feats string
	// Head is the index in Sentence.Words of the governor: -1 for the root,
	// NoHead where the column is empty.
	Head int
	Rel  string
	Deps string
	Misc string
}

// NoHead is the Head of a word that is not in a tree.
const NoHead = -2

// Multi is a surface token that stands for the words [First, Last):
// «aux» for à, les.
type Multi struct {
	First, Last int
	Form        string
	Misc        string
}

// Token is a surface token: a word, or the Form of a Multi.
type Token struct {
	First, Last int // of Sentence.Words
	Form        string
	// SpaceAfter is false where MISC says SpaceAfter=No.
	SpaceAfter bool
}

// Comment returns the value of the comment "key = value", and whether there is
// such a comment. A comment that is the key alone has an empty value.
func (s *Sentence) Comment(key string) (string, bool) {
	for _, c := range s.Comments {
		k, v, _ := strings.Cut(c, "=")
		if strings.TrimSpace(k) == key {
			return strings.TrimSpace(v), true
		}
	}
	return "", false
}

// Text returns the sentence as its "text" comment has it, and without one as
// the tokens spell it.
func (s *Sentence) Text() string {
	if t, ok := s.Comment("text"); ok {
		return t
	}
	var b strings.Builder
	for i, t := range s.Tokens() {
		if i > 0 && b.Len() > 0 && s.spaceBefore(t.First) {
			b.WriteByte(' ')
		}
		b.WriteString(t.Form)
	}
	return b.String()
}

// Tokens returns the surface tokens.
func (s *Sentence) Tokens() []Token {
	out := make([]Token, 0, len(s.Words))
	multi := s.Multi
	for i := 0; i < len(s.Words); {
		if len(multi) > 0 && multi[0].First == i {
			m := multi[0]
			multi = multi[1:]
			out = append(out, Token{m.First, m.Last, m.Form, spaceAfter(m.Misc)})
			i = m.Last
			continue
		}
		w := &s.Words[i]
		out = append(out, Token{i, i + 1, w.Form, spaceAfter(w.Misc)})
		i++
	}
	return out
}

// spaceBefore reports whether white space stands before the token that begins
// with word i.
func (s *Sentence) spaceBefore(i int) bool {
	for _, m := range s.Multi {
		if m.Last == i {
			return spaceAfter(m.Misc)
		}
	}
	return spaceAfter(s.Words[i-1].Misc)
}

func spaceAfter(misc string) bool {
	v, ok := Attr(misc, "SpaceAfter")
	return !ok || v != "No"
}

// Attr returns the value of key in a FEATS or MISC column, "a=b|c=d", and
// whether it is there.
func Attr(column, key string) (string, bool) {
	for column != "" {
		var kv string
		kv, column, _ = strings.Cut(column, "|")
		if k, v, ok := strings.Cut(kv, "="); ok && k == key {
			return v, true
		}
	}
	return "", false
}

package conllu

import (
	"bufio"
	"io"
	"strconv"
)

// Writer writes sentences one after the other.
type Writer struct{ out *bufio.Writer }

// NewWriter returns a Writer to w. The caller must Flush it.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriter(w)} }

// Write writes s and the blank line after it. An error of the writer below is
// told by Flush.
func (w *Writer) Write(s *Sentence) {
	for _, c := range s.Comments {
		w.out.WriteString("# ")
		w.out.WriteString(c)
		w.out.WriteByte('\n')
	}
	multi := s.Multi
	for i := range s.Words {
		if len(multi) > 0 && multi[0].First == i {
			m := &multi[0]
			w.out.WriteString(strconv.Itoa(m.First + 1))
			w.out.WriteByte('-')
			w.out.WriteString(strconv.Itoa(m.Last))
			w.columns(m.Form, "", "", "", "", "", "", "", m.Misc)
			multi = multi[1:]
		}
		x := &s.Words[i]
		head := ""
		if x.Head >= -1 {
			head = strconv.Itoa(x.Head + 1)
		}
		w.out.WriteString(strconv.Itoa(i + 1))
		w.columns(x.Form, x.Lemma, x.UPOS, x.XPOS, x.Feats, head, x.Rel, x.Deps, x.Misc)
	}
	w.out.WriteByte('\n')
}

func (w *Writer) columns(vals ...string) {
	for _, v := range vals {
		w.out.WriteByte('\t')
		if v == "" {
			v = "_"
		}
		w.out.WriteString(v)
	}
	w.out.WriteByte('\n')
}

// Flush writes what is buffered and returns the first error met.
func (w *Writer) Flush() error { return w.out.Flush() }

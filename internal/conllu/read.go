package conllu

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// maxLine bounds a line of a treebank, in bytes.
const maxLine = 4 << 20

// Reader reads sentences one after the other.
type Reader struct {
	name string
	in   *bufio.Scanner
	line int
}

// NewReader returns a Reader of r; name is what errors call it.
func NewReader(r io.Reader, name string) *Reader {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	return &Reader{name: name, in: in}
}

// Read returns the next sentence, and io.EOF after the last. An error names
// the file and the line; nothing can be read after it.
func (r *Reader) Read() (*Sentence, error) {
	var s Sentence
	for r.in.Scan() {
		r.line++
		line := strings.TrimSuffix(r.in.Text(), "\r")
		switch {
		case line == "":
			if len(s.Words) == 0 {
				continue // stray blank lines, and comments that go with the file
			}
			return &s, r.check(&s)
		case line[0] == '#' && len(s.Words) == 0:
			s.Comments = append(s.Comments, strings.TrimSpace(line[1:]))
		default:
			if err := s.add(line); err != nil {
				return nil, r.errorf("%w", err)
			}
		}
	}
	if err := r.in.Err(); err != nil {
		return nil, r.errorf("%w", err)
	}
	if len(s.Words) == 0 {
		return nil, io.EOF
	}
	return &s, r.check(&s)
}

// check tells of heads and multiword tokens that point outside the sentence.
func (r *Reader) check(s *Sentence) error {
	for i, w := range s.Words {
		if w.Head >= len(s.Words) {
			return r.errorf("sentence that ends here: word %d has head %d of %d", i+1, w.Head+1, len(s.Words))
		}
	}
	if n := len(s.Multi); n > 0 && s.Multi[n-1].Last > len(s.Words) {
		return r.errorf("sentence that ends here: token %q goes beyond the last word", s.Multi[n-1].Form)
	}
	return nil
}

func (r *Reader) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", r.name, r.line, fmt.Errorf(format, args...))
}

// add takes one line of ten columns.
func (s *Sentence) add(line string) error {
	var col [10]string
	n := 0
	for rest, more := line, true; more; n++ {
		if n == len(col) {
			return errors.New("more than ten columns")
		}
		col[n], rest, more = strings.Cut(rest, "\t")
	}
	if n < len(col) {
		return fmt.Errorf("%d columns, want ten", n)
	}
	if strings.Contains(col[0], ".") {
		return nil // an empty node
	}
	if first, last, ok := strings.Cut(col[0], "-"); ok {
		a, errA := strconv.Atoi(first)
		b, errB := strconv.Atoi(last)
		if errA != nil || errB != nil || a != len(s.Words)+1 || b <= a {
			return fmt.Errorf("token number %q after word %d", col[0], len(s.Words))
		}
		if n := len(s.Multi); n > 0 && s.Multi[n-1].Last >= a {
			return fmt.Errorf("token number %q overlaps the one before", col[0])
		}
		s.Multi = append(s.Multi, Multi{First: a - 1, Last: b, Form: col[1], Misc: blank(col[9])})
		return nil
	}
	if id, err := strconv.Atoi(col[0]); err != nil || id != len(s.Words)+1 {
		return fmt.Errorf("word number %q after word %d", col[0], len(s.Words))
	}
	head := NoHead
	if col[6] != "_" {
		h, err := strconv.Atoi(col[6])
		if err != nil || h < 0 {
			return fmt.Errorf("head %q", col[6])
		}
		head = h - 1
	}
	lemma := col[2]
	if lemma == "_" && col[1] != "_" {
		lemma = ""
	}
	s.Words = append(s.Words, Word{
		Form: col[1], Lemma: lemma, UPOS: blank(col[3]), XPOS: blank(col[4]), Feats: blank(col[5]),
		Head: head, Rel: blank(col[7]), Deps: blank(col[8]), Misc: blank(col[9]),
	})
	return nil
}

func blank(column string) string {
	if column == "_" {
		return ""
	}
	return column
}

// ReadAll returns all sentences of r; name is what errors call it.
func ReadAll(r io.Reader, name string) ([]*Sentence, error) {
	var out []*Sentence
	for in := NewReader(r, name); ; {
		s, err := in.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
}

// ReadFile returns all sentences of a file, unpacked if its name ends in .gz.
func ReadFile(name string) ([]*Sentence, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		return ReadAll(f, name)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return ReadAll(z, name)
}

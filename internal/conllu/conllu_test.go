package conllu

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

const sample = `# newdoc id = d
# sent_id = s1
# text = L'armée va au nord.
1	L'	le	DET	_	Definite=Def|PronType=Art	2	det	_	SpaceAfter=No
2	armée	armée	NOUN	_	_	3	nsubj	_	_
3	va	aller	VERB	_	_	0	root	_	_
4-5	au	_	_	_	_	_	_	_	_
4	à	à	ADP	_	_	6	case	_	_
5	le	le	DET	_	_	6	det	_	_
6	nord	nord	NOUN	_	_	3	obl	_	SpaceAfter=No
7	.	.	PUNCT	_	_	3	punct	_	_

# sent_id = s2
1	_	_	SYM	_	_	_	_	_	_

`

func TestRoundTrip(t *testing.T) {
	ss, err := ReadAll(strings.NewReader(sample), "sample")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, s := range ss {
		w.Write(s)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if b.String() != sample {
		t.Errorf("written\n%s\nwant\n%s", b.String(), sample)
	}
}

func TestSentence(t *testing.T) {
	ss, err := ReadAll(strings.NewReader(sample), "sample")
	if err != nil {
		t.Fatal(err)
	}
	s := ss[0]
	if id, _ := s.Comment("newdoc id"); id != "d" {
		t.Errorf("newdoc id = %q", id)
	}
	var forms []string
	for _, tok := range s.Tokens() {
		forms = append(forms, tok.Form)
	}
	if got := strings.Join(forms, "|"); got != "L'|armée|va|au|nord|." {
		t.Errorf("tokens %s", got)
	}
	s.Comments = nil
	if got := s.Text(); got != "L'armée va au nord." {
		t.Errorf("text from tokens %q", got)
	}
	if s.Words[2].Head != -1 || s.Words[5].Head != 2 || ss[1].Words[0].Head != NoHead {
		t.Error("heads are not indices")
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct{ in, fault string }{
		"columns":     {"1\ta\n\n", "f:1: 2 columns"},
		"number":      {"2\ta\t_\t_\t_\t_\t_\t_\t_\t_\n\n", `f:1: word number "2"`},
		"head":        {"1\ta\t_\t_\t_\t_\tx\t_\t_\t_\n\n", `f:1: head "x"`},
		"head beyond": {"1\ta\t_\t_\t_\t_\t2\t_\t_\t_\n\n", "word 1 has head 2 of 1"},
		"multi":       {"1-2\tau\t_\t_\t_\t_\t_\t_\t_\t_\n1\tà\t_\t_\t_\t_\t_\t_\t_\t_\n\n", "goes beyond"},
	} {
		if _, err := ReadAll(strings.NewReader(c.in), "f"); err == nil || !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: error %v, want %q", name, err, c.fault)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Fuzz(func(t *testing.T, in string) {
		for r := NewReader(strings.NewReader(in), "f"); ; {
			s, err := r.Read()
			if err == io.EOF {
				return
			}
			if err != nil {
				return
			}
			s.Text()
			for _, tok := range s.Tokens() {
				if tok.First >= tok.Last || tok.Last > len(s.Words) {
					t.Fatalf("token %v of %d words", tok, len(s.Words))
				}
			}
		}
	})
}

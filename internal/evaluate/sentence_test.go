package evaluate

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Each of the types has its sentences: four or more that report it and three or
// more that do not.
func TestUnseenSet(t *testing.T) {
	all, err := ReadSentences(os.DirFS("testdata"), "unseen.tsv")
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[depechev1.EventType][2]int)
	texts := make(map[string]bool)
	for _, s := range all {
		c := counts[s.Type]
		if s.Reports {
			c[0]++
		} else {
			c[1]++
		}
		counts[s.Type] = c
		if texts[s.Text] {
			t.Errorf("line %d: twice the same sentence", s.Line)
		}
		texts[s.Text] = true
	}
	for n, name := range depechev1.EventType_name {
		if c := counts[depechev1.EventType(n)]; n != 0 && (c[0] < 4 || c[1] < 3) {
			t.Errorf("%s has %d sentences that report it and %d that do not", name, c[0], c[1])
		}
	}
}

func TestReadSentencesFaults(t *testing.T) {
	_, err := ReadSentences(fstest.MapFS{"s.tsv": {Data: []byte("type\treports\tsentence\nPICNIC\ty\tUn.\nATTACK\tperhaps\tDeux.\nATTACK\ty\n")}}, "s.tsv")
	for _, want := range []string{`s.tsv:2: no event type "PICNIC"`, `s.tsv:3: reports is "perhaps"`, "s.tsv:4: no sentence"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestSentences(t *testing.T) {
	var detail strings.Builder
	s := Sentences{Detail: &detail}
	with := &depechev1.Extraction{Events: []*depechev1.Event{{Type: clash}, {Type: attack}, {Type: clash}}}
	without := &depechev1.Extraction{Events: []*depechev1.Event{{Type: clash}}}
	s.Add(Sentence{attack, true, "a", 1}, with)
	s.Add(Sentence{attack, true, "b", 2}, without)
	s.Add(Sentence{attack, false, "c", 3}, with)
	s.Add(Sentence{attack, false, "d", 4}, without)
	s.Add(Sentence{clash, false, "e", 5}, nil)
	if got, want := s.Total(), (Share{1, 1, 1}); got != want || s.Rows() != 5 {
		t.Errorf("total %v of %d rows, want %v of 5", got, s.Rows(), want)
	}
	want := "  MISS  line 2  ATTACK                 b  found: ARMED_CLASH\n" +
		"  FALSE line 3  ATTACK                 c  found: ARMED_CLASH ATTACK ARMED_CLASH\n"
	if detail.String() != want {
		t.Errorf("detail\n%s\nwant\n%s", &detail, want)
	}
	var plain, markdown strings.Builder
	if err := errors.Join(s.WriteText(&plain), s.WriteMarkdown(&markdown)); err != nil {
		t.Fatal(err)
	}
	if want := "ATTACK                   1/2        1   1/2   0.500  0.500\n"; !strings.HasSuffix(plain.String(), want) {
		t.Errorf("got\n%s\nwant the end\n%s", &plain, want)
	}
	if want := "| ATTACK | 1 of 2 | 1 of 2 | 0.50 | 0.50 |\n| all | 1 of 2 | 1 of 3 | 0.50 | 0.50 |\n"; !strings.HasSuffix(markdown.String(), want) {
		t.Errorf("got\n%s\nwant the end\n%s", &markdown, want)
	}
}

package syntax

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/conllu"
)

// tiny is a treebank of our own, large enough to learn that much.
const tiny = `1	Le	le	DET	_	Definite=Def|Gender=Masc|Number=Sing|PronType=Art	2	det	_	_
2	chat	chat	NOUN	_	Gender=Masc|Number=Sing	3	nsubj	_	_
3	dort	dormir	VERB	_	Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin	0	root	_	_
4	.	.	PUNCT	_	_	3	punct	_	_

1	La	le	DET	_	Definite=Def|Gender=Fem|Number=Sing|PronType=Art	2	det	_	_
2	ville	ville	NOUN	_	Gender=Fem|Number=Sing	4	nsubj:pass	_	_
3	est	être	AUX	_	Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin	4	aux:pass	_	_
4	prise	prendre	VERB	_	Gender=Fem|Number=Sing|Tense=Past|VerbForm=Part|Voice=Pass	0	root	_	_
5	par	par	ADP	_	_	7	case	_	_
6	les	le	DET	_	Definite=Def|Number=Plur|PronType=Art	7	det	_	_
7	rebelles	rebelle	NOUN	_	Gender=Masc|Number=Plur	4	obl:agent	_	_
8	.	.	PUNCT	_	_	4	punct	_	_

1	Les	le	DET	_	Definite=Def|Number=Plur|PronType=Art	2	det	_	_
2	soldats	soldat	NOUN	_	Gender=Masc|Number=Plur	3	nsubj	_	_
3	tirent	tirer	VERB	_	Mood=Ind|Number=Plur|Person=3|Tense=Pres|VerbForm=Fin	0	root	_	_
4	et	et	CCONJ	_	_	5	cc	_	_
5	avancent	avancer	VERB	_	Mood=Ind|Number=Plur|Person=3|Tense=Pres|VerbForm=Fin	3	conj	_	_
6	.	.	PUNCT	_	_	3	punct	_	_

`

func trainTiny(tb testing.TB, seed uint64) *Model {
	tb.Helper()
	ss, err := conllu.ReadAll(strings.NewReader(strings.Repeat(tiny, 4)), "tiny")
	if err != nil {
		tb.Fatal(err)
	}
	m, err := Train(Options{Language: "fr", Seed: seed, TaggerBits: 14, MorphBits: 14, ParserBits: 15, LabelBits: 12, Runs: 2, Folds: 2},
		[]Treebank{{Source: Source{Name: "tiny"}, Sentences: ss, Weight: 1}}, nil,
		[]Reading{{Form: "tirent", Lemma: "tirer", UPOS: VERB, Feats: Feats{VerbForm: Fin, Number: Plur, Person: 3}, Valency: Transitive},
			{Form: "rebelles", Lemma: "rebelle", UPOS: NOUN}, {Form: "rebelles", Lemma: "rebelle", UPOS: ADJ}}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func saved(tb testing.TB, m *Model) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// The same inputs give the same model, byte for byte.
func TestTrainingIsReproducible(t *testing.T) {
	first, second := saved(t, trainTiny(t, 7)), saved(t, trainTiny(t, 7))
	if !bytes.Equal(first, second) {
		t.Error("two trainings with one seed differ")
	}
	if other := saved(t, trainTiny(t, 8)); bytes.Equal(first, other) {
		t.Error("trainings with two seeds are the same")
	}
}

// A model that was saved and loaded says what it said before.
func TestLoadGivesWhatWasSaved(t *testing.T) {
	m := trainTiny(t, 1)
	l, err := Load(saved(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(l.Header()), fmt.Sprint(m.Header()); got != want {
		t.Errorf("header %s, want %s", got, want)
	}
	ss, _ := conllu.ReadAll(strings.NewReader(tiny), "tiny")
	for _, s := range ss {
		var forms []string
		for _, w := range s.Words {
			forms = append(forms, w.Form)
		}
		got, want := l.AnalyzeWords(forms), m.AnalyzeWords(forms)
		if !slices.Equal(got, want) {
			t.Errorf("loaded %v, saved %v", got, want)
		}
		for i, w := range s.Words {
			if g := got[i]; int(g.Head) != w.Head || g.Rel.String() != w.Rel || g.Lemma != w.Lemma || g.UPOS.String() != w.UPOS {
				t.Errorf("word %d of %v: %+v", i, forms, g)
			}
		}
	}
}

func TestLoadFaults(t *testing.T) {
	good := saved(t, trainTiny(t, 1))
	for name, data := range map[string][]byte{
		"nothing":   nil,
		"other":     []byte("PK\x03\x04"),
		"header":    []byte(magic + "\n{\n"),
		"truncated": good[:len(good)/2],
		"no body":   good[:bytes.LastIndexByte(good[:300], '\n')+1],
	} {
		if _, err := Load(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// checkTree fails unless ws is a tree: one root, every word below it.
func checkTree(tb testing.TB, ws []Word) {
	tb.Helper()
	roots := 0
	for i, w := range ws {
		if w.Head < 0 {
			roots++
			if w.Rel != RelRoot {
				tb.Fatalf("root %d is labelled %s", i, w.Rel)
			}
		} else if w.Rel == RelRoot {
			tb.Fatalf("word %d below %d is labelled root", i, w.Head)
		}
		steps := 0
		for h := i; h >= 0; h = int(ws[h].Head) {
			if steps++; steps > len(ws) {
				tb.Fatalf("word %d is on a cycle", i)
			}
			if int(ws[h].Head) >= len(ws) || int(ws[h].Head) == h {
				tb.Fatalf("word %d has head %d of %d", h, ws[h].Head, len(ws))
			}
		}
	}
	if len(ws) > 0 && roots != 1 {
		tb.Fatalf("%d roots in %d words", roots, len(ws))
	}
}

func TestTreesOfAnyLength(t *testing.T) {
	m := trainTiny(t, 1)
	for _, n := range []int{0, 1, 2, 3, 17, 1000, 5000} {
		forms := make([]string, n)
		for i := range forms {
			forms[i] = []string{"les", "soldats", "tirent", "et", "«", "X", ""}[i*i%7]
		}
		checkTree(t, m.AnalyzeWords(forms))
	}
}

func FuzzAnalyzeWords(f *testing.F) {
	m := trainTiny(f, 1)
	f.Add("Les soldats tirent .")
	f.Add("L’ ÉTÉ \xff \xc3 \x00 2 000 «»")
	f.Add(strings.Repeat("et ", 100))
	f.Fuzz(func(t *testing.T, s string) {
		forms := strings.Split(s, " ")
		ws := m.AnalyzeWords(forms)
		checkTree(t, ws)
		for i, w := range ws {
			if w.UPOS == 0 || w.UPOS > X || int(w.Rel) >= len(relNames) {
				t.Fatalf("word %q is %+v", forms[i], w)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	good := saved(f, trainTiny(f, 1))
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := Load(data); err == nil {
			checkTree(t, m.AnalyzeWords([]string{"les", "soldats", "tirent"}))
		}
	})
}

func TestFeats(t *testing.T) {
	for _, s := range []string{"_", "Gender=Masc|Number=Sing", "Mood=Ind|Number=Sing|Person=3|Tense=Imp|VerbForm=Fin",
		"Definite=Ind|Gender=Fem|Number=Plur|PronType=Art", "NumType=Ord|Poss=Yes|PronType=Prs|Reflex=Yes"} {
		if got := ParseFeats(s).String(); got != s {
			t.Errorf("%s came back as %s", s, got)
		}
	}
	if got := ParseFeats("Case=Nom|Gender=Neut|Number=Sing").String(); got != "Number=Sing" {
		t.Errorf("unknown features gave %s", got)
	}
}

func TestLemmaRules(t *testing.T) {
	for _, c := range []struct{ form, lemma, other, want string }{
		{"tués", "tuer", "jetés", "jeter"},
		{"Villes", "ville", "Routes", "route"},
		{"chevaux", "cheval", "journaux", "journal"},
		{"Paris", "Paris", "Damas", "Damas"},
		{"a", "avoir", "é", "é"},
	} {
		if got := ruleOf(c.form, c.lemma).apply(c.form); got != c.lemma {
			t.Errorf("the rule of %s -> %s gives %s", c.form, c.lemma, got)
		}
		if got := ruleOf(c.form, c.lemma).apply(c.other); got != c.want && c.form != "a" {
			t.Errorf("the rule of %s -> %s makes %s of %s, want %s", c.form, c.lemma, got, c.other, c.want)
		}
	}
}

// Sums of packed lanes come out right, borrows and all.
func TestPackedLanes(t *testing.T) {
	rows := [][]int16{{1, -2, 300, -4}, {-32000, 32000, -1, 1}, {-5, -5, -5, -5}, {0, 0, 0, -32763}}
	words := make([]uint64, 1)
	var sum uint64
	want := make([]int16, 4)
	for _, r := range rows {
		pack(words, r)
		sum += words[0]
		for i, v := range r {
			want[i] += v
		}
	}
	got := make([]int16, 4)
	unpack(sum, got)
	if !slices.Equal(got, want) {
		t.Errorf("sum %v, want %v", got, want)
	}
}

func TestProjective(t *testing.T) {
	e := example{heads: []int32{2, 3, -1, 2}} // the arc from 3 to 1 crosses the root's
	for i, h := range e.projective()[pad : pad+4] {
		if want := []int32{5, 5, 7, 5}[i]; h != want {
			t.Errorf("word %d has head %d, want %d", i, h, want)
		}
	}
}

// The search scores states by sums that it keeps; they are the sums of all
// features.
func TestMemoSumsAllFeatures(t *testing.T) {
	m := trainTiny(t, 1)
	s := new(scratch)
	m.readAll(s, strings.Fields("Les soldats tirent et la ville est prise par les rebelles ."))
	m.analyse(s)
	ws := s.words
	s.memo.start(&m.parser, ws)
	b := &s.beam
	b.start(len(ws))
	var features [parseFeatures]uint32
	it := b.items[0]
	states := 0
	for step := 0; step < 2*(len(ws)-2*pad); step++ {
		var st state
		unfold(&st, &it, b.nodes)
		for range 2 { // first summed, then remembered
			examine(&features, ws, &st)
			if got, want := s.memo.score(&m.parser, ws, &st), m.parser.score1(features[:]); got != want {
				t.Fatalf("step %d: score %x, want %x", step, got, want)
			}
		}
		states++
		action := step % numTransitions
		for !it.legal(action, b.last) {
			action = (action + 1) % numTransitions
		}
		it = apply(&it, action, &b.nodes)
	}
	if states < 20 {
		t.Errorf("%d states", states)
	}
}

package quantity

import (
	"testing"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// fixed is a grammar that reads what it is told to.
type fixed []Reading

func (f fixed) Append(dst []Reading, words []text.Word, taken []bool) []Reading {
	for _, r := range f {
		if !taken[r.First] {
			dst = append(dst, r)
		}
	}
	return dst
}

func (fixed) Class(noun string) Class {
	if noun == "homme" || noun == "soldats" {
		return People
	}
	return 0
}

func words(forms ...string) *text.Text {
	t := &text.Text{Document: new(article.Document)}
	for i, f := range forms {
		if i > 0 {
			t.Document.Body += " "
		}
		b := len(t.Document.Body)
		t.Document.Body += f
		t.Tokens = append(t.Tokens, text.Token{Span: article.Span{Begin: b, End: b + len(f)}, Words: text.Range{First: i, Last: i + 1}})
		t.Words = append(t.Words, text.Word{Form: f, Token: i})
	}
	all := text.Range{Last: len(forms)}
	t.Sentences = []text.Sentence{{Tokens: all, Words: all}}
	return t
}

func TestFindAsksTheTree(t *testing.T) {
	txt := words("Dix", "grands", "et", "beaux", "hommes", "partent")
	a := syntax.NewAnalysis([]syntax.Word{
		{UPOS: syntax.NUM, Rel: syntax.Nummod, Head: 4}, {UPOS: syntax.ADJ, Head: 4}, {UPOS: syntax.CCONJ, Head: 3},
		{UPOS: syntax.ADJ, Head: 1}, {UPOS: syntax.NOUN, Lemma: "homme", Head: 5}, {UPOS: syntax.VERB, Head: -1},
	})
	f := NewFinder(fixed{{Last: 1, Head: 1, Low: 10, High: 10}})
	got := f.Find(t.Context(), txt, a, nil)
	if len(got) != 1 || got[0].Head != 4 || got[0].Object != "hommes" || got[0].Class != People {
		t.Fatalf("with a tree: %+v", got)
	}
	if s := txt.Document.Text(got[0].Span); s != "Dix grands et beaux hommes" {
		t.Errorf("span %q", s)
	}
	if got := f.Find(t.Context(), txt, nil, nil); len(got) != 1 || got[0].Object != "grands" {
		t.Errorf("without a tree: %+v", got)
	}
}

func TestFindFollowsNouns(t *testing.T) {
	txt := words("une", "dizaine", "de", "vieux", "soldats")
	a := syntax.NewAnalysis([]syntax.Word{
		{UPOS: syntax.DET, Head: 1}, {UPOS: syntax.NOUN, Head: -1}, {UPOS: syntax.ADP, Rel: syntax.Case, Head: 4},
		{UPOS: syntax.ADJ, Head: 4}, {UPOS: syntax.NOUN, Rel: syntax.Nmod, Head: 1},
	})
	got := NewFinder(fixed{{Last: 2, Number: 1, Head: 3, Low: 10, High: 10, Approximate: true}}).Find(t.Context(), txt, a, nil)
	if len(got) != 1 || got[0].Object != "soldats" || !got[0].Approximate {
		t.Errorf("%+v", got)
	}
}

func TestFindDropsVerbs(t *testing.T) {
	txt := words("huit", "donnent")
	a := syntax.NewAnalysis([]syntax.Word{
		{UPOS: syntax.NUM, Rel: syntax.Nsubj, Head: 1}, {UPOS: syntax.VERB, Head: -1, Feats: syntax.Feats{VerbForm: syntax.Fin}},
	})
	got := NewFinder(fixed{{Last: 1, Head: 1, Low: 8, High: 8}}).Find(t.Context(), txt, a, nil)
	if len(got) != 1 || got[0].Head != -1 || got[0].Object != "" || txt.Document.Text(got[0].Span) != "huit" {
		t.Errorf("%+v", got)
	}
}

func TestFindBounds(t *testing.T) {
	txt := words("plus", "de", "3", "soldats", "dont", "2", "morts", "et", "un", "accord")
	got := NewFinder(fixed{
		{First: 0, Last: 3, Number: 2, Head: 3, Sure: true, Low: 3, High: 3, OpenHigh: true},
		{First: 5, Last: 6, Number: 5, Head: 6, Sure: true, Low: 2, High: 2, Subset: true},
		{First: 8, Last: 9, Number: 8, Head: 9, Low: 1, High: 1, Indefinite: true},
	}).Find(t.Context(), txt, nil, nil)
	if len(got) != 2 {
		t.Fatalf("%d quantities, want 2: an article counts nothing unless its noun is known", len(got))
	}
	if q := got[0]; q.High != nil || *q.Low != 3 || q.PartOf != -1 {
		t.Errorf("%+v", q)
	}
	if q := got[1]; *q.Low != 2 || *q.High != 2 || q.PartOf != 0 {
		t.Errorf("%+v", q)
	}
}

func TestFindLeavesTimesAlone(t *testing.T) {
	txt := words("le", "3", "mai")
	f := NewFinder(fixed{{First: 1, Last: 2, Number: 1, Head: 2, Low: 3, High: 3}})
	if got := f.Find(t.Context(), txt, nil, []text.Range{{First: 0, Last: 3}}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if got := f.Find(t.Context(), txt, nil, []text.Range{{First: 2, Last: 3}}); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

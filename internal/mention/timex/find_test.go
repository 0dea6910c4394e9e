package timex

import (
	"testing"
	"time"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// fixed is a grammar that reads what it is told to in every sentence.
type fixed []Expr

func (f fixed) Append(dst []Expr, _ []text.Word) []Expr { return append(dst, f...) }

// words makes a text of one sentence for each line of forms.
func words(lines ...[]string) *text.Text {
	t := &text.Text{Document: new(article.Document)}
	for n, line := range lines {
		first := len(t.Words)
		for _, f := range line {
			b := len(t.Document.Body)
			t.Document.Body += f + " "
			i := len(t.Words)
			t.Tokens = append(t.Tokens, text.Token{Span: article.Span{Begin: b, End: b + len(f)}, Words: text.Range{First: i, Last: i + 1}})
			t.Words = append(t.Words, text.Word{Form: f, Token: i})
		}
		all := text.Range{First: first, Last: len(t.Words)}
		t.Sentences = append(t.Sentences, text.Sentence{Tokens: all, Words: all, Segment: n})
	}
	return t
}

var saturday = Expr{First: 1, Last: 2, Kind: Point, From: Moment{HasWeekday: true, Weekday: time.Saturday}}

// A Wednesday.
var ref = &Reference{Date: Date{2015, 5, 6}, Basis: Given}

func TestTenseOfTheTree(t *testing.T) {
	past, next := Date{2015, 5, 2}, Date{2015, 5, 9}
	verb := func(f syntax.Feats) syntax.Word { return syntax.Word{UPOS: syntax.VERB, Head: -1, Feats: f} }
	fin := func(tense syntax.Tense) syntax.Feats {
		return syntax.Feats{Tense: tense, VerbForm: syntax.Fin, Mood: syntax.Ind}
	}
	participle := verb(syntax.Feats{Tense: syntax.Past, VerbForm: syntax.Part})
	aux := func(rel syntax.Rel, f syntax.Feats) *syntax.Word {
		return &syntax.Word{UPOS: syntax.AUX, Rel: rel, Head: 0, Feats: f}
	}
	for _, tt := range []struct {
		name string
		verb syntax.Word
		aux  *syntax.Word
		cue  Tense
		want Date
	}{
		{"past", verb(fin(syntax.Past)), nil, Untold, past},
		{"imperfect", verb(fin(syntax.Imperf)), nil, Untold, past},
		{"future", verb(fin(syntax.Fut)), nil, Untold, next},
		{"present takes the nearest", verb(fin(syntax.Pres)), nil, Untold, next},
		{"compound past", participle, aux(syntax.AuxTense, fin(syntax.Pres)), Untold, past},
		{"future perfect", participle, aux(syntax.AuxTense, fin(syntax.Fut)), Untold, next},
		{"future passive", participle, aux(syntax.AuxPass, fin(syntax.Fut)), Untold, next},
		{"hearsay", participle, aux(syntax.AuxTense, syntax.Feats{Mood: syntax.Cnd, Tense: syntax.Pres, VerbForm: syntax.Fin}), Untold, past},
		{"herald beats the tree", verb(fin(syntax.Past)), nil, Future, next},
		{"no verb", syntax.Word{UPOS: syntax.NOUN, Head: -1}, nil, Untold, past},
	} {
		t.Run(tt.name, func(t *testing.T) {
			forms := []string{"verbe", "samedi"}
			tree := []syntax.Word{tt.verb, {UPOS: syntax.NOUN, Head: 0, Rel: syntax.OblMod}}
			if tt.aux != nil {
				forms, tree = append(forms, "aux"), append(tree, *tt.aux)
			}
			e := saturday
			e.Cue = tt.cue
			got := NewFinder(fixed{e}).Find(t.Context(), words(forms), syntax.NewAnalysis(tree), ref)
			if len(got) != 1 || got[0].Start != tt.want {
				t.Errorf("%+v, want %v", got, tt.want)
			}
		})
	}
}

func TestFindRemembers(t *testing.T) {
	veille := Expr{First: 2, Last: 3, Kind: Point, From: Moment{Anchor: Narrated, Unit: Days, Whole: true, Count: -1}}
	got := NewFinder(fixed{saturday, veille}).Find(t.Context(), words([]string{"a", "b", "c"}, []string{"d", "e", "f"}), nil, ref)
	if len(got) != 4 {
		t.Fatalf("%d times, want 4", len(got))
	}
	for i, want := range []Date{{2015, 5, 2}, {2015, 5, 1}, {2015, 5, 2}, {2015, 5, 1}} {
		if got[i].Start != want || got[i].End != want {
			t.Errorf("time %d is %v to %v, want %v", i, got[i].Start, got[i].End, want)
		}
	}
	if got[2].First != 4 || got[2].Last != 5 || got[3].First != 5 {
		t.Errorf("words of the second sentence: %+v", got[2:])
	}
}

func TestFindWithoutReference(t *testing.T) {
	dated := Expr{First: 2, Last: 3, Kind: Point, From: Moment{Date: Date{2014, 1, 3}}}
	for _, r := range []*Reference{nil, {Date: Date{2015, 5, 0}}} {
		got := NewFinder(fixed{saturday, dated}).Find(t.Context(), words([]string{"a", "b", "c"}), nil, r)
		if len(got) != 2 || !got[0].Unresolved || !got[0].Start.IsZero() || got[1].Start != (Date{2014, 1, 3}) || !got[1].Explicit {
			t.Errorf("against %v: %+v", r, got)
		}
	}
}

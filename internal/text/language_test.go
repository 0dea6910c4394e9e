package text

import (
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/article"
)

// tables are a language of a few words.
func tables() Tables {
	return Tables{
		Elisions:      []string{"l"},
		Clitics:       []string{"-il", "-t-il"},
		Whole:         []string{"celui-il"},
		Contractions:  []Contraction{{Surface: "aux", First: "à", Second: "les"}, {Surface: "des", First: "de", Second: "les", Ambiguous: true}},
		Abbreviations: []Abbreviation{{"M", Leading}, {"etc", Trailing}, {"art", Counting}, {"p", Beside}},
		Units:         []string{"km"},
		Openers:       []string{"il"},
		Boundaries:    []Weight{{Feature: "end", Values: [FeatureValues]string{"."}, Value: 1000}},
		Splits:        []Weight{{Feature: "prev", Values: [FeatureValues]string{"chef", "des"}, Value: 500}},
	}
}

func cut(t *testing.T, lang *Language, body string) string {
	t.Helper()
	x := Split(t.Context(), &article.Document{Body: body, Segments: []article.Segment{
		{Kind: article.Prose, Span: article.Span{End: len(body)}},
	}}, lang)
	var out []string
	for _, s := range x.Sentences {
		var words []string
		for _, w := range x.Words[s.Words.First:s.Words.Last] {
			words = append(words, w.Form)
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, " | ")
}

func TestLanguage(t *testing.T) {
	lang, err := NewLanguage(tables())
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"L'an dit-il":           "L' an dit -il",
		"celui-il vient-t-il":   "celui-il vient -t-il",
		"AUX armes":             "À LES armes",
		"le chef des gens":      "le chef de les gens",
		"voir des gens":         "voir des gens",
		"M. X. Il vient":        "M. X . | Il vient",
		"l'art. 5, l'art. Tout": "l' art. 5 , l' art . | Tout",
		"12km à p. 3 et 500 p.": "12 km à p. 3 et 500 p.",
	} {
		if got := cut(t, lang, in); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestLanguageFaults(t *testing.T) {
	for fault, spoil := range map[string]func(*Tables){
		"empty or longer":         func(t *Tables) { t.Whole = []string{strings.Repeat("a", maxEntry+1)} },
		"begin with a hyphen":     func(t *Tables) { t.Clitics = []string{"il"} },
		"stands for":              func(t *Tables) { t.Contractions = []Contraction{{Surface: "du", First: "de"}} },
		"has no use":              func(t *Tables) { t.Abbreviations = []Abbreviation{{Form: "M"}} },
		`no feature is called "x`: func(t *Tables) { t.Splits = []Weight{{Feature: "x"}} },
	} {
		x := tables()
		spoil(&x)
		if _, err := NewLanguage(x); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("error %v, want one with %q", err, fault)
		}
	}
}

func TestClasses(t *testing.T) {
	words := map[string]string{"mange": "v", "pomme": "n", "ferme": "anv", "été": "np"}
	data, err := NewClasses(words, "a test")
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadClasses(data)
	if err != nil {
		t.Fatal(err)
	}
	for w, want := range words {
		if got := c.names[c.of(HashValue(strings.ToUpper(w)))]; got != want {
			t.Errorf("class of %s is %q, want %q", w, got, want)
		}
	}
	if c.of(HashValue("inconnu")) != 0 || !c.isVerb(c.of(HashValue("mange"))) || c.isVerb(c.of(HashValue("ferme"))) {
		t.Error("unknown words or verbs are told wrongly")
	}
	for name, bad := range map[string][]byte{
		"magic": data[1:], "cut short": data[:len(data)-1], "header": data[:len(classesMagic)+3],
		"class": append(append([]byte{}, data[:len(data)-2]...), 0xFF, 0xFF),
	} {
		if _, err := ReadClasses(bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSentenceOf(t *testing.T) {
	lang, err := NewLanguage(tables())
	if err != nil {
		t.Fatal(err)
	}
	body := "Un deux. Trois. Quatre"
	x := Split(t.Context(), &article.Document{Body: body, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(body)}}}}, lang)
	for i, s := range x.Sentences {
		for w := s.Words.First; w < s.Words.Last; w++ {
			if got := x.SentenceOf(w); got != i {
				t.Errorf("word %d is in sentence %d, want %d", w, got, i)
			}
		}
	}
}

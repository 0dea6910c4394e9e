package fr

import (
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/text"
)

func french(t testing.TB) *text.Language {
	t.Helper()
	l, err := Text(nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// split cuts body, one segment of prose.
func split(l *text.Language, body string) *text.Text {
	trimmed := strings.TrimSpace(body)
	begin := strings.Index(body, trimmed)
	return text.Split(&article.Document{Body: body, Segments: []article.Segment{
		{Kind: article.Prose, Span: article.Span{Begin: begin, End: begin + len(trimmed)}},
	}}, l)
}

// spelled writes sentences as lines of tokens between "|", a contraction as
// its words joined with "+".
func spelled(t *text.Text) string {
	var b strings.Builder
	for i, s := range t.Sentences {
		if i > 0 {
			b.WriteString("\n")
		}
		for k := s.Tokens.First; k < s.Tokens.Last; k++ {
			if k > s.Tokens.First {
				b.WriteString("|")
			}
			w := t.Tokens[k].Words
			for j := w.First; j < w.Last; j++ {
				if j > w.First {
					b.WriteString("+")
				}
				b.WriteString(t.Words[j].Form)
			}
		}
	}
	return b.String()
}

func TestTokens(t *testing.T) {
	l := french(t)
	for _, c := range []struct{ name, in, want string }{
		{"elision", "L'armée qu’elle s‘étaient dʼAlep", "L'|armée|qu’|elle|s‘|étaient|dʼ|Alep"},
		{"elided conjunctions", "jusqu'à lorsqu'il puisqu'on", "jusqu'|à|lorsqu'|il|puisqu'|on"},
		{"apostrophe in a word", "aujourd'hui quelqu'un prud'homme presqu'île", "aujourd'hui|quelqu'un|prud'homme|presqu'île"},
		{"inversion", "a-t-il dit-il est-ce", "a|-t-il|dit|-il|est|-ce"},
		{"imperative", "donnez-le-moi", "donnez|-le|-moi"},
		{"demonstratives", "celui-ci ce jour-là là-bas", "celui-ci|ce|jour|-là|là-bas"},
		{"hyphens", "Nations-Unies rendez-vous c'est-à-dire", "Nations-Unies|rendez-vous|c'est-à-dire"},
		{"names", "Deir ez-Zor, Abou Bakr al-Baghdadi", "Deir|ez-Zor|,|Abou|Bakr|al-Baghdadi"},
		{"name that ends as a clitic", "le jeune Kim Jong-il", "le|jeune|Kim|Jong-il"},
		{"contractions", "au nord aux portes auquel", "à+le|nord|à+les|portes|à+lequel"},
		{"contractions in capitals", "Au nord. AUX PORTES", "À+le|nord|.\nÀ+LES|PORTES"},
		{"acronyms", "l'O.N.U. et les U.S.A. ici", "l'|O.N.U.|et|les|U.S.A.|ici"},
		{"thousands", "2 000, 2\u00a0000 et 12\u202f000\u202f000", "2 000|,|2\u00a0000|et|12\u202f000\u202f000"},
		{"year before a number", "en 2015 200 morts", "en|2015|200|morts"},
		{"decimals", "3,5 et 3.5", "3,5|et|3.5"},
		{"percentages", "50% et 50 %", "50|%|et|50|%"},
		{"times", "à 20h30, 8 h", "à|20|h|30|,|8|h"},
		{"units", "50\u202fkm et 12km", "50|km|et|12|km"},
		{"ordinals", "1er 2e XXIe 3ème", "1er|2e|XXIe|3ème"},
		{"dates", "12/03/2015 et 1990-1991", "12/03/2015|et|1990-1991"},
		{"addresses", "voir https://exemple.fr/a?b=c, lemonde.fr ou a.b@exemple.org.", "voir|https://exemple.fr/a?b=c|,|lemonde.fr|ou|a.b@exemple.org|."},
		{"handles", "@OSDH et #Alep", "@OSDH|et|#Alep"},
		{"emoji", "bravo 👏🏽 🇫🇷👍", "bravo|👏🏽|🇫🇷|👍"},
		{"ellipsis", "il dit... puis", "il|dit|...|puis"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := spelled(split(l, c.in)); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

package fr

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/text"
)

// dispatch is a made-up dispatch with most of what French has for a splitter.
const dispatch = `Bamako (AFP) – Au moins 14 soldats ont été tués et 22 autres blessés mardi à l'aube dans l'attaque d'un poste militaire près de Ténenkou, au centre du Mali, a-t-on appris de sources concordantes. « Les assaillants sont venus à moto vers 5h30. Ils ont ouvert le feu sur les hommes de garde », a déclaré à l'AFP le colonel M. Traoré, joint par téléphone depuis Mopti.
Selon un élu local, des renforts ont été dépêchés sur place dans la matinée ; « on a compté une trentaine de motos », dit-il. Les assaillants se sont ensuite repliés vers le nord-ouest, emportant 3 véhicules et des munitions. Aucun groupe n'avait revendiqué l'attaque mercredi soir. L'O.N.U., qui déploie quelque 13 000 hommes dans le pays, a condamné « un acte lâche et barbare » et appelé les autorités à tout mettre en œuvre pour traduire les coupables en justice. Est-ce le début d'une nouvelle offensive ? « C'est trop tôt pour le dire », répond Mme Diallo, chercheuse à l'université de Dakar, jointe le 12 mars.
Le 3 février déjà, une embuscade avait coûté la vie à 7 gendarmes à 40 km de Djenné, aujourd'hui encore difficile d'accès. Près de 70 % des écoles de la région sont fermées, d'après le ministère de l'Éducation, et 12,5 millions d'euros manquent au budget de celui-ci. Du pain et des médicaments ont été distribués aux familles qui s'étaient réfugiées à Sévaré, auxquelles le gouvernement a promis, jusqu'à nouvel ordre, le gîte et le couvert. M. Keïta, du Haut Conseil, a estimé jeudi qu'il fallait « parler avec ceux qui le veulent, quels qu'ils soient ».
`

func FuzzText(f *testing.F) {
	for _, s := range []string{
		dispatch, "l'", "a-t-il-il-il-il", "U.S.A.", "12 000 000,5%", "a@b.c", "http://", "«»…!?", "\xff\xfe l'\xc3",
		"donnez-le-moi", "J.-P.", "élu(e)s", "20h30\n\nX", "n° 3", "c.-à-d.", "90's", "+/-", "°C", "🇫🇷👍🏽\u200d", "@a #b",
	} {
		f.Add(s)
	}
	l := french(f)
	f.Fuzz(func(t *testing.T, body string) {
		x := split(l, body)
		checkText(t, x)
		again := text.Split(t.Context(), x.Document, l)
		if !slices.Equal(x.Tokens, again.Tokens) || !slices.Equal(x.Words, again.Words) || !slices.Equal(x.Sentences, again.Sentences) {
			t.Fatal("two splits differ")
		}
	})
}

// checkText checks what holds of every text.
func checkText(t *testing.T, x *text.Text) {
	t.Helper()
	body := x.Document.Body
	pos, word := 0, 0
	if len(x.Tokens) > 0 {
		pos = x.Tokens[0].Span.Begin
	}
	for i, tok := range x.Tokens {
		s := tok.Span
		if s.Begin < pos || s.End <= s.Begin {
			t.Fatalf("token %d is [%d,%d) after %d", i, s.Begin, s.End, pos)
		}
		if gap := body[pos:s.Begin]; strings.ContainsFunc(gap, visible) {
			t.Fatalf("%q before token %d is in no token", gap, i)
		}
		if !boundary(body, s.Begin) || !boundary(body, s.End) {
			t.Fatalf("token %d %q is not on rune boundaries", i, body[s.Begin:s.End])
		}
		if tok.Kind == 0 {
			t.Fatalf("token %d has no kind", i)
		}
		if tok.Words.First != word || tok.Words.Len() < 1 || tok.Words.Len() > 2 {
			t.Fatalf("token %d has words %v after %d", i, tok.Words, word)
		}
		word, pos = tok.Words.Last, s.End
	}
	if word != len(x.Words) {
		t.Fatalf("%d words of %d are in tokens", word, len(x.Words))
	}
	for i, w := range x.Words {
		if !x.Tokens[w.Token].Words.Contains(i) || w.Form == "" {
			t.Fatalf("word %d %q is not in its token", i, w.Form)
		}
	}
	tok, word := 0, 0
	for i, s := range x.Sentences {
		if s.Tokens.First != tok || s.Words.First != word || s.Tokens.Len() < 1 || s.Words.Len() > text.MaxWords+1 {
			t.Fatalf("sentence %d is %+v after token %d, word %d", i, s, tok, word)
		}
		tok, word = s.Tokens.Last, s.Words.Last
		if s.Span.Begin != x.Tokens[s.Tokens.First].Span.Begin || s.Span.End != x.Tokens[tok-1].Span.End {
			t.Fatalf("sentence %d spans %v", i, s.Span)
		}
	}
	if tok != len(x.Tokens) {
		t.Fatalf("%d tokens of %d are in sentences", tok, len(x.Tokens))
	}
}

// visible reports whether a character must be in a token.
func visible(r rune) bool { return r > 0xA0 && r < 0x2000 || r > ' ' && r < 0x7F }

func boundary(s string, i int) bool {
	return i == len(s) || utf8.RuneStart(s[i]) || !utf8.ValidString(s)
}

// TestHostile cuts what could make a splitter quadratic: at this length it
// would run into the test's time limit.
func TestHostile(t *testing.T) {
	const size = 256 << 10
	l := french(t)
	for _, unit := range []string{"a", "l'", "a-", "-il", "a.", "A.", "1 000", "1,", "a@", "aujourd'", "«", "\"", ".", "A ", "M. ",
		"des ", "le ", "(", "\xff", "\n", "A\n", "http://", "a&", "A&", "é·e", "x(e)", "👍🏽\u200d", "🇫🇷", "www.a.fr/", "1er", "-"} {
		checkText(t, split(l, strings.Repeat(unit, size/len(unit))))
	}
}

func BenchmarkSplit(b *testing.B) {
	l := french(b)
	doc := &article.Document{Body: dispatch}
	for begin := 0; begin < len(dispatch); {
		end := begin + strings.IndexByte(dispatch[begin:], '\n')
		doc.Segments = append(doc.Segments, article.Segment{Kind: article.Prose, Span: article.Span{Begin: begin, End: end}})
		begin = end + 1
	}
	var t *text.Text
	b.SetBytes(int64(len(dispatch)))
	b.ReportAllocs()
	for b.Loop() {
		t = text.Split(context.Background(), doc, l)
	}
	b.ReportMetric(float64(len(t.Tokens))*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}

func BenchmarkText(b *testing.B) {
	for b.Loop() {
		if _, err := Text(nil); err != nil {
			b.Fatal(err)
		}
	}
}

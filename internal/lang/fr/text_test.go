package fr

import (
	"context"
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
	return text.Split(context.Background(), &article.Document{Body: body, Segments: []article.Segment{
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
		{"initials of African names", "D'Affi N'Guessan à N’Goma, l'ONU", "D'|Affi|N'Guessan|à|N’Goma|,|l'|ONU"},
		{"a space lost behind a full stop", "onze hommes tués.Le bilan est lourd, les délégué.e.s le disent", "onze|hommes|tués|.\nLe|bilan|est|lourd|,|les|délégué.e.s|le|disent"},
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

func TestKinds(t *testing.T) {
	x := split(french(t), "L'OSDH @osdh 2 000 2e 20h 50 % ( 👍 3D https://a.fr ...")
	want := []text.Kind{text.Letters, text.Letters, text.Address, text.Number, text.Number, text.Number, text.Letters,
		text.Number, text.Symbol, text.Punctuation, text.Emoji, text.Letters, text.Address, text.Punctuation}
	for i, tok := range x.Tokens {
		if i >= len(want) || tok.Kind != want[i] {
			t.Fatalf("token %d %q is of kind %d, want %v", i, x.TokenText(i), tok.Kind, want[min(i, len(want)-1)])
		}
	}
	if len(x.Tokens) != len(want) {
		t.Errorf("%d tokens, want %d", len(x.Tokens), len(want))
	}
}

// TestSentences has "|" where a sentence ends in its texts.
func TestSentences(t *testing.T) {
	l := french(t)
	for _, c := range []struct{ name, in string }{
		{"titles", "M. Traoré a rencontré Mme. Diallo et le Dr. Koné à Bamako.| MM. Petit et Grand étaient absents."},
		{"reference", "L'art. 5 de la loi le dit (cf. p. 12).| Le juge n° 3 a tranché."},
		{"month", "Il est arrivé le 3 janv. 2015 à Niamey.| Il en est reparti en févr. 2016."},
		{"etc inside", "Des armes, des munitions, etc. ont été saisies dans la ville."},
		{"etc at the end", "Ils ont saisi des armes, des munitions, etc.| Le chef a été arrêté dans la soirée."},
		{"initials", "J.-P. Durand et A. B. Sow ont témoigné.| Le procès reprend lundi."},
		{"capital before an opener", "Ils ont préparé un plan B.| Il a été adopté mardi."},
		{"acronym", "L'O.N.U. a condamné l'attaque.| La C.E.D.E.A.O. se réunit vendredi."},
		{"incise", "« Nous partons demain matin », a déclaré le général Ndiaye.| Il n'a rien ajouté."},
		{"incise behind an exclamation", "« Partez ! » a crié un soldat.| Les habitants ont fui."},
		{"incise behind a question", "« Où sont-ils ? », demande une mère."},
		{"incise with an inversion", "« Ils sont venus la nuit... », raconte-t-il, encore sous le choc."},
		{"closing quote belongs to its sentence", "Il a dit : « Nous partons. »| Puis il est sorti."},
		{"closing bracket belongs to its sentence", "Le camp a été évacué (les tentes ont brûlé.)| Les familles sont parties."},
		{"quote of several sentences", "« Ils sont venus la nuit.| Ils ont tout brûlé », a raconté un témoin."},
		{"dateline", "Damas (AFP) – L'armée a repris la ville samedi.| Les rebelles se sont repliés."},
		{"dateline with a date", "BAMAKO, 12 mars (Reuters) - Trois soldats ont été tués mardi."},
		{"suspension", "Il hésite... puis repart vers le nord.| Personne ne le suit…"},
		{"question in a sentence", "La question « qui a tiré ? » reste posée."},
		{"number with a point", "Le budget est de 3.5 millions d'euros.| Il baisse de 2 %."},
		{"time", "Le couvre-feu commence à 20h30.| Il prend fin à 5 h."},
		{"semicolon", "Les uns sont partis ; les autres sont restés sur place."},
		{"colon", "Le bilan est lourd : douze morts et trente blessés."},
		{"capital names inside", "Le journal Le Monde et la chaîne Al Jazeera citent l'Union africaine et Amnesty International."},
		{"blank line", "L'armée reprend la ville\n\n|Les rebelles ont fui samedi.\n\n|Le calme revient"},
		{"headline line", "L'armée reprend Kidal aux rebelles\n|Les combats ont duré trois jours, selon l'état-major."},
		{"broken line in small letters", "L'armée a repris la ville de Kidal\naux rebelles touaregs."},
		{"broken line behind a comma", "Selon l'état-major,\nTrois soldats ont été tués."},
		{"broken line behind an article", "Les troupes sont entrées dans la\nVallée samedi."},
		{"wrapped lines", "Les forces gouvernementales ont repris samedi le contrôle de la ville de\nKidal, tenue depuis deux ans par les rebelles, a annoncé le ministère de la\nDéfense dans un communiqué.| Les combats ont fait au moins vingt morts."},
		{"list", "Les revendications :\n|- la libération des prisonniers\n|- le retrait des troupes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := strings.Split(c.in, "|")
			x := split(l, strings.Join(want, ""))
			var got []string
			for _, s := range x.Sentences {
				got = append(got, x.Document.Text(s.Span))
			}
			for i := range want {
				want[i] = strings.TrimSpace(want[i])
			}
			if a, b := strings.Join(got, " | "), strings.Join(want, " | "); a != b {
				t.Errorf("\n got %s\nwant %s", a, b)
			}
		})
	}
}

func TestContractionInContext(t *testing.T) {
	l := french(t)
	for _, c := range []struct{ in, want string }{
		{"Le chef des rebelles est mort.", "Le|chef|de+les|rebelles|est|mort|."},
		{"Des soldats ont été tués.", "Des|soldats|ont|été|tués|."},
		{"Il y a des blessés.", "Il|y|a|des|blessés|."},
		{"Ils ont tiré avec des armes lourdes.", "Ils|ont|tiré|avec|des|armes|lourdes|."},
		{"Près des frontières du pays.", "Près|de+les|frontières|de+le|pays|."},
		{"Une partie des habitants et des élus a fui.", "Une|partie|de+les|habitants|et|de+les|élus|a|fui|."},
	} {
		if got := spelled(split(l, c.in)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestLongSentence(t *testing.T) {
	x := split(french(t), strings.Repeat("mot ", 2*text.MaxWords+10))
	if len(x.Sentences) != 3 || !x.Sentences[0].Truncated || !x.Sentences[1].Truncated || x.Sentences[2].Truncated {
		t.Errorf("sentences %+v", x.Sentences)
	}
}

func TestSegments(t *testing.T) {
	l := french(t)
	d := &article.Document{Title: "Kidal reprise", Body: "Partagez l'article\nKidal. L'armée entre"}
	d.Segments = []article.Segment{
		{Kind: article.Heading, Span: article.Span{Begin: 0, End: 13, Field: article.Title}},
		{Kind: article.Boilerplate, Span: article.Span{Begin: 0, End: 18}},
		{Kind: article.Prose, Span: article.Span{Begin: 19, End: len(d.Body)}},
	}
	x := text.Split(t.Context(), d, l)
	if got, want := spelled(x), "Kidal|reprise\nKidal|.\nL'|armée|entre"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := x.Sentences[0]; s.Segment != 0 || s.Span.Field != article.Title {
		t.Errorf("title's sentence is %+v", s)
	}
	if s := x.Sentences[1]; s.Segment != 2 || s.Span.Field != article.Body {
		t.Errorf("body's sentence is %+v", s)
	}
	if tok := x.Tokens[0]; !tok.SpaceAfter || x.Tokens[2].SpaceAfter {
		t.Error("SpaceAfter is wrong")
	}
}

package fr

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/text"
)

// A Wednesday, against which the tables read.
var wednesday = timex.Date{Year: 2015, Month: 5, Day: 6}

func TestTimes(t *testing.T) {
	read := timeReader(t)
	for _, tt := range []struct{ name, text, want string }{
		{"weekday looks back", "Les rebelles ont pris le pont samedi.", "samedi 2015-05-02 day"},
		{"weekday of publication", "Le ministre l'a dit mercredi.", "mercredi 2015-05-06 day"},
		{"weekday ahead by the verb", "Le vote aura lieu vendredi.", "vendredi 2015-05-08 day"},
		{"weekday ahead by a herald", "Une rencontre est prévue lundi.", "lundi 2015-05-11 day"},
		{"weekday of another clause", "Il a dit lundi que la reprise serait longue.", "lundi 2015-05-04 day"},
		{"last weekday", "L'usine a brûlé mercredi dernier.", "mercredi dernier 2015-04-29 day"},
		{"next weekday", "Le col rouvre mercredi prochain.", "mercredi prochain 2015-05-13 day"},
		{"this weekday", "Le convoi est parti ce mardi.", "ce mardi 2015-05-05 day"},
		{"weekday of last week", "Il a fui le lundi de la semaine dernière.", "le lundi de la semaine dernière 2015-04-27 day"},
		{"weekday and evening", "Le pont a sauté lundi soir.", "lundi soir 2015-05-04 day evening"},
		{"weekday and dawn", "Des tirs ont éclaté mardi à l'aube.", "mardi à l'aube 2015-05-05 day dawn"},
		{"weekday and clock", "L'obus est tombé lundi vers 20h30.", "lundi vers 20h30 2015-05-04 day evening"},
		{"clock in words", "Tout a commencé mardi à cinq heures du matin.", "mardi à cinq heures du matin 2015-05-05 day morning"},
		{"clock before the day", "À 20h30 samedi, la sirène a retenti.", "20h30 samedi 2015-05-02 day evening"},
		{"clock with zone", "Le séisme a eu lieu à 14h00 GMT.", "14h00 GMT 2015-05-06 day afternoon"},

		{"full date", "Il est mort le 7 mars 1996.", "le 7 mars 1996 1996-03-07 day"},
		{"date with weekday", "Le mardi 3 juillet 2012, tout bascule.", "Le mardi 3 juillet 2012 2012-07-03 day"},
		{"first", "Le décret date du 1er avril 2014.", "1er avril 2014 2014-04-01 day"},
		{"date without year", "Le barrage a cédé le 2 mars.", "le 2 mars 2015-03-02 day"},
		{"date without year, last year's", "Le barrage a cédé le 20 novembre.", "le 20 novembre 2014-11-20 day"},
		{"date without year, ahead", "Le scrutin aura lieu le 20 novembre.", "le 20 novembre 2015-11-20 day"},
		{"weekday chooses the year", "Le barrage a cédé vendredi 22 novembre.", "vendredi 22 novembre 2013-11-22 day"},
		{"last date", "Il a fui le 7 mars dernier.", "le 7 mars dernier 2015-03-07 day"},
		{"weekday and date beat the tense", "Il viendra lundi 4 mai.", "lundi 4 mai 2015-05-04 day"},
		{"near date beats the tense", "Il a annulé la visite du 20 mai.", "20 mai 2015-05-20 day"},
		{"day and weekday alone", "Le mardi 5, le siège fut levé.", "Le mardi 5 2015-05-05 day"},
		{"slashes", "Publié le 12/03/2015.", "le 12/03/2015 2015-03-12 day"},
		{"ISO", "Mise à jour 2015-03-12.", "2015-03-12 2015-03-12 day"},
		{"abbreviated month", "Vu le 3 sept. 2014 au port.", "le 3 sept. 2014 2014-09-03 day"},
		{"not on the calendar", "Le 31 juin 2014, rien.", "juin 2014 2014-06 month"},
		{"leap day", "Il est né le 29 février.", "le 29 février 2012-02-29 day"},
		{"no leap day", "Le 29 février 2015, rien.", "février 2015 2015-02 month"},
		{"unaccented", "Il est arrive le 3 fevrier 2014.", "le 3 fevrier 2014 2014-02-03 day"},
		{"typographic apostrophe", "C’était il y a deux mois.", "il y a deux mois 2015-03 month"},

		{"month", "La trêve a été signée en mars 2011.", "mars 2011 2011-03 month"},
		{"last month by name", "La trêve a été signée en mars dernier.", "mars dernier 2015-03 month"},
		{"month without year", "La trêve a été signée en décembre.", "décembre 2014-12 month"},
		{"month of last year", "La trêve date de juin de l'an dernier.", "juin de l'an dernier 2014-06 month"},
		{"end of month", "L'appui a cessé fin septembre 2014.", "fin septembre 2014 2014-09 month late"},
		{"middle of month", "L'appui a cessé à la mi-mars.", "la mi-mars 2015-03 month mid"},
		{"beginning of last month", "Il fut saisi au début du mois dernier.", "début du mois dernier 2015-04 month early"},
		{"first fortnight", "Il pleut la première quinzaine d'avril.", "la première quinzaine d'avril 2015-04 month early"},
		{"planet", "La sonde se dirige vers la planète Mars.", ""},
		{"god", "Le temple de Mars est en ruine.", ""},
		{"Mai 68", "Les pavés de Mai 68.", "Mai 68 1968-05 month"},
		{"year", "La base fut créée en 1987.", "1987 1987 year"},
		{"beginning of year", "La base ferma début 2012.", "début 2012 2012 year early"},
		{"end of last year", "Depuis la fin de l'année dernière, tout va mal.", "Depuis la fin de l'année dernière 2014.. between late"},
		{"year of a war", "La guerre de 2008 a duré.", "2008 2008 year"},
		{"no year but a count", "Plus de 2000 soldats sont morts.", ""},
		{"no year but copies", "Le livre est sorti en 2 000 exemplaires.", ""},
		{"no year but a plain count", "Il commande 1500 hommes.", ""},
		{"year after a noun", "La saison 2012 et le film (2011), pour 2013.", "2012 2012 year | 2011 2011 year | 2013 2013 year"},
		{"year name", "L'an 2000 fut calme, l'année 2013 non.", "L'an 2000 2000 year | l'année 2013 2013 year"},
		{"last year", "Il a été élu l'an dernier.", "l'an dernier 2014 year"},
		{"this year", "Elle espère partir cette année.", "cette année 2015 year"},
		{"decade", "Les purges des années 1930.", "années 1930 1930..1939 decade"},
		{"decade in two digits", "La crise des années 90.", "années 90 1990..1999 decade"},
		{"century", "Un fort du XIXe siècle.", "XIXe siècle 1801..1900 century"},
		{"season", "Le siège commença au printemps 2013.", "printemps 2013 2013 season"},
		{"last season", "Le siège commença l'été dernier.", "l'été dernier 2014 season"},
		{"participle", "Il a été pris et été tué.", ""},
		{"Printemps arabe", "Le Printemps arabe et le printemps arabe.", ""},

		{"today", "Le pape arrive aujourd'hui.", "aujourd'hui 2015-05-06 day"},
		{"yesterday evening", "Il a chuté hier soir.", "hier soir 2015-05-05 day evening"},
		{"before yesterday", "Il a chuté avant-hier.", "avant-hier 2015-05-04 day"},
		{"tonight past", "Cette nuit, les rebelles ont pris la gare.", "Cette nuit 2015-05-05..2015-05-06 day night"},
		{"this morning", "Ce matin, le pont a sauté.", "Ce matin 2015-05-06 day morning"},
		{"last night", "Le pont a sauté la nuit dernière.", "la nuit dernière 2015-05-05..2015-05-06 day night"},
		{"night of two days", "Dans la nuit de samedi à dimanche, le pont a sauté.", "la nuit de samedi à dimanche 2015-05-02..2015-05-03 day night"},
		{"night of two dates", "Dans la nuit du 3 au 4 avril, le pont a sauté.", "la nuit du 3 au 4 avril 2015-04-03..2015-04-04 day night"},
		{"night of a day", "Il a fui dans la nuit de lundi.", "la nuit de lundi 2015-05-04..2015-05-05 day night"},
		{"morning of a day", "Il a fui dans la matinée de lundi.", "la matinée de lundi 2015-05-04 day morning"},
		{"bare night", "Ils ont bombardé le port durant la nuit.", "la nuit 2015-05-05..2015-05-06 day night"},
		{"bare dawn", "Ils ont quitté le port à l'aube.", "l'aube 2015-05-06 day dawn"},
		{"bare part of a day told", "Samedi, la ville est tombée. Dans la soirée, l'armée a fui.",
			"Samedi 2015-05-02 day | la soirée 2015-05-02 day evening"},
		{"in the day", "Mardi, il partit. Il revint dans la journée.", "Mardi 2015-05-05 day | la journée 2015-05-05 day"},
		{"newspapers", "Selon Le Matin, Le Soir et 20 Minutes, rien.", ""},

		{"last week", "La semaine passée, il a neigé.", "La semaine passée 2015-04-27..2015-05-03 week"},
		{"next month", "Le mois prochain, il votera.", "Le mois prochain 2015-06 month"},
		{"last week-end", "Le week-end dernier, il a neigé.", "Le week-end dernier 2015-05-02..2015-05-03 day"},
		{"week of a date", "La semaine du 20 avril fut calme.", "La semaine du 20 avril 2015-04-20..2015-04-26 week"},
		{"two months ago", "Il a fui il y a deux mois.", "il y a deux mois 2015-03 month"},
		{"some years ago", "Il a fui il y a quelques années.", "il y a quelques années 2006..2013 approximate"},
		{"in three days", "Il partira dans trois jours.", "dans trois jours 2015-05-09 day"},
		{"last six months", "Cent morts au cours des six derniers mois.", "des six derniers mois 2014-11..2015-05-06 between"},
		{"next days", "Il pleuvra dans les prochains jours.", "les prochains jours 2015-05-06..2015-05-15 between"},

		{"eve", "Lundi, il partit. La veille, il avait voté.", "Lundi 2015-05-04 day | La veille 2015-05-03 day"},
		{"morrow morning", "Lundi, il partit. Le lendemain matin, il revint.", "Lundi 2015-05-04 day | Le lendemain matin 2015-05-05 day morning"},
		{"eve of a feast", "Il partit la veille de Noël.", "la veille de Noël 2014-12-24 day"},
		{"same day", "Le 3 mai 2010, il vint. Le même jour, il repartit.", "Le 3 mai 2010 2010-05-03 day | Le même jour 2010-05-03 day"},
		{"that day", "Le 3 mai 2010, il vint. Ce jour-là, il neigeait.", "Le 3 mai 2010 2010-05-03 day | Ce jour-là 2010-05-03 day"},
		{"months earlier", "Prise en décembre 2012, libérée deux mois plus tôt.", "décembre 2012 2012-12 month | deux mois plus tôt 2012-10 month"},
		{"some months earlier", "Prise en décembre 2012, libérée quelques mois plus tôt.",
			"décembre 2012 2012-12 month | quelques mois plus tôt 2012-03..2012-10 approximate"},
		{"days later", "Le 30 mars 2010, il vint. Trois jours après, il mourut.", "Le 30 mars 2010 2010-03-30 day | Trois jours après 2010-04-02 day"},
		{"hours earlier", "Il vint mardi. Quelques heures plus tôt, il votait.", "mardi 2015-05-05 day | Quelques heures plus tôt 2015-05-05 day"},
		{"after an event", "Deux jours après la chute de la ville, il vint.", "Deux jours duration from 2015-05-04"},
		{"months after an event", "Trois mois après les élections, la commission se tait.", "Trois mois duration from 2015-02"},
		{"before a date", "Il vint deux jours avant le 5 mai.", "deux jours avant le 5 mai 2015-05-03 day"},

		{"since a date", "Il tient le port depuis le 6 février.", "depuis le 6 février 2015-02-06.. between"},
		{"since a while", "Il tient le port depuis trois mois.", "depuis trois mois 2015-02.. between"},
		{"since about a while", "Il tient le port depuis près d'un an.", "depuis près d'un an 2014.. between"},
		{"since a month", "Il tient le port depuis le mois d'avril.", "depuis le mois d'avril 2015-04.. between"},
		{"since a weekday", "Ils se battent depuis jeudi.", "depuis jeudi 2015-04-30.. between"},
		{"since a month that is near again", "Ils se battent depuis juin.", "depuis juin 2014-06.. between"},
		{"a month that is near again, in the past", "La police l'avait arrêté en juin.", "juin 2014-06 month"},
		{"a participle of either number", "L'armée a pris le port jeudi.", "jeudi 2015-04-30 day"},
		{"from on", "Il tiendra le port à partir de lundi.", "à partir de lundi 2015-05-11.. between"},
		{"until", "Il tint le port jusqu'au 5 avril.", "jusqu'au 5 avril ..2015-04-05 between"},
		{"until a year", "Il tint le port jusqu'en 2014.", "jusqu'en 2014 ..2014 between"},
		{"by", "Il partira d'ici fin 2017.", "d'ici fin 2017 ..2017 between late"},
		{"before the end", "Il partira avant la fin de l'année 2016.", "avant la fin de l'année 2016 ..2016 between late"},
		{"between months", "Les cas ont doublé entre janvier et avril.", "entre janvier et avril 2015-01..2015-04 between"},
		{"between months over a year", "Les cas ont doublé entre octobre et mars.", "entre octobre et mars 2014-10..2015-03 between"},
		{"from day to day", "Le sommet s'est tenu du 3 au 5 mai.", "du 3 au 5 mai 2015-05-03..2015-05-05 between"},
		{"from weekday to weekday", "Il a neigé de lundi à mercredi.", "de lundi à mercredi 2015-05-04..2015-05-06 between"},
		{"from year to year", "Il régna de 2003 à 2005.", "de 2003 à 2005 2003..2005 between"},
		{"dashed years", "Le budget 2012-2013 est clos.", "2012-2013 2012..2013 between"},
		{"list of days", "Il a neigé les 12, 13 et 14 avril.", "les 12, 13 et 14 avril 2015-04-12..2015-04-14 between"},
		{"no range of years", "Des peines de 10 à 15 ans.", "10 à 15 ans duration"},

		{"last hours", "Il a neigé ces dernières 48 heures.", "ces dernières 48 heures 2015-05-04..2015-05-06 between"},
		{"midnight", "La trêve est entrée en vigueur samedi à minuit.", "samedi à minuit 2015-05-02 day night"},
		{"day of the month told", "Le 11 avril il partit, et le 13 dans la soirée il revint.", "Le 11 avril 2015-04-11 day | le 13 dans la soirée 2015-04-13 day evening"},
		{"day of the next month", "Le 28 mars il partit, puis le 2, il revint.", "Le 28 mars 2015-03-28 day | le 2 2015-04-02 day"},
		{"months of a year", "En mai et juin 2011, il neigea.", "mai 2011-05 month | juin 2011 2011-06 month"},
		{"mid-year", "Le pont fut fini à la mi-2014.", "la mi-2014 2014 year mid"},
		{"since months", "Il tient le port depuis des mois.", "depuis des mois 2014-08.. approximate"},
		{"before what befell", "Il vint trois jours avant son arrestation.", "trois jours duration"},
		{"duration", "Le siège a duré trois semaines.", "trois semaines duration"},
		{"age", "Un homme âgé de 32 ans.", ""},
		{"set", "Ils défilent chaque vendredi et tous les soirs.", "chaque vendredi set"},
		{"named day", "Les attentats du 11-Septembre.", "11-Septembre 2001-09-11 day"},
		{"moving feast", "Une bombe a explosé le lundi de Pâques.", "le lundi de Pâques 2015-04-06 day"},
		{"given name", "Le député Noël Dubreuil a parlé.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(tt.text, &timex.Reference{Date: wednesday}); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestTimesWithoutReference(t *testing.T) {
	read := timeReader(t)
	for _, tt := range []struct{ text, want string }{
		{"Il a fui samedi.", "samedi unresolved"},
		{"Il a fui le 3 mai.", "le 3 mai unresolved"},
		{"Il a fui hier soir.", "hier soir unresolved"},
		{"Il a fui le 3 mai 2014.", "le 3 mai 2014 2014-05-03 day"},
		{"Il a fui le 3 mai 2014, deux jours plus tôt.", "le 3 mai 2014 2014-05-03 day | deux jours plus tôt 2014-05-01 day"},
	} {
		if got := read(tt.text, nil); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestFindReference(t *testing.T) {
	g, lang := timesAndText(t)
	for _, tt := range []struct {
		name  string
		given timex.Date
		title string
		body  string
		kind  article.SegmentKind
		want  string
	}{
		{name: "given", given: wednesday, body: "3 mai 2012. - Rien.", want: "2015-05-06 given"},
		{name: "date line", body: "3 mai 2012. - La ville est tombée le 5 juin 2014.", want: "2012-05-03 stated «3 mai 2012»"},
		{name: "place and date line", body: "BEYROUTH, 3 mai 2012 (AFP) - La ville est tombée.", want: "2012-05-03 stated «3 mai 2012»"},
		{name: "published", body: "La ville est tombée.\nPublié le 4 mai 2012 à 10h12", want: "2012-05-04 stated «le 4 mai 2012 à 10h12»"},
		{name: "byline in boilerplate", body: "Par Une Journaliste | Publié le 04/05/2012 à 10:12", kind: article.Boilerplate, want: "2012-05-04 stated «le 04/05/2012 à 10:12»"},
		{name: "line of its own", body: "Mardi 3 juillet 2012\nLa ville est tombée.", want: "2012-07-03 stated «Mardi 3 juillet 2012»"},
		{name: "latest", body: "Prise le 3 mai 2012, la ville a été reprise par l'armée le 5 juin 2012 puis perdue en 2014.", want: "2012-06-05 inferred «le 5 juin 2012»"},
		{name: "not the future", body: "Prise le 3 mai 2012, la ville votera: le scrutin aura lieu le 5 juin 2013, a dit le maire de la ville.", want: "2012-05-03 inferred «le 3 mai 2012»"},
		{name: "none", body: "La ville est tombée samedi.", want: "none"},
		{name: "partial given", given: timex.Date{Year: 2012, Month: 5}, body: "Rien.", want: "none"},
		{name: "not a teaser", body: "3 mai 2012", kind: article.Teaser, want: "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = article.Prose
			}
			doc := &article.Document{Body: tt.body, Segments: []article.Segment{{Kind: kind, Span: article.Span{End: len(tt.body)}}}}
			got := "none"
			if ref := timex.FindReference(tt.given, text.Split(t.Context(), doc, lang), g); ref != nil {
				got = ref.Date.String() + [...]string{"", " given", " stated", " inferred"}[ref.Basis]
				if ref.Basis != timex.Given {
					got += fmt.Sprintf(" «%s»", doc.Text(ref.Span))
				}
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestTimesFaults(t *testing.T) {
	good := fstest.MapFS{}
	for _, name := range []string{"times/words.tsv", "times/named.tsv", "times/cues.tsv", "numbers/words.tsv"} {
		data, err := knowledge.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		good[name] = &fstest.MapFile{Data: data}
	}
	if _, err := Times(good); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ file, data, want string }{
		{"times/words.tsv", "word\tkind\tvalue\nlundi\tweekdays\t1\n", `times/words.tsv:2: unknown kind "weekdays"`},
		{"times/words.tsv", "word\tkind\tvalue\nlundi\tweekday\tone\n", "times/words.tsv:2: value"},
		{"times/words.tsv", "word\tkind\tvalue\nLundi\tweekday\t1\n", "times/words.tsv:2: word"},
		{"times/words.tsv", "word\tkind\tvalue\nlundi\tweekday\t1\nlundi\tmonth\t1\n", "times/words.tsv:3: word"},
		{"times/named.tsv", "name\tdate\nNoël\t13-45\n", "times/named.tsv:2: date"},
		{"times/named.tsv", "name\tdate\nPâques\teastern\n", "times/named.tsv:2: date"},
		{"times/cues.tsv", "word\ttense\nsera\tsoon\n", "times/cues.tsv:2: unknown tense"},
		{"numbers/words.tsv", "word\tkind\tvalue\nun\tone\t1\n", "numbers/words.tsv:2: unknown kind"},
	} {
		bad := fstest.MapFS{}
		maps.Copy(bad, good)
		bad[tt.file] = &fstest.MapFile{Data: []byte(tt.data)}
		if _, err := Times(bad); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one that tells %q", err, tt.want)
		}
	}
}

func FuzzTimes(f *testing.F) {
	for _, s := range []string{
		"Dans la nuit du 3 au 4 mai 2015, à 20h30 GMT, il y a deux mois, d'ici fin 2014.",
		"13-15 juillet, 2012-2013, le 31/12/99, 12.03.2015, XIXe siècle, mi-mars, 1 er avril",
		"depuis plus de deux ou trois quinzaine de jours avant le lendemain de la veille de Noël",
		"de samedi 13 au dimanche 15 juillet - 20 heures trente du matin, l’été d’hier\xff",
	} {
		f.Add(s)
	}
	g, lang := timesAndText(f)
	finder := timex.NewFinder(g)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4<<10 {
			return
		}
		s = strings.ToValidUTF8(s, "?")
		doc := &article.Document{Body: s, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(s)}}}}
		txt := text.Split(t.Context(), doc, lang)
		ref := timex.FindReference(timex.Date{}, txt, g)
		if ref != nil && (!ref.Date.Valid() || ref.Date.Day == 0 || doc.Text(ref.Span) == "") {
			t.Errorf("reference %v in %q", ref, s)
		}
		for _, ref := range []*timex.Reference{ref, {Date: wednesday}} {
			last := 0
			for _, x := range finder.Find(t.Context(), txt, nil, ref) {
				if x.First < last || x.Last <= x.First || x.Last > len(txt.Words) {
					t.Fatalf("words %d to %d after %d in %q", x.First, x.Last, last, s)
				}
				last = x.Last
				if doc.Text(x.Span) == "" {
					t.Errorf("no text at %v in %q", x.Span, s)
				}
				for _, d := range []timex.Date{x.Start, x.End} {
					if !d.IsZero() && !d.Valid() {
						t.Errorf("date %v of %q in %q", d, doc.Text(x.Span), s)
					}
				}
				if !x.Start.IsZero() && !x.End.IsZero() && x.Start.Compare(x.End) > 0 {
					t.Errorf("%v after %v for %q in %q", x.Start, x.End, doc.Text(x.Span), s)
				}
			}
		}
	})
}

// timeReader returns a function that tells the times of a text on one line.
func timeReader(t testing.TB) func(s string, ref *timex.Reference) string {
	g, lang := timesAndText(t)
	finder := timex.NewFinder(g)
	return func(s string, ref *timex.Reference) string {
		doc := &article.Document{Body: s, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(s)}}}}
		var out []string
		for _, x := range finder.Find(t.Context(), text.Split(t.Context(), doc, lang), nil, ref) {
			out = append(out, doc.Text(x.Span)+" "+timeString(&x))
		}
		return strings.Join(out, " | ")
	}
}

func timeString(x *timex.Time) string {
	switch {
	case x.Kind == timex.Duration && !x.Origin.IsZero():
		return "duration from " + x.Origin.String()
	case x.Kind == timex.Duration:
		return "duration"
	case x.Kind == timex.Set:
		return "set"
	case x.Unresolved:
		return "unresolved"
	}
	s := x.Start.String()
	if x.Start != x.End {
		s += ".." + x.End.String()
	}
	s += " " + [...]string{"?", "day", "week", "month", "season", "year", "decade", "century", "between", "approximate"}[x.Precision]
	if x.PartOfDay != 0 {
		s += " " + [...]string{"", "dawn", "morning", "noon", "afternoon", "evening", "night"}[x.PartOfDay]
	}
	if x.Phase != 0 {
		s += " " + [...]string{"", "early", "mid", "late"}[x.Phase]
	}
	return s
}

func timesAndText(t testing.TB) (*TimeGrammar, *text.Language) {
	t.Helper()
	g, err := Times(nil)
	if err != nil {
		t.Fatal(err)
	}
	lang, err := Text(nil)
	if err != nil {
		t.Fatal(err)
	}
	return g, lang
}

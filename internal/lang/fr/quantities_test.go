package fr

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/text"
)

func TestQuantities(t *testing.T) {
	read := quantityReader(t)
	for _, tt := range []struct{ name, text, want string }{
		{"figures", "Les tirs ont touché 12 chars et 31 camions.", "12 chars: 12 | 31 camions: 31"},
		{"words", "Neuf civils ont péri.", "Neuf civils: 9"},
		{"thin space", "Quelque 2\u202f000 citoyens ont défilé.", "Quelque 2\u202f000 citoyens: ~2000"},
		{"point of thousands", "Ils sont 1.500 hommes.", "1.500 hommes: 1500"},
		{"long words", "Deux cent cinquante mille réfugiés ont fui.", "Deux cent cinquante mille réfugiés: 250000"},
		{"millions", "Il faut aider 3,5 millions de personnes.", "3,5 millions de personnes: 3.5e+06"},
		{"half a million", "Un demi-million de personnes ont fui.", "Un demi-million de personnes: 500000"},
		{"adjectives", "Trois autres jeunes soldats sont morts.", "Trois autres jeunes soldats: 3"},
		{"hyphens", "Quatre-vingt-dix-sept corps ont été trouvés.", "Quatre-vingt-dix-sept corps: 97"},

		{"about", "Environ 200 rebelles, près de trois cents miliciens, à peu près 40 otages.",
			"Environ 200 rebelles: ~200 | près de trois cents miliciens: ~300 | à peu près 40 otages: ~40"},
		{"about, behind", "Il y a 200 morts environ.", "200 morts environ: ~200"},
		{"ten or so", "Une dizaine de chars et une bonne trentaine de camions.",
			"Une dizaine de chars: ~10 | une bonne trentaine de camions: ~30"},
		{"a hundred or so", "Près d'une centaine de maisons ont brûlé.", "Près d'une centaine de maisons: ~100"},
		{"tens", "Des dizaines de civils ont fui.", "Des dizaines de civils: ~10.."},
		{"several hundreds", "Plusieurs centaines de bulletins ont brûlé.", "Plusieurs centaines de bulletins: ~100.."},
		{"hundreds of thousands", "Des centaines de milliers de réfugiés.", "Des centaines de milliers de réfugiés: ~100000.."},
		{"dozens", "Deux douzaines d'otages.", "Deux douzaines d'otages: ~24"},
		{"a thousand or so", "Un millier d'hommes.", "Un millier d'hommes: ~1000"},
		{"definite twenty", "Deux membres de la vingtaine de militaires.", "Deux membres: 2 | vingtaine de militaires: ~20 the"},

		{"at least", "Au moins 12 morts et pas moins de 30 blessés.", "Au moins 12 morts: 12.. | pas moins de 30 blessés: 30.."},
		{"at least, behind", "On compte 300 morts au moins.", "300 morts au moins: 300.."},
		{"more than", "Plus de 60 raids et plus d'une centaine de sorties.", "Plus de 60 raids: 60.. | plus d'une centaine de sorties: ~100.."},
		{"at most", "Jusqu'à 30 blessés, moins de 50 otages.", "Jusqu'à 30 blessés: ..30 | moins de 50 otages: ..50"},
		{"between", "Entre 20 et 30 personnes sont mortes.", "Entre 20 et 30 personnes: 20..30"},
		{"from to", "De 20 à 30 obus sont tombés.", "De 20 à 30 obus: 20..30"},
		{"to", "Ils ont tiré 20 à 30 obus, 40-50 roquettes.", "20 à 30 obus: 20..30 | 40-50 roquettes: 40..50"},
		{"or", "Deux ou trois hommes ont fui.", "Deux ou trois hommes: 2..3"},
		{"thousands at both ends", "Deux à trois mille hommes, 2 à 3 millions de déplacés.",
			"Deux à trois mille hommes: 2000..3000 | 2 à 3 millions de déplacés: 2e+06..3e+06"},

		{"percent", "Ils tiennent 85 % de la ville, 12,5% du pays, dix pour cent des sièges.", "85 %: 85 % | 12,5%: 12.5 % | dix pour cent: 10 %"},
		{"fractions", "Un tiers du pays, la moitié de la ville, trois quarts des maisons, deux tiers.",
			"Un tiers du pays: 33.3 % | moitié de la ville: 50 % the | trois quarts des maisons: 75 % | deux tiers: 66.7 %"},
		{"quarter of an hour", "Un quart d'heure plus tard, en quart de finale.", ""},
		{"area", "805 kilomètres carrés, 300 hectares, 22 km2.", "805 kilomètres carrés: 805 km2 | 300 hectares: 3 km2 | 22 km2: 22 km2"},
		{"distance", "À 70 km au nord, à quelque 20 kilomètres, 500 mètres.", "70 km: 70 km | quelque 20 kilomètres: ~20 km | 500 mètres: 0.5 km"},
		{"money", "1,2 milliard d'euros, 500 000 €, 300 dollars.", "1,2 milliard d'euros: 1.2e+09 money | 500 000 €: 500000 money | 300 dollars: 300 money"},
		{"age and length", "Un lycéen de 17 ans, otage pendant 12 heures.", "Un lycéen: 1 a | 17 ans: 17 years | 12 heures: 12 years"},

		{"partitive", "2 000 des 3 550 soldats partent.", "2 000 des 3 550 soldats: 2000"},
		{"of his", "Dix de ses hommes ont fui.", "Dix de ses hommes: 10"},
		{"subset", "L'attaque a fait 14 morts, dont 5 enfants.", "14 morts: 14 | 5 enfants: 5 of 0"},
		{"subset of many", "Les tirs ont détruit 180 bases, dont 60 postes de tir, 15 dépôts d'armes et de vivres et 43 hangars.",
			"180 bases: 180 | 60 postes: 60 of 0 | 15 dépôts: 15 of 0 | 43 hangars: 43 of 0"},
		{"subset ends with who is hurt", "Trois morts, dont deux enfants, et sept blessés.", "Trois morts: 3 | deux enfants: 2 of 0 | sept blessés: 7"},
		{"subset of who is hurt", "Vingt victimes, dont douze morts et huit blessés.", "Vingt victimes: 20 | douze morts: 12 of 0 | huit blessés: 8 of 0"},
		{"repeated in figures", "Cinq (05) morts et dix-sept (17) blessés.", "Cinq (05) morts: 5 | dix-sept (17) blessés: 17"},
		{"two numbers in brackets", "Cinq (12) morts.", ""},
		{"from to, risen", "Le bilan est passé de 15 à 19 morts.", "19 morts: 19"},
		{"subset ends", "14 morts, dont 5 enfants, sont à déplorer et 30 maisons ont brûlé.", "14 morts: 14 | 5 enfants: 5 of 0 | 30 maisons: 30"},
		{"definite", "Les deux hommes ont avoué.", "deux hommes: 2 the"},
		{"an", "Un autre gendarme a été blessé par un tir.", "Un autre gendarme: 1 a | un tir: 1 a"},
		{"article", "Un accord a mis fin à une crise.", ""},
		{"alone before its verb", "Sur les soldats, 200 ont été tués.", "200: 200"},
		{"alone under its source", "Ils étaient 600 marcheurs selon les uns, 350 selon les autres.", "600 marcheurs: 600 | 350: 350"},
		{"alone as tens", "Les frappes en ont tué des dizaines.", "des dizaines: ~10.."},

		{"no number", "Un grand nombre de rebelles, plusieurs soldats, quelques villages, aucun mort.", ""},
		{"ordinals", "Le 9e régiment, la 2e brigade, le XIXe corps.", ""},
		{"labels", "L'article 49, la résolution 2254, n° 12, la route 66, le vol 17.", ""},
		{"names", "Un A320 et un T-72 du G8 sur France 24 selon 20 Minutes.", ""},
		{"score", "Le club a gagné 3-1 et perdu 2-0.", ""},
		{"telephone", "Appelez le 01 42 33 44 55.", ""},
		{"dates", "Le 3 mai 2015 à 20h30, en 2012, les années 1990, 12/03/2015.", ""},
		{"year behind a noun", "Les résultats du bac 2012 dévoilés, la cinquième fois.", ""},
		{"months", "Les huit premiers mois, dix milles.", "huit premiers mois: 8 years the | dix milles: 18.52 km"},
		{"year alone", "Le rapport 2014 de la commission.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(tt.text); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestQuantityClass(t *testing.T) {
	g, err := Quantities(nil)
	if err != nil {
		t.Fatal(err)
	}
	for noun, want := range map[string]quantity.Class{
		"soldats": quantity.People, "Civiles": quantity.People, "généraux": quantity.People, "chars": quantity.Materiel,
		"bateaux": quantity.Materiel, "hôpitaux": quantity.Site, "raids": quantity.Sortie, "fois": quantity.Uncounted, "xyz": 0, "": 0,
	} {
		if got := g.Class(noun); got != want {
			t.Errorf("class of %q is %v, want %v", noun, got, want)
		}
	}
	const least = 300
	if n := len(g.counted.words); n < least {
		t.Errorf("%d counted nouns, want %d", n, least)
	}
}

func TestQuantitiesFaults(t *testing.T) {
	for _, tt := range []struct{ file, data, want string }{
		{"numbers/around.tsv", "word\tkind\nle\tarticle\n", `numbers/around.tsv:2: unknown kind "article"`},
		{"numbers/modifiers.tsv", "phrase\tkind\tplace\nprès de\tnear\tbefore\n", "numbers/modifiers.tsv:2: unknown kind"},
		{"numbers/modifiers.tsv", "phrase\tkind\tplace\nprès de\tabout\there\n", "numbers/modifiers.tsv:2: place"},
		{"numbers/units.tsv", "word\tsecond\tunit\tfactor\nkm\t\tlength\t1\n", "numbers/units.tsv:2: unknown unit"},
		{"numbers/units.tsv", "word\tsecond\tunit\tfactor\nkm\t\tdistance\t-1\n", "numbers/units.tsv:2: factor"},
		{"numbers/counted.tsv", "noun\tclass\tforms\nchar\ttank\t\n", "numbers/counted.tsv:2: unknown class"},
		{"numbers/counted.tsv", "noun\tclass\tforms\nchar\tmateriel\t\nchar\tsite\t\n", "numbers/counted.tsv:3: word"},
	} {
		files := fstest.MapFS{}
		for _, name := range []string{"words", "around", "modifiers", "units", "counted"} {
			data, err := knowledge.ReadFile("numbers/" + name + ".tsv")
			if err != nil {
				t.Fatal(err)
			}
			files["numbers/"+name+".tsv"] = &fstest.MapFile{Data: data}
		}
		files[tt.file] = &fstest.MapFile{Data: []byte(tt.data)}
		if _, err := Quantities(files); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one that tells %q", err, tt.want)
		}
	}
}

func FuzzQuantities(f *testing.F) {
	for _, s := range []string{
		"Au moins 14 morts, dont 5 enfants, de 20 à 30-40 km carrés et 3,5 millions d'euros.",
		"une demi-douzaine des deux tiers de 2 000 des 3 550 soldats au moins environ",
		"$300 M€ 01 42 33 n° 12 24/7 3-1 1er 2e quatre-vingt-un mille mille millions de des dizaines de milliers",
		"plus de plus d'une à deux ou trois % pour cent entre 2 et\xff",
	} {
		f.Add(s)
	}
	times, lang := timesAndText(f)
	g, err := Quantities(nil)
	if err != nil {
		f.Fatal(err)
	}
	tf, qf := timex.NewFinder(times), quantity.NewFinder(g)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4<<10 {
			return
		}
		s = strings.ToValidUTF8(s, "?")
		doc := &article.Document{Body: s, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(s)}}}}
		txt := text.Split(t.Context(), doc, lang)
		last := 0
		all := qf.Find(t.Context(), txt, nil, timex.Words(tf.Find(t.Context(), txt, nil, nil)))
		for i, q := range all {
			if q.First < last || q.Last <= q.First || q.Last > len(txt.Words) || q.Head >= len(txt.Words) || q.Head < -1 {
				t.Fatalf("words %d to %d, head %d, after %d in %q", q.First, q.Last, q.Head, last, s)
			}
			last = q.Last
			if doc.Text(q.Span) == "" || q.PartOf >= i {
				t.Errorf("%+v in %q", q, s)
			}
			if q.Low == nil && q.High == nil || q.Low != nil && q.High != nil && *q.Low > *q.High || q.Low != nil && *q.Low < 0 {
				t.Errorf("bounds of %q in %q", doc.Text(q.Span), s)
			}
		}
	})
}

// quantityReader returns a function that tells the quantities of a text on one
// line.
func quantityReader(t testing.TB) func(string) string {
	times, lang := timesAndText(t)
	g, err := Quantities(nil)
	if err != nil {
		t.Fatal(err)
	}
	tf, qf := timex.NewFinder(times), quantity.NewFinder(g)
	return func(s string) string {
		doc := &article.Document{Body: s, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(s)}}}}
		txt := text.Split(t.Context(), doc, lang)
		var out []string
		for _, q := range qf.Find(t.Context(), txt, nil, timex.Words(tf.Find(t.Context(), txt, nil, nil))) {
			out = append(out, doc.Text(q.Span)+": "+quantityString(&q))
		}
		return strings.Join(out, " | ")
	}
}

func quantityString(q *quantity.Quantity) string {
	var b strings.Builder
	if q.Approximate {
		b.WriteString("~")
	}
	switch {
	case q.Low != nil && q.High != nil && *q.Low == *q.High:
		fmt.Fprint(&b, *q.Low)
	default:
		if q.Low != nil {
			fmt.Fprint(&b, *q.Low)
		}
		b.WriteString("..")
		if q.High != nil {
			fmt.Fprint(&b, *q.High)
		}
	}
	if q.Unit != quantity.Count {
		b.WriteString(" " + [...]string{"", "km2", "%", "km", "money", "years", "other"}[q.Unit])
	}
	if q.Definite {
		b.WriteString(" the")
	}
	if q.Indefinite {
		b.WriteString(" a")
	}
	if q.PartOf >= 0 {
		fmt.Fprintf(&b, " of %d", q.PartOf)
	}
	return b.String()
}

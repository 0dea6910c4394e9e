package fr

import (
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/text"
)

// A paragraph such as agencies write, repeated to the 3 kB of an article.
const paragraph = `L'armée a repris samedi soir le contrôle de la ville après trois semaines de combats qui ont fait au moins ` +
	`120 morts, dont une trentaine de civils, selon un responsable local. Dans la nuit de vendredi à samedi, plus de ` +
	`soixante raids ont visé les positions des insurgés, détruisant 11 chars et 31 véhicules, a ajouté cette source. ` +
	`La ville, prise en mai 2014 et assiégée depuis le mois de janvier, comptait 45 000 habitants avant la guerre. ` +
	`Les autorités ont indiqué que la route restait coupée à une vingtaine de kilomètres au nord et que des équipes ` +
	`de secours cherchaient toujours des survivants parmi les décombres des immeubles effondrés de la vieille ville. `

func BenchmarkTimesAndQuantities(b *testing.B) {
	times, lang := timesAndText(b)
	g, err := Quantities(nil)
	if err != nil {
		b.Fatal(err)
	}
	s := strings.TrimSpace(strings.Repeat(paragraph, 4))
	doc := &article.Document{Body: s, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(s)}}}}
	txt := text.Split(b.Context(), doc, lang)
	ref := &timex.Reference{Date: wednesday, Basis: timex.Given}
	tf, qf := timex.NewFinder(times), quantity.NewFinder(g)
	b.Logf("%d bytes, %d words", len(s), len(txt.Words))
	b.Run("times", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(s)))
		for b.Loop() {
			tf.Find(b.Context(), txt, nil, ref)
		}
	})
	found := timex.Words(tf.Find(b.Context(), txt, nil, ref))
	b.Run("quantities", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(s)))
		for b.Loop() {
			qf.Find(b.Context(), txt, nil, found)
		}
	})
	b.Run("reference", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			timex.FindReference(timex.Date{}, txt, times)
		}
	})
}

// Package prose measures github.com/jdkato/prose/v2, which tags English and
// finds names in it, for scale beside depeche's own reading of French:
//
//	cd benchmarks/prose && GOWORK=off go test -bench .
//	go test -run '^$' -bench TextToTree ./internal/lang/fr
package prose

import (
	"strings"
	"testing"

	"github.com/jdkato/prose/v2"
)

// news is text of our own in the manner of an agency.
const news = `The Syrian army on Saturday retook the ancient city of Palmyra from jihadists of the Islamic State group, a military official quoted by the official agency said.
According to the Observatory, at least twelve civilians, three of them children, were killed in the bombing of a market on the northern outskirts.
The president, who is due to travel to Geneva on Monday, said that negotiations would resume as soon as the fighting stopped.
Hundreds of protesters gathered on Tuesday in front of the courthouse to demand the release of opponents arrested in March.
"We will not give in", the spokesman of the rebels said, accusing government forces of having violated the truce brokered by the UN.
The attack, which has not been claimed, left 17 dead and some forty wounded, according to a still provisional toll.
`

func BenchmarkProseTaggingAndNames(b *testing.B) {
	text := strings.Repeat(news, 3) // about the length of an article
	first, err := prose.NewDocument(text)
	if err != nil {
		b.Fatal(err)
	}
	tokens := 0
	b.ReportAllocs()
	for b.Loop() {
		doc, err := prose.NewDocument(text, prose.UsingModel(first.Model)) // loads no model
		if err != nil {
			b.Fatal(err)
		}
		tokens += len(doc.Tokens())
	}
	b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
}

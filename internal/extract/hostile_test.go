package extract

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/depeche-events/depeche/internal/article"
)

// hostileUnits are what, repeated to the longest body, costs one stage or
// another the most.
var hostileUnits = map[string]string{
	"one actor":      "armée ",
	"one trigger":    "attaque ",
	"one letter":     "a",
	"sentences":      "L'armée a tué trois civils samedi à Palmyre. ",
	"one sentence":   "l'armée a tué trois civils samedi à Palmyre, et ",
	"short lines":    "a\n",
	"persons":        "Jean Dupont, Marie Martin, ",
	"places":         "Palmyre, Alep, Homs, ",
	"relative place": "à 70 km au nord-est de ",
	"initials":       "ONU OTAN EI ",
	"pronouns":       "Il l'a tué. ",
	"speakers":       "selon lui, ",
	"quotations":     "«a» ",
	"opened quotes":  "« ",
	"numbers":        "vingt-deux mille trois cents ",
	"dates":          "samedi 12 mars 2016 ",
	"determiners":    "de la ",
	"accents":        "e\u0301",
	"deaths":         "Douze civils ont été tués. ",
	"raids, deaths":  "Un raid russe a visé Alep samedi. Douze civils ont été tués. ",
	"said events":    "« L'armée a tué trois civils. ",
	"one group":      "Le Front ABC a attaqué l'armée. ",
}

// hostileRuns tell ever new things: sentence i of each.
var hostileRuns = map[string]func(i int) string{
	"many numbers": func(i int) string { return fmt.Sprintf("L'armée a tué %d civils à Alep. ", i+2) },
	"many dates": func(i int) string {
		return fmt.Sprintf("L'armée a attaqué Alep le %d mars %d. ", i%28+1, 1900+i/28%100)
	},
	"many persons": func(i int) string { return fmt.Sprintf("Jean D%s a été tué par l'armée. ", letters(i)) },
	"many groups": func(i int) string {
		return fmt.Sprintf("Le Front %s a attaqué l'armée. ", strings.ToUpper(letters(i)))
	},
}

// letters are three letters for a number below 26 cubed.
func letters(i int) string {
	return string([]byte{'a' + byte(i%26), 'a' + byte(i/26%26), 'a' + byte(i/26/26%26)})
}

func hostileRun(sentence func(i int) string, size int) Input {
	var body strings.Builder
	for i := 0; body.Len() < size; i++ {
		body.WriteString(sentence(i))
	}
	return Input{Body: []byte(body.String()), Form: article.PlainText, Language: "fr", Published: sunday}
}

func hostile(unit string, size int) Input {
	return Input{Body: []byte(strings.Repeat(unit, size/len(unit))), Form: article.PlainText, Language: "fr", Published: sunday}
}

// Whatever is repeated, an article ends: with an answer, or by its context.
func TestHostileTexts(t *testing.T) {
	for name, unit := range hostileUnits {
		if _, err := extractor().Extract(t.Context(), hostile(unit, 16<<10), Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, sentence := range hostileRuns {
		if _, err := extractor().Extract(t.Context(), hostileRun(sentence, 16<<10), Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// patient is a context that ends when it has been looked at so often.
type patient struct {
	context.Context
	looks int
}

func (p *patient) Err() error {
	if p.looks--; p.looks < 0 {
		return context.Canceled
	}
	return nil
}

// The stages that can take long look at their context sentence by sentence, and
// what ends it ends them.
func TestLongStagesLookAtTheirContext(t *testing.T) {
	const told = "L'armée a tué trois civils samedi à Palmyre. "
	const sentences = 200
	in := hostile(told, sentences*len(told))
	ctx := &patient{t.Context(), 1 << 30}
	looks := map[string]int{}
	before := ctx.looks
	if _, err := extractor().Extract(ctx, in, Options{Observe: func(stage string, _ time.Time, _ time.Duration) {
		looks[stage], before = before-ctx.looks, ctx.looks
	}}); err != nil {
		t.Fatal(err)
	}
	for _, stage := range []string{stageSyntax, stageActors, stageEvents} {
		if looks[stage] < sentences {
			t.Errorf("%s: looked %d times at its context over %d sentences", stage, looks[stage], sentences)
		}
	}
	all := 1<<30 - ctx.looks
	for _, after := range []int{1, all / 4, all / 2, all - 1} {
		if _, err := extractor().Extract(&patient{t.Context(), after}, in, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d of %d looks: %v, want the context's end", after, all, err)
		}
	}
}

// A sentence without end is read in parts, and the answer says so.
func TestLongSentencesAreTold(t *testing.T) {
	in := hostile("la ville et ", 64<<10)
	x, err := extractor().Extract(t.Context(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range x.Warnings {
		if w.Code == SentenceTooLong && w.Span != nil {
			return
		}
	}
	t.Errorf("warnings are %v", x.Warnings)
}

package extract

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

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

// Syntax takes most of the time, and stops within one sentence.
func TestSyntaxLooksAtItsContext(t *testing.T) {
	const sentences = 200
	in := hostile("La ville est calme. ", sentences*len("La ville est calme. "))
	whole := &patient{t.Context(), 1 << 30}
	if _, err := extractor().Extract(whole, in, Options{}); err != nil {
		t.Fatal(err)
	}
	if looks := 1<<30 - whole.looks; looks < sentences {
		t.Errorf("looked %d times at its context over %d sentences", looks, sentences)
	}
	ctx := &patient{t.Context(), sentences / 2}
	if _, err := extractor().Extract(ctx, in, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's end", err)
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

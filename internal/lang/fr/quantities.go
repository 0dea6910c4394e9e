package fr

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/table"
	"github.com/depeche-events/depeche/internal/text"
)

// The kinds of word around numbers; see numbers/around.tsv.
const (
	labelAround wordKind = iota + 1
	adjectiveAround
	stopAround
	predicateAround
	definiteAround
	pluralAround
	ofAround
	toAround
	orAround
	andAround
	betweenAround
	halfAround
	changeAround
	victimAround
)

var aroundKinds = map[string]wordKind{
	"label": labelAround, "adjective": adjectiveAround, "stop": stopAround, "predicate": predicateAround,
	"definite": definiteAround, "plural": pluralAround, "of": ofAround, "to": toAround, "or": orAround,
	"and": andAround, "between": betweenAround, "half": halfAround, "change": changeAround, "victim": victimAround,
}

// modifierKind is what a phrase makes of the number beside it; see
// numbers/modifiers.tsv.
type modifierKind uint8

const (
	aboutModifier modifierKind = iota + 1
	leastModifier
	mostModifier
	subsetModifier
)

var modifierKinds = map[string]modifierKind{
	"about": aboutModifier, "least": leastModifier, "most": mostModifier, "subset": subsetModifier,
}

type modifier struct {
	words []string
	kind  modifierKind
}

type unitOfMeasure struct {
	word, second string
	unit         quantity.Unit
	factor       float64
}

var unitNames = map[string]quantity.Unit{
	"area": quantity.SquareKilometres, "distance": quantity.Kilometres, "currency": quantity.Currency,
	"percent": quantity.Percent, "years": quantity.Years, "other": quantity.OtherUnit,
}

var classNames = map[string]quantity.Class{
	"people": quantity.People, "materiel": quantity.Materiel, "site": quantity.Site, "sortie": quantity.Sortie,
	"uncounted": quantity.Uncounted,
}

// QuantityGrammar is the French grammar of quantities. It is immutable.
type QuantityGrammar struct {
	numbers numbers
	around  *wordMap
	counted *wordMap
	// before lists the modifiers that stand before a number by their last
	// word, after those that stand behind it by their first, the longest first.
	before, after map[string][]modifier
	edges         *wordMap // last words of before (1), first of after (2), both (3)
	units         map[string][]unitOfMeasure
	unitWords     *wordMap

	parsers sync.Pool
}

// Quantities returns the French grammar of quantities, read from the folder
// numbers of fsys, or the embedded files where fsys is nil. Faults are told by
// file and line.
func Quantities(fsys fs.FS) (*QuantityGrammar, error) {
	if fsys == nil {
		fsys = knowledge
	}
	g := &QuantityGrammar{
		around: new(wordMap), counted: new(wordMap), edges: new(wordMap), unitWords: new(wordMap),
		before: map[string][]modifier{}, after: map[string][]modifier{}, units: map[string][]unitOfMeasure{},
	}
	var err error
	if g.numbers, err = loadNumbers(fsys); err != nil {
		return nil, err
	}
	for _, load := range []func(fs.FS) error{g.loadAround, g.loadModifiers, g.loadUnits, g.loadCounted} {
		if err := load(fsys); err != nil {
			return nil, err
		}
	}
	g.parsers.New = func() any { return new(quantityParser) }
	return g, nil
}

func (g *QuantityGrammar) loadAround(fsys fs.FS) error {
	return table.Read(fsys, "numbers/around.tsv", []string{"word", "kind"}, func(r table.Row) error {
		kind, ok := aroundKinds[r.Get("kind")]
		if !ok {
			return r.Errorf("unknown kind %q", r.Get("kind"))
		}
		if err := g.around.add(r.Get("word"), meaning{kind: kind}); err != nil {
			return r.Errorf("%w", err)
		}
		return nil
	})
}

func (g *QuantityGrammar) loadModifiers(fsys fs.FS) error {
	columns := []string{"phrase", "kind", "place"}
	return table.Read(fsys, "numbers/modifiers.tsv", columns, func(r table.Row) error {
		kind, ok := modifierKinds[r.Get("kind")]
		if !ok {
			return r.Errorf("unknown kind %q", r.Get("kind"))
		}
		words := strings.Fields(r.Get("phrase"))
		if len(words) == 0 {
			return r.Errorf("no phrase")
		}
		place := r.Get("place")
		if place != "before" && place != "after" && place != "both" {
			return r.Errorf("place %q is none of before, after, both", place)
		}
		for _, words := range spellings(words) {
			m := modifier{words, kind}
			if place != "after" {
				insertModifier(g.before, words[len(words)-1], m)
			}
			if place != "before" {
				insertModifier(g.after, words[0], m)
			}
			for _, w := range []string{words[0], words[len(words)-1]} {
				if g.edges.get(w).kind != 0 {
					continue
				}
				if err := g.edges.add(w, meaning{kind: 1}); err != nil {
					return r.Errorf("%w", err)
				}
			}
		}
		return nil
	})
}

// spellings returns the phrase as it is, elided («près d'»), and as the words
// that its contractions stand for («à le moins»).
func spellings(words []string) [][]string {
	out := [][]string{words}
	if last := len(words) - 1; words[last] == "de" {
		elided := append([]string(nil), words...)
		elided[last] = "d'"
		out = append(out, elided)
	}
	split := map[string][]string{"au": {"à", "le"}, "aux": {"à", "les"}, "du": {"de", "le"}, "des": {"de", "les"}}
	for _, phrase := range out {
		var apart []string
		for _, w := range phrase {
			if two := split[w]; two != nil {
				apart = append(apart, two...)
			} else {
				apart = append(apart, w)
			}
		}
		if len(apart) > len(phrase) {
			out = append(out, apart)
		}
	}
	return out
}

// insertModifier keeps the modifiers of one word with the longest first.
func insertModifier(m map[string][]modifier, key string, mod modifier) {
	list := m[key]
	at := len(list)
	for at > 0 && len(list[at-1].words) < len(mod.words) {
		at--
	}
	m[key] = slices.Insert(list, at, mod)
}

func (g *QuantityGrammar) loadUnits(fsys fs.FS) error {
	columns := []string{"word", "second", "unit", "factor"}
	return table.Read(fsys, "numbers/units.tsv", columns, func(r table.Row) error {
		unit, ok := unitNames[r.Get("unit")]
		if !ok {
			return r.Errorf("unknown unit %q", r.Get("unit"))
		}
		factor, err := strconv.ParseFloat(r.Get("factor"), 64)
		if err != nil || factor <= 0 {
			return r.Errorf("factor %q is no positive number", r.Get("factor"))
		}
		u := unitOfMeasure{word: r.Get("word"), second: r.Get("second"), unit: unit, factor: factor}
		key := strings.ToLower(u.word)
		if u.second != "" { // those of two words are tried first
			g.units[key] = append([]unitOfMeasure{u}, g.units[key]...)
		} else {
			g.units[key] = append(g.units[key], u)
		}
		if err := g.unitWords.add(key, meaning{kind: 1}); err != nil {
			return r.Errorf("%w", err)
		}
		return nil
	})
}

func (g *QuantityGrammar) loadCounted(fsys fs.FS) error {
	columns := []string{"noun", "class", "forms"}
	return table.Read(fsys, "numbers/counted.tsv", columns, func(r table.Row) error {
		class, ok := classNames[r.Get("class")]
		if !ok {
			return r.Errorf("unknown class %q", r.Get("class"))
		}
		for _, form := range append(r.List("forms"), r.Get("noun")) {
			if err := g.counted.add(form, meaning{kind: wordKind(class)}); err != nil {
				return r.Errorf("%w", err)
			}
		}
		return nil
	})
}

// Class implements quantity.Grammar.
func (g *QuantityGrammar) Class(noun string) quantity.Class {
	return quantity.Class(g.counted.get(noun).kind)
}

// Append implements quantity.Grammar.
func (g *QuantityGrammar) Append(dst []quantity.Reading, words []text.Word, taken []bool) []quantity.Reading {
	p := g.parsers.Get().(*quantityParser)
	p.g, p.words, p.taken, p.done, p.subsetEnd, p.subsetHead = g, words, taken, 0, 0, -1
	for i := 0; i < len(words); {
		if taken[i] || !p.starts(i) {
			i++
			continue
		}
		r, next, ok := p.quantity(i)
		if ok {
			dst = append(dst, r)
			p.done = max(r.End, r.Last)
			if r.Subset {
				p.subsetEnd, p.subsetHead = p.done, r.Head
			}
			next = max(next, p.done)
		}
		i = max(next, i+1)
	}
	p.words, p.taken = nil, nil
	g.parsers.Put(p)
	return dst
}

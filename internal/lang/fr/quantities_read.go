package fr

import (
	"math"
	"strings"

	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/text"
)

// quantityParser reads the quantities of one sentence.
type quantityParser struct {
	g     *QuantityGrammar
	words []text.Word
	taken []bool
	// done is the word after the last quantity, subsetEnd that after the last
	// one that is a part of another; 0 at first. subsetHead is what that one
	// counts.
	done, subsetEnd, subsetHead int
}

func (p *quantityParser) form(i int) string {
	if i < 0 || i >= len(p.words) {
		return ""
	}
	return p.words[i].Form
}

func (p *quantityParser) kind(i int) wordKind {
	if i < 0 || i >= len(p.words) {
		return 0
	}
	return p.g.around.get(p.words[i].Form).kind
}

func (p *quantityParser) number(i int) meaning {
	if i < 0 || i >= len(p.words) {
		return meaning{}
	}
	return p.g.numbers.words.get(p.words[i].Form)
}

// starts reports whether a number may start at word i.
func (p *quantityParser) starts(i int) bool {
	form := p.words[i].Form
	if form == "" {
		return false
	}
	if isDigit(form[0]) {
		return true
	}
	if k := p.g.numbers.words.get(form).kind; k != 0 {
		return k != andNumber && k != millionNumber
	}
	return strings.IndexByte(form, '-') > 0 && p.g.numbers.starts(form)
}

// quantity reads the quantity whose number starts at word i.
func (p *quantityParser) quantity(i int) (quantity.Reading, int, bool) {
	a, ok := p.amount(i)
	if !ok {
		return quantity.Reading{}, p.run(i), false
	}
	r := quantity.Reading{
		First: a.first, Last: a.last, Number: a.number, Head: -1, Low: a.low, High: a.high,
		OpenHigh: a.openHigh, Approximate: a.approximate, Indefinite: a.one,
	}
	p.modifiersBefore(&r)
	if p.isLabelled(i, a) {
		return r, a.last, false
	}
	if a.percent {
		r.Unit = quantity.Percent
	}
	if !p.head(&r, a) {
		return r, a.last, false
	}
	if r.Head < 0 && r.Unit == quantity.Count && !p.standsAlone(&r, a) {
		return r, a.last, false
	}
	if r.Head < 0 && (p.sourceAt(a.last) || p.were(r.First-1)) {
		r.Sure = true // nothing behind «selon» or «ils étaient 300» is counted
	}
	if a.figures && (p.isYear(&r, a) || p.isName(&r, a)) {
		return r, a.last, false
	}
	r.End = max(r.Last, r.Head+1, r.End)
	p.modifierAfter(&r)
	p.subset(&r)
	return r, max(r.End, r.Last), true
}

// isLabelled reports whether the number names something: «article 49», «n° 12»,
// «3-1», «24/7», «9 mm».
func (p *quantityParser) isLabelled(i int, a amount) bool {
	before := i - 1
	if p.kind(before) == labelAround && a.figures {
		return true
	}
	if !a.figures {
		return false
	}
	switch f := p.form(before); f {
	case "/", "+", "_", "#", "=", "°", "-", "–", "&":
		return true
	}
	switch f := p.form(a.last); f {
	case "/", "=", "°", "-", "–", "er", "e", "ème", "&":
		return true
	}
	if f := p.form(before); f != "" && isDigit(f[0]) && !(p.done == i) {
		return true // a run of figures is a telephone number
	}
	if f := p.form(a.last); f != "" && isDigit(f[0]) {
		return true
	}
	return false
}

// isYear reports whether a bare figure is more likely a year.
func (p *quantityParser) isYear(r *quantity.Reading, a amount) bool {
	if a.number != a.last-1 || !isDigits(p.form(a.number), 4) || a.low != a.high || a.low < 1900 || a.low >= 2100 ||
		r.Unit != quantity.Count {
		return false
	}
	if r.Head != a.last {
		return true
	}
	afterNoun := startsWithLetter(p.form(a.first-1)) && p.kind(a.first-1) == 0 && r.First == a.first // «la saison 2012»
	return p.g.Class(p.form(r.Head)) == 0 && (afterNoun || !plural(p.form(r.Head)))
}

// isName reports whether a small figure between two names belongs to the first:
// «de France 2 Untel».
func (p *quantityParser) isName(r *quantity.Reading, a amount) bool {
	return a.high < 100 && r.Unit == quantity.Count && r.First == a.first && p.capitalBefore(a.first) && r.Head == a.last &&
		isCapital(p.form(r.Head))
}

// head finds the unit or what is counted after the number, by order of words.
// It reports false where a name stands there: 20 Minutes.
func (p *quantityParser) head(r *quantity.Reading, a amount) bool {
	at := a.last
	if a.noun && p.kind(at) == ofAround {
		at++
	}
	if unit, last, ok := p.unit(at); ok {
		r.Unit = unit.unit
		p.measure(r, a, unit, at, last)
		return true
	}
	if p.g.unitWords.get(p.form(at)).kind != 0 && a.figures && p.form(at)[0] < 'a' {
		return false
	}
	if unit := p.form(a.first - 1); a.figures && (unit == "$" || unit == "€" || unit == "£") {
		r.Unit, r.Head, r.Sure = quantity.Currency, a.first-1, true
		r.First = min(r.First, a.first-1)
		return true
	}
	if p.kind(at) == ofAround || a.noun && at > a.last {
		// partitives: «2 000 des 3 550 soldats», «dix de ses hommes», «la moitié
		// de la ville»
		if p.kind(at) == ofAround {
			at++
		}
		for p.kind(at) == definiteAround || p.kind(at) == pluralAround {
			at++
		}
		if c, ok := p.g.numbers.cardinal(p.words, at); ok && !c.one {
			at = c.last
		}
	} else if p.kind(at) == pluralAround { // «2 000 des 3 550 soldats» with «des» as one word
		at++
		if c, ok := p.g.numbers.cardinal(p.words, at); ok && !c.one {
			at = c.last
		}
	}
	for n := 0; n < 3 && p.kind(at) == adjectiveAround; n++ {
		at++
	}
	if unit, last, ok := p.unit(at); ok && p.kind(at-1) == adjectiveAround { // «huit longs mois»
		p.measure(r, a, unit, at, last)
		return true
	}
	if p.isNoun(at) {
		r.Head = at
		r.Sure = p.g.Class(p.form(at)) != 0
	} else if p.kind(at-1) == adjectiveAround && at > a.last {
		r.Head = at - 1 // «les deux autres», «trois jeunes»
	}
	return true
}

// measure makes r a number of the unit at word at, up to word last.
func (p *quantityParser) measure(r *quantity.Reading, a amount, unit unitOfMeasure, at, last int) {
	r.Head, r.Sure, r.Indefinite, r.End = at, true, false, last
	if a.percent { // «la moitié des hectares» is a share all the same
		return
	}
	r.Unit = unit.unit
	if unit.factor != 1 { // tidy what the product leaves
		r.Low, r.High = math.Round(r.Low*unit.factor*1e6)/1e6, math.Round(r.High*unit.factor*1e6)/1e6
	}
}

// unit reads a unit of measure at word i.
func (p *quantityParser) unit(i int) (unitOfMeasure, int, bool) {
	form := p.form(i)
	if form == "" || p.g.unitWords.get(form).kind == 0 {
		return unitOfMeasure{}, i, false
	}
	for _, u := range p.g.units[strings.ToLower(form)] {
		if u.word != form && (u.word != strings.ToLower(u.word) || u.word != strings.ToLower(form) || !upper(form)) {
			continue // a capital makes a name: 20 Minutes
		}
		if u.second == "" {
			return u, i + 1, true
		}
		if strings.EqualFold(p.form(i+1), u.second) {
			return u, i + 2, true
		}
	}
	return unitOfMeasure{}, i, false
}

// upper reports whether s is all capitals: «300 KM».
func upper(s string) bool { return len(s) > 1 && s == strings.ToUpper(s) }

// isNoun reports whether the word at i may be what is counted.
func (p *quantityParser) isNoun(i int) bool {
	form := p.form(i)
	return i < len(p.words) && startsWithLetter(form) && !p.taken[i] && (p.kind(i) == 0 || p.kind(i) == victimAround) && len(form) > 1 ||
		i < len(p.words) && p.kind(i) == labelAround && plural(form)
}

// standsAlone reports whether a number without a noun may count what its
// sentence speaks of: «200 ont été tués», «dont 12 grièvement», «au moins 30».
func (p *quantityParser) standsAlone(r *quantity.Reading, a amount) bool {
	if a.one || p.capitalBefore(a.first) {
		return false
	}
	switch p.kind(a.last) {
	case predicateAround:
		return true
	}
	if r.First < a.first || a.noun || r.Subset {
		return true
	}
	told := p.sourceAt(a.last) // «20 000 selon les syndicats, 5 000 selon la police»
	if endsPhrase(p.form(a.last)) && p.form(a.first-3) == "en" && p.has(a.first-2) {
		return true // «la police en a compté 4 000»
	}
	if p.were(a.first - 1) {
		switch p.form(a.last) { // «ils étaient 300 à défiler», «50 000 dans la capitale»
		case "à", "dans", "sur", "devant", "en", "au", "aux":
			return true
		}
		return told || endsPhrase(p.form(a.last))
	}
	switch f := p.form(a.first - 1); f {
	case ":", "à", "parmi":
		return told || endsPhrase(p.form(a.last))
	case "et", "contre", "ou", "mais":
		return told
	default:
		return told && !startsWithLetter(f)
	}
}

// were reports whether word i is a form of «être» of many.
func (p *quantityParser) were(i int) bool {
	switch p.form(i) {
	case "sont", "étaient", "seraient", "furent":
		return true
	}
	return false
}

// has reports whether word i is a form of «avoir» that goes with a participle.
func (p *quantityParser) has(i int) bool {
	switch p.form(i) {
	case "a", "ont", "avait", "avaient", "aurait", "auraient":
		return true
	}
	return false
}

// sourceAt reports whether who tells it is named from word i on.
func (p *quantityParser) sourceAt(i int) bool {
	switch p.form(i) {
	case "selon":
		return true
	case "d'", "d’":
		return p.form(i+1) == "après"
	}
	return false
}

func endsPhrase(s string) bool { return s == "" || !startsWithLetter(s) }

// capitalBefore reports whether a name stands before the number: France 24.
func (p *quantityParser) capitalBefore(i int) bool { return i > 1 && isCapital(p.form(i-1)) }

// modifiersBefore reads the phrases before the number, from it backwards.
func (p *quantityParser) modifiersBefore(r *quantity.Reading) {
	at := r.First
	for n := 0; n < 3; n++ {
		from := at
		if k := p.kind(at - 1); (k == definiteAround || k == pluralAround) && at-1 >= p.done {
			if k == definiteAround {
				r.Definite = true
			}
			from = at - 1
		}
		kind, first := p.modifierEnding(from)
		if kind == 0 && from != at {
			// «la», «les» may be a modifier's own last word
			kind, first = p.modifierEnding(at)
		}
		if kind == 0 || first < p.done {
			return
		}
		at = first
		if kind == subsetModifier {
			r.Subset = true
			return
		}
		r.First = first
		p.apply(r, kind)
	}
}

// modifierEnding returns the modifier whose last word stands before word end,
// and its first word.
func (p *quantityParser) modifierEnding(end int) (modifierKind, int) {
	form := p.form(end - 1)
	if form == "" || p.g.edges.get(form).kind == 0 {
		return 0, end
	}
	var buf [maxWord + 3]byte
	key, ok := lower(buf[:0], form)
	if !ok {
		return 0, end
	}
	for _, m := range p.g.before[string(key)] {
		if first := end - len(m.words); first >= 0 && p.matches(m, first) {
			return m.kind, first
		}
	}
	return 0, end
}

func (p *quantityParser) matches(m modifier, first int) bool {
	for i, w := range m.words {
		form := p.form(first + i)
		if form == w {
			continue
		}
		var buf [maxWord + 3]byte
		key, ok := lower(buf[:0], form)
		if !ok || string(key) != w {
			return false
		}
	}
	return true
}

// modifierAfter reads «300 morts au moins», «200 environ».
func (p *quantityParser) modifierAfter(r *quantity.Reading) {
	at := r.End
	form := p.form(at)
	if form == "" || p.g.edges.get(form).kind == 0 {
		return
	}
	var buf [maxWord + 3]byte
	key, ok := lower(buf[:0], form)
	if !ok {
		return
	}
	for _, m := range p.g.after[string(key)] {
		if p.matches(m, at) {
			// «au moins» before another number is that one's
			next := at + len(m.words)
			if next < len(p.words) && (p.starts(next) || p.kind(next) == ofAround) {
				return
			}
			p.apply(r, m.kind)
			r.End = next
			return
		}
	}
}

func (p *quantityParser) apply(r *quantity.Reading, kind modifierKind) {
	switch kind {
	case aboutModifier:
		r.Approximate = true
	case leastModifier:
		r.OpenHigh = true
	case mostModifier:
		r.OpenLow = true
	}
	if r.Indefinite {
		r.Indefinite = false // «au moins un mort» counts
	}
}

// subset carries «dont» on to the next number of its list: «dont 60 postes, 15
// entrepôts et 43 véhicules».
func (p *quantityParser) subset(r *quantity.Reading) {
	const reach = 14 // words between the two numbers
	if r.Subset || p.subsetEnd == 0 || p.done != p.subsetEnd || r.First-p.subsetEnd > reach {
		return
	}
	if r.Head >= 0 && p.kind(r.Head) == victimAround && p.kind(p.subsetHead) != victimAround {
		return // «trois morts, dont un enfant, et sept blessés»
	}
	listed := false
	for i := p.subsetEnd; i < r.First; i++ {
		switch {
		case p.kind(i) == predicateAround || p.form(i) == ";" || p.form(i) == "." || p.form(i) == ":":
			return
		case p.form(i) == "," || p.kind(i) == andAround:
			listed = i >= r.First-3 || listed
		}
	}
	r.Subset = listed
}

func startsWithDigit(s string) bool { return s != "" && isDigit(s[0]) }

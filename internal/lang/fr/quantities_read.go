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
	// one that is a part of another; 0 at first.
	done, subsetEnd int
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

// amount is what the number itself tells, before what stands around it.
type amount struct {
	low, high   float64
	openHigh    bool
	approximate bool
	// first and last delimit it; number is the last word of the number proper.
	first, last, number int
	percent, one, noun  bool
	figures             bool
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
	if a.figures && (p.isYear(&r, a) || p.isName(&r, a)) {
		return r, a.last, false
	}
	r.End = max(r.Last, r.Head+1, r.End)
	p.modifierAfter(&r)
	p.subset(&r)
	return r, max(r.End, r.Last), true
}

// run returns the word after the figures that start at i: the parts of a
// telephone number are skipped together.
func (p *quantityParser) run(i int) int {
	for i++; i < len(p.words) && p.form(i) != "" && isDigit(p.form(i)[0]) && p.form(i)[0] == '0'; i++ {
	}
	return i
}

// amount reads the number at i, with the range that it may open.
func (p *quantityParser) amount(i int) (amount, bool) {
	if a, ok := p.fraction(i); ok {
		return a, true
	}
	if a, ok := p.collective(i); ok {
		return a, true
	}
	if lo, hi, ok := figureRange(p.form(i)); ok {
		return p.scaled(amount{low: lo, high: hi, first: i, last: i + 1, number: i, figures: true}), true
	}
	c, ok := p.g.numbers.cardinal(p.words, i)
	if !ok {
		return amount{}, false
	}
	a := amount{low: c.value, high: c.value, first: i, last: c.last, number: c.last - 1, one: c.one, noun: c.noun, figures: c.figures}
	if p.number(a.last).kind == aboutNumber { // «deux douzaines», «trois milliers»
		v := p.number(a.last).value
		a.low, a.high, a.approximate, a.one, a.noun = a.low*v, a.high*v, true, false, true
		a.number, a.last = a.last, a.last+1
		return p.scaled(a), true
	}
	if k := p.kind(a.last); k == andAround && p.kind(a.last+1) == halfAround { // «un million et demi»
		if c.noun {
			scale := math.Pow(1000, math.Floor(math.Log10(c.value)/3))
			a.low += scale / 2
			a.high = a.low
			a.last += 2
		}
	}
	return p.ranged(a), true
}

// scaled multiplies by a scale that follows: «une centaine de milliers»,
// «20-30 millions».
func (p *quantityParser) scaled(a amount) amount {
	at := a.last
	if a.noun && p.kind(at) == ofAround {
		at++
	}
	if m := p.number(at); m.kind == millionNumber || m.kind == thousandNumber || m.kind == aboutNumber && at > a.last {
		a.low, a.high = a.low*m.value, a.high*m.value
		a.number, a.last = at, at+1
		a.noun = m.kind != thousandNumber
	}
	return a
}

// ranged reads the upper end of «entre 20 et 30», «de 20 à 30», «20 à 30»,
// «deux ou trois», «20 - 30».
func (p *quantityParser) ranged(a amount) amount {
	at := a.last
	k := p.kind(at)
	before := p.kind(a.first - 1)
	switch {
	case k == andAround && before == betweenAround:
	case k == toAround, k == orAround:
	case p.form(at) == "-" || p.form(at) == "–":
	default:
		return a
	}
	if at+1 < len(p.taken) && p.taken[at+1] {
		return a
	}
	from := at + 1
	b, ok := p.collective(from)
	if !ok {
		c, isNumber := p.g.numbers.cardinal(p.words, from)
		if !isNumber || c.one {
			return a
		}
		b = amount{low: c.value, high: c.value, last: c.last, number: c.last - 1, noun: c.noun}
	}
	low := a.low
	// «2 à 3 millions» is of millions at both ends
	if b.noun && !a.noun && low < 1000 && b.high >= 1e6 {
		low *= math.Pow(1000, math.Floor(math.Log10(b.high)/3))
	} else if !a.noun && low < 100 && b.high >= 1000 && math.Mod(b.high, 1000) == 0 && !startsWithDigit(p.form(from)) {
		low *= 1000 // «deux à trois mille»
	} else if !a.noun && low < 1000 && b.last-from == 2 && math.Mod(b.high, 1000) == 0 {
		low *= 1000 // «20 à 30 mille»
	}
	if b.high <= low || k == orAround && b.high > 3*low+2 || b.openHigh {
		return a
	}
	if k == toAround && before != ofAround && b.high > 20*low {
		return a // «donne 3 à 500 familles» is no range
	}
	a.low, a.high, a.last, a.number, a.noun, a.one = low, b.high, b.last, b.number, b.noun, false
	a.approximate = a.approximate || b.approximate
	if before == betweenAround && k == andAround || before == ofAround && k == toAround && p.words[a.first-1].Form != "" {
		a.first--
	}
	return a
}

// collective reads «une dizaine», «des dizaines», «plusieurs centaines de
// milliers», «la vingtaine».
func (p *quantityParser) collective(i int) (amount, bool) {
	at := i
	m := p.number(at)
	half := false
	if m.kind == smallNumber && m.value == 1 {
		at++
		if p.kind(at) == adjectiveAround || p.form(at) == "bonne" {
			at++
		}
		if f := p.form(at); f == "demi-douzaine" || f == "demi-million" || f == "demi-milliard" || f == "demi-millier" {
			half = true
			m = p.g.numbers.words.get(f[len("demi-"):])
		} else {
			m = p.number(at)
		}
	}
	if m.kind != aboutNumber && !half {
		return amount{}, false
	}
	a := amount{low: m.value, high: m.value, approximate: !half, first: i, last: at + 1, number: at, noun: true}
	if half {
		a.low, a.high = m.value/2, m.value/2
	}
	if at == i {
		// a plural or a definite one: «des dizaines», «la vingtaine»
		plural := strings.HasSuffix(p.form(at), "s")
		switch before := p.kind(i - 1); {
		case plural:
			a.openHigh = true
			if before == pluralAround {
				a.first = i - 1
			} else if before == definiteAround && p.kind(i-2) == ofAround && p.words[i-1].Token == p.words[i-2].Token {
				a.first = i - 2 // «des» as the words it contracts
			}
		case before == definiteAround:
		default:
			return amount{}, false
		}
	}
	return p.scaled(a), true
}

// leastNamed is the least fraction, in percent, that is one without a number
// before it: «le quart».
const leastNamed = 25

// fraction reads «un tiers», «la moitié», «trois quarts», in percent.
func (p *quantityParser) fraction(i int) (amount, bool) {
	m, n := p.number(i), 1.0
	at := i
	if m.kind == smallNumber && 1 <= m.value && m.value <= 9 {
		n, at = m.value, i+1
		m = p.number(at)
		if p.kind(at) == adjectiveAround { // «un petit tiers»
			at++
			m = p.number(at)
		}
	} else if m.kind == partNumber && (p.kind(i-1) != definiteAround || m.value < leastNamed) {
		return amount{}, false // «la cinquième fois»
	}
	if m.kind != partNumber || p.form(at) == "" {
		return amount{}, false
	}
	// «un quart d'heure», «le quart de finale», «le tiers-monde»
	if p.kind(at+1) == ofAround && (p.g.unitWords.get(p.form(at+2)).kind != 0 || strings.HasPrefix(p.form(at+2), "final")) {
		return amount{}, false
	}
	share := math.Round(n*m.value*10) / 10
	if n > 1 && m.value > 33 && m.value < 34 {
		share = math.Round(n*1000/3) / 10
	}
	if share > 100 {
		return amount{}, false
	}
	return amount{low: share, high: share, first: i, last: at + 1, number: at, percent: true, noun: true}, true
}

// figureRange reads «20-30» as one token. «3-1» is a score, «2012-2013» years.
func figureRange(s string) (lo, hi float64, ok bool) {
	i := strings.IndexByte(s, '-')
	if i <= 0 || !isDigit(s[0]) {
		return 0, 0, false
	}
	lo, ok1 := figure(s[:i])
	hi, ok2 := figure(s[i+1:])
	return lo, hi, ok1 && ok2 && lo < hi && hi > 9 && hi <= 20*lo && (lo < 1000 || hi > 2999)
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
	return i < len(p.words) && startsWithLetter(form) && !p.taken[i] && p.kind(i) == 0 && len(form) > 1 ||
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
	switch f := p.form(a.first - 1); f {
	case "sont", "étaient", "seraient", ":", "à", "parmi":
		return endsPhrase(p.form(a.last))
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

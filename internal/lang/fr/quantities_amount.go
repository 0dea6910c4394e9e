package fr

import (
	"math"
	"strconv"
	"strings"
)

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
	a.last = p.echo(a)
	return p.ranged(a), true
}

// echo returns the word after the figure that repeats a number in brackets, as
// the press of West Africa has it: «cinq (05) morts».
func (p *quantityParser) echo(a amount) int {
	if p.form(a.last) != "(" || p.form(a.last+2) != ")" {
		return a.last
	}
	if v, err := strconv.ParseFloat(p.form(a.last+1), 64); err == nil && v == a.low {
		return a.last + 3
	}
	if c, ok := p.g.numbers.cardinal(p.words, a.last+1); ok && c.last == a.last+2 && c.value == a.low {
		return a.last + 3
	}
	return a.last
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
		b = amount{low: c.value, high: c.value, first: from, last: c.last, number: c.last - 1, noun: c.noun, figures: c.figures}
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
	if before == ofAround && k == toAround && p.changes(a.first-2) {
		return b // «est passé de 15 à 19 morts» tells 19
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

// changes reports whether a verb of growing or falling stands at word i, or
// before an adverb there.
func (p *quantityParser) changes(i int) bool {
	return p.kind(i) == changeAround || p.kind(i-1) == changeAround && p.kind(i) == 0
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

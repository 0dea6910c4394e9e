package fr

import "github.com/depeche-events/depeche/internal/mention/timex"

// maxUnits bounds how many units of time one expression counts.
const maxUnits = 10000

// length reads «trois semaines»: a duration, or, with what follows, a moment
// that far from the time told before: «trois semaines plus tard».
func (p *timeParser) length(i int) (timex.Expr, bool) {
	m, next, ok := p.count(i)
	if !ok || p.aged(i) {
		return timex.Expr{}, false
	}
	e := timex.Expr{First: i, Last: next, Kind: timex.Duration, From: m}
	sign := 0
	at := next
	switch p.kind(next) {
	case plusWord:
		switch p.kind(next + 1) {
		case earlyWord:
			sign, at = -1, next+2
		case lateWord:
			sign, at = 1, next+2
		}
	case agoWord:
		sign, at = -1, next+1
	case beforeWord:
		sign, at = -1, next+1
	case afterWord:
		sign, at = 1, next+1
	}
	if sign == 0 {
		return e, true
	}
	k := p.kind(next)
	if k == beforeWord || k == afterWord {
		// «deux jours après le 3 mai» moves that day; «deux jours après la
		// chute de la ville» is told from an event, which is not ours to date.
		day, end, ok := p.moment(at)
		switch {
		case ok && day.Anchor == timex.Calendar && day.Unit == 0 && (day.Date.Day != 0 || day.HasWeekday):
			day.Unit, day.Count, day.Vague = m.Unit, sign*m.Count, m.Vague
			return point(i, end, timex.At, day), true
		case startsWithLetter(p.form(at)) && p.kind(at) != stopWord && !p.isVerbish(at): // determiners among them
			e.FromEvent = k == afterWord
			return e, true
		}
	}
	m.Anchor, m.Count = timex.Narrated, sign*m.Count
	return point(i, at, timex.At, m), true
}

// isVerbish reports whether the word at i can open no noun phrase, so that the
// phrase before it is complete.
func (p *timeParser) isVerbish(i int) bool {
	switch p.kind(i) {
	case hasWord, andWord, clauseWord, inWord, insideWord, perWord, duringWord:
		return true
	}
	return false
}

// count reads a number of units: «trois semaines», «quelques mois», «une
// quinzaine de jours», «deux ans et demi».
func (p *timeParser) count(i int) (timex.Moment, int, bool) {
	var m timex.Moment
	at := i
	switch {
	case p.kind(i) == fewWord:
		m.Vague, m.Count = true, 1
		at++
	case p.kind(i) == fortnightWord:
		m.Unit, m.Count, m.Approximate = timex.Days, p.value(i), true
		return p.ofUnit(m, i+1)
	case p.form(i) == "":
		return m, i, false
	default:
		if p.kind(i+1) == fortnightWord { // «une quinzaine de jours»
			m.Unit, m.Count, m.Approximate = timex.Days, p.value(i+1), true
			return p.ofUnit(m, i+2)
		}
		if !p.numeral(i) {
			return m, i, false
		}
		c, ok := p.g.numbers.cardinal(p.words, i)
		if !ok || c.value < 1 || c.value > maxUnits {
			return m, i, false
		}
		m.Count, at = int(c.value+0.5), c.last
		if a := p.g.numbers.words.get(p.form(at)); c.one && a.kind == aboutNumber && p.kind(at+1) == ofWord {
			m.Count, m.Approximate = int(a.value), true
			at += 2
		}
		// «deux à trois semaines», «deux ou trois jours»
		if k := p.kind(at); (k == atWord || k == andWord) && p.numeral(at+1) {
			if d, ok := p.g.numbers.cardinal(p.words, at+1); ok && d.value > c.value && p.kind(d.last) == unitWord {
				m.Approximate, at = true, d.last
			}
		}
	}
	if p.kind(at) == firstWord || p.kind(at) == fillerWord {
		at++
	}
	if p.kind(at) != unitWord || isCapital(p.form(at)) {
		return m, i, false // 20 Minutes is a newspaper
	}
	m.Unit = timex.Unit(p.value(at))
	at++
	if p.kind(at) == andWord && (p.form(at+1) == "demi" || p.form(at+1) == "demie") {
		at += 2
	}
	return m, at, true
}

func (p *timeParser) ofUnit(m timex.Moment, i int) (timex.Moment, int, bool) {
	if p.kind(i) == ofWord && p.kind(i+1) == unitWord {
		m.Unit = timex.Unit(p.value(i + 1))
		return m, i + 2, true
	}
	return m, i, false // «la quinzaine», which one is not said
}

// aged reports whether the length at i is an age: «âgé de 32 ans».
func (p *timeParser) aged(i int) bool {
	const reach = 4
	for k := i - 1; k >= 0 && k >= i-reach; k-- {
		switch p.kind(k) {
		case agedWord:
			return true
		case ofWord, aboutWord, plusWord, andWord:
		default:
			return false
		}
	}
	return false
}

package fr

import (
	"strings"
	"time"

	"github.com/depeche-events/depeche/internal/mention/timex"
)

// date reads a day of a month: «3 mai», «1er mars 2015», «7 mars dernier».
func (p *timeParser) date(j int) (timex.Moment, int, bool) {
	day, after, ok := p.dayNumber(j)
	if !ok {
		return timex.Moment{}, j, false
	}
	m, end, ok := p.monthAfterDay(after)
	if !ok {
		return timex.Moment{}, j, false
	}
	m.Date.Day = day
	if !onCalendar(m.Date) {
		return timex.Moment{}, j, false
	}
	return p.withPart(m, end)
}

// onCalendar reports whether a month has that day, in a leap year where no
// year is told.
func onCalendar(d timex.Date) bool {
	if d.Year == 0 {
		d.Year = 2000
	}
	return d.Valid()
}

// monthAfterDay reads a month, with the year or what stands for it, that
// follows a day.
func (p *timeParser) monthAfterDay(i int) (timex.Moment, int, bool) {
	if k := p.kind(i); k != monthWord && k != abbreviatedWord {
		return timex.Moment{}, i, false
	}
	return p.monthYear(i)
}

// monthYear reads the month at i and what follows it.
func (p *timeParser) monthYear(i int) (timex.Moment, int, bool) {
	m := timex.Moment{Date: timex.Date{Month: time.Month(p.value(i))}}
	next := i + 1
	if p.kind(i) == abbreviatedWord && p.form(next) == "." {
		next++
	}
	if y, ok := p.year(next); ok {
		m.Date.Year = y
		return m, next + 1, true
	}
	if f := p.form(next); isDigits(f, 2) && f[0] >= '4' && p.kind(i-1) == 0 && !p.nounFollows(next+1) {
		m.Date.Year = 1900 + atoi(f)
		return m, next + 1, true
	}
	if m, next = p.directed(m, next); m.Side != timex.Nearest {
		return m, next, true
	}
	// «mars de l'an dernier», «mars de cette année», «mars de la même année»
	if p.kind(next) == ofWord {
		at := next + 1
		det := p.kind(at)
		if det == theWord || det == thisWord {
			if p.kind(at+1) == sameWord && p.kind(at+2) == unitWord && timex.Unit(p.value(at+2)) == timex.Years {
				m.Anchor, m.Unit, m.Whole = timex.Narrated, timex.Years, true
				return m, at + 3, true
			}
			if p.kind(at+1) == unitWord && timex.Unit(p.value(at+1)) == timex.Years {
				if y, ok := p.year(at + 2); ok {
					m.Date.Year = y
					return m, at + 3, true
				}
				count := side(p.kind(at + 2)).count()
				if det == thisWord || count != 0 {
					m.Anchor, m.Unit, m.Whole, m.Count = timex.Published, timex.Years, true, count
					if count != 0 {
						at++
					}
					return m, at + 2, true
				}
			}
		}
	}
	return m, next, true
}

// month reads a month without a day: «mars 2015», «en mars dernier». The bare
// word is one only where its neighbours say so: mars is a planet, too, and a
// capital makes it one.
func (p *timeParser) month(j int) (timex.Moment, int, bool) {
	switch p.kind(j) {
	case midWord:
		m, next, ok := p.monthYear(j)
		m.Phase = timex.Mid
		return m, next, ok
	case monthWord, abbreviatedWord:
	default:
		return timex.Moment{}, j, false
	}
	m, next, ok := p.monthYear(j)
	if m.Date.Year != 0 || m.Side != timex.Nearest || m.Unit != 0 {
		return m, next, ok
	}
	if p.kind(j) == abbreviatedWord || p.capital(j) {
		return m, next, false
	}
	if p.kind(next) == andWord && p.kind(next+1) == monthWord { // «en mai et juin 2011»
		if y, ok := p.year(next + 2); ok {
			m.Date.Year = y
		}
	}
	switch p.kind(j - 1) {
	case inWord, ofWord, phaseWord, sinceWord, fromWord, betweenWord, andWord, atWord, untilWord, aboutWord, beforeWord,
		afterWord, byWord, thisWord:
		return m, next, true
	case theWord: // «du mars» is none, «le mois de mars» is
		return m, next, false
	}
	return m, next, p.kind(next) == ofWord || p.kind(next) == andWord && p.kind(next+1) == monthWord ||
		len(p.words) == 1 || m.Date.Month != time.March && m.Date.Month != time.May && !p.nounFollows(j-1)
}

// season reads «l'été dernier», «printemps 2015», «cet hiver». «été» is a
// participle unless its neighbours say otherwise.
func (p *timeParser) season(j int, det wordKind) (timex.Moment, int, bool) {
	m := timex.Moment{Season: timex.TimeOfYear(p.value(j))}
	next := j + 1
	if y, ok := p.year(next); ok {
		m.Date.Year = y
		next++
		// «l'hiver 2014-2015» begins in its first year
		return m, next, true
	}
	if f := p.form(next); len(f) == 9 && f[4] == '-' && isDigits(f[:4], 4) && isDigits(f[5:], 4) {
		m.Date.Year = atoi(f[:4])
		return m, next + 1, true
	}
	if p.capital(j) {
		return m, j, false
	}
	if p.kind(next) == ofWord { // «au printemps de 2015», «de l'année 2015»
		at := p.skip(next+1, theWord)
		if p.kind(at) == unitWord {
			at++
		}
		if y, ok := p.year(at); ok {
			m.Date.Year = y
			return m, at + 1, true
		}
	}
	m, next = p.directed(m, next)
	if det == thisWord {
		m.Side = timex.This
	}
	if m.Side != timex.Nearest {
		return m, next, true
	}
	if startsWithLetter(p.form(next)) && p.kind(next) == 0 {
		return m, j, false // «le printemps arabe»
	}
	switch p.kind(j - 1) {
	case theWord:
		return m, next, m.Season == timex.Summer || p.form(j-1) != "la"
	case inWord, atWord, phaseWord:
		return m, next, true
	case ofWord:
		return m, next, m.Season == timex.Summer
	}
	return m, j, false
}

// namedDay reads a day that has a name at word i.
func (p *timeParser) namedDay(i int) (timex.Moment, int, bool) {
	form := p.form(i)
	if i < 0 || i >= len(p.lex) || !p.lex[i].named {
		return timex.Moment{}, i, false
	}
	var buf [maxWord + 3]byte
	key, ok := lower(buf[:0], form)
	if !ok {
		return timex.Moment{}, i, false
	}
names:
	for _, n := range p.g.named[string(key)] {
		for k, w := range n.words {
			f := p.form(i + k)
			if f != w && (n.exact[k] || !strings.EqualFold(f, w)) {
				continue names
			}
		}
		next := i + len(n.words)
		if isCapital(p.form(next-1)) && isCapital(p.form(next)) && len(n.words) <= 2 {
			continue // Noël Untel
		}
		m := n.moment
		if m.Date.Year == 0 {
			if y, ok := p.year(next); ok {
				m.Date.Year = y
				return m, next + 1, true
			}
			m, next = p.directed(m, next)
		}
		return m, next, true
	}
	return timex.Moment{}, i, false
}

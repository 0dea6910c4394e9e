package fr

import "github.com/depeche-events/depeche/internal/mention/timex"

// part reads a part of day at word j, whose determiner, if any, is at i:
// «ce matin», «la nuit dernière», «la nuit de samedi», «l'aube».
func (p *timeParser) part(i, j int, det wordKind) (timex.Moment, int, bool) {
	if p.capital(j) {
		return timex.Moment{}, j, false
	}
	part, clock := p.partAt(j)
	next := j + 1
	if det == thisWord {
		if p.kind(next) == thereWord {
			m := narrated(timex.Days, 0)
			m.Part = part
			return m, next + 1, true
		}
		m := published(timex.Days, 0)
		m.Part, m.Side = part, timex.This
		return m, next, true
	}
	if det == theWord {
		m := timex.Moment{Unit: timex.Days, Whole: true, Part: part, Clock: clock}
		switch p.kind(next) {
		case lastWord:
			m.Anchor, m.Count = timex.Published, -1
			return m, next + 1, true
		case nextWord:
			m.Anchor = timex.Published
			return m, next + 1, true
		case previousWord:
			m.Anchor, m.Count = timex.Narrated, -1
			return m, next + 1, true
		case sameWord: // «le soir même»
			m.Anchor = timex.Narrated
			return m, next + 1, true
		case followingWord:
			m.Anchor = timex.Narrated
			if part != timex.Night {
				m.Count = 1
			}
			return m, next + 1, true
		}
	}
	m, end, ok := p.ofDay(timex.Moment{Anchor: timex.Spoken, Part: part, Clock: clock}, next)
	if m.Anchor != timex.Spoken {
		return m, end, ok
	}
	return m, next, p.barePart(i, det)
}

// partAt returns the part of day that word i names, and whether it is an hour.
func (p *timeParser) partAt(i int) (part timex.PartOfDay, clock bool) {
	v := p.value(i)
	return timex.PartOfDay(v % clockPart), v >= clockPart
}

// ofDay reads the day that a part of day belongs to: «de samedi», «du 3 mai»,
// «d'hier».
func (p *timeParser) ofDay(m timex.Moment, i int) (timex.Moment, int, bool) {
	if p.kind(i) != ofWord {
		return m, i, true
	}
	outer := p.noPart
	p.noPart = true
	day, next, ok := p.moment(i + 1)
	p.noPart = outer
	if !ok || day.Part != 0 || day.Anchor == timex.Spoken || day.Date.Day == 0 && !day.HasWeekday && day.Unit != timex.Days && !day.HasEaster {
		return m, i, true
	}
	day.Part, day.Clock = m.Part, m.Clock
	return day, next, true
}

// barePart reports whether the part of day at i, its determiner included,
// stands as one does that tells when: «à l'aube», «dans la nuit», «en soirée».
func (p *timeParser) barePart(i int, det wordKind) bool {
	before := p.kind(i - 1)
	if det == theWord {
		switch before {
		case insideWord, duringWord, atWord, fromWord, untilWord, sinceWord, phaseWord, aboutWord, earlyWord, beforeWord,
			afterWord, betweenWord, andWord:
			return true
		case ofWord: // «au cours de la nuit», «tôt dans»
			return p.kind(i-2) == duringWord || p.kind(i-2) == phaseWord
		}
		// «Le soir, ...» opens a clause
		return (i == 0 || !startsWithLetter(p.form(i-1))) && (p.form(i+2) == "," || i+2 >= len(p.words))
	}
	switch before {
	case atWord, inWord, aboutWord, untilWord, fromWord:
		return true
	case theWord: // «au matin», whose words are «à» and «le»
		return p.kind(i-2) == atWord
	}
	return false
}

// withPart reads the part of day that may follow a day: «samedi soir», «le 6
// août au soir», «hier vers 20h30», «mardi à l'aube».
func (p *timeParser) withPart(m timex.Moment, i int) (timex.Moment, int, bool) {
	if p.noPart || m.Part != 0 || m.Date.Month != 0 && m.Date.Day == 0 || m.Date.Year != 0 && m.Date.Month == 0 {
		return m, i, true
	}
	if part, clock, next, ok := p.partSuffix(i); ok {
		m.Part, m.Clock = part, clock
		// «samedi matin à 8h», «samedi à 20h, heure locale»
		if _, _, after, ok := p.partSuffix(next); ok {
			next = after
		}
		return m, next, true
	}
	return m, i, true
}

func (p *timeParser) partSuffix(i int) (part timex.PartOfDay, clock bool, next int, ok bool) {
	comma := p.form(i) == ","
	at := i
	if comma {
		at++
	}
	start := at
	prefixed := false
	at = p.skip(at, earlyWord)
	switch p.kind(at) {
	case inWord:
		at = p.skip(at+1, phaseWord)
		if p.kind(at-1) == phaseWord {
			at = p.skip(p.skip(at, ofWord), theWord)
		}
		prefixed = true
	case insideWord, duringWord:
		if p.kind(at+1) != theWord && p.kind(at+1) != ofWord {
			return 0, false, i, false
		}
		at = p.skip(p.skip(at+1, ofWord), theWord)
		prefixed = true
	case atWord, hasWord:
		at = p.skip(at+1, theWord)
		prefixed = true
		if p.kind(at) == phaseWord {
			at = p.skip(p.skip(at+1, ofWord), theWord)
		}
	case aboutWord:
		at++
		if p.kind(at) == ofWord {
			at++
		}
		prefixed = true
	case phaseWord:
		at = p.skip(p.skip(at+1, ofWord), theWord)
	case theWord:
		at++
	}
	at = p.skip(p.skip(at, fillerWord), aboutWord)
	if part, bare, next, ok := p.clock(at); ok && (prefixed || at == start && !bare) {
		return part, true, next, !p.nounFollows(next) || prefixed
	}
	if p.kind(at) == partWord && !p.capital(at) && (!comma || prefixed) {
		part, clock := p.partAt(at)
		if k := p.kind(at + 1); k == lastWord || k == nextWord || k == ofWord && prefixed {
			if _, _, ok := p.moment(at + 2); ok || k != ofWord {
				return 0, false, i, false // another time begins here
			}
		}
		return part, clock, at + 1, true
	}
	return 0, false, i, false
}

package fr

import "github.com/depeche-events/depeche/internal/mention/timex"

// time reads the time that starts at word i with its preposition.
func (p *timeParser) time(i int) (timex.Expr, bool) {
	switch p.kind(i) {
	case everyWord:
		return p.set(i)
	case perWord:
	case ilWord:
		if p.kind(i+1) == yWord && p.kind(i+2) == hasWord {
			return p.ago(i, i+3)
		}
		return timex.Expr{}, false
	case agoWord:
		return p.ago(i, i+1)
	case sinceWord:
		e, ok := p.since(i, i+1)
		e.Begun = e.Span == timex.Since
		return e, ok
	case fromWord, forWord: // dès, pour
		if e, ok := p.at(i + 1); ok {
			return e, true
		}
		if y, ok := p.year(i + 1); ok && 1900 <= y && y < 2100 && !p.nounFollows(i+2) {
			return p.trimmed(i, i+2, timex.Moment{Date: timex.Date{Year: y}})
		}
		return timex.Expr{}, false
	case atWord:
		if p.kind(i+1) == partirWord && p.kind(i+2) == ofWord {
			return p.since(i, i+3)
		}
		return p.clockOrMoment(i)
	case untilWord:
		return p.until(i, i+1)
	case byWord:
		return p.by(i, i+1)
	case beforeWord, afterWord:
		return p.beforeOrAfter(i)
	case betweenWord:
		return p.between(i)
	case ofWord:
		if e, ok := p.recent(i); ok {
			return e, true
		}
		if p.kind(i+1) == byWord {
			return p.by(i, i+2)
		}
		return p.fromTo(i)
	case inWord:
		return p.in(i)
	case insideWord:
		return p.inside(i)
	case duringWord:
		if e, ok := p.length(i + 1); ok && e.Kind == timex.Duration {
			return e, true
		}
		return timex.Expr{}, false
	case aboutWord:
		return p.about(i)
	case fewWord, fortnightWord:
		return p.length(i)
	case earlyWord:
		return p.earlier(i)
	}
	if e, ok := p.recent(i); ok {
		return e, true
	}
	if e, ok := p.at(i); ok {
		return e, true
	}
	if e, ok := p.years(i); ok {
		return e, true
	}
	if e, ok := p.dayRange(i); ok {
		return e, true
	}
	if e, ok := p.length(i); ok {
		return e, true
	}
	return p.bareYear(i)
}

// bareYear reads a year of our times that a noun or brackets introduce: «la
// saison 2012», «un film (2011)».
func (p *timeParser) bareYear(i int) (timex.Expr, bool) {
	y, ok := p.year(i)
	if !ok || y < 1950 || y >= 2050 || p.nounFollows(i+1) {
		return timex.Expr{}, false
	}
	before := p.form(i - 1)
	if before == "(" && p.form(i+1) == ")" || i > 1 && startsWithLetter(before) && len(before) > 3 && p.kind(i-1) == 0 && !plural(before) {
		return point(i, i+1, timex.At, timex.Moment{Date: timex.Date{Year: y}}), true
	}
	return timex.Expr{}, false
}

// point makes an expression of one moment.
func point(first, last int, span timex.Interval, m timex.Moment) timex.Expr {
	return timex.Expr{First: first, Last: last, Kind: timex.Point, Span: span, From: m}
}

// at reads one moment, or the night or the days from it to another.
func (p *timeParser) at(i int) (timex.Expr, bool) {
	if e, ok := p.night(i); ok {
		return e, true
	}
	m, next, ok := p.moment(i)
	if !ok {
		return timex.Expr{}, false
	}
	// «samedi 13 au dimanche 15 juillet», «9 mai - 12 mai»
	if m.Date.Day != 0 {
		at := next
		if f := p.form(at); f == "-" || f == "–" || p.kind(at) == atWord || p.kind(at) == untilWord {
			at = p.skip(at+1, theWord)
			if to, end, ok := p.moment(at); ok && to.Date.Day != 0 && to.Date.Month != 0 && m.Part == 0 {
				return timex.Expr{First: i, Last: end, Kind: timex.Point, Span: timex.FromTo, From: inherit(m, to), To: to}, true
			}
		}
	}
	return point(i, next, timex.At, m), true
}

// trimmed makes an expression of m, whose preposition at i is no part of it.
func (p *timeParser) trimmed(i, next int, m timex.Moment) (timex.Expr, bool) {
	return point(i+1, next, timex.At, m), true
}

// since reads what follows «depuis», «à partir de».
func (p *timeParser) since(i, at int) (timex.Expr, bool) {
	if y, ok := p.year(at); ok && !p.nounFollows(at+1) {
		return p.untilToo(point(i, at+1, timex.Since, timex.Moment{Date: timex.Date{Year: y}}))
	}
	if e, ok := p.at(at); ok && e.Span != timex.FromTo {
		e.First = i
		if e.Span == timex.NightOf {
			return e, true
		}
		e.Span = timex.Since
		return p.untilToo(e)
	}
	if e, ok := p.recent(at); ok {
		e.First, e.Span = i, timex.Since
		return e, true
	}
	// «depuis des mois»
	if some := p.skip(p.skip(at, ofWord), theWord); some > at && p.kind(some) == unitWord && p.kind(at) == ofWord &&
		(plural(p.form(some)) || p.form(some) == "mois") {
		m := timex.Moment{Anchor: timex.Published, Unit: timex.Unit(p.value(some)), Count: -1, Vague: true}
		return point(i, some+1, timex.Since, m), true
	}
	// «depuis trois mois» counts back from the publication.
	if e, ok := p.length(p.skipAbout(at)); ok && e.Kind == timex.Duration {
		return point(i, e.Last, timex.Since, back(e.From)), true
	}
	return timex.Expr{}, false
}

// untilToo reads «depuis 2012 jusqu'en 2014».
func (p *timeParser) untilToo(e timex.Expr) (timex.Expr, bool) {
	if p.kind(e.Last) == untilWord {
		if to, end, ok := p.endpoint(p.afterUntil(e.Last)); ok && sameScale(e.From, to) {
			e.Last, e.Span, e.To = end, timex.FromTo, to
		}
	}
	return e, true
}

// back counts the length m back from the publication.
func back(m timex.Moment) timex.Moment {
	m.Anchor, m.Count = timex.Published, -m.Count
	return m
}

// until reads what follows «jusqu'à», «jusqu'en».
func (p *timeParser) until(i, at int) (timex.Expr, bool) {
	at = p.skip(p.skip(at, atWord), inWord)
	if y, ok := p.year(at); ok && !p.nounFollows(at+1) {
		return point(i, at+1, timex.Until, timex.Moment{Date: timex.Date{Year: y}}), true
	}
	if e, ok := p.at(at); ok && e.Span == timex.At {
		e.First, e.Span = i, timex.Until
		return e, true
	}
	// «jusqu'au 5 mai»: the determiner is the contraction's.
	if m, next, ok := p.moment(p.skip(at, theWord)); ok {
		return point(i, next, timex.Until, m), true
	}
	return timex.Expr{}, false
}

// by reads what follows «d'ici»: up to then, and yet to come.
func (p *timeParser) by(i, at int) (timex.Expr, bool) {
	at = p.skip(at, atWord)
	e, ok := p.until(i, at)
	if !ok {
		if e, ok = p.length(at); !ok || e.Kind != timex.Duration {
			return timex.Expr{}, false
		}
		m := e.From
		m.Anchor = timex.Published
		e = point(i, e.Last, timex.Until, m)
	}
	e.Cue = timex.Future
	return e, true
}

// beforeOrAfter reads «avant 2014», «avant la fin de l'année», «après le 3 mai».
func (p *timeParser) beforeOrAfter(i int) (timex.Expr, bool) {
	span := timex.Until
	if p.kind(i) == afterWord {
		span = timex.Since
	}
	at := i + 1
	if y, ok := p.year(at); ok && !p.nounFollows(at+1) {
		return point(i, at+1, span, timex.Moment{Date: timex.Date{Year: y}}), true
	}
	if e, ok := p.at(at); ok && e.Span == timex.At && e.From.Anchor != timex.Spoken {
		e.First, e.Span = i, span
		return e, true
	}
	return timex.Expr{}, false
}

// in reads what follows «en»: a year, a month, a season, a part of day, how
// long it takes.
func (p *timeParser) in(i int) (timex.Expr, bool) {
	at := i + 1
	// «en 2012 déjà», not «en 1500 exemplaires»
	if y, ok := p.year(at); ok && (1950 <= y && y < 2050 || !plural(p.form(at+1)) || !p.nounFollows(at+1) || p.numeral(at+1)) {
		return p.trimmed(i, at+1, timex.Moment{Date: timex.Date{Year: y}})
	}
	if e, ok := p.years(at); ok {
		return e, true
	}
	if e, ok := p.recent(at); ok {
		return e, true
	}
	if m, next, ok := p.moment(at); ok {
		return p.trimmed(i, next, m)
	}
	if e, ok := p.length(at); ok {
		return e, true
	}
	return timex.Expr{}, false
}

// inside reads «dans trois jours», «dans les prochains jours», «dans la nuit
// de samedi».
func (p *timeParser) inside(i int) (timex.Expr, bool) {
	at := i + 1
	if e, ok := p.recent(at); ok {
		return e, true
	}
	if e, ok := p.at(at); ok {
		return e, true
	}
	all := p.kind(at) == theWord
	if all && p.kind(at+1) == unitWord && p.form(at+1) == "journée" && p.kind(at+2) != ofWord { // «dans la journée»
		return point(at, at+2, timex.At, timex.Moment{Anchor: timex.Spoken}), true
	}
	if e, ok := p.length(p.skip(at, theWord)); ok && e.Kind == timex.Duration && e.From.Unit > timex.Moments {
		m := e.From
		m.Anchor = timex.Published
		if all {
			// «dans les trois jours»: from now to then
			return timex.Expr{First: i, Last: e.Last, Kind: timex.Point, Span: timex.FromTo, From: published(timex.Days, 0), To: m, Cue: timex.Future}, true
		}
		return point(i, e.Last, timex.At, m), true
	}
	return timex.Expr{}, false
}

// ago reads «il y a deux mois» after «il y a».
func (p *timeParser) ago(i, at int) (timex.Expr, bool) {
	from := p.skipAbout(at)
	about := from > at
	e, ok := p.length(from)
	if !ok || e.Kind != timex.Duration {
		return timex.Expr{}, false
	}
	m := back(e.From)
	m.Approximate = m.Approximate || about
	return point(i, e.Last, timex.At, m), true
}

// skipAbout skips «environ», «près de», «plus de», «moins de».
func (p *timeParser) skipAbout(i int) int {
	at := i
	for p.kind(at) == aboutWord || p.kind(at) == plusWord || p.kind(at) == ofWord && at > i {
		at++
	}
	return at
}

// about reads «vers 20h30», «vers midi», «vers le 3 mai», «près de deux mois».
func (p *timeParser) about(i int) (timex.Expr, bool) {
	at := p.skip(i+1, ofWord)
	if e, ok := p.clockOrMoment(at - 1); ok {
		if e.Kind == timex.Point && e.From.Part == 0 {
			e.From.Approximate = true
		}
		return e, true
	}
	return p.length(at)
}

// clockOrMoment reads what follows the preposition at i: a time of day of its
// own («à 20h30»), or a moment.
func (p *timeParser) clockOrMoment(i int) (timex.Expr, bool) {
	at := i + 1
	about := p.skip(at, aboutWord)
	if part, bare, next, ok := p.clock(about); ok && !p.nounFollows(next) && (!bare || i >= 0 && p.kind(i) != 0) {
		m := timex.Moment{Anchor: timex.Spoken, Part: part, Clock: true}
		// «à 20h30 samedi», «à 8h ce matin»
		if day, end, ok := p.moment(p.skip(next, ofWord)); ok && dayMoment(day) {
			if day.Part == 0 {
				day.Part = part
			}
			day.Clock = true
			return point(at, end, timex.At, day), true
		}
		return point(at, next, timex.At, m), true
	}
	if e, ok := p.at(at); ok {
		return e, true
	}
	// the determiner may be the contraction's own: «au printemps»
	if p.kind(at) == theWord {
		if m, next, ok := p.moment(at + 1); ok {
			return point(at+1, next, timex.At, m), true
		}
	}
	return timex.Expr{}, false
}

// dayMoment reports whether m is one day.
func dayMoment(m timex.Moment) bool {
	return m.Anchor != timex.Spoken && (m.Date.Day != 0 || m.HasWeekday || m.Unit == timex.Days && m.Whole)
}

// set reads «chaque semaine», «tous les jours», «toutes les deux heures».
func (p *timeParser) set(i int) (timex.Expr, bool) {
	at := p.skip(i+1, theWord)
	if at > i+1 && p.numeral(at) {
		if c, ok := p.g.numbers.cardinal(p.words, at); ok {
			at = c.last
		}
	}
	switch p.kind(at) {
	case unitWord, partWord, weekdayWord, monthWord, seasonWord:
		return timex.Expr{First: i, Last: at + 1, Kind: timex.Set}, true
	}
	return timex.Expr{}, false
}

// earlier reads «plus tôt dans la journée» and «tôt samedi» after their first
// word.
func (p *timeParser) earlier(i int) (timex.Expr, bool) {
	if p.kind(i+1) == insideWord && p.kind(i+2) == theWord && p.kind(i+3) == unitWord && p.value(i+3) == int(timex.Days) {
		return point(i, i+4, timex.At, timex.Moment{Anchor: timex.Spoken}), true
	}
	e, ok := p.at(i + 1)
	if ok && e.From.Part == 0 && dayMoment(e.From) && p.kind(i-1) != plusWord {
		e.First, e.From.Part = i, timex.Morning
		return e, true
	}
	return e, ok
}

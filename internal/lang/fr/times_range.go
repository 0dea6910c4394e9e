package fr

import "github.com/depeche-events/depeche/internal/mention/timex"

// night reads «la nuit de samedi à dimanche», «la nuit du 3 au 4 mai».
func (p *timeParser) night(i int) (timex.Expr, bool) {
	j := p.skip(i, theWord)
	if k := p.kind(j); k != partWord || timex.PartOfDay(p.value(j)) != timex.Night || p.kind(j+1) != ofWord {
		return timex.Expr{}, false
	}
	e, ok := p.fromTo(j + 1)
	if !ok || e.Span != timex.FromTo {
		return timex.Expr{}, false
	}
	e.First, e.Span = i, timex.NightOf
	return e, true
}

// endpoint reads one end of «de ... à ...»: a moment, a year, or a day alone.
func (p *timeParser) endpoint(i int) (timex.Moment, int, bool) {
	if m, next, ok := p.moment(i); ok && m.Anchor != timex.Spoken {
		return m, next, true
	}
	if y, ok := p.year(i); ok && !p.nounFollows(i+1) {
		return timex.Moment{Date: timex.Date{Year: y}}, i + 1, true
	}
	at := p.skip(i, theWord)
	if p.kind(at) == weekdayWord {
		at++
	}
	if p.kind(at) == monthWord && !p.capital(at) {
		return p.monthYear(at)
	}
	if day, next, ok := p.dayNumber(at); ok && (at > i || p.kind(i-1) == ofWord) && p.kind(next) != unitWord && !p.nounFollows(next) {
		return timex.Moment{Date: timex.Date{Day: day}}, next, true
	}
	return timex.Moment{}, i, false
}

// inherit gives from the month that only to tells.
func inherit(from, to timex.Moment) timex.Moment {
	if from.Anchor == timex.Calendar && from.Date.Day != 0 && from.Date.Month == 0 {
		from.Date.Month, from.Date.Year = to.Date.Month, to.Date.Year
		if from.Date.Month != 0 && from.Date.Day > to.Date.Day && to.Date.Day != 0 {
			from.Date.Month-- // «du 28 au 3 mars»
			if from.Date.Month == 0 {
				from.Date.Month = 12
				if from.Date.Year != 0 {
					from.Date.Year--
				}
			}
		}
	}
	return from
}

// fromTo reads «du 3 au 5 mai», «de 2003 à 2005», «de samedi à dimanche» at
// «de».
func (p *timeParser) fromTo(i int) (timex.Expr, bool) {
	from, next, ok := p.endpoint(i + 1)
	if !ok {
		return timex.Expr{}, false
	}
	switch p.kind(next) {
	case atWord, untilWord:
		to, end, ok := p.endpoint(p.afterUntil(next))
		if ok && sameScale(from, to) {
			return timex.Expr{First: i, Last: end, Kind: timex.Point, Span: timex.FromTo, From: inherit(from, to), To: to}, true
		}
	}
	if from.Date.Year != 0 && from.Date.Month == 0 && !p.ofYear(i) || from.Date.Day != 0 && from.Date.Month == 0 && !from.HasWeekday {
		return timex.Expr{}, false
	}
	return p.trimmed(i, next, from)
}

// ofYear reports whether a year may follow «de» at i: «la guerre de 2003»,
// not «plus de 2003».
func (p *timeParser) ofYear(i int) bool {
	y, _ := p.year(i + 1)
	return 1900 <= y && y < 2100 && startsWithLetter(p.form(i-1)) && p.kind(i-1) == 0 &&
		!(p.nounFollows(i+2) && plural(p.form(i+2)))
}

// sameScale reports whether two ends may make one span.
func sameScale(a, b timex.Moment) bool {
	switch {
	case b.Date.Year != 0 && b.Date.Month == 0:
		return a.Date.Year != 0 && a.Date.Month == 0
	case a.Date.Year != 0 && a.Date.Month == 0:
		return false
	case a.Date.Day != 0 && a.Date.Month == 0 && !a.HasWeekday:
		return b.Date.Day != 0 // «du 3 au 5 mai», «du 13 au 18»
	}
	return true
}

// afterUntil skips «à», «au», «jusqu'à», «jusqu'au».
func (p *timeParser) afterUntil(i int) int {
	return p.skip(p.skip(p.skip(i, untilWord), atWord), inWord)
}

func (p *timeParser) between(i int) (timex.Expr, bool) {
	from, next, ok := p.endpoint(i + 1)
	if !ok {
		if day, after, isDay := p.dayNumber(p.skip(i+1, theWord)); isDay && p.kind(i+1) == theWord {
			from, next, ok = timex.Moment{Date: timex.Date{Day: day}}, after, true
		}
	}
	if !ok || p.kind(next) != andWord {
		return timex.Expr{}, false
	}
	to, end, ok := p.endpoint(next + 1)
	if !ok || !sameScale(from, to) {
		return timex.Expr{}, false
	}
	return timex.Expr{First: i, Last: end, Kind: timex.Point, Span: timex.FromTo, From: inherit(from, to), To: to}, true
}

// years reads «2012-2013», and a clock that starts a phrase: «20h30 samedi».
func (p *timeParser) years(i int) (timex.Expr, bool) {
	form := p.form(i)
	if len(form) == 9 && (form[4] == '-' || form[4] == '/') && isDigits(form[:4], 4) && isDigits(form[5:], 4) {
		a, b := atoi(form[:4]), atoi(form[5:])
		if timex.MinYear <= a && a < b && b < timex.MaxYear && b-a < 100 {
			return timex.Expr{First: i, Last: i + 1, Kind: timex.Point, Span: timex.FromTo,
				From: timex.Moment{Date: timex.Date{Year: a}}, To: timex.Moment{Date: timex.Date{Year: b}}}, true
		}
	}
	if _, bare, _, ok := p.clock(i); ok && !bare {
		return p.clockOrMoment(i - 1)
	}
	return timex.Expr{}, false
}

// dayRange reads «13 au 15 juillet», «13-15 juillet», «14 - 20 sept. 2014».
func (p *timeParser) dayRange(i int) (timex.Expr, bool) {
	at := p.skip(i, theWord)
	at = p.skip(at, weekdayWord)
	form := p.form(at)
	if a, b, ok := dashed(form); ok {
		if m, end, ok := p.monthAfterDay(at + 1); ok {
			to := m
			to.Date.Day = b
			m.Date.Day = a
			return timex.Expr{First: i, Last: end, Kind: timex.Point, Span: timex.FromTo, From: m, To: to}, true
		}
		return timex.Expr{}, false
	}
	day, next, ok := p.dayNumber(at)
	if !ok {
		return timex.Expr{}, false
	}
	const most = 12
	for n := 0; n < most && p.form(next) == ","; n++ { // «les 12, 13 et 14 juin»
		_, after, ok := p.dayNumber(next + 1)
		if !ok {
			break
		}
		next = after
	}
	// «les 3 et 4 mai», «le 3 ou 4 mai»
	and := p.kind(next) == andWord
	if f := p.form(next); !and && f != "-" && f != "–" && p.kind(next) != atWord && p.kind(next) != untilWord {
		return timex.Expr{}, false
	}
	to, end, ok := p.moment(p.skip(p.skip(next+1, atWord), theWord))
	if !ok || to.Date.Day == 0 || to.Date.Month == 0 || to.Part != 0 {
		return timex.Expr{}, false
	}
	from := inherit(timex.Moment{Date: timex.Date{Day: day}}, to)
	return timex.Expr{First: i, Last: end, Kind: timex.Point, Span: timex.FromTo, From: from, To: to}, true
}

func dashed(s string) (a, b int, ok bool) {
	for i := 1; i < len(s) && i <= 2; i++ {
		if s[i] == '-' {
			if x, y := s[:i], s[i+1:]; (isDigits(x, 1) || isDigits(x, 2)) && (isDigits(y, 1) || isDigits(y, 2)) {
				a, b = atoi(x), atoi(y)
				return a, b, 1 <= a && a < b && b <= 31
			}
		}
	}
	return 0, 0, false
}

// recent reads «ces derniers jours», «les trois derniers mois», «les prochaines
// semaines», «ces dix dernières années».
func (p *timeParser) recent(i int) (timex.Expr, bool) {
	at := i
	switch p.kind(i) {
	case theWord, thisWord, ofWord:
		if !plural(p.form(i)) {
			return timex.Expr{}, false
		}
		at++
	case lastWord, nextWord, fewWord:
		return timex.Expr{}, false
	}
	m := timex.Moment{Vague: true, Count: 1}
	var dir wordKind
	if k := p.kind(at); (k == lastWord || k == nextWord) && p.numeral(at+1) { // «ces dernières 24 heures»
		dir = k
		at++
	}
	if p.kind(at) != lastWord && p.kind(at) != nextWord && p.numeral(at) {
		c, ok := p.g.numbers.cardinal(p.words, at)
		if !ok || c.value < 1 || c.value > maxUnits {
			return timex.Expr{}, false
		}
		m.Vague, m.Count, at = false, int(c.value), c.last
	} else if p.kind(at) == fewWord {
		at++
	}
	if k := p.kind(at); dir == 0 && (k == lastWord || k == nextWord) {
		dir = k
		at++
	}
	if p.kind(at) != unitWord || !plural(p.form(at)) && p.form(at) != "mois" || at == i {
		return timex.Expr{}, false
	}
	m.Unit = timex.Unit(p.value(at))
	at++
	if k := p.kind(at); dir == 0 && (k == lastWord || k == nextWord) {
		dir = k
		at++
	}
	m.Anchor = timex.Published
	e := timex.Expr{First: i, Last: at, Kind: timex.Point, Span: timex.FromTo}
	now := published(timex.Days, 0)
	switch dir {
	case lastWord:
		m.Count = -m.Count
		e.From, e.To = m, now
	case nextWord:
		e.From, e.To, e.Cue = now, m, timex.Future
	default:
		return timex.Expr{}, false
	}
	return e, true
}

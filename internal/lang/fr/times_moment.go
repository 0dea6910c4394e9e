package fr

import (
	"strings"
	"time"

	"github.com/depeche-events/depeche/internal/mention/timex"
)

// moment reads one moment at word i, with its determiner: «le 3 mai 2015»,
// «samedi soir», «la semaine dernière», «début 2012», «la veille».
func (p *timeParser) moment(i int) (timex.Moment, int, bool) {
	if p.depth == maxDepth {
		return timex.Moment{}, i, false
	}
	p.depth++
	m, next, ok := p.momentHere(i)
	p.depth--
	return m, next, ok
}

// maxDepth bounds how deep moments nest, and so the time that a parse takes:
// «la veille du soir du premier jour de ...».
const maxDepth = 6

func (p *timeParser) momentHere(i int) (timex.Moment, int, bool) {
	if m, next, ok := p.namedDay(i); ok {
		return p.withPart(m, next)
	}
	j := i
	det := p.kind(i)
	if det == theWord || det == thisWord {
		j = p.skip(i+1, fillerWord)
		if m, next, ok := p.namedDay(j); ok {
			return p.withPart(m, next)
		}
	} else {
		det = 0
		if p.kind(i) == fillerWord && p.kind(i+1) == partWord { // «en pleine nuit»
			j = i + 1
		}
	}
	if p.kind(j) == firstWord || p.kind(j) == lastWord {
		if m, next, ok := p.stretch(j); ok {
			return m, next, true
		}
	}
	switch p.kind(j) {
	case weekdayWord:
		return p.weekday(j)
	case abbreviatedWord, monthWord, midWord:
		return p.month(j)
	case seasonWord:
		return p.season(j, det)
	case deicticWord:
		return p.withPart(timex.Moment{Anchor: timex.Published, Unit: timex.Days, Whole: true, Count: p.value(j)}, j+1)
	case narrativeWord:
		if det == theWord {
			return p.narrative(j)
		}
	case phaseWord:
		return p.phase(j)
	case partWord:
		return p.part(i, j, det)
	case partThereWord:
		m := narrated(timex.Days, 0)
		m.Part = timex.PartOfDay(p.value(j))
		return m, j + 1, det == thisWord
	case unitThereWord:
		return narrated(timex.Unit(p.value(j)), 0), j + 1, det == thisWord
	case unitWord:
		return p.unit(j, det)
	case sameWord:
		switch p.kind(j + 1) {
		case unitWord:
			return narrated(timex.Unit(p.value(j+1)), 0), j + 2, true
		case partWord:
			m := narrated(timex.Days, 0)
			m.Part, m.Clock = p.partAt(j + 1)
			return m, j + 2, true
		}
	case lastWord, nextWord:
		if p.kind(j+1) == unitWord && timex.Unit(p.value(j+1)) >= timex.Days && det != 0 && !plural(p.form(j+1)) {
			return published(timex.Unit(p.value(j+1)), side(p.kind(j)).count()), j + 2, true
		}
	}
	if p.kind(j+1) == unitWord && timex.Unit(p.value(j+1)) == timex.Centuries {
		if n, ok := century(p.form(j)); ok {
			return timex.Moment{Unit: timex.Centuries, Nth: n}, j + 2, true
		}
	}
	if d, next, ok := p.numericDate(j); ok {
		return p.withPart(timex.Moment{Date: d}, next)
	}
	if form := p.form(j); isMidYear(form) {
		return timex.Moment{Date: timex.Date{Year: atoi(form[3:])}, Phase: timex.Mid}, j + 1, true
	}
	if m, next, ok := p.date(j); ok {
		return m, next, true
	}
	if det == theWord {
		return p.dayAlone(j)
	}
	return timex.Moment{}, j, false
}

// isMidYear reports whether s is such as «mi-2014».
func isMidYear(s string) bool {
	return len(s) == 7 && (s[:3] == "mi-" || s[:3] == "Mi-") && isDigits(s[3:], 4) && (s[3] == '1' || s[3] == '2')
}

// dayAlone reads «le 13 dans la soirée», «puis le 13,», a day of the month
// told before.
func (p *timeParser) dayAlone(j int) (timex.Moment, int, bool) {
	if p.form(j) == "" || !isDigit(p.form(j)[0]) || plural(p.form(j-1)) {
		return timex.Moment{}, j, false
	}
	day, next, ok := p.dayNumber(j)
	if !ok {
		return timex.Moment{}, j, false
	}
	m := timex.Moment{Anchor: timex.Narrated, Date: timex.Date{Day: day}}
	if m, end, _ := p.withPart(m, next); m.Part != 0 {
		return m, end, true
	}
	switch p.kind(next) {
	case atWord, inWord, insideWord:
		return m, next, p.kind(next+1) != unitWord && !p.numeral(next+1)
	}
	f := p.form(next)
	return m, next, f == "" || f == "," || f == "."
}

// stretch reads «la première semaine de mars 2015», «le dernier jour d'octobre».
func (p *timeParser) stretch(j int) (timex.Moment, int, bool) {
	switch k := p.kind(j + 1); {
	case k == fortnightWord:
	case k == unitWord && timex.Days <= timex.Unit(p.value(j+1)) && timex.Unit(p.value(j+1)) <= timex.Quarters:
	default:
		return timex.Moment{}, j, false
	}
	at := j + 2
	if p.kind(at) == ofWord {
		at = p.skip(at+1, theWord)
	}
	m, next, ok := p.month(at)
	if !ok {
		y, isYear := p.year(at)
		if !isYear {
			return timex.Moment{}, j, false
		}
		m, next = timex.Moment{Date: timex.Date{Year: y}}, at+1
	}
	if m.Unit != 0 || m.Anchor != timex.Calendar {
		return timex.Moment{}, j, false
	}
	// how many of the unit make the month, or the year
	of := 12
	if m.Date.Month != 0 {
		of = 4
	}
	switch {
	case p.kind(j+1) == fortnightWord || p.form(j+1) == "semestre":
		of = 2
	case timex.Unit(p.value(j+1)) == timex.Days:
		of = 30
	case timex.Unit(p.value(j+1)) == timex.Quarters:
		of = 4
	}
	switch n := p.value(j); {
	case p.kind(j) == lastWord || n >= of:
		m.Phase = timex.Late
	case n == 1 && of == 30:
		m.Date.Day = 1
	case n == 1 || n*3 <= of:
		m.Phase = timex.Early
	default:
		m.Phase = timex.Mid
	}
	return m, next, true
}

// The sides that «dernier», «prochain» and their like tell.
type sideWord wordKind

func side(k wordKind) sideWord { return sideWord(k) }

func (s sideWord) count() int {
	switch wordKind(s) {
	case lastWord, previousWord:
		return -1
	case nextWord, followingWord:
		return 1
	}
	return 0
}

func narrated(u timex.Unit, count int) timex.Moment {
	return timex.Moment{Anchor: timex.Narrated, Unit: u, Whole: true, Count: count}
}

func published(u timex.Unit, count int) timex.Moment {
	return timex.Moment{Anchor: timex.Published, Unit: u, Whole: true, Count: count, Side: timex.Nearest}
}

// directed reads «dernier», «prochain», «suivant» after m.
func (p *timeParser) directed(m timex.Moment, i int) (timex.Moment, int) {
	switch p.kind(i) {
	case lastWord:
		m.Side = timex.Before
	case nextWord:
		m.Side = timex.After
	case followingWord:
		m.Side, m.Anchor = timex.After, timex.Narrated
	case previousWord:
		m.Side, m.Anchor = timex.Before, timex.Narrated
	default:
		return m, i
	}
	return m, i + 1
}

// weekday reads «samedi», «samedi soir», «samedi 3 mai 2015», «lundi dernier»,
// «mardi de la semaine prochaine».
func (p *timeParser) weekday(j int) (timex.Moment, int, bool) {
	m := timex.Moment{HasWeekday: true, Weekday: time.Weekday(p.value(j))}
	next := j + 1
	if day, after, ok := p.dayNumber(next); ok {
		if month, end, ok := p.monthAfterDay(after); ok {
			month.HasWeekday, month.Weekday = true, m.Weekday
			month.Date.Day = day
			if !onCalendar(month.Date) {
				return timex.Moment{}, j, false
			}
			return p.withPart(month, end)
		}
		if p.kind(next) != firstWord && !p.nounFollows(after) && p.kind(after) != unitWord &&
			(isDigit(p.form(next)[0]) || p.kind(after) == atWord) {
			m.Date.Day = day
			return p.withPart(m, after)
		}
	}
	if d, end, ok := p.numericDate(next); ok {
		m.Date = d
		return p.withPart(m, end)
	}
	if p.kind(next) == thereWord {
		m.Anchor = timex.Narrated
		return p.withPart(m, next+1)
	}
	m, next = p.directed(m, next)
	if m.Side == timex.Nearest {
		at := p.skip(next, ofWord)
		if k := p.kind(at); (k == theWord || k == thisWord) && p.kind(at+1) == unitWord && timex.Unit(p.value(at+1)) == timex.Weeks {
			count, end := 0, at+2
			if k == theWord {
				if count = side(p.kind(end)).count(); count == 0 {
					return p.withPart(m, next)
				}
				end++
			}
			m.Unit, m.Whole, m.Count = timex.Weeks, true, count
			m.Anchor = timex.Published
			return p.withPart(m, end)
		}
	}
	m, next, ok := p.withPart(m, next)
	if m.Side == timex.Nearest { // «samedi soir dernier»
		m, next = p.directed(m, next)
	}
	return m, next, ok
}

// narrative reads «la veille», «le lendemain matin», «la veille du 3 mai».
func (p *timeParser) narrative(j int) (timex.Moment, int, bool) {
	m := narrated(timex.Days, p.value(j))
	next := j + 1
	if p.kind(next) == ofWord {
		if day, end, ok := p.moment(next + 1); ok && day.Unit == 0 && (day.Date.Day != 0 || day.HasWeekday || day.HasEaster) {
			day.Unit, day.Count = timex.Days, p.value(j)
			return day, end, true
		}
	}
	return p.withPart(m, next)
}

// phase reads «début mars», «fin 2014», «la fin de l'année dernière», «milieu
// des années 1990», «fin de matinée».
func (p *timeParser) phase(j int) (timex.Moment, int, bool) {
	ph := timex.Phase(p.value(j))
	at := j + 1
	if y, ok := p.year(at); ok && !p.nounFollows(at+1) {
		return timex.Moment{Date: timex.Date{Year: y}, Phase: ph}, at + 1, true
	}
	of := p.kind(at) == ofWord
	if of {
		at++
	}
	var m timex.Moment
	next := at
	ok := false
	inner := at
	if k := p.kind(at); k == theWord || k == thisWord {
		inner = at + 1
	}
	switch p.kind(inner) {
	case monthWord, abbreviatedWord:
		m, next, ok = p.monthYear(inner)
	case seasonWord:
		m, next, ok = p.season(inner, p.kind(at))
	case unitWord:
		if m, next, ok = p.moment(at); !ok && of {
			u := timex.Unit(p.value(inner))
			m, next, ok = published(u, 0), inner+1, u >= timex.Days && !plural(p.form(inner))
			if u == timex.Days { // «en fin de journée»
				m = timex.Moment{Anchor: timex.Spoken, Part: dayPhase(ph)}
				return p.ofDay(m, next)
			}
		}
	case partWord:
		m := timex.Moment{Anchor: timex.Spoken, Part: timex.PartOfDay(p.value(inner) % clockPart)}
		if of {
			return p.ofDay(m, inner+1)
		}
		return m, j, false
	default:
		if of {
			m, next, ok = p.moment(at)
			if y, isYear := p.year(at); !ok && isYear {
				m, next, ok = timex.Moment{Date: timex.Date{Year: y}}, at+1, true
			}
			ok = ok && m.Date.Day == 0 && !m.HasWeekday
		}
	}
	if !ok {
		return m, j, false
	}
	m.Phase = ph
	return m, next, true
}

func dayPhase(ph timex.Phase) timex.PartOfDay {
	switch ph {
	case timex.Early:
		return timex.Morning
	case timex.Mid:
		return timex.Noon
	}
	return timex.Evening
}

// unit reads a moment named by a unit of time: «cette année», «la semaine
// dernière», «l'an 2000», «les années 1990», «le jour même», «le mois de mars».
func (p *timeParser) unit(j int, det wordKind) (timex.Moment, int, bool) {
	u := timex.Unit(p.value(j))
	next := j + 1
	if u == timex.Years || u == timex.Decades {
		if m, end, ok := p.yearName(j); ok {
			return m, end, true
		}
	}
	if p.capital(j) || u <= timex.Hours {
		return timex.Moment{}, j, false
	}
	if det == thisWord {
		switch {
		case p.kind(next) == thereWord:
			return narrated(u, 0), next + 1, true
		case plural(p.form(j)):
			return timex.Moment{}, j, false
		case u == timex.Days && p.form(j) != "jour":
			return narrated(u, 0), next, true
		}
		m := published(u, 0)
		return m, p.skip(next, hereWord), true
	}
	if u == timex.Weekends && det == theWord && p.kind(j-2) == sinceWord {
		return published(u, 0), next, p.kind(next) != lastWord
	}
	switch k := p.kind(next); k {
	case lastWord, nextWord:
		if det == theWord && !plural(p.form(j)) {
			return published(u, side(k).count()), next + 1, true
		}
	case followingWord, previousWord:
		if det == theWord && !plural(p.form(next)) {
			return narrated(u, side(k).count()), next + 1, true
		}
	case currentWord:
		return published(u, 0), next + 1, true
	case sameWord:
		if u == timex.Days {
			return narrated(u, 0), next + 1, true
		}
	case ofWord:
		return p.unitOf(j, u)
	}
	return timex.Moment{}, j, false
}

// unitOf reads «le mois de mars 2015», «la journée de samedi», «la semaine du
// 3 mai», «la semaine d'avant».
func (p *timeParser) unitOf(j int, u timex.Unit) (timex.Moment, int, bool) {
	at := j + 2
	switch p.kind(at) {
	case beforeWord:
		return narrated(u, -1), at + 1, true
	case afterWord:
		return narrated(u, 1), at + 1, true
	}
	m, next, ok := p.moment(at)
	switch {
	case !ok:
	case u == timex.Months && m.Date.Month != 0 && m.Date.Day == 0:
		return m, next, true
	case u == timex.Days && (m.Date.Day != 0 || m.HasWeekday || m.Unit == timex.Days || m.HasEaster):
		return m, next, true
	case u == timex.Weeks && m.Date.Day != 0 && m.Unit == 0:
		m.Unit, m.Whole = timex.Weeks, true
		return m, next, true
	}
	return timex.Moment{}, j, false
}

// yearName reads «an 2000», «année 2012», «années 1990», «années 90».
func (p *timeParser) yearName(j int) (timex.Moment, int, bool) {
	next := j + 1
	if y, ok := p.year(next); ok {
		if plural(p.form(j)) || timex.Unit(p.value(j)) == timex.Decades {
			return timex.Moment{Unit: timex.Decades, Nth: y / 10 * 10}, next + 1, y%10 == 0
		}
		return timex.Moment{Date: timex.Date{Year: y}}, next + 1, true
	}
	if !plural(p.form(j)) || p.form(next) == "" {
		return timex.Moment{}, j, false
	}
	if isDigits(p.form(next), 2) || p.numeral(next) {
		if c, ok := p.g.numbers.cardinal(p.words, next); ok && 10 <= c.value && c.value <= 90 && int(c.value)%10 == 0 {
			return timex.Moment{Unit: timex.Decades, Nth: 1900 + int(c.value)}, c.last, true
		}
	}
	return timex.Moment{}, j, false
}

// plural reports whether a word ends as plurals do; «mois» says nothing.
func plural(s string) bool { return strings.HasSuffix(s, "s") && !strings.EqualFold(s, "mois") }

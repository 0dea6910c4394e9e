package fr

import (
	"strings"
	"time"

	"github.com/depeche-events/depeche/internal/mention/timex"
)

// clock reads a time of day at word i: «20h30», «5 heures du matin», «15:30»,
// «20 h 30 GMT». It does not read «midi», which is a part of day. bare says
// that the words may tell how long as well: «12 heures».
func (p *timeParser) clock(i int) (part timex.PartOfDay, bare bool, next int, ok bool) {
	form := p.form(i)
	if form == "" || !isDigit(form[0]) && p.kind(i+1) != unitWord && p.kind(i+2) != unitWord {
		return 0, false, i, false
	}
	hour, minutes, ok := clockToken(form)
	next = i + 1
	if !ok {
		c, isNumber := p.g.numbers.cardinal(p.words, i)
		if !isNumber || c.value != float64(int(c.value)) || c.value > 24 {
			return 0, false, i, false
		}
		hour, next = int(c.value), c.last
		switch f := p.form(next); {
		case f == "h" || f == "H":
		case p.kind(next) == unitWord && timex.Unit(p.value(next)) == timex.Hours:
			bare = true
		default:
			return 0, false, i, false
		}
		next++
	}
	if at := p.minutes(next); !minutes && at > next {
		bare, next = false, at
	}
	part = partOfHour(hour)
	// «du matin», «de l'après-midi»
	if at := p.skip(p.skip(next, ofWord), theWord); at > next && p.kind(at) == partWord {
		part, _ = p.partAt(at)
		bare, next = false, at+1
	}
	if at := p.zone(next); at > next {
		bare, next = false, at
	}
	return part, bare, next, true
}

// minutes skips what may follow the hour at i: «30», «quinze», «et quart».
func (p *timeParser) minutes(i int) int {
	switch f := p.form(i); {
	case isDigits(f, 2) && f[0] < '6' && !p.nounFollows(i+1) && p.kind(i+1) != monthWord:
		return i + 1
	case p.kind(i) == andWord && (p.form(i+1) == "quart" || p.form(i+1) == "demie" || p.form(i+1) == "demi"):
		return i + 2
	case f != "" && !isDigit(f[0]) && p.numeral(i):
		if c, ok := p.g.numbers.cardinal(p.words, i); ok && !c.one && c.value < 60 && !p.nounFollows(c.last) && p.kind(c.last) == 0 {
			return c.last
		}
	}
	return i
}

// zone skips «GMT», «heure locale», «(GMT)».
func (p *timeParser) zone(i int) int {
	at := i
	open := p.form(at) == "("
	if open {
		at++
	}
	if p.kind(at) == unitWord && p.value(at) == int(timex.Hours) && p.kind(at+1) == zoneWord {
		at++
	}
	if p.kind(at) != zoneWord {
		return i
	}
	at++
	if open {
		if p.form(at) != ")" {
			return i
		}
		at++
	}
	return at
}

// clockToken reads «20h30», «20h», «15:30» as one token. minutes says that it
// tells them.
func clockToken(s string) (hour int, minutes, ok bool) {
	n := 0
	for n < len(s) && n < 2 && isDigit(s[n]) {
		hour = hour*10 + int(s[n]-'0')
		n++
	}
	if n == 0 || n == len(s) || hour > 24 {
		return 0, false, false
	}
	mark := s[n]
	rest := s[n+1:]
	switch {
	case (mark == 'h' || mark == 'H') && rest == "":
		return hour, false, true
	case (mark == 'h' || mark == 'H' || mark == ':') && isDigits(rest, 2) && rest[0] < '6':
		return hour, true, true
	}
	return 0, false, false
}

func isDigits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range n {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// partOfHour returns the part of day of an hour from 0 to 24.
func partOfHour(hour int) timex.PartOfDay {
	switch {
	case hour < 4 || hour >= 22:
		return timex.Night
	case hour < 7:
		return timex.Dawn
	case hour < 12:
		return timex.Morning
	case hour < 14:
		return timex.Noon
	case hour < 18:
		return timex.Afternoon
	}
	return timex.Evening
}

// year reads four digits at word i that may be a year.
func (p *timeParser) year(i int) (int, bool) {
	form := p.form(i)
	if !isDigits(form, 4) {
		return 0, false
	}
	y := atoi(form)
	return y, timex.MinYear <= y && y < timex.MaxYear
}

// dayNumber reads a day of the month at word i: «3», «1er», «premier», «treize».
func (p *timeParser) dayNumber(i int) (int, int, bool) {
	form := p.form(i)
	if form == "" {
		return 0, i, false
	}
	if p.kind(i) == firstWord {
		return 1, i + 1, p.value(i) == 1 && strings.EqualFold(form, "premier")
	}
	if isDigit(form[0]) {
		n := 0
		at := 0
		for at < len(form) && at < 2 && isDigit(form[at]) {
			n = n*10 + int(form[at]-'0')
			at++
		}
		switch form[at:] {
		case "", "er", "ER", "ᵉʳ", "e":
		default:
			return 0, i, false
		}
		// «1 er», as careless layouts have it
		next := i + 1
		if n == 1 && p.form(next) == "er" {
			next++
		}
		return n, next, 1 <= n && n <= 31
	}
	if !p.numeral(i) {
		return 0, i, false
	}
	c, ok := p.g.numbers.cardinal(p.words, i)
	if !ok || c.one || c.value < 1 || c.value > 31 {
		return 0, i, false
	}
	return int(c.value), c.last, true
}

// numericDate reads «12/03/2015», «12.03.2015» or «2015-03-12» at word i, as
// one token or as five.
func (p *timeParser) numericDate(i int) (timex.Date, int, bool) {
	form := p.form(i)
	if form == "" || !isDigit(form[0]) {
		return timex.Date{}, i, false
	}
	if d, ok := dateToken(form); ok {
		return d, i + 1, true
	}
	// «le 17/02», which without its article may be anything
	if k := p.kind(i - 1); k == theWord || k == weekdayWord {
		if at := strings.IndexByte(form, '/'); at > 0 && at <= 2 && len(form) <= 5 && len(form) > at+1 &&
			isDigits(form[:at], at) && isDigits(form[at+1:], len(form)-at-1) {
			d := timex.Date{Year: 2000, Month: time.Month(atoi(form[at+1:])), Day: atoi(form[:at])}
			if ok := d.Valid() && d.Day > 0; ok {
				d.Year = 0
				return d, i + 1, true
			}
		}
	}
	mark := p.form(i + 1)
	if (mark == "/" || mark == "-" || mark == ".") && p.form(i+3) == mark && i+4 < len(p.words) {
		if len(form) <= 4 && len(p.form(i+2)) <= 2 && len(p.form(i+4)) <= 4 {
			var buf [16]byte
			b := append(buf[:0], form...)
			b = append(append(b, mark...), p.form(i+2)...)
			b = append(append(b, mark...), p.form(i+4)...)
			if d, ok := dateToken(string(b)); ok {
				return d, i + 5, true
			}
		}
	}
	return timex.Date{}, i, false
}

func dateToken(s string) (timex.Date, bool) {
	if len(s) < 6 || len(s) > 10 {
		return timex.Date{}, false
	}
	var n, length [3]int
	field := 0
	var mark byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c):
			n[field] = n[field]*10 + int(c-'0')
			length[field]++
		case (c == '/' || c == '-' || c == '.') && (mark == 0 || mark == c) && field < 2 && length[field] > 0:
			mark = c
			field++
		default:
			return timex.Date{}, false
		}
	}
	var d timex.Date
	switch {
	case field != 2 || length[1] > 2:
		return d, false
	case length[0] == 4 && length[2] <= 2:
		d = timex.Date{Year: n[0], Month: time.Month(n[1]), Day: n[2]}
	case length[2] == 4 && length[0] <= 2:
		d = timex.Date{Year: n[2], Month: time.Month(n[1]), Day: n[0]}
	case mark == '/' && length[0] <= 2 && length[2] == 2:
		y := 2000 + n[2]
		if n[2] >= 50 {
			y -= 100
		}
		d = timex.Date{Year: y, Month: time.Month(n[1]), Day: n[0]}
	}
	return d, d.Valid() && d.Day > 0
}

func atoi(digits string) int {
	n := 0
	for i := 0; i < len(digits); i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// century reads the ordinal of a century at word i: «XIXe», «19e», «20ème».
func century(s string) (int, bool) {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	var value int
	if n > 0 && n <= 2 {
		value = atoi(s[:n])
	} else {
		for n < len(s) {
			if s[n] != 'I' && s[n] != 'V' && s[n] != 'X' {
				break
			}
			n++
		}
		value = roman(s[:n])
	}
	switch s[n:] {
	case "e", "è", "ème", "eme", "er", "ᵉ":
	default:
		return 0, false
	}
	return value, 1 <= value && value <= 29
}

func roman(s string) int {
	digit := func(c byte) int {
		switch c {
		case 'I':
			return 1
		case 'V':
			return 5
		}
		return 10
	}
	total := 0
	for i := range len(s) {
		if i+1 < len(s) && digit(s[i]) < digit(s[i+1]) {
			total -= digit(s[i])
		} else {
			total += digit(s[i])
		}
	}
	return total
}

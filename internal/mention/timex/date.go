package timex

import (
	"fmt"
	"time"
)

// The years that a date may be of: what stands outside is no year of the news.
const (
	MinYear = 1000
	MaxYear = 2999
)

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Valid reports whether d is a day, month or year of the calendar between
// MinYear and MaxYear: the 30th of February is not.
func (d Date) Valid() bool {
	switch {
	case d.Year < MinYear || d.Year > MaxYear:
		return false
	case d.Month == 0:
		return d.Day == 0
	case d.Month < time.January || d.Month > time.December:
		return false
	}
	return 0 <= d.Day && d.Day <= daysIn(d.Year, d.Month)
}

// String returns d as ISO 8601 writes it, as far as it is known: 2015-05.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, int(d.Month))
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// First returns the first day of d.
func (d Date) First() Date {
	if d.IsZero() {
		return d
	}
	return Date{d.Year, max(d.Month, time.January), max(d.Day, 1)}
}

// Last returns the last day of d.
func (d Date) Last() Date {
	switch {
	case d.IsZero() || d.Day != 0:
		return d
	case d.Month == 0:
		return Date{d.Year, time.December, 31}
	}
	return Date{d.Year, d.Month, daysIn(d.Year, d.Month)}
}

// Compare returns -1 if d lies wholly before e, +1 if wholly after, and 0 if
// they share a day. Neither may be zero.
func (d Date) Compare(e Date) int {
	switch {
	case d.Last().key() < e.First().key():
		return -1
	case d.First().key() > e.Last().key():
		return +1
	}
	return 0
}

// Weekday returns the day of the week of the full date d.
func (d Date) Weekday() time.Weekday { return d.civil().Weekday() }

// AddDays returns the full date d moved by n days.
func (d Date) AddDays(n int) Date { return fromCivil(d.civil().AddDate(0, 0, n)) }

// AddMonths returns the month n months from that of d, which must tell one.
func (d Date) AddMonths(n int) Date {
	m := d.Year*12 + int(d.Month) - 1 + n
	return Date{Year: m / 12, Month: time.Month(m%12 + 1)}
}

// week returns the Monday and the Sunday of the week of the full date d.
func (d Date) week() (Date, Date) {
	monday := d.AddDays(-(int(d.Weekday()) + 6) % 7)
	return monday, monday.AddDays(6)
}

// easter returns Easter Sunday of a year of the Gregorian calendar, by the
// anonymous algorithm that Meeus gives (Astronomical Algorithms, ch. 8).
func easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}

func (d Date) key() int { return d.Year*10000 + int(d.Month)*100 + d.Day }

func (d Date) civil() time.Time {
	f := d.First()
	return time.Date(f.Year, f.Month, f.Day, 0, 0, 0, 0, time.UTC)
}

func fromCivil(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

package timex

import "time"

// calendar reads a moment of the calendar itself, with what its words leave
// out taken from the reference.
func (r *reading) calendar(m Moment) (period, bool) {
	if m.Unit == Weeks && m.Whole && m.Date.Day != 0 { // «la semaine du 3 mai»
		m.Unit = NoUnit
		p, ok := r.calendar(m)
		if ok && p.precision == Day {
			p.start, p.end = p.start.week()
			p.precision = Week
		}
		return p, ok
	}
	switch {
	case m.Unit == Decades && m.Nth != 0:
		d := Date{Year: m.Nth}
		return period{d, Date{Year: m.Nth + 9}, Decade}, d.Valid()
	case m.Unit == Centuries && m.Nth != 0:
		d := Date{Year: (m.Nth-1)*100 + 1}
		return period{d, Date{Year: m.Nth * 100}, Century}, d.Valid()
	case m.Date.Year != 0:
		return r.ofYear(m, m.Date.Year)
	case r.ref.IsZero():
		return period{}, false
	case m.Season != 0 || m.HasEaster:
		return r.fit(m, func(p period) bool { return true })
	case m.Date.Month != 0:
		if m.HasWeekday && m.Date.Day != 0 {
			// So much is told that the nearest day it fits is meant, whatever
			// the tense: the other one is five years off or more.
			if p, ok := (&reading{ref: r.ref, tense: Present}).fit(m, func(p period) bool { return p.start.Weekday() == m.Weekday }); ok {
				return p, true
			}
		}
		return r.fit(m, func(p period) bool { return true })
	case m.Date.Day != 0:
		return r.dayOfMonth(m)
	case m.HasWeekday:
		if m.Unit == Weeks {
			return r.relative(single(r.ref, Day), m)
		}
		return single(weekdayFrom(r.ref, m.Weekday, m.Side, r.tense), Day), true
	}
	return period{}, false
}

// ofYear reads a moment whose year is known.
func (r *reading) ofYear(m Moment, year int) (period, bool) {
	switch {
	case year < MinYear || year >= MaxYear:
		return period{}, false
	case m.HasEaster:
		return single(easter(year).AddDays(m.Easter), Day), true
	case m.Season != 0:
		first := Date{Year: year, Month: time.Month(int(m.Season) * 3)} // winter 2015 begins in December 2015
		return period{first, first.AddMonths(2), Season}, true
	}
	d := Date{Year: year, Month: m.Date.Month, Day: m.Date.Day}
	precision := Day
	switch {
	case d.Month == 0:
		precision = Year
	case d.Day == 0:
		precision = Month
	}
	return single(d, precision), d.Valid()
}

// fit chooses the year that m leaves out, among those in which it is good.
func (r *reading) fit(m Moment, good func(period) bool) (period, bool) {
	// A 29th of February or a weekday with a date comes back within eight or
	// eleven years.
	reach := 1
	if m.Date.Month == time.February && m.Date.Day == 29 || m.HasWeekday {
		reach = 12
	}
	var before, after, here period
	for y := r.ref.Year - reach; y <= r.ref.Year+reach; y++ {
		p, ok := r.ofYear(m, y)
		if !ok || !good(p) {
			continue
		}
		switch {
		case p.end.Compare(r.ref) < 0:
			before = p
		case p.start.Compare(r.ref) > 0:
			if after.start.IsZero() {
				after = p
			}
		default:
			here = p
		}
	}
	return r.choose(before, here, after, m.Side)
}

// dayOfMonth reads «le 16», «jeudi 15».
func (r *reading) dayOfMonth(m Moment) (period, bool) {
	if r.ref.IsZero() {
		return period{}, false
	}
	const reach = 12
	var before, after, here period
	for n := -reach; n <= reach; n++ {
		d := r.ref.AddMonths(n)
		d.Day = m.Date.Day
		if !d.Valid() || m.HasWeekday && d.Weekday() != m.Weekday {
			continue
		}
		p := single(d, Day)
		switch c := d.Compare(r.ref); {
		case c < 0:
			before = p
		case c == 0:
			here = p
		case after.start.IsZero():
			after = p
		}
	}
	return r.choose(before, here, after, m.Side)
}

// choose picks among the latest period before the reference, the one that
// holds it and the first one after it, each zero where there is none.
func (r *reading) choose(before, here, after period, side Side) (period, bool) {
	has := func(p period) bool { return !p.start.IsZero() }
	switch {
	case side == Before:
		// «mars dernier» told in March is last year's, «le 7 mars dernier» told
		// on that day is that day's.
		if has(here) && here.precision == Day {
			return here, true
		}
		return before, has(before)
	case side == After:
		return after, has(after)
	case has(here):
		return here, true
	case !has(before) || !has(after):
		if has(before) {
			return before, true
		}
		return after, has(after)
	}
	ago := days(before.end.Last(), r.ref)
	ahead := days(r.ref, after.start.First())
	switch {
	case side == Nearest && ago > farOff && ahead <= nearBy && !r.begun && (r.tense != Past || after.precision == Day):
		return after, true
	case side == Nearest && ahead > farOff && ago <= nearBy:
		return before, true
	case side == This:
		if after.start.Year == r.ref.Year {
			return after, true
		}
		return before, true
	case r.tense == Past:
		return before, true
	case r.tense == Future:
		return after, true
	case r.tense == Present && ahead < ago:
		return after, true
	case r.tense == Untold && ahead <= lookAhead && ahead < ago && (after.start.Year == r.ref.Year || ago > longPast):
		return after, true
	}
	return before, true
}

// weekdayFrom returns the day of the week that is meant as seen from day d.
func weekdayFrom(d Date, w time.Weekday, side Side, tense Tense) Date {
	back := (int(d.Weekday()) - int(w) + 7) % 7
	ahead := (7 - back) % 7
	switch {
	case side == Before:
		if back == 0 {
			back = 7
		}
		return d.AddDays(-back)
	case side == After:
		if ahead == 0 {
			ahead = 7
		}
		return d.AddDays(ahead)
	case tense == Future:
		return d.AddDays(ahead)
	case tense == Present && ahead < back:
		return d.AddDays(ahead)
	}
	return d.AddDays(-back)
}

// days counts the days from a to b.
func days(a, b Date) int { return int(b.civil().Sub(a.civil()).Hours() / 24) }

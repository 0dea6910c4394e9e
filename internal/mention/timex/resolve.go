package timex

import "time"

// A few is told by «quelques» and «plusieurs»: this many at least and at most.
const fewLeast, fewMost = 2, 9

// How far ahead of its article, in days, a date without a year still lies in
// the same year where no tense says so. News looks back: further ahead, it is
// last year's.
const lookAhead = 120

// A date without a year that passed so long ago, in days, is next year's
// where no tense says otherwise: «le 15 janvier», told in December.
const longPast = 320

// period is a resolved time.
type period struct {
	start, end Date
	precision  Precision
}

func single(d Date, p Precision) period { return period{d, d, p} }

// A day without a year is not the one so many days off where the other lies so
// near, whatever the tense: «la visite du 20 mars», cancelled on the 15th.
const farOff, nearBy = 300, 45

// reading is what is known where a time is read.
type reading struct {
	ref Date // zero: none
	// told is the last time told, day the last single day, both zero at first;
	// daySegment is where day was told.
	told       period
	day        Date
	daySegment int
	segment    int
	tense      Tense
	begun      bool // before the reference, whatever is nearer
}

// expression reads e. It reports false for what cannot be read.
func (r *reading) expression(e *Expr) (period, bool) {
	switch e.Span {
	case FromTo:
		return r.fromTo(e.From, e.To)
	case NightOf:
		to, ok := r.moment(e.To)
		if !ok || to.precision != Day {
			return period{}, false
		}
		return period{to.start.AddDays(-1), to.start, Day}, true
	case Since, Until:
		if e.Span == Until && e.From.HasWeekday && r.tense != Past {
			r.tense = Future // «jusqu'à samedi» is not over
		}
		p, ok := r.moment(e.From)
		if !ok {
			return period{}, false
		}
		if e.Span == Since {
			p.end = Date{}
		} else {
			p.start = Date{}
		}
		if p.precision != Approximate {
			p.precision = Between
		}
		return p, true
	}
	p, ok := r.moment(e.From)
	if ok && e.From.Approximate {
		p.precision = Approximate
	}
	return p, ok
}

// fromTo reads the later moment first, since what the earlier one leaves out
// is read back from it.
func (r *reading) fromTo(from, to Moment) (period, bool) {
	if from.Date.Year != 0 && to.Date.Year == 0 && to.Date.Month != 0 {
		to.Date.Year = from.Date.Year
		if from.Date.Month > to.Date.Month {
			to.Date.Year++
		}
	}
	b, ok := r.moment(to)
	if !ok {
		return period{}, false
	}
	if from.Anchor == Calendar && from.Date.Month != 0 && from.Date.Year == 0 {
		from.Date.Year = b.end.Year
		if b.end.Month != 0 && from.Date.Month > b.end.Month {
			from.Date.Year--
		}
	}
	a, ok := r.moment(from)
	if !ok {
		return period{}, false
	}
	if from.HasWeekday && from.Date.IsZero() && b.precision == Day {
		back := (int(b.start.Weekday()) - int(from.Weekday) + 7) % 7
		a = single(b.start.AddDays(-back), Day)
	}
	if a.start.IsZero() || b.end.IsZero() || a.start.Compare(b.end) > 0 {
		return period{}, false
	}
	return period{a.start, b.end, Between}, true
}

func (r *reading) moment(m Moment) (period, bool) {
	var p period
	var ok bool
	switch m.Anchor {
	case Calendar:
		p, ok = r.calendar(m)
		if ok && m.Count != 0 {
			p, ok = move(p, m)
		}
	case Published:
		if r.ref.IsZero() {
			return period{}, false
		}
		p, ok = r.relative(single(r.ref, Day), m)
	case Narrated:
		p, ok = r.narrated(m)
	case Spoken:
		return r.spoken(m)
	}
	if ok && m.Part == Night && !m.Clock && p.precision == Day && p.start == p.end {
		// «cette nuit», told in the morning, is the night before.
		if m.Anchor == Published && m.Side == This && r.tense != Future {
			p.start = p.start.AddDays(-1)
		} else {
			p.end = p.end.AddDays(1)
		}
	}
	return p, ok
}

// spoken reads a bare part of day: of the day that the paragraph tells, else
// of the reference's.
func (r *reading) spoken(m Moment) (period, bool) {
	day := r.ref
	if !r.day.IsZero() && (r.daySegment == r.segment || day.IsZero()) {
		day = r.day
	}
	if day.IsZero() {
		return period{}, false
	}
	if m.Part != Night || m.Clock {
		return single(day, Day), true
	}
	if day == r.ref && r.tense != Future {
		return period{day.AddDays(-1), day, Day}, true
	}
	return period{day, day.AddDays(1), Day}, true
}

func (r *reading) narrated(m Moment) (period, bool) {
	base := r.told
	fine := m.Date.Day != 0 || m.Unit == Days || m.Unit == Weeks || m.Unit == Weekends || m.Unit == Hours || m.Unit == Moments || m.HasWeekday
	if base.precision == 0 || fine && base.precision != Day || m.Unit < Years && base.start.Month == 0 {
		base = single(r.day, Day)
		if r.day.IsZero() {
			base = single(r.ref, Day)
		}
	}
	if base.start.IsZero() && base.end.IsZero() {
		return period{}, false
	}
	if m.Date.Day != 0 { // «le 13», after «le 11 janvier»
		if r.day.IsZero() {
			return r.dayOfMonth(m)
		}
		d := Date{r.day.Year, r.day.Month, m.Date.Day}
		if d.Day < r.day.Day {
			d = d.AddMonths(1)
			d.Day = m.Date.Day
		}
		return single(d, Day), d.Valid()
	}
	if m.HasWeekday {
		return single(weekdayFrom(base.end, m.Weekday, m.Side, r.tense), Day), true
	}
	return r.relative(base, m)
}

// relative moves or widens base as m tells.
func (r *reading) relative(base period, m Moment) (period, bool) {
	if !m.Whole {
		return move(base, m)
	}
	d := base.start
	if m.Count > 0 {
		d = base.end
	}
	if d.IsZero() {
		return period{}, false
	}
	switch m.Unit {
	case Moments, Hours:
		return single(d, base.precision), true
	case Days:
		if d.Day == 0 {
			return period{}, false
		}
		return single(d.AddDays(m.Count), Day), true
	case Weeks:
		if d.Day == 0 {
			return period{}, false
		}
		monday, sunday := d.AddDays(7 * m.Count).week()
		if m.HasWeekday {
			return single(monday.AddDays((int(m.Weekday)+6)%7), Day), true
		}
		return period{monday, sunday, Week}, true
	case Weekends:
		if d.Day == 0 {
			return period{}, false
		}
		return r.weekend(d, m.Count), true
	case Months:
		if d.Month == 0 {
			return period{}, false
		}
		month := d.AddMonths(m.Count)
		if m.Date.Day != 0 {
			month.Day = m.Date.Day
			return single(month, Day), month.Valid()
		}
		return single(month, Month), true
	case Quarters:
		if d.Month == 0 {
			return period{}, false
		}
		first := Date{Year: d.Year, Month: (d.Month-1)/3*3 + 1}.AddMonths(3 * m.Count)
		return period{first, first.AddMonths(2), Season}, true
	case Years:
		if m.Date.Month != 0 {
			return r.ofYear(m, d.Year+m.Count)
		}
		return single(Date{Year: d.Year + m.Count}, Year), true
	case Decades:
		y := d.Year/10*10 + 10*m.Count
		return period{Date{Year: y}, Date{Year: y + 9}, Decade}, true
	case Centuries:
		y := (d.Year-1)/100*100 + 1 + 100*m.Count
		return period{Date{Year: y}, Date{Year: y + 99}, Century}, true
	}
	return period{}, false
}

// weekend returns the week-end count before or after the one that is spoken of
// on day d as this one.
func (r *reading) weekend(d Date, count int) period {
	monday, _ := d.week()
	saturday := monday.AddDays(5)
	inside := d.Compare(saturday) >= 0
	switch {
	case count < 0:
		saturday = saturday.AddDays(-7) // the last one that is over
		count++
	case count > 0:
		count--
		if inside {
			saturday = saturday.AddDays(7)
		}
	case !inside && r.tense != Future && (r.tense == Past || d.Weekday() <= time.Wednesday):
		saturday = saturday.AddDays(-7)
	}
	saturday = saturday.AddDays(7 * count)
	return period{saturday, saturday.AddDays(1), Day}
}

// move returns what lies m.Count units from base, as exactly as the unit says.
func move(base period, m Moment) (period, bool) {
	d := base.start
	if m.Count > 0 {
		d = base.end
	}
	if d.IsZero() {
		return period{}, false
	}
	if m.Vague && m.Unit > Hours {
		sign := 1
		if m.Count < 0 {
			sign = -1
		}
		near, ok := shift(d, m.Unit, sign*fewLeast)
		far, ok2 := shift(d, m.Unit, sign*fewMost)
		if !ok || !ok2 {
			return period{}, false
		}
		if sign < 0 {
			near, far = far, near
		}
		return period{near, far, Approximate}, true
	}
	to, ok := shift(d, m.Unit, m.Count)
	if !ok {
		return period{}, false
	}
	switch m.Unit {
	case Weeks:
		monday, sunday := to.week()
		return period{monday, sunday, Week}, true
	case Months, Quarters:
		return single(to, Month), true
	case Years:
		return single(to, Year), true
	case Decades, Centuries:
		return single(to, Approximate), true
	case Moments, Hours, Days:
		if to.Day == 0 {
			return single(to, base.precision), true
		}
	}
	return single(to, Day), true
}

// shift moves d by n units and drops what the unit does not tell. It reports
// false where d is not known exactly enough or the calendar ends.
func shift(d Date, u Unit, n int) (Date, bool) {
	switch u {
	case Moments:
	case Hours:
		if d.Day != 0 {
			d = d.AddDays(n / 24)
		}
	case Days, Weeks:
		if d.Day == 0 {
			return Date{}, false
		}
		if u == Weeks {
			n *= 7
		}
		d = d.AddDays(n)
	case Months, Quarters:
		if d.Month == 0 {
			return Date{}, false
		}
		if u == Quarters {
			n *= 3
		}
		d = d.AddMonths(n)
	case Years, Decades, Centuries:
		if u == Decades {
			n *= 10
		} else if u == Centuries {
			n *= 100
		}
		d = Date{Year: d.Year + n}
	default:
		return Date{}, false
	}
	return d, d.Valid()
}

package timex

import (
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/text"
)

// Compare says where t lies from day: -1 wholly before, +1 wholly after, 0 if
// it holds the day, is open towards it, or cannot tell.
func (t *Time) Compare(day Date) int {
	switch {
	case day.IsZero() || t.Start.IsZero() && t.End.IsZero():
		return 0
	case !t.End.IsZero() && t.End.Compare(day) < 0:
		return -1
	case !t.Start.IsZero() && t.Start.Compare(day) > 0:
		return +1
	}
	return 0
}

// Resolved reports whether t tells a date at one end at least.
func (t *Time) Resolved() bool { return !t.Start.IsZero() || !t.End.IsZero() }

// Combine returns the time that two mentions in one clause tell together:
// a day and a part of it, a day and the month around it. It reports false
// where neither lies within the other.
func Combine(a, b Time) (Time, bool) {
	if a.Kind != Point || b.Kind != Point || !a.Resolved() || !b.Resolved() {
		return Time{}, false
	}
	switch {
	case within(&b, &a):
	case within(&a, &b):
		a, b = b, a
	default:
		return Time{}, false
	}
	// b is the narrower one.
	if b.PartOfDay == 0 {
		b.PartOfDay = a.PartOfDay
	}
	b.Explicit = a.Explicit || b.Explicit
	b.First, b.Last = min(a.First, b.First), max(a.Last, b.Last)
	if a.Span.Field == b.Span.Field {
		b.Span = article.Span{
			Begin: min(a.Span.Begin, b.Span.Begin), End: max(a.Span.End, b.Span.End), Field: a.Span.Field,
		}
	}
	return b, true
}

func within(in, out *Time) bool {
	if in.Start.IsZero() || in.End.IsZero() {
		return false
	}
	return (out.Start.IsZero() || out.Start.First().key() <= in.Start.First().key()) &&
		(out.End.IsZero() || in.End.Last().key() <= out.End.Last().key())
}

// Words returns the word ranges of the times that no number in them may be a
// quantity of: all but durations. They are in order.
func Words(times []Time) []text.Range {
	var out []text.Range
	for i := range times {
		if times[i].Kind != Duration {
			out = append(out, text.Range{First: times[i].First, Last: times[i].Last})
		}
	}
	return out
}

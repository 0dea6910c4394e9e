package timex

import "github.com/depeche-events/depeche/internal/text"

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

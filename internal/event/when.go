package event

import (
	"github.com/depeche-events/depeche/internal/mention/timex"
)

// timeOf returns the time told in the clause of f, else in its sentence; nil
// for none.
func (r *reading) timeOf(f *found) *timex.Time {
	clause := r.clause(f.head)
	s := r.Text.Sentences[f.sentence].Words
	var best *timex.Time
	rank := 0
	for i := range r.Times {
		t := &r.Times[i]
		if t.First < s.First || t.Last > s.Last || t.Kind != timex.Point || !t.Resolved() {
			continue
		}
		n := 1
		switch {
		case r.dominates(f.head, t.First) || r.dominates(f.head, t.Last-1):
			n = 4
		case f.support >= 0 && r.dominates(f.support, t.First):
			n = 4
		case r.clause(t.First) == clause || r.clause(t.Last-1) == clause:
			n = 3
		}
		// Of two as near the one nearer in words.
		if n > rank || n == rank && best != nil && gap(f, t) < gap(f, best) {
			best, rank = t, n
		}
	}
	return best
}

func gap(f *found, t *timex.Time) int {
	if t.First > f.head {
		return t.First - f.head
	}
	return f.head - t.Last + 1
}

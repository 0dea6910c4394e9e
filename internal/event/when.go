package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// timeOf returns the time told in the clause of f, else in its sentence; nil
// for none. own reports whether it is the clause's.
func (r *reading) timeOf(f *found) (best *timex.Time, own bool) {
	clause := r.clause(f.head)
	s := r.Text.Sentences[f.sentence].Words
	rank, past := 0, f.form == verbal && r.past(f.head)
	for i := r.timesFrom(s.First); i < len(r.Times) && r.Times[i].First < s.Last; i++ {
		t := &r.Times[i]
		if t.Last > s.Last || t.Kind != timex.Point || !t.Resolved() || past && r.coming(t) ||
			t.Last < s.Last && (r.lemmas[t.Last] == "lequel" || r.lemmas[t.Last] == "duquel") { // «au lendemain duquel»
			continue
		}
		n := 1
		at := r.clause(t.First)
		switch {
		case at == f.head || at == f.support:
			n = 4
		case f.form == nominal && r.dominates(f.head, t.First) && at == clause:
			n = 5
		case at == clause:
			n = 3
		case r.dominates(at, f.head):
			n = 2
		case r.dominates(clause, at):
			// «la ville, dont ils s'étaient emparés samedi»: another event's time.
			continue
		}
		// Of two as near the one nearer in words.
		if n > rank || n == rank && best != nil && gap(f, t) < gap(f, best) {
			best, rank = t, n
		}
	}
	return best, rank > 2
}

// coming reports whether t is after the news: no time of what is told in the
// past, as «au lendemain duquel» read from the article's day would be.
func (r *reading) coming(t *timex.Time) bool {
	return r.Reference != nil && !t.Start.IsZero() && t.Start.First().Compare(r.Reference.Date) > 0
}

// sinceLong reports whether a time is open towards the present and began before
// the news, while f is told as done: such a time is a state's, not its own.
func (r *reading) sinceLong(f *found, t *timex.Time) bool {
	if r.Reference == nil || f.form != verbal || t.Start.IsZero() || !t.End.IsZero() || f.sense.typ != ontology.TerritoryCapture {
		return false
	}
	return r.child(f.head, syntax.Aux) >= 0 && t.Start.Last().Compare(r.Reference.Date.AddDays(-newsDays)) < 0
}

// hourOnly reports whether t tells an hour or part of the day and no day:
// «vers midi», «dans la matinée».
func (r *reading) hourOnly(t *timex.Time) bool {
	if r.Reference == nil || t.PartOfDay == 0 || t.Explicit || t.Start != r.Reference.Date || t.End != t.Start {
		return false
	}
	for w := t.First; w < t.Last; w++ {
		switch r.lemmas[w] {
		case "ce", "aujourd'hui", "jour", "hier", "veille":
			return false
		}
		if r.lex.is(wordsWeekday, r.lemmas[w]) {
			return false
		}
	}
	return true
}

// timesFrom returns the index of the first time at or after a word: times stand
// in reading order.
func (r *reading) timesFrom(word int) int {
	i, _ := slices.BinarySearchFunc(r.Times, word, func(t timex.Time, w int) int { return t.First - w })
	return i
}

// narrativeReach is how many sentences back, or for a headline on, the time of
// the narrative is looked for.
const narrativeReach = 4

// narrativeTime returns the time that the narrative has come to where f tells
// none: the last one told before it in its segment, or for a heading the first
// one told after it. The news takes up times of the news, and history, in the
// pluperfect, the sentence before it whatever its time.
func (r *reading) narrativeTime(f *found, history bool) *timex.Time {
	if r.Reference == nil {
		return nil
	}
	at := r.Text.Sentences[f.sentence]
	var best *timex.Time
	from := r.Text.Sentences[max(0, f.sentence-narrativeReach)].Words.First
	to := r.Text.Sentences[min(len(r.Text.Sentences)-1, f.sentence+2*narrativeReach)].Words.Last
	for i := r.timesFrom(from); i < len(r.Times) && r.Times[i].First < to; i++ {
		t := &r.Times[i]
		if t.Kind != timex.Point || !t.Resolved() || t.Start.IsZero() {
			continue
		}
		s := r.Text.SentenceOf(t.First)
		switch {
		case history:
			if s == f.sentence-1 && r.Text.Sentences[s].Segment == at.Segment {
				best = t
			}
		case t.Precision != timex.Day || !r.recent(t):
		case s < f.sentence && s >= f.sentence-narrativeReach && r.Text.Sentences[s].Segment == at.Segment:
			best = t
		case best == nil && s > f.sentence && s <= f.sentence+2*narrativeReach && r.heading(at.Segment):
			return t
		}
	}
	return best
}

func (r *reading) heading(segment int) bool {
	return r.Document().Segments[segment].Kind == article.Heading
}

// recent reports whether t lies within newsDays before the reference.
func (r *reading) recent(t *timex.Time) bool {
	d := r.Reference.Date
	return t.Start.First().Compare(d.AddDays(-newsDays)) >= 0 && t.Start.First().Compare(d) <= 0
}

func gap(f *found, t *timex.Time) int {
	if t.First > f.head {
		return t.First - f.head
	}
	return f.head - t.Last + 1
}

package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// timeOf returns the time told in the clause of f, else in its sentence; nil
// for none. own reports whether it is the clause's.
func (r *reading) timeOf(f *found) (best *timex.Time, own bool) {
	clause := r.clause(f.head)
	s := r.Text.Sentences[f.sentence].Words
	rank, past := 0, f.form == verbal && r.past(f.head)
	for i := r.timesFrom(s.First); i < len(r.Times) && r.Times[i].First < s.Last; i++ {
		t := &r.Times[i]
		if t.Last > s.Last || t.Kind != timex.Point || !t.Resolved() || (past || r.wantsNow(f)) && r.coming(t) || r.of(f, t) ||
			t.Last < s.Last && (r.lemmas[t.Last] == "lequel" || r.lemmas[t.Last] == "duquel") { // «au lendemain duquel»
			continue
		}
		n := 1
		at := r.clause(t.First)
		switch {
		case r.anothers(f, t.First):
			continue
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
	if t := r.originOf(f); t != nil && rank < 5 {
		return t, true
	}
	return best, rank > 2
}

// originOf returns when f took place where it is told as long ago: «un an après
// la chute du régime», «au lendemain de l'attentat»; nil where it is not.
func (r *reading) originOf(f *found) *timex.Time {
	if f.form != nominal {
		return nil
	}
	const reach = 4 // words between the length and the event: an article, an adjective
	for i := r.timesFrom(f.head) - 1; i >= 0 && r.Times[i].Last >= f.head-reach; i-- {
		t := r.Times[i]
		if t.Last > f.head || t.Origin.IsZero() {
			continue
		}
		for w := t.Last; w < f.head; w++ {
			if r.a.Words[w].UPOS == syntax.NOUN || r.a.Words[w].UPOS == syntax.VERB || r.a.Words[w].UPOS == syntax.PUNCT {
				return nil
			}
		}
		t.Kind, t.Start, t.End, t.Precision = timex.Point, t.Origin, t.Origin, timex.Day
		switch {
		case t.Origin.Month == 0:
			t.Precision = timex.Year
		case t.Origin.Day == 0:
			t.Precision = timex.Month
		}
		return &t
	}
	return nil
}

// of reports whether t is told of something else than f that stands between
// them in the tree: of another event («appelle à une marche vendredi»), or of a
// state that lasts («le président, au pouvoir depuis 1982»).
func (r *reading) of(f *found, t *timex.Time) bool {
	top := t.First
	for steps := 0; steps < 16; steps++ {
		h := int(r.a.Words[top].Head)
		if h < t.First || h >= t.Last {
			break
		}
		top = h
	}
	open := !t.Start.IsZero() && t.End.IsZero()
	for w, steps := int(r.a.Words[top].Head), 0; w >= 0 && w != f.head && w != f.support && steps < 16; w, steps = int(r.a.Words[w].Head), steps+1 {
		if r.dominates(w, f.head) {
			return false
		}
		if i := r.foundAt[w]; i >= 0 && !slices.Contains(f.rest, w) && r.found[i].sense.typ != f.sense.typ && r.states(f) {
			return true
		}
		if rel := r.a.Words[w].Rel.Base(); open && (rel == syntax.Appos || rel == syntax.Amod || r.setOff(w) && top > w) {
			return true
		}
	}
	return false
}

// setOff reports whether the phrase of the noun w stands behind a comma: «, au
// pouvoir depuis 1982».
func (r *reading) setOff(w int) bool {
	if p := r.preposition(w); r.a.Words[w].UPOS != syntax.NOUN || p != "a" && p != "en" {
		return false
	}
	first := w
	for c := range r.a.Children(w) {
		if c < first && r.a.Words[c].UPOS != syntax.PUNCT {
			first = c
		}
	}
	return first < w && first > 0 && r.a.Words[first-1].UPOS == syntax.PUNCT
}

// states reports whether f is something said or wanted, whose object is
// another event.
func (r *reading) states(f *found) bool {
	switch f.sense.typ {
	case ontology.Demand, ontology.Threat, ontology.Accusation, ontology.SupportStatement, ontology.Rejection, ontology.Concession, ontology.LegalAction:
		return true
	}
	return false
}

// wantsNow reports whether f is wanted or said now of what may come: the day of
// «appelle à une marche samedi prochain» is the march's.
func (r *reading) wantsNow(f *found) bool {
	return r.states(f) && f.sense.typ != ontology.LegalAction && f.form == verbal && r.a.Words[f.head].Feats.Tense == syntax.Pres
}

// anothers reports whether the word at w hangs on a participle that says of a
// noun what f does not: in «le rassemblement, interdit la veille, a été
// dispersé» the day is that of the ban.
func (r *reading) anothers(f *found, w int) bool {
	for steps := 0; w >= 0 && w != f.head && w != f.support && steps < governors; steps++ {
		word := &r.a.Words[w]
		if word.Rel.Base() == syntax.ACL && word.UPOS == syntax.VERB && pastParticiple(&word.Feats) {
			return !r.dominates(w, f.head)
		}
		w = int(word.Head)
	}
	return false
}

// coming reports whether t is after the news: no time of what is told in the
// past, as «au lendemain duquel» read from the article's day would be.
func (r *reading) coming(t *timex.Time) bool {
	return r.Reference != nil && !t.Start.IsZero() && t.Start.First().Compare(r.Reference.Date) > 0
}

// gone reports whether when, a day of the coming week, is that of the week
// before: the verb of «le bilan de l'attentat de mercredi s'élève à dix morts»
// is in the present, and the violence is not.
func (r *reading) gone(t *telling, when *timex.Time) bool {
	return t.form == nominal && (t.fact == Actual || t.fact == Unconfirmed) && (slices.Contains(causes, t.sense.typ) || t.sense.typ == ontology.Killing) &&
		!when.Explicit && when.Precision == timex.Day && r.coming(when) && when.Start.Day != 0 && when.End.Day != 0 &&
		when.Start.AddDays(-7).Compare(r.Reference.Date) <= 0
}

// sinceLong reports whether a time is open towards the present and began before
// the news, while f is told as done: such a time is a state's, not its own.
func (r *reading) sinceLong(f *found, t *timex.Time) bool {
	if f.form != verbal || t.Start.IsZero() || !t.End.IsZero() || f.sense.typ != ontology.TerritoryCapture || r.child(f.head, syntax.Aux) < 0 {
		return false
	}
	return r.Reference == nil || t.Start.Last().Compare(r.Reference.Date.AddDays(-newsDays)) < 0
}

// hourOnly reports whether t tells an hour or part of the day and no day:
// «vers midi», «dans la matinée», «plus tard dans la journée».
func (r *reading) hourOnly(t *timex.Time) bool {
	if r.Reference == nil || t.Explicit || t.Start != r.Reference.Date || t.End != t.Start ||
		t.PartOfDay == 0 && !r.lex.is(wordsDaytime, r.lemmas[t.Last-1]) {
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
// none: the last one told before it, or for a heading the first one told after
// it. The news takes up times of the news; history, in the pluperfect, the
// sentences before it whatever their time, as far as they are history too.
func (r *reading) narrativeTime(f *found, history bool) *timex.Time {
	if r.Reference == nil || r.lasts(f) {
		return nil
	}
	sentences := r.Text.Sentences
	at := sentences[f.sentence].Segment
	if history {
		return r.historyTime(f)
	}
	if r.heading(at) {
		var stamp *timex.Time
		to := sentences[min(len(sentences)-1, f.sentence+2*narrativeReach)].Words.Last
		for i := r.timesFrom(sentences[f.sentence].Words.Last); i < len(r.Times) && r.Times[i].First < to; i++ {
			switch t := &r.Times[i]; {
			case r.newsDay(t):
				return t
			case stamp == nil && r.dateStamp(t):
				stamp = t
			}
		}
		return stamp
	}
	from := sentences[max(0, f.sentence-narrativeReach)].Words.First
	for i := r.timesFrom(sentences[f.sentence].Words.First) - 1; i >= 0 && r.Times[i].First >= from; i-- {
		t := &r.Times[i]
		segment := sentences[r.Text.SentenceOf(t.First)].Segment
		if t.Kind != timex.Point || !t.Resolved() || segment != at && !r.narrates(segment) {
			continue
		}
		if r.newsDay(t) {
			return t
		}
		if segment != at && r.bygone(t) {
			return nil // history stands between
		}
	}
	return nil
}

// lasts reports whether f is told as a state, which no day of the news is: «les
// rebelles, qui contrôlent la ville».
func (r *reading) lasts(f *found) bool {
	return f.form == verbal && f.sense.typ == ontology.TerritoryCapture && !r.heading(r.Text.Sentences[f.sentence].Segment) &&
		r.a.Words[f.head].Feats.Tense == syntax.Pres && r.a.Words[f.head].Feats.VerbForm == syntax.Fin
}

// historyTime returns the time of the history that f goes on with.
func (r *reading) historyTime(f *found) *timex.Time {
	for s := f.sentence - 1; s >= max(0, f.sentence-narrativeReach); s-- {
		words := r.Text.Sentences[s].Words
		if !r.narrates(r.Text.Sentences[s].Segment) {
			return nil
		}
		for i := r.timesFrom(words.Last) - 1; i >= 0 && r.Times[i].First >= words.First; i-- {
			if t := &r.Times[i]; t.Kind == timex.Point && t.Resolved() && !t.Start.IsZero() && !r.dateStamp(t) {
				return t
			}
		}
		if !r.tellsHistory(words) {
			return nil
		}
	}
	return nil
}

// tellsHistory reports whether a verb of the sentence is in the pluperfect.
func (r *reading) tellsHistory(words text.Range) bool {
	for w := words.First; w < words.Last; w++ {
		if x := &r.a.Words[w]; x.Rel == syntax.AuxTense && x.Feats.Tense == syntax.Imperf {
			return true
		}
	}
	return false
}

// narrates reports whether the narrative runs through a segment.
func (r *reading) narrates(segment int) bool {
	return r.Document().Segments[segment].Kind == article.Prose
}

// newsDay reports whether t is a day that the news is told of: neither when it
// was told nor, in the pluperfect or of somebody who is told apart by it («l'otage,
// enlevé lundi, a été libéré»), before it.
func (r *reading) newsDay(t *timex.Time) bool {
	return t.Kind == timex.Point && t.Resolved() && !t.Start.IsZero() && t.Precision == timex.Day && r.recent(t) &&
		!r.hourOnly(t) && !r.dateStamp(t) && !r.dayOfSaying(t) && !r.inPluperfect(r.clause(t.First)) && !r.describes(r.clause(t.First))
}

// bygone reports whether t ended before the news.
func (r *reading) bygone(t *timex.Time) bool {
	return !t.End.IsZero() && t.End.Last().Compare(r.Reference.Date.AddDays(-newsDays)) < 0
}

// dateStamp reports whether t is the article's own date, in a line without a
// verb: «BEYROUTH, 14 août 1989 (AFP)».
func (r *reading) dateStamp(t *timex.Time) bool {
	return t.Explicit && t.Start == r.Reference.Date && r.a.Words[r.clause(t.First)].UPOS != syntax.VERB
}

// dayOfSaying reports whether t is when somebody told it: «a annoncé mardi».
func (r *reading) dayOfSaying(t *timex.Time) bool {
	const reach = 4 // words between the verb and the day
	c := r.clause(t.First)
	if t.First-c > reach || c-t.Last > reach {
		return false
	}
	return r.lex.is(wordsReport, r.lemmas[c]) && r.foundAt[c] < 0
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

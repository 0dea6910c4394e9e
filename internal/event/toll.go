package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/ontology"
)

// How many sentences before it, in the same text, a toll's violence is looked
// for: a bare count of the dead takes it up from further away than a clause.
const (
	countReach  = 4
	clauseReach = 2
	// datelineReach is how many words into its sentence a place before a colon stands.
	datelineReach = 3
)

// tollOf returns the event of those told before whose dead or wounded t only
// counts, saying neither by whom nor when nor, but within it, where: «Des
// raids ont visé le port. Selon les secours, 52 personnes ont été tuées.» It
// returns -1 where t is an event of its own.
func (r *reading) tollOf(events []Event, t *telling) int {
	if t.sense.typ != ontology.Killing || t.fact != Actual && t.fact != Unconfirmed || t.time != nil || len(t.quantities) == 0 || t.brought ||
		t.pluperfect || t.form == nominal && !t.sense.self || t.form != verbal && r.inPluperfect(r.clause(t.head)) || t.form == verbal && !r.passive(t.head) && r.fillsOf(t.found, slotSubject)&(fillTarget|fillTheme) == 0 {
		return -1
	}
	for _, p := range t.participants {
		if p.Role == Agent {
			return -1
		}
	}
	for _, g := range t.fillers {
		if g.slot == slotSubject && r.natureOf(r.core(g.word))&isActor != 0 && !r.cited[g.word] {
			return -1
		}
	}
	reach := clauseReach
	if t.sense.self {
		reach = countReach
	}
	best, near := -1, 0
	for k := len(events) - 1; k >= max(0, len(events)-besideness); k-- {
		c := &events[k]
		if !slices.Contains(causes, c.Type) || c.Factuality != Actual && c.Factuality != Unconfirmed || c.pluperfect ||
			c.Type == ontology.ProtestCrackdown && r.ownDead(t) || !r.siteWithin(t, c) || c.Time != nil && r.Reference != nil && r.old(c.Time) {
			continue
		}
		d := r.sentencesBefore(c, t)
		if d < 0 || d > reach || c.Type == ontology.Coup && d > 0 {
			continue
		}
		// Of two as near the one that is told more often is what the article is about.
		if best < 0 || d < near || d == near && len(c.Mentions) > len(events[best].Mentions) {
			best, near = k, d
		}
	}
	return best
}

// sentencesBefore returns how many sentences of body text the last mention of e
// stands before t; -1 where none does.
func (r *reading) sentencesBefore(e *Event, t *telling) int {
	best := -1
	for i := range e.Mentions {
		s := e.Mentions[i].sentence
		if s <= t.sentence && !r.heading(r.Text.Sentences[s].Segment) {
			if d := t.sentence - s; best < 0 || d < best {
				best = d
			}
		}
	}
	return best
}

// siteWithin reports whether all places that the sentence of t tells of it, the
// one before its colon included, are places of e, lie within them or hold them.
func (r *reading) siteWithin(t *telling, e *Event) bool {
	within := func(place int) bool {
		return slices.ContainsFunc(e.Places, func(q Place) bool {
			return place == q.Place || r.holdsPlace(q.Place, place) || r.holdsPlace(place, q.Place)
		})
	}
	at := r.sentenceSpan(t.sentence)
	for _, p := range t.places {
		if at.Contains(p.Span) && !within(p.Place) {
			return false
		}
	}
	words := r.Text.Sentences[t.sentence].Words
	for w := words.First; w < min(words.Last, words.First+datelineReach); w++ {
		if p := int(r.placeAt[w]); p >= 0 && r.dateline(w) && !within(p) {
			return false
		}
	}
	return true
}

// ownDead reports whether t counts police or soldiers, who are on the side of
// those that put a protest down.
func (r *reading) ownDead(t *telling) bool {
	for _, p := range t.participants {
		switch r.Actors[p.Actor].Kind {
		case actor.Police, actor.StateForces:
			return true
		}
	}
	return false
}

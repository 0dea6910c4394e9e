package extract

import (
	"fmt"
	"slices"

	"github.com/depeche-events/depeche/internal/event"
)

// What an answer holds at most, unless Config says otherwise. No article that
// people wrote for a newspaper comes near it; one that was made to would have
// answers many times its own size, since each mention quotes its sentence.
const (
	DefaultMaxEntities = 500
	DefaultMaxMentions = 100
)

// bound leaves out what an answer has no room for, with a warning for each
// thing of which there is more. What comes first in the article is kept, so that
// the same article keeps the same, however long it took.
func (x *Extraction) bound(entities, mentions int) {
	x.Events = first(x, x.Events, entities, "events")
	x.Actors = first(x, x.Actors, entities, "actors")
	x.Places = first(x, x.Places, entities, "places")
	x.Discarded = first(x, x.Discarded, entities, "discarded triggers")
	x.forgetUnknown()

	most := 0 // of anything that one of them has
	cut := func(n int) int {
		most = max(most, n)
		return min(n, mentions)
	}
	for i := range x.Events {
		e := &x.Events[i]
		e.Mentions = e.Mentions[:cut(len(e.Mentions))]
		e.Participants = e.Participants[:cut(len(e.Participants))]
		e.Places = e.Places[:cut(len(e.Places))]
		e.Claims = e.Claims[:cut(len(e.Claims))]
		if kept := cut(len(e.Quantities)); kept < len(e.Quantities) {
			e.Quantities = e.Quantities[:kept]
			for j := range e.Claims {
				c := &e.Claims[j]
				c.Quantities = slices.DeleteFunc(c.Quantities, func(q int) bool { return q >= kept })
			}
		}
	}
	for i := range x.Actors {
		a := &x.Actors[i]
		a.Mentions = a.Mentions[:cut(len(a.Mentions))]
	}
	for i := range x.Places {
		p := &x.Places[i]
		p.Mentions = p.Mentions[:cut(len(p.Mentions))]
	}
	if most > mentions {
		x.warn(LeftOut, fmt.Sprintf("up to %d mentions or parts of one event, actor or place were found: the first %d are told", most, mentions), nil)
	}
	// The warnings of places and sentences; those above are about the article.
	x.sortWarnings()
	x.Warnings = x.Warnings[:min(len(x.Warnings), entities)]
}

func first[T any](x *Extraction, found []T, most int, what string) []T {
	if len(found) <= most {
		return found
	}
	x.warn(LeftOut, fmt.Sprintf("%d %s were found: the first %d are told", len(found), what, most), nil)
	return found[:most]
}

// forgetUnknown drops what refers to actors and places that were left out.
func (x *Extraction) forgetUnknown() {
	noActor := func(i int) bool { return i >= len(x.Actors) }
	for i := range x.Events {
		e := &x.Events[i]
		e.Participants = slices.DeleteFunc(e.Participants, func(p event.Participant) bool { return noActor(p.Actor) })
		e.Places = slices.DeleteFunc(e.Places, func(p event.Place) bool { return p.Place >= len(x.Places) })
		e.Claims = slices.DeleteFunc(e.Claims, func(c event.Claim) bool { return noActor(c.Source) })
		for j := range e.Quantities {
			if q := &e.Quantities[j]; noActor(q.Actor) {
				q.Actor = -1
			}
		}
	}
	for i := range x.Places {
		if p := &x.Places[i]; p.Relation != nil && p.Relation.Anchor >= len(x.Places) {
			p.Relation = nil
		}
	}
}

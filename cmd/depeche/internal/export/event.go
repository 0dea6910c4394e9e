package export

import (
	"slices"
	"strings"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// happening is an event with what its ids refer to.
type happening struct {
	answer Answer
	*depechev1.Event
	agents, targets, agentAllies, targetAllies []*depechev1.Actor
	// place is where it happened, as exactly as is told; nil: not told.
	place     *depechev1.Location
	placeSpan string // the words that name it
}

// happenings are the events of an answer.
func happenings(answer Answer) []happening {
	actors := map[string]*depechev1.Actor{}
	for _, a := range answer.Extraction.GetActors() {
		actors[a.GetId()] = a
	}
	places := map[string]*depechev1.Location{}
	for _, l := range answer.Extraction.GetLocations() {
		places[l.GetId()] = l
	}
	var out []happening
	for _, e := range answer.Extraction.GetEvents() {
		h := happening{answer: answer, Event: e}
		for _, p := range e.GetParticipants() {
			a := actors[p.GetActorId()]
			if a == nil {
				continue
			}
			switch p.GetRole() {
			case depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT:
				h.agents = append(h.agents, a)
			case depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET:
				h.targets = append(h.targets, a)
			case depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT_ALLY:
				h.agentAllies = append(h.agentAllies, a)
			case depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET_ALLY:
				h.targetAllies = append(h.targetAllies, a)
			}
		}
		h.setPlace(places)
		out = append(out, h)
	}
	return out
}

// setPlace takes the most exact of the places where it happened; where a
// movement has none, where it led, else where it began.
func (h *happening) setPlace(places map[string]*depechev1.Location) {
	best := -1
	for _, p := range h.GetLocations() {
		l := places[p.GetLocationId()]
		if l == nil {
			continue
		}
		rank := exactness(l.GetKind())
		switch p.GetRole() {
		case depechev1.EventPlaceRole_EVENT_PLACE_ROLE_SITE:
			rank += 20
		case depechev1.EventPlaceRole_EVENT_PLACE_ROLE_DESTINATION:
			rank += 10
		}
		if rank > best {
			best, h.place, h.placeSpan = rank, l, p.GetSpan().GetText()
		}
	}
}

func exactness(kind depechev1.LocationKind) int {
	switch kind {
	case depechev1.LocationKind_LOCATION_KIND_FACILITY, depechev1.LocationKind_LOCATION_KIND_NEIGHBOURHOOD:
		return 6
	case depechev1.LocationKind_LOCATION_KIND_CITY:
		return 5
	case depechev1.LocationKind_LOCATION_KIND_ADMIN2:
		return 4
	case depechev1.LocationKind_LOCATION_KIND_TERRAIN, depechev1.LocationKind_LOCATION_KIND_WATER:
		return 3
	case depechev1.LocationKind_LOCATION_KIND_ADMIN1:
		return 2
	case depechev1.LocationKind_LOCATION_KIND_COUNTRY:
		return 1
	}
	return 0
}

// id is unique in a corpus whose articles have ids of their own.
func (h *happening) id() string {
	if id := h.answer.Extraction.GetArticleId(); id != "" {
		return id + "/" + h.GetId()
	}
	return h.GetId()
}

// coding is the event's in a codebook; nil: it has none.
func (h *happening) coding(book depechev1.Codebook) *depechev1.Coding {
	at := slices.IndexFunc(h.GetCodings(), func(c *depechev1.Coding) bool { return c.GetCodebook() == book })
	if at < 0 {
		return nil
	}
	return h.GetCodings()[at]
}

// happened reports whether it is told as something that happened, for certain
// or not; why is the factuality where it is not.
func (h *happening) happened() (why string, ok bool) {
	switch h.GetFactuality() {
	case depechev1.Factuality_FACTUALITY_ACTUAL, depechev1.Factuality_FACTUALITY_UNCONFIRMED:
		return "", true
	}
	return lower(h.GetFactuality().String(), "FACTUALITY_"), false
}

// lower is an enum's value without its prefix.
func lower(name, prefix string) string { return strings.ToLower(strings.TrimPrefix(name, prefix)) }

// published is the day of publication as the article has it, else as the engine
// found it; empty where there is none.
func (h *happening) published() string {
	article := h.answer.Article
	switch {
	case article.GetPublishDate() != nil:
		return dateText(article.GetPublishDate())
	case article.GetPublishTime() != nil:
		if day := h.answer.Extraction.GetReferenceDate(); day.GetBasis() == depechev1.ReferenceDateBasis_REFERENCE_DATE_BASIS_GIVEN {
			return dateText(day.GetDate())
		}
		return article.GetPublishTime().AsTime().Format(time.DateOnly)
	}
	return dateText(h.answer.Extraction.GetReferenceDate().GetDate())
}

// dateText is a date in ISO 8601, as exact as it is: 2015, 2015-05, 2015-05-06.
func dateText(d *depechev1.Date) string {
	switch {
	case d.GetYear() == 0:
		return ""
	case d.GetMonth() == 0:
		return time.Date(int(d.GetYear()), 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")
	case d.GetDay() == 0:
		return time.Date(int(d.GetYear()), time.Month(d.GetMonth()), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	}
	return day(d).Format(time.DateOnly)
}

func day(d *depechev1.Date) time.Time {
	return time.Date(int(d.GetYear()), time.Month(d.GetMonth()), int(d.GetDay()), 0, 0, 0, 0, time.UTC)
}

// bounds are the first and the last day of the event's time; false where it is
// open, or not told.
func (h *happening) bounds() (first, last time.Time, ok bool) {
	from, to := h.GetTime().GetStart(), h.GetTime().GetEnd()
	if from.GetYear() == 0 || to.GetYear() == 0 {
		return first, last, false
	}
	first = time.Date(int(from.GetYear()), time.Month(max(from.GetMonth(), 1)), int(max(from.GetDay(), 1)), 0, 0, 0, 0, time.UTC)
	switch {
	case to.GetMonth() == 0:
		last = time.Date(int(to.GetYear()), 12, 31, 0, 0, 0, 0, time.UTC)
	case to.GetDay() == 0:
		last = time.Date(int(to.GetYear()), time.Month(to.GetMonth())+1, 0, 0, 0, 0, 0, time.UTC)
	default:
		last = day(to)
	}
	return first, last, !last.Before(first)
}

// year is that of the event's time; empty where it is not told or there are two.
func (h *happening) year() string {
	from, to := h.GetTime().GetStart().GetYear(), h.GetTime().GetEnd().GetYear()
	if from == 0 || to != 0 && from != to {
		return ""
	}
	return dateText(&depechev1.Date{Year: from})
}

// names are the actors' names, one after the other.
func names(actors []*depechev1.Actor) string {
	var out []string
	for _, a := range actors {
		out = append(out, a.GetName())
	}
	return strings.Join(out, "; ")
}

// first is the first of some actors, and the others.
func first(actors []*depechev1.Actor) (*depechev1.Actor, []*depechev1.Actor) {
	if len(actors) == 0 {
		return nil, nil
	}
	return actors[0], actors[1:]
}

// sources are the names of those who say so, each once.
func (h *happening) sources() []string {
	var out []string
	for _, c := range h.GetClaims() {
		for _, a := range h.answer.Extraction.GetActors() {
			if c.SourceActorId != nil && a.GetId() == c.GetSourceActorId() && !slices.Contains(out, a.GetName()) {
				out = append(out, a.GetName())
			}
		}
	}
	return out
}

// actor is one of the answer's.
func (h *happening) actor(id string) *depechev1.Actor {
	for _, a := range h.answer.Extraction.GetActors() {
		if a.GetId() == id {
			return a
		}
	}
	return nil
}

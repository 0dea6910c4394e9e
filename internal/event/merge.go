package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
)

// causes are the types that a death or a wound may be a quantity of.
var causes = []ontology.Type{ontology.ArmedClash, ontology.Offensive, ontology.AirStrike, ontology.Shelling, ontology.Explosion,
	ontology.SuicideBombing, ontology.GrenadeAttack, ontology.ChemicalAttack, ontology.Attack, ontology.Riot,
	ontology.MobViolence, ontology.ProtestCrackdown, ontology.TerritoryCapture, ontology.Execution, ontology.Coup}

// merge makes events of mentions: those that agree in type, participants,
// place and time are one.
func (r *reading) merge(told []telling) []Event {
	r.absorb(told)
	var out []Event
	for i := range told {
		t := &told[i]
		if t.absorbed {
			continue
		}
		at := -1
		for k := len(out) - 1; k >= 0; k-- {
			if r.same(&out[k], t) {
				at = k
				break
			}
		}
		if at < 0 {
			if t.bare() {
				continue
			}
			out = append(out, r.newEvent(t))
			at = len(out) - 1
		}
		r.addMention(&out[at], t)
		for j := range told {
			if told[j].absorbed && told[j].into == t.found {
				r.addMention(&out[at], &told[j])
			}
		}
	}
	for i := range out {
		r.settle(&out[i])
	}
	slices.SortStableFunc(out, func(a, b Event) int {
		switch x, y := a.Mentions[0].Trigger, b.Mentions[0].Trigger; {
		case x.Before(y):
			return -1
		case y.Before(x):
			return 1
		}
		return 0
	})
	return out
}

// absorb gives the deaths and wounds of a sentence to the violence that it
// tells: they are its quantities, and no events of their own.
func (r *reading) absorb(told []telling) {
	for i := range told {
		t := &told[i]
		if t.sense.typ != ontology.Killing && t.sense.typ != ontology.PropertyDestruction {
			continue
		}
		best, near := -1, 0
		for j := range told {
			c := &told[j]
			if i == j || c.absorbed || c.sentence != t.sentence || !slices.Contains(causes, c.sense.typ) {
				continue
			}
			if t.sense.typ == ontology.PropertyDestruction && len(t.quantities) == 0 {
				continue
			}
			d := t.head - c.head
			if d < 0 {
				d = -d
			}
			if best < 0 || d < near {
				best, near = j, d
			}
		}
		if best >= 0 {
			t.absorbed, t.into = true, told[best].found
		}
	}
}

func (r *reading) newEvent(t *telling) Event {
	return Event{Type: t.sense.typ, Factuality: t.fact, pluperfect: true, first: t}
}

// same reports whether t tells e again: nothing that both tell differs.
func (r *reading) same(e *Event, t *telling) bool {
	if e.Type != t.sense.typ {
		return false
	}
	if (e.Factuality == Negated) != (t.fact == Negated) || (e.Factuality == Planned) != (t.fact == Planned) {
		return false
	}
	if !r.sharesActor(e.Participants, t.participants, Agent) || !r.sharesActor(e.Participants, t.participants, Target) {
		return false
	}
	if !r.sharesPlace(e, t) {
		return false
	}
	return sharesTime(e.Time, t.time)
}

func (r *reading) sharesActor(a, b []Participant, role Role) bool {
	any := [2]bool{}
	for _, p := range a {
		if p.Role != role {
			continue
		}
		any[0] = true
		for _, q := range b {
			if q.Role == role && r.related(p.Actor, q.Actor) {
				return true
			}
		}
	}
	for _, q := range b {
		any[1] = any[1] || q.Role == role
	}
	return !any[0] || !any[1]
}

// related reports whether two actors may stand for each other: a state, its
// government and its forces.
func (r *reading) related(i, j int) bool {
	if i == j {
		return true
	}
	a, b := &r.Actors[i], &r.Actors[j]
	state := func(k actor.Kind) bool {
		return k == actor.StateForces || k == actor.ExternalForces || k == actor.Government || k == actor.Country
	}
	if state(a.Kind) && state(b.Kind) {
		return a.Country != "" && a.Country == b.Country
	}
	return a.Kind == actor.Civilians && b.Kind == actor.Civilians
}

func (r *reading) sharesPlace(e *Event, t *telling) bool {
	if len(e.Places) == 0 || len(t.places) == 0 {
		return true
	}
	for _, p := range e.Places {
		for _, q := range t.places {
			if p.Place == q.Place || r.holdsPlace(p.Place, q.Place) || r.holdsPlace(q.Place, p.Place) {
				return true
			}
		}
	}
	return false
}

// holdsPlace reports whether place i is a country or region that place j lies
// in.
func (r *reading) holdsPlace(i, j int) bool {
	a, b := &r.Places[i], &r.Places[j]
	switch a.Kind {
	case place.Country:
		return a.Country == b.Country
	case place.Admin1, place.Region:
		return a.Country != "" && a.Country == b.Country && (b.Admin1 == "" || b.Admin1 == a.Name || a.Kind == place.Region)
	}
	return false
}

func sharesTime(e *Time, t *timex.Time) bool {
	if e == nil || t == nil {
		return true
	}
	last := func(d, other timex.Date) timex.Date {
		if d.IsZero() {
			return timex.Date{Year: 9999, Month: 12, Day: 31}
		}
		return d.Last()
	}
	first := func(d timex.Date) timex.Date {
		if d.IsZero() {
			return timex.Date{Year: 1, Month: 1, Day: 1}
		}
		return d.First()
	}
	return first(e.Start).Compare(last(t.End, t.Start)) <= 0 && first(t.Start).Compare(last(e.End, e.Start)) <= 0
}

// addMention joins what t tells to e.
func (r *reading) addMention(e *Event, t *telling) {
	e.Mentions = append(e.Mentions, Mention{Trigger: r.span(t.first, t.last), Sentence: r.sentenceSpan(t.sentence), Rule: t.sense.rule})
	if t.fact == Actual && e.Factuality == Unconfirmed {
		e.Factuality = Actual // asserted elsewhere
	}
	e.pluperfect = e.pluperfect && t.pluperfect
	for _, c := range t.sense.holds {
		e.holds = append(e.holds, c)
	}
	own := !t.absorbed
	for _, p := range t.participants {
		// What dies in an attack is its target, unless it has one; who kills is
		// its agent.
		if !own && e.has(p.Role) {
			continue
		}
		e.addParticipant(p, r)
	}
	for i, p := range t.places {
		e.addPlace(p, t.placeSure[i])
	}
	if e.Theme == nil && t.theme != nil {
		e.Theme = t.theme
	}
	if t.time != nil && (e.Time == nil || e.Time.Precision > t.time.Precision) {
		s := t.time.Span
		e.Time = &Time{Start: t.time.Start, End: t.time.End, Precision: t.time.Precision, PartOfDay: t.time.PartOfDay, Span: &s}
	}
	if e.narrative == nil {
		e.narrative = t.narrative
	}
	var indexes []int
	for _, q := range t.quantities {
		indexes = append(indexes, e.addQuantity(q))
	}
	for _, s := range t.sources {
		e.addClaim(s, indexes)
	}
}

func (e *Event) has(role Role) bool {
	for _, p := range e.Participants {
		if p.Role == role {
			return true
		}
	}
	return false
}

func (e *Event) addParticipant(p Participant, r *reading) {
	for i := range e.Participants {
		if e.Participants[i].Actor == p.Actor {
			e.Participants[i].Confidence = max(e.Participants[i].Confidence, p.Confidence)
			return
		}
		// «l'armée syrienne» and «le régime» in one role are one side; the first
		// named speaks for it.
		if e.Participants[i].Role == p.Role && r.related(e.Participants[i].Actor, p.Actor) {
			return
		}
	}
	e.Participants = append(e.Participants, p)
}

func (e *Event) addPlace(p Place, sure float32) {
	for i := range e.Places {
		if e.Places[i].Place == p.Place {
			e.placeSure[i] = max(e.placeSure[i], sure)
			return
		}
	}
	e.Places = append(e.Places, p)
	e.placeSure = append(e.placeSure, sure)
}

// addQuantity adds q unless its value is there, and returns where it is.
func (e *Event) addQuantity(q Quantity) int {
	for i := range e.Quantities {
		h := &e.Quantities[i]
		if h.Kind == q.Kind && equal(h.Low, q.Low) && equal(h.High, q.High) {
			return i
		}
	}
	e.Quantities = append(e.Quantities, q)
	return len(e.Quantities) - 1
}

func equal(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func (e *Event) addClaim(s source, quantities []int) {
	for i := range e.Claims {
		if e.Claims[i].Source == s.actor {
			for _, q := range quantities {
				if !slices.Contains(e.Claims[i].Quantities, q) {
					e.Claims[i].Quantities = append(e.Claims[i].Quantities, q)
				}
			}
			return
		}
	}
	stance := s.stance
	if stance == Asserts && e.Factuality == Planned {
		stance = Expects
	}
	e.Claims = append(e.Claims, Claim{Source: s.actor, Stance: stance, Span: s.span, Quantities: slices.Clone(quantities)})
}

// settle keeps the surest places, orders the parts of a merged event, and
// says whether it is the news.
func (r *reading) settle(e *Event) {
	var top float32
	for _, s := range e.placeSure {
		top = max(top, s)
	}
	n := 0
	for i, p := range e.Places {
		if e.placeSure[i] >= top || e.placeSure[i] >= sureDirect {
			e.Places[n] = p
			n++
		}
	}
	e.Places = e.Places[:n]
	slices.SortStableFunc(e.Participants, func(a, b Participant) int { return int(a.Role) - int(b.Role) })
	slices.SortStableFunc(e.Mentions, func(a, b Mention) int {
		switch {
		case a.Trigger.Before(b.Trigger):
			return -1
		case b.Trigger.Before(a.Trigger):
			return 1
		}
		return 0
	})
	if t := e.narrative; e.Time == nil && t != nil {
		s := t.Span
		e.Time = &Time{Start: t.Start, End: t.End, Precision: t.Precision, PartOfDay: t.PartOfDay, Span: &s}
	}
	e.Timeframe = Current
	switch {
	case e.Factuality == Planned:
	case e.Time != nil && r.Reference != nil && r.old(e.Time):
		e.Timeframe = Background
	case e.pluperfect && e.Time == nil:
		e.Timeframe = Background
	}
	e.Confidence = r.confidence(e)
}

// newsDays is how long before its publication an event is still the news.
const newsDays = 31

// old reports whether t ended more than newsDays before the article.
func (r *reading) old(t *Time) bool {
	if t.End.IsZero() {
		return false
	}
	return t.End.Last().Compare(r.Reference.Date.AddDays(-newsDays)) < 0
}

// confidence grows with what is told of an event and how.
func (r *reading) confidence(e *Event) float32 {
	c := float32(0.5)
	if e.first.form == verbal || e.first.support >= 0 {
		c += 0.15
	}
	if e.has(Agent) {
		c += 0.1
	}
	if e.has(Target) {
		c += 0.05
	}
	if len(e.Places) > 0 {
		c += 0.05
	}
	if len(e.Mentions) > 1 {
		c += 0.1
	}
	return c
}

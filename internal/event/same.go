package event

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
)

// same reports whether t tells e again: nothing that both tell differs.
func (r *reading) same(e *Event, t *telling) bool {
	if e.Type != t.sense.typ {
		return false
	}
	if (e.Factuality == Negated) != (t.fact == Negated) || (e.Factuality == Planned) != (t.fact == Planned) {
		return false
	}
	return r.consistent(e, t) && r.sharesTheme(e, t) && r.agrees(e, t)
}

// consistent reports whether nobody, no place and no time of t speaks against
// its being e.
func (r *reading) consistent(e *Event, t *telling) bool {
	if !r.sharesActor(e.Participants, t.participants, Agent) && !r.unmasks(e, t) && !r.takesPart(t) && !r.actsFor(e, t) ||
		!r.sharesActor(e.Participants, t.participants, Target) && !r.asMany(e, t) {
		return false
	}
	if !r.sharesPlace(e, t) {
		return false
	}
	if t.pluperfect && t.time == nil && !e.pluperfect {
		// History without a date is the news only where it is told alike.
		if t.narrative != nil && !sharesTime(e.Time, t.narrative) || !r.meets(e, t) {
			return false
		}
	}
	return sharesTime(e.Time, t.time)
}

// actsFor reports whether the lead names who acted for the state of its headline
// e: «L'Algérie rompt avec le Maroc», then «le ministre a annoncé la rupture».
func (r *reading) actsFor(e *Event, t *telling) bool {
	if !e.headline || !r.leads(t.sentence) {
		return false
	}
	for _, p := range e.Participants {
		for _, q := range t.participants {
			a, b := &r.Actors[p.Actor], &r.Actors[q.Actor]
			if p.Role == Agent && q.Role == Agent && a.Country != "" && a.Country == b.Country &&
				(a.Kind == actor.Country || a.Kind == actor.Government) && b.Kind == actor.Person {
				return true
			}
		}
	}
	return false
}

// asMany reports whether t, a definite noun, is of as many people as e names:
// «l'assassinat de X et Y», then «l'enlèvement des deux journalistes».
func (r *reading) asMany(e *Event, t *telling) bool {
	if d, _ := r.definiteness(t.head); t.form != nominal || d < definite {
		return false
	}
	named := 0
	for _, p := range e.Participants {
		if p.Role == Target && r.Actors[p.Actor].Kind == actor.Person {
			named++
		}
	}
	return named > 1 && slices.ContainsFunc(t.fillers, func(g filler) bool {
		q := r.countAt[g.word]
		return q >= 0 && r.Quantities[q].Low != nil && *r.Quantities[q].Low == float64(named)
	})
}

// unmasks reports whether t, a definite noun, names who did what e tells of
// somebody without a name: «des hommes armés», then «l'attaque de Boko Haram».
func (r *reading) unmasks(e *Event, t *telling) bool {
	if d, _ := r.definiteness(t.head); t.form != nominal || d < definite || t.sentence-e.last > uptakeReach {
		return false
	}
	for _, p := range e.Participants {
		if p.Role == Agent && !nameless(&r.Actors[p.Actor]) {
			return false
		}
	}
	return true
}

// takesPart reports whether t tells who joins what is known: «des étudiants se
// sont joints à la marche».
func (r *reading) takesPart(t *telling) bool {
	if t.form != nominal || t.support < 0 || !r.joins(t.support, t.head) {
		return false
	}
	d, _ := r.definiteness(t.head)
	return d >= definite
}

// nameless reports whether nothing says who a is: no name, and no state that it
// is an organ of.
func nameless(a *actor.Actor) bool {
	switch a.Kind {
	case actor.StateForces, actor.ExternalForces, actor.Police, actor.Government, actor.Country:
		return false
	}
	return a.KnowledgeID == "" && !slices.ContainsFunc(a.Mentions, func(m actor.Mention) bool { return m.Form == actor.Proper })
}

// agrees reports whether something told of both is the same, not only nothing
// different: an actor, a place or a time; or t takes up what was told, by a
// noun («l'attaque»).
func (r *reading) agrees(e *Event, t *telling) bool {
	if r.another(e, t) {
		return false
	}
	if t.form == nominal && (t.support < 0 || r.takesPart(t)) || e.first.form == nominal && e.first.support < 0 || r.meets(e, t) {
		return true
	}
	if e.headline && r.leads(t.sentence) && r.describe(e.Type).Family != "DIPLOMACY" {
		return true
	}
	if e.headline && r.leads(t.sentence) && e.has(Target) && t.has(Target) && r.sharesActor(e.Participants, t.participants, Target) {
		return true
	}
	if e.Time != nil && t.time != nil || r.sharesFiller(e.first, t) {
		return true
	}
	for _, p := range e.Places {
		for _, q := range t.places {
			if p.Place == q.Place && p.Confidence >= sureSentence && q.Confidence >= sureSentence {
				return true
			}
		}
	}
	return false
}

// another reports whether t is a noun that brings something new to the article
// («une attaque», «une autre manifestation»), with nothing told of e in it.
func (r *reading) another(e *Event, t *telling) bool {
	if d, _ := r.definiteness(t.head); t.form != nominal || t.sense.self || d != indefinite || e.headline || t.sentence <= e.last || r.child(t.head, syntax.Cop) >= 0 {
		return false
	}
	if r.meets(e, t) || e.Time != nil && t.time != nil || r.sameCount(e, t) {
		return false
	}
	for _, p := range e.Places {
		for _, q := range t.places {
			if (p.Place == q.Place || t.sentence == e.last+1 && (r.holdsPlace(p.Place, q.Place) || r.holdsPlace(q.Place, p.Place))) && p.Confidence >= sureSentence && q.Confidence >= sureSentence {
				return false
			}
		}
	}
	return true
}

// sharesFiller reports whether two triggers have a word in one slot: «les armes
// retrouvées et saisies».
func (r *reading) sharesFiller(a, b *telling) bool {
	for _, g := range a.fillers {
		for _, h := range b.fillers {
			if g.word == h.word && r.slotName(a.found, g) == r.slotName(b.found, h) {
				return true
			}
		}
	}
	return false
}

// sharesTheme reports whether two themes have a word in common, where both
// have one.
func (r *reading) sharesTheme(e *Event, t *telling) bool {
	if e.Theme == nil || t.theme == nil {
		return !r.twoObjects(e, t)
	}
	other := fold.String(r.Document().Text(*t.theme))
	for w := range strings.FieldsSeq(fold.String(r.Document().Text(*e.Theme))) {
		if len(w) > 3 && strings.Contains(other, w) {
			return true
		}
	}
	return false
}

// twoObjects reports whether two verbs of one sentence say the same of
// different things, of somebody the one and of something the other: who «a
// soutenu le parti» and «s'est félicité du résultat» said two things.
func (r *reading) twoObjects(e *Event, t *telling) bool {
	return e.first.form == verbal && t.form == verbal && e.first.sentence == t.sentence && r.describe(t.sense.typ).Family == "DIPLOMACY" &&
		(t.theme != nil && e.has(Target) && !t.has(Target) || e.Theme != nil && t.has(Target) && !e.has(Target))
}

// meets reports whether e and t have an actor in common, in one role.
func (r *reading) meets(e *Event, t *telling) bool {
	for _, p := range e.Participants {
		for _, q := range t.participants {
			if p.Role == q.Role && r.related(p.Actor, q.Actor) {
				return true
			}
		}
	}
	return false
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
			if p.Place == q.Place || r.holdsPlace(p.Place, q.Place) || r.holdsPlace(q.Place, p.Place) || r.namesakes(p.Place, q.Place) {
				return true
			}
		}
	}
	return false
}

// namesakes reports whether two places that no gazetteer knows share a name:
// «la prison Long Lartin», «la prison HMP Long Lartin».
func (r *reading) namesakes(i, j int) bool {
	a, b := &r.Places[i], &r.Places[j]
	if a.KnowledgeID != "" || b.KnowledgeID != "" || a.Relation != nil || b.Relation != nil {
		return false
	}
	for w := range strings.FieldsSeq(a.Name) {
		if c, _ := utf8.DecodeRuneInString(w); len(w) > 3 && unicode.IsUpper(c) && slices.Contains(strings.Fields(b.Name), w) {
			return true
		}
	}
	return false
}

// holdsPlace reports whether place i is a country or region that place j lies
// in.
func (r *reading) holdsPlace(i, j int) bool {
	a, b := &r.Places[i], &r.Places[j]
	if b.Relation != nil && b.Relation.Anchor == i {
		return true // «le centre de Mogadiscio»
	}
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
	if e.End.IsZero() && t.End.IsZero() {
		return e.Start == t.Start // «depuis le 6», «depuis le 7»
	}
	last := func(d timex.Date) timex.Date {
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
	return first(e.Start).Compare(last(t.End)) <= 0 && first(t.Start).Compare(last(e.End)) <= 0
}

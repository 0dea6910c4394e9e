package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// narrower are, for the types whose nouns are general words too, the types
// that such a noun may take up: «l'attaque» is also a suicide bombing that has
// just been told, «l'explosion» a shell's.
var narrower = map[ontology.Type][]ontology.Type{
	ontology.Attack: {ontology.SuicideBombing, ontology.Explosion, ontology.GrenadeAttack, ontology.ChemicalAttack, ontology.AirStrike, ontology.Shelling,
		ontology.ArmedClash, ontology.Offensive, ontology.Execution, ontology.MobViolence, ontology.SexualViolence, ontology.Abduction,
		ontology.ProtestCrackdown, ontology.Riot, ontology.Killing},
	ontology.Explosion:  {ontology.SuicideBombing, ontology.GrenadeAttack, ontology.Shelling, ontology.AirStrike, ontology.Attack},
	ontology.Shelling:   {ontology.AirStrike},
	ontology.AirStrike:  {ontology.Shelling},
	ontology.ArmedClash: {ontology.Riot, ontology.MobViolence, ontology.ProtestCrackdown},
	ontology.Riot:       {ontology.ProtestCrackdown, ontology.MobViolence},
	ontology.Killing:    {ontology.Attack, ontology.Execution, ontology.MobViolence, ontology.Explosion, ontology.SuicideBombing},
}

// uptakeReach is how many sentences back a noun may take up what was told;
// a plural reaches less far, for it may speak of many.
const (
	uptakeReach       = 5
	uptakeReachPlural = 2
)

// belongsTo returns the event that t tells again: one of its type that agrees
// with it or, of the latest told, one that its noun takes up; -1 for none.
func (r *reading) belongsTo(events []Event, t *telling) int {
	at, latest := -1, -1
	for k := len(events) - 1; k >= max(0, len(events)-mergeReach); k-- {
		e := &events[k]
		switch {
		case at < 0 && (r.same(e, t) || r.retells(e, t)):
			at = k
		case r.sharpens(e, t):
			e.Type, e.first = t.sense.typ, t
			return k
		case r.takesUp(e, t) && (latest < 0 || e.last > events[latest].last):
			latest = k
		}
	}
	if latest >= 0 && (at < 0 || events[latest].last > events[at].last) {
		return latest
	}
	return at
}

// takesUp reports whether t is a general noun that speaks of e, an event of a
// narrower type, once more; behind a headline it need not be definite: «Un
// attentat a fait dix morts» under «Explosion à Diffa».
func (r *reading) takesUp(e *Event, t *telling) bool {
	wider := slices.Contains(narrower[t.sense.typ], e.Type)
	if t.form != nominal || len(t.rest) > 0 || !wider && e.Type != t.sense.typ || (e.Factuality == Planned) != (t.fact == Planned) {
		return false
	}
	def, plural := r.definiteness(t.head)
	reach := uptakeReach
	if plural {
		reach = uptakeReachPlural
	}
	switch {
	case def == demonstrative && t.sentence-e.last <= uptakeReachPlural && t.sentence > e.last:
		return r.sharesActor(e.Participants, t.participants, Agent) && (e.Factuality == Negated) == (t.fact == Negated)
	case !wider:
		return false
	case def != indefinite && def != undetermined && t.sentence-e.last <= reach && (t.sentence > e.last || t.head > e.first.head):
	case e.headline && r.leads(t.sentence) && (r.sameCount(e, t) || len(t.quantities) == 0 || len(e.Quantities) == 0):
	default:
		return false
	}
	return r.consistent(e, t)
}

// sharpens reports whether t tells by its means what the headline e has only
// by a general noun: «Un kamikaze s'est fait exploser» under «Attentat à Kaboul».
func (r *reading) sharpens(e *Event, t *telling) bool {
	return e.headline && e.general && r.leads(t.sentence) && (t.form != nominal || len(t.rest) > 0 || !slices.Contains(narrower[t.sense.typ], e.Type)) &&
		slices.Contains(narrower[e.Type], t.sense.typ) && e.Factuality == t.fact && r.consistent(e, t)
}

// retells reports whether t is the first that the article tells of what its
// headline e has already said, by other words: they have an actor or a number
// in common, and the others may be called what they will.
func (r *reading) retells(e *Event, t *telling) bool {
	if e.Type != t.sense.typ || (e.Factuality == Negated) != (t.fact == Negated) || t.pluperfect && !e.pluperfect {
		return false
	}
	if (e.Factuality == Planned) != (t.fact == Planned) || !sharesTime(e.Time, t.time) || r.describe(t.sense.typ).Family == "DIPLOMACY" && !r.sharesActor(e.Participants, t.participants, Agent) {
		return false
	}
	near := e.headline && r.leads(t.sentence) || t.sentence-e.last == 1
	return near && (r.sameCount(e, t) || e.headline && r.alike(e, t))
}

// sameCount reports whether e and t count the same: as many of a kind.
func (r *reading) sameCount(e *Event, t *telling) bool {
	for i := range len(t.quantities) + len(t.harms) {
		var q *Quantity
		if i < len(t.quantities) {
			q = &t.quantities[i]
		} else {
			q = &t.harms[i-len(t.quantities)]
		}
		for j := range e.Quantities {
			p := &e.Quantities[j]
			if q.Kind == p.Kind && q.Low != nil && equal(q.Low, p.Low) && equal(q.High, p.High) && (*q.Low > 1 || q.Object != "" && q.Object == p.Object) {
				return true
			}
		}
	}
	return false
}

// alike reports whether an actor of e and one of t in the same role may be one:
// related, or called by the same noun («deux opposants», «des opposants
// guinéens»).
func (r *reading) alike(e *Event, t *telling) bool {
	for _, p := range e.Participants {
		for _, q := range t.participants {
			if p.Role == q.Role && (r.related(p.Actor, q.Actor) || r.lemmas[r.Actors[p.Actor].Mentions[0].Head] == r.lemmas[r.Actors[q.Actor].Mentions[0].Head]) {
				return true
			}
		}
	}
	return false
}

// leads reports whether sentence s is one of the first of the body, that tell
// again what the headlines say.
func (r *reading) leads(s int) bool { return s >= r.body && s < r.body+leadSentences }

// leadSentences is how many of them there are; a dateline may be the first.
const leadSentences = 3

// findBody returns the first sentence behind the headlines.
func (r *reading) findBody() int {
	for i, s := range r.Text.Sentences {
		if !r.heading(s.Segment) {
			return i
		}
	}
	return len(r.Text.Sentences)
}

// definiteness is how a noun is determined.
type definiteness uint8

const (
	undetermined definiteness = iota
	indefinite
	definite
	demonstrative
)

// definiteness reads the determiner of the noun n, and whether it is plural.
func (r *reading) definiteness(n int) (definiteness, bool) {
	plural := r.a.Words[n].Feats.Number == syntax.Plur
	d := undetermined
	for c := range r.a.Children(n) {
		switch l := r.lemmas[c]; r.a.Words[c].Rel.Base() {
		case syntax.Det:
			switch {
			case l == "ce" || l == "cet" || l == "cette":
				d = max(d, demonstrative)
			case l == "un" || l == "de" || l == "plusieurs":
				d = indefinite
			case l == "le" && d == undetermined:
				d = definite
			}
		case syntax.Nummod:
			return indefinite, plural
		case syntax.Amod:
			if l == "autre" || l == "nouveau" {
				return indefinite, plural
			}
		}
	}
	return d, plural
}

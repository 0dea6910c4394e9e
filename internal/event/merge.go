package event

import (
	"context"
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/text"
)

// Bounds that keep the work linear in the length of an article, however it is
// made; no article that people wrote comes near them.
const (
	mergeReach = 512 // events back that a mention may belong to
	besideness = 64  // events apart that deaths may be brought from
	ctxEvery   = 64  // mentions between looks at the context
)

// causes are the types that a death or a wound may be a quantity of.
var causes = []ontology.Type{ontology.ArmedClash, ontology.Offensive, ontology.AirStrike, ontology.Shelling, ontology.Explosion,
	ontology.SuicideBombing, ontology.GrenadeAttack, ontology.ChemicalAttack, ontology.Attack, ontology.Riot,
	ontology.MobViolence, ontology.ProtestCrackdown, ontology.TerritoryCapture, ontology.Execution, ontology.Coup}

// merge makes events of mentions: those that agree in type, participants,
// place and time are one.
func (r *reading) merge(ctx context.Context, told []telling) ([]Event, error) {
	r.absorb(told)
	absorbed := map[*found][]*telling{}
	for i := range told {
		if t := &told[i]; t.absorbed {
			absorbed[t.into] = append(absorbed[t.into], t)
		}
	}
	var out []Event
	for i := range told {
		if i%ctxEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t := &told[i]
		if t.absorbed {
			continue
		}
		at := -1
		for k := len(out) - 1; k >= max(0, len(out)-mergeReach); k-- {
			if r.same(&out[k], t) {
				at = k
				break
			}
		}
		if at < 0 {
			if r.bare(t) {
				r.discard(t.sense, t.head, "a noun alone: no participant, number or place of its own")
				continue
			}
			out = append(out, r.newEvent(t))
			at = len(out) - 1
		}
		r.addMention(&out[at], t)
		for _, harm := range absorbed[t.found] {
			r.addMention(&out[at], harm)
		}
	}
	out = r.absorbDeaths(out)
	r.inheritSides(out)
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
	return out, nil
}

// absorb gives the deaths and wounds that a violence brings to it: they are its
// quantities, and no events of their own.
func (r *reading) absorb(told []telling) {
	for i := range told {
		t := &told[i]
		harm := t.sense.typ == ontology.Killing
		if !harm && t.sense.typ != ontology.PropertyDestruction {
			continue
		}
		best, near := -1, 0
		first, last := i, i
		for first > 0 && told[first-1].sentence == t.sentence && i-first < besideness {
			first--
		}
		for last+1 < len(told) && told[last+1].sentence == t.sentence && last-i < besideness {
			last++
		}
		for j := first; j <= last; j++ {
			c := &told[j]
			if i == j || c.absorbed || !slices.Contains(causes, c.sense.typ) || !r.brings(c, t, harm) {
				continue
			}
			d := max(t.head-c.head, c.head-t.head)
			if best < 0 || d < near {
				best, near = j, d
			}
		}
		if best >= 0 {
			t.absorbed, t.into = true, told[best].found
			told[best].brought = true
		}
	}
}

// brings reports whether the grammar ties a violence to a harm: it is the
// harm's subject or complement («les raids ont tué», «tués dans l'attaque»), or
// governs it («une explosion tuant dix civils»). Things destroyed are brought
// only by a subject.
func (r *reading) brings(cause, harm *telling, people bool) bool {
	for _, g := range harm.fillers {
		if (people || g.slot == slotSubject) && r.core(g.word) == cause.head {
			return true
		}
	}
	if !people {
		return false
	}
	// «tués depuis le début de l'offensive» tells when, not by what.
	for w, steps := cause.head, 0; w >= 0 && w != harm.head && steps < 4; w, steps = int(r.a.Words[w].Head), steps+1 {
		switch r.preposition(w) {
		case "depuis", "avant":
			return false
		}
	}
	return r.clause(cause.head) == r.clause(harm.head) || r.dominates(cause.head, harm.head) || r.dominates(harm.head, cause.head)
}

// absorbDeaths gives a KILLING told beside a violence, without means and with
// the same people dead, to that violence: the heading «300 membres tués» over
// the paragraph on the raids.
func (r *reading) absorbDeaths(events []Event) []Event {
	gone := make([]bool, len(events))
	for i := range events {
		k := &events[i]
		if k.Type != ontology.Killing || k.Factuality != Actual {
			continue
		}
		for j := max(0, i-besideness); j < min(len(events), i+besideness); j++ {
			c := &events[j]
			if i == j || gone[j] || !slices.Contains(causes, c.Type) || c.Factuality == Negated || c.Factuality == Planned ||
				!r.beside(k, c) || !r.sharesActor(k.Participants, c.Participants, Agent) || !r.sameDead(k, c) ||
				!sharesEventTime(k.Time, c.Time) {
				continue
			}
			c.Mentions = append(c.Mentions, k.Mentions...)
			for _, p := range k.Participants {
				if !c.has(p.Role) {
					c.addParticipant(p, r)
				}
			}
			indexes := make([]int, len(k.Quantities))
			for n, q := range k.Quantities {
				indexes[n] = r.addQuantity(c, q)
			}
			for _, cl := range k.Claims {
				var own []int
				for _, q := range cl.Quantities {
					own = append(own, indexes[q])
				}
				c.addClaim(source{actor: cl.Source, stance: cl.Stance, span: cl.Span}, own)
			}
			if c.Time == nil {
				c.Time = k.Time
			}
			gone[i] = true
			break
		}
	}
	n := 0
	for i := range events {
		if !gone[i] {
			events[n] = events[i]
			n++
		}
	}
	return events[:n]
}

// inheritSides gives a battle told without agent the sides of the one of its
// type told in the sentence before: «… a repris Gao. Deux villages ont été
// libérés.»
func (r *reading) inheritSides(events []Event) {
	for i := range events {
		e := &events[i]
		if r.describe(e.Type).Family != "BATTLE" || e.has(Agent) || len(e.Mentions) == 0 {
			continue
		}
		at := r.sentenceAt(e.Mentions[0].Sentence)
		for j := max(0, i-besideness); j < min(len(events), i+besideness); j++ {
			o := &events[j]
			if i == j || o.Type != e.Type || !o.has(Agent) || o.Factuality != e.Factuality {
				continue
			}
			for _, m := range o.Mentions {
				s := r.sentenceAt(m.Sentence)
				if s != at-1 || r.Text.Sentences[s].Segment != r.Text.Sentences[at].Segment {
					continue
				}
				for _, p := range o.Participants {
					if (p.Role == Agent || p.Role == Target) && !e.has(p.Role) {
						p.Confidence, p.Rule = sureBefore, "told of the same in the sentence before"
						e.Participants = append(e.Participants, p)
					}
				}
				break
			}
		}
	}
}

// beside reports whether a mention of a stands in the sentence of one of b or
// in the next.
func (r *reading) beside(a, b *Event) bool {
	for _, m := range a.Mentions {
		for _, n := range b.Mentions {
			if d := r.sentenceAt(m.Sentence) - r.sentenceAt(n.Sentence); d >= -1 && d <= 1 {
				return true
			}
		}
	}
	return false
}

func (r *reading) sentenceAt(s article.Span) int {
	i, _ := slices.BinarySearchFunc(r.Text.Sentences, s, func(have text.Sentence, want article.Span) int {
		switch {
		case have.Span == want:
			return 0
		case have.Span.Before(want):
			return -1
		}
		return 1
	})
	return i
}

// sameDead reports whether the dead of k may be those of c: a number in
// common, or a target in common and no number that differs.
func (r *reading) sameDead(k, c *Event) bool {
	differ := false
	for _, q := range k.Quantities {
		for _, p := range c.Quantities {
			if q.Kind != p.Kind {
				continue
			}
			if equal(q.Low, p.Low) && (equal(q.High, p.High) || r.inHeading(&q) || r.inHeading(&p)) {
				return true
			}
			differ = true
		}
	}
	if differ {
		return false
	}
	for _, p := range k.Participants {
		for _, q := range c.Participants {
			if p.Role == Target && q.Role == Target && r.related(p.Actor, q.Actor) {
				return true
			}
		}
	}
	return false
}

func sharesEventTime(a, b *Time) bool {
	if b == nil {
		return true
	}
	return sharesTime(a, &timex.Time{Start: b.Start, End: b.End})
}

func (r *reading) newEvent(t *telling) Event {
	return Event{Type: t.sense.typ, Factuality: t.fact, FactualityRule: t.why, pluperfect: true, first: t}
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
	if t.pluperfect && t.time == nil && !e.pluperfect {
		// History without a date is the news only where it is told alike.
		if t.narrative != nil && !sharesTime(e.Time, t.narrative) || !r.meets(e, t) {
			return false
		}
	}
	return sharesTime(e.Time, t.time) && r.sharesTheme(e, t) && r.agrees(e, t)
}

// agrees reports whether something told of both is the same, not only nothing
// different: an actor, a place or a time; or t takes up what was told, by a
// noun («l'attaque»).
func (r *reading) agrees(e *Event, t *telling) bool {
	if t.form == nominal && t.support < 0 || e.first.form == nominal && e.first.support < 0 || r.meets(e, t) {
		return true
	}
	if e.Time != nil && t.time != nil {
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

// sharesTheme reports whether two themes have a word in common, where both
// have one.
func (r *reading) sharesTheme(e *Event, t *telling) bool {
	if e.Theme == nil || t.theme == nil {
		return true
	}
	other := fold.String(r.Document().Text(*t.theme))
	for w := range strings.FieldsSeq(fold.String(r.Document().Text(*e.Theme))) {
		if len(w) > 3 && strings.Contains(other, w) {
			return true
		}
	}
	return false
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

// addMention joins what t tells to e.
func (r *reading) addMention(e *Event, t *telling) {
	e.Mentions = append(e.Mentions, Mention{Trigger: r.span(t.first, t.last), Sentence: r.sentenceSpan(t.sentence), Rule: t.sense.rule})
	if t.fact == Actual && e.Factuality == Unconfirmed {
		e.Factuality, e.FactualityRule = Actual, "asserted elsewhere"
	}
	e.pluperfect = e.pluperfect && t.pluperfect
	e.holds = append(e.holds, t.sense.holds...)
	own := !t.absorbed
	for _, p := range t.participants {
		// What dies in an attack is its target, unless it has one; who kills is
		// its agent.
		if !own && e.has(p.Role) {
			continue
		}
		e.addParticipant(p, r)
	}
	for _, p := range t.places {
		e.addPlace(p)
	}
	if e.Theme == nil && t.theme != nil {
		e.Theme = t.theme
	}
	if t.time != nil && (e.Time == nil || e.Time.Precision > t.time.Precision) {
		s := t.time.Span
		e.Time = &Time{Start: t.time.Start, End: t.time.End, Precision: t.time.Precision, PartOfDay: t.time.PartOfDay, Span: &s, Basis: InClause}
	}
	if e.narrative == nil {
		e.narrative, e.basis = t.narrative, t.basis
	}
	var indexes []int
	for _, q := range t.quantities {
		indexes = append(indexes, r.addQuantity(e, q))
	}
	for _, s := range t.sources {
		e.addClaim(s, t.givenBy(s, indexes))
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

func (e *Event) addPlace(p Place) {
	for i := range e.Places {
		if e.Places[i].Place == p.Place {
			if p.Confidence > e.Places[i].Confidence {
				e.Places[i] = p
			}
			return
		}
	}
	e.Places = append(e.Places, p)
}

// addQuantity adds q to e unless its value is there, and returns where it is.
// A headline rounds: its «300» is the text's «plus de 300».
func (r *reading) addQuantity(e *Event, q Quantity) int {
	for i := range e.Quantities {
		h := &e.Quantities[i]
		if h.Kind != q.Kind || h.Object != q.Object && h.Actor != q.Actor || !equal(h.Low, q.Low) {
			continue
		}
		switch {
		case equal(h.High, q.High), q.High != nil && r.inHeading(&q):
			return i
		case h.High != nil && r.inHeading(h):
			*h = q
			return i
		}
	}
	for i := range e.Quantities {
		h := &e.Quantities[i]
		if h.Kind == q.Kind && equal(h.Low, q.Low) && equal(h.High, q.High) {
			return i
		}
	}
	e.Quantities = append(e.Quantities, q)
	return len(e.Quantities) - 1
}

func (r *reading) inHeading(q *Quantity) bool {
	return r.heading(r.Text.Sentences[r.Text.SentenceOf(q.First)].Segment)
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
	for _, p := range e.Places {
		top = max(top, p.Confidence)
	}
	n := 0
	for _, p := range e.Places {
		if p.Confidence >= min(top, sureDirect) {
			e.Places[n] = p
			n++
		}
	}
	e.Places = r.dropAnchors(e.Places[:n])
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
		e.Time = &Time{Start: t.Start, End: t.End, Precision: t.Precision, PartOfDay: t.PartOfDay, Span: &s, Basis: e.basis}
	}
	e.Timeframe = Current
	switch {
	case e.Factuality == Planned:
	case e.Time != nil && r.Reference != nil && r.old(e.Time):
		e.Timeframe, e.TimeframeRule = Background, "ended more than a month before the article"
	case e.pluperfect && e.Time == nil:
		e.Timeframe, e.TimeframeRule = Background, "pluperfect without a date"
	}
	e.Confidence = r.confidence(e)
}

// dropAnchors drops the places that others of them are told by: of «aux abords
// de Palmyre» the town is not where it happened too.
func (r *reading) dropAnchors(places []Place) []Place {
	all := slices.Clone(places)
	return slices.DeleteFunc(places, func(p Place) bool {
		return slices.ContainsFunc(all, func(q Place) bool {
			rel := r.Places[q.Place].Relation
			return q.Place != p.Place && rel != nil && rel.Anchor == p.Place
		})
	})
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

// confidence grows with what is told of an event and how. Its terms are
// calibrated on the annotated articles: docs/accuracy.md has the table of what
// it says beside what is right.
func (r *reading) confidence(e *Event) float32 {
	c := float32(0.68)
	if e.first.form == verbal || e.first.support >= 0 {
		c += 0.08
	}
	if e.has(Agent) {
		c += 0.05
	}
	if e.has(Target) {
		c += 0.03
	}
	if len(e.Places) > 0 {
		c += 0.03
	}
	if len(e.Mentions) > 1 {
		c += 0.05
	}
	return c
}

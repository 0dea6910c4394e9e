package event

import (
	"context"
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
)

// Bounds that keep the work linear in the length of an article, however it is
// made; no article that people wrote comes near them.
const (
	mergeReach = 512 // events back that a mention may belong to, and numbers back that are the same
	besideness = 64  // events apart that deaths may be brought from
)

// merge makes events of mentions: those that agree in type, participants,
// place and time are one.
func (r *reading) merge(ctx context.Context, told []telling) []Event {
	r.absorb(ctx, told)
	absorbed := map[*found][]*telling{}
	for i := range told {
		if t := &told[i]; t.absorbed {
			absorbed[t.into] = append(absorbed[t.into], t)
		}
	}
	var out []Event
	for i := range interrupt.Range(ctx, len(told)) {
		t := &told[i]
		if t.absorbed {
			continue
		}
		at := r.tollOf(out, t)
		if at < 0 {
			at = r.belongsTo(out, t)
		}
		if at < 0 {
			if r.bare(t) {
				r.discard(t.sense, t.head, "a noun alone: no participant, number or place of its own")
				continue
			}
			if r.accidental(out, t) {
				r.discard(t.sense, t.head, "of an accident: nobody did it")
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
	out = r.absorbDeaths(ctx, out)
	r.inheritSides(ctx, out)
	r.nameParties(ctx, out)
	r.turnout(ctx, out)
	for i := range interrupt.Range(ctx, len(out)) {
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

func (r *reading) newEvent(t *telling) Event {
	return Event{Type: t.sense.typ, Factuality: t.fact, FactualityRule: t.why, pluperfect: true, history: t.history, first: t,
		headline: true, general: true}
}

// addMention joins what t tells to e.
func (r *reading) addMention(e *Event, t *telling) {
	official := len(e.Mentions) > 0 && r.actsFor(e, t)
	e.Mentions = append(e.Mentions, Mention{Trigger: r.span(t.first, t.last), Sentence: r.sentenceSpan(t.sentence), Rule: t.sense.rule, sentence: t.sentence})
	// «Les frappes» that take up what is doubted assert nothing.
	if t.fact == Actual && e.Factuality == Unconfirmed && (t.form != nominal || t.support >= 0 || e.Type == t.sense.typ) {
		e.Factuality, e.FactualityRule = Actual, "asserted elsewhere"
	}
	e.pluperfect = e.pluperfect && t.pluperfect
	e.headline = e.headline && t.sentence < r.body
	e.general = e.general && (t.absorbed || len(t.rest) == 0 && narrower[t.sense.typ] != nil)
	e.last = max(e.last, t.sentence)
	if t.history == "" {
		e.history = ""
	}
	e.holds = append(e.holds, t.sense.holds...)
	own := !t.absorbed
	had := [2]bool{e.has(Agent), e.has(Target)}
	if !own && !e.ownTarget && e.harmed == t.sentence+1 {
		had[1] = false // «deux soldats tués et trois policiers blessés dans l'attaque»
	}
	if !own {
		e.harmed = t.sentence + 1
	}
	e.ownTarget = e.ownTarget || own && t.has(Target)
	before := len(e.Participants)
	for _, p := range t.participants {
		// What dies in an attack is its target, unless it has one; who kills is
		// its agent.
		if !own && (p.Role == Agent && had[0] || p.Role == Target && had[1] || p.Role > Target && e.has(p.Role)) {
			continue
		}
		if official && p.Role == Agent {
			continue // the headline's state acts
		}
		e.addParticipant(p, r, before)
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
	if t.narrative != nil && (e.narrative == nil || len(e.Mentions) > 1 && r.heading(r.Text.Sentences[e.Mentions[0].sentence].Segment) && e.basis == InNarrative && t.basis == InSentence) {
		e.narrative, e.basis = t.narrative, t.basis // a heading's time is a guess
	}
	var indexes []int
	for _, q := range t.quantities {
		indexes = append(indexes, r.addQuantity(e, q))
	}
	for _, s := range t.sources {
		e.addClaim(s, r.givenBy(t, s, indexes))
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

// addParticipant adds p unless it is there, or one of the first before
// participants, whom other mentions tell of, may stand for it.
func (e *Event) addParticipant(p Participant, r *reading, before int) {
	for i := range e.Participants {
		if e.Participants[i].Actor == p.Actor {
			e.Participants[i].Confidence = max(e.Participants[i].Confidence, p.Confidence)
			return
		}
		// «l'armée syrienne» and «le régime» in one role are one side; the first
		// named speaks for it.
		if i >= before && r.Actors[p.Actor].Kind == actor.Civilians {
			continue // «des élèves et des enseignants» are two
		}
		if e.Participants[i].Role == p.Role && (r.related(e.Participants[i].Actor, p.Actor) || r.renamed(e.Participants[i].Actor, p.Actor)) {
			return
		}
	}
	e.Participants = append(e.Participants, p)
}

// renamed reports whether one of two actors that nobody knows is called as the
// other with a word more: «deux opposants», «deux opposants guinéens».
func (r *reading) renamed(i, j int) bool {
	a, b := &r.Actors[i], &r.Actors[j]
	return a.KnowledgeID == "" && b.KnowledgeID == "" && a.Kind == b.Kind && a.Kind != actor.Person && a.Name != b.Name &&
		(strings.HasPrefix(a.Name, b.Name+" ") || strings.HasPrefix(b.Name, a.Name+" "))
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
	from := max(0, len(e.Quantities)-mergeReach)
	for i := from; i < len(e.Quantities); i++ {
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
	for i := from; i < len(e.Quantities); i++ {
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
	e.Places = r.dropAround(r.dropAnchors(e.Places[:n]))
	slices.SortStableFunc(e.Participants, func(a, b Participant) int { return int(a.Role) - int(b.Role) })
	slices.SortStableFunc(e.Mentions, func(a, b Mention) int { return a.Trigger.Compare(b.Trigger) })
	if t := e.narrative; e.Time == nil && t != nil {
		s := t.Span
		e.Time = &Time{Start: t.Start, End: t.End, Precision: t.Precision, PartOfDay: t.PartOfDay, Span: &s, Basis: e.basis}
	}
	e.Timeframe = Current
	switch {
	case e.Factuality == Planned:
	case e.Time != nil && r.Reference != nil && r.old(e.Time):
		e.Timeframe, e.TimeframeRule = Background, "ended more than a month before the article"
	case e.pluperfect && e.Time != nil && e.Time.Basis == InNarrative && r.Reference != nil && !e.Time.Start.IsZero() &&
		e.Time.Start.Last().Compare(r.Reference.Date.AddDays(-newsDays)) < 0:
		e.Timeframe, e.TimeframeRule = Background, "pluperfect in history"
	case e.pluperfect && e.Time != nil && e.Time.Basis == InNarrative && r.Reference != nil && r.Reference.Basis == timex.Inferred:
		e.Timeframe, e.TimeframeRule = Background, "pluperfect, and nothing says when the article came out"
	case e.Time != nil && r.Reference != nil && r.longAgo(e):
		e.Timeframe, e.TimeframeRule = Background, "its time is told as over"
	case e.history != "" && (e.Time == nil || e.Time.Basis != InClause):
		e.Timeframe, e.TimeframeRule = Background, e.history
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

// dropAround drops the countries and regions that another of the places lies
// in: «à Aguelhok, dans le nord du Mali».
func (r *reading) dropAround(places []Place) []Place {
	all := slices.Clone(places)
	return slices.DeleteFunc(places, func(p Place) bool {
		outer := &r.Places[p.Place]
		switch {
		case outer.Kind == place.Admin1:
			// «à Louisville, dans le Kentucky», but «le comté de Rebkong de la province».
			return slices.ContainsFunc(all, func(q Place) bool {
				return q.Place != p.Place && q.Role == p.Role && r.setApart(q.Span, p.Span) && r.holdsPlace(p.Place, q.Place)
			})
		case outer.Kind != place.Country && outer.Kind != place.Region,
			outer.Relation != nil && r.Places[outer.Relation.Anchor].Kind != place.Country:
			return false
		}
		return slices.ContainsFunc(all, func(q Place) bool {
			k := r.Places[q.Place].Kind
			return q.Place != p.Place && q.Role == p.Role && k != place.Country && k != place.Region && r.holdsPlace(p.Place, q.Place)
		})
	})
}

// setApart reports whether a place told at b is set behind the one at a by a
// comma or a bracket.
func (r *reading) setApart(a, b article.Span) bool {
	if a.Field != b.Field || b.Begin < a.End || b.Begin-a.End > 24 {
		return false
	}
	between := r.Document().Text(article.Span{Begin: a.End, End: b.Begin, Field: a.Field})
	return strings.ContainsAny(between, ",(") && !strings.ContainsAny(between, ".;:\n")
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

package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// comparison is how far the slots of a predicted event agree with gold.
type comparison struct {
	agree int // slots and fillers that agree
	share [shares]Share
	right [accuracies]Accuracy
	wrong []string // what disagrees, for people
}

// slots adds the comparison to the figures.
func (s *Scorer) slots(c comparison) {
	for i, f := range c.share {
		s.share[i].add(f.Right, f.Wrong, f.Missed)
	}
	for i, f := range c.right {
		s.accuracy[i].Right += f.Right
		s.accuracy[i].Total += f.Total
	}
}

// complete says whether agents, targets and places are all right.
func (c *comparison) complete() bool {
	for _, f := range []share{agent, target, place} {
		if c.share[f].Wrong+c.share[f].Missed > 0 {
			return false
		}
	}
	return true
}

func compare(g *GoldEvent, e *depechev1.Event, names aligned) comparison {
	var c comparison
	agents := fillers(e, names, depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT)
	targets := fillers(e, names, depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET)
	if g.Type == "ARMED_CLASH" { // who is named first is no direction
		straight := fits(g.Agents, agents) + fits(g.Targets, targets)
		if fits(g.Agents, targets)+fits(g.Targets, agents) > straight {
			agents, targets = targets, agents
		}
	}
	c.fillers(agent, g.Agents, agents)
	c.fillers(target, g.Targets, targets)
	c.fillers(ally, g.Allies, fillers(e, names, depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT_ALLY,
		depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET_ALLY))

	// The country that an event happened in is not wrong, only no news.
	var places []string
	for _, l := range e.GetLocations() {
		places = append(places, names.places.of(l.GetLocationId()))
	}
	c.fillersBut(place, g.Places, unique(places), names.countries)

	var sources []string
	for _, claim := range e.GetClaims() {
		if claim.GetSourceActorId() != "" {
			sources = append(sources, names.actors.of(claim.GetSourceActorId()))
		}
	}
	c.fillers(source, g.Sources, unique(sources))

	c.quantities(g.Quantities, e.GetQuantities())
	c.date(start, g.Start, e.GetTime().GetStart())
	c.date(end, g.End, e.GetTime().GetEnd())
	c.told(g, e)
	return c
}

// fillers are the gold keys, each once, that take part in the event as one of
// the roles.
func fillers(e *depechev1.Event, names aligned, roles ...depechev1.ParticipantRole) []string {
	var out []string
	for _, p := range e.GetParticipants() {
		if slices.Contains(roles, p.GetRole()) {
			out = append(out, names.actors.of(p.GetActorId()))
		}
	}
	return unique(out)
}

func unique(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// fits is how many fillers of gold are among those found.
func fits(gold, found []string) int {
	n := 0
	for _, want := range gold {
		if slices.ContainsFunc(found, func(key string) bool { return is(want, key) }) {
			n++
		}
	}
	return n
}

// is says whether key is the filler, or one of its alternatives ("a|b").
func is(filler, key string) bool { return slices.Contains(strings.Split(filler, "|"), key) }

func (c *comparison) fillers(slot share, want, got []string) { c.fillersBut(slot, want, got, nil) }

// fillersBut compares fillers; free ones are not wrong where gold does not have
// them.
func (c *comparison) fillersBut(slot share, want, got []string, free map[string]bool) {
	if want == nil {
		return
	}
	got = slices.Clone(got)
	hits := 0
	for _, w := range want {
		if i := slices.IndexFunc(got, func(key string) bool { return is(w, key) }); i >= 0 {
			hits++
			got = slices.Delete(got, i, i+1)
		}
	}
	got = slices.DeleteFunc(got, func(key string) bool { return free[key] })
	c.agree += hits
	c.share[slot].add(hits, len(got), len(want)-hits)
	if len(got) > 0 || hits < len(want) {
		c.wrong = append(c.wrong, fmt.Sprintf("%s want %v extra %v", shareNames[slot], want, got))
	}
}

func (c *comparison) quantities(want []GoldQuantity, found []*depechev1.Quantity) {
	if want == nil {
		return
	}
	var got []GoldQuantity
	for _, q := range found {
		got = append(got, GoldQuantity{strings.TrimPrefix(q.GetKind().String(), "QUANTITY_KIND_"), q.Low, q.High})
	}
	hits := 0
	for _, w := range want {
		i := slices.IndexFunc(got, func(q GoldQuantity) bool {
			return q.Kind == w.Kind && sameBound(q.Low, w.Low) && sameBound(q.High, w.High)
		})
		if i >= 0 {
			hits++
			got = slices.Delete(got, i, i+1)
		}
	}
	c.agree += hits
	c.share[quantity].add(hits, len(got), len(want)-hits)
	if len(got) > 0 || hits < len(want) {
		c.wrong = append(c.wrong, fmt.Sprintf("quantity want %v extra %v", want, got))
	}
}

// String is the quantity with its bounds: "KILLED 60..".
func (q GoldQuantity) String() string {
	bound := func(v *float64) string {
		if v == nil {
			return ""
		}
		return fmt.Sprint(*v)
	}
	return q.Kind + " " + bound(q.Low) + ".." + bound(q.High)
}

// sameBound allows for a hundredth.
func sameBound(got, want *float64) bool {
	if got == nil || want == nil {
		return got == want
	}
	return *got == *want || math.Abs(*got-*want) <= 0.01*math.Abs(*want)
}

func (c *comparison) date(slot accuracy, want *string, found *depechev1.Date) {
	if want == nil {
		return
	}
	got := written(found)
	c.answer(slot, got == *want, *want, got)
}

// written is a date as gold writes it: "2016", "2016-12", "2016-12-11", or ""
// for none.
func written(d *depechev1.Date) string {
	switch {
	case d.GetYear() == 0 && d.GetMonth() == 0 && d.GetDay() == 0:
		return ""
	case d.GetMonth() == 0:
		return fmt.Sprintf("%04d", d.GetYear())
	case d.GetDay() == 0:
		return fmt.Sprintf("%04d-%02d", d.GetYear(), d.GetMonth())
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.GetYear(), d.GetMonth(), d.GetDay())
}

// told compares whether and in which time the event is told to have happened.
func (c *comparison) told(g *GoldEvent, e *depechev1.Event) {
	const actual = "ACTUAL"
	if want := g.Factuality; want != "" {
		got := ""
		if e.GetFactuality() != depechev1.Factuality_FACTUALITY_UNSPECIFIED {
			got = strings.TrimPrefix(e.GetFactuality().String(), "FACTUALITY_")
		}
		right, said, meant := got == want, got != actual && got != "", want != actual
		one := func(b bool) int {
			if b {
				return 1
			}
			return 0
		}
		// Calling everything ACTUAL is right nine times in ten.
		c.share[nonActual].add(one(right && meant), one(said && !right), one(meant && !right))
		c.answer(factuality, right, want, got)
	}
	if want := g.Timeframe; want != "" {
		got := strings.TrimPrefix(e.GetTimeframe().String(), "TIMEFRAME_")
		c.answer(timeframe, got == want, want, got)
	}
}

func (c *comparison) answer(slot accuracy, right bool, want, got string) {
	c.right[slot].add(right)
	if right {
		c.agree++
	} else {
		c.wrong = append(c.wrong, fmt.Sprintf("%s want %q got %q", accuracyNames[slot], want, got))
	}
}

package event

import (
	"context"
	"slices"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// causes are the types that a death or a wound may be a quantity of.
var causes = []ontology.Type{ontology.ArmedClash, ontology.Offensive, ontology.AirStrike, ontology.Shelling, ontology.Explosion,
	ontology.SuicideBombing, ontology.GrenadeAttack, ontology.ChemicalAttack, ontology.Attack, ontology.Riot,
	ontology.MobViolence, ontology.ProtestCrackdown, ontology.TerritoryCapture, ontology.Execution, ontology.Coup}

// absorb gives the deaths and wounds that a violence brings to it: they are its
// quantities, and no events of their own.
func (r *reading) absorb(ctx context.Context, told []telling) {
	for i := range interrupt.Range(ctx, len(told)) {
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
			if t.fact == Negated && told[best].fact != Negated {
				t.participants, t.quantities = nil, nil // «l'explosion n'a pas fait de victime»
			}
			told[best].brought = true
			told[best].harms = append(told[best].harms, t.quantities...)
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
	return r.clause(cause.head) == r.clause(harm.head) || r.dominates(cause.head, harm.head) || r.dominates(harm.head, cause.head) ||
		r.clause(cause.head) == r.sharedClause(harm.head)
}

// sharedClause returns the verb whose auxiliary the participle v shares: «deux
// policiers ont été tués, et trois passants blessés, dans l'attaque», where the
// parser takes v for what is said of the passants; -1 for none.
func (r *reading) sharedClause(v int) int {
	n := int(r.a.Words[v].Head)
	if n < 0 || r.a.Words[v].Rel != syntax.ACL || r.preposition(n) != "" {
		return -1
	}
	switch h := int(r.a.Words[n].Head); r.a.Words[n].Rel.Base() {
	case syntax.Obl, syntax.Conj, syntax.Nsubj:
		if h >= 0 && h < n && r.a.Words[h].UPOS == syntax.VERB && r.passive(h) {
			return h
		}
	}
	return -1
}

// absorbDeaths gives a KILLING told beside a violence, without means and with
// the same people dead, to that violence: the heading «300 membres tués» over
// the paragraph on the raids.
func (r *reading) absorbDeaths(ctx context.Context, events []Event) []Event {
	gone := make([]bool, len(events))
	for i := range interrupt.Range(ctx, len(events)) {
		k := &events[i]
		if k.Type != ontology.Killing || k.Factuality != Actual {
			continue
		}
		for j := max(0, i-besideness); j < min(len(events), i+besideness); j++ {
			c := &events[j]
			if i == j || gone[j] || !slices.Contains(causes, c.Type) || c.Factuality == Negated || c.Factuality == Planned ||
				!r.sharesActor(k.Participants, c.Participants, Agent) || !sharesEventTime(k.Time, c.Time) ||
				!r.beside(k, c) && !r.headlines(k, c) || !r.sameDead(k, c) && !r.toll(k, c) {
				continue
			}
			c.Mentions = append(c.Mentions, k.Mentions...)
			for _, p := range k.Participants {
				if !c.has(p.Role) {
					c.addParticipant(p, r, len(c.Participants))
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
func (r *reading) inheritSides(ctx context.Context, events []Event) {
	for i := range interrupt.Range(ctx, len(events)) {
		e := &events[i]
		if r.describe(e.Type).Family != "BATTLE" || e.has(Agent) || len(e.Mentions) == 0 {
			continue
		}
		at := e.Mentions[0].sentence
		for j := max(0, i-besideness); j < min(len(events), i+besideness); j++ {
			o := &events[j]
			if i == j || o.Type != e.Type || !o.has(Agent) || o.Factuality != e.Factuality {
				continue
			}
			for _, m := range o.Mentions {
				s := m.sentence
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
	sentences := make([]int, len(b.Mentions))
	for i := range b.Mentions {
		sentences[i] = b.Mentions[i].sentence
	}
	slices.Sort(sentences) // a page may tell one thing ten thousand times
	for i := range a.Mentions {
		s := a.Mentions[i].sentence
		if at, _ := slices.BinarySearch(sentences, s-1); at < len(sentences) && sentences[at] <= s+1 {
			return true
		}
	}
	return false
}

// headlines reports whether k stands in the headline and c in what tells it first:
// «Guyane : deux militaires tués».
func (r *reading) headlines(k, c *Event) bool {
	return k.headline && slices.ContainsFunc(c.Mentions, func(m Mention) bool { return r.leads(m.sentence) })
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

// toll reports whether k only counts who was hurt, without saying by whom, in the
// sentence behind c, that counts none of the kind: «Des heurts ont éclaté avec la police.
// Deux policiers ont été blessés.»
func (r *reading) toll(k, c *Event) bool {
	if k.has(Agent) || len(k.Quantities) == 0 || k.pluperfect != c.pluperfect || k.first.ownPlace || k.first.time != nil || !r.siteWithin(k.first, c) {
		return false
	}
	for _, q := range c.Quantities {
		if q.Kind == Losses || slices.ContainsFunc(k.Quantities, func(p Quantity) bool { return p.Kind == q.Kind }) {
			return false
		}
	}
	at := k.Mentions[0].sentence
	for _, m := range c.Mentions {
		if s := m.sentence; s == at-1 && r.Text.Sentences[s].Segment == r.Text.Sentences[at].Segment {
			return true
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

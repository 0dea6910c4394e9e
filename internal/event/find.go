package event

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// Finder finds events by a lexicon. It is safe for concurrent use.
type Finder struct {
	lex      *Lexicon
	ontology *ontology.Ontology
	demonym  func(folded string) (country string)
	country  func(code string) (name string)
}

// NewFinder returns a Finder by lex. demonym returns the country of a folded
// adjective of nationality, "" for other words; country the name of one.
func NewFinder(lex *Lexicon, o *ontology.Ontology, demonym, country func(string) string) *Finder {
	return &Finder{lex: lex, ontology: o, demonym: demonym, country: country}
}

// Result is what Find finds.
type Result struct {
	Events []Event // in order of first mention
	// Actors are those given and, behind them, states that only an adjective
	// names («les frappes russes») and that take part.
	Actors []actor.Actor
	// Discarded is what was considered and not reported, in order of position;
	// empty unless Layers.Explain.
	Discarded []Discarded
}

// Find returns the events of an article. Of a ctx that has ended, what is
// returned is of no use.
func (f *Finder) Find(ctx context.Context, l *Layers) *Result {
	r := newReading(ctx, f.lex, l)
	r.ontology, r.demonym, r.nameOf = f.ontology, f.demonym, f.country
	r.findTriggers(ctx)
	told := make([]telling, 0, len(r.found))
	for i := range interrupt.Range(ctx, len(r.found)) {
		if r.demanded(&r.found[i]) {
			r.discard(r.found[i].sense, r.found[i].head, "demanded, not told to happen")
			continue
		}
		if r.generic(&r.found[i]) {
			r.discard(r.found[i].sense, r.found[i].head, "what holds for everybody, not what happened")
			continue
		}
		told = append(told, r.tell(&r.found[i]))
	}
	partsHappenWithTheWhole(told)
	r.meansServeTheirEnd(told)
	events := r.merge(ctx, told)
	r.nameProtesters(events)
	for i := range interrupt.Range(ctx, len(events)) {
		r.finish(&events[i])
	}
	r.sortDiscarded()
	return &Result{Events: events, Actors: r.Actors, Discarded: r.discarded}
}

// partsHappenWithTheWhole gives the noun of a trigger of several words, where it
// tells the same type by itself, the factuality of the whole: who «exclut
// d'instaurer l'état d'urgence» leaves no state of emergency.
func partsHappenWithTheWhole(told []telling) {
	whole := map[int]*telling{}
	for i := range told {
		for _, w := range told[i].rest {
			whole[w] = &told[i]
		}
	}
	for i := range told {
		if t := whole[told[i].head]; t != nil && told[i].form == nominal && t.sense.typ == told[i].sense.typ {
			told[i].fact, told[i].why = t.fact, t.why
		}
	}
}

// meansServeTheirEnd makes what is done for an end of the same type one with it:
// who «tire des grenades lacrymogènes pour disperser la foule» disperses it.
func (r *reading) meansServeTheirEnd(told []telling) {
	means := map[int]*telling{}
	for i := range told {
		means[told[i].head] = &told[i]
	}
	for i := range told {
		t := &told[i]
		if t.form != verbal || t.fact != Planned || r.a.Words[t.head].Rel.Base() != syntax.Advcl {
			continue
		}
		if m := means[int(r.a.Words[t.head].Head)]; m != nil && m.sense.typ == t.sense.typ && m.fact == Actual {
			t.fact, t.why = m.fact, m.why
		}
	}
}

// generic reports whether f is told of anybody: «toute personne arrêtée doit
// être présentée à un juge».
func (r *reading) generic(f *found) bool {
	for _, g := range f.fillers {
		if g.slot != slotSubject && g.slot != slotObject || r.a.Words[g.word].UPOS != syntax.NOUN || r.a.Words[g.word].Feats.Number != syntax.Sing {
			continue
		}
		all, others := false, false
		for c := range r.a.Children(g.word) {
			if r.a.Words[c].Rel.Base() == syntax.Det {
				all, others = all || r.lemmas[c] == "tout", others || r.lemmas[c] != "tout"
			}
		}
		if all && !others && r.natureOf(g.word)&isActor != 0 {
			return true
		}
	}
	return false
}

// nameProtesters makes civilians who protest PROTESTERS and those who riot
// RIOTERS, as ACLED's codebook has it.
func (r *reading) nameProtesters(events []Event) {
	for i := range events {
		var kind actor.Kind
		switch events[i].Type {
		case ontology.Protest, ontology.StrikeAction:
			kind = actor.Protesters
		case ontology.Riot, ontology.MobViolence:
			kind = actor.Rioters
		default:
			continue
		}
		for _, p := range events[i].Participants {
			if a := &r.Actors[p.Actor]; p.Role == Agent && a.KnowledgeID == "" && (a.Kind == actor.Civilians || a.Kind == actor.Other || a.Kind == actor.Protesters) {
				a.Kind = kind
			}
		}
	}
}

// telling is one mention of an event with everything read of it.
type telling struct {
	*found
	fact Factuality
	why  string // what decided fact
	time *timex.Time
	// narrative is the time of the news about it where it tells none itself.
	narrative  *timex.Time
	basis      Basis // of narrative
	pluperfect bool
	history    string // why it is told as what came before the news; empty: it is not
	sources    []source
	quantities []Quantity
	// absorbed: a quantity of the event told by into.
	absorbed bool
	into     *found
	// harms are the numbers of those that it absorbed.
	harms []Quantity
	// brought: it has deaths or losses of its own, and so is more than a word.
	brought bool
}

// tell reads one mention.
func (r *reading) tell(f *found) telling {
	r.fillRoles(f)
	f.ownPlace = len(f.places) > 0
	r.placeFrom(f)
	t := telling{found: f, pluperfect: r.pluperfect(f), sources: r.sourcesOf(f), quantities: r.countsOf(f)}
	t.fact, t.why = r.factualityOf(f)
	when, own := r.timeOf(f)
	if when != nil && r.gone(&t, when) {
		past := *when
		past.Start, past.End = past.Start.AddDays(-7), past.End.AddDays(-7)
		when = &past
	}
	switch {
	case own && r.sinceLong(f, when):
		// «a repris la ville aux mains des rebelles depuis 2015» tells how long
		// they held it, not when.
	case when != nil && r.hourOnly(when) && r.narrativeTime(f, t.pluperfect) != nil:
		// «vers midi» is of the day that the narrative has come to.
		t.narrative, t.basis = r.narrativeTime(f, t.pluperfect), InNarrative
	case own:
		t.time = when
	case when != nil:
		t.narrative, t.basis = when, InSentence
	case t.fact == Actual:
		t.narrative, t.basis = r.narrativeTime(f, t.pluperfect), InNarrative
	}
	t.history = r.history(&t)
	for _, s := range t.sources {
		if s.doubted && t.fact == Actual {
			t.fact, t.why = Unconfirmed, "told with reserve: «"+r.Document().Text(s.span)+"»"
		}
	}
	return t
}

// bare reports whether a mention says nothing but its type, so that it makes
// no event by itself.
func (r *reading) bare(t *telling) bool {
	return t.form == nominal && t.support < 0 && !t.sense.alone && len(t.participants) == 0 && len(t.quantities) == 0 && !t.brought &&
		!t.ownPlace && t.theme == nil && !r.prominent(t) && !r.occasion(t)
}

// occasion reports whether a noun is when something else happened, in its
// sentence: «ont ouvert le feu lors d'une manifestation pacifiste». «Lors de la
// guerre» is an age.
func (r *reading) occasion(t *telling) bool {
	if d, plural := r.definiteness(t.head); d == undetermined || plural || r.describe(t.sense.typ).Family == "BATTLE" {
		return false
	}
	w := t.head
	for steps := 0; steps < 2; steps++ {
		for c := range r.a.Children(w) {
			if c < w && r.a.Words[c].Rel.Base() == syntax.Case && r.folded[c] == "lors" {
				return true
			}
		}
		w = int(r.a.Words[w].Head)
		if w < 0 {
			return false
		}
		if w < t.head && t.head-w <= 4 && r.folded[w] == "lors" {
			return true
		}
	}
	return false
}

// announced reports whether a noun is all that a headline says behind where it
// plays: «Macédoine : référendum sur le nom du pays».
func (r *reading) announced(t *telling) bool {
	if t.sentence >= r.body {
		return false
	}
	if d, _ := r.definiteness(t.head); d != undetermined || r.preposition(t.head) != "" {
		return false
	}
	s := r.Text.Sentences[t.sentence].Words
	for w := s.First; w < min(s.Last, s.First+3); w++ {
		if r.placeAt[w] >= 0 && r.dateline(w) {
			return true
		}
	}
	return false
}

// prominent reports whether a noun is what its sentence is about («les
// affrontements font rage aux abords de la ville»): its subject, in a clause
// that tells a place or a time of its own.
func (r *reading) prominent(t *telling) bool {
	w := &r.a.Words[t.head]
	if r.announced(t) {
		return true
	}
	if h := int(w.Head); h >= 0 && w.Rel.Base() == syntax.Nmod && r.lex.is(wordsPhase, r.lemmas[h]) {
		w = &r.a.Words[h] // «le second tour de la présidentielle aura lieu le 7 mai»
	}
	if w.Rel.Base() != syntax.Nsubj || w.Head < 0 || r.a.Words[w.Head].Head >= 0 {
		return false
	}
	if t.time != nil {
		return true
	}
	for _, p := range t.places {
		if p.Confidence >= sureSentence {
			return true
		}
	}
	return false
}

// finish gives a merged event what follows from the whole of it.
func (r *reading) finish(e *Event) {
	h := fnv.New64a()
	m := e.Mentions[0]
	fmt.Fprintf(h, "%d|%d|%d|%d", e.Type, m.Trigger.Field, m.Trigger.Begin, m.Trigger.End)
	e.ID = fmt.Sprintf("e%016x", h.Sum64())
	e.Codings = r.ontology.Codings(e.Type, func(c ontology.Condition) bool { return r.holds(e, c) })
	e.Summary = r.summary(e)
}

// holds reports whether a condition of a coding is true of e.
func (r *reading) holds(e *Event, c ontology.Condition) bool {
	switch c {
	case "target-armed":
		return r.someone(e, Target, func(a *actor.Actor) bool {
			switch a.Kind {
			case actor.StateForces, actor.ExternalForces, actor.RebelGroup, actor.PoliticalMilitia, actor.IdentityMilitia, actor.Police:
				return true
			}
			return false
		})
	case "own-territory":
		country := ""
		if len(e.Places) > 0 {
			country = r.Places[e.Places[0].Place].Country
		}
		return country != "" && r.someone(e, Agent, func(a *actor.Actor) bool {
			return a.Country == country && (a.Kind == actor.StateForces || a.Kind == actor.Government || a.Kind == actor.Country || a.Kind == actor.Police)
		})
	case "assassination":
		return r.someone(e, Target, func(a *actor.Actor) bool { return a.Kind == actor.Person })
	case "people-hurt":
		for _, q := range e.Quantities {
			if q.Kind == Killed || q.Kind == Injured || q.Kind == Losses {
				return true
			}
		}
		return false
	case "multilateral":
		n := 0
		for _, p := range e.Participants {
			if p.Role == Agent {
				n++
			}
		}
		return n > 2
	}
	return slices.Contains(e.holds, c)
}

func (r *reading) someone(e *Event, role Role, is func(*actor.Actor) bool) bool {
	for _, p := range e.Participants {
		if p.Role == role && is(&r.Actors[p.Actor]) {
			return true
		}
	}
	return false
}

// summary says e in a line: who, what, whom, where, when.
func (r *reading) summary(e *Event) string {
	s := r.lex.label(e.Type)
	who := func(role Role) string {
		out := ""
		for _, p := range e.Participants {
			if p.Role != role {
				continue
			}
			if out != "" {
				out += ", "
			}
			out += r.Actors[p.Actor].Name
		}
		return out
	}
	if a := who(Agent); a != "" {
		s = a + " : " + s
	}
	if t := who(Target); t != "" {
		s += " → " + t
	}
	for i, p := range e.Places {
		if i == 0 {
			s += " — "
		} else {
			s += ", "
		}
		s += r.Places[p.Place].Name
	}
	if e.Time != nil && !e.Time.Start.IsZero() {
		s += " (" + e.Time.Start.String()
		if e.Time.End != e.Time.Start {
			s += "/"
			if !e.Time.End.IsZero() {
				s += e.Time.End.String()
			}
		}
		s += ")"
	}
	return s
}

// sentenceSpan returns the span of sentence i.
func (r *reading) sentenceSpan(i int) article.Span { return r.Text.Sentences[i].Span }

// discard notes that a sense was considered at word w, where somebody asks.
func (r *reading) discard(s *sense, w int, reason string) {
	if r.Explain {
		r.discarded = append(r.discarded, Discarded{Trigger: r.span(w, w+1), Rule: s.rule, Reason: reason})
	}
}

func (r *reading) sortDiscarded() {
	slices.SortStableFunc(r.discarded, func(a, b Discarded) int { return a.Trigger.Compare(b.Trigger) })
}

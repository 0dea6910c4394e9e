package event

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/ontology"
)

// partiesFile holds the nouns that name a party by its part in an event.
const partiesFile = "parties.yaml"

// parties are the folded lemmas of such nouns of a type.
type parties struct {
	agent, target map[string]bool
}

// addParties reads the nouns that name a party of each type.
func (l *Lexicon) addParties(name string, src []byte, o *ontology.Ontology) error {
	var y map[string]struct{ Agent, Target []string }
	if err := yaml.Unmarshal(src, &y); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	l.parties = map[ontology.Type]parties{}
	set := func(words []string) map[string]bool {
		m := map[string]bool{}
		for _, w := range words {
			m[fold.String(w)] = true
		}
		return m
	}
	for i := range o.Types {
		t := o.Types[i].Type
		if p, ok := y[t.String()]; ok {
			l.parties[t] = parties{set(p.Agent), set(p.Target)}
			delete(y, t.String())
		}
	}
	var faults []error
	for _, k := range slices.Sorted(maps.Keys(y)) {
		faults = append(faults, fmt.Errorf("%s: no event type %q", name, k))
	}
	return errors.Join(faults...)
}

// Where a party is looked for: sentences before a mention and behind it, and
// in how many mentions at most.
const (
	partyBefore   = 1
	partyBehind   = 2
	partyMentions = 8
)

// nameParties gives an event without agent or target those whom the sentences
// around it name by their part in it: «les assaillants», «les otages».
func (r *reading) nameParties(ctx context.Context, events []Event) {
	for i := range interrupt.Range(ctx, len(events)) {
		e := &events[i]
		p, ok := r.lex.parties[e.Type]
		if !ok || e.Factuality != Actual && e.Factuality != Unconfirmed {
			continue
		}
		if !e.has(Agent) {
			r.nameParty(e, Agent, p.agent)
		}
		if !e.has(Target) {
			r.nameParty(e, Target, p.target)
		}
	}
}

func (r *reading) nameParty(e *Event, role Role, names map[string]bool) {
	if len(names) == 0 {
		return
	}
	for _, m := range e.Mentions[:min(len(e.Mentions), partyMentions)] {
		for _, s := range [...]int{m.sentence, m.sentence + 1, m.sentence - partyBefore, m.sentence + partyBehind} {
			if s < 0 || s >= len(r.Text.Sentences) {
				continue
			}
			words := r.Text.Sentences[s].Words
			for w := words.First; w < words.Last; w++ {
				a := int(r.actorAt[w])
				if a < 0 || !names[r.lemmas[w]] || r.cited[w] || r.Actors[a].Kind == actor.Person && role == Target {
					continue
				}
				if slices.ContainsFunc(e.Participants, func(p Participant) bool { return r.related(p.Actor, a) }) {
					continue
				}
				e.Participants = append(e.Participants, Participant{Role: role, Actor: a, Span: r.actorSpan[w], Confidence: sureBefore, Rule: "named by its part in it"})
				return
			}
		}
	}
}

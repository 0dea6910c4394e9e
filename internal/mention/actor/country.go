package actor

import (
	"context"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/syntax"
)

// findCountries makes actors of countries, save where the country is only where
// something happens; a capital that acts («Paris a condamné») is its country.
func (r *reading) findCountries(ctx context.Context) {
	for pi := range interrupt.Range(ctx, len(r.places)) {
		p := &r.places[pi]
		if p.Country == "" && p.Kind != place.Country {
			continue
		}
		for _, m := range p.Mentions {
			if m.Last > len(r.at) || m.First >= m.Last || r.at[m.Head] >= 0 || !upper(r.t.Words[m.First].Form) {
				continue
			}
			c := candidate{entry: -1, country: p.Country}
			c.Form, c.Head = Proper, m.Head
			seat, sits := r.lex.seats[p.KnowledgeID]
			switch {
			case r.dateline(m.First, m.Last):
				continue
			case m.Acting && sits && !r.nations[p.Country]:
				e := &r.lex.entries[seat]
				c.entry, c.kind, c.country, c.own = seat, e.kind, e.country, "kb|"+e.id
			case m.Acting, p.Kind == place.Country && !r.locative(m.Head):
				c.kind, c.own = Country, "country|"+p.Country
				if p.Country == "" {
					c.own += p.KnowledgeID // of the past: «l'URSS»
				}
			default:
				continue
			}
			r.add(c, m.First, m.Last)
		}
	}
}

// dateline reports whether the words [first, last) stand before a colon at the
// head of their sentence: «Syrie : …» says where, not who.
func (r *reading) dateline(first, last int) bool {
	s := r.t.Sentences[r.t.SentenceOf(first)].Words
	return first == s.First && last < s.Last && r.folded[last] == ":"
}

// locative reports whether the noun at head is governed by a preposition of
// place.
func (r *reading) locative(head int) bool {
	for c := range r.a.Children(head) {
		if r.a.Words[c].Rel.Base() == syntax.Case {
			switch r.lemmas[c] {
			case "en", "a", "dans", "vers", "depuis", "sur", "hors":
				return true
			}
		}
	}
	return false
}

// findDemonyms finds people told by their country: «les Irakiens».
func (r *reading) findDemonyms(ctx context.Context) {
	for i := range interrupt.Words(ctx, len(r.t.Words)) {
		w := &r.a.Words[i]
		if r.at[i] >= 0 || w.UPOS != syntax.NOUN && w.UPOS != syntax.PROPN || !upper(r.t.Words[i].Form) {
			continue
		}
		if r.placed[i] >= 0 {
			continue
		}
		d := candidate{entry: -1, kind: Civilians, country: r.nation(r.folded[i])}
		if d.country != "" {
			d.own = "people|" + d.country
		} else if c, ok := r.lex.peoples[r.folded[i]]; ok {
			d.country, d.own = c, "people|"+r.lemmas[i]
		} else {
			continue
		}
		d.Form, d.Head = Nominal, i
		r.add(d, i, i+1)
	}
}

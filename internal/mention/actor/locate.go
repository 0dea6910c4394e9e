package actor

import (
	"context"
	"github.com/depeche-events/depeche/internal/mention/place"

	"github.com/depeche-events/depeche/internal/interrupt"
)

// local are the kinds of actor that belong where they are told of: «la
// police», «les habitants», without a country, are those of the place.
var local = map[Kind]bool{StateForces: true, Police: true, Government: true, Civilians: true, Protesters: true,
	Rioters: true, Party: true, IdentityMilitia: true, Religious: true, RebelGroup: true, PoliticalMilitia: true, Other: true}

// locate gives local actors without a country that of the places told beside
// them, else that of the article. A person told by an office or a noun is
// local; one told by name alone only where most of the article is of one country.
func (r *reading) locate(ctx context.Context) {
	focus, alone := r.focus()
	for k := range interrupt.Range(ctx, len(r.clusters)) {
		cl := &r.clusters[k]
		if cl.country != "" || cl.placeless || cl.entry >= 0 || len(cl.mentions) == 0 || !local[cl.kind] && !(cl.kind == Person && (cl.class != "" || alone)) {
			continue
		}
		votes := map[string]int{}
		best := ""
		for i := range interrupt.Range(ctx, len(cl.mentions)) {
			s := r.t.Sentences[r.t.SentenceOf(cl.mentions[i].First)].Words
			for w := s.First; w < s.Last; w++ {
				if r.at[w] >= 0 && r.cands[r.at[w]].own != "" {
					continue // «la Russie» that acts is not where they are
				}
				if p := r.placed[w]; p >= 0 && r.places[p].Country != "" && (w == s.First || r.placed[w-1] != p) {
					c := r.places[p].Country
					votes[c]++
					if best == "" || votes[c] > votes[best] {
						best = c
					}
				}
			}
		}
		if best == "" || votes[focus] == votes[best] {
			best = focus
		}
		if s := r.lex.sovereign[best]; s != "" && (cl.state || cl.kind == Person) {
			best = s
		}
		cl.country = best
	}
}

// focus returns the country that most of the article's places lie in, "" for
// none, and whether at least
// two thirds lie there.
func (r *reading) focus() (country string, alone bool) {
	votes := map[string]int{}
	for i := range r.places {
		p := &r.places[i]
		if p.Country == "" {
			continue
		}
		n := len(p.Mentions)
		if p.Kind != place.Country {
			n *= 2
		}
		votes[p.Country] += n
		if country == "" || votes[p.Country] > votes[country] {
			country = p.Country
		}
	}
	all := 0
	for _, n := range votes {
		all += n
	}
	// Every third place may lie elsewhere.
	return country, country != "" && 3*votes[country] >= 2*all
}

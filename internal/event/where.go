package event

import (
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/syntax"
)

// placeFrom gives f the places of its clause, else of its sentence, where its
// own dependents tell none.
func (r *reading) placeFrom(f *found) {
	if len(f.places) > 0 {
		return
	}
	clause := r.clause(f.head)
	s := r.Text.Sentences[f.sentence].Words
	for pass := range 2 {
		for w := s.First; w < s.Last; w++ {
			p := r.placeAt[w]
			if p < 0 || r.acting[w] || r.insideActor(w) {
				continue
			}
			if pass == 0 && r.clause(w) != clause {
				continue
			}
			// A country is the site only where nothing nearer is told.
			if r.Places[p].Kind == place.Country && !r.lex.is(wordsSite, r.preposition(w)) {
				continue
			}
			f.addPlace(fillSite, int(p), r.placeSpan[w], sureSentence)
		}
		if len(f.places) > 0 {
			r.keepNarrow(f)
			return
		}
	}
}

// keepNarrow drops the countries of f's places where a narrower one is told.
func (r *reading) keepNarrow(f *found) {
	narrow := false
	for _, p := range f.places {
		narrow = narrow || r.Places[p.Place].Kind != place.Country
	}
	if !narrow {
		return
	}
	n := 0
	for i, p := range f.places {
		if r.Places[p.Place].Kind != place.Country {
			f.places[n], f.placeSure[n] = p, f.placeSure[i]
			n++
		}
	}
	f.places, f.placeSure = f.places[:n], f.placeSure[:n]
}

// insideActor reports whether the place at w is part of an actor's name.
func (r *reading) insideActor(w int) bool {
	for steps := 0; steps < 4; steps++ {
		h := int(r.a.Words[w].Head)
		if h < 0 || r.a.Words[w].Rel.Base() != syntax.Nmod && r.a.Words[w].Rel.Base() != syntax.Flat {
			return false
		}
		if r.actorAt[h] >= 0 && r.actorSpan[h].Contains(r.Text.WordSpan(w)) {
			return true
		}
		w = h
	}
	return false
}

package event

import (
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// sited reports whether events of f's family happen somewhere, so that a place
// told beside them is theirs. Words have no place but the one they are given.
func (r *reading) sited(f *found) bool {
	switch r.describe(f.sense.typ).Family {
	case "DIPLOMACY":
		return f.sense.typ == ontology.Meeting || f.sense.typ == ontology.Aid
	case "COERCION":
		return f.sense.typ == ontology.Arrest || f.sense.typ == ontology.Restriction || f.sense.typ == ontology.Coup
	}
	return true
}

// placeFrom gives f the places of its clause, else of its sentence, of the
// sentence before, or where the article plays, where its own dependents tell
// none.
func (r *reading) placeFrom(f *found) {
	if len(f.places) > 0 || !r.sited(f) {
		return
	}
	r.placeFromSentence(f, f.sentence, sureSentence, "sentence")
	if len(f.places) > 0 {
		return
	}
	// People meet elsewhere than the news before it happened.
	if f.sense.typ == ontology.Meeting {
		return
	}
	if i := f.sentence - 1; i >= 0 && r.Text.Sentences[i].Segment == r.Text.Sentences[f.sentence].Segment {
		r.placeFromSentence(f, i, sureBefore, "sentence before")
	}
	p, rule := r.focus, "article"
	if p < 0 {
		p, rule = r.country, "article's country"
	}
	if len(f.places) == 0 && p >= 0 {
		m := r.Places[p].Mentions[0]
		f.addPlace(fillSite, Place{Place: p, Span: m.Span, Confidence: sureFocus, Rule: rule})
	}
}

// findCountry returns the country that the article names most, the first told
// of equals; -1 for none.
func (r *reading) findCountry() int {
	best := -1
	for i := range r.Places {
		if r.Places[i].Kind == place.Country && (best < 0 || len(r.Places[i].Mentions) > len(r.Places[best].Mentions)) {
			best = i
		}
	}
	return best
}

// findFocus returns where the article plays: the place, no country, that it names
// most, the first told of equals; -1 for none.
func (r *reading) findFocus() int {
	best, most := -1, 0
	for i := range r.Places {
		p := &r.Places[i]
		if p.Kind == place.Country || p.Kind == place.Region || p.Relation != nil {
			continue
		}
		n := 0
		for _, m := range p.Mentions {
			if !m.Acting && !r.insideName(m.Head) {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// placeFromSentence gives f the places of sentence at, those of its own clause
// first.
func (r *reading) placeFromSentence(f *found, at int, sure float32, rule string) {
	clause := r.clause(f.head)
	s := r.Text.Sentences[at].Words
	for pass := range 2 {
		for w := s.First; w < s.Last; w++ {
			p := r.placeAt[w]
			if p < 0 || r.acting[w] || r.insideName(w) {
				continue
			}
			if r.clause(w) != clause && (pass == 0 || at == f.sentence && r.Places[p].Kind <= place.Region && r.apartFrom(f, w)) {
				continue
			}
			if pl := &r.Places[p]; pl.Kind == place.Region && pl.Country == "" && pl.Relation == nil || r.preposition(w) == "pour" {
				continue // «dans toute l'Amérique latine», «pour Paris» say little of where
			}
			// A country is the site only where nothing nearer is told.
			if r.Places[p].Kind == place.Country && !r.lex.is(wordsSite, r.preposition(w)) && !r.dateline(w) {
				continue
			}
			if pass == 0 {
				rule = "clause"
			}
			f.addPlace(fillSite, Place{Place: int(p), Span: r.placeSpan[w], Confidence: sure, Rule: rule})
		}
		if len(f.places) > 0 {
			r.keepNarrow(f)
			return
		}
	}
}

// apartFrom reports whether the country at w, behind f in its sentence, is told in a
// clause below another one's that f has no part in: «la décision de l'accueillir
// dans son pays».
func (r *reading) apartFrom(f *found, w int) bool {
	if w < f.head {
		return false
	}
	c := r.clause(w)
	return r.a.Words[c].Rel.Base() != syntax.Conj && !r.dominates(c, f.head) && !r.dominates(f.head, c)
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
	for _, p := range f.places {
		if r.Places[p.Place].Kind != place.Country {
			f.places[n] = p
			n++
		}
	}
	f.places = f.places[:n]
}

// insideName reports whether the place at w is part of the name of an actor
// («Al-Qaïda au Maghreb islamique») or of a treaty («l'accord d'Alger»), which
// says nothing of where.
func (r *reading) insideName(w int) bool {
	if r.naming[w] {
		return true
	}
	if h := int(r.a.Words[w].Head); h >= 0 && r.a.Words[w].Rel.Base() == syntax.Nmod && r.lex.is(wordsTreaty, r.lemmas[h]) {
		return true
	}
	for steps := 0; steps < 4; steps++ {
		h := int(r.a.Words[w].Head)
		if h < 0 || r.a.Words[w].Rel.Base() != syntax.Nmod && r.a.Words[w].Rel.Base() != syntax.Flat {
			return false
		}
		if r.actorAt[h] >= 0 && r.actorSpan[h].Contains(r.Text.WordSpan(w)) {
			// «des otages français au Liban» are there.
			return r.naming[h] || !r.lex.is(wordsSite, r.preposition(w))
		}
		w = h
	}
	return false
}

// dateline reports whether the place at w stands before a colon at the head of
// its sentence: «Syrie : …» says where, not who.
func (r *reading) dateline(w int) bool {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	if w-s.First > 2 {
		return false
	}
	next := w + 1
	for next < s.Last && r.Text.WordSpan(next).Begin < r.placeSpan[w].End {
		next++
	}
	if next >= s.Last {
		return false
	}
	switch r.folded[next] {
	case ":":
		return true
	case "-", "–", "—": // «Niger – Deux soldats tués», «Le Caire - Un tribunal»
		return w == s.First || w == s.First+1 && r.a.Words[s.First].UPOS == syntax.DET
	}
	return false
}

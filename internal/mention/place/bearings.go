package place

import (
	"cmp"
	"context"
	"slices"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// bearings finds the parts of a country that a direction tells with its
// adjective («l'ouest ivoirien»), or by itself of the country that the article
// is about («des combats dans le nord»). Once told so or by name («le nord du
// Mali»), «le nord» is that part wherever it stands.
func (f *Finder) bearings(ctx context.Context, s *scratch, t *text.Text, a *syntax.Analysis) {
	slices.SortStableFunc(s.hits, func(a, b hit) int { return cmp.Compare(a.first, b.first) })
	named := len(s.hits)
	next := 0
	for i := range interrupt.Words(ctx, len(s.toks)) {
		for next < named && int(s.hits[next].last) <= i {
			next++
		}
		k := &s.toks[i]
		if k.class&Direction == 0 || k.value < 0 || k.sent < 0 || s.covered(next, named, i) {
			continue
		}
		r := t.Sentences[k.sent].Tokens
		if i == r.First || s.toks[i-1].class&Article == 0 || !f.isDirection(s, i, r) {
			continue
		}
		if i+1 < r.Last && s.toks[i+1].adj > 0 && !s.toks[i+1].capital {
			f.tellBearing(s, s.toks[i+1].adj-1, i, i+2)
			continue
		}
		if a == nil || !endsPhrase(s, t, a, i+1, r) {
			continue
		}
		switch {
		case i-2 >= r.First && s.toks[i-1].class&(In|Of) == 0 && s.toks[i-2].class&In != 0 && s.toks[i-2].class&Article == 0:
			if c := f.toldOf(s, t, next, r); c >= 0 {
				f.tellBearing(s, c, i, i+1)
			}
		case s.toks[i-1].class&Of == 0 && s.acts(t, a, i+1, r) && s.mainCountry() >= 0:
			f.tellBearing(s, s.mainCountry(), i, i+1) // «le nord est tombé»
		case s.toks[i-1].class&Of == 0:
			for n := len(s.places) - 1; n >= max(0, len(s.places)-maxTold); n-- {
				if p := &s.places[n]; p.hasBear && !p.hasDist && p.bearing == k.value && p.kind == Region {
					s.hits = append(s.hits, hit{first: int32(i), last: int32(i + 1), nfirst: int32(i), nlast: int32(i + 1), typeTok: -1, group: -1, place: int32(n)})
					break
				}
			}
		}
	}
}

// toldOf returns the country that the sentence of tokens r opens with («Mali :
// combats dans le nord»), else the article's; -1 for none. The hits before next
// stand before the place asked for.
func (f *Finder) toldOf(s *scratch, t *text.Text, next int, r text.Range) int16 {
	for n := next - 1; n >= max(0, next-maxRecent) && int(s.hits[n].first) >= r.First; n-- {
		if h := &s.hits[n]; h.place >= 0 && int(h.first) == r.First && int(h.last) < r.Last && t.TokenText(int(h.last)) == ":" && s.places[h.place].kind == Country {
			return s.places[h.place].country
		}
	}
	return s.mainCountry()
}

// acts reports whether a finite verb in the past or passive follows at token i:
// of the north as such one tells what it is like.
func (s *scratch) acts(t *text.Text, a *syntax.Analysis, i int, r text.Range) bool {
	if i+1 >= r.Last || s.toks[i-1].capital {
		return false
	}
	return a.Words[t.Tokens[i].Words.First].UPOS == syntax.AUX && a.Words[t.Tokens[i].Words.First].Rel.Base() == syntax.Aux
}

// covered reports whether token i lies in one of the hits from next on.
func (s *scratch) covered(next, named, i int) bool {
	for n := next; n < min(named, next+4); n++ {
		if h := &s.hits[n]; h.place >= 0 && int(h.first) <= i && i < int(h.last) {
			return true
		}
	}
	return false
}

// endsPhrase reports whether nothing behind token i-1 says what it is the north
// of, or is qualified as it: the sentence, the phrase or a clause ends there.
func endsPhrase(s *scratch, t *text.Text, a *syntax.Analysis, i int, r text.Range) bool {
	if i >= r.Last || !s.toks[i].letters {
		return i >= r.Last || t.TokenText(i) != "-" && t.TokenText(i) != "–"
	}
	if s.toks[i].class&Of != 0 && s.toks[i].class&Article == 0 && i+1 < r.Last && !s.toks[i+1].capital && s.toks[i+1].typ == 0 && s.toks[i+1].class == 0 {
		return true // «l'offensive dans le nord de rebelles»
	}
	if s.toks[i].class&Of != 0 || s.toks[i].capital || s.toks[i].typ > 0 {
		return false
	}
	switch a.Words[t.Tokens[i].Words.First].UPOS {
	case syntax.ADP, syntax.CCONJ, syntax.SCONJ, syntax.VERB, syntax.AUX, syntax.PRON, syntax.ADV:
		return true
	}
	return false
}

// tellBearing enters tokens [first, last) as the part of a country that the
// direction at first tells.
func (f *Finder) tellBearing(s *scratch, country int16, first, last int) {
	c := f.countryCandidate(country)
	p := newBuilt()
	p.kind, p.bearing, p.hasBear = Region, s.toks[first].value, true
	p.point, p.located = moved(c.point, c.radius*0.55, p.bearing), true
	p.radius = max(15, c.radius*0.55)
	if anchor, ok := s.placeAt[placeKey{row: c.row, entry: -1}]; ok {
		f.tell(s, p, anchor, int32(first), int32(last))
		return
	}
	p.country, p.first, p.last = country, int32(first), int32(last)
	at := int32(-1)
	for n := len(s.places) - 1; n >= max(0, len(s.places)-maxTold) && at < 0; n-- {
		if o := &s.places[n]; o.hasBear && !o.hasDist && o.bearing == p.bearing && o.country == country && o.kind == Region {
			at = int32(n)
		}
	}
	if at < 0 {
		s.places = append(s.places, p)
		at = int32(len(s.places) - 1)
	}
	s.hits = append(s.hits, hit{first: int32(first), last: int32(last), nfirst: int32(first), nlast: int32(last), typeTok: -1, group: -1, place: at})
}

package place

import (
	"cmp"
	"context"
	"slices"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// refer finds the phrases that mean a place named before, or the article's
// country or its capital: «la ville», «cette province», «le territoire
// syrien».
func (f *Finder) refer(ctx context.Context, s *scratch, t *text.Text, a *syntax.Analysis) {
	slices.SortStableFunc(s.hits, func(a, b hit) int { return cmp.Compare(a.first, b.first) })
	named := len(s.hits)
	next := 0 // first named hit that does not lie before the token
	for i := range interrupt.Words(ctx, len(s.toks)) {
		for next < named && int(s.hits[next].last) <= i {
			s.remember(&s.hits[next])
			next++
		}
		k := &s.toks[i]
		if k.typ == 0 && k.class&Soil == 0 || k.sent < 0 {
			continue
		}
		if next < named && s.hits[next].place >= 0 && int(s.hits[next].first) <= i || f.takesName(s, next, named, i) {
			continue
		}
		r := t.Sentences[k.sent].Tokens
		last := i + 1
		// Adjectives after it: of a country, or others.
		var adj int16
		for last < r.Last && last < i+3 && s.toks[last].letters && !s.toks[last].capital {
			if s.toks[last].adj > 0 {
				adj = s.toks[last].adj
				last++
				break
			}
			if s.toks[last].class != 0 || s.toks[last].typ > 0 {
				break
			}
			last++
		}
		if adj == 0 {
			last = i + 1
		}
		if adj > 0 {
			f.byAdjective(s, i, last, adj-1)
			continue
		}
		if k.typ == 0 || !f.types[k.typ-1].Anaphor || i == r.First || f.quarter(s, t, a, i, r) {
			continue
		}
		// A determiner that points back, perhaps an adjective between.
		d := i - 1
		if d > r.First && s.toks[d].letters && !s.toks[d].capital && s.toks[d].class == 0 && s.toks[d].typ == 0 {
			d--
		}
		det := s.toks[d].class
		if det&(Article|This) == 0 || det&(Numeral|Plural) != 0 {
			continue
		}
		if last < r.Last && s.toks[last].class&Of != 0 && det&This == 0 && !f.ofPlace(s, last, r) {
			continue // «la ville de demain»
		}
		if p := f.antecedent(s, i, k.typ-1); p >= 0 {
			s.hits = append(s.hits, hit{first: int32(i), last: int32(last), nfirst: int32(i), nlast: int32(last),
				typeTok: int32(i), typ: k.typ, group: -1, place: p})
			s.remember(&s.hits[len(s.hits)-1])
		}
	}
	slices.SortStableFunc(s.hits, func(a, b hit) int { return cmp.Compare(a.first, b.first) })
}

// takesName reports whether the type word i is one that a name later in the
// sentence goes with.
func (f *Finder) takesName(s *scratch, next, named, i int) bool {
	for n := next; n < named && n < next+2; n++ {
		if h := &s.hits[n]; h.place >= 0 && int(h.typeTok) == i {
			return true
		}
	}
	return false
}

// ofPlace reports whether the «de» at token i is followed by an adverb of
// place or another phrase that leaves «la ville» what it is.
func (f *Finder) ofPlace(s *scratch, i int, r text.Range) bool {
	return i+1 < r.Last && s.toks[i+1].typ > 0
}

// byAdjective enters «le territoire syrien» and «la capitale syrienne».
func (f *Finder) byAdjective(s *scratch, first, last int, country int16) {
	k := &s.toks[first]
	var c candidate
	switch {
	case k.class&Soil != 0:
		c = f.countryCandidate(country)
	case k.typ > 0 && f.isCapitalWord(k.typ-1):
		if f.capitals[country] < 0 {
			return
		}
		c = f.candidate(posting{entry: entryID(f.capitals[country]), flags: primary})
	case k.typ > 0 && f.types[k.typ-1].Class == Border:
		f.border(s, first, last, country)
		return
	case k.typ > 0 && f.types[k.typ-1].Class == Part && f.types[k.typ-1].Kind == Facility && f.types[k.typ-1].Anaphor:
		p := newBuilt() // «l'ambassade équatorienne» lies anywhere
		p.kind, p.typ, p.first, p.last = Facility, k.typ, int32(first), int32(last)
		s.places = append(s.places, p)
		s.hits = append(s.hits, hit{first: p.first, last: p.last, nfirst: p.first, nlast: p.last,
			typeTok: int32(first), typ: k.typ, group: -1, place: int32(len(s.places) - 1)})
		return
	default:
		return
	}
	s.hits = append(s.hits, hit{first: int32(first), last: int32(last), nfirst: int32(first), nlast: int32(last),
		typeTok: int32(first), typ: k.typ, group: -1, place: s.placeOf(&c, &group{second: -1})})
}

// quarter enters «un quartier alaouite» as a part of the town named last, and
// reports whether token i begins such a phrase. The adjective is the tree's.
func (f *Finder) quarter(s *scratch, t *text.Text, a *syntax.Analysis, i int, r text.Range) bool {
	if ty := &f.types[s.toks[i].typ-1]; a == nil || ty.Class != Part || ty.Kind != Neighbourhood {
		return false
	}
	last := i + 1
	head := int32(t.Tokens[i].Words.First)
	for last < min(r.Last, i+3) && s.toks[last].letters && !s.toks[last].capital {
		w := &a.Words[t.Tokens[last].Words.First]
		// A rare adjective may be read as a noun beside the one it qualifies.
		if w.UPOS != syntax.ADJ && (w.UPOS != syntax.NOUN || w.Head != head || last > i+1) {
			break
		}
		last++
	}
	if last == i+1 {
		return false
	}
	best, bestScore := int32(-1), 0.0
	country := s.mainCountry()
	for n := len(s.recent) - 1; n >= max(0, len(s.recent)-maxRecent); n-- {
		m := s.recent[n]
		town := &s.places[m.place]
		if town.kind != City || town.anchor >= 0 {
			continue
		}
		score := min(town.weight, 3) - 0.6*float64(s.toks[i].sent-m.sent)
		if town.country == country {
			score += 2
		}
		if best < 0 || score > bestScore {
			best, bestScore = m.place, score
		}
	}
	// Two quarters told so are mostly of one town.
	for n := len(s.places) - 1; n >= max(0, len(s.places)-maxTold); n-- {
		if o := &s.places[n]; o.typ == s.toks[i].typ && o.kind == Neighbourhood && o.anchor >= 0 {
			best = o.anchor
			break
		}
	}
	if best < 0 {
		return false
	}
	p := newBuilt()
	p.kind, p.typ, p.hash = Neighbourhood, s.toks[i].typ, hashKey(s.keys[s.toks[i].key[0]:s.toks[i+1].key[1]])
	p.radius = max(s.places[best].radius, 3)
	f.tell(s, p, best, int32(i), int32(last))
	return true
}

// border enters «la frontière algérienne»: between that country and the
// article's own, or that which the last place named lies in.
func (f *Finder) border(s *scratch, first, last int, country int16) {
	own := s.mainCountry()
	if n := len(s.recent); n > 0 && s.places[s.recent[n-1].place].country >= 0 {
		own = s.places[s.recent[n-1].place].country
	}
	p := newBuilt()
	there := f.countryCandidate(country)
	p.kind, p.typ, p.first, p.last = Region, s.toks[first].typ, int32(first), int32(last)
	p.point, p.located, p.radius = there.point, true, there.radius
	if own >= 0 && own != country {
		here := f.countryCandidate(own)
		p.point, p.radius = meet(&here, &there)
	}
	s.places = append(s.places, p)
	s.hits = append(s.hits, hit{first: p.first, last: p.last, nfirst: p.first, nlast: p.last,
		typeTok: int32(first), typ: p.typ, group: -1, place: int32(len(s.places) - 1)})
}

func (f *Finder) countryCandidate(country int16) candidate {
	r := &f.rows[country]
	return candidate{row: int32(country), kind: Country, country: country, point: *r.Point, located: true, radius: r.RadiusKM, flags: primary}
}

// isCapitalWord reports whether the type word is «capitale»: a populated place
// that reaches as far as a capital does.
func (f *Finder) isCapitalWord(typ int16) bool { return f.types[typ].Capital }

// maxRecent bounds how many mentions back a phrase may refer.
const maxRecent = 64

// remember notes a mention for phrases that refer back.
func (s *scratch) remember(h *hit) {
	if h.place < 0 {
		return
	}
	p := &s.places[h.place]
	p.weight += 0.5
	if h.title {
		p.weight++
	}
	s.recent = append(s.recent, mentioned{h.place, s.toks[h.first].sent})
}

// antecedent returns the place that a type word with a determiner means: of
// the places of its kind named before, that which is named most and last.
func (f *Finder) antecedent(s *scratch, i int, typ int16) int32 {
	ty := &f.types[typ]
	best, bestScore := int32(-1), float64(0)
	country := s.mainCountry()
	for n := len(s.recent) - 1; n >= max(0, len(s.recent)-maxRecent); n-- {
		m := s.recent[n]
		p := &s.places[m.place]
		if !f.refersTo(ty, p, typ, country) {
			continue
		}
		score := min(p.weight, 3) - 0.6*float64(s.toks[i].sent-m.sent)
		if p.typ == typ+1 {
			score += 2 // «le village de X», then «ce village»
		}
		if best < 0 || score > bestScore {
			best, bestScore = m.place, score
		}
	}
	if best >= 0 {
		return best
	}
	if country < 0 {
		country = s.onlyCountry()
	}
	if country < 0 {
		return -1
	}
	switch {
	case ty.Kind == Country:
		c := f.countryCandidate(country)
		return s.placeOf(&c, &group{second: -1})
	case ty.Capital && f.capitals[country] >= 0:
		c := f.candidate(posting{entry: entryID(f.capitals[country]), flags: primary})
		return s.placeOf(&c, &group{second: -1})
	}
	return -1
}

// onlyCountry returns the country that all places named so far lie in, -1 where
// there are none or several.
func (s *scratch) onlyCountry() int16 {
	only := int16(-1)
	for _, m := range s.recent {
		switch c := s.places[m.place].country; {
		case c < 0:
		case only < 0:
			only = c
		case c != only:
			return -1
		}
	}
	return only
}

// refersTo reports whether the type word may mean p.
func (f *Finder) refersTo(ty *TypeWord, p *built, typ int16, country int16) bool {
	switch {
	case ty.Capital:
		if p.entry < 0 {
			return false
		}
		return p.country >= 0 && f.capitals[p.country] == p.entry && (country < 0 || country == p.country)
	case ty.Class == Part:
		return p.typ == typ+1
	case ty.Kind == City:
		return p.kind == City && p.anchor < 0
	case ty.Kind == Admin1, ty.Kind == Admin2:
		return (p.kind == Admin1 || p.kind == Admin2 || p.kind == Region && ty.Class == Around) && p.anchor < 0
	case ty.Kind == Country:
		return p.kind == Country
	case ty.Kind == Region:
		return p.kind == Region && p.anchor < 0 && p.country >= 0
	}
	return p.kind == ty.Kind && p.anchor < 0
}

package place

import (
	"context"
	"math"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/text"
)

// Weights of the evidence for a place. They were set by hand: a country, a
// capital or a large city needs no more than its name, a town of the name of a
// person or a word needs a preposition of place and its country.
const (
	acceptance     = 2.5
	countryShare   = 2.5  // for the article's main country, less for others
	countryNamed   = 1.5  // for a country that the article names at all
	byOtherName    = -1.5 // a spelling that neither French nor the place uses
	fitsType       = 4
	liesWithin     = 5
	nearbyGroups   = 32 // names before and after that count as near in the text
	maxMisspelt    = 64 // names of an article that are looked for a letter off
	nearbyKM       = 300.0
	nearbyBonus    = 2.0
	seatBonus      = 0.7
	capitalBonus   = 2.5
	ambiguityRange = 0.7
)

// weigh sets how much of the article each country has, from the countries, the
// adjectives and the hand-made layer's places that it names.
func (f *Finder) weigh(s *scratch) {
	if cap(s.weight) < f.countries {
		s.weight = make([]float32, f.countries)
	}
	s.weight = s.weight[:f.countries]
	clear(s.weight)
	for i := range s.toks {
		if a := s.toks[i].adj; a > 0 && s.toks[i].rival == 0 {
			s.weight[a-1] = min(s.weight[a-1]+1, 12)
		}
	}
	for i := range s.hits {
		h := &s.hits[i]
		g := &s.groups[h.group]
		if h.evidence < -1 {
			continue
		}
		for c := g.from; c < g.to; c++ {
			cd := &s.cands[c]
			if cd.flags&(commonWord|givenName) != 0 && h.evidence < 1 {
				continue
			}
			w := float32(0)
			switch {
			case cd.row >= 0 && cd.kind == Country && c+1 < g.to && s.cands[c+1].row >= 0 && s.cands[c+1].kind == Country:
				c = g.to // «Congo» is one of two
				continue
			case cd.row >= 0 && cd.kind == Country:
				w = 2
			case cd.row >= 0 && cd.country >= 0 && s.oneCountry(g):
				w = 1
			case cd.seat == 3 && cd.flags&primary != 0:
				w = 1
			case cd.seat == 2 && cd.flags&primary != 0 && cd.pop > 85 && cd.flags&(commonWord|givenName|surname) == 0:
				w = 0.7
			}
			if h.title {
				w *= 2
			}
			if w > 0 && cd.country >= 0 {
				s.weight[cd.country] = min(s.weight[cd.country]+w, 12)
				break
			}
		}
	}
	for i := range s.toks {
		// An adjective that two countries share is that of the one told of.
		if k := &s.toks[i]; k.rival > 0 {
			if s.weight[k.rival-1] >= s.weight[k.adj-1] {
				k.adj = k.rival
			}
			s.weight[k.adj-1] = min(s.weight[k.adj-1]+1, 12)
		}
	}
	s.top = 1
	for _, w := range s.weight {
		s.top = max(s.top, w)
	}
}

// oneCountry reports whether all candidates of g lie in one country.
func (s *scratch) oneCountry(g *group) bool {
	for c := g.from + 1; c < g.to; c++ {
		if s.cands[c].country != s.cands[g.from].country {
			return false
		}
	}
	return true
}

// share is how much of the article country c has, against the most.
func (s *scratch) share(c int16) float32 {
	if c < 0 {
		return 0
	}
	return s.weight[c] / s.top
}

// mainCountry returns the country that the article is about, -1 where none
// stands out.
func (s *scratch) mainCountry() int16 {
	best, second := int16(-1), float32(0)
	for c, w := range s.weight {
		switch {
		case w > 0 && (best < 0 || w > s.weight[best]):
			if best >= 0 {
				second = s.weight[best]
			}
			best = int16(c)
		case w > second:
			second = w
		}
	}
	if best >= 0 && s.weight[best] < 1.3*second {
		return -1
	}
	return best
}

// nest notes the names that stand in an area: «Paris, Texas», «Tunis
// (Tunisie)», «à Gao, dans le nord du Mali».
func (f *Finder) nest(s *scratch, t *text.Text) {
	for i := 0; i+1 < len(s.hits); i++ {
		a, b := &s.hits[i], &s.hits[i+1]
		bg := &s.groups[b.group]
		if a.group == b.group || bg.from == bg.to || s.toks[a.first].sent != s.toks[b.first].sent || b.first-a.last > 6 || b.first <= a.last {
			continue
		}
		c := &s.cands[bg.from]
		if c.kind != Country && !(c.row >= 0 && c.kind == Admin1) && !f.isProvince(s, b) {
			continue
		}
		nested := true
		for k := a.last; k < b.first && nested; k++ {
			tok := &s.toks[k]
			switch {
			case tok.letters:
				nested = tok.class&(In|Of|Article|Direction) != 0 && tok.class&(And|Says) == 0 || tok.typ > 0
			case k == a.last:
				form := t.TokenText(int(k))
				nested = form == "," || form == "("
			default:
				nested = false
			}
		}
		if nested {
			s.groups[a.group].within = bg.from
		}
	}
}

// isProvince reports whether h is told as a province or district, and only one
// country has it: «dans la province du Sanmatenga».
func (f *Finder) isProvince(s *scratch, h *hit) bool {
	if h.typ == 0 {
		return false
	}
	ty := &f.types[h.typ-1]
	return (ty.Kind == Admin1 || ty.Kind == Admin2) && s.oneCountry(&s.groups[h.group])
}

// resolve chooses for each group the candidate that it means: first by what
// each is, then again with regard to the places chosen.
func (f *Finder) resolve(ctx context.Context, s *scratch) {
	for range 2 {
		for gi := range interrupt.Range(ctx, len(s.groups)) {
			f.choose(s, gi)
		}
	}
}

func (f *Finder) choose(s *scratch, gi int) {
	g := &s.groups[gi]
	g.chosen, g.second = -1, -1
	best := float32(math.Inf(-1))
	second := best
	for c := g.from; c < g.to; c++ {
		g.primary = g.primary || s.cands[c].flags&primary != 0 && s.cands[c].pop > 80
	}
	for c := g.from; c < g.to; c++ {
		cd := &s.cands[c]
		cd.score = f.score(s, gi, cd)
		switch {
		case cd.score > best:
			second, g.second = best, g.chosen
			best, g.chosen = cd.score, c
		case cd.score > second:
			second, g.second = cd.score, c
		}
	}
	if g.second >= 0 && best-second > ambiguityRange {
		g.second = -1
	}
}

func (f *Finder) score(s *scratch, gi int, c *candidate) float32 {
	g := &s.groups[gi]
	var v float32
	switch {
	case c.row >= 0 && c.kind == Country:
		v = 8
		if g.area {
			v -= 5
		}
	case c.row >= 0:
		v = 6.5
	default:
		v = float32(c.pop) / 16 * 0.8
		switch c.kind {
		case Admin1:
			v -= 0.8
		case Admin2:
			v -= 2
		case Neighbourhood:
			v -= 1.5
		}
		switch c.seat {
		case 3:
			v += capitalBonus
		case 2:
			v += seatBonus
		}
		if c.flags&primary == 0 {
			v += byOtherName
			if g.primary {
				v += byOtherName
			}
		}
		if c.flags&listed != 0 {
			v = max(v+1.5, 6)
		}
	}
	if c.country >= 0 && s.weight[c.country] > 0 {
		v += countryNamed + countryShare*s.share(c.country)
	}
	if g.want != 0 {
		v += fits(g.want, c.kind)
	}
	if g.within >= 0 {
		if w := &s.cands[g.within]; w.country == c.country && c.country >= 0 && c.kind != Country &&
			(w.kind == Country || w.located && c.located && roughKM(w.point, c.point) < 1.4*w.radius) {
			v += liesWithin
		}
	}
	if c.located && c.kind != Country {
		near := float32(0)
		for oi := max(0, gi-nearbyGroups); oi < min(len(s.groups), gi+nearbyGroups); oi++ {
			o := &s.groups[oi]
			if oi == gi || o.chosen < 0 || o.hash == g.hash {
				continue
			}
			oc := &s.cands[o.chosen]
			if !oc.located || oc.kind == Country {
				continue
			}
			if d := roughKM(c.point, oc.point); d < nearbyKM {
				near = max(near, nearbyBonus*float32(1-d/nearbyKM))
			}
		}
		v += near
	}
	return v
}

// fits says how well a candidate's kind agrees with a type word's.
func fits(want, kind Kind) float32 {
	switch {
	case want == kind:
		return fitsType
	case want == Admin1 && kind == Admin2, want == Admin2 && kind == Admin1:
		return fitsType - 1
	case want == Admin1 && kind == Region, want == Region && (kind == Admin1 || kind == Country || kind == Terrain):
		return fitsType - 1.5
	case want == City && kind == Neighbourhood, want == Neighbourhood && kind == City, want == Admin2 && kind == City:
		return 1
	case want == City && kind == Facility, want == Country && kind == Region:
		return 1
	case (want == Admin1 || want == Admin2) && kind == City:
		return -0.5
	case want == City && (kind == Admin1 || kind == Admin2 || kind == Country || kind == Region):
		return -1.5
	case want == Water || want == Terrain:
		return -3
	}
	return -1
}

// fame is how far a candidate's name alone makes it a place.
func (f *Finder) fame(s *scratch, c *candidate) float32 {
	var v float32
	switch {
	case c.row >= 0 && c.kind == Country:
		v = 4
	case c.row >= 0:
		v = 3.2
	case c.seat == 3 && c.flags&primary != 0:
		v = 3.2
	case c.flags&primary != 0 && c.pop >= 96: // a million
		v = 3
	case c.flags&primary != 0 && c.pop >= 85: // 200,000
		v = 2.2
	case c.flags&primary != 0 && c.pop >= 75: // 50,000
		v = 1.6
	case c.flags&primary != 0:
		v = 1.2
	case c.pop >= 96 || c.seat == 3:
		v = 1.4
	case c.pop >= 85:
		v = 0.7
	default:
		v = 0.2
	}
	if c.flags&listed != 0 {
		v = max(v, 3.2)
	}
	if c.flags&wellKnown != 0 {
		v = max(v, 2.4)
	}
	switch {
	case c.flags&capitalName != 0:
		// A capital speaks for its country: «Washington», «Riyad», though people
		// have the name too.
		if v = max(v, 3.2); c.flags&commonWord != 0 {
			v -= 0.7
		}
	case c.row >= 0 || c.flags&listed != 0:
		if c.flags&commonWord != 0 && c.kind == Country {
			v -= 1.5
		} else if c.flags&commonWord != 0 && (c.kind == Region || c.kind == Admin1) {
			v -= 2.5
		} else if c.flags&commonWord != 0 {
			v -= 3
		} else if c.flags&givenName != 0 {
			v -= 1.5
		}
	default:
		if (c.kind == Admin2 || c.kind == Neighbourhood) && c.flags&wellKnown == 0 {
			v -= 0.7
		}
		if c.flags&commonWord != 0 && c.pop < 96 && c.seat < 3 {
			v -= 1.2
		}
		if c.flags&givenName != 0 && c.pop < 96 {
			v--
		}
		if c.flags&surname != 0 && c.pop < 96 {
			v -= 0.7
		}
	}
	if c.flags&articleless != 0 && c.flags&commonWord != 0 {
		v++ // «au Havre»: the article speaks for it
	}
	if c.country >= 0 && s.weight[c.country] > 0 {
		v += 0.8 + 0.7*s.share(c.country)
	}
	return v
}

// settle accepts or refuses each group, finds unknown ones under other
// spellings, and makes the places.
func (f *Finder) settle(ctx context.Context, s *scratch) {
	for gi := range interrupt.Range(ctx, len(s.groups)) {
		g := &s.groups[gi]
		if g.unknown {
			f.respell(s, gi)
		}
		if g.chosen < 0 {
			continue
		}
		c := &s.cands[g.chosen]
		person := g.person || f.isPerson(s, g.hash)
		if person && g.want == 0 {
			g.evidence--
		}
		if g.article && (c.kind == Admin1 || c.kind == Admin2 || c.kind == Region || c.kind == Water || c.kind == Terrain) && c.flags&primary != 0 {
			g.evidence++
		}
		if !g.fuzzy && (f.fame(s, c)+g.evidence < acceptance || s.farNamesake(g, c)) {
			g.chosen = -1
			g.unknown = !person && g.speaks
		}
	}
	for hi := range s.hits {
		h := &s.hits[hi]
		g := &s.groups[h.group]
		switch {
		case g.chosen >= 0:
			c := &s.cands[g.chosen]
			// A single mention inside a longer name stays out, whatever the others are.
			if h.evidence <= -2 && !g.fuzzy && f.fame(s, c)+h.evidence < acceptance {
				continue
			}
			// Where a person has the name too, each mention must speak for the place.
			if (g.person || f.isPerson(s, g.hash)) && h.evidence < 1.2 {
				continue
			}
			if s.elsewhere(c, hi) {
				h.place = s.namesake(c, hi)
				continue
			}
			h.place = s.placeOf(c, g)
		case g.unknown && !f.isPerson(s, g.hash):
			h.place = s.unknownPlace(g, hi, f)
		}
	}
}

// farNamesake reports whether c, no great town, only shares its name with the
// one that is told: it lies in another country than the area told of it («à
// Pensa, dans la province du Sanmatenga»), or the article, which is about
// another country, calls it a village or quarter («le quartier de la Médina»).
func (s *scratch) farNamesake(g *group, c *candidate) bool {
	if c.row >= 0 || c.country < 0 || c.seat == 3 {
		return false
	}
	if g.within >= 0 && c.pop < 96 && c.flags&(listed|wellKnown) == 0 {
		if w := &s.cands[g.within]; w.country >= 0 {
			return w.country != c.country
		}
	}
	m := s.mainCountry()
	return g.small && c.kind == City && m >= 0 && m != c.country && s.weight[c.country] < 1
}

// elsewhere reports whether the square or bridge that hit hi may be is told to
// stand in another town: «la place de la République à Erevan».
func (s *scratch) elsewhere(c *candidate, hi int) bool {
	if c.kind != Facility || !c.located || hi+1 >= len(s.hits) {
		return false
	}
	h, o := &s.hits[hi], &s.hits[hi+1]
	if o.first-h.last != 1 || s.toks[h.last].class&(In|Of) == 0 || s.groups[o.group].chosen < 0 {
		return false
	}
	town := &s.cands[s.groups[o.group].chosen]
	return town.located && (town.kind == City && roughKM(town.point, c.point) > 60 ||
		town.kind == Country && town.country != c.country)
}

// namesake enters the place of c's name in the town that follows hit hi.
func (s *scratch) namesake(c *candidate, hi int) int32 {
	h := &s.hits[hi]
	town := &s.cands[s.groups[s.hits[hi+1].group].chosen]
	p := newBuilt()
	p.kind, p.first, p.last, p.country = c.kind, h.first, h.last, town.country
	p.point, p.located, p.radius = town.point, true, reach(town)
	s.places = append(s.places, p)
	return int32(len(s.places) - 1)
}

func (f *Finder) isPerson(s *scratch, hash uint64) bool { return s.people[hash] }

// respell looks for the unknown group under another spelling: one that the
// rules of transliteration allow, or one letter off.
func (f *Finder) respell(s *scratch, gi int) {
	g := &s.groups[gi]
	h := &s.hits[g.first]
	if h.typ > 0 && f.types[h.typ-1].Class == Part {
		return
	}
	key := s.keys[s.toks[h.nfirst].key[0]:s.toks[h.nlast-1].key[1]]
	if len(key) < 5 || len(key) > 40 {
		return
	}
	g.from = int32(len(s.cands))
	s.posts = f.gaz.lookupLoose(s.posts[:0], key)
	for _, a := range arabicArticles {
		if len(key) > len(a)+4 && string(key[:len(a)]) == a {
			s.posts = f.gaz.lookupLoose(s.posts, key[len(a):])
		}
	}
	f.addRespelt(s)
	if len(s.cands) == int(g.from) && len(key) >= 7 && s.misspelt < maxMisspelt {
		s.misspelt++
		f.oneOff(s, key)
	}
	g.to = int32(len(s.cands))
	f.choose(s, gi)
	if g.chosen >= 0 && !s.plausible(gi) {
		g.chosen = -1
	}
	if g.chosen >= 0 {
		g.fuzzy, g.unknown = true, false
	}
}

// plausible reports whether the place that another spelling was taken for lies
// in the article's country, or near another place of it.
func (s *scratch) plausible(gi int) bool {
	c := &s.cands[s.groups[gi].chosen]
	if w := s.groups[gi].within; w >= 0 && s.cands[w].country != c.country {
		return false
	}
	if c.country == s.mainCountry() {
		return true
	}
	for oi := max(0, gi-nearbyGroups); oi < min(len(s.groups), gi+nearbyGroups); oi++ {
		if o := &s.groups[oi]; oi != gi && o.chosen >= 0 {
			oc := &s.cands[o.chosen]
			if oc.located && c.located && oc.kind != Country && roughKM(oc.point, c.point) < nearbyKM {
				return true
			}
		}
	}
	return false
}

var arabicArticles = []string{"al", "el", "as", "ar", "ad", "an", "at", "az"}

// addRespelt adds the postings in countries that the article names.
func (f *Finder) addRespelt(s *scratch) {
	for _, p := range s.posts {
		c := f.candidate(p)
		if c.country >= 0 && s.weight[c.country] > 0 {
			s.cands = append(s.cands, c)
		}
	}
}

// oneOff adds the places whose key is one insertion, deletion, substitution or
// transposition away.
func (f *Finder) oneOff(s *scratch, key []byte) {
	buf := append(s.rewrite[:0], key...)
	try := func(k []byte) {
		s.posts = f.gaz.lookup(s.posts[:0], hashKey(k))
		f.addRespelt(s)
	}
	n := len(buf)
	for i := 1; i < n; i++ { // the first letter is seldom wrong
		old := buf[i]
		for c := byte('a'); c <= 'z'; c++ {
			if c != old {
				buf[i] = c
				try(buf)
			}
		}
		buf[i] = old
		if i+1 < n {
			buf[i], buf[i+1] = buf[i+1], buf[i]
			try(buf)
			buf[i], buf[i+1] = buf[i+1], buf[i]
		}
	}
	var other [48]byte
	for i := 1; i < n; i++ {
		copy(other[:], buf[:i])
		copy(other[i:], buf[i+1:])
		try(other[:n-1])
	}
	for i := 1; i <= n; i++ {
		copy(other[:], buf[:i])
		copy(other[i+1:], buf[i:])
		for c := byte('a'); c <= 'z'; c++ {
			other[i] = c
			try(other[:n+1])
		}
	}
	s.rewrite = buf
}

// roughKM is the distance of near points, in kilometres, good to 1 % below
// 500 km.
func roughKM(a, b Point) float64 {
	dy := (a.Lat - b.Lat) * 111.2
	dx := a.Lon - b.Lon
	if dx > 180 {
		dx -= 360
	} else if dx < -180 {
		dx += 360
	}
	dx *= 111.3 * math.Cos((a.Lat+b.Lat)/2*math.Pi/180)
	return math.Hypot(dx, dy)
}

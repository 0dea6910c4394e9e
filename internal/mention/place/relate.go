package place

import (
	"context"
	"math"
	"sort"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/text"
)

// relate finds the places that are told by another one: «à 70 km au nord-est
// de Palmyre», «le nord du Mali», «les abords de la ville», «l'aéroport
// d'Alep», «à mi-chemin entre A et B».
func (f *Finder) relate(ctx context.Context, s *scratch, t *text.Text) {
	n := len(s.hits)
	for hi := range interrupt.Range(ctx, n) {
		h := s.hits[hi]
		if h.place < 0 {
			continue
		}
		r := t.Sentences[s.toks[h.first].sent].Tokens
		if h.typ > 0 && h.group >= 0 {
			f.typed(s, hi)
		}
		f.directed(s, t, hi, r)
		f.between(s, hi, r)
	}
	f.compounds(ctx, s, t, n)
}

// typed makes the place that a type word before the name of another tells:
// a part, a zone, or the surroundings.
func (f *Finder) typed(s *scratch, hi int) {
	h := &s.hits[hi]
	ty := &f.types[h.typ-1]
	anchor := &s.places[h.place]
	switch {
	case ty.Class == Same, ty.Class == Border:
		return
	case anchor.row < 0 && anchor.entry < 0:
		h.first = h.typeTok // an unknown place goes by the whole phrase
		return
	case ty.Class == Around && anchor.kind != City && anchor.kind != Facility && anchor.kind != Neighbourhood:
		h.first = h.typeTok
		return
	case ty.Class == Part && anchor.kind == ty.Kind:
		h.first = h.typeTok
		return
	case ty.Class == Part && s.toks[h.nfirst-1].class&In != 0 && anchor.kind != City:
		return
	case ty.Class == Part && (anchor.kind == Country || s.indefinite(int(h.typeTok)) && s.toks[h.nfirst-1].class&In == 0):
		return // «l'ambassade de France» lies elsewhere, «une église de X» is not named
	}
	if ty.Piece && s.toks[h.typeTok+1].class&Of != 0 {
		return // «une partie de Palmyre»
	}
	p := newBuilt()
	p.kind, p.typ, p.radius = ty.Kind, h.typ, ty.RadiusKM
	if ty.Class == Around {
		p.kind = Region
	}
	p.radius = max(p.radius, min(anchor.radius, 2*ty.RadiusKM))
	f.tell(s, p, h.place, h.typeTok, h.last)
}

// indefinite reports whether no article that points, but «un», «des» or none,
// stands before token i.
func (s *scratch) indefinite(i int) bool {
	if i == 0 {
		return false
	}
	k := &s.toks[i-1]
	return k.class&Numeral != 0 || k.class&(Article|Of) == Article|Of && k.class&In == 0 && k.key[1]-k.key[0] == 3
}

// maxTold bounds how many places back a second mention of a told one is
// recognised.
const maxTold = 256

// tell enters the place p, told by the place anchor, with a mention of tokens
// [first, last).
func (f *Finder) tell(s *scratch, p built, anchor, first, last int32) int32 {
	a := &s.places[anchor]
	p.anchor, p.country, p.first, p.last = anchor, a.country, first, last
	if p.country < 0 && a.kind != Country {
		p.country = f.countryAround(s, a) // «le parc de» a river of several countries
	}
	if !p.located && a.located {
		p.point, p.located = a.point, true
	}
	at := int32(-1)
	for i := len(s.places) - 1; i >= max(0, len(s.places)-maxTold); i-- {
		o := &s.places[i]
		if o.anchor == anchor && o.typ == p.typ && o.hash == p.hash && o.hasDist == p.hasDist && o.hasBear == p.hasBear &&
			o.distance == p.distance && o.bearing == p.bearing {
			at = int32(i)
			break
		}
	}
	if at < 0 {
		s.places = append(s.places, p)
		at = int32(len(s.places) - 1)
	}
	s.hits = append(s.hits, hit{first: first, last: last, nfirst: first, nlast: last, typeTok: -1, group: -1, place: at})
	return at
}

// directed makes the place that a direction or distance before the phrase of
// hit hi tells.
func (f *Finder) directed(s *scratch, t *text.Text, hi int, r text.Range) {
	h := &s.hits[hi]
	p := int(h.first) - 1
	// «de la vaste ville»: determiner and adjectives before a type word.
	for p >= r.First && h.typeTok == h.first && s.toks[p].letters && !s.toks[p].capital && s.toks[p].class == 0 && s.toks[p].typ == 0 && p > r.First && s.toks[p-1].class&(Article|This) != 0 {
		p--
	}
	for p >= r.First && s.toks[p].class&(Article|This) != 0 && s.toks[p].class&(In|Of) == 0 {
		p--
	}
	if p < r.First || s.toks[p].class&Of == 0 {
		return
	}
	q := p - 1
	if q < r.First {
		return
	}
	b := newBuilt()
	first := q
	zone := false
	switch k := &s.toks[q]; {
	case k.class&Direction != 0 && f.isDirection(s, q, r):
		b.bearing, b.hasBear = k.value, k.value >= 0
		zone = true
		u := q - 1
		for u >= r.First && s.toks[u].class&Article != 0 && s.toks[u].class&In == 0 {
			u--
		}
		if u >= r.First && s.toks[u].class&In != 0 {
			if d, at, ok := f.distance(s, u-1, r); ok {
				b.distance, b.hasDist, first = d, true, at
			}
		}
	case k.class&Near != 0:
		return // «près de Gao» is Gao, as far as anybody can tell
	case k.class&(Unit|About) != 0:
		d, at, ok := f.distance(s, q, r)
		if !ok {
			return
		}
		b.distance, b.hasDist, first = d, true, at
	case k.typ > 0 && h.group < 0 && f.types[k.typ-1].Class == Zone, k.typ > 0 && h.group >= 0 && h.typ > 0 && f.types[k.typ-1].Class == Zone:
		ty := &f.types[k.typ-1]
		b.kind, b.typ, b.radius = ty.Kind, k.typ, ty.RadiusKM
		if ty.Piece {
			return // «une partie de la ville»
		}
		f.tell(s, b, h.place, int32(q), h.last)
		return
	case k.letters && !k.capital && k.class == 0 && q-1 >= r.First && s.toks[q-1].typ > 0 && f.types[s.toks[q-1].typ-1].Class == Zone:
		ty := &f.types[s.toks[q-1].typ-1] // «la partie moderne de la ville»
		b.kind, b.typ, b.radius = ty.Kind, s.toks[q-1].typ, ty.RadiusKM
		f.tell(s, b, h.place, int32(q-1), h.last)
		return
	default:
		return
	}
	anchor := &s.places[h.place]
	b.kind = City
	if anchor.located {
		b.point, b.located = anchor.point, true
		switch {
		case b.hasDist && b.hasBear:
			b.point = moved(anchor.point, b.distance, b.bearing)
			b.radius = max(5, 0.15*b.distance)
		case b.hasDist:
			b.radius = b.distance + 2
		case b.hasBear && zone:
			// Half way to the edge of an area; beyond the edge of a town.
			b.point = moved(anchor.point, anchor.radius*0.55, b.bearing)
			b.radius = max(15, anchor.radius*0.55)
		default:
			b.radius = max(15, anchor.radius*0.4)
		}
	}
	if f.locates(s, t, &b, first, hi, r) {
		return
	}
	if !b.hasDist {
		b.kind = Region
		if anchor.kind == City {
			b.kind = Neighbourhood
			if q == r.First || s.toks[q-1].class&In == 0 {
				b.radius = max(b.radius, 5)
			}
		}
	}
	f.tell(s, b, h.place, int32(first), h.last)
}

// locates reports whether the phrase that begins at token first and ends with
// hit hi only says where the place before it lies: «X (50 km au sud de Gao)»,
// «X, à 50 km de Gao», «le village de X, situé à 50 km de Gao». A place that the
// gazetteer lacks is put there.
func (f *Finder) locates(s *scratch, t *text.Text, b *built, first, hi int, r text.Range) bool {
	if !b.hasDist {
		return false
	}
	p := first - 1
	for steps := 0; p > r.First && steps < 4 && s.toks[p].letters && !s.toks[p].capital && s.toks[p].class&Lies == 0 && s.toks[p].typ == 0; steps++ {
		p-- // «à environ», «à moins de»
	}
	if p > r.First && s.toks[p].class&Lies != 0 {
		p--
		for steps := 0; p > r.First && steps < 2 && (s.toks[p].class&Is != 0 || t.TokenText(p) == ","); steps++ {
			p--
		}
	} else {
		switch t.TokenText(p) {
		case ",", "(":
			p--
		default:
			return false
		}
	}
	for o := hi - 1; o >= max(0, hi-4); o-- {
		h := &s.hits[o]
		if h.place < 0 || int(h.last) != p+1 || h.place == s.hits[hi].place {
			continue
		}
		named := &s.places[h.place]
		if named.kind == Country {
			return false
		}
		if named.row < 0 && named.entry < 0 && named.anchor < 0 && b.located && (!named.located || b.radius < named.radius) {
			named.point, named.located, named.radius = b.point, true, b.radius
			named.country = s.places[s.hits[hi].place].country
		}
		return true
	}
	return false
}

// isDirection reports whether the direction word at q is one here: «est» is a
// verb too.
func (f *Finder) isDirection(s *scratch, q int, r text.Range) bool {
	k := &s.toks[q]
	if k.capital || q == r.First {
		return k.capital
	}
	if int(k.key[1]-k.key[0]) != 3 {
		return true
	}
	return s.toks[q-1].class&(Article|In|Of|And) != 0
}

// distance reads a number and a unit that end at token q, and returns the
// first token of them.
func (f *Finder) distance(s *scratch, q int, r text.Range) (km float64, first int, ok bool) {
	for q >= r.First && s.toks[q].class&About != 0 && s.toks[q].class&Unit == 0 {
		q--
	}
	if q-1 < r.First || s.toks[q].class&Unit == 0 {
		return 0, 0, false
	}
	unit := s.toks[q].value
	q--
	if s.toks[q].class&Of != 0 && q > r.First {
		q-- // «une dizaine de kilomètres»
	}
	v, n := 0.0, 0
	for q >= r.First && s.toks[q].class&Numeral != 0 && n < 4 {
		if n > 0 && s.toks[q].class&Article != 0 {
			break // «une trentaine»
		}
		if x := s.toks[q].value; n > 0 && v < x {
			v += x // «soixante-dix», «vingt et un»
		} else if n > 0 && x > 0 && v >= 100 {
			v *= x // «trois cents»
		} else {
			v += x
		}
		q--
		n++
	}
	if n == 0 || v <= 0 || v*unit > 5000 {
		return 0, 0, false
	}
	return v * unit, q + 1, true
}

// between makes the place of «à mi-chemin entre A et B» and «la route entre A
// et B», where hit hi is A.
func (f *Finder) between(s *scratch, hi int, r text.Range) {
	h := &s.hits[hi]
	p := int(h.first) - 1
	for p >= r.First && s.toks[p].class&Article != 0 && s.toks[p].class&(In|Of) == 0 {
		p--
	}
	if p < r.First+1 || s.toks[p].class&Between == 0 {
		return
	}
	q := p - 1
	typ := s.toks[q].typ
	border := typ > 0 && f.types[typ-1].Class == Border
	if s.toks[q].class&(Halfway|Route) == 0 && !border {
		return
	}
	for o := hi + 1; o < min(len(s.hits), hi+6); o++ {
		b := &s.hits[o]
		if b.place < 0 || b.place == h.place || b.first <= h.last-1 || int(b.first) > int(h.last)+4 || b.group < 0 {
			continue
		}
		joined := false
		for k := h.last; k < b.first; k++ {
			joined = joined || s.toks[k].class&And != 0
		}
		x, y := &s.places[h.place], &s.places[b.place]
		if !joined || !x.located || !y.located {
			continue
		}
		share := 0.5
		if border && x.radius+y.radius > 0 {
			share = x.radius / (x.radius + y.radius)
		}
		n := newBuilt()
		n.kind, n.typ, n.located = Region, typ, true
		var d float64
		n.point, d = between(x.point, y.point, share)
		n.radius = max(5, d/2)
		if s.toks[q].class&Halfway != 0 {
			n.radius = max(5, d*0.15)
		}
		if n.hasDist = s.toks[q].class&Halfway != 0; n.hasDist {
			n.distance = math.Round(d * share)
		}
		if x.country != y.country {
			at := f.tell(s, n, h.place, int32(q), b.last)
			s.places[at].country = -1
		} else {
			f.tell(s, n, h.place, int32(q), b.last)
		}
		return
	}
}

// between is the point at this share of the way from a to b, and how far they
// are from each other, in kilometres.
func between(a, b Point, share float64) (p Point, km float64) {
	x, y := orb.Point{a.Lon, a.Lat}, orb.Point{b.Lon, b.Lat}
	d := geo.Distance(x, y)
	mid := geo.PointAtBearingAndDistance(x, geo.Bearing(x, y), d*share)
	return Point{Lat: mid.Lat(), Lon: mid.Lon()}, d / 1000
}

// meet is about where two neighbouring areas meet, and how far from there
// their border may reach.
func meet(a, b *candidate) (p Point, km float64) {
	share := 0.5
	if a.radius+b.radius > 0 {
		share = a.radius / (a.radius + b.radius)
	}
	p, d := between(a.point, b.point, share)
	return p, max(50, d/2)
}

// compounds makes the quarter of «Alep-Est»: an unknown name that is a known
// one and a direction.
func (f *Finder) compounds(ctx context.Context, s *scratch, t *text.Text, named int) {
	for i := range interrupt.Words(ctx, len(s.toks)) {
		k := &s.toks[i]
		if !k.capital || k.sent < 0 {
			continue
		}
		form := t.TokenText(i)
		cut := len(form) - 1
		for cut > 0 && form[cut] != '-' {
			cut--
		}
		if cut < 3 {
			continue
		}
		s.lower = appendLower(s.lower[:0], form[cut+1:])
		w, ok := f.words[string(s.lower)]
		if !ok || w.class&Direction == 0 || w.value < 0 || s.taken(i, named) {
			continue
		}
		s.rewrite = appendKey(s.rewrite[:0], form[:cut])
		hash := hashKey(s.rewrite)
		anchor := int32(-1)
		for _, area := range []bool{false, true} {
			if g, ok := s.groupAt[groupKey{hash: hash, area: area}]; ok && anchor < 0 && s.groups[g].chosen >= 0 {
				anchor = s.placeOf(&s.cands[s.groups[g].chosen], &s.groups[g])
			}
		}
		if anchor < 0 {
			best := float32(0)
			s.posts = f.gaz.lookup(s.posts[:0], hash)
			for _, p := range s.posts {
				c := f.candidate(p)
				if v := f.fame(s, &c); c.kind == City && c.country >= 0 && s.weight[c.country] > 0 && v > max(best, 2) {
					best = v
					g := group{second: -1, hash: hash}
					anchor = s.placeOf(&c, &g)
				}
			}
		}
		if anchor < 0 {
			continue
		}
		b := newBuilt()
		b.kind, b.bearing, b.hasBear = Neighbourhood, w.value, true
		if a := &s.places[anchor]; a.located {
			b.point, b.located = moved(a.point, min(a.radius/2, 8), w.value), true
			b.radius = max(3, a.radius)
		}
		f.tell(s, b, anchor, int32(i), int32(i+1))
	}
}

// taken reports whether one of the named hits, which stand in order, holds
// token i.
func (s *scratch) taken(i, named int) bool {
	at := sort.Search(named, func(n int) bool { return int(s.hits[n].last) > i })
	for ; at < named && int(s.hits[at].first) <= i; at++ {
		if s.hits[at].place >= 0 && int(s.hits[at].nfirst) <= i && i < int(s.hits[at].nlast) {
			return true
		}
	}
	return false
}

// moved is the point at a distance and bearing from p.
func moved(p Point, km, bearing float64) Point {
	q := geo.PointAtBearingAndDistance(orb.Point{p.Lon, p.Lat}, bearing, km*1000)
	return Point{Lat: q.Lat(), Lon: q.Lon()}
}

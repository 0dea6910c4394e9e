package place

import (
	"cmp"
	"math"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// built is a place of the article in the making.
type built struct {
	row     int32 // of the hand-made layer, -1
	entry   int32 // of the gazetteer, -1
	hash    uint64
	kind    Kind
	typ     int16 // 1 + index of the type word that names it, 0 none
	country int16
	point   Point
	located bool
	radius  float64
	// A place told by another one: relation, and the tokens that name it.
	anchor           int32
	distance         float64
	bearing          float64
	hasDist, hasBear bool
	first, last      int32 // tokens of the name, for a place without one of its own
	fuzzy            bool
	weight           float64 // how often it was named so far, titles more
	rival            int32   // candidate that is nearly as likely, -1
}

func newBuilt() built { return built{row: -1, entry: -1, anchor: -1, country: -1, rival: -1} }

// placeOf returns the index of the place that candidate c is.
func (s *scratch) placeOf(c *candidate, g *group) int32 {
	p := newBuilt()
	if c.row >= 0 {
		p.row = c.row
	} else {
		p.entry = int32(c.entry)
	}
	at := placeKey{row: p.row, entry: p.entry}
	if i, ok := s.placeAt[at]; ok {
		return i
	}
	s.placeAt[at] = int32(len(s.places))
	p.kind, p.country, p.point, p.located = c.kind, c.country, c.point, c.located
	p.radius = reach(c)
	p.fuzzy, p.rival, p.hash = g.fuzzy, g.second, g.hash
	s.places = append(s.places, p)
	return int32(len(s.places) - 1)
}

// reach is how far a candidate extends from its point, in kilometres.
func reach(c *candidate) float64 {
	switch {
	case c.radius > 0:
		return c.radius
	case c.kind == City || c.kind == Neighbourhood:
		// A town of 15,000 reaches 2 km, a city of ten million 20.
		return math.Round(10*max(1, min(20, 0.006*math.Sqrt(math.Pow(10, float64(c.pop)/16))+1))) / 10
	}
	return 30
}

// unknownPlace returns the place that an unknown name is, with the country and
// point of those around it.
func (s *scratch) unknownPlace(g *group, hi int, f *Finder) int32 {
	at := placeKey{row: -1, entry: -1, hash: g.hash}
	if i, ok := s.placeAt[at]; ok {
		return i
	}
	s.placeAt[at] = int32(len(s.places))
	h := &s.hits[hi]
	p := newBuilt()
	p.hash, p.kind, p.first, p.last = g.hash, City, h.nfirst, h.nlast
	if g.want != 0 {
		p.kind = g.want
	}
	if h.typ > 0 {
		p.typ = h.typ
		ty := &f.types[h.typ-1]
		if ty.Class == Part {
			p.kind, p.first = ty.Kind, h.typeTok
		}
		if s.toks[h.typeTok].capital && h.typeTok == h.nfirst-1 {
			p.first = h.typeTok // «Cap X»: the type word is part of the name
		}
	}
	s.neighbours(&p, hi, f)
	s.places = append(s.places, p)
	return int32(len(s.places) - 1)
}

// neighbours gives p the country and point of the area that is told of it, else
// of the places named nearest to h: those in its sentence after it, then before it, then the article's country.
func (s *scratch) neighbours(p *built, hi int, f *Finder) {
	h := &s.hits[hi]
	sent := s.toks[h.nfirst].sent
	bestCost := int32(math.MaxInt32)
	var best *candidate
	for i := max(0, hi-nearbyGroups); i < min(len(s.hits), hi+nearbyGroups); i++ {
		o := &s.hits[i]
		if o.group < 0 || s.groups[o.group].chosen < 0 || s.groups[o.group].fuzzy && o.place < 0 {
			continue
		}
		c := &s.cands[s.groups[o.group].chosen]
		apart := s.toks[o.nfirst].sent - sent
		if apart > 0 || apart < -2 {
			continue
		}
		cost := -apart * 100
		if d := o.nfirst - h.nfirst; d > 0 {
			cost += d
		} else {
			cost += -d * 2
		}
		if c.kind == Country {
			cost += 40
		}
		if cost < bestCost {
			bestCost, best = cost, c
		}
	}
	if w := s.groups[h.group].within; w >= 0 && s.cands[w].country >= 0 {
		best = &s.cands[w] // «à Pensa, dans la province du Sanmatenga»
	} else if m := s.mainCountry(); best != nil && best.country >= 0 && m >= 0 && m != best.country && s.weight[best.country] < 1 {
		best = nil // a place that the article's own country makes doubtful
	}
	if best != nil && best.country >= 0 {
		p.country = best.country
		if best.located {
			p.point, p.located = best.point, true
			p.radius = max(reach(best), 75)
			if best.kind == Country {
				p.radius = reach(best)
			}
		}
		return
	}
	if c := s.mainCountry(); c >= 0 {
		r := &f.rows[c]
		p.country, p.point, p.located, p.radius = c, *r.Point, true, r.RadiusKM
	}
}

// output turns what was found into the layer's types.
func (f *Finder) output(s *scratch, t *text.Text, a *syntax.Analysis) ([]Place, []Notice) {
	slices.SortStableFunc(s.hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(b.last, a.last))
	})
	order := s.near[:0]
	at := make([]int32, len(s.places))
	mentions := make([]int, len(s.places))
	for i := range at {
		at[i] = -1
	}
	total := 0
	for i := range s.hits {
		p := s.hits[i].place
		if p < 0 {
			continue
		}
		if at[p] < 0 {
			at[p] = int32(len(order))
			order = append(order, p)
		}
		mentions[p]++
		total++
	}
	s.near = order
	if len(order) == 0 {
		return nil, nil
	}
	out := make([]Place, len(order))
	all := make([]Mention, 0, total)
	for o, p := range order {
		out[o] = f.place(s, t, &s.places[p], at)
		out[o].Mentions = all[len(all) : len(all) : len(all)+mentions[p]]
		all = all[:len(all)+mentions[p]]
	}
	var notices []Notice
	for i := range s.hits {
		h := &s.hits[i]
		if h.place < 0 {
			continue
		}
		o := at[h.place]
		m := mention(t, a, h)
		m.Acting = f.acting(s, t, a, h, &m)
		if n := len(out[o].Mentions); n > 0 && out[o].Mentions[n-1].Span == m.Span {
			continue
		}
		out[o].Mentions = append(out[o].Mentions, m)
		p := &s.places[h.place]
		if p.fuzzy && h.group >= 0 {
			notices = append(notices, Notice{Code: Fuzzy, Place: int(o), Span: m.Span, Detail: out[o].Name})
			p.fuzzy = false
		}
		if p.rival >= 0 {
			if d := f.rival(s, p); d != "" {
				notices = append(notices, Notice{Code: Ambiguous, Place: int(o), Span: m.Span, Detail: d})
			}
			p.rival = -1
		}
	}
	return out, notices
}

// rival names the other place that p's name may mean, empty where it is as
// good as the same.
func (f *Finder) rival(s *scratch, p *built) string {
	c := &s.cands[p.rival]
	if c.located && p.located && roughKM(c.point, p.point) < 50 {
		return ""
	}
	if c.row >= 0 {
		return f.rows[c.row].Name
	}
	country := ""
	if c.country >= 0 {
		country = ", " + f.rows[c.country].Name
	}
	return f.nameOf(int32(c.entry)) + country
}

// nameOf returns the name of an entry as the hand-made layer has it, or the
// gazetteer.
func (f *Finder) nameOf(entry int32) string {
	if n, ok := f.french[entry]; ok {
		return n
	}
	return f.gaz.nameAt(entryID(entry))
}

func (f *Finder) place(s *scratch, t *text.Text, p *built, at []int32) Place {
	out := Place{Kind: p.kind, UncertaintyKM: p.radius}
	if p.country >= 0 {
		out.Country = f.rows[p.country].Country
	}
	if p.located {
		pt := p.point
		out.Point = &pt
	}
	switch {
	case p.row >= 0:
		out.KnowledgeID, out.Name = f.rows[p.row].ID, f.rows[p.row].Name
		if c := f.countryAround(s, p); out.Country == "" && p.kind == Terrain && c >= 0 {
			out.Country = f.rows[c].Country
		}
	case p.entry >= 0:
		e := f.gaz.entryAt(entryID(p.entry))
		out.KnowledgeID, out.Name = f.gaz.idAt(entryID(p.entry)), f.nameOf(p.entry)
		out.Capital = p.country >= 0 && f.capitals[p.country] == p.entry
		if e.admin1 >= 0 {
			out.Admin1 = f.gaz.nameAt(entryID(e.admin1))
		} else if p.kind == Admin1 {
			out.Admin1 = out.Name
		}
	default:
		out.Name = t.Document.Text(span(t, p.first, p.last))
	}
	if p.anchor >= 0 && at[p.anchor] >= 0 {
		out.Relation = &Relation{Anchor: int(at[p.anchor])}
		if p.hasDist {
			d := p.distance
			out.Relation.DistanceKM = &d
		}
		if p.hasBear {
			b := p.bearing
			out.Relation.BearingDegrees = &b
		}
		if a := &s.places[p.anchor]; a.entry >= 0 {
			if e := f.gaz.entryAt(entryID(a.entry)); e.admin1 >= 0 {
				out.Admin1 = f.gaz.nameAt(entryID(e.admin1))
			}
		}
	}
	return out
}

// countryAround returns the article's country where p lies within its reach,
// -1 elsewhere: a valley of several countries is that part of it.
func (f *Finder) countryAround(s *scratch, p *built) int16 {
	c := s.mainCountry()
	if c < 0 || !p.located || roughKM(p.point, *f.rows[c].Point) >= f.rows[c].RadiusKM {
		return -1
	}
	return c
}

// span is the span of tokens [first, last).
func span(t *text.Text, first, last int32) article.Span {
	s := t.Tokens[first].Span
	s.End = t.Tokens[last-1].Span.End
	return s
}

func mention(t *text.Text, a *syntax.Analysis, h *hit) Mention {
	m := Mention{Span: span(t, h.first, h.last)}
	m.First, m.Last = t.Tokens[h.first].Words.First, t.Tokens[h.last-1].Words.Last
	m.Head = m.First
	if a == nil {
		if h.typeTok >= h.first {
			m.Head = t.Tokens[h.typeTok].Words.First
		}
		return m
	}
	for w := m.First; w < m.Last; w++ {
		if head := int(a.Words[w].Head); head < m.First || head >= m.Last {
			m.Head = w
			break
		}
	}
	return m
}

// inverted reports whether the verb at word v, whose group follows a mark, has no
// subject but what stands at word first right behind it.
func inverted(a *syntax.Analysis, v, first int) bool {
	start := v
	for c := range a.Children(v) {
		switch a.Words[c].Rel.Base() {
		case syntax.Nsubj:
			return false
		case syntax.Aux:
			start = min(start, c)
		}
	}
	return first == v+1 && start > 0 && a.Words[start-1].UPOS == syntax.PUNCT
}

// acting reports whether a mention stands for its place's government or army:
// a country or seat of power that governs a verb, not what something is at.
func (f *Finder) acting(s *scratch, t *text.Text, a *syntax.Analysis, h *hit, m *Mention) bool {
	p := &s.places[h.place]
	power := p.kind == Country || p.entry >= 0 && p.country >= 0 && (f.capitals[p.country] == p.entry || f.gaz.entryAt(entryID(p.entry)).seat == 3)
	if !power || h.typ > 0 && h.group >= 0 {
		return false
	}
	if i := int(h.first); h.prep&By != 0 && s.toks[s.beforeArticle(i, t.Sentences[s.toks[i].sent].Tokens)].class&Cites != 0 {
		return true // «selon Kiev»
	}
	if a != nil {
		w := &a.Words[m.Head]
		head := int(w.Head)
		for w.Rel == syntax.Conj && head >= 0 {
			w = &a.Words[head]
			head = int(w.Head)
		}
		if head < 0 {
			return false
		}
		up := a.Words[head].UPOS
		if w.Rel.Base() == syntax.Obj && p.kind == City && f.words[a.Words[head].Lemma].class&Addresses != 0 {
			return true // «Moscou accuse Kiev»
		}
		if w.Rel.Base() == syntax.Obj && up == syntax.VERB && inverted(a, head, m.First) {
			return true // «…, a affirmé New Delhi»
		}
		return w.Rel.Base() == syntax.Nsubj && w.Rel != syntax.NsubjPass && up == syntax.VERB || w.Rel == syntax.OblAgent
	}
	if h.prep != 0 {
		return false
	}
	end := t.Sentences[s.toks[h.first].sent].Tokens.Last
	for j := int(h.last); j < min(end, int(h.last)+4); j++ {
		k := &s.toks[j]
		switch {
		case k.class&Says != 0:
			return true
		case k.class&(And|Article) != 0 || k.capital || k.class&Function != 0:
		default:
			return false
		}
	}
	return false
}

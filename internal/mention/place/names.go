package place

import (
	"context"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/text"
)

// names finds the names of known places and what may be unknown ones.
func (f *Finder) names(ctx context.Context, s *scratch, t *text.Text) {
	s.listing = f.isListing(ctx, s, t)
	for si := range interrupt.Range(ctx, len(t.Sentences)) {
		r := t.Sentences[si].Tokens
		s.opening = f.dateline(s, t, si)
		title := t.Document.Segments[t.Sentences[si].Segment].Kind == article.Heading || t.Sentences[si].Span.Field == article.Title
		for i := r.First; i < r.Last; {
			n := f.name(s, t, i, r, title)
			i += max(n, 1)
		}
	}
}

// afterArea reports whether «la région de» or the like stands before token i.
func (f *Finder) afterArea(s *scratch, i int, r text.Range) bool {
	for q := i - 1; q >= max(r.First, i-3); q-- {
		if ty := s.toks[q].typ; ty > 0 {
			k := f.types[ty-1].Kind
			return k == Admin1 || k == Admin2
		}
	}
	return false
}

// maxNameTokens bounds a name.
const maxNameTokens = 8

// name takes the name that begins with token i, and returns its tokens.
func (f *Finder) name(s *scratch, t *text.Text, i int, r text.Range, title bool) int {
	k := &s.toks[i]
	if !k.letters || !k.capital && !f.opens(s, t, i) {
		return 0
	}
	if k.initial && k.class&(In|Of|Function) != 0 {
		if _, n := f.longest(s, t, i, r.Last, true); n == 0 {
			return 0
		}
	}
	if k.class&Article != 0 && k.capital && i+1 < r.Last {
		// «La Chine» is no Lachine, «La Paz» is one name.
		if _, n := f.longest(s, t, i+1, r.Last, false); n > 0 && (k.initial || s.toks[i].upper) {
			return 0
		}
	}
	from := int32(len(s.cands))
	swallowed, n := f.longest(s, t, i, r.Last, false)
	if n == 1 && (k.class&Direction != 0 && !f.afterArea(s, i, r) || k.class&Function != 0) {
		s.cands = s.cands[:from]
		return 1 // «le Nord» without «région» is no province, «Mon» no town
	}
	if n == 0 {
		if k.capital {
			return f.unknown(s, t, i, r, title)
		}
		return 0
	}
	if swallowed {
		s.cands = s.cands[:from]
		return n
	}
	if j := i + n; j < r.Last && s.toks[j].capital && s.toks[j].letters && s.toks[j].class&(Direction|And|Function) == 0 && s.cands[from].row < 0 ||
		s.partName(f, i, r) && !s.hasKind(int(from), f.types[s.toks[i-1].typ-1].Kind) {
		// The gazetteer knows but a piece of the name after a type word.
		h := hit{nfirst: int32(i), nlast: int32(j)}
		if f.context(s, t, &h, r); h.typ > 0 || h.told != 0 {
			s.cands = s.cands[:from]
			return f.unknown(s, t, i, r, title)
		}
	}
	f.addHit(s, t, i, i+n, r, title, from)
	return n
}

// partName reports whether a type word stands right before token i whose names
// are its own: «la mosquée X», «l'hôpital X».
func (s *scratch) partName(f *Finder, i int, r text.Range) bool {
	if i == r.First {
		return false
	}
	ty := s.toks[i-1].typ
	return ty > 0 && f.types[ty-1].Class == Part && f.types[ty-1].Kind == Facility
}

// hasKind reports whether a candidate from from on is of this kind.
func (s *scratch) hasKind(from int, k Kind) bool {
	for i := from; i < len(s.cands); i++ {
		if s.cands[i].kind == k {
			return true
		}
	}
	return false
}

// opens reports whether a name in lower case may begin with token i.
func (f *Finder) opens(s *scratch, t *text.Text, i int) bool {
	if len(s.toks) == 0 {
		return false
	}
	s.lower = appendLower(s.lower[:0], t.TokenText(i))
	return f.openers[string(s.lower)]
}

// longest appends the candidates of the longest name that begins with token i
// to s.cands and returns how many tokens it has; swallowed where it names
// something that is no place. rowsOnly asks for the hand-made layer only and
// appends nothing.
func (f *Finder) longest(s *scratch, t *text.Text, i, end int, rowsOnly bool) (swallowed bool, n int) {
	start := len(s.cands)
	first := &s.toks[i]
	loud := s.shouts(t, i)
	opens := s.opening.last > 0 && i == s.opening.first // «GAO –» is no acronym
	h := uint64(fnvOffset)
	for j := i; j < min(end, i+maxNameTokens); j++ {
		k := &s.toks[j]
		if !k.letters && !k.glue && k.class&Numeral == 0 {
			break
		}
		if j > i && t.Tokens[j-1].Span.End < t.Tokens[j].Span.Begin && spansLine(t, j) {
			break
		}
		h = hashMore(h, s.keys[k.key[0]:k.key[1]])
		if k.glue {
			continue
		}
		mark := len(s.cands)
		skip := false
		for _, m := range f.known[h] {
			row := &f.rows[m.row]
			if m.acronym && !k.upper || !first.capital && !m.lower || j == i && !k.capital || j == i && loud && !m.acronym && !opens {
				continue
			}
			if row.Kind == 0 {
				skip = true
				break
			}
			if m.entry >= 0 {
				s.cands = append(s.cands, f.called(posting{entryID(m.entry), m.flags | listed}, h))
				continue
			}
			c := candidate{row: m.row, kind: row.Kind, country: -1, flags: m.flags, radius: row.RadiusKM}
			if row.Country != "" {
				c.country = f.byISO[row.Country]
			}
			if row.Point != nil {
				c.point, c.located = *row.Point, true
			}
			if row.Kind == City && f.isCapital(h, c.country) {
				c.flags |= capitalName
			}
			s.cands = append(s.cands, c)
		}
		if !skip && !rowsOnly && first.capital && k.capital && k.letters && (j > i || !loud || opens) {
			s.posts = f.gaz.lookup(s.posts[:0], h)
			for _, p := range s.posts {
				if !s.has(mark, p.entry) && (j > i || !loud || p.flags&primary != 0) {
					s.cands = append(s.cands, f.called(p, h))
				}
			}
		}
		if skip || len(s.cands) > mark {
			s.cands = append(s.cands[:start], s.cands[mark:]...)
			swallowed, n = skip, j-i+1
		}
	}
	if rowsOnly || n == 0 {
		s.cands = s.cands[:start]
	}
	return swallowed, n
}

// called returns the candidate of a posting found by a name's hash.
func (f *Finder) called(p posting, name uint64) candidate {
	c := f.candidate(p)
	if c.seat == 3 && f.isCapital(name, c.country) {
		c.flags |= capitalName
	}
	return c
}

// isCapital reports whether a name is what news calls the capital of a country.
func (f *Finder) isCapital(name uint64, country int16) bool {
	return country >= 0 && slices.Contains(f.capitalNames[name], country)
}

// has reports whether the candidates from mark on hold the entry.
func (s *scratch) has(mark int, e entryID) bool {
	for i := mark; i < len(s.cands); i++ {
		if s.cands[i].row < 0 && s.cands[i].entry == e {
			return true
		}
	}
	return false
}

// maxAcronym is how many letters an acronym has at most.
const maxAcronym = 5

// shouts reports whether token i is an acronym's length and in capitals among
// words that are not: «SANA» is no Sanaa.
func (s *scratch) shouts(t *text.Text, i int) bool {
	k := &s.toks[i]
	if !k.upper || k.key[1]-k.key[0] > maxAcronym {
		return false
	}
	r := t.Sentences[k.sent].Tokens
	for j := max(r.First, i-3); j < min(r.Last, i+4); j++ {
		if o := &s.toks[j]; j != i && o.letters && !o.upper && o.key[1]-o.key[0] > 1 {
			return true
		}
	}
	return false
}

// spansLine reports whether a line ends between token j and the one before.
func spansLine(t *text.Text, j int) bool {
	a, b := t.Tokens[j-1].Span, t.Tokens[j].Span
	gap := t.Document.Text(article.Span{Begin: a.End, End: b.Begin, Field: b.Field})
	for i := range len(gap) {
		if gap[i] == '\n' {
			return true
		}
	}
	return false
}

func (f *Finder) candidate(p posting) candidate {
	e := f.gaz.entryAt(p.entry)
	return candidate{row: -1, entry: p.entry, flags: p.flags, kind: e.kind, country: f.gazIndex[e.country],
		point: e.point, located: e.located, pop: e.population, seat: e.seat, radius: e.radiusKM}
}

// addHit enters tokens [i, j) as a hit with the candidates from from on.
func (f *Finder) addHit(s *scratch, t *text.Text, i, j int, r text.Range, title bool, from int32) {
	h := hit{nfirst: int32(i), nlast: int32(j), first: int32(i), last: int32(j), typeTok: -1, place: -1, title: title}
	f.context(s, t, &h, r)
	hash := uint64(fnvOffset)
	for k := i; k < j; k++ {
		hash = hashMore(hash, s.keys[s.toks[k].key[0]:s.toks[k].key[1]])
	}
	if h.typ > 0 && s.cands[from].kind == Country && f.types[h.typ-1].Kind == City && s.toks[i-1].class&Article != 0 {
		h.first, h.typeTok, h.typ = h.nfirst, -1, 0 // «une ville du Mali» is not Mali
	}
	want, area := Kind(0), false
	if h.typ > 0 {
		if ty := f.types[h.typ-1]; ty.Class == Same || ty.Class == Around {
			want = ty.Kind
			area = ty.Class == Same && (want == Admin1 || want == Admin2)
		}
	} else if h.told != 0 {
		want = h.told
	}
	h.small = h.typ > 0 && f.isSmall(h.typ-1)
	person := f.personLike(s, &h, r)
	h.speaks = !person && h.evidence >= 1 && s.cands[from].row < 0 && f.speaksForPlace(s, t, &h, r)
	at := groupKey{hash: hash, area: area}
	if g, ok := s.groupAt[at]; ok {
		s.cands = s.cands[:from]
		f.join(s, g, h, want, person)
		return
	}
	s.groupAt[at] = int32(len(s.groups))
	s.groups = append(s.groups, group{hash: hash, area: area, from: from, to: int32(len(s.cands)), within: -1,
		chosen: -1, second: -1, evidence: -100, sent: s.toks[i].sent})
	f.join(s, int32(len(s.groups)-1), h, want, person)
}

// smallKM is how far at most what is no town of its country's size reaches: a
// village, a quarter.
const smallKM = 5

// isSmall reports whether the type word is one of a village or quarter.
func (f *Finder) isSmall(typ int16) bool {
	ty := &f.types[typ]
	return (ty.Kind == City && ty.Class == Same || ty.Kind == Neighbourhood && ty.Class == Part) && ty.RadiusKM <= smallKM
}

// join enters h as one of group g's.
func (f *Finder) join(s *scratch, g int32, h hit, want Kind, person bool) {
	gr := &s.groups[g]
	if gr.hits == 0 {
		gr.first = int32(len(s.hits))
	}
	gr.speaks = gr.speaks || h.speaks
	gr.small = gr.small || h.small
	if i := h.nfirst; i > 0 && s.toks[i-1].class&Article != 0 && !s.toks[i-1].capital {
		gr.article = true
	}
	if want != 0 && gr.want == 0 {
		gr.want = want
	}
	gr.evidence = max(gr.evidence, h.evidence)
	gr.person = gr.person || person
	gr.hits++
	h.group = g
	s.hits = append(s.hits, h)
}

package place

import (
	"strings"
	"sync"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// Finder finds places in texts. It is immutable and safe for concurrent use.
type Finder struct {
	gaz       *Gazetteer
	rows      []Row // countries first, then the hand-made layer
	countries int
	known     map[uint64][]name // by hash of key
	openers   map[string]bool   // first words of names that begin in lower case
	words     map[string]word
	types     []TypeWord
	adjs      map[string]int16 // adjective -> country
	byISO     map[string]int16
	gazIndex  []int16          // the gazetteer's country -> ours
	capitals  []int32          // by country: gazetteer entry, -1 none
	french    map[int32]string // the gazetteer's entries that the hand-made layer names
	scratch   sync.Pool
}

// name is one of a row's names.
type name struct {
	row     int32
	entry   int32 // the gazetteer's entry that the row is, -1 none
	flags   nameFlag
	lower   bool // begins in lower case: «bande de Gaza»
	acronym bool // only in capitals: «RCA»
}

type word struct {
	class WordClass
	value float64
	typ   int16
}

// NoticeCode says what a Notice warns of.
type NoticeCode uint8

// The codes of notices.
const (
	Fuzzy     NoticeCode = iota + 1 // another spelling was taken for the place's
	Ambiguous                       // another place of the name is nearly as likely
)

// Notice is a doubt about a place.
type Notice struct {
	Code   NoticeCode
	Place  int // indexes the Places returned with it
	Span   article.Span
	Detail string // the name that was taken, or the other place
}

// scratch is what finding needs and its result does not keep.
type scratch struct {
	toks    []token
	keys    []byte
	lower   []byte
	posts   []posting
	cands   []candidate
	hits    []hit
	groups  []group
	people  []uint64  // hashes of the keys of persons' names
	weight  []float32 // by country: how much of the article it has
	top     float32   // the most of them, at least 1
	places  []built
	near    []int32
	rewrite []byte
}

// A hit is a piece of the text that may name a place, or refers to one.
type hit struct {
	first, last   int32 // tokens of the whole phrase, half-open
	nfirst, nlast int32 // tokens of the name
	typeTok       int32 // the type word before it, -1 none
	typ           int16 // 1 + index of that word, 0 none
	group         int32 // -1 for a phrase that refers back
	place         int32 // indexes scratch.places, -1 while not accepted
	evidence      float32
	speaks        bool      // the words before it say that a place follows, known or not
	prep          WordClass // of what governs the phrase
	title         bool      // in the title or a heading
}

// A group is the hits of one name in one sense.
type group struct {
	hash     uint64
	area     bool // named as an area: «la province de X»
	want     Kind // what a type word says, 0 nothing
	from, to int32
	evidence float32
	person   bool
	unknown  bool  // not in the gazetteer
	within   int32 // candidate of the area that the name stands in, -1 none
	hits     int32
	chosen   int32 // of scratch.cands, -1 none
	second   int32 // the next likely, -1 none
	fuzzy    bool
	primary  bool // one of the candidates is a town of some size that goes by this name
	sent     int32
}

// candidate is a place that a name may mean.
type candidate struct {
	row     int32 // -1: entry
	entry   entryID
	flags   nameFlag
	kind    Kind
	country int16 // -1 none
	point   Point
	located bool
	pop     uint8
	seat    uint8
	radius  float64
	score   float32
}

// Find returns the places that t names, in order of their first mentions, and
// the doubts about them. a may be nil, and then what an order of words can
// tell of grammar is all that is used.
func (f *Finder) Find(t *text.Text, a *syntax.Analysis) ([]Place, []Notice) {
	s := f.scratch.Get().(*scratch)
	defer f.scratch.Put(s)
	s.cands, s.hits, s.groups, s.people, s.places = s.cands[:0], s.hits[:0], s.groups[:0], s.people[:0], s.places[:0]
	f.scan(s, t, a)
	f.names(s, t)
	f.weigh(s)
	f.nest(s, t)
	f.resolve(s)
	f.settle(s, t)
	f.refer(s, t)
	f.relate(s, t)
	return f.output(s, t, a)
}

// names finds the names of known places and what may be unknown ones.
func (f *Finder) names(s *scratch, t *text.Text) {
	for si := range t.Sentences {
		r := t.Sentences[si].Tokens
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
		if f.context(s, t, &h, r); h.typ > 0 {
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
			if m.acronym && !k.upper || !first.capital && !m.lower || j == i && !k.capital || j == i && s.shouts(t, i) && !m.acronym {
				continue
			}
			if row.Kind == 0 {
				skip = true
				break
			}
			if m.entry >= 0 {
				s.cands = append(s.cands, f.candidate(posting{entryID(m.entry), m.flags | listed}))
				continue
			}
			c := candidate{row: m.row, kind: row.Kind, country: -1, flags: m.flags, radius: row.RadiusKM}
			if row.Country != "" {
				c.country = f.byISO[row.Country]
			}
			if row.Point != nil {
				c.point, c.located = *row.Point, true
			}
			s.cands = append(s.cands, c)
		}
		if !skip && !rowsOnly && first.capital && k.capital && k.letters && !(j == i && s.shouts(t, i)) {
			s.posts = f.gaz.lookup(s.posts[:0], h)
			for _, p := range s.posts {
				if !s.has(mark, p.entry) {
					s.cands = append(s.cands, f.candidate(p))
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

// has reports whether the candidates from mark on hold the entry.
func (s *scratch) has(mark int, e entryID) bool {
	for i := mark; i < len(s.cands); i++ {
		if s.cands[i].row < 0 && s.cands[i].entry == e {
			return true
		}
	}
	return false
}

// shouts reports whether token i is an acronym's length and in capitals among
// words that are not: «SANA» is no Sanaa.
func (s *scratch) shouts(t *text.Text, i int) bool {
	k := &s.toks[i]
	if !k.upper || k.key[1]-k.key[0] > 5 {
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
	want, area := Kind(0), false
	if h.typ > 0 {
		if ty := f.types[h.typ-1]; ty.Class == Same || ty.Class == Around {
			want = ty.Kind
			area = ty.Class == Same && (want == Admin1 || want == Admin2)
		}
	}
	person := f.personLike(s, &h, r)
	h.speaks = !person && h.evidence >= 1 && s.cands[from].row < 0 && f.speaksForPlace(s, &h, r)
	for g := range s.groups {
		if gr := &s.groups[g]; gr.hash == hash && gr.area == area && !gr.unknown {
			s.cands = s.cands[:from]
			f.join(s, g, h, want, person)
			return
		}
	}
	s.groups = append(s.groups, group{hash: hash, area: area, from: from, to: int32(len(s.cands)), within: -1,
		chosen: -1, second: -1, evidence: -100, sent: s.toks[i].sent})
	f.join(s, len(s.groups)-1, h, want, person)
}

func (f *Finder) join(s *scratch, g int, h hit, want Kind, person bool) {
	gr := &s.groups[g]
	if want != 0 && gr.want == 0 {
		gr.want = want
	}
	gr.evidence = max(gr.evidence, h.evidence)
	gr.person = gr.person || person
	gr.hits++
	h.group = int32(g)
	s.hits = append(s.hits, h)
}

// context reads the words around a name: the type word and the preposition
// that govern it, and what speaks for and against its being a place.
func (f *Finder) context(s *scratch, t *text.Text, h *hit, r text.Range) {
	i := int(h.nfirst)
	p := i - 1
	for p >= r.First && s.toks[p].class&Article != 0 && s.toks[p].class&(In|Of) == 0 {
		p--
	}
	switch {
	case p >= r.First && s.toks[p].typ > 0 && (p == i-1 || f.types[s.toks[p].typ-1].Class == Same) && !(s.toks[p].class&Direction != 0):
		h.typeTok, h.typ = int32(p), s.toks[p].typ
	case p > r.First && p == i-1 && s.toks[p].class&In != 0 && s.toks[p-1].typ > 0 && f.types[s.toks[p-1].typ-1].Class == Part:
		h.typeTok, h.typ = int32(p-1), s.toks[p-1].typ // «un hôtel à X»
	case p >= r.First && s.toks[p].class&Of != 0:
		for q := p - 1; q >= max(r.First, p-4); q-- {
			k := &s.toks[q]
			if k.typ > 0 {
				h.typeTok, h.typ = int32(q), k.typ
				break
			}
			if !k.letters || k.capital || k.class&^(Of|Numeral) != 0 || k.class&Of != 0 && q == p-1 {
				break
			}
		}
	}
	if h.typ > 0 && f.types[h.typ-1].Class == Same {
		h.first = h.typeTok
	}
	// What governs the whole phrase.
	start := int(h.first)
	if h.typ > 0 {
		start = int(h.typeTok)
	}
	p = start - 1
	for p >= r.First && (s.toks[p].class&Article != 0 && s.toks[p].class&(In|Of) == 0 || h.typ > 0 && s.toks[p].letters && !s.toks[p].capital && s.toks[p].class == 0 && p > r.First && s.toks[p-1].class&(Article|This) != 0) {
		p--
	}
	if p >= r.First {
		h.prep = s.toks[p].class & (In | Of | Near | Between | Locating)
	}
	e := float32(0)
	switch {
	case h.typ > 0:
		e += 3
	case h.prep&In != 0 && p == i-1 && s.toks[p].class&At != 0:
		e += 2.2
		if s.dative(p, r) {
			e = 0.8
		}
	case h.prep&In != 0:
		e += 1.5
	case h.prep&Between != 0:
		e++
	case h.prep&Of != 0:
		e += 0.3
		if p > r.First && s.toks[p-1].class&(Near|Locating|Direction|Unit) != 0 {
			e += 1.2
		}
	}
	if start == r.First || s.toks[i].initial {
		if j := int(h.nlast); j < r.Last && !s.toks[j].letters {
			switch t.TokenText(j) {
			case ":", "(", "–", "—":
				e++
			}
		}
	}
	if s.toks[i].initial && h.typ == 0 {
		if s.wordy(f, i, int(h.nlast)) && !s.great() {
			e -= initialDoubt
		}
	}
	// In a list after another place.
	if n := len(s.hits); p >= r.First && p == i-1 && s.toks[p].class&And != 0 && n > 0 && int(s.hits[n-1].last) == p && h.typ == 0 {
		e = max(e, 0.8*s.hits[n-1].evidence)
		if h.prep == 0 {
			h.prep = s.hits[n-1].prep
		}
	}
	h.evidence = e
}

// initialDoubt is against a name that opens a sentence and is a word.
const initialDoubt = 1

// great reports whether the last candidates are of a capital or a city of a
// million, which no word makes doubtful.
func (s *scratch) great() bool {
	for i := len(s.cands) - 1; i >= 0 && i >= len(s.cands)-8; i-- {
		if c := &s.cands[i]; c.row < 0 && c.flags&primary != 0 && (c.pop >= 96 || c.seat == 3) {
			return true
		}
	}
	return false
}

// wordy reports whether tokens [i, j) are one that is a word too.
func (s *scratch) wordy(f *Finder, i, j int) bool {
	return j == i+1 && f.gaz.isWord(hashKey(s.keys[s.toks[i].key[0]:s.toks[i].key[1]]))
}

// personLike reports whether h's name is rather a person's or a part of a
// longer name.
func (f *Finder) personLike(s *scratch, h *hit, r text.Range) bool {
	i, j := int(h.nfirst), int(h.nlast)
	if i > r.First {
		k := &s.toks[i-1]
		if k.class&PersonBy != 0 {
			h.evidence -= 4
			return true
		}
		if k.letters && k.capital && k.typ == 0 && k.class&(Direction|Article|In|Of|Function|And) == 0 && !(k.initial && k.class != 0) &&
			!f.afterPlace(s, i) {
			h.evidence -= 3
			if f.gaz.isGivenName(hashKey(s.keys[k.key[0]:k.key[1]])) {
				h.evidence--
				return true
			}
		}
	}
	if j < r.Last {
		k := &s.toks[j]
		if k.letters && k.capital && k.class&(Direction|And) == 0 {
			h.evidence -= 2.5
			if h.nlast == h.nfirst+1 && f.gaz.isGivenName(hashKey(s.keys[s.toks[i].key[0]:s.toks[i].key[1]])) {
				return true
			}
		}
	}
	return false
}

// afterPlace reports whether the name before token i is a place of the
// hand-made layer, a country mostly, so that two names stand side by side.
func (f *Finder) afterPlace(s *scratch, i int) bool {
	if len(s.hits) == 0 || int(s.hits[len(s.hits)-1].nlast) != i {
		return false
	}
	g := &s.groups[s.hits[len(s.hits)-1].group]
	return g.from < g.to && s.cands[g.from].row >= 0
}

// unknown takes the run of capitalised words that begins with token i, where
// what stands around it says that it is a place, and notes persons' names.
func (f *Finder) unknown(s *scratch, t *text.Text, i int, r text.Range, title bool) int {
	j := i + 1
	for j < r.Last && j < i+5 {
		k := &s.toks[j]
		if k.glue && j+1 < r.Last && s.toks[j+1].capital {
			j += 2
			continue
		}
		if !k.letters || !k.capital || k.class&In != 0 {
			break
		}
		j++
	}
	first := &s.toks[i]
	if first.initial && (first.class != 0 || j == i+1) || first.typ > 0 && first.capital && j == i+1 {
		return 1
	}
	if first.key[1]-first.key[0] < 2 || s.hasDigit(i, j) {
		return j - i // an initial, a code
	}
	h := hit{nfirst: int32(i), nlast: int32(j), first: int32(i), last: int32(j), typeTok: -1, place: -1, title: title}
	f.context(s, t, &h, r)
	given := first.key[1]-first.key[0] > 2 && f.gaz.isGivenName(hashKey(s.keys[first.key[0]:first.key[1]]))
	titled := i > r.First && s.toks[i-1].class&PersonBy != 0 || first.class&PersonBy != 0
	if titled || given && j > i+1 {
		for k := i; k < j; k++ {
			if k > i || titled {
				s.people = append(s.people, hashKey(s.keys[s.toks[k].key[0]:s.toks[k].key[1]]))
			}
		}
		if h.typ == 0 || f.types[h.typ-1].Class != Part || titled {
			return j - i
		}
	}
	if first.adj > 0 || f.isCompound(t.TokenText(j-1)) || !f.speaksForPlace(s, &h, r) {
		return j - i
	}
	hash := uint64(fnvOffset)
	for k := i; k < j; k++ {
		hash = hashMore(hash, s.keys[s.toks[k].key[0]:s.toks[k].key[1]])
	}
	from := int32(len(s.cands))
	want := Kind(0)
	if h.typ > 0 {
		want = f.types[h.typ-1].Kind
	}
	for g := range s.groups {
		if gr := &s.groups[g]; gr.hash == hash {
			f.join(s, g, h, want, false)
			return j - i
		}
	}
	s.groups = append(s.groups, group{hash: hash, from: from, to: from, within: -1, chosen: -1, second: -1,
		evidence: -100, unknown: true, sent: first.sent})
	f.join(s, len(s.groups)-1, h, want, false)
	return j - i
}

// speaksForPlace reports whether the words before an unknown name say that it
// is a place.
func (f *Finder) speaksForPlace(s *scratch, h *hit, r text.Range) bool {
	i := int(h.nfirst)
	if s.toks[i].upper && h.nlast == h.nfirst+1 {
		return false // an acronym
	}
	if h.typ > 0 {
		ty := f.types[h.typ-1]
		switch {
		case ty.Class == Zone || ty.Class == Border:
			return false
		case int(h.typeTok) == i-1 && ty.Kind <= Admin2:
			return false // «la République X»: no «de»
		}
		return true
	}
	if h.nlast == h.nfirst+1 && f.gaz.isWord(hashKey(s.keys[s.toks[i].key[0]:s.toks[i].key[1]])) || i == r.First {
		return false
	}
	if h.evidence >= 1.2 && s.toks[i-1].class&And != 0 && s.afterTown(i-1) {
		return true // «à Gao, Douentza et X»
	}
	prev := &s.toks[i-1]
	if prev.class&Of != 0 && i-2 >= r.First && s.toks[i-2].class&(Near|Unit|Direction) != 0 {
		return true
	}
	if prev.class&At == 0 {
		return false
	}
	if words := int(h.nlast - h.nfirst); words > 1 && int(s.toks[i].key[1]-s.toks[i].key[0]) > 4 && !s.located(h, r) {
		return false // two capitalised words are a person more often
	}
	return !s.dative(i-1, r)
}

// dative reports whether «à» at token p follows a word that takes a person or
// thing with it.
func (s *scratch) dative(p int, r text.Range) bool {
	for q := p - 1; q >= max(r.First, p-5); q-- {
		k := &s.toks[q]
		if k.class&Dative != 0 {
			return true
		}
		if !k.letters {
			break
		}
	}
	return false
}

// afterTown reports whether a town, known or not, ends at token i.
func (s *scratch) afterTown(i int) bool {
	if len(s.hits) == 0 || int(s.hits[len(s.hits)-1].last) != i {
		return false
	}
	g := &s.groups[s.hits[len(s.hits)-1].group]
	return g.from == g.to || s.cands[g.from].kind == City
}

func (s *scratch) hasDigit(i, j int) bool {
	for _, c := range s.keys[s.toks[i].key[0]:s.toks[j-1].key[1]] {
		if '0' <= c && c <= '9' {
			return true
		}
	}
	return false
}

// located reports whether a preposition of place follows the name after a
// comma: «à X, dans le nord».
func (s *scratch) located(h *hit, r text.Range) bool {
	j := int(h.nlast)
	return j+1 < r.Last && s.toks[j].class&And != 0 && s.toks[j+1].class&In != 0
}

// isCompound reports whether the token is a name with a direction, such as
// «Alep-Est».
func (f *Finder) isCompound(form string) bool {
	cut := strings.LastIndexByte(form, '-')
	if cut < 3 {
		return false
	}
	var buf [32]byte
	w, ok := f.words[string(appendLower(buf[:0], form[cut+1:]))]
	return ok && w.class&Direction != 0 && w.value >= 0
}

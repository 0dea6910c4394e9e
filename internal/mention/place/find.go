package place

import (
	"context"
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
	rivals    map[string]int16 // the larger country that shares an adjective with the smaller one in adjs
	byISO     map[string]int16
	gazIndex  []int16 // the gazetteer's country -> ours
	capitals  []int32 // by country: gazetteer entry, -1 none
	// capitalNames has the countries whose capital a name is, by the name's hash.
	capitalNames map[uint64][]int16
	french       map[int32]string // the gazetteer's entries that the hand-made layer names
	scratch      sync.Pool
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
	toks     []token
	keys     []byte
	lower    []byte
	posts    []posting
	cands    []candidate
	hits     []hit
	groups   []group
	groupAt  map[groupKey]int32
	people   map[uint64]bool // hashes of the keys of persons' names
	weight   []float32       // by country: how much of the article it has
	top      float32         // the most of them, at least 1
	places   []built
	placeAt  map[placeKey]int32
	recent   []mentioned
	misspelt int      // how many names were looked for a letter off
	opening  dateline // of the sentence that is being read
	listing  bool     // the document is a list of datelines
	near     []int32
	rewrite  []byte
}

// groupKey tells the senses of a name apart.
type groupKey struct {
	hash          uint64
	area, unknown bool
}

// placeKey is what a place is: a row, an entry, or an unknown name.
type placeKey struct {
	row, entry int32
	hash       uint64
}

// mentioned is a mention of a place, for phrases that refer back.
type mentioned struct{ place, sent int32 }

// A hit is a piece of the text that may name a place, or refers to one.
type hit struct {
	first, last   int32 // tokens of the whole phrase, half-open
	nfirst, nlast int32 // tokens of the name
	typeTok       int32 // the type word before it, -1 none
	typ           int16 // 1 + index of that word, 0 none
	group         int32 // -1 for a phrase that refers back
	place         int32 // indexes scratch.places, -1 while not accepted
	evidence      float32
	told          Kind      // what a list of examples says it is, 0 nothing
	speaks        bool      // the words before it say that a place follows, known or not
	small         bool      // it is told as a village or quarter
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
	first    int32 // the first of them
	speaks   bool  // one of them stands where places stand
	small    bool  // one of them is told as a village or quarter
	sure     bool  // no person could stand where one of them stands
	chosen   int32 // of scratch.cands, -1 none
	second   int32 // the next likely, -1 none
	article  bool  // one of them has an article, as regions have and towns have not
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

// CountryName returns the name of the country with an ISO 3166-1 alpha-3 code,
// "" for another.
func (f *Finder) CountryName(code string) string {
	i, ok := f.byISO[code]
	if !ok {
		return ""
	}
	return f.rows[i].Name
}

// Find returns the places that t names, in order of their first mentions, and
// the doubts about them. a may be nil, and then what an order of words can
// tell of grammar is all that is used. Of a ctx that has ended, what is returned
// is of no use.
func (f *Finder) Find(ctx context.Context, t *text.Text, a *syntax.Analysis) ([]Place, []Notice) {
	s := f.scratch.Get().(*scratch)
	defer f.scratch.Put(s)
	s.reset()
	for _, step := range []func(){
		func() { f.scan(ctx, s, t) },
		func() { f.names(ctx, s, t) },
		func() { f.weigh(s) },
		func() { f.nest(s, t) },
		func() { f.resolve(ctx, s) },
		func() { f.settle(ctx, s) },
		func() { f.refer(ctx, s, t, a) },
		func() { f.relate(ctx, s, t) },
		func() { f.bearings(ctx, s, t, a) },
	} {
		if step(); ctx.Err() != nil {
			return nil, nil
		}
	}
	return f.output(s, t, a)
}

func (s *scratch) reset() {
	s.cands, s.hits, s.groups, s.places, s.recent = s.cands[:0], s.hits[:0], s.groups[:0], s.places[:0], s.recent[:0]
	s.misspelt = 0
	s.opening, s.listing = dateline{}, false
	clear(s.people)
	clear(s.groupAt)
	clear(s.placeAt)
}

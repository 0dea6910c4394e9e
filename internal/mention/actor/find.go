package actor

import (
	"context"
	"hash/maphash"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// Finder finds actors by a lexicon. It is safe for concurrent use.
type Finder struct{ lex *Lexicon }

// NewFinder returns a Finder by lex.
func NewFinder(lex *Lexicon) *Finder { return &Finder{lex: lex} }

// Find returns who t names, in order of first mention. day tells who held an
// office then; the zero Date: at any time. Of a ctx that has ended, what is
// returned is of no use.
func (f *Finder) Find(ctx context.Context, t *text.Text, a *syntax.Analysis, places []place.Place, day timex.Date) []Actor {
	r := newReading(ctx, f.lex, t, a, places, day)
	for _, step := range []func(context.Context){r.findNames, r.findHeaded, r.findCountries, r.findOrganisations, r.findArrangers,
		r.findPersons, r.findNouns, r.findDemonyms, r.sort, r.link, r.resolvePronouns, r.locate} {
		if step(ctx); ctx.Err() != nil {
			return nil
		}
	}
	return r.actors()
}

// candidate is a mention with what decides whose it is.
type candidate struct {
	Mention
	sentence int
	kind     Kind
	entry    int   // of the lexicon; -1: none
	noun     *noun // nil for names
	country  string
	name     []string // a person's name in pieces
	several  bool     // of several countries
	each     bool     // one of several that a plural tells, by its nationality
	// own is the key that mentions of one actor share.
	own string
	// cluster indexes the actors found so far, after link.
	cluster int
}

// reading is the work on one article.
type reading struct {
	lex    *Lexicon
	t      *text.Text
	a      *syntax.Analysis
	places []place.Place
	day    timex.Date
	folded []string // of each word
	lemmas []string // folded, of each word
	// at gives the candidate that covers a word, placed the place, -1: none.
	at, placed []int32
	cands      []candidate
	clusters   []cluster
	byKey      map[string]int
	home       map[string]bool // countries where the article's places lie
	told       map[string]bool // countries that the article names, by places or demonyms
	nations    map[string]bool // countries that it names as such
	spellings  []*spellings    // by how many words they have; nil: not yet looked for
	seed       maphash.Seed    // of their hashes
}

func newReading(ctx context.Context, lex *Lexicon, t *text.Text, a *syntax.Analysis, places []place.Place, day timex.Date) *reading {
	n := len(t.Words)
	r := &reading{lex: lex, t: t, a: a, places: places, day: day, seed: maphash.MakeSeed(), byKey: map[string]int{}, home: map[string]bool{}, told: map[string]bool{}, nations: map[string]bool{},
		folded: make([]string, n), lemmas: make([]string, n), at: make([]int32, n), placed: make([]int32, n)}
	for i := range interrupt.Words(ctx, n) {
		r.folded[i] = fold.String(t.Words[i].Form)
		r.lemmas[i] = fold.String(a.Words[i].Lemma)
		r.at[i], r.placed[i] = -1, -1
		if c := lex.demonyms[r.folded[i]]; c != "" && lex.rivals[r.folded[i]] == "" {
			r.told[c], r.nations[c] = true, true
		}
	}
	for pi := range places {
		for _, m := range places[pi].Mentions {
			for w := m.First; w < m.Last && w < n; w++ {
				r.placed[w] = int32(pi)
			}
		}
		r.told[places[pi].Country] = true
		if places[pi].Kind == place.Country {
			r.nations[places[pi].Country] = true
		}
		if p := &places[pi]; p.Kind != place.Country && p.Kind != place.Region && p.Country != "" {
			r.home[p.Country] = true
			if s := lex.sovereign[p.Country]; s != "" {
				r.home[s] = true
			}
		}
	}
	return r
}

// nation returns the country of a demonym: of two states that share it, the one
// that the article tells of.
func (r *reading) nation(folded string) string {
	c := r.lex.demonyms[folded]
	if other := r.lex.rivals[folded]; other != "" && !r.home[c] && (r.home[other] || r.told[other] && !r.told[c]) {
		return other
	}
	return c
}

// add records a candidate over the words [first, last).
// Words that another candidate covers keep it, so that «membres de Daesh» and
// «Daesh» stand side by side.
func (r *reading) add(c candidate, first, last int) {
	c.First, c.Last = first, last
	b, e := r.t.WordSpan(first), r.t.WordSpan(last-1)
	c.Span = article.Span{Begin: b.Begin, End: e.End, Field: b.Field}
	c.sentence = r.t.SentenceOf(first)
	i := len(r.cands)
	r.cands = append(r.cands, c)
	for w := first; w < last; w++ {
		if r.at[w] < 0 {
			r.at[w] = int32(i)
		}
	}
}

// upper reports whether s begins with a capital or a digit.
func upper(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(c) || c >= '0' && c <= '9'
}

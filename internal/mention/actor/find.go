package actor

import (
	"context"
	"github.com/depeche-events/depeche/internal/interrupt"
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/fold"
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

// findNames finds the spellings of the lexicon, the longest first; of those
// that are written alike, one of a country that the article names.
func (r *reading) findNames(ctx context.Context) {
	var buf [8]string
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for i := s.Words.First; i < s.Words.Last; i++ {
			if r.at[i] >= 0 {
				continue
			}
			if c := r.folded[i]; len(c) == 0 || !inPiece(c[0]) {
				continue
			}
			pieces := r.lex.split(buf[:0], r.folded[i])
			if len(pieces) == 0 {
				continue
			}
			best, end, rank := -1, 0, 0
			list := r.lex.names[pieces[0]]
			for k := range list {
				if best >= 0 && len(list[k].pieces) < len(list[best].pieces) {
					break
				}
				if last := r.match(&list[k], i, s.Words); last > end || last == end && last > 0 && r.fits(&list[k]) > rank {
					if n := r.fits(&list[k]); n > 0 {
						best, end, rank = k, last, n
					}
				}
			}
			if best < 0 {
				continue
			}
			e := &r.lex.entries[list[best].entry]
			c := candidate{entry: list[best].entry, kind: e.kind, country: e.country, own: "kb|" + e.id}
			c.Form, c.Head = Proper, r.headOf(i, end)
			if e.kind == Person {
				c.name = list[best].pieces
				if full := r.lex.pieces(nil, e.name); len(c.name) == 1 && len(full) > 1 && full[len(full)-1] == c.name[0] {
					c.name = full // so that another of this surname is another
				}
			}
			r.add(c, i, end)
			i = end - 1
		}
	}
}

// fits says how well a spelling's actor belongs in the article: 0, not at all.
func (r *reading) fits(sp *spelling) int {
	switch c := r.lex.entries[sp.entry].country; {
	case c != "" && r.home[c]:
		return 3
	case c != "" && r.told[c]:
		return 2
	case sp.local:
		return 0
	case c != "" && sp.acronym != "" && len(r.home) > 0 && r.lex.entries[sp.entry].kind == Party:
		return 0 // the FDC of Uganda is not the one of Cameroon
	}
	return 1
}

// match returns the word after the spelling if it stands at word i, else 0.
func (r *reading) match(sp *spelling, i int, sentence text.Range) int {
	form := r.t.Words[i].Form
	if sp.acronym != "" {
		if form == sp.acronym || strings.Contains(form, ".") && strings.ReplaceAll(form, ".", "") == sp.acronym {
			return i + 1
		}
		return 0
	}
	if !sp.lower && !upper(form) || sp.article && !r.articled(i, sentence.First) {
		return 0
	}
	at, last := 0, 0
	var buf [8]string
	for w := i; w < sentence.Last && last == 0; w++ {
		for _, p := range r.lex.split(buf[:0], r.folded[w]) {
			if at == len(sp.pieces) || p != sp.pieces[at] {
				return 0
			}
			at++
		}
		if at == len(sp.pieces) {
			last = w + 1
		}
	}
	if last > 0 && len(sp.pieces) > 1 && r.lex.entries[sp.entry].kind == Person && last < sentence.Last && r.lex.given[sp.pieces[len(sp.pieces)-1]] && r.surname(last) {
		return 0 // «Juan Carlos Varela» is no «Juan Carlos»
	}
	if last > 0 && r.lex.entries[sp.entry].kind == Person && last < sentence.Last && acronym(r.t.Words[last].Form) && len(r.t.Words[last].Form) > 2 &&
		r.placed[last] < 0 && !r.lex.organising[r.folded[last]] && !acronym(r.t.Words[last-1].Form) {
		return 0 // «Juan Carlos CISNEROS» is another
	}
	if last == 0 || len(sp.pieces) > 1 || sp.lower {
		return last
	}
	// One word may be a common one, or a part of another's name.
	if i == sentence.First && r.a.Words[i].UPOS != syntax.PROPN && r.a.Words[i].UPOS != syntax.X && r.a.Words[i].UPOS != syntax.NOUN {
		return 0
	}
	if r.lex.entries[sp.entry].kind == Person && (i > sentence.First && r.forename(i-1) || last < sentence.Last && r.surname(last)) {
		return 0
	}
	return last
}

// articled reports whether an article of its own stands before word i, none
// drawn into a preposition: «Le Monde», not «du Monde».
func (r *reading) articled(i, first int) bool {
	return i > first && r.lex.articles[strings.TrimSuffix(r.folded[i-1], "'")] &&
		(i-2 < first || r.t.WordSpan(i-2).Begin != r.t.WordSpan(i-1).Begin)
}

// forename reports whether the name before a surname stands at word w.
func (r *reading) forename(w int) bool {
	if r.placed[w] >= 0 || r.at[w] >= 0 || !capitalised(r.t.Words[w].Form) {
		return false
	}
	return r.lex.given[r.folded[w]] || r.a.Words[w].UPOS == syntax.PROPN && r.lex.nouns[r.folded[w]] == nil && r.folded[w] != "m."
}

// surname reports whether word w goes on with a name.
func (r *reading) surname(w int) bool {
	return r.placed[w] < 0 && capitalised(r.t.Words[w].Form) && r.a.Words[w].UPOS == syntax.PROPN
}

// headOf returns the word of [first, last) whose governor stands outside.
func (r *reading) headOf(first, last int) int {
	for w := first; w < last; w++ {
		if h := int(r.a.Words[w].Head); (h < first || h >= last) && r.a.Words[w].UPOS != syntax.ADP && r.a.Words[w].UPOS != syntax.DET {
			return w
		}
	}
	return last - 1
}

// findCountries makes actors of countries, save where the country is only where
// something happens; a capital that acts («Paris a condamné») is its country.
func (r *reading) findCountries(ctx context.Context) {
	for pi := range interrupt.Range(ctx, len(r.places)) {
		p := &r.places[pi]
		if p.Country == "" && p.Kind != place.Country {
			continue
		}
		for _, m := range p.Mentions {
			if m.Last > len(r.at) || m.First >= m.Last || r.at[m.Head] >= 0 || !upper(r.t.Words[m.First].Form) {
				continue
			}
			c := candidate{entry: -1, country: p.Country}
			c.Form, c.Head = Proper, m.Head
			seat, sits := r.lex.seats[p.KnowledgeID]
			switch {
			case r.dateline(m.First, m.Last):
				continue
			case m.Acting && sits && !r.nations[p.Country]:
				e := &r.lex.entries[seat]
				c.entry, c.kind, c.country, c.own = seat, e.kind, e.country, "kb|"+e.id
			case m.Acting, p.Kind == place.Country && !r.locative(m.Head):
				c.kind, c.own = Country, "country|"+p.Country
				if p.Country == "" {
					c.own += p.KnowledgeID // of the past: «l'URSS»
				}
			default:
				continue
			}
			r.add(c, m.First, m.Last)
		}
	}
}

// dateline reports whether the words [first, last) stand before a colon at the
// head of their sentence: «Syrie : …» says where, not who.
func (r *reading) dateline(first, last int) bool {
	s := r.t.Sentences[r.t.SentenceOf(first)].Words
	return first == s.First && last < s.Last && r.folded[last] == ":"
}

// locative reports whether the noun at head is governed by a preposition of
// place.
func (r *reading) locative(head int) bool {
	for c := range r.a.Children(head) {
		if r.a.Words[c].Rel.Base() == syntax.Case {
			switch r.lemmas[c] {
			case "en", "a", "dans", "vers", "depuis", "sur", "hors":
				return true
			}
		}
	}
	return false
}

// findNouns finds common nouns that name actors, with the phrase around them.
func (r *reading) findNouns(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for i := s.Words.First; i < s.Words.Last; i++ {
			w := &r.a.Words[i]
			if w.UPOS != syntax.NOUN && w.UPOS != syntax.PROPN && w.UPOS != syntax.ADJ || r.at[i] >= 0 {
				continue
			}
			n, end := r.nounAt(i, s.Words.Last)
			if n == nil || w.UPOS == syntax.ADJ && w.Rel.Base() == syntax.Amod {
				continue
			}
			if n.flags&nobody != 0 {
				i = end - 1
				continue
			}
			if r.partOfVerb(i) || r.ofPlace(n, i) || r.quality(n, i, s.Words.First) {
				continue
			}
			first, last := r.phrase(i, end, s.Words)
			n = r.takenUp(n, i, last)
			if len(n.rest) > 0 && r.plural(i) {
				last = r.coordinated(end-1, last)
			}
			if n.flags&craft != 0 && !r.manned(i, last) {
				continue
			}
			c := candidate{entry: -1, noun: n, kind: n.kind, country: r.countryOf(i, last)}
			c.Form, c.Head = Nominal, i
			if n.flags&state != 0 && r.inside(i, s.Words) && r.lex.hints[r.lemmas[i]]&thing == 0 {
				// «le Sénat», «le Parlement européen»: capitalised, a noun is a name.
				c.Form = Proper
			}
			r.add(c, first, last)
		}
	}
}

// takenUp returns the noun that an adjective makes of n, which governs the
// phrase of head: «un commando islamiste» and «des groupes rebelles» are no
// soldiers and no groups of any kind.
func (r *reading) takenUp(n *noun, head, last int) *noun {
	if n.kind != StateForces && n.class != "group" && n.class != "men" && n.class != "elements" && n.class != "members" || n.flags&craft != 0 {
		return n
	}
	for c := range r.a.Children(head) {
		if c <= head || c >= last {
			continue
		}
		if n.flags&group != 0 && n.kind == Other && r.a.Words[c].Rel.Base() == syntax.Nmod && r.a.Words[c].UPOS == syntax.NOUN && r.plural(c) && r.caseOf(c) == "de" && !r.determined(c) {
			// «un groupe de mutins»
			if of, _ := r.nounAt(c, last); of != nil && of.flags&(nobody|group|craft) == 0 {
				return of
			}
		}
		if r.a.Words[c].Rel.Base() != syntax.Amod {
			continue
		}
		for _, by := range r.lex.nouns[r.lemmas[c]] {
			if len(by.rest) == 0 && (by.kind == RebelGroup || by.kind == PoliticalMilitia) {
				by.rest, by.flags = n.rest, by.flags|n.flags&group
				return &by
			}
		}
	}
	return n
}

// ofPlace reports whether the noun at word i is part of a place's name («l'État
// de Borno») or the state that something is in.
func (r *reading) ofPlace(n *noun, i int) bool {
	if n.class != "state" {
		return false
	}
	if p := r.placed[i]; p >= 0 && r.places[p].Kind != place.Country {
		return true
	}
	return !upper(r.t.Words[i].Form) && i+1 < len(r.folded) && (r.folded[i+1] == "de" || r.folded[i+1] == "d'") // «l'état de santé»
}

// quality reports whether the singular noun at word i rather tells what the noun
// before it is like: «une avalanche meurtrière», «un futur proche».
func (r *reading) quality(n *noun, i, first int) bool {
	if n.flags&each == 0 || i == first || r.plural(i) || upper(r.t.Words[i].Form) || r.determined(i) {
		return false
	}
	before := &r.a.Words[i-1]
	if before.UPOS != syntax.NOUN || upper(r.t.Words[i-1].Form) || r.at[i-1] >= 0 {
		return false
	}
	other, _ := r.nounAt(i-1, i)
	return other == nil
}

// coordinated returns the end of the complements that stand beside the one at
// word w, which ends before last: «les ministères de X et de Y».
func (r *reading) coordinated(w, last int) int {
	for c := range r.a.Children(w) {
		if c > w && r.a.Words[c].Rel.Base() == syntax.Conj && r.caseOf(c) == "de" {
			last = max(last, r.phraseEnd(c))
		}
	}
	return last
}

// manned reports whether aircraft at word i stand for who flies them: several
// that do something, or those of somebody; not «un avion», which is materiel.
func (r *reading) manned(i, last int) bool {
	if last > i+1 && r.countryOf(i, last) != "" {
		return true
	}
	w := &r.a.Words[i]
	if r.plural(i) && (w.Rel == syntax.Nsubj || w.Rel == syntax.OblAgent) {
		return true
	}
	for d := range r.a.Children(i) {
		if r.a.Words[d].Feats.Poss {
			return true
		}
	}
	for c := i + 1; c < last; c++ {
		if r.at[c] >= 0 && r.cands[r.at[c]].Head == c {
			return true
		}
		if n, _ := r.nounAt(c, last); n != nil && r.a.Words[c].UPOS == syntax.NOUN {
			return true
		}
	}
	return false
}

// partOfVerb reports whether the noun at word i makes one verb with «faire» or
// a preposition: «fait état de», «a fait partie de», «pris en otage».
func (r *reading) partOfVerb(i int) bool {
	w := &r.a.Words[i]
	if i > 0 && (r.folded[i-1] == "en" && r.lemmas[i] == "otage" || r.folded[i-1] == "a" && r.lemmas[i] == "temoin") {
		return true // «pris en otage», «appel à témoin»
	}
	h := int(w.Head)
	if h < 0 || h > i || w.Rel.Base() != syntax.Obj || r.lemmas[h] != "faire" {
		return false
	}
	for c := range r.a.Children(i) {
		if rel := r.a.Words[c].Rel.Base(); c < i && (rel == syntax.Det || rel == syntax.Nummod) {
			return false
		}
	}
	return true
}

// nounAt returns the noun of the lexicon at word i that has the most words, and
// the word after it. «ex-ministre» is a «ministre».
func (r *reading) nounAt(i, sentenceEnd int) (*noun, int) {
	var best *noun
	end := 0
	look := func(key string) {
		list := r.lex.nouns[key]
		for k := range list {
			if best != nil && len(list[k].rest) <= len(best.rest) {
				return
			}
			if list[k].accented && bareOf(r.t.Words[i].Form) {
				continue
			}
			if e := r.follows(list[k].rest, i+1, sentenceEnd); e > 0 {
				best, end = &list[k], e
				return
			}
		}
	}
	look(r.folded[i])
	if r.lemmas[i] != r.folded[i] {
		look(r.lemmas[i])
	}
	if best == nil {
		for _, key := range [2]string{r.lemmas[i], strings.TrimSuffix(r.folded[i], "s")} {
			if base, ok := strings.CutPrefix(key, "ex-"); ok && best == nil {
				look(base)
			}
		}
	}
	return best, end
}

// bareOf reports whether s ends in an «e» without accent, and is not written in
// capitals, which often have none.
func bareOf(s string) bool {
	stem := strings.TrimSuffix(s, "s")
	return strings.HasSuffix(stem, "e") && !strings.HasSuffix(stem, "ée")
}

// follows returns the word after rest if that stands at word i, articles left
// out; else 0.
func (r *reading) follows(rest []string, i, end int) int {
	var buf [8]string
	for at := 0; at < len(rest); i++ {
		// «le ministère russe de la Défense», «forces de l'ordre».
		for i < end && (r.lex.articles[r.folded[i]] || r.folded[i] == "l'" || rest[at] == "de" && r.lex.demonyms[r.folded[i]] != "") {
			i++
		}
		if i >= end {
			return 0
		}
		if r.lemmas[i] == rest[at] {
			at++
			continue
		}
		for _, p := range r.lex.split(buf[:0], r.folded[i]) {
			if at == len(rest) || p != rest[at] {
				return 0
			}
			at++
		}
	}
	return i
}

// phrase returns the bounds of the noun phrase of head, which reaches at least
// to last: adjectives, names beside it and complements with «de», without
// determiner, numeral, clause and what a comma parts off.
func (r *reading) phrase(head, last int, sentence text.Range) (int, int) {
	first := head
	for first > sentence.First && int(r.a.Words[first-1].Head) == head && r.a.Words[first-1].Rel.Base() == syntax.Amod &&
		r.a.Words[first-1].UPOS == syntax.ADJ {
		first--
	}
	return first, max(last, r.phraseEnd(head))
}

func (r *reading) phraseEnd(head int) int {
	end := head + 1
	for c := range r.a.Children(head) {
		if c < end {
			continue
		}
		start := r.phraseStart(c)
		if start != end {
			break
		}
		switch r.a.Words[c].Rel.Base() {
		case syntax.Amod, syntax.Flat, syntax.Compound, syntax.Fixed, syntax.Appos:
			if u := r.a.Words[c].UPOS; start != c || u == syntax.VERB && r.a.Words[c].Feats.VerbForm == syntax.Fin || u == syntax.PUNCT {
				return end
			}
			end = max(end, r.phraseEnd(c))
		case syntax.Nmod:
			if l := r.lemmas[start]; start != c && l != "de" && l != "a" || l == "a" && r.fixedTo(c) {
				return end
			}
			// «l'armée syrienne annonce»: a bare noun beside one is a verb mistaken.
			if start == c && r.a.Words[c].UPOS == syntax.NOUN && !upper(r.t.Words[c].Form) {
				return end
			}
			end = max(end, r.phraseEnd(c))
		default:
			return end
		}
	}
	return end
}

// fixedTo reports whether «à» and the noun at word c make a preposition: «au
// cours de», «à coups de».
func (r *reading) fixedTo(c int) bool {
	switch r.lemmas[c] {
	case "cours", "coup", "bord", "aide", "issue", "suite", "lendemain", "occasion", "moyen", "sein", "moment", "partir", "cote", "domicile", "balle":
		return true
	}
	return false
}

// phraseStart returns the first word of the phrase of c: its preposition,
// determiner, numeral or adjective.
func (r *reading) phraseStart(c int) int {
	for d := range r.a.Children(c) {
		if d >= c {
			break
		}
		switch r.a.Words[d].Rel.Base() {
		case syntax.Case, syntax.Det, syntax.Amod, syntax.Nummod:
			return min(d, r.phraseStart(d))
		}
	}
	return c
}

// countryOf returns the country that the phrase of head names by a demonym
// («l'armée syrienne») or by name («l'armée de la Syrie»).
func (r *reading) countryOf(head, last int) string {
	for w := head + 1; w < last; w++ {
		if c := r.nation(r.folded[w]); c != "" {
			return c
		}
		if c := r.lex.peoples[r.folded[w]]; c != "" {
			return c
		}
		if p := r.placed[w]; p >= 0 && r.places[p].Kind == place.Country {
			return r.places[p].Country
		}
	}
	return ""
}

// findDemonyms finds people told by their country: «les Irakiens».
func (r *reading) findDemonyms(ctx context.Context) {
	for i := range interrupt.Words(ctx, len(r.t.Words)) {
		w := &r.a.Words[i]
		if r.at[i] >= 0 || w.UPOS != syntax.NOUN && w.UPOS != syntax.PROPN || !upper(r.t.Words[i].Form) {
			continue
		}
		if r.placed[i] >= 0 {
			continue
		}
		d := candidate{entry: -1, kind: Civilians, country: r.nation(r.folded[i])}
		if d.country != "" {
			d.own = "people|" + d.country
		} else if c, ok := r.lex.peoples[r.folded[i]]; ok {
			d.country, d.own = c, "people|"+r.lemmas[i]
		} else {
			continue
		}
		d.Form, d.Head = Nominal, i
		r.add(d, i, i+1)
	}
}

// upper reports whether s begins with a capital or a digit.
func upper(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(c) || c >= '0' && c <= '9'
}

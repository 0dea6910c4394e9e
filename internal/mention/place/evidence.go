package place

import (
	"strings"

	"github.com/depeche-events/depeche/internal/text"
)

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
				if !f.types[k.typ-1].Capital { // «la capitale de X» is not X
					h.typeTok, h.typ = int32(q), k.typ
				}
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
		h.prep = s.toks[p].class & (In | Of | By | Near | Between | Locating)
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
	case p >= r.First && s.toks[p].class&Takes != 0:
		e += 1.2
	case h.prep&(Of|By) != 0:
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
				s.people[hashKey(s.keys[s.toks[k].key[0]:s.toks[k].key[1]])] = true
			}
		}
		if h.typ == 0 || f.types[h.typ-1].Class != Part || titled || int(h.typeTok) != i-1 {
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
	at := groupKey{hash: hash, unknown: true}
	if g, ok := s.groupAt[at]; ok {
		f.join(s, g, h, want, false)
		return j - i
	}
	s.groupAt[at] = int32(len(s.groups))
	s.groups = append(s.groups, group{hash: hash, from: from, to: from, within: -1, chosen: -1, second: -1,
		evidence: -100, unknown: true, sent: first.sent})
	f.join(s, int32(len(s.groups)-1), h, want, false)
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
		case ty.Kind <= Admin2 && s.wordy(f, i, int(h.nlast)):
			return false // «le département de l'Énergie»
		}
		return true
	}
	if h.nlast == h.nfirst+1 && f.gaz.isGivenName(hashKey(s.keys[s.toks[i].key[0]:s.toks[i].key[1]])) {
		return false
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

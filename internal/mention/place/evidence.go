package place

import "github.com/depeche-events/depeche/internal/text"

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
	case p == i-1 && s.at(p, r):
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
		if p > r.First && s.toks[p-1].class&(Near|Locating|Direction|Unit|Host) != 0 {
			e += 1.2
		}
	}
	if h.typ == 0 {
		if q := f.exampleOf(s, p, r); q >= 0 {
			e, h.told = e+3, f.types[s.toks[q].typ-1].Kind
		}
		if s.opening.last > 0 && i == s.opening.first {
			e += 2.2
		}
		if f.apposed(s, t, h, r) {
			e += 1.5
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
	if n := len(s.hits); p >= r.First && p == i-1 && s.toks[p].class&And != 0 && n > 0 && int(s.hits[n-1].last) == p && h.typ == 0 &&
		!f.holds(s, int(s.hits[n-1].nfirst), r) {
		last := &s.hits[n-1]
		if h.told = last.told; h.told != 0 {
			e = max(e, last.evidence)
		}
		e = max(e, 0.8*last.evidence)
		if h.prep == 0 {
			h.prep = last.prep
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
		if k.class&PersonBy != 0 && h.told == 0 {
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
		if k.letters && k.capital && k.class&(Direction|And) == 0 && !f.isHolder(s, i, j, r) {
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

// beforeArticle returns the token before i and the article that may stand
// there.
func (s *scratch) beforeArticle(i int, r text.Range) int {
	p := i - 1
	for p >= r.First && s.toks[p].class&Article != 0 && s.toks[p].class&(In|Of) == 0 {
		p--
	}
	return p
}

// at reports whether token p is a preposition that an unknown place may
// follow: «à», and «direction» without an article.
func (s *scratch) at(p int, r text.Range) bool {
	return p >= r.First && s.toks[p].class&At != 0 && (p == r.First || s.toks[p-1].class&(Article|This) == 0)
}

// exampleOf returns the type word of whose places the name after token p is an
// example or the name, -1 for none: «des villes comme X», «plusieurs
// quartiers, tels que X», «un village nommé X», «du nom de X».
func (f *Finder) exampleOf(s *scratch, p int, r text.Range) int {
	if p > r.First && s.toks[p].class&(Such|Called) == 0 && s.toks[p].class&(Function|Of) != 0 {
		p--
	}
	if p <= r.First || s.toks[p].class&(Such|Called) == 0 {
		return -1
	}
	called := s.toks[p].class&Called != 0
	for q := p - 1; q >= max(r.First, p-maxBetween); q-- {
		k := &s.toks[q]
		switch {
		case k.typ > 0:
			if ty := &f.types[k.typ-1]; (ty.Plural || called) && ty.Class != Zone && ty.Class != Border {
				return q
			}
			return -1
		case k.capital || !k.letters && k.class&And == 0:
			return -1
		}
	}
	return -1
}

// maxBetween bounds how many tokens stand between a type word and its
// examples, and between a name and what is told of it.
const maxBetween = 4

// apposed reports whether what follows a name says that it is a place: «X est
// située», «à X, une localité de».
func (f *Finder) apposed(s *scratch, t *text.Text, h *hit, r text.Range) bool {
	j := int(h.nlast)
	if f.defined(s, t, j, r) {
		return true
	}
	if h.prep&In != 0 && j+2 < r.Last && t.TokenText(j) == "(" && s.toks[j+1].class&Direction != 0 && !s.toks[j+1].capital && t.TokenText(j+2) == ")" {
		return true // «à X (centre)»
	}
	if h.prep&(In|Of|Near) == 0 || h.prep&By != 0 || j+2 >= r.Last || t.TokenText(j) != "," {
		return false
	}
	// Not the definite article: «selon X, la ville est calme».
	if j++; s.toks[j].class&Article != 0 && s.toks[j].class&Numeral == 0 {
		return false
	}
	return f.isA(s, j, r)
}

// defined reports whether a definition follows the name that ends at token j:
// «est située», «, située», «est une ville».
func (f *Finder) defined(s *scratch, t *text.Text, j int, r text.Range) bool {
	if j+2 < r.Last && t.TokenText(j) == "(" && s.toks[j+1].class&Numeral != 0 && s.toks[j+2].class&Unit != 0 {
		return true // «X (50 km au sud de Gao)»
	}
	if j+1 >= r.Last || s.toks[j].class&Is == 0 && t.TokenText(j) != "," {
		return false
	}
	if s.toks[j+1].class&Lies != 0 {
		return true
	}
	return s.toks[j].class&Is != 0 && s.toks[j+1].class&Numeral != 0 && f.isA(s, j+1, r)
}

// isA reports whether «une ville de», «petite localité située» or the like
// begins with token j.
func (f *Finder) isA(s *scratch, j int, r text.Range) bool {
	for q := j; q < min(r.Last-1, j+maxBetween); q++ {
		k := &s.toks[q]
		if k.typ == 0 && k.letters && !k.capital && (k.class == 0 || k.class&Numeral != 0) {
			continue
		}
		if k.typ == 0 {
			return false
		}
		ty := &f.types[k.typ-1]
		return ty.Class == Same && ty.Kind >= Admin1 && ty.Kind <= City && !ty.Plural
	}
	return false
}

// holds reports whether an office and «de» stand before token i, so that a
// name there is its place and the next its holder's: «le maire de X Anne Y».
func (f *Finder) holds(s *scratch, i int, r text.Range) bool {
	p := s.beforeArticle(i, r)
	return p > r.First && s.toks[p].class&Of != 0 && s.toks[p-1].class&PersonBy != 0
}

// isHolder reports whether a holder's name begins with token j, after that of
// the place that begins with token i.
func (f *Finder) isHolder(s *scratch, i, j int, r text.Range) bool {
	if !f.holds(s, i, r) {
		return false
	}
	k := &s.toks[j]
	return s.toks[s.beforeArticle(i, r)-1].class&Host != 0 || f.gaz.isGivenName(hashKey(s.keys[k.key[0]:k.key[1]]))
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

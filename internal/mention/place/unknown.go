package place

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/text"
)

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
	if f.holds(s, i, r) {
		// «le maire de X Anne Y»
		for k := i + 1; k < j; k++ {
			if w := &s.toks[k]; f.gaz.isGivenName(hashKey(s.keys[w.key[0]:w.key[1]])) {
				j = k
			}
		}
	}
	first := &s.toks[i]
	if first.typ > 0 && (j == i+1 || f.takesNames(first.typ-1)) {
		return 1 // «Musée X» is told as «musée X» is
	}
	hash := uint64(fnvOffset)
	for k := i; k < j; k++ {
		hash = hashMore(hash, s.keys[s.toks[k].key[0]:s.toks[k].key[1]])
	}
	at := groupKey{hash: hash, unknown: true}
	known, again := s.groupAt[at]
	again = again && s.groups[known].sure
	opens := s.opening.last > 0 && i == s.opening.first
	if first.initial && (first.class&^Article != 0 || j == i+1) && !again && !opens && !(j == i+1 && f.defined(s, t, j, r)) {
		return 1
	}
	if first.class&Article != 0 && j == i+1 || first.class&Article == 0 && first.key[1]-first.key[0] < 2 || s.hasDigit(i, j) {
		return j - i // an initial, a code
	}
	h := hit{nfirst: int32(i), nlast: int32(j), first: int32(i), last: int32(j), typeTok: -1, place: -1, title: title}
	f.context(s, t, &h, r)
	given := first.key[1]-first.key[0] > 2 && f.gaz.isGivenName(hashKey(s.keys[first.key[0]:first.key[1]]))
	named := h.typ > 0 && f.types[h.typ-1].Class == Part && int(h.typeTok) == i-1 // «l'église Saint X»
	titled := i > r.First && s.toks[i-1].class&PersonBy != 0 && h.told == 0 || first.class&PersonBy != 0 && !named
	if titled || given && j > i+1 {
		for k := i; k < j; k++ {
			if k > i || titled {
				s.people[hashKey(s.keys[s.toks[k].key[0]:s.toks[k].key[1]])] = true
			}
		}
		if (h.typ == 0 || f.types[h.typ-1].Class != Part || titled || int(h.typeTok) != i-1) && (titled || !s.hosts(i, r)) {
			return j - i
		}
	}
	if first.adj > 0 || f.isCompound(t.TokenText(j-1)) || !again && !f.speaksForPlace(s, t, &h, r) {
		return j - i
	}
	sure := f.surelyPlace(s, t, &h, r)
	from := int32(len(s.cands))
	want := h.told
	if h.typ > 0 {
		want = f.types[h.typ-1].Kind
	}
	g, ok := s.groupAt[at]
	if !ok {
		g = int32(len(s.groups))
		s.groupAt[at] = g
		s.groups = append(s.groups, group{hash: hash, from: from, to: from, within: -1, chosen: -1, second: -1,
			evidence: -100, unknown: true, sent: first.sent})
	}
	s.groups[g].sure = s.groups[g].sure || sure
	f.join(s, g, h, want, false)
	return j - i
}

// surelyPlace reports whether an unknown name can only be a place's, so that
// it is one wherever it stands again: «la ville de X», «les habitants de X»,
// «X-sur-Y».
func (f *Finder) surelyPlace(s *scratch, t *text.Text, h *hit, r text.Range) bool {
	i := int(h.nfirst)
	switch {
	case s.opening.last > 0 && i == s.opening.first:
		return s.opening.last == int(h.nlast) && f.opensPlace(s, t, h)
	case f.isTown(s, t, h):
		return true
	case f.isAcronym(s, h):
		return false
	case h.told != 0:
		return true
	case h.typ > 0:
		ty := &f.types[h.typ-1]
		return ty.Class == Same && ty.Kind >= Admin1 && ty.Kind <= City && f.speaksByType(s, h)
	case f.doubtful(s, h):
		return false
	}
	if f.apposed(s, t, h, r) {
		return true
	}
	return s.hosts(i, r) && s.toks[i].typ == 0
}

// hosts reports whether those who live somewhere and «de» stand before token i:
// «les habitants de X», of whatever X is made.
func (s *scratch) hosts(i int, r text.Range) bool {
	p := s.beforeArticle(i, r)
	return p > r.First && s.toks[p].class&Of != 0 && s.toks[p-1].class&Host != 0
}

// speaksForPlace reports whether the words around an unknown name say that it
// is a place.
func (f *Finder) speaksForPlace(s *scratch, t *text.Text, h *hit, r text.Range) bool {
	i := int(h.nfirst)
	switch {
	case f.surelyPlace(s, t, h, r):
		return true
	case s.opening.last > 0 && i == s.opening.first, f.isAcronym(s, h):
		return false
	case h.typ > 0:
		return f.speaksByType(s, h)
	case i == r.First || f.doubtful(s, h):
		return false
	}
	if h.evidence >= 1.2 && s.toks[i-1].class&And != 0 && s.afterTown(i-1) {
		return true // «à Gao, Douentza et X»
	}
	prev := &s.toks[i-1]
	if prev.class&Of != 0 && i-2 >= r.First && s.toks[i-2].class&(Near|Unit|Direction) != 0 {
		return true
	}
	if !s.at(i-1, r) {
		return false
	}
	words := int(h.nlast - h.nfirst)
	if s.toks[i].class&Article != 0 {
		words-- // «à La X»
	}
	if words > 1 && int(s.toks[i].key[1]-s.toks[i].key[0]) > 4 && !s.located(h, r) {
		return false // two capitalised words are a person more often
	}
	return !s.dative(i-1, r)
}

// speaksByType reports whether the type word of h says that an unknown name is
// a place.
func (f *Finder) speaksByType(s *scratch, h *hit) bool {
	i := int(h.nfirst)
	ty := &f.types[h.typ-1]
	switch {
	case ty.Class == Zone || ty.Class == Border, ty.Kind == Country:
		return false // all countries are known: «le pays de X» has X for its great man
	case int(h.typeTok) == i-1 && ty.Kind <= Admin2:
		return false // «la République X»: no «de»
	case ty.Kind <= Admin2 && s.wordy(f, i, int(h.nlast)):
		return false // «le département de l'Énergie»
	}
	return true
}

// isAcronym reports whether h's name is one word in capitals.
func (f *Finder) isAcronym(s *scratch, h *hit) bool {
	return h.nlast == h.nfirst+1 && s.toks[h.nfirst].upper
}

// doubtful reports whether h's name is one word that is a given name or a
// word too.
func (f *Finder) doubtful(s *scratch, h *hit) bool {
	if h.nlast != h.nfirst+1 {
		return false
	}
	k := &s.toks[h.nfirst]
	hash := hashKey(s.keys[k.key[0]:k.key[1]])
	return f.gaz.isGivenName(hash) || f.gaz.isWord(hash)
}

// takesNames reports whether the type word makes a name with the words after
// it: «Musée X», «Lac X».
func (f *Finder) takesNames(typ int16) bool {
	ty := &f.types[typ]
	return ty.Class == Part || ty.Class == Same && (ty.Kind == Water || ty.Kind == Terrain)
}

// isTown reports whether the name has the form that only towns' have: «X-sur-
// Y», «Saint-X-de-Y».
func (f *Finder) isTown(s *scratch, t *text.Text, h *hit) bool {
	last := int(h.nlast) - 1
	for k := int(h.nfirst); k < last; k++ {
		if s.toks[k].class&Article == 0 {
			return false
		}
	}
	form := t.TokenText(last)
	first, rest, ok := strings.Cut(form, "-")
	if w := f.words[string(appendLower(s.lower[:0], first))]; !ok || len(first) < 2 || w.class&Function != 0 || f.isPersonal(first) || f.gaz.isWord(hashKey(s.keys[s.toks[last].key[0]:s.toks[last].key[1]])) {
		return false
	}
	for inner := false; ; {
		part, more, ok := strings.Cut(rest, "-")
		if strings.IndexAny(part, "'’") == 1 { // «-d'X»
			_, n := utf8.DecodeRuneInString(part[1:])
			inner, part = true, part[1+n:]
		}
		if !ok {
			r, _ := utf8.DecodeRuneInString(part)
			return inner && unicode.IsUpper(r)
		}
		var buf [32]byte
		w, known := f.words[string(appendLower(buf[:0], part))]
		inner, rest = inner || known && w.class&Inner != 0, more
	}
}

// isPersonal reports whether word is a given name.
func (f *Finder) isPersonal(word string) bool {
	var buf [32]byte
	return f.gaz.isGivenName(hashKey(appendKey(buf[:0], word)))
}

// afterTown reports whether a town, known or not, ends at token i.
func (s *scratch) afterTown(i int) bool {
	if len(s.hits) == 0 || int(s.hits[len(s.hits)-1].last) != i {
		return false
	}
	g := &s.groups[s.hits[len(s.hits)-1].group]
	if g.from == g.to {
		return g.want != Facility // «le directeur du stade X, Y»
	}
	return s.cands[g.from].kind == City
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

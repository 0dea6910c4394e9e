package actor

import (
	"context"
	"hash/maphash"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// findOrganisations finds names of organisations that the lexicon does not
// know: what a noun of a group introduces («le collectif la Quadrature du
// Net»), and what an acronym in brackets defines.
func (r *reading) findOrganisations(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for i := s.Words.First; i < s.Words.Last; i++ {
			if r.at[i] >= 0 {
				continue
			}
			if r.t.Words[i].Form == "(" {
				r.defined(i, s.Words)
				r.expanded(i, s.Words)
				continue
			}
			if u := r.a.Words[i].UPOS; u != syntax.NOUN && u != syntax.PROPN {
				continue
			}
			if n, end := r.nounAt(i, s.Words.Last); n != nil && n.flags&group != 0 && n.flags&jihadist == 0 {
				from := len(r.cands)
				r.introduced(n.kind, end, s.Words.Last)
				for k := from; k < len(r.cands); k++ {
					r.cands[k].country = r.countryOf(i, r.cands[from].First) // «l'agence libyenne X»
				}
			} else if r.lex.hints[r.lemmas[i]]&bearer != 0 && !upper(r.t.Words[i].Form) && i+1 < s.Words.Last && upper(r.t.Words[i+1].Form) {
				r.introduced(Other, i+1, s.Words.Last)
			}
		}
	}
}

// introduced adds the name that stands after a noun of a kind, which ends
// before word i, adjectives and «de droite» between them.
func (r *reading) introduced(kind Kind, i, end int) {
	for steps := 0; i < end && steps < 3 && !upper(r.t.Words[i].Form); steps++ {
		switch w := &r.a.Words[i]; {
		case w.UPOS == syntax.ADJ, r.t.Words[i].Form == "«", r.lex.articles[strings.TrimSuffix(r.folded[i], "'")]:
			i++
		case w.UPOS == syntax.ADP && i+1 < end && r.a.Words[i+1].UPOS == syntax.NOUN && !upper(r.t.Words[i+1].Form) && kind == Party:
			i += 2
		default:
			return
		}
	}
	last := r.titleCase(i, end)
	if last == i || r.demonym(i) || r.lex.given[r.folded[i]] && last == i+2 && kind != NGO {
		return
	}
	r.addOrganisation(kind, i, last)
}

// titleCase returns the end of the capitalised words at i, with the small words
// inside them; i where there are none.
func (r *reading) titleCase(i, end int) int {
	last := i
	for w := i; w < end && w < i+12; w++ {
		if r.at[w] >= 0 || r.placed[w] >= 0 && w == i {
			break
		}
		if form := r.t.Words[w].Form; upper(form) && len(form) > 1 && !r.demonym(w) && r.a.Words[w].UPOS != syntax.PRON {
			last = w + 1
			continue
		}
		if w == i || !r.small(w) {
			break
		}
	}
	// A number may end a name («Canal 13»); several are a telephone's.
	trimmed := last
	for trimmed > i && !capitalised(r.t.Words[trimmed-1].Form) && r.t.Words[trimmed-1].Form[0] <= '9' {
		trimmed--
	}
	if last-trimmed > 1 {
		return trimmed
	}
	return last
}

// small reports whether word w may stand inside an organisation's name.
func (r *reading) small(w int) bool {
	switch r.folded[w] {
	case "de", "du", "des", "d'", "et", "pour", "la", "le", "les", "l'":
		return true
	}
	return false
}

func (r *reading) demonym(w int) bool {
	if r.lex.demonyms[r.folded[w]] != "" {
		return true
	}
	_, ok := r.lex.peoples[r.folded[w]]
	return ok
}

// defined adds the phrase before the bracket at word i if its initials are the
// acronym inside: «Coordination des étudiants de Gao (CEG)».
func (r *reading) defined(i int, sentence text.Range) {
	if i+2 >= sentence.Last || r.t.Words[i+2].Form != ")" || i == sentence.First || r.at[i-1] >= 0 {
		return
	}
	acronym := r.t.Words[i+1].Form
	if len(acronym) < 2 || len(acronym) > 10 || strings.ToUpper(acronym) != acronym || !isLetters(acronym) {
		return
	}
	initials := []rune(strings.ToLower(acronym))
	left := len(initials)
	for w := i - 1; w >= sentence.First && w >= i-16 && r.at[w] < 0; w-- {
		c, _ := utf8.DecodeRuneInString(r.folded[w])
		if c == initials[left-1] && !r.small(w) {
			left--
		}
		if left == 0 {
			if !upper(r.t.Words[w].Form) {
				return
			}
			kind := Other
			if n, _ := r.nounAt(w, sentence.Last); n != nil && n.flags&(group|state|rebel) != 0 {
				kind = n.kind
			}
			if at := r.at[i+1]; at >= 0 && r.cands[at].entry >= 0 {
				// The acronym of a known actor in another wording.
				c := r.cands[at]
				c.Form, c.Head = Proper, r.headOf(w, i)
				r.add(c, w, i)
				return
			}
			from := len(r.cands)
			r.addOrganisation(kind, w, i)
			if from == len(r.cands) {
				return
			}
			r.addAcronym(r.cands[from], acronym)
			return
		}
	}
}

func isLetters(s string) bool {
	for _, c := range s {
		if !unicode.IsLetter(c) {
			return false
		}
	}
	return true
}

func (r *reading) addOrganisation(kind Kind, first, last int) {
	c := candidate{entry: -1, kind: kind}
	c.Form, c.Head = Proper, r.headOf(first, last)
	var buf [16]string
	pieces := buf[:0]
	for w := first; w < last; w++ {
		pieces = r.lex.split(pieces, r.folded[w])
	}
	if len(pieces) == 0 {
		return
	}
	c.own = "org|" + strings.Join(pieces, " ")
	r.add(c, first, last)
	// The name alone, elsewhere in the article, is the same.
	if last-first > 4 {
		return
	}
	for w := range r.spelt(first, last) {
		free := true
		for k := range last - first {
			free = free && r.at[w+k] < 0 && r.folded[w+k] == r.folded[first+k]
		}
		if free {
			c.Head = r.headOf(w, w+last-first)
			r.add(c, w, w+last-first)
		}
	}
}

// spellings are the runs of as many words that begin with a capital, by what
// they are.
type spellings struct {
	first map[uint64]int32 // a run's first word where it stands first
	again []int32          // by a run's first word: that of the next such run; -1: none
}

// spelt yields the first words of all runs that may be spelt as the words [first,
// last), in their order: of two with one hash the caller tells which it is. It
// yields them once, since a name is given to every place where it stands at once.
func (r *reading) spelt(first, last int) iter.Seq[int] {
	return func(yield func(int) bool) {
		n := last - first
		for len(r.spellings) <= n {
			r.spellings = append(r.spellings, nil)
		}
		if r.spellings[n] == nil {
			r.spellings[n] = r.spellingsOf(n)
		}
		runs, key := r.spellings[n], r.hash(first, last)
		w, ok := runs.first[key]
		delete(runs.first, key)
		for ; ok && w >= 0; w = runs.again[w] {
			if !yield(int(w)) {
				return
			}
		}
	}
}

func (r *reading) spellingsOf(n int) *spellings {
	s := &spellings{first: map[uint64]int32{}, again: make([]int32, len(r.folded))}
	for w := len(r.folded) - n; w >= 0; w-- {
		if !upper(r.t.Words[w].Form) {
			continue
		}
		key := r.hash(w, w+n)
		s.again[w] = -1
		if next, ok := s.first[key]; ok {
			s.again[w] = next
		}
		s.first[key] = int32(w)
	}
	return s
}

// hash is one number for the words [first, last).
func (r *reading) hash(first, last int) (h uint64) {
	for w := first; w < last; w++ {
		h = h*0x9E3779B97F4A7C15 + maphash.String(r.seed, r.folded[w])
	}
	return h
}

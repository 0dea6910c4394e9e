package actor

import (
	"context"
	"strings"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

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

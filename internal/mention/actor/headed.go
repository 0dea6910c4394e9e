package actor

import (
	"context"
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// headedReach is how many words a name of an organisation has at most.
const headedReach = 16

// findHeaded finds names that begin with the noun of what they name, which is
// capitalised for it: «le Comité des fêtes de X», «la Commission régionale».
// It comes before countries, which stand inside such names.
func (r *reading) findHeaded(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for i := s.Words.First + 1; i < s.Words.Last; i++ {
			if r.at[i] >= 0 || r.placed[i] >= 0 || !r.inside(i, s.Words) || r.where(i) {
				continue
			}
			kind, ok := r.headKind(i, s.Words.Last)
			if !ok {
				continue
			}
			switch last := r.headedEnd(i, s.Words); {
			case last > i+1:
				r.addHeaded(kind, i, last)
				i = last - 1
			case r.lex.hints[r.folded[i]]&standing != 0 && (r.articled(i, s.Words.First) || r.contracted(i, s.Words.First)):
				r.addStanding(i)
			}
		}
	}
}

// addHeaded adds a name with the country in it, as the actor whose acronym
// stands after it in brackets if that is known.
func (r *reading) addHeaded(kind Kind, first, last int) {
	if last+2 < len(r.t.Words) && r.t.Words[last].Form == "(" && r.t.Words[last+2].Form == ")" && r.at[last+1] >= 0 {
		if c := r.cands[r.at[last+1]]; c.entry >= 0 && (kind == Other || kind == c.kind) {
			c.Form, c.Head = Proper, r.headOf(first, last)
			r.add(c, first, last)
			return
		}
	}
	from := len(r.cands)
	r.addOrganisation(kind, first, last)
	for i := from; i < len(r.cands); i++ {
		r.cands[i].country = r.countryOf(first, last)
	}
}

// where reports whether the name at word i tells where something is: «au Musée
// des X», and not «au Comité des X».
func (r *reading) where(i int) bool {
	return r.locative(i) && (r.caseOf(i) != "a" || r.lex.hints[r.folded[i]]&building != 0)
}

// inside reports whether word i is capitalised for itself: not as the first of
// a sentence, a quotation or what a colon or a dash parts off.
func (r *reading) inside(i int, sentence text.Range) bool {
	form := r.t.Words[i].Form
	if !capitalised(form) || acronym(form) || i == sentence.First {
		return false
	}
	switch r.a.Words[i].UPOS {
	case syntax.NOUN, syntax.PROPN, syntax.X:
	default:
		return false
	}
	return r.a.Words[i-1].UPOS != syntax.PUNCT
}

// headKind returns the kind of organisation that the noun at word i is the head of.
func (r *reading) headKind(i, end int) (Kind, bool) {
	n, last := r.nounAt(i, end)
	switch h := r.lex.hints[r.folded[i]]; {
	case n != nil && (n.flags&group == 0 || last > i+1):
		return 0, false // findNouns knows it better
	case n != nil:
		return n.kind, true
	case h&publicHead != 0:
		return Government, true
	case h&(head|standing) != 0:
		return Other, true
	}
	return 0, false
}

// headedEnd returns the end of the name that begins with the head at word i:
// its adjectives and complements with «de», and those of these.
func (r *reading) headedEnd(i int, sentence text.Range) int {
	last := i + 1
	for w := last; w < min(sentence.Last, i+headedReach) && r.at[w] < 0; w = last {
		c := w // the next word of the name that is no small one
		for c < sentence.Last && (r.a.Words[c].UPOS == syntax.ADP || r.a.Words[c].UPOS == syntax.DET || r.a.Words[c].UPOS == syntax.CCONJ) {
			c++
		}
		if c == sentence.Last || c > w+3 || r.at[c] >= 0 || !r.continues(i, w, c, last) {
			break
		}
		last = c + 1
		for p := r.placed[c]; p >= 0 && last < sentence.Last && r.placed[last] == p; {
			last++
		}
	}
	return last
}

// continues reports whether word c, after the small words from w on, goes on
// with the name of the head at word i.
func (r *reading) continues(i, w, c, last int) bool {
	word := &r.a.Words[c]
	h := int(word.Head)
	if h < i || h >= last && h != c {
		return false
	}
	if w == c {
		return word.UPOS == syntax.ADJ && word.Rel.Base() == syntax.Amod ||
			(word.UPOS == syntax.PROPN || word.UPOS == syntax.X) && upper(r.t.Words[c].Form) && word.Rel.Base() != syntax.Conj
	}
	if word.UPOS != syntax.NOUN && word.UPOS != syntax.PROPN && word.UPOS != syntax.ADJ {
		return false
	}
	switch rel := word.Rel.Base(); {
	case r.a.Words[w].UPOS == syntax.CCONJ:
		return r.folded[w] == "et" && rel == syntax.Conj && (h > i || r.lemmas[w+1] == "de" && word.UPOS == syntax.NOUN)
	case rel != syntax.Nmod:
		return false
	}
	for d := w + 1; d < c; d++ {
		if r.a.Words[d].UPOS == syntax.DET && r.lemmas[d] != "le" {
			return false
		}
	}
	return r.lemmas[w] == "de" || r.lemmas[w] == "pour" || r.lemmas[w] == "contre"
}

// contracted reports whether «du», «des» or «au» stands before word i.
func (r *reading) contracted(i, first int) bool {
	return i > first+1 && r.a.Words[i-1].UPOS == syntax.DET && r.a.Words[i-2].UPOS == syntax.ADP &&
		r.t.WordSpan(i-2).Begin == r.t.WordSpan(i-1).Begin
}

// addStanding adds what its head alone names: «la Commission» is the one that
// was named in full before, if one was.
func (r *reading) addStanding(i int) {
	for _, c := range slices.Backward(r.cands) {
		if c.Form == Proper && c.own != "" && c.kind != Person && r.folded[c.First] == r.folded[i] {
			c.Head = i
			r.add(c, i, i+1)
			return
		}
	}
	r.addOrganisation(Other, i, i+1)
}

// expanded adds the phrase in the bracket that opens at word i if its initials
// are those of the acronym before it: «le CRV (Comité régional du vélo)».
func (r *reading) expanded(i int, sentence text.Range) {
	if i == sentence.First || i+2 >= sentence.Last || !acronym(r.t.Words[i-1].Form) {
		return
	}
	initials := []rune(strings.ToLower(r.t.Words[i-1].Form))
	end := i + 1
	at := 0
	for ; end < min(sentence.Last, i+headedReach) && r.t.Words[end].Form != ")"; end++ {
		if at < len(initials) && strings.HasPrefix(r.folded[end], string(initials[at])) && !r.small(end) {
			at++
		}
	}
	if end == sentence.Last || r.t.Words[end].Form != ")" || at < len(initials) || end-i-1 < 2 || !upper(r.t.Words[i+1].Form) || r.at[i+1] >= 0 {
		return
	}
	if k := r.at[i-1]; k >= 0 {
		c := r.cands[k]
		c.Form, c.Head = Proper, r.headOf(i+1, end)
		r.add(c, i+1, end)
		return
	}
	kind := Other
	if n, _ := r.nounAt(i+1, sentence.Last); n != nil && n.flags&title == 0 {
		kind = n.kind
	} else if k, ok := r.headKind(i+1, sentence.Last); ok {
		kind = k
	}
	from := len(r.cands)
	r.addOrganisation(kind, i+1, end)
	if from < len(r.cands) {
		r.addAcronym(r.cands[from], r.t.Words[i-1].Form)
	}
}

// addAcronym adds an acronym of c wherever it stands.
func (r *reading) addAcronym(c candidate, acronym string) {
	for v := range r.t.Words {
		if r.at[v] < 0 && r.t.Words[v].Form == acronym {
			c.Head = v
			r.add(c, v, v+1)
		}
	}
}

// findArrangers finds who is told as the doer of what organisations do and is
// no person: «un bal organisé par Les Tilleuls».
func (r *reading) findArrangers(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for w := s.Words.First + 1; w < s.Words.Last; w++ {
			h := int(r.a.Words[w].Head)
			if r.a.Words[w].Rel != syntax.OblAgent || h < 0 || h > w || r.lex.hints[r.lemmas[h]]&arranged == 0 {
				continue
			}
			first := h + 1
			for first < w && r.folded[first] != "par" {
				first++
			}
			first++
			if first > w {
				continue
			}
			if !upper(r.t.Words[first].Form) && r.a.Words[first].UPOS == syntax.DET && first < w {
				first++
			}
			last := r.titleCase(first, s.Words.Last)
			if last > w && r.lex.hints[r.folded[first]]&forename == 0 && !r.lex.given[r.folded[first]] && !r.titled(first, s.Words.First) {
				r.addOrganisation(Other, first, last)
			}
		}
	}
}

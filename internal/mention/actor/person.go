package actor

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// findPersons finds names of people whom the lexicon does not know: runs of
// capitalised words for which enough speaks.
func (r *reading) findPersons(ctx context.Context) {
	// A short name («Assange») is found once the full one is known, wherever
	// that stands; so single words wait.
	var single []text.Range
	known := map[string]bool{}
	for _, c := range r.cands {
		if len(c.name) > 1 {
			known[c.name[len(c.name)-1]] = true
		}
	}
	person := func(run text.Range) {
		if name := r.addPerson(run); len(name) > 0 {
			known[name[len(name)-1]] = true
		}
	}
	for si := range interrupt.Range(ctx, len(r.t.Sentences)) {
		s := &r.t.Sentences[si]
		for i := s.Words.First; i < s.Words.Last; {
			last := r.nameRun(i, s.Words.Last)
			if last == i {
				i++
				continue
			}
			switch run := r.fromGiven(text.Range{First: i, Last: last}); {
			case r.isThing(run):
			case r.organising(run):
				if run.Len() > 1 && !r.locative(r.headOf(run.First, last)) {
					r.addOrganisation(Other, run.First, last)
				}
			case r.lex.given[r.folded[run.First]] && (run.Len() > 1 || r.proper(run)), r.surnameInCapitals(run):
				person(run)
			case r.lex.hints[r.before(run.First, s.Words.First)]&maker != 0:
				r.addOrganisation(Business, run.First, last)
			case r.titled(run.First, s.Words.First) && (run.Len() > 1 || !acronym(r.t.Words[run.First].Form)):
				person(run)
			case run.Len() > 1:
				if r.proper(run) && r.fullName(run, s.Words.First) {
					person(run)
				}
			default:
				single = append(single, run)
			}
			i = last
		}
	}
	// A name found by what stands beside it is found again elsewhere, and
	// vouches for one told in the same breath.
	things := map[string]bool{}
	for _, run := range single {
		if r.ofThing(run.First) {
			things[r.folded[run.First]] = true
		}
	}
	for more := true; more; {
		more = false
		for _, run := range single {
			if r.at[run.First] >= 0 {
				continue
			}
			switch score := r.singleName(run.First, known, things); {
			case score > enough:
				person(run)
				more = true
			case score == enough:
				r.addPerson(run)
				more = true
			}
		}
	}
	for _, run := range single {
		w := run.First
		// «l'AFCA»: an acronym with an article is an organisation's.
		if r.at[w] < 0 && r.a.Words[w].UPOS == syntax.PROPN && acronym(r.t.Words[w].Form) && len(r.t.Words[w].Form) > 2 &&
			w > 0 && r.lex.articles[strings.TrimSuffix(r.folded[w-1], "'")] {
			r.addOrganisation(Other, w, w+1)
		}
	}
}

// fromGiven returns run without what stands before the given name in it: the
// end of a title, «ministre du Budget Jeanne X».
func (r *reading) fromGiven(run text.Range) text.Range {
	for w := run.First + 1; w < run.Last-1; w++ {
		if r.lex.given[r.folded[w]] && r.a.Words[w-1].UPOS == syntax.NOUN {
			return text.Range{First: w, Last: run.Last}
		}
	}
	return run
}

// isThing reports whether a word of the run says that it is no actor's name.
func (r *reading) isThing(run text.Range) bool {
	for w := run.First; w < run.Last; w++ {
		if r.lex.hints[r.folded[w]]&thing != 0 {
			return true
		}
	}
	return false
}

// organising reports whether a word of the run makes it an organisation's name,
// or an acronym stands in it.
func (r *reading) organising(run text.Range) bool {
	if r.surnameInCapitals(run) {
		return false
	}
	for w := run.First; w < run.Last; w++ {
		if r.lex.organising[r.folded[w]] || run.Len() > 1 && acronym(r.t.Words[w].Form) {
			return true
		}
	}
	return false
}

// surnameInCapitals reports whether run is given names beside a surname in
// capitals, as lists and official reports have them: «Awa DIALLO», «DIALLO Awa».
func (r *reading) surnameInCapitals(run text.Range) bool {
	capitals, given := 0, 0
	titled := r.titled(run.First, r.t.Sentences[r.t.SentenceOf(run.First)].Words.First)
	for w := run.First; w < run.Last; w++ {
		switch form := r.t.Words[w].Form; {
		case acronym(form) && len(form) > 2 && !r.lex.organising[r.folded[w]]:
			capitals++
		case titled || r.lex.given[r.folded[w]]:
			given++
		default:
			return false
		}
	}
	return capitals > 0 && given > 0 && capitals <= 2
}

// acronym reports whether s is of several capitals.
func acronym(s string) bool {
	n := 0
	for _, c := range s {
		if !unicode.IsUpper(c) {
			return false
		}
		n++
	}
	return n > 1
}

func (r *reading) addPerson(run text.Range) []string {
	c := candidate{entry: -1, kind: Person}
	c.Form, c.Head = Proper, r.headOf(run.First, run.Last)
	for w := run.First; w < run.Last; w++ {
		c.name = r.lex.split(c.name, r.folded[w])
	}
	r.add(c, run.First, run.Last)
	return c.name
}

// nameRun returns the end of the run of capitalised words at i that nothing
// else has claimed, with the particles inside it; i where there is none.
func (r *reading) nameRun(i, end int) int {
	last := i
	for w := i; w < end; w++ {
		form := r.t.Words[w].Form
		if r.at[w] >= 0 || r.placed[w] >= 0 {
			break
		}
		if w > i && r.lex.particle[r.folded[w]] {
			continue
		}
		if !capitalised(form) || stance(form) || r.lex.demonyms[r.folded[w]] != "" || r.lex.nouns[r.lemmas[w]] != nil && r.a.Words[w].UPOS != syntax.PROPN {
			break
		}
		switch r.a.Words[w].UPOS {
		case syntax.PROPN, syntax.X:
		case syntax.NOUN, syntax.ADJ, syntax.VERB:
			if w == i && (w == 0 || r.a.Words[w].Head < 0) {
				return i
			}
		default:
			return last
		}
		last = w + 1
	}
	return last
}

// titled reports whether a person's title, profession or kinship stands before
// word i: «le chimiste allemand X», «ma tante X».
func (r *reading) titled(i, first int) bool {
	before := r.before(i, first)
	if before == "" {
		return false
	}
	if r.lex.hints[before]&(profession|kin) != 0 && r.lex.hints[before]&maker == 0 {
		return true
	}
	return r.isTitle(before)
}

// isTitle reports whether a noun of the lexicon is a person's title.
func (r *reading) isTitle(lemma string) bool {
	for _, n := range r.lex.nouns[lemma] {
		if n.flags&title != 0 {
			return true
		}
	}
	return false
}

// before returns the lemma of the noun before word i, a stop («M.») and up to
// two adjectives between them; "" where there is none.
func (r *reading) before(i, first int) string {
	w := i - 1
	if w > first && r.folded[w] == "." {
		w--
	}
	for steps := 0; steps < 2 && w > first && r.a.Words[w].UPOS == syntax.ADJ && !upper(r.t.Words[w].Form) && r.nounless(w); steps++ {
		w--
	}
	if w < first {
		return ""
	}
	return r.lemmas[w]
}

// nounless reports whether no noun of the lexicon is written like word w.
func (r *reading) nounless(w int) bool {
	return r.lex.nouns[r.lemmas[w]] == nil && r.lex.hints[r.lemmas[w]]&(profession|kin) == 0
}

// proper reports whether every capitalised word of the run is tagged a proper
// noun.
func (r *reading) proper(run text.Range) bool {
	for w := run.First; w < run.Last; w++ {
		if u := r.a.Words[w].UPOS; u != syntax.PROPN && !r.lex.particle[r.folded[w]] {
			return false
		}
	}
	return true
}

// capitalised reports whether s is a capital followed by something, or letters
// joined to one («al-Assad»).
func capitalised(s string) bool {
	if upper(s) {
		return utf8.RuneCountInString(s) > 1 && (s[0] < '0' || s[0] > '9')
	}
	for i := range len(s) - 1 {
		if s[i] == '-' && upper(s[i+1:]) {
			return true
		}
	}
	return false
}

// stance reports whether s says for or against whom somebody is: «anti-X»,
// «pro-X». It is an adjective, and nobody's name.
func stance(s string) bool {
	return strings.HasPrefix(s, "anti-") || strings.HasPrefix(s, "pro-")
}

// samePerson reports whether the shorter name is the end of the longer one
// («Assad», «Bachar al-Assad»), or both begin and end alike.
func samePerson(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return false
	}
	if len(a) > 1 && a[0] == b[0] && a[len(a)-1] == b[len(b)-1] {
		return true // with a name more between them
	}
	for i := range a {
		if a[len(a)-1-i] != b[len(b)-1-i] {
			return false
		}
	}
	return true
}

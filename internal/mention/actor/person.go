package actor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// findPersons finds names of people whom the lexicon does not know: capitalised
// words that begin with a given name, follow a title, or stand in pairs.
func (r *reading) findPersons() {
	// A short name («Assange») is found once the full one is known, wherever
	// that stands; so single words wait.
	var single []text.Range
	surnames := map[string]bool{}
	for _, c := range r.cands {
		if len(c.name) > 1 {
			surnames[c.name[len(c.name)-1]] = true
		}
	}
	for _, s := range r.t.Sentences {
		for i := s.Words.First; i < s.Words.Last; {
			last := r.nameRun(i, s.Words.Last)
			if last == i {
				i++
				continue
			}
			switch run := (text.Range{First: i, Last: last}); {
			case r.organising(run):
				if run.Len() > 1 {
					r.addOrganisation(Other, i, last)
				}
			case r.titled(i, s.Words.First), r.lex.given[r.folded[i]] && (run.Len() > 1 || r.proper(run)), run.Len() > 1 && i > s.Words.First && r.proper(run):
				if name := r.addPerson(run); len(name) > 0 {
					surnames[name[len(name)-1]] = true
				}
			case run.Len() == 1:
				single = append(single, run)
			}
			i = last
		}
	}
	var buf [8]string
	for _, run := range single {
		w := run.First
		if r.at[w] >= 0 {
			continue
		}
		p := r.lex.split(buf[:0], r.folded[w])
		switch {
		case len(p) == 0:
		case surnames[p[len(p)-1]]:
			r.addPerson(run)
		case r.a.Words[w].UPOS != syntax.PROPN || len(r.t.Words[w].Form) < 3:
		case acronym(r.t.Words[w].Form):
			// «l'AFCA»: an acronym with an article is an organisation's.
			if w > 0 && r.lex.articles[strings.TrimSuffix(r.folded[w-1], "'")] {
				r.addOrganisation(Other, w, w+1)
			}
		case r.a.Words[w].Rel.Base() == syntax.Nsubj && !r.determined(w) && (w > 0 && r.t.SentenceOf(w-1) == r.t.SentenceOf(w) || r.spoken(int(r.a.Words[w].Head))):
			r.addPerson(run)
		}
	}
}

// organising reports whether a word of the run makes it an organisation's name,
// or an acronym stands in it.
func (r *reading) organising(run text.Range) bool {
	for w := run.First; w < run.Last; w++ {
		if r.lex.organising[r.folded[w]] || run.Len() > 1 && acronym(r.t.Words[w].Form) {
			return true
		}
	}
	return false
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

func (r *reading) determined(w int) bool {
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.Det {
			return true
		}
	}
	return false
}

// spoken reports whether the verb at word h has a clause for its object, as
// verbs of saying and thinking have: who does so is a person.
func (r *reading) spoken(h int) bool {
	if h < 0 || r.a.Words[h].UPOS != syntax.VERB {
		return false
	}
	for c := range r.a.Children(h) {
		if r.a.Words[c].Rel.Base() == syntax.Ccomp {
			return true
		}
	}
	return false
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
		if !capitalised(form) || r.lex.demonyms[r.folded[w]] != "" || r.lex.nouns[r.lemmas[w]] != nil && r.a.Words[w].UPOS != syntax.PROPN {
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

// titled reports whether a person's title stands just before word i.
func (r *reading) titled(i, first int) bool {
	if i == first {
		return false
	}
	if r.folded[i-1] == "." && i-1 > first {
		i--
	}
	for _, n := range r.lex.nouns[r.lemmas[i-1]] {
		if n.flags&title != 0 {
			return true
		}
	}
	return false
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

// samePerson reports whether the shorter name is the end of the longer one
// («Assad», «Bachar al-Assad»), or one of one word its beginning.
func samePerson(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return false
	}
	for i := range a {
		if a[len(a)-1-i] != b[len(b)-1-i] {
			return false
		}
	}
	return true
}

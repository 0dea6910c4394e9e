package actor

import (
	"strings"

	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
)

// linkTitle returns the cluster of a title: the person named beside it, the
// holder of the office on the day, or one of its own.
func (r *reading) linkTitle(i, inner int) int {
	c := &r.cands[i]
	if p := r.personBeside(i); p >= 0 {
		if cl := &r.clusters[r.cands[p].cluster]; cl.entry < 0 {
			cl.class = c.noun.class
			if cl.country == "" {
				cl.country = c.country
			}
		}
		if k := r.cands[p].cluster; c.country != "" && r.clusters[k].country == "" && r.clusters[k].entry < 0 {
			r.clusters[k].country = c.country
		}
		if !r.past(c) {
			key := "title|" + c.noun.class + "|" + c.country
			if k, ok := r.byKey[key]; ok && k != r.cands[p].cluster && r.clusters[k].entry < 0 && len(r.clusters[k].name) == 0 {
				// «un journaliste français», whom the article then names.
				r.merge(k, r.cands[p].cluster)
			}
			r.byKey[key] = r.cands[p].cluster
			if _, ok := r.byKey["title|"+c.noun.class+"|"]; !ok {
				r.byKey["title|"+c.noun.class+"|"] = r.cands[p].cluster
			}
		}
		return r.cands[p].cluster
	}
	if c.country == "" && inner >= 0 {
		c.country = r.cands[inner].country
		if r.cands[inner].cluster >= 0 {
			c.country = r.clusters[r.cands[inner].cluster].country
		}
	}
	if c.country == "" && inner < 0 && !r.plural(c.Head) && r.definite(c) {
		c.country = r.incumbent(c)
	}
	key := "title|" + c.noun.class + "|" + c.country
	if inner >= 0 && c.country == "" {
		key += "|" + r.folded[r.cands[inner].Head]
	}
	if r.plural(c.Head) && !c.each {
		// «les ministres», «des journalistes»: a body of people.
		switch {
		case c.noun.flags&public != 0:
			c.kind = Government
		case c.noun.kind == Person:
			c.kind = Civilians
		}
		return r.keyed("all|"+c.noun.class+"|"+c.country, c)
	}
	if k, ok := r.byKey[key]; ok && !r.past(c) {
		return k
	}
	if k, ok := r.byKey["title|"+c.noun.class+"|"]; ok && !r.past(c) && r.clusters[k].entry < 0 && (r.clusters[k].country == "" || r.clusters[k].country == c.country) {
		return k
	}
	if c.noun.kind != Media {
		c.kind = Person // «un journaliste» without a name is the press
	}
	of := c.country
	if inner >= 0 {
		if k := r.cands[inner].cluster; k >= 0 && r.clusters[k].entry >= 0 {
			of = r.lex.entries[r.clusters[k].entry].id
		}
	}
	if e := r.holder(c.noun.class, of); e >= 0 && !r.past(c) {
		entry := &r.lex.entries[e]
		own := "kb|" + entry.id
		if k, ok := r.byKey[own]; ok {
			return k
		}
		c.entry = r.lex.ids[entry.id]
		return r.keyed(own, c)
	}
	return r.keyed(key, c)
}

// incumbent returns the country of an article about one, where an office
// without a country can only be that of its state: «le chef de l'État», or one
// whose holder the article names: «le président».
func (r *reading) incumbent(c *candidate) string {
	if r.past(c) || r.known("title|"+c.noun.class+"|") {
		return ""
	}
	focus, alone := r.focus()
	if !alone {
		return ""
	}
	e := r.holder(c.noun.class, focus)
	if e < 0 {
		return ""
	}
	if len(c.noun.rest) == 0 && !r.known("kb|"+r.lex.entries[e].id) && r.lemmas[c.Last-1] != "republique" {
		return ""
	}
	return focus
}

func (r *reading) plural(w int) bool { return r.a.Words[w].Feats.Number == syntax.Plur }

// past reports whether c is of one who held an office before: «l'ancien
// président», «l'ex-ministre».
func (r *reading) past(c *candidate) bool {
	if strings.HasPrefix(r.folded[c.Head], "ex") && (len(r.folded[c.Head]) > 2 && r.folded[c.Head][2] == '-') {
		return true
	}
	for w := max(c.First-1, 0); w < c.Head; w++ {
		switch r.folded[w] {
		case "ancien", "ancienne", "ex", "futur", "future":
			return true
		}
	}
	return false
}

// holder returns the entry that held an office of a country or of an
// organisation's id on the day of the article; -1
// where none or not known.
func (r *reading) holder(class, of string) int {
	if of == "" || r.day == (timex.Date{}) {
		return -1
	}
	for _, e := range r.lex.offices[office{class, of}] {
		if in := &r.lex.entries[e]; !before(r.day, in.from) && (in.to == (timex.Date{}) || !before(in.to, r.day)) {
			return e
		}
	}
	return -1
}

// before reports whether a ends before b begins; a month or year reaches over
// its days.
func before(a, b timex.Date) bool {
	switch {
	case a.Year != b.Year:
		return a.Year < b.Year
	case a.Month == 0 || b.Month == 0 || a.Month != b.Month:
		return a.Month != 0 && b.Month != 0 && a.Month < b.Month
	}
	return a.Day != 0 && b.Day != 0 && a.Day < b.Day
}

// personBeside returns the person candidate that a title's phrase holds,
// touches, or is set beside by commas; -1 for none.
func (r *reading) personBeside(i int) int {
	c := &r.cands[i]
	for j := i + 1; j < min(len(r.cands), i+5); j++ {
		// The name inside the phrase comes before all that stand around it.
		d := &r.cands[j]
		if d.sentence == c.sentence && d.kind == Person && len(d.name) > 0 && d.cluster >= 0 && c.Span.Contains(d.Span) &&
			(d.First == c.First || r.a.Words[d.First-1].UPOS != syntax.ADP) {
			return j
		}
	}
	for j := max(0, i-3); j < min(len(r.cands), i+5); j++ {
		d := &r.cands[j]
		if j == i || d.sentence != c.sentence || d.kind != Person || len(d.name) == 0 || d.cluster < 0 {
			continue
		}
		start := d.First
		for start > c.Last && r.address(start-1) {
			start--
		}
		if !c.Span.Contains(d.Span) && start > c.Last && !r.plural(c.Head) {
			start = r.titleBefore(j, start, c.Last)
		}
		switch {
		case c.Span.Contains(d.Span):
			continue // «le ministre du régime d'X» is not X
		case start == c.Last, c.First == d.Last:
			return j
		case r.twoQualities(c, d):
			return j
		case start > c.Last && start <= c.Last+titleReach && r.isComma(start-1) && r.verbless(c.Last, start-1):
			return j
		case c.First > d.Last && c.First <= d.Last+3 && r.isComma(d.Last) && r.verbless(d.Last+1, c.First):
			return j
		case r.a.Words[d.Head].Rel.Base() == syntax.Appos && int(r.a.Words[d.Head].Head) == c.Head,
			r.a.Words[c.Head].Rel.Base() == syntax.Appos && int(r.a.Words[c.Head].Head) == d.Head:
			return j
		}
	}
	return -1
}

// twoQualities reports whether c and the words behind «et» are two qualities of
// the person d who is named after them: «le journaliste et militant X», «l'ancien
// ministre et chef de file de l'opposition X».
func (r *reading) twoQualities(c, d *candidate) bool {
	w := c.Last + 1
	if w >= d.First || d.First > w+titleReach || r.folded[c.Last] != "et" || r.plural(c.Head) || c.First == 0 || r.a.Words[c.First-1].UPOS != syntax.DET ||
		r.a.Words[d.First-1].UPOS == syntax.ADP || r.a.Words[d.First-1].UPOS == syntax.DET {
		return false
	}
	if u := r.a.Words[w].UPOS; u != syntax.NOUN && u != syntax.ADJ || r.plural(w) {
		return false
	}
	return r.verbless(w, d.First)
}

// titleBefore returns the start of the title that stands before the name of
// candidate j, its article included, if that is after word from: «le porte-parole
// de l'armée, le colonel X» has two titles for one person.
func (r *reading) titleBefore(j, start, from int) int {
	for k := j - 1; k >= max(0, j-2); k-- {
		t := &r.cands[k]
		if t.noun == nil || t.noun.flags&title == 0 || t.First <= from || t.First >= start || t.Last < start || r.plural(t.Head) {
			continue
		}
		start = t.First
		if start-1 > from && r.a.Words[start-1].UPOS == syntax.DET {
			start--
		}
		break
	}
	return start
}

// titleReach is how many words of complement may stand between a title and
// the name: «l'ambassadeur de France en Afghanistan, X».
const titleReach = 10

// address reports whether word w is «M.», «Mme» or the stop after the former.
func (r *reading) address(w int) bool {
	switch r.folded[w] {
	case ".", "m", "m.", "mm", "mm.", "mme", "mlle", "mr", "dr", "me", "monsieur", "madame":
		return true
	}
	return false
}

// verbless reports whether the words [first, last) are the complement of a
// noun: no verb, no further comma.
func (r *reading) verbless(first, last int) bool {
	for w := first; w < last; w++ {
		switch r.a.Words[w].UPOS {
		case syntax.VERB, syntax.AUX, syntax.PUNCT, syntax.CCONJ, syntax.PRON:
			return false
		}
	}
	return true
}

func (r *reading) isComma(w int) bool { return w < len(r.t.Words) && r.t.Words[w].Form == "," }

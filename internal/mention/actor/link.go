package actor

import (
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
)

// cluster is an actor in the making.
type cluster struct {
	entry    int // of the lexicon; -1: none
	kind     Kind
	country  string
	class    string   // of the noun that made it
	name     []string // of a person
	mentions []Mention
}

// sort puts candidates in order of position, longer before shorter ones that
// begin with them.
func (r *reading) sort() {
	slices.SortStableFunc(r.cands, func(a, b candidate) int {
		switch {
		case a.Span.Before(b.Span):
			return -1
		case b.Span.Before(a.Span):
			return 1
		}
		return 0
	})
	for i := range r.at {
		r.at[i] = -1
	}
	// The innermost candidate whose head the word is speaks for the word.
	for i := range r.cands {
		for w := r.cands[i].First; w < r.cands[i].Last; w++ {
			if r.at[w] < 0 || r.cands[i].Head == w {
				r.at[w] = int32(i)
			}
		}
	}
}

// link gives every candidate its cluster. Names come first, since nouns and
// short names lean on them wherever they stand.
func (r *reading) link() {
	for i := range r.cands {
		r.cands[i].cluster = -1
	}
	for i := range r.cands {
		if c := &r.cands[i]; c.own != "" {
			r.join(i, r.keyed(c.own, c))
		}
	}
	r.linkPersons()
	for i := range r.cands {
		if c := &r.cands[i]; c.cluster < 0 && c.noun != nil {
			r.join(i, r.linkNoun(i))
		}
	}
	r.linkAcronyms()
}

// keyed returns the cluster of key, made from c where there is none.
func (r *reading) keyed(key string, c *candidate) int {
	if k, ok := r.byKey[key]; ok {
		return k
	}
	k := r.cluster(c)
	r.byKey[key] = k
	return k
}

// cluster makes a cluster of its own from c.
func (r *reading) cluster(c *candidate) int {
	cl := cluster{entry: c.entry, kind: c.kind, country: c.country, name: c.name}
	if c.noun != nil {
		cl.class = c.noun.class
	}
	r.clusters = append(r.clusters, cl)
	return len(r.clusters) - 1
}

func (r *reading) join(i, k int) {
	c := &r.cands[i]
	c.cluster = k
	cl := &r.clusters[k]
	cl.mentions = append(cl.mentions, c.Mention)
	if cl.country == "" {
		cl.country = c.country
	}
	if len(c.name) > len(cl.name) {
		cl.name = c.name
	}
}

// linkPersons joins short names to the full name that they end.
func (r *reading) linkPersons() {
	for i := range r.cands {
		c := &r.cands[i]
		if c.cluster >= 0 || c.kind != Person || len(c.name) == 0 {
			continue
		}
		at := -1
		for k := range r.clusters {
			if cl := &r.clusters[k]; cl.kind == Person && samePerson(c.name, cl.name) {
				at = k
				break
			}
		}
		if at < 0 {
			at = r.cluster(c)
		}
		r.join(i, at)
	}
}

// linkNoun returns the cluster of a noun.
func (r *reading) linkNoun(i int) int {
	c := &r.cands[i]
	n := c.noun
	inner := r.inner(i)
	switch {
	case n.flags&title != 0:
		return r.linkTitle(i, inner)
	case inner >= 0 && n.flags&(member|group) != 0 && r.cands[inner].cluster >= 0:
		// «les membres de Daesh», «le groupe Etat islamique»; but «les soldats du
		// régime» are its army.
		in := &r.clusters[r.cands[inner].cluster]
		if n.flags&state == 0 || in.kind == n.kind {
			return r.cands[inner].cluster
		}
		if c.country == "" {
			c.country = in.country
		}
		if in.kind != Government && in.kind != Country && in.kind != IGO && in.kind != StateForces && n.flags&member != 0 {
			return r.cands[inner].cluster
		}
	}
	switch {
	case n.flags&state != 0:
		return r.linkState(c)
	case c.country == "" && n.flags&(jihadist|rebel|group) != 0:
		if k := r.armedGroup(c); k >= 0 {
			return k
		}
	}
	key := n.class + "|" + c.country
	if n.flags&each != 0 {
		key = "each|" + r.lemmas[c.Head] + "|" + c.country
	}
	return r.keyed(key, c)
}

// inner returns the candidate inside the phrase of i that names whose it is:
// the name beside it or its complement with «de»; -1 for none.
func (r *reading) inner(i int) int {
	c := &r.cands[i]
	for j := i + 1; j < len(r.cands) && r.cands[j].Span.Begin < c.Span.End; j++ {
		d := &r.cands[j]
		if d.sentence != c.sentence || !c.Span.Contains(d.Span) || d.cluster < 0 && d.noun == nil {
			continue
		}
		if d.cluster < 0 {
			r.join(j, r.linkNoun(j))
		}
		return j
	}
	return -1
}

// linkState joins state organs of one class and country. One without a country
// is the last of its class that had one, else the country of the article.
func (r *reading) linkState(c *candidate) int {
	class := c.noun.class
	if c.country == "" {
		for k := len(r.clusters) - 1; k >= 0; k-- {
			if cl := &r.clusters[k]; cl.class == class && len(cl.mentions) > 0 {
				return k
			}
		}
	}
	return r.keyed(class+"|"+c.country, c)
}

// armedGroup returns the armed group that «les djihadistes», «le groupe» stand
// for: the last one named before, else the first one after; -1 for none.
func (r *reading) armedGroup(c *candidate) int {
	best := -1
	for k := range r.clusters {
		cl := &r.clusters[k]
		if cl.entry < 0 || cl.kind != RebelGroup && cl.kind != PoliticalMilitia || len(cl.mentions) == 0 {
			continue
		}
		j := r.lex.entries[cl.entry].tagged("jihadist")
		if c.noun.flags&jihadist != 0 && !j || c.noun.flags&rebel != 0 && j {
			continue
		}
		if best < 0 || r.nearer(cl, &r.clusters[best], c) {
			best = k
		}
	}
	return best
}

// nearer reports whether a is named later before c than b is.
func (r *reading) nearer(a, b *cluster, c *candidate) bool {
	last := func(cl *cluster) article.Span {
		var s article.Span
		s.Begin = -1
		for _, m := range cl.mentions {
			if m.Span.Before(c.Span) && (s.Begin < 0 || s.Before(m.Span)) {
				s = m.Span
			}
		}
		return s
	}
	la, lb := last(a), last(b)
	return la.Begin >= 0 && (lb.Begin < 0 || lb.Before(la))
}

// linkTitle returns the cluster of a title: the person named beside it, the
// holder of the office on the day, or one of its own.
func (r *reading) linkTitle(i, inner int) int {
	c := &r.cands[i]
	if p := r.personBeside(i); p >= 0 {
		if cl := &r.clusters[r.cands[p].cluster]; cl.country == "" {
			cl.country = c.country
		}
		r.byKey["title|"+c.noun.class+"|"+c.country] = r.cands[p].cluster
		return r.cands[p].cluster
	}
	if c.country == "" && inner >= 0 {
		c.country = r.cands[inner].country
		if r.cands[inner].cluster >= 0 {
			c.country = r.clusters[r.cands[inner].cluster].country
		}
	}
	key := "title|" + c.noun.class + "|" + c.country
	if inner >= 0 && c.country == "" {
		key += "|" + r.folded[r.cands[inner].Head]
	}
	if k, ok := r.byKey[key]; ok {
		return k
	}
	if e := r.holder(c.noun.class, c.country); e >= 0 {
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

// holder returns the entry that held an office on the day of the article; -1
// where none or not known.
func (r *reading) holder(class, country string) int {
	if country == "" || r.day == (timex.Date{}) {
		return -1
	}
	for _, e := range r.lex.offices[office{class, country}] {
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
	for j := max(0, i-3); j < min(len(r.cands), i+4); j++ {
		d := &r.cands[j]
		if j == i || d.sentence != c.sentence || d.kind != Person || len(d.name) == 0 || d.cluster < 0 {
			continue
		}
		switch {
		case c.Span.Contains(d.Span), d.First == c.Last, c.First == d.Last:
			return j
		case d.First > c.Last && d.First <= c.Last+1 && r.isComma(c.Last):
			return j
		case c.First > d.Last && c.First <= d.Last+2 && r.isComma(d.Last):
			return j
		case r.a.Words[d.Head].Rel.Base() == syntax.Appos && int(r.a.Words[d.Head].Head) == c.Head,
			r.a.Words[c.Head].Rel.Base() == syntax.Appos && int(r.a.Words[c.Head].Head) == d.Head:
			return j
		}
	}
	return -1
}

func (r *reading) isComma(w int) bool { return w < len(r.t.Words) && r.t.Words[w].Form == "," }

// linkAcronyms joins «X (ABC)»: what stands in brackets after a name is its
// acronym.
func (r *reading) linkAcronyms() {
	for i := range r.cands {
		c := &r.cands[i]
		if c.Last+2 >= len(r.t.Words) || r.t.Words[c.Last].Form != "(" || r.t.Words[c.Last+2].Form != ")" {
			continue
		}
		w := c.Last + 1
		form := r.t.Words[w].Form
		if strings.ToUpper(form) != form || len(form) < 2 || r.at[w] >= 0 && r.cands[r.at[w]].cluster != c.cluster && r.cands[r.at[w]].entry >= 0 {
			continue
		}
		for v := range r.t.Words {
			if r.t.Words[v].Form == form && r.at[v] < 0 {
				m := Mention{Span: r.t.WordSpan(v), First: v, Last: v + 1, Head: v, Form: Proper}
				r.clusters[c.cluster].mentions = append(r.clusters[c.cluster].mentions, m)
			}
		}
	}
}

// actors makes the layer from the clusters.
func (r *reading) actors() []Actor {
	var out []Actor
	for k := range r.clusters {
		cl := &r.clusters[k]
		if len(cl.mentions) == 0 {
			continue
		}
		slices.SortStableFunc(cl.mentions, func(a, b Mention) int {
			switch {
			case a.Span.Before(b.Span):
				return -1
			case b.Span.Before(a.Span):
				return 1
			}
			return 0
		})
		a := Actor{Kind: cl.kind, Country: cl.country, Mentions: cl.mentions}
		switch {
		case cl.entry >= 0:
			e := &r.lex.entries[cl.entry]
			a.KnowledgeID, a.Name, a.Kind, a.Codes = e.id, e.name, e.kind, e.codes
			if e.country != "" {
				a.Country = e.country
			}
		case cl.kind == Country:
			a.KnowledgeID = "iso:" + cl.country
		}
		if a.Name == "" {
			a.Name = r.t.Document.Text(r.fullest(cl.mentions))
		}
		if a.Kind == StateForces && a.Country != "" && len(r.home) > 0 && !r.home[a.Country] {
			a.Kind = ExternalForces
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Actor) int {
		switch {
		case a.Mentions[0].Span.Before(b.Mentions[0].Span):
			return -1
		case b.Mentions[0].Span.Before(a.Mentions[0].Span):
			return 1
		}
		return 0
	})
	return out
}

// fullest returns the span of the longest proper mention, else of the longest
// nominal one.
func (r *reading) fullest(ms []Mention) article.Span {
	best := ms[0]
	for _, m := range ms[1:] {
		if m.Form < best.Form || m.Form == best.Form && m.Span.End-m.Span.Begin > best.Span.End-best.Span.Begin {
			best = m
		}
	}
	return best.Span
}

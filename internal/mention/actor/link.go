package actor

import (
	"context"
	"github.com/depeche-events/depeche/internal/interrupt"
	"slices"
	"strconv"
	"strings"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
)

// cluster is an actor in the making.
type cluster struct {
	entry     int // of the lexicon; -1: none
	kind      Kind
	country   string
	class     string   // of the noun that made it
	name      []string // of a person
	people    string   // whose it is told to be: «kurde»
	apart     bool     // told apart from others of its class: «un autre gendarme»
	state     bool     // an organ of a state
	proper    bool     // has a name
	single    bool     // one person told by a noun
	placeless bool     // of an organisation or a people across borders: of no country
	mentions  []Mention
}

// sort puts candidates in order of position, longer before shorter ones that
// begin with them.
func (r *reading) sort(context.Context) {
	slices.SortStableFunc(r.cands, func(a, b candidate) int { return a.Span.Compare(b.Span) })
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
func (r *reading) link(ctx context.Context) {
	for i := range r.cands {
		r.cands[i].cluster = -1
	}
	for i := range r.cands {
		if c := &r.cands[i]; c.own != "" {
			k := r.keyed(c.own, c)
			r.join(i, k)
			if c.entry < 0 || r.lex.entries[c.entry].organ == "" || c.country == "" {
				continue
			}
			// «Tsahal» is «l'armée israélienne».
			class := r.lex.entries[c.entry].organ
			if key := class + "|" + c.country; !r.known(key) {
				r.byKey[key] = k
				r.clusters[k].class, r.clusters[k].state = class, true
			}
		}
	}
	r.linkPersons()
	r.relinkSurnames()
	for i := range interrupt.Range(ctx, len(r.cands)) {
		// Each noun is held against all that was named.
		if c := &r.cands[i]; c.cluster < 0 && c.noun != nil {
			r.join(i, r.linkNoun(i))
		}
	}
	r.linkForward(ctx)
	r.linkAcronyms(ctx)
}

// linkForward joins a state organ told without a country before the article
// says whose it is («deux militaires tués», then «deux militaires français») to
// the first one of its class that has one.
func (r *reading) linkForward(ctx context.Context) {
	for k := range interrupt.Range(ctx, len(r.clusters)) {
		cl := &r.clusters[k]
		if cl.entry >= 0 || cl.country != "" || !cl.state || cl.people != "" || cl.apart || len(cl.mentions) == 0 {
			continue
		}
		for j := range r.clusters {
			other := &r.clusters[j]
			if j == k || other.class != cl.class || other.country == "" || other.people != "" || other.apart || len(other.mentions) == 0 {
				continue
			}
			r.merge(k, j)
			break
		}
	}
}

// merge gives the mentions of cluster k to into.
func (r *reading) merge(k, into int) {
	r.clusters[into].mentions = append(r.clusters[into].mentions, r.clusters[k].mentions...)
	r.clusters[k].mentions = nil
	for i := range r.cands {
		if r.cands[i].cluster == k {
			r.cands[i].cluster = into
		}
	}
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

func (r *reading) known(key string) bool {
	_, ok := r.byKey[key]
	return ok
}

// cluster makes a cluster of its own from c.
func (r *reading) cluster(c *candidate) int {
	cl := cluster{entry: c.entry, kind: c.kind, country: c.country, name: c.name}
	if c.noun != nil {
		cl.class, cl.state, cl.people = c.noun.class, c.noun.flags&state != 0, r.people(c)
		cl.single = c.kind == Person && c.noun.flags&each != 0
	}
	cl.placeless = c.several || r.lex.broad[r.folded[c.Head]] // «les Européens»
	for w := c.First; w < c.Last && cl.country == ""; w++ {
		if w == c.Head {
			continue
		}
		if country, ok := r.lex.peoples[r.folded[w]]; ok && country == "" || r.at[w] >= 0 && r.cands[r.at[w]].kind == IGO && r.cands[r.at[w]].entry >= 0 {
			cl.placeless = true
		}
	}
	r.clusters = append(r.clusters, cl)
	return len(r.clusters) - 1
}

func (r *reading) join(i, k int) {
	c := &r.cands[i]
	c.cluster = k
	cl := &r.clusters[k]
	cl.mentions = append(cl.mentions, c.Mention)
	cl.proper = cl.proper || c.Form == Proper
	if cl.country == "" {
		cl.country = c.country
	}
	if len(c.name) > len(cl.name) {
		cl.name = c.name
	}
}

// linkPersons joins short names to the full name that they end.
func (r *reading) linkPersons() {
	surnamed := map[string][]int{} // persons' clusters by the name that ends theirs
	for k := range r.clusters {
		if cl := &r.clusters[k]; cl.kind == Person && len(cl.name) > 0 {
			surname := cl.name[len(cl.name)-1]
			surnamed[surname] = append(surnamed[surname], k)
		}
	}
	for i := range r.cands {
		c := &r.cands[i]
		if c.cluster >= 0 || c.kind != Person || len(c.name) == 0 {
			continue
		}
		surname := c.name[len(c.name)-1]
		at := -1
		for _, k := range surnamed[surname] {
			if samePerson(c.name, r.clusters[k].name) {
				at = k
				break
			}
		}
		if at < 0 && len(c.name) == 1 {
			at = r.firstNamed(surname)
		}
		if at < 0 {
			at = r.cluster(c)
			surnamed[surname] = append(surnamed[surname], at)
		}
		r.join(i, at)
	}
}

// relinkSurnames gives the surname of somebody well known to a relative whom the
// article names in full before them: in news of Ali X, the son of the president
// Omar X, «X» is Ali.
func (r *reading) relinkSurnames() {
	relatives := map[string]int{} // clusters of persons named in full, by surname: the first of each
	for k := range r.clusters {
		if cl := &r.clusters[k]; cl.kind == Person && cl.entry < 0 && len(cl.name) > 1 && len(cl.mentions) > 0 {
			if _, ok := relatives[cl.name[len(cl.name)-1]]; !ok {
				relatives[cl.name[len(cl.name)-1]] = k
			}
		}
	}
	if len(relatives) == 0 {
		return
	}
	full := map[int]article.Span{} // by cluster: where the name stands in full first
	for i := range r.cands {
		if c := &r.cands[i]; c.entry >= 0 && c.cluster >= 0 && c.Last-c.First > 1 {
			if s, ok := full[c.cluster]; !ok || c.Span.Before(s) {
				full[c.cluster] = c.Span
			}
		}
	}
	moved := map[int]bool{} // clusters that lost mentions
	for i := range r.cands {
		c := &r.cands[i]
		if c.entry < 0 || c.cluster < 0 || c.Last-c.First != 1 || r.lex.entries[c.entry].kind != Person || r.inOffice(c.entry) {
			continue
		}
		k, ok := relatives[r.folded[c.Head]]
		if !ok || k == c.cluster {
			continue
		}
		first := r.clusters[k].mentions[0].Span
		if s, ok := full[c.cluster]; !first.Before(c.Span) || ok && s.Before(first) {
			continue
		}
		moved[c.cluster] = true
		c.entry = -1
		r.join(i, k)
	}
	for k := range moved {
		r.clusters[k].mentions = nil
	}
	for i := range r.cands {
		if c := &r.cands[i]; c.cluster >= 0 && moved[c.cluster] {
			r.clusters[c.cluster].mentions = append(r.clusters[c.cluster].mentions, c.Mention)
		}
	}
}

// inOffice reports whether who an entry is held an office on the day of the
// article: of a president's relatives the surname alone is the president.
func (r *reading) inOffice(entry int) bool {
	e := &r.lex.entries[entry]
	return e.from != (timex.Date{}) && r.day != (timex.Date{}) && !before(r.day, e.from) && (e.to == (timex.Date{}) || !before(e.to, r.day))
}

// firstNamed returns the one person whose name begins with this word, a family's
// («M. Kim») or a given one; -1 for none and for several.
func (r *reading) firstNamed(name string) int {
	at := -1
	for k := range r.clusters {
		if cl := &r.clusters[k]; cl.kind == Person && len(cl.name) > 1 && cl.name[0] == name && len(cl.mentions) > 0 {
			if at >= 0 {
				return -1
			}
			at = k
		}
	}
	return at
}

// linkNoun returns the cluster of a noun.
func (r *reading) linkNoun(i int) int {
	c := &r.cands[i]
	n := c.noun
	inner := r.inner(i)
	if r.other(c) && r.personBeside(i) < 0 {
		if r.single(c) {
			c.kind = Person
		}
		if c.country == "" {
			if k := r.latest(c, func(cl *cluster) bool { return cl.class == n.class }); k >= 0 {
				c.country = r.clusters[k].country
			}
		}
		key := "apart|" + n.class + "|" + r.lemmas[c.Head] + "|" + c.country
		if k, ok := r.byKey[key]; ok && r.plural(c.Head) && r.definite(c) {
			return k // «les autres militaires» are told again
		}
		k := r.cluster(c)
		r.clusters[k].apart = true
		if r.plural(c.Head) {
			r.byKey[key] = k
		}
		return k
	}
	switch {
	case n.flags&title != 0 && (n.kind == Person || !r.plural(c.Head) || c.each || r.personBeside(i) >= 0):
		return r.linkTitle(i, inner)
	case inner >= 0 && (n.flags&(member|group) != 0 || n.kind == StateForces && r.cands[inner].kind == IGO || n.flags&rebel != 0 && r.cands[inner].kind == RebelGroup) && r.cands[inner].cluster >= 0 && !(n.kind == ExternalForces && r.clusters[r.cands[inner].cluster].kind == IGO):
		// «les membres de Daesh», «le groupe Etat islamique», «les soldats de
		// l'ONU»; but «les soldats du régime» are its army.
		in := &r.clusters[r.cands[inner].cluster]
		if in.kind == Person && n.flags&member != 0 && (r.plural(c.Head) || r.caseOf(r.cands[inner].Head) == "de") {
			// «les partisans de X» are not X.
			if c.country == "" {
				c.country = in.country
			}
			return r.keyed("of|"+n.class+"|"+strconv.Itoa(r.cands[inner].cluster), c)
		}
		if in.kind == Other && in.entry < 0 && n.flags&member != 0 && (n.kind == RebelGroup || n.kind == PoliticalMilitia) {
			in.kind = n.kind // «les combattants du Front X»
		}
		if n.flags&state == 0 || in.kind == n.kind || in.kind == IGO && in.entry >= 0 && c.country == "" && n.kind == StateForces {
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
		if inner >= 0 && c.country == "" && r.cands[inner].cluster >= 0 && r.clusters[r.cands[inner].cluster].kind == Person {
			// «le régime X» is of X's country.
			c.country = r.clusters[r.cands[inner].cluster].country
		}
		return r.linkState(c)
	case c.country == "" && n.flags&(jihadist|rebel|group) != 0 && !(n.flags&group != 0 && r.plural(c.Head)):
		if k := r.armedGroup(c); k >= 0 {
			return k
		}
	}
	if n.flags&group != 0 && !r.plural(c.Head) && c.Last-c.First <= 2+len(n.rest) && r.definite(c) {
		// «l'ONG», «l'organisation», «la chaîne»: the last named one of its kind.
		if k := r.latest(c, func(cl *cluster) bool {
			return (cl.entry >= 0 || cl.proper) && groupKind(n.kind, cl.kind) && (c.country == "" || cl.country == "" || c.country == cl.country)
		}); k >= 0 {
			return k
		}
	}
	if k := r.apposed(c); k >= 0 {
		return k
	}
	if r.single(c) {
		if n.flags&one != 0 {
			if p := r.personBeside(i); p >= 0 {
				return r.cands[p].cluster // «l'accusé, Karim X»
			}
		}
		if n.flags&one != 0 && r.definite(c) {
			if k := r.latest(c, func(cl *cluster) bool { return cl.kind == Person && cl.single }); k >= 0 {
				return k
			}
		}
		c.kind = Person
	}
	key := n.class + "|" + c.country
	if n.flags&each != 0 {
		key = "each|" + r.lemmas[c.Head] + "|" + c.country
		if n.class == "sources" || strings.HasSuffix(n.class, "-sources") {
			key += "|" + n.class // «une source sécuritaire», «une source hospitalière»
		}
	}
	people := r.people(c)
	if people == "" && r.definite(c) && !r.known(key+"|") {
		// «des manifestants anti-X», then «les manifestants»
		if k := r.latest(c, func(cl *cluster) bool { return cl.class == n.class && stance(cl.people) && cl.country == c.country }); k >= 0 {
			return k
		}
	}
	return r.keyed(key+"|"+people, c)
}

// apposed returns the cluster of the one person whom c, between commas, tells
// more of: «le suspect, un lycéen, a été arrêté»; -1 for none.
func (r *reading) apposed(c *candidate) int {
	w := &r.a.Words[c.Head]
	h := int(w.Head)
	if c.noun.flags&each == 0 || h < 0 || h > c.Head || r.at[h] < 0 || r.plural(h) || r.plural(c.Head) || !r.indefinite(c) {
		return -1
	}
	d := &r.cands[r.at[h]]
	if d.Head != h || d.cluster < 0 || d.noun == nil || r.clusters[d.cluster].kind != Person || !r.definite(d) {
		return -1
	}
	switch w.Rel.Base() {
	case syntax.Appos:
		return d.cluster
	case syntax.Conj:
		// The parser takes it for the first of a list, which this is too short for.
		for v := range r.a.Children(h) {
			if v != c.Head && r.a.Words[v].Rel.Base() == syntax.Conj {
				return -1
			}
		}
		for v := range r.a.Children(c.Head) {
			if r.a.Words[v].Rel.Base() == syntax.CC {
				return -1
			}
		}
		return d.cluster
	}
	return -1
}

// other reports whether c is told apart from those before: «un autre
// gendarme», «d'autres soldats».
func (r *reading) other(c *candidate) bool {
	for w := range r.a.Children(c.Head) {
		if w < c.Head && r.lemmas[w] == "autre" {
			return true
		}
	}
	return false
}

// indefinite reports whether c is told as not known yet: «un groupe», «des
// combattants», «plusieurs rebelles».
func (r *reading) indefinite(c *candidate) bool {
	for w := range r.a.Children(c.Head) {
		if w < c.Head && r.a.Words[w].Rel.Base() == syntax.Det {
			switch r.lemmas[w] {
			case "un", "plusieurs", "quelque", "certain":
				return true
			}
		}
	}
	return false
}

// people returns the people, by its folded lemma, whose c is told to be
// («combattants kurdes»), or whom it is told to be for or against
// («manifestants anti-X»); "" for none.
func (r *reading) people(c *candidate) string {
	for w := c.First; w < c.Last; w++ {
		if w == c.Head {
			continue
		}
		if _, ok := r.lex.peoples[r.folded[w]]; ok {
			return r.lemmas[w]
		}
		if stance(r.folded[w]) {
			return r.folded[w]
		}
	}
	return ""
}

// groupKind reports whether a group noun of kind noun may stand for a named
// actor of kind named.
func groupKind(noun, named Kind) bool {
	if noun == Other {
		return named == RebelGroup || named == PoliticalMilitia || named == IdentityMilitia || named == NGO || named == IGO || named == Party || named == Media || named == Business || named == Other
	}
	return noun == named
}

// definite reports whether c is told as known: «la victime», «cette
// organisation»; not «un», «des», nor without determiner.
func (r *reading) definite(c *candidate) bool {
	for d := c.First - 1; d >= max(0, c.First-2); d-- {
		switch r.folded[d] {
		case "le", "la", "l'", "les", "ce", "cet", "cette", "ces", "du", "au", "aux", "dudit", "son", "sa":
			return true
		}
		if r.a.Words[d].UPOS != syntax.ADJ && r.a.Words[d].UPOS != syntax.NUM {
			break
		}
	}
	return false
}

// single reports whether c is one person told by a noun: «un lycéen».
func (r *reading) single(c *candidate) bool {
	return c.noun.flags&each != 0 && c.noun.flags&many == 0 && c.noun.class != "civilians" && r.a.Words[c.Head].Feats.Number == syntax.Sing &&
		(c.noun.kind == Civilians || c.noun.kind == Protesters || c.noun.kind == Other && c.noun.flags&one != 0)
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

// linkAcronyms joins «X (ABC)»: what stands in brackets after a name is its
// acronym.
func (r *reading) linkAcronyms(ctx context.Context) {
	for i := range interrupt.Range(ctx, len(r.cands)) {
		c := &r.cands[i]
		if c.Form != Proper && (c.noun == nil || c.noun.flags&group == 0) || c.Last+2 >= len(r.t.Words) || r.t.Words[c.Last].Form != "(" || r.t.Words[c.Last+2].Form != ")" {
			continue
		}
		w := c.Last + 1
		form := r.t.Words[w].Form
		if c.cluster < 0 || c.kind == Person || c.kind == Country {
			continue
		}
		if strings.ToUpper(form) != form || len(form) < 2 || r.at[w] >= 0 && r.cands[r.at[w]].cluster != c.cluster && r.cands[r.at[w]].entry >= 0 {
			continue
		}
		for v := range r.t.Words {
			if r.t.Words[v].Form != form {
				continue
			}
			if at := r.at[v]; at >= 0 {
				if d := &r.cands[at]; d.Form == Proper && d.entry < 0 && d.cluster >= 0 && d.cluster != c.cluster && d.Last-d.First == 1 && d.kind == Other {
					r.merge(d.cluster, c.cluster)
				}
				continue
			}
			m := Mention{Span: r.t.WordSpan(v), First: v, Last: v + 1, Head: v, Form: Proper}
			r.clusters[c.cluster].mentions = append(r.clusters[c.cluster].mentions, m)
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
		slices.SortStableFunc(cl.mentions, func(a, b Mention) int { return a.Span.Compare(b.Span) })
		a := Actor{Kind: cl.kind, Country: cl.country, Mentions: cl.mentions}
		switch {
		case cl.entry >= 0:
			e := &r.lex.entries[cl.entry]
			a.KnowledgeID, a.Name, a.Kind, a.Codes = e.id, e.name, e.kind, e.codes
			if e.country != "" {
				a.Country = e.country
			}
		case cl.kind == Country && cl.country != "":
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
	slices.SortStableFunc(out, func(a, b Actor) int { return a.Mentions[0].Span.Compare(b.Mentions[0].Span) })
	return out
}

// fullest returns the span of the longest proper mention, else of the nominal
// one that is said most often.
func (r *reading) fullest(ms []Mention) article.Span {
	said := make(map[string]int, len(ms)) // a page may say one thing a hundred thousand times
	for _, m := range ms {
		said[r.t.Document.Text(m.Span)]++
	}
	best, rank := ms[0], 0
	for _, m := range ms {
		n := 0
		switch m.Form {
		case Proper:
			n = 1000 + m.Span.End - m.Span.Begin
		case Nominal:
			n = said[r.t.Document.Text(m.Span)]
		}
		if n > rank {
			best, rank = m, n
		}
	}
	return best.Span
}

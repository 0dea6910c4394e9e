package actor

import (
	"strings"

	"github.com/depeche-events/depeche/internal/syntax"
)

// linkState joins state organs of one class and country. One without a country
// is the last of its class that had one, else the country of the article; one
// of a people is that people's.
func (r *reading) linkState(c *candidate) int {
	class := c.noun.class
	if strings.HasSuffix(class, "-ministry") && r.plural(c.Head) {
		class = "ministries" // «les ministères de la Défense et de l'Intérieur»
	}
	if p := r.people(c); p != "" {
		return r.keyed(class+"|"+c.country+"|"+p, c)
	}
	if c.country == "" {
		if k := r.possessor(c); k >= 0 {
			owner := &r.clusters[k]
			if owner.kind != Government && owner.kind != Country && owner.kind != Person || owner.country == "" {
				return k
			}
			c.country = owner.country
		}
	}
	if c.country == "" {
		c.country = r.counterpart(c)
	}
	if c.country == "" {
		if k := r.latest(c, func(cl *cluster) bool {
			return cl.class == class && cl.people == "" && !cl.apart || class == "ministry" && strings.HasSuffix(cl.class, "-ministry")
		}); k >= 0 {
			if here := r.elsewhere(c, k); here != "" {
				c.country = here
				return r.keyed(class+"|"+here, c)
			}
			return k
		}
	}
	k := r.keyed(class+"|"+c.country, c)
	r.clusters[k].class = class
	return k
}

// counterpart returns the country of the armed group that c is told beside, which
// is c's too wherever they meet: «le gouvernement et les FARC, à La Havane»; ""
// for none.
func (r *reading) counterpart(c *candidate) string {
	beside := func(w int) string {
		if w < 0 || r.at[w] < 0 {
			return ""
		}
		if o := &r.cands[r.at[w]]; o.kind == RebelGroup && o.entry >= 0 {
			return r.lex.entries[o.entry].country
		}
		return ""
	}
	if r.a.Words[c.Head].Rel.Base() == syntax.Conj {
		if country := beside(int(r.a.Words[c.Head].Head)); country != "" {
			return country
		}
	}
	for w := range r.a.Children(c.Head) {
		if r.a.Words[w].Rel.Base() == syntax.Conj {
			if country := beside(w); country != "" {
				return country
			}
		}
	}
	return ""
}

// organReach is how many sentences an organ without a country is looked for
// against the country that its own sentence tells.
const organReach = 1

// elsewhere returns the country of c's sentence if that is another than the
// country of cluster k and speaks against c being of k: k was never told of
// there, and the article has told of such an organ of that country, or of k too
// long before. Else "".
func (r *reading) elsewhere(c *candidate, k int) string {
	cl := &r.clusters[k]
	here := r.sentenceCountry(c.sentence)
	if cl.country == "" || here == "" || cl.country == here || r.lex.sovereign[here] == cl.country || r.demonstrative(c) {
		return ""
	}
	_, told := r.byKey[cl.class+"|"+here]
	if told && r.peopleBetween(cl, c, here) {
		return here
	}
	for i := range r.cands {
		// «les raids de l'aviation», with «les forces russes» beside them.
		if r.cands[i].sentence == c.sentence && r.cands[i].country == cl.country {
			return ""
		}
	}
	away := len(r.t.Sentences)
	for _, m := range cl.mentions {
		if !m.Span.Before(c.Span) {
			continue
		}
		s := r.t.SentenceOf(m.First)
		if s == c.sentence || r.sentenceCountry(s) == here {
			return ""
		}
		away = min(away, c.sentence-s)
	}
	if told || away > organReach {
		return here
	}
	return ""
}

// peopleBetween reports whether c's sentence names the people of a country
// after it last names cl: «des forces américaines aident les Irakiens, dont les
// soldats avaient fui».
func (r *reading) peopleBetween(cl *cluster, c *candidate, country string) bool {
	after := r.t.Sentences[c.sentence].Words.First
	for _, m := range cl.mentions {
		if m.Span.Before(c.Span) {
			after = max(after, m.Last)
		}
	}
	for i := range r.cands {
		if d := &r.cands[i]; d.First >= after && d.Last <= c.First && d.own == "people|"+country {
			return true
		}
	}
	return false
}

// demonstrative reports whether c points back: «ce gouvernement».
func (r *reading) demonstrative(c *candidate) bool {
	for w := range r.a.Children(c.Head) {
		if w < c.Head && r.a.Words[w].Rel.Base() == syntax.Det && r.lemmas[w] == "ce" {
			return true
		}
	}
	return false
}

// sentenceCountry returns the country that all places of a sentence lie in,
// those that act left out; "" where there are none or several.
func (r *reading) sentenceCountry(sentence int) string {
	country := ""
	s := r.t.Sentences[sentence].Words
	for w := s.First; w < s.Last; w++ {
		p := r.placed[w]
		if p < 0 || r.places[p].Country == "" || r.at[w] >= 0 && r.cands[r.at[w]].own != "" {
			continue
		}
		if country != "" && country != r.places[p].Country {
			return ""
		}
		country = r.places[p].Country
	}
	return country
}

// possessor returns the cluster that «ses forces», «leur armée» belong to: the
// last subject before it; -1 for none.
func (r *reading) possessor(c *candidate) int {
	for d := range r.a.Children(c.Head) {
		if w := &r.a.Words[d]; w.Rel.Base() != syntax.Det || !w.Feats.Poss {
			continue
		}
		for i := len(r.cands) - 1; i >= 0; i-- {
			o := &r.cands[i]
			if o.Head < c.Head && o.cluster >= 0 && o.sentence >= c.sentence-1 && r.a.Words[o.Head].Rel.Base() == syntax.Nsubj {
				return o.cluster
			}
		}
	}
	return -1
}

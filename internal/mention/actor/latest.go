package actor

import (
	"strings"

	"github.com/depeche-events/depeche/internal/article"
)

// latest returns the cluster that is and was mentioned last before c; -1 for
// none.
func (r *reading) latest(c *candidate, is func(*cluster) bool) int {
	last := lastNamed{clusters: r.clusters, before: c, best: -1}
	for k := range r.clusters {
		if cl := &r.clusters[k]; len(cl.mentions) > 0 && is(cl) {
			last.offer(k)
		}
	}
	return last.best
}

// armedGroup returns the armed group that «les djihadistes», «le groupe» stand
// for: the last one named before, else the first one after; -1 for none.
func (r *reading) armedGroup(c *candidate) int {
	last := lastNamed{clusters: r.clusters, before: c, best: -1}
	people, fresh := r.people(c), r.indefinite(c)
	for k := range r.clusters {
		cl := &r.clusters[k]
		if cl.entry < 0 || cl.kind != RebelGroup && cl.kind != PoliticalMilitia || len(cl.mentions) == 0 {
			continue
		}
		// «la télévision», «le parti» are no armed group.
		if c.noun.flags&(jihadist|rebel) == 0 && !groupKind(c.noun.kind, cl.kind) {
			continue
		}
		if people != "" && !r.ofPeople(cl.entry, people) {
			continue
		}
		j := r.lex.entries[cl.entry].tagged("jihadist")
		if c.noun.flags&jihadist != 0 && !j || c.noun.flags&rebel != 0 && j {
			continue
		}
		// «des combattants» are not those told of before, but may be named after,
		// where no others were.
		if fresh && cl.mentions[0].Span.Before(c.Span) {
			return -1
		}
		last.offer(k)
	}
	return last.best
}

// ofPeople reports whether an entry is named for a people or its land: the
// «Parti des travailleurs du Kurdistan» for «kurde».
func (r *reading) ofPeople(entry int, people string) bool {
	stem := strings.TrimRight(people, "aeiou")
	for _, p := range r.lex.pieces(nil, r.lex.entries[entry].name) {
		if len(stem) > 3 && strings.HasPrefix(p, stem) {
			return true
		}
	}
	return false
}

// lastNamed is the cluster, of those that were offered, that was named last
// before a candidate; else the first one.
type lastNamed struct {
	clusters []cluster
	before   *candidate
	best     int           // -1: none was offered
	at       *article.Span // where; nil: there was no other to compare it with
}

func (l *lastNamed) offer(k int) {
	if l.best < 0 {
		l.best = k
		return
	}
	if l.at == nil {
		at := l.clusters[l.best].lastBefore(l.before)
		l.at = &at
	}
	if at := l.clusters[k].lastBefore(l.before); later(at, *l.at) {
		l.best, *l.at = k, at
	}
}

// lastBefore returns where cl was last named before c; Begin is -1: nowhere.
func (cl *cluster) lastBefore(c *candidate) article.Span {
	last := article.Span{Begin: -1}
	for _, m := range cl.mentions {
		if m.Span.Before(c.Span) && later(m.Span, last) {
			last = m.Span
		}
	}
	return last
}

// later reports whether a, if it is anywhere, stands after b.
func later(a, b article.Span) bool { return a.Begin >= 0 && (b.Begin < 0 || b.Before(a)) }

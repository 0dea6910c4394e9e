package event

import "github.com/depeche-events/depeche/internal/syntax"

// modified returns the noun that the participle v says something of: of «deux
// policiers et un gendarme tués» all of them, though the parser hangs the
// participle on the last.
func (r *reading) modified(h, v int) int {
	if r.a.Words[h].Rel.Base() != syntax.Conj || r.a.Words[v].Feats.Number != syntax.Plur || r.a.Words[v].Rel == syntax.ACLRelcl {
		return h
	}
	first := int(r.a.Words[h].Head)
	if first < 0 || first > h || r.actorAt[first] < 0 || r.ownParticiple(first) {
		return h
	}
	if r.a.Words[h].Feats.Number == syntax.Sing || r.heads(first) || r.undetermined(h) {
		return first
	}
	return h
}

// undetermined reports whether the noun n has neither an article nor a number:
// beside another it shares theirs, «40 soldats et policiers».
func (r *reading) undetermined(n int) bool {
	for c := range r.a.Children(n) {
		if rel := r.a.Words[c].Rel.Base(); rel == syntax.Det || rel == syntax.Nummod {
			return false
		}
	}
	return true
}

// ownParticiple reports whether a participle hangs on the noun n.
func (r *reading) ownParticiple(n int) bool {
	for c := range r.a.Children(n) {
		if r.a.Words[c].Rel.Base() == syntax.ACL && r.a.Words[c].UPOS == syntax.VERB {
			return true
		}
	}
	return false
}

// heads reports whether the phrase of w is all that its sentence says, a
// dateline aside, as in a headline: «Mali : des soldats et des civils tués».
func (r *reading) heads(w int) bool {
	h := int(r.a.Words[w].Head)
	return h < 0 || r.a.Words[h].Head < 0 && r.placeAt[h] >= 0 && r.dateline(h)
}

// sharedAgent adds the agent that a passive coordinated with v has behind it,
// where v has none: «enlevés puis exécutés par la milice», «dix rebelles tués
// et deux bases détruites par l'armée».
func (r *reading) sharedAgent(v int, out []filler) []filler {
	for _, g := range out {
		if g.slot == slotSubject {
			return out
		}
	}
	first := v
	if r.coordinated(v) {
		first = int(r.a.Words[v].Head)
	}
	if shared := r.agentAmong(first, v); shared >= 0 {
		return append(out, filler{slot: slotSubject, word: shared, inherited: true})
	}
	n := int(r.a.Words[v].Head)
	if n < 0 || r.a.Words[v].Rel.Base() != syntax.ACL || !r.heads(n) {
		return out
	}
	for c := range r.a.Children(n) {
		if r.a.Words[c].Rel.Base() != syntax.Conj || c < v {
			continue
		}
		for d := range r.a.Children(c) {
			if r.a.Words[d].Rel.Base() != syntax.ACL || !r.passive(d) {
				continue
			}
			if a := r.agentOf(d); a >= 0 {
				return append(out, filler{slot: slotSubject, word: a, inherited: true})
			}
		}
	}
	return out
}

// agentAmong returns the agent of a passive behind v that is coordinated with
// first and has no subject of its own; -1 for none.
func (r *reading) agentAmong(first, v int) int {
	for c := range r.a.Children(first) {
		if c <= v || !r.coordinated(c) || r.a.Words[c].UPOS != syntax.VERB || r.child(c, syntax.Nsubj) >= 0 || !r.passive(c) {
			continue
		}
		if a := r.agentOf(c); a >= 0 {
			return a
		}
	}
	return -1
}

// agentOf returns who is behind «par» of the passive v; -1 for nobody.
func (r *reading) agentOf(v int) int {
	for c := range r.a.Children(v) {
		if r.a.Words[c].Rel == syntax.OblAgent && r.natureOf(r.core(c))&isActor != 0 {
			return c
		}
	}
	return -1
}

// sharedComplement adds the complement with «de» that an event coordinated with
// the noun n has, where n has none: «l'enlèvement et l'assassinat de deux
// journalistes».
func (r *reading) sharedComplement(n int, out []filler) []filler {
	for _, g := range out {
		if g.slot == slotOf || g.slot == slotPossessive {
			return out
		}
	}
	for c := range r.a.Children(n) {
		if rel := r.a.Words[c].Rel.Base(); c > n && (rel == syntax.Nmod || rel == syntax.Obl || rel == syntax.ACL) {
			return out
		}
		if r.a.Words[c].Rel.Base() != syntax.Conj || r.a.Words[c].UPOS != syntax.NOUN || r.lex.nouns[r.lemmas[c]] == nil || r.child(c, syntax.CC) < 0 {
			continue
		}
		for d := range r.a.Children(c) {
			if r.a.Words[d].Rel.Base() == syntax.Nmod && r.preposition(d) == "de" && r.natureOf(r.core(d))&isActor != 0 {
				return append(out, filler{slot: slotOf, word: d, inherited: true})
			}
		}
	}
	return out
}

// samePerson reports whether c, coordinated with w, is another quality of the
// same person: «l'ancienne journaliste et directrice de l'institut».
func (r *reading) samePerson(w, c int) bool {
	if r.child(c, syntax.CC) < 0 {
		// «Karim Touré, l'un des fils du président»: an apposition.
		if r.a.Words[c].UPOS == syntax.PRON {
			return r.folded[c] == "un" && r.child(c, syntax.Det) >= 0
		}
		// «Touré, membre de la garde», «Touré, l'unité d'élite»
		return r.a.Words[c].UPOS == syntax.NOUN && r.a.Words[c].Feats.Number == syntax.Sing && r.natureOf(w)&isPerson != 0 &&
			(r.child(c, syntax.Det) < 0 || r.natureOf(c)&isPerson == 0)
	}
	a, b := &r.a.Words[w], &r.a.Words[c]
	return a.UPOS == syntax.NOUN && b.UPOS == syntax.NOUN && a.Feats.Number == syntax.Sing && b.Feats.Number == syntax.Sing &&
		r.child(w, syntax.Det) >= 0 && r.child(c, syntax.Det) < 0 && r.child(c, syntax.Nummod) < 0 &&
		r.natureOf(w)&isPerson != 0
}

// joined adds what is coordinated with c by a conjunction.
func (r *reading) joined(c int, out []int) []int {
	for d := range r.a.Children(c) {
		if r.a.Words[d].Rel == syntax.Conj && r.a.Words[d].UPOS != syntax.VERB && r.child(d, syntax.CC) >= 0 {
			out = append(out, d)
		}
	}
	return out
}

package event

import "github.com/depeche-events/depeche/internal/syntax"

// attributed adds who is said to have done what the noun n tells: «une
// embuscade imputée aux rebelles», «l'attentat a été attribué à une milice».
func (r *reading) attributed(n int, out []filler) []filler {
	for c := range r.a.Children(n) {
		if rel := r.a.Words[c].Rel.Base(); (rel == syntax.ACL || rel == syntax.Amod) && r.lex.is(wordsAttribute, r.lemmas[c]) {
			return r.blamed(c, out)
		}
	}
	w := &r.a.Words[n]
	if h := int(w.Head); h >= 0 && (w.Rel == syntax.NsubjPass || w.Rel.Base() == syntax.Obj) && r.lex.is(wordsAttribute, r.lemmas[h]) {
		return r.blamed(h, out)
	}
	return out
}

// blamed adds as the subject who stands behind «à» of the verb or adjective v.
func (r *reading) blamed(v int, out []filler) []filler {
	for _, g := range r.obliques(v, nil) {
		if g.slot == "a" && r.natureOf(r.core(g.word))&isActor != 0 {
			return append(out, filler{slot: slotSubject, word: g.word})
		}
	}
	// «attribué par le gouvernement aux rebelles»: they hang on who says so.
	if by := r.agentOf(v); by >= 0 {
		for c := range r.a.Children(by) {
			if r.a.Words[c].Rel.Base() == syntax.Nmod && r.preposition(c) == "a" && r.natureOf(r.core(c))&isActor != 0 {
				return append(out, filler{slot: slotSubject, word: c})
			}
		}
	}
	return out
}

// fillDoer takes for an operation that acts («une opération de l'armée a permis
// de tuer») the actor whose operation it is: behind «par» of its participle, in
// its phrase, or who leads it.
func (r *reading) fillDoer(f *found, w int, rule string) {
	if f.has(Agent) || r.natureOf(w)&isEvent == 0 {
		return
	}
	add := func(c int) bool {
		c = r.core(c)
		if r.natureOf(c)&(isArmed|isState) == 0 || r.actorAt[c] < 0 {
			return false
		}
		for _, d := range append(r.conjuncts(c), c) {
			if r.actorAt[d] >= 0 {
				f.addParticipant(fillAgent, Participant{Actor: int(r.actorAt[d]), Span: r.actorSpan[d], Confidence: surePart, Rule: rule + ", whose it is"})
			}
		}
		return true
	}
	for c := range r.a.Children(w) {
		switch r.a.Words[c].Rel.Base() {
		case syntax.ACL:
			if a := r.agentOf(c); a >= 0 && r.passive(c) && add(a) {
				return
			}
		case syntax.Nmod:
			if p := r.preposition(c); (p == "de" || p == "par") && add(c) {
				return
			}
		case syntax.Amod:
			if i := r.demonymActor(c); i >= 0 {
				f.addParticipant(fillAgent, Participant{Actor: i, Span: r.span(c, c+1), Confidence: surePart, Rule: rule + ", whose it is"})
				return
			}
		}
	}
	// «a mené une série d'opérations qui a permis»: the part leads to the verb.
	for h := int(r.a.Words[w].Head); h >= 0 && r.a.Words[w].Rel.Base() == syntax.Nmod && r.lex.is(wordsPart, r.lemmas[h]); h = int(r.a.Words[w].Head) {
		w = h
	}
	if h := int(r.a.Words[w].Head); h >= 0 && r.a.Words[w].Rel.Base() == syntax.Obj && r.supports(h) {
		if s := r.child(h, syntax.Nsubj); s >= 0 {
			add(s)
		}
	}
}

// answering adds who answers for what the noun n tells, or suffered it, by the
// word that it hangs on: «coupable du meurtre de», «poursuivis pour
// l'enlèvement de», «hospitalisé après une agression».
func (r *reading) answering(f *found, out []filler) []filler {
	n := f.head
	h := int(r.a.Words[n].Head)
	if h < 0 || f.support >= 0 {
		return out
	}
	switch r.describe(f.sense.typ).Family {
	case "VIOLENCE_AGAINST_PEOPLE", "REMOTE_VIOLENCE", "PROPERTY":
	default:
		return out // nobody answers for an election
	}
	var slot string
	p := r.preposition(n)
	switch {
	case (p == "de" || p == "pour") && r.lex.is(wordsCulpable, r.lemmas[h]):
		slot = slotSubject
	case p != "" && r.lex.is(wordsPatient, r.lemmas[h]):
		slot = slotObject
	default:
		return out
	}
	if slot == slotSubject && r.ownAgent(out) && f.sense.of == slotSubject {
		return out
	}
	whom := false
	for _, g := range out {
		if g.slot == slot || slot == slotObject && g.slot == slotOf && f.sense.of == slotObject {
			return out
		}
		whom = whom || (g.slot == slotOf || g.slot == "contre" || g.slot == "sur") && r.natureOf(r.core(g.word))&(isActor|isPlace|isCounted) != 0
	}
	if slot == slotSubject && !whom {
		return out // «soupçonné de terrorisme» tells no attack
	}
	for _, w := range r.said(h) {
		if r.natureOf(r.core(w))&(isActor|isCounted) != 0 {
			out = append(out, filler{slot: slot, word: w, inherited: true})
		}
	}
	return out
}

// said returns whom the participle, adjective or noun h says something of.
func (r *reading) said(h int) []int {
	var out []int
	want := slotSubject
	w := &r.a.Words[h]
	switch {
	case w.UPOS == syntax.VERB:
		if r.passive(h) || !r.lex.is(wordsPatient, r.lemmas[h]) {
			want = slotObject // «accusé de», «la police l'a arrêté pour»
		}
		for _, g := range r.distribute(r.verbFillers(h)) {
			if g.slot == want {
				out = append(out, g.word)
			}
		}
	default:
		if s := r.child(h, syntax.Nsubj); s >= 0 {
			return append(out, s)
		}
		at := int(w.Head)
		if at < 0 {
			return nil
		}
		switch w.Rel.Base() {
		case syntax.Xcomp:
			return r.said(at) // «a été déclaré coupable»
		case syntax.Amod, syntax.Appos, syntax.ACL:
			return append(out, at)
		}
	}
	return out
}

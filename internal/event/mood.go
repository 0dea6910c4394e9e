package event

import "github.com/depeche-events/depeche/internal/syntax"

// nounMood reads what stands with an event noun: «aucune attaque», «un retrait
// prévu», «une attaque non confirmée», «en cas d'attaque», «sans combat».
func (r *reading) nounMood(n int) (Factuality, string) {
	for c := range r.a.Children(n) {
		l := r.lemmas[c]
		switch r.a.Words[c].Rel.Base() {
		case syntax.Det:
			if l == "aucun" || l == "nul" {
				return Negated, "negated: " + r.quote(c)
			}
		case syntax.Case:
			if l == "sans" {
				return Negated, "negated: " + r.quote(c)
			}
		case syntax.Advmod:
			if c < n && (l == "pas" || l == "point") {
				return Negated, "negated: " + r.quote(c)
			}
		case syntax.Amod, syntax.ACL:
			switch {
			case r.lex.is(wordsPossible, l):
				return Hypothetical, "said to be " + r.quote(c)
			case r.lex.is(wordsDoubt, l) || r.unconfirmed(c):
				return Unconfirmed, "said to be " + r.quote(c)
			case r.lex.is(wordsPlanned, l) && r.child(c, syntax.OblAgent) < 0:
				return Planned, "said to be " + r.quote(c)
			case r.lex.is(wordsFail, l) && r.a.Words[c].Feats.VerbForm == syntax.Part:
				return Negated, "said to be " + r.quote(c)
			}
		case syntax.Nmod: // «une attaque en préparation»
			if r.preposition(c) == "en" && r.lex.is(wordsIntend, l) {
				return Planned, "said to be in " + r.quote(c)
			}
		}
	}
	if h := int(r.a.Words[n].Head); h >= 0 && r.toCome(n, h) {
		return Planned, "governed by " + r.quote(h)
	}
	return Actual, ""
}

// unconfirmed reports whether c is a confirmation denied: «non confirmé».
func (r *reading) unconfirmed(c int) bool {
	if !r.lex.is(wordsReport, r.lemmas[c]) {
		return false
	}
	for d := range r.a.Children(c) {
		if l := r.lemmas[d]; l == "non" || r.lex.is(wordsNegation, l) {
			return true
		}
	}
	return false
}

// moodOf reads mood, tense and negation of the verb v and its auxiliaries.
func (r *reading) moodOf(v int) (Factuality, string) {
	mood, tense, compound, finite := r.a.Words[v].Feats.Mood, r.a.Words[v].Feats.Tense, false, false
	for c := range r.a.Children(v) {
		w := &r.a.Words[c]
		switch w.Rel.Base() {
		case syntax.Aux, syntax.Cop:
			finite = true
			if w.Feats.Mood != 0 {
				mood, tense = w.Feats.Mood, w.Feats.Tense
			}
			if w.Rel == syntax.AuxTense {
				compound = true
				// «aura duré» is a future perfect: it has happened.
				if w.Feats.Tense == syntax.Fut && r.a.Words[v].Feats.VerbForm == syntax.Part {
					tense = syntax.Past
				}
			}
		case syntax.Advmod, syntax.Det:
			if at := r.denial(c); at >= 0 {
				return Negated, "negated: " + r.quote(at)
			}
			if r.lex.is(wordsHedge, r.lemmas[c]) {
				return Unconfirmed, "hedged: " + r.quote(c)
			}
		case syntax.CC:
			if r.lemmas[c] == "ni" {
				return Negated, "negated: " + r.quote(c)
			}
		case syntax.Mark, syntax.Case:
			switch {
			case r.lemmas[c] == "sans":
				return Negated, "negated: " + r.quote(c)
			case r.lex.is(wordsCondition, r.lemmas[c]), c > 1 && r.lex.is(wordsCondition, r.folded[c-2]+" "+r.folded[c-1]):
				return Hypothetical, "condition: " + r.quote(c)
			case r.lex.is(wordsPurpose, r.lemmas[c]) && r.a.Words[v].Feats.VerbForm == syntax.Inf:
				return Planned, "purpose: " + r.quote(c)
			}
		case syntax.Nsubj, syntax.Obj:
			if l := r.folded[c]; (w.UPOS == syntax.PRON || r.child(c, syntax.Det) < 0 && r.child(c, syntax.Nummod) < 0) &&
				(l == "personne" || l == "rien" || l == "aucun" || l == "nul") {
				return Negated, "negated: " + r.quote(c)
			}
			for d := range r.a.Children(c) {
				if r.a.Words[d].Rel.Base() == syntax.Det && (r.lemmas[d] == "aucun" || r.lemmas[d] == "nul") {
					return Negated, "negated: " + r.quote(d)
				}
			}
		}
	}
	word := &r.a.Words[v]
	// «auraient quitté X et repris Y»: the auxiliary serves both.
	if !finite && word.Rel == syntax.Conj && word.Feats.VerbForm == syntax.Part && int(word.Head) < v {
		if h := int(word.Head); r.a.Words[h].Feats.VerbForm == syntax.Part && r.a.Words[h].UPOS == syntax.VERB {
			return r.moodOf(h)
		}
	}
	switch {
	case mood == syntax.Cnd:
		return r.conditional(v, compound)
	case tense == syntax.Fut:
		return Planned, "future tense"
	}
	return Actual, ""
}

// deniedHere reports whether the verb v is denied, by itself or by who can or
// will not: «ne peut accepter», «ne veut pas négocier».
func (r *reading) deniedHere(v int) bool {
	h := r.willing(v)
	for c := range r.a.Children(h) {
		if r.lemmas[c] == "encore" {
			return false // who has not accepted yet has not refused
		}
	}
	for c := range r.a.Children(h) {
		if r.a.Words[c].Rel.Base() == syntax.Advmod && (r.denial(c) >= 0 || h != v && r.lemmas[c] == "ne" && r.lemmas[h] == "savoir") {
			return true
		}
	}
	return false
}

// willing returns the verb of wanting or being able that the infinitive v hangs
// on; v for none.
func (r *reading) willing(v int) int {
	h := int(r.a.Words[v].Head)
	if h >= 0 && r.a.Words[v].Rel.Base() == syntax.Xcomp && r.a.Words[h].UPOS == syntax.VERB &&
		(r.lex.is(wordsModal, r.lemmas[h]) || r.lex.is(wordsIntend, r.lemmas[h]) || r.lemmas[h] == "savoir") {
		return h
	}
	return v
}

// denial returns the word that denies at the adverb c or under it («pas
// encore»); -1 for none. «ne» alone does not: «ne … que».
func (r *reading) denial(c int) int {
	if r.lex.is(wordsOnly, r.folded[c]) || c+1 < len(r.folded) && r.lex.is(wordsOnly, r.folded[c+1]) {
		return -1 // «pas seulement» adds, and denies nothing
	}
	if r.lex.is(wordsNegation, r.lemmas[c]) {
		return c
	}
	if r.a.Words[c].UPOS != syntax.ADV {
		return -1
	}
	for d := range r.a.Children(c) {
		if r.lex.is(wordsNegation, r.lemmas[d]) {
			return d
		}
	}
	return -1
}

// conditional tells apart the three conditionals of the verb v: what depends
// on a condition, the future of a past («a annoncé qu'il partirait»), and
// hearsay.
func (r *reading) conditional(v int, compound bool) (Factuality, string) {
	top := v
	for steps := 0; steps < governors; steps++ {
		for c := range r.a.Children(top) {
			rel := r.a.Words[c].Rel.Base()
			if rel != syntax.Advcl && rel != syntax.Obl {
				continue
			}
			for m := range r.a.Children(c) {
				l := r.lemmas[m]
				if r.a.Words[m].Rel.Base() == syntax.Mark && r.lex.is(wordsCondition, l) ||
					rel == syntax.Obl && r.a.Words[m].Rel.Base() == syntax.Case && l == "sans" && c < top {
					return Hypothetical, "conditional after " + r.quote(m)
				}
			}
			if rel == syntax.Obl && r.lex.is(wordsCondition, r.preposition(c)+" "+r.lemmas[c]) {
				return Hypothetical, "conditional after " + r.quote(c)
			}
		}
		word := &r.a.Words[top]
		if word.Head < 0 || word.Rel.Base() != syntax.Conj && word.Rel.Base() != syntax.Xcomp {
			break
		}
		top = int(word.Head)
	}
	word := &r.a.Words[top]
	if h := int(word.Head); !compound && h >= 0 && word.Rel.Base() == syntax.Ccomp && r.lex.is(wordsReport, r.lemmas[h]) && r.past(h) {
		return Planned, "future in the past, after " + r.quote(h)
	}
	if by := r.saidBefore(top); !compound && by >= 0 {
		return Planned, "future in the past, after " + r.quote(by)
	}
	return Unconfirmed, "conditional of hearsay"
}

// saidBefore returns the past verb of saying that reports the clause in which
// the clause of v is itself a clause: «a dit que, lorsqu'ils partiraient, …»;
// -1 for none.
func (r *reading) saidBefore(v int) int {
	clause := false
	for range governors {
		word := &r.a.Words[v]
		h := int(word.Head)
		if h < 0 {
			return -1
		}
		switch word.Rel.Base() {
		case syntax.Advcl, syntax.ACL:
			clause = true
		case syntax.Ccomp:
			if clause && r.lex.is(wordsReport, r.lemmas[h]) && r.past(h) {
				return h
			}
			return -1
		}
		v = h
	}
	return -1
}

// past reports whether the verb v is in a past tense.
func (r *reading) past(v int) bool {
	for c := range r.a.Children(v) {
		if r.a.Words[c].Rel == syntax.AuxTense {
			return true
		}
	}
	t := r.a.Words[v].Feats.Tense
	return t == syntax.Past || t == syntax.Imperf
}

// completed reports whether the verb v tells a completed past: «a pu», «put»,
// not «pouvait».
func (r *reading) completed(v int) bool {
	for c := range r.a.Children(v) {
		if w := &r.a.Words[c]; w.Rel == syntax.AuxTense {
			return w.Feats.Mood != syntax.Cnd
		}
	}
	f := r.a.Words[v].Feats
	return f.Tense == syntax.Past && f.VerbForm != syntax.Part
}

// passiveInfinitive reports whether v is one: «être évacués».
func (r *reading) passiveInfinitive(v int) bool {
	c := r.child(v, syntax.AuxPass)
	return c >= 0 && r.a.Words[c].Feats.VerbForm == syntax.Inf && r.child(v, syntax.AuxTense) < 0
}

package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// nounFillers reads the complements of a noun and, with a support verb, that
// verb's arguments.
func (r *reading) nounFillers(f *found, out []filler) []filler {
	n := f.head
	for c := range r.a.Children(n) {
		w := &r.a.Words[c]
		switch w.Rel.Base() {
		case syntax.Nmod, syntax.Obl:
			p := r.preposition(c)
			switch {
			case p == "par":
				out = append(out, filler{slot: slotSubject, word: r.antecedent(c)})
			case r.lex.is(wordsRanks, p+" "+r.lemmas[c]):
				out = append(out, filler{slot: slotAmong, word: c})
			case p != "":
				out = append(out, filler{slot: p, word: r.antecedent(c)})
				if f.sense.of != "" {
					out = r.behind(c, p, out)
				}
			}
		case syntax.Amod:
			out = append(out, filler{slot: slotAdjective, word: c})
		case syntax.Det:
			if w.Feats.Poss {
				out = append(out, filler{slot: slotPossessive, word: c})
			}
		case syntax.ACL:
			out = r.opposed(f, c, out)
			// «la ville reprise par»: a participle's agent is the noun's.
			if w.UPOS == syntax.VERB && r.passive(c) {
				for g := range r.a.Children(c) {
					if r.a.Words[g].Rel == syntax.OblAgent {
						out = append(out, filler{slot: slotSubject, word: g})
					}
				}
			}
		}
	}
	out = r.otherParty(n, r.partiesBehind(f, out))
	out = r.headlineFillers(n, r.sharedComplement(n, r.attributed(n, out)))
	out = r.answering(f, out)
	if f.sense.of == slotObject {
		out = r.agentBehind(n, out)
	}
	if h := int(r.a.Words[n].Head); h >= 0 && r.a.Words[n].Rel.Base() == syntax.Nsubj {
		out = r.opposed(f, h, out)
	}
	if f.support >= 0 {
		undergo := r.undergoes(f.support)
		for _, s := range r.verbFillers(f.support) {
			switch {
			case s.word == n:
			case r.onlyTold(f) && r.negated(f.support):
				// «n'a pas été revendiqué par le groupe»
			case s.slot == slotSubject && f.sense.of == slotSubject && r.speaks(f.support) && r.ownAgent(out):
				// «annonce le retrait de ses soldats»: who says it is not who does it.
			case s.slot == slotSubject && r.speaks(f.support) && r.natureOf(r.core(s.word))&isPerson != 0 && r.harms(f):
				// «un porte-parole a annoncé l'arrestation de deux hommes»
			case s.slot == slotSubject && undergo:
				out = append(out, filler{slot: slotObject, word: s.word})
			case s.slot == slotObject:
			case s.slot == "a" && r.speaks(f.support) && r.placeAt[s.word] >= 0:
				// «a annoncé à Alger la rupture» says where it was announced.
			default:
				out = append(out, s)
			}
		}
	}
	return out
}

// opposed adds as «entre» would the sides that the verb v of the fight f sets
// against each other: «des heurts ont opposé des jeunes à la police».
func (r *reading) opposed(f *found, v int, out []filler) []filler {
	if r.fillsOf(f, "entre")&fillAgent == 0 {
		return out
	}
	set := r.lex.is(wordsOppose, r.lemmas[v])
	at := -1
	for c := range r.a.Children(v) {
		if !set && r.lex.is(wordsOppose, r.lemmas[v]+" "+r.lemmas[c]) {
			at = c
		}
	}
	if !set && at < 0 {
		return out
	}
	for _, g := range r.verbFillers(v) {
		switch g.slot {
		case slotObject, "a":
			if g.word == at || r.natureOf(r.core(g.word))&isActor == 0 {
				continue
			}
			if g.slot == slotObject || r.fillsOf(f, "a")&fillTarget == 0 {
				g.slot = "entre"
			}
			out = append(out, g)
		}
	}
	if at >= 0 {
		// «mettent aux prises X et Y»: the parser hangs the first on the noun.
		for c := range r.a.Children(at) {
			if c > at && r.natureOf(r.core(c))&isActor != 0 {
				out = append(out, filler{slot: "entre", word: c})
			}
		}
	}
	return out
}

// behind adds who hangs on another complement c of an event with preposition p
// and belongs to the event: whom it is against («l'attaque des rebelles contre
// un convoi»), and the armed party behind its place («l'offensive dans le Nord
// des rebelles»).
func (r *reading) behind(c int, p string, out []filler) []filler {
	who := p == "de" && r.natureOf(r.core(c))&isActor != 0
	site := p != "de" && r.lex.is(wordsSite, p) && r.placeAt[c] >= 0 && !r.acting[c]
	if !who && !site {
		return out
	}
	for d := range r.a.Children(c) {
		if r.a.Words[d].Rel.Base() != syntax.Nmod {
			continue
		}
		switch q := r.preposition(d); {
		case who && q == "contre":
			out = append(out, filler{slot: "contre", word: d})
		case site && q == "de" && r.natureOf(r.core(d))&isArmed != 0:
			out = append(out, filler{slot: slotOf, word: d})
		}
	}
	return out
}

// partiesBehind adds the actors behind the «entre», «avec» or «contre» that
// follows the noun in its phrase and that the parser hung elsewhere («la
// rencontre de juin entre le président et le roi»), where the sense has a use
// for them and nothing stands in the slot.
func (r *reading) partiesBehind(f *found, out []filler) []filler {
	s := r.Text.Sentences[r.Text.SentenceOf(f.head)].Words
	for p := f.head + 1; p < min(s.Last, f.head+agentReach); p++ {
		switch w := &r.a.Words[p]; {
		case w.UPOS == syntax.PUNCT, w.UPOS == syntax.AUX, w.UPOS == syntax.VERB && w.Feats.VerbForm != syntax.Part,
			w.UPOS == syntax.NOUN && r.lex.nouns[r.lemmas[p]] != nil && !slices.Contains(f.rest, p) && r.actorAt[p] < 0:
			return out
		case w.UPOS != syntax.ADP:
			continue
		}
		slot := r.folded[p]
		if slot != "entre" && slot != "avec" && slot != "contre" || r.fillsOf(f, slot) == 0 ||
			slices.ContainsFunc(out, func(g filler) bool { return g.slot == slot }) {
			continue
		}
		if h := int(r.a.Words[p].Head); h > p && r.natureOf(r.core(h))&isActor != 0 {
			out = append(out, filler{slot: slot, word: h, inherited: true})
		}
	}
	return out
}

// otherParty adds the second of «des combats entre l'armée et des rebelles»,
// which the parser takes for one more noun beside the event n now and then.
func (r *reading) otherParty(n int, out []filler) []filler {
	for _, g := range out {
		if g.slot != "entre" || r.plural(g.word) || r.child(g.word, syntax.Conj) >= 0 {
			continue
		}
		for c := range r.a.Children(n) {
			if c > g.word && r.a.Words[c].Rel.Base() == syntax.Conj && r.child(c, syntax.CC) >= 0 && r.natureOf(r.core(c))&isActor != 0 {
				return append(out, filler{slot: g.slot, word: c, inherited: true})
			}
		}
	}
	return out
}

// harms reports whether f is done to somebody by hand, not by word.
func (r *reading) harms(f *found) bool {
	return r.describe(f.sense.typ).Family == "VIOLENCE_AGAINST_PEOPLE" || f.sense.typ == ontology.Arrest
}

// undergoes reports whether the verb v says of its subject that it suffers its
// object, or meets it: «subir une attaque», «mettre en échec une attaque».
func (r *reading) undergoes(v int) bool {
	if r.lex.is(wordsUndergo, r.lemmas[v]) {
		return true
	}
	for c := range r.a.Children(v) {
		if r.lex.is(wordsUndergo, r.lemmas[v]+" "+r.lemmas[c]) {
			return true
		}
	}
	return false
}

// ownAgent reports whether a noun's fillers hold an actor for its subject.
func (r *reading) ownAgent(fillers []filler) bool {
	return slices.ContainsFunc(fillers, func(g filler) bool {
		return (g.slot == slotOf || g.slot == slotSubject) && r.natureOf(r.core(g.word))&isActor != 0
	})
}

// headlineFillers reads «Bama reprise par l'armée», where the parser takes the
// participle for a noun beside the name: what stands before is the object, and
// behind «par» the subject.
func (r *reading) headlineFillers(n int, out []filler) []filler {
	s := r.Text.Sentences[r.Text.SentenceOf(n)].Words
	if n == s.First || n+1 >= s.Last || r.folded[n+1] != "par" || r.child(n, syntax.Det) >= 0 {
		return out
	}
	before := -1
	for w := n - 1; w >= max(s.First, n-6); w-- {
		if r.placeAt[w] >= 0 && r.placeSpan[w].End == r.Text.WordSpan(n-1).End ||
			r.actorAt[w] >= 0 && r.actorSpan[w].End == r.Text.WordSpan(n-1).End {
			before = w
		}
	}
	if before < 0 {
		return out
	}
	out = append(out, filler{slot: slotObject, word: before})
	for w := n + 2; w < min(s.Last, n+8); w++ {
		if r.actorAt[w] >= 0 || r.placeAt[w] >= 0 {
			return append(out, filler{slot: slotSubject, word: w})
		}
	}
	return out
}

package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/syntax"
)

// filler is a word in a slot of a trigger. word is the head of the phrase.
type filler struct {
	slot string
	word int
	// inherited: from the governing clause, so less sure.
	inherited bool
}

const (
	slotSubject = "subject"
	slotObject  = "object"
	slotOf      = "de"
	// slotAdjective holds demonyms: «les frappes russes».
	slotAdjective = "adjective"
	// slotPossessive holds «leur offensive».
	slotPossessive = "possessive"
	// slotSelf is the trigger itself, for tests.
	slotSelf = "self"
	// slotGovernor is the noun or verb that the trigger hangs on, for tests:
	// «avion de guerre».
	slotGovernor = "governor"
	// slotInfinitive is the infinitive that hangs on the trigger, for tests:
	// «inviter le ministre à partir».
	slotInfinitive = "infinitive"
	// slotSentence is every word of the trigger's sentence, for tests.
	slotSentence = "sentence"
	// slotAmong holds whom a number is of: «dix morts parmi les civils», «dans
	// les rangs de l'armée».
	slotAmong = "parmi"
	// slotBeside holds who does or suffers the same: «aux côtés de».
	slotBeside = "aux cotes de"
	// slotOther is a dependent in whichever slot but the subject's, for tests.
	slotOther = "other"
	// slotHeading is every word of the article's headlines, for tests.
	slotHeading = "heading"
	// slotAny is a dependent in whichever slot, for tests.
	slotAny = "any"
)

// fillersOf reads the slots of a trigger off the tree.
func (r *reading) fillersOf(f *found) []filler {
	var out []filler
	switch f.form {
	case verbal:
		out = r.verbFillers(f.head)
	case nominal:
		out = r.nounFillers(f, out)
	case adjectival:
		if h := int(r.a.Words[f.head].Head); h >= 0 {
			out = append(out, filler{slot: slotObject, word: r.modified(h, f.head)})
		}
		out = r.agentBehind(f.head, r.obliques(f.head, out))
	}
	for _, w := range f.rest {
		if f.form == verbal {
			out = r.obliques(w, out)
		}
	}
	out = r.distribute(r.suffered(f, out))
	// «D'après la radio La Voix du Liban, …»: who tells it has no part in it.
	return slices.DeleteFunc(out, func(g filler) bool {
		return r.cited[g.word] && (g.slot == slotSubject || g.slot == slotObject)
	})
}

// suffered gives a set phrase that holds its own object («mettre le feu à une
// mairie», «tendre un guet-apens à une patrouille») the complement that suffers
// in its place, where the sense has no other use for it.
func (r *reading) suffered(f *found, fillers []filler) []filler {
	own := func(w int) bool {
		return slices.Contains(f.rest, w) && (r.a.Words[w].Rel.Base() == syntax.Obj || r.a.Words[w].Rel == syntax.NsubjPass)
	}
	if f.form != verbal || !slices.ContainsFunc(f.rest, own) {
		return fillers
	}
	fillers = slices.DeleteFunc(fillers, func(g filler) bool { return g.slot == slotObject && own(g.word) && r.natureOf(g.word)&^isEvent == 0 })
	for i := range fillers {
		switch g := &fillers[i]; g.slot {
		case "a", "de", "sur", "contre", "devant":
			if r.fillsOf(f, g.slot) == 0 {
				g.slot = slotObject
			}
		}
	}
	return fillers
}

// passive reports whether the verb v is passive, or a past participle without
// auxiliary.
func (r *reading) passive(v int) bool {
	if r.lex.is(wordsUnaccusative, r.lemmas[v]) {
		return false
	}
	if r.child(v, syntax.AuxPass) >= 0 || r.child(v, syntax.NsubjPass) >= 0 && r.child(v, syntax.AuxTense) < 0 {
		return true // of «près de cent personnes ont défilé» the parser makes a passive's subject
	}
	w := &r.a.Words[v]
	if w.Feats.VerbForm == syntax.Part && r.agentOf(v) >= 0 || r.madeSuffer(v) {
		return true
	}
	if h := int(w.Head); r.coordinated(v) && h >= 0 && r.child(h, syntax.AuxTense) >= 0 && r.child(h, syntax.AuxPass) < 0 {
		return false // «a interpellé puis relâché»: the auxiliary is shared
	}
	return w.Feats.VerbForm == syntax.Part && w.Feats.Tense == syntax.Past && r.child(v, syntax.Aux) < 0
}

// madeSuffer reports whether v stands in «s'est fait tuer», which is a passive;
// «s'est fait exploser», which the lexicon has by itself, is none.
func (r *reading) madeSuffer(v int) bool {
	made := false
	for c := range r.a.Children(v) {
		made = made || r.a.Words[c].Rel.Base() == syntax.Aux && r.lemmas[c] == "faire"
	}
	return made && r.reflexive(v) && !slices.ContainsFunc(r.lex.verbs["faire"], func(t trigger) bool {
		return t.reflexive && slices.Contains(t.rest, r.lemmas[v])
	})
}

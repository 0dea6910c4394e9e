package fr

import "github.com/depeche-events/depeche/internal/syntax"

var weekdays = map[string]bool{"lundi": true, "mardi": true, "mercredi": true, "jeudi": true, "vendredi": true, "samedi": true, "dimanche": true}

// amend hangs a day that stands alone («ont pillé deux magasins lundi à Durban»)
// and the place behind it on the verb. The parser takes such a day for a part
// of the object, or for the object: the treebanks tell few days of few deeds.
// The heads of words are their indices there plus base.
func amend(words []syntax.Word, base int32) {
	for i := range words {
		w := &words[i]
		if w.UPOS != syntax.NOUN || !weekdays[w.Lemma] || i == 0 {
			continue
		}
		if before := words[i-1].UPOS; before == syntax.DET || before == syntax.ADP {
			continue // «ce lundi», «de lundi»
		}
		v := int(w.Head - base)
		switch w.Rel.Base() {
		case syntax.Obj:
		case syntax.Nmod, syntax.Appos:
			if v = verbOver(words, v, base); v < 0 {
				continue // «Attentat lundi à Bagdad»
			}
		default:
			continue
		}
		if v < 0 || v >= i || words[v].UPOS != syntax.VERB {
			continue
		}
		w.Head, w.Rel = int32(v)+base, syntax.OblMod
		for c := i + 1; c < len(words); c++ {
			d := &words[c]
			if int(d.Head-base) != i {
				continue
			}
			if d.Rel == syntax.Advmod || (d.Rel.Base() == syntax.Nmod || d.Rel.Base() == syntax.Obl) && words[c-1].UPOS == syntax.ADP {
				d.Head = int32(v) + base
				if d.Rel != syntax.Advmod {
					d.Rel = syntax.OblMod
				}
			}
		}
	}
}

// verbOver returns the verb whose complement the noun at n is a part of; -1 for
// none.
func verbOver(words []syntax.Word, n int, base int32) int {
	for steps := 0; n >= 0 && steps < 8; steps++ {
		switch words[n].UPOS {
		case syntax.VERB:
			return n
		case syntax.NOUN, syntax.PROPN, syntax.NUM, syntax.ADJ, syntax.PRON:
		default:
			return -1
		}
		switch words[n].Rel.Base() {
		case syntax.Obj, syntax.Obl, syntax.Nmod, syntax.Amod, syntax.Conj, syntax.Appos:
		default:
			return -1 // «la marche lundi à Paris a réuni»: of the subject
		}
		if words[n].Head < base {
			return -1
		}
		n = int(words[n].Head - base)
	}
	return -1
}

package main

import (
	"strings"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/syntax"
)

// unimorph turns sentences that are tagged with UniMorph's schema
// (unimorph.github.io), in the FEATS column, into hints for the tagger.
func unimorph(sentences []*conllu.Sentence) [][]syntax.Hint {
	var out [][]syntax.Hint
	for _, s := range sentences {
		hints := make([]syntax.Hint, len(s.Words))
		for i, w := range s.Words {
			hints[i] = unimorphHint(w)
		}
		out = append(out, hints)
	}
	return out
}

func unimorphHint(w conllu.Word) syntax.Hint {
	h := syntax.Hint{Form: w.Form, Lemma: w.Lemma}
	f := &h.Feats
	verb, conditional := false, false
	if w.Feats == "" {
		h.UPOS = []syntax.UPOS{syntax.PUNCT, syntax.SYM, syntax.X}
	}
	for t := range strings.SplitSeq(w.Feats, ";") {
		switch t {
		case "N":
			h.UPOS = []syntax.UPOS{syntax.NOUN}
		case "PROPN":
			h.UPOS = []syntax.UPOS{syntax.PROPN}
		case "ADJ":
			h.UPOS = []syntax.UPOS{syntax.ADJ}
		case "ADV":
			h.UPOS = []syntax.UPOS{syntax.ADV}
		case "ADP":
			h.UPOS = []syntax.UPOS{syntax.ADP}
		case "DET":
			h.UPOS = []syntax.UPOS{syntax.DET}
		case "PRO":
			h.UPOS = []syntax.UPOS{syntax.PRON}
		case "CONJ":
			h.UPOS = []syntax.UPOS{syntax.CCONJ, syntax.SCONJ}
		case "NUM":
			h.UPOS = []syntax.UPOS{syntax.NUM}
		case "INTJ":
			h.UPOS = []syntax.UPOS{syntax.INTJ}
		case "V":
			h.UPOS = []syntax.UPOS{syntax.VERB, syntax.AUX}
			verb = true
		case "V.PTCP":
			f.VerbForm = syntax.Part
		case "FIN":
			f.VerbForm = syntax.Fin
		case "NFIN":
			f.VerbForm = syntax.Inf
		case "MASC":
			f.Gender = syntax.Masc
		case "FEM":
			f.Gender = syntax.Fem
		case "SG":
			f.Number = syntax.Sing
		case "PL":
			f.Number = syntax.Plur
		case "1", "2", "3":
			f.Person = t[0] - '0'
		case "PRS":
			f.Tense = syntax.Pres
		case "PST":
			f.Tense = syntax.Past
		case "IPFV":
			f.Tense = syntax.Imperf
		case "FUT":
			f.Tense = syntax.Fut
		case "IND":
			f.Mood = syntax.Ind
		case "SBJV":
			f.Mood = syntax.Sub
		case "COND":
			f.Mood = syntax.Cnd
			conditional = true
		case "IMP":
			f.Mood = syntax.Imp
		}
	}
	if strings.Contains(w.Feats, "IPFV") {
		f.Tense = syntax.Imperf // written PST;IPFV
	}
	if conditional {
		f.Tense = 0
	}
	if !verb {
		// What else is marked there follows other conventions.
		*f = syntax.Feats{Gender: f.Gender, Number: f.Number}
	}
	return h
}

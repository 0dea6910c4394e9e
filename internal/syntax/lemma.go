package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lemmaRule turns a form into its lemma: cut that many bytes off the end and
// add the ending; first lower-case it, if it says so.
type lemmaRule struct {
	Lower bool
	Cut   uint8
	Add   string
}

func (r lemmaRule) apply(form string) string {
	if r.Lower {
		form = strings.ToLower(form)
	}
	if int(r.Cut) > len(form) {
		return form
	}
	if r.Cut == 0 && r.Add == "" {
		return form
	}
	stem := form[:len(form)-int(r.Cut)]
	if !utf8.ValidString(stem) {
		return form
	}
	return stem + r.Add
}

// ruleOf returns the rule that makes lemma of form.
func ruleOf(form, lemma string) lemmaRule {
	plain := ruleFrom(form, lemma)
	low := strings.ToLower(form)
	if low == form {
		return plain
	}
	lowered := ruleFrom(low, lemma)
	lowered.Lower = true
	first, _ := utf8.DecodeRuneInString(lemma)
	if !unicode.IsUpper(first) {
		return lowered
	}
	return plain
}

func ruleFrom(form, lemma string) lemmaRule {
	i := 0
	for i < len(form) && i < len(lemma) && form[i] == lemma[i] {
		i++
	}
	for i > 0 && i < len(form) && !utf8.RuneStart(form[i]) || i > 0 && i < len(lemma) && !utf8.RuneStart(lemma[i]) {
		i--
	}
	return lemmaRule{Cut: uint8(min(len(form)-i, 255)), Add: lemma[i:]}
}

// lemmatise gives every word of a padded sentence its lemma: what the treebanks
// had for the form and tag, else what the lexicon has, else the rule of the
// longest known ending.
func (m *Model) lemmatise(ws []word) {
	for i := pad; i < len(ws)-pad; i++ {
		w := &ws[i]
		w.lemma, w.val = m.lemmaOf(w)
		w.hLemma = hashString(w.lemma)
	}
}

func (m *Model) lemmaOf(w *word) (string, uint8) {
	c := uint32(w.coarse)
	if id, ok := m.known[lemmaKey(w.exact, c)]; ok {
		return m.knownLemmas[id], m.knownValency[id]
	}
	if w.exact != w.lower && UPOS(w.coarse) != PROPN && w.shape&shapeDigit == 0 {
		if id, ok := m.known[lemmaKey(w.lower, c)]; ok {
			return m.knownLemmas[id], m.knownValency[id]
		}
	}
	for _, e := range [2]int32{w.entry, w.small} {
		if e < 0 || e == w.small && UPOS(w.coarse) == PROPN {
			continue
		}
		best, agree := -1, -1
		for k, a := range m.lexicon.of(int(e)) {
			if coarseUPOS(m.coarseOf[a.tag]) != coarseUPOS(w.coarse) {
				continue
			}
			n := 0
			if m.coarseOf[a.tag] == w.coarse {
				n += 8
			}
			if a.tag == w.tag {
				n += 4
			}
			if m.tags.tags[a.tag].Feats.Tense == m.tags.tags[w.tag].Feats.Tense {
				n++
			}
			if n > agree {
				best, agree = k, n
			}
		}
		if best >= 0 {
			id := m.lexicon.of(int(e))[best].lemma
			return m.lexicon.lemmas[id], m.lexicon.valency[id]
		}
	}
	for k := len(w.suffix) - 1; k >= 0; k-- {
		if w.suffix[k] == 0 {
			continue
		}
		if r, ok := m.endings[endingKey(c, k, w.suffix[k])]; ok {
			return m.rules[r].apply(w.text), 0
		}
	}
	if r, ok := m.endings[endingKey(c, 9, 0)]; ok {
		return m.rules[r].apply(w.text), 0
	}
	return w.text, 0
}

func lemmaKey(form uint64, coarse uint32) uint64 {
	return finish(form + uint64(coarse)*0x9E3779B97F4A7C15)
}

func endingKey(coarse uint32, k int, suffix uint64) uint32 {
	return uint32(finish(suffix+uint64(coarse)<<8+uint64(k)) >> 32)
}

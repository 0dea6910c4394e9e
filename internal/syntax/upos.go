package syntax

// UPOS is a universal part of speech (universaldependencies.org/u/pos).
type UPOS uint8

// The parts of speech; the zero UPOS is unknown.
const (
	ADJ UPOS = iota + 1
	ADP
	ADV
	AUX
	CCONJ
	DET
	INTJ
	NOUN
	NUM
	PART
	PRON
	PROPN
	PUNCT
	SCONJ
	SYM
	VERB
	X
)

var uposNames = [...]string{"_", "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON",
	"PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"}

// String returns the tag as CoNLL-U writes it, "_" for the zero UPOS.
func (p UPOS) String() string { return uposNames[p] }

// ParseUPOS returns the part of speech that s names, and whether there is one.
func ParseUPOS(s string) (UPOS, bool) {
	for i, n := range uposNames {
		if n == s {
			return UPOS(i), true
		}
	}
	return 0, false
}

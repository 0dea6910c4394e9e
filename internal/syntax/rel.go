package syntax

import "strings"

// Rel is a dependency relation (universaldependencies.org/u/dep), subtypes
// included.
type Rel uint8

// The relations of the French treebanks; the zero Rel is unknown. RelRoot is
// the sentence's head.
const (
	RelRoot Rel = iota + 1
	ACL
	ACLRelcl
	Advcl
	AdvclCleft
	Advmod
	Amod
	Appos
	Aux
	AuxCaus
	AuxPass
	AuxTense
	Case
	CC
	Ccomp
	Compound
	Conj
	Cop
	Csubj
	CsubjPass
	Dep
	DepComp
	Det
	Discourse
	Dislocated
	Expl
	ExplComp
	ExplPass
	ExplPv
	ExplSubj
	Fixed
	FlatForeign
	FlatName
	Flat
	Goeswith
	Iobj
	IobjAgent
	List
	Mark
	Nmod
	Nsubj
	NsubjCaus
	NsubjOuter
	NsubjPass
	Nummod
	Obj
	ObjAgent
	ObjLvc
	Obl
	OblAgent
	OblArg
	OblMod
	Orphan
	Parataxis
	ParataxisInsert
	ParataxisObj
	Punct
	Reparandum
	Vocative
	Xcomp
)

var relNames = [...]string{"_", "root", "acl", "acl:relcl", "advcl", "advcl:cleft", "advmod", "amod", "appos", "aux",
	"aux:caus", "aux:pass", "aux:tense", "case", "cc", "ccomp", "compound", "conj", "cop", "csubj", "csubj:pass", "dep",
	"dep:comp", "det", "discourse", "dislocated", "expl", "expl:comp", "expl:pass", "expl:pv", "expl:subj", "fixed",
	"flat:foreign", "flat:name", "flat", "goeswith", "iobj", "iobj:agent", "list", "mark", "nmod", "nsubj", "nsubj:caus",
	"nsubj:outer", "nsubj:pass", "nummod", "obj", "obj:agent", "obj:lvc", "obl", "obl:agent", "obl:arg", "obl:mod",
	"orphan", "parataxis", "parataxis:insert", "parataxis:obj", "punct", "reparandum", "vocative", "xcomp"}

var relIndex = func() map[string]Rel {
	m := make(map[string]Rel, len(relNames))
	for i, n := range relNames {
		m[n] = Rel(i)
	}
	return m
}()

// String returns the relation as CoNLL-U writes it, "_" for the zero Rel.
func (r Rel) String() string { return relNames[r] }

// Base returns the universal relation of r, without its subtype.
func (r Rel) Base() Rel { return baseOf[r] }

var baseOf = func() (base [len(relNames)]Rel) {
	for r, name := range relNames {
		universal, _, _ := strings.Cut(name, ":")
		base[r] = relIndex[universal]
	}
	return base
}()

// ParseRel returns the relation that s names, that of its universal part where
// the subtype is none of ours, and whether there is one.
func ParseRel(s string) (Rel, bool) {
	if r, ok := relIndex[s]; ok {
		return r, true
	}
	base, _, _ := strings.Cut(s, ":")
	r, ok := relIndex[base]
	return r, ok
}

package syntax

import (
	"cmp"
	"maps"
	"slices"
)

// tag is all that a word can be: its part of speech and its features.
type tag struct {
	UPOS  UPOS
	Feats Feats
}

// lexicon says of a form what it can be. Forms are known by a hash of 64 bits,
// of which 32 are kept beside the slot: a word that is none of the lexicon's is
// taken for one in about 1 of 10^9.
type lexicon struct {
	bits  uint
	check []uint32
	slot  []uint32 // entry + 1; 0: free
	// entry i has the analyses [first[i], first[i+1]).
	first    []uint32
	class    []uint16 // of each entry: the coarse tags it can have, numbered; 0: not in the lexicon
	analyses []analysis
	lemmas   []string
	valency  []uint8 // of each lemma: bits of valencyXxx
}

type analysis struct {
	lemma uint32
	tag   uint16
}

// Valency is the set of constructions that a verb has in the lexicon.
type Valency uint8

// The constructions.
const (
	Intransitive Valency = 1 << iota
	Transitive
	TransitiveIndirect
	Pronominal
)

// find returns the entry of the form with the given hash, -1 where there is none.
func (l *lexicon) find(hash uint64) int {
	if len(l.slot) == 0 {
		return -1
	}
	mask := uint64(1)<<l.bits - 1
	for i := hash & mask; ; i = (i + 1) & mask {
		e := l.slot[i]
		if e == 0 {
			return -1
		}
		if l.check[i] == uint32(hash>>32) {
			return int(e) - 1
		}
	}
}

// of returns the analyses of an entry.
func (l *lexicon) of(entry int) []analysis {
	if entry < 0 {
		return nil
	}
	return l.analyses[l.first[entry]:l.first[entry+1]]
}

// compile makes a lexicon of readings. tags numbers the tags and grows.
func compile(readings []Reading, tags *tagset) *lexicon {
	type line struct {
		hash uint64
		a    analysis
	}
	l := &lexicon{}
	lemma := map[string]uint32{}
	lines := make([]line, 0, len(readings))
	for _, r := range readings {
		id, ok := lemma[r.Lemma]
		if !ok {
			id = uint32(len(l.lemmas))
			lemma[r.Lemma] = id
			l.lemmas = append(l.lemmas, r.Lemma)
			l.valency = append(l.valency, 0)
		}
		l.valency[id] |= uint8(r.Valency)
		lines = append(lines, line{lexiconKey(r.Form), analysis{id, tags.id(tag{r.UPOS, r.Feats})}})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.hash, b.hash) })
	var hashes []uint64
	for i := 0; i < len(lines); {
		j := i
		first := len(l.analyses)
		l.first = append(l.first, uint32(first))
		for ; j < len(lines) && lines[j].hash == lines[i].hash; j++ {
			if !slices.Contains(l.analyses[first:], lines[j].a) {
				l.analyses = append(l.analyses, lines[j].a)
			}
		}
		hashes = append(hashes, lines[i].hash)
		i = j
	}
	l.first = append(l.first, uint32(len(l.analyses)))
	l.bits = 4
	for 1<<l.bits < len(hashes)*5/3 {
		l.bits++
	}
	l.index(hashes)
	l.classify(tags)
	return l
}

// index fills the hash table: entry i has the hash hashes[i].
func (l *lexicon) index(hashes []uint64) {
	l.check = make([]uint32, 1<<l.bits)
	l.slot = make([]uint32, 1<<l.bits)
	mask := uint64(1)<<l.bits - 1
	for e, h := range hashes {
		i := h & mask
		for l.slot[i] != 0 {
			i = (i + 1) & mask
		}
		l.slot[i], l.check[i] = uint32(e)+1, uint32(h>>32)
	}
}

// classify numbers the sets of coarse tags that entries can have, in the order
// of the sets, so that the numbers don't hang on the order of entries.
func (l *lexicon) classify(tags *tagset) {
	coarseOf := make([]uint8, len(tags.tags))
	for i, t := range tags.tags {
		coarseOf[i] = coarse(t)
	}
	sets := make([]uint64, len(l.first)-1)
	number := map[uint64]uint16{}
	for e := range sets {
		for _, a := range l.of(e) {
			sets[e] |= 1 << coarseOf[a.tag]
		}
		number[sets[e]] = 0
	}
	for i, set := range sortedKeys(number) {
		number[set] = uint16(i + 1)
	}
	l.class = make([]uint16, len(sets))
	for e, set := range sets {
		l.class[e] = number[set]
	}
}

// lexiconKey hashes a form as the lexicon is asked for it: as it stands, but
// for apostrophes.
func lexiconKey(s string) uint64 { return hashString(s) }

// tagset numbers tags. Number 0 is the zero tag.
type tagset struct {
	tags   []tag
	number map[tag]uint16
}

func newTagset() *tagset {
	return &tagset{tags: []tag{{}}, number: map[tag]uint16{{}: 0}}
}

func (t *tagset) id(x tag) uint16 {
	id, ok := t.number[x]
	if !ok {
		id = uint16(len(t.tags))
		t.number[x] = id
		t.tags = append(t.tags, x)
	}
	return id
}

// Coarse tags: the parts of speech, with the verbs told apart by form and the
// pronouns by kind, as these decide what stands around them.
const (
	coarseVerbInf = X + 1 + iota
	coarseVerbPast
	coarseVerbPres
	coarseAuxInf
	coarseAuxPast
	coarseAuxPres
	coarsePronRel
	coarsePronPrs
	coarsePronReflex
	coarsePronInt
	coarseDetArt
	numCoarse
)

// coarse returns the coarse tag of t. Finite verbs and other pronouns keep the
// number of their part of speech.
func coarse(t tag) uint8 {
	c := t.UPOS
	switch t.UPOS {
	case VERB, AUX:
		shift := UPOS(0)
		if t.UPOS == AUX {
			shift = coarseAuxInf - coarseVerbInf
		}
		switch {
		case t.Feats.VerbForm == Inf:
			c = coarseVerbInf + shift
		case t.Feats.VerbForm == Ger, t.Feats.VerbForm == Part && t.Feats.Tense == Pres:
			c = coarseVerbPres + shift
		case t.Feats.VerbForm == Part:
			c = coarseVerbPast + shift
		}
	case PRON:
		switch {
		case t.Feats.PronType == Relative:
			c = coarsePronRel
		case t.Feats.Reflex:
			c = coarsePronReflex
		case t.Feats.PronType == Prs:
			c = coarsePronPrs
		case t.Feats.PronType == Int:
			c = coarsePronInt
		}
	case DET:
		if t.Feats.PronType == Art {
			c = coarseDetArt
		}
	}
	return uint8(c)
}

// coarseUPOS returns the part of speech of a coarse tag.
func coarseUPOS(c uint8) UPOS {
	switch p := UPOS(c); {
	case p <= X:
		return p
	case p < coarseAuxInf:
		return VERB
	case p < coarsePronRel:
		return AUX
	case p < coarseDetArt:
		return PRON
	}
	return DET
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

package syntax

import "math/bits"

// morphFeatures is the number of features of the morphological stage.
const morphFeatures = 17

// inflection writes the features that decide between the tags of one coarse
// tag: the morphology of word i, whose neighbours have coarse tags, and those
// on the left full ones.
func (m *Model) inflection(f *[morphFeatures]uint32, ws []word, i int) {
	w, p1, p2, n1 := &ws[i], &ws[i-1], &ws[i-2], &ws[i+1]
	c := w.hCoarse
	sig := m.signature(w)
	cs := c + bits.RotateLeft64(sig, 31)
	f[0] = feature2(0, c, w.lower)
	f[1] = feature1(1, cs)
	f[2] = feature2(2, cs, w.suffix[0])
	f[3] = feature2(3, c, w.suffix[1])
	f[4] = feature2(4, c, w.suffix[2])
	f[5] = feature2(5, c, w.suffix[3])
	f[6] = feature2(6, cs, p1.hTag)
	f[7] = feature3(7, cs, p1.hAgree, p2.hAgree)
	f[8] = feature3(8, c, p1.lower, w.suffix[1])
	f[9] = feature2(9, cs, p1.lower)
	f[10] = feature2(10, cs, p2.lower)
	f[11] = feature2(11, cs, n1.lower)
	f[12] = feature3(12, cs, n1.hCoarse, p1.hCoarse)
	f[13] = feature3(13, c, p1.lower, w.lower)
	f[14] = feature3(14, c, w.hShape, p1.hTag)
	f[15] = feature3(15, c, p2.hTag, p1.hTag)
	f[16] = feature2(16, cs, m.signature(n1))
}

// setTag gives w its full tag.
func (m *Model) setTag(w *word, t uint16) {
	f := &m.tags.tags[t].Feats
	w.tag = t
	w.agree = uint8(f.Gender) | uint8(f.Number)<<2 | f.Person<<4
	w.hTag, w.hAgree = spread(uint32(t)), spread(uint32(w.agree))
}

// signature hashes what the lexicon knows of w under its coarse tag.
func (m *Model) signature(w *word) uint64 {
	h := uint64(0)
	for _, e := range [2]int32{w.entry, w.small} {
		for _, a := range m.lexicon.of(int(e)) {
			if m.coarseOf[a.tag] == w.coarse {
				h = (h + uint64(a.tag) + 1) * golden
			}
		}
		if h != 0 {
			break
		}
	}
	return finish(h)
}

// morphWords gives every word its full tag.
func (m *Model) morphWords(ws []word, s *scratch) {
	for i := pad; i < len(ws)-pad; i++ {
		w := &ws[i]
		candidates := m.byCoarse[w.coarse]
		if len(candidates) < 2 {
			if len(candidates) == 1 {
				m.setTag(w, candidates[0])
			}
			continue
		}
		m.inflection(&s.morphFeatures, ws, i)
		scores := s.scores[:len(candidates)]
		m.morph.score(s.morphFeatures[:], scores)
		m.setTag(w, candidates[best(scores, 0)])
	}
}

// maxCandidates is the largest number of tags that share a coarse one.
const maxCandidates = maxRow * lanesPerWord

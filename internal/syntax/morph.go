package syntax

// morphFeatures writes the features that decide between the tags of one coarse
// tag: the morphology of word i, whose neighbours have coarse tags, and those
// on the left full ones.
func (m *Model) morphFeatures(f []uint32, ws []word, i int) []uint32 {
	w, p1, p2, n1 := &ws[i], &ws[i-1], &ws[i-2], &ws[i+1]
	c := uint32(w.coarse)
	sig := m.signature(w)
	g1, g2 := m.agreement(p1), m.agreement(p2)
	return append(f,
		mix(101, c, w.word, 0),
		mix(102, c, sig, 0),
		mix(103, c, w.suffix[0], sig),
		mix(104, c, w.suffix[1], 0),
		mix(105, c, w.suffix[2], 0),
		mix(106, c, w.suffix[3], 0),
		mix(107, c, uint32(p1.tag), sig),
		mix(108, c, g1|g2<<8, sig),
		mix(109, c, p1.word, w.suffix[1]),
		mix(110, c, p1.word, sig),
		mix(111, c, p2.word, sig),
		mix(112, c, n1.word, sig),
		mix(113, c, uint32(n1.coarse)|uint32(p1.coarse)<<8, sig),
		mix(114, c, p1.word, w.word),
		mix(115, c, w.shape, uint32(p1.tag)),
		mix(116, c, uint32(p2.tag), uint32(p1.tag)),
		mix(117, c, m.signature(n1), sig),
	)
}

// agreement packs gender, number and person of a word already tagged.
func (m *Model) agreement(w *word) uint32 {
	f := &m.tags.tags[w.tag].Feats
	return uint32(f.Gender) | uint32(f.Number)<<2 | uint32(f.Person)<<4
}

// signature hashes what the lexicon knows of w under its coarse tag.
func (m *Model) signature(w *word) uint32 {
	h := uint32(0)
	for _, e := range [2]int32{w.entry, w.small} {
		for _, a := range m.lexicon.of(int(e)) {
			if m.coarseOf[a.tag] == w.coarse {
				h = h*31 + uint32(a.tag) + 1
			}
		}
		if h != 0 {
			break
		}
	}
	return h
}

// morphWords gives every word its full tag.
func (m *Model) morphWords(ws []word, s *scratch) {
	for i := pad; i < len(ws)-pad; i++ {
		w := &ws[i]
		candidates := m.byCoarse[w.coarse]
		if len(candidates) < 2 {
			if len(candidates) == 1 {
				w.tag = candidates[0]
			}
			continue
		}
		s.features = m.morphFeatures(s.features[:0], ws, i)
		best, bestScore := candidates[0], int32(-1<<31)
		for _, t := range candidates {
			score := int32(0)
			for _, f := range s.features {
				score += int32(m.morph.w[candidateRow(f, t)>>m.morph.shift])
			}
			if score > bestScore {
				best, bestScore = t, score
			}
		}
		w.tag = best
	}
}

// candidateRow hashes a feature with a tag.
func candidateRow(f uint32, t uint16) uint32 { return (f ^ uint32(t)*0x9E3779B1) * 0x85EBCA6B }

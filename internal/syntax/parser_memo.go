package syntax

// memo keeps the sums of the weights of features that many states of one
// sentence share.
type memo struct {
	lone                             []loneSums
	topFront, secondTop, secondFront pairSums
	features                         [parseFeatures]uint32
}

// loneSums are the sums for one word in each of its places.
type loneSums struct{ top, second, third, front uint64 }

// pairSums is a cache of the sums of pairs of words, each pair in one place.
type pairSums struct {
	key [1 << 10]uint64 // the pair + 1; 0: free
	sum [1 << 10]uint64
}

// place returns where the pair belongs, and its key.
func place(i, j int32) (at int, key uint64) {
	return int(uint32(i)<<5^uint32(j)) & (1<<10 - 1), uint64(i)<<32 + uint64(j) + 1
}

// start forgets the last sentence and sums what single words of ws add.
func (m *memo) start(t *table, ws []word) {
	clear(m.topFront.key[:])
	clear(m.secondTop.key[:])
	clear(m.secondFront.key[:])
	if cap(m.lone) < len(ws) {
		m.lone = make([]loneSums, len(ws))
	}
	m.lone = m.lone[:len(ws)]
	f := &m.features
	for i := range ws {
		if i > 0 && i < pad || i > len(ws)-pad {
			continue // is in no state
		}
		w := &ws[i]
		topFeatures(f[atTop:atSecond], w)
		secondFeatures(f[atSecond:atThird], w)
		thirdFeatures(f[atThird:atFront], w)
		frontFeatures(f[atFront:atTopFront], ws, int32(i))
		m.lone[i] = loneSums{t.score1(f[atTop:atSecond]), t.score1(f[atSecond:atThird]), t.score1(f[atThird:atFront]),
			t.score1(f[atFront:atTopFront])}
	}
}

// score returns the packed scores of the transitions in st: what [examine]
// finds, summed.
func (m *memo) score(t *table, ws []word, st *state) uint64 {
	s0, s1, b := st.s0.word, st.s1.word, st.b0.word
	f := &m.features
	wholeFeatures(f[atWhole:], ws, st)
	sum := t.score1(f[atWhole:]) + m.lone[s0].top + m.lone[s1].second + m.lone[st.s2.word].third + m.lone[b].front
	at, key := place(s0, b)
	if m.topFront.key[at] != key {
		topFrontFeatures(f[atTopFront:atSecondTop], ws, s0, b)
		m.topFront.key[at], m.topFront.sum[at] = key, t.score1(f[atTopFront:atSecondTop])
	}
	sum += m.topFront.sum[at]
	at, key = place(s1, s0)
	if m.secondTop.key[at] != key {
		secondTopFeatures(f[atSecondTop:atSecondFront], ws, s1, s0)
		m.secondTop.key[at], m.secondTop.sum[at] = key, t.score1(f[atSecondTop:atSecondFront])
	}
	sum += m.secondTop.sum[at]
	at, key = place(s1, b)
	if m.secondFront.key[at] != key {
		secondFrontFeatures(f[atSecondFront:atWhole], &ws[s1], &ws[b])
		m.secondFront.key[at], m.secondFront.sum[at] = key, t.score1(f[atSecondFront:atWhole])
	}
	return sum + m.secondFront.sum[at]
}

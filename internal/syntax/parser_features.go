package syntax

import "math/bits"

// The features of the parser, in groups by what they look at, so that the search
// need not sum the same ones again: single words and pairs of words come back in
// many states.
const (
	atTop         = 0  // the word on top of the stack
	atSecond      = 3  // the one below it
	atThird       = 6  // and below that
	atFront       = 8  // the front of the buffer and what follows
	atTopFront    = 16 // top and front
	atSecondTop   = 34 // second and top
	atSecondFront = 45 // second and front
	atWhole       = 49 // everything else: dependents and larger groups
	parseFeatures = 106
)

// near tells distances between words apart as far as they matter.
func near(d int32) uint64 { return distances[max(0, min(d, int32(len(distances)-1)))] }

var distances = func() (h [21]uint64) {
	for d := range h {
		class := uint32(d)
		switch {
		case d >= 20:
			class = 8
		case d >= 12:
			class = 7
		case d >= 8:
			class = 6
		case d >= 5:
			class = 5
		}
		h[d] = spread(class)
	}
	return h
}()

// join makes one value of two.
func join(a, b uint64) uint64 { return a + bits.RotateLeft64(b, 11) }

func topFeatures(f []uint32, w *word) {
	_ = f[2]
	f[0] = feature2(atTop+0, w.lower, w.hPos)
	f[1] = feature1(atTop+1, w.hPos)
	f[2] = feature1(atTop+2, w.hLemma)
}

func secondFeatures(f []uint32, w *word) {
	_ = f[2]
	f[0] = feature2(atSecond+0, w.lower, w.hPos)
	f[1] = feature1(atSecond+1, w.hPos)
	f[2] = feature1(atSecond+2, w.hLemma)
}

func thirdFeatures(f []uint32, w *word) {
	_ = f[1]
	f[0] = feature2(atThird+0, w.hLemma, w.hPos)
	f[1] = feature1(atThird+1, w.hPos)
}

func frontFeatures(f []uint32, ws []word, b int32) {
	_ = f[7]
	b0, b1, b2 := ahead(ws, b)
	b0p, b1p, b2p := b0.hPos, b1.hPos, b2.hPos
	f[0] = feature2(atFront+0, b0.lower, b0p)
	f[1] = feature1(atFront+1, b0p)
	f[2] = feature1(atFront+2, b0.hLemma)
	f[3] = feature2(atFront+3, b1.lower, b1p)
	f[4] = feature1(atFront+4, b1p)
	f[5] = feature2(atFront+5, b2p, b2.lower)
	f[6] = feature1(atFront+6, b2p)
	f[7] = feature1(atFront+7, join(join(b0p, b1p), b2p))
}

// ahead returns the front of the buffer and the two words after it.
func ahead(ws []word, b int32) (b0, b1, b2 *word) {
	last := int32(len(ws) - 1)
	return &ws[b], &ws[min(b+1, last)], &ws[min(b+2, last)]
}

func topFrontFeatures(f []uint32, ws []word, s, b int32) {
	_ = f[17]
	s0 := &ws[s]
	b0, b1, _ := ahead(ws, b)
	s0p, b0p, b1p := s0.hPos, b0.hPos, b1.hPos
	pp, db, gap := join(s0p, b0p), near(b-s), between(s0, b0)
	f[0] = feature3(atTopFront+0, s0.hLemma, b0.hLemma, pp)
	f[1] = feature2(atTopFront+1, s0.hLemma, b0.hLemma)
	f[2] = feature2(atTopFront+2, s0.hLemma, pp)
	f[3] = feature2(atTopFront+3, b0.hLemma, pp)
	f[4] = feature1(atTopFront+4, pp)
	f[5] = feature2(atTopFront+5, pp, db)
	f[6] = feature3(atTopFront+6, s0.hLemma, b0p, db)
	f[7] = feature3(atTopFront+7, b0.hLemma, s0p, db)
	f[8] = feature1(atTopFront+8, join(pp, b1p))
	f[9] = feature3(atTopFront+9, pp, s0.hLemma, b1p)
	f[10] = feature3(atTopFront+10, pp, b0.hLemma, b1p)
	f[11] = feature2(atTopFront+11, join(s0p, spread(uint32(s0.val))), b0p)
	f[12] = feature3(atTopFront+12, pp, s0.hAgree, b0.hAgree)
	f[13] = feature3(atTopFront+13, b0p, b1.hLemma, s0p)
	f[14] = feature2(atTopFront+14, pp, gap)
	f[15] = feature3(atTopFront+15, pp, gap, db)
	f[16] = feature2(atTopFront+16, pp, ws[b-1].lower)
	f[17] = feature3(atTopFront+17, s0.hTag, b0.hTag, db)
}

func secondTopFeatures(f []uint32, ws []word, second, top int32) {
	_ = f[10]
	s1, s0 := &ws[second], &ws[top]
	s1p, s0p := s1.hPos, s0.hPos
	pq, ds := join(s1p, s0p), near(top-second)
	f[0] = feature3(atSecondTop+0, s1.hLemma, s0.hLemma, pq)
	f[1] = feature2(atSecondTop+1, s1.hLemma, s0.hLemma)
	f[2] = feature2(atSecondTop+2, s1.hLemma, pq)
	f[3] = feature2(atSecondTop+3, s0.hLemma, pq)
	f[4] = feature1(atSecondTop+4, pq)
	f[5] = feature2(atSecondTop+5, pq, ds)
	f[6] = feature3(atSecondTop+6, s1.hLemma, s0p, ds)
	f[7] = feature3(atSecondTop+7, s0.hLemma, s1p, ds)
	f[8] = feature3(atSecondTop+8, pq, s1.hAgree, s0.hAgree)
	f[9] = feature3(atSecondTop+9, pq, between(s1, s0), ds)
	f[10] = feature3(atSecondTop+10, s1.hTag, s0.hTag, ds)
}

func secondFrontFeatures(f []uint32, s1, b0 *word) {
	_ = f[3]
	s1p, b0p := s1.hPos, b0.hPos
	f[0] = feature3(atSecondFront+0, s1.hLemma, b0p, s1p)
	f[1] = feature2(atSecondFront+1, s1p, b0p)
	f[2] = feature3(atSecondFront+2, s1p, b0.hLemma, b0p)
	f[3] = feature2(atSecondFront+3, s1.hLemma, b0.hLemma)
}

func wholeFeatures(f []uint32, ws []word, st *state) {
	_ = f[56]
	s0, s1, s2 := &ws[st.s0.word], &ws[st.s1.word], &ws[st.s2.word]
	b0, b1, _ := ahead(ws, st.b0.word)
	s0p, s1p, s2p, b0p, b1p := s0.hPos, s1.hPos, s2.hPos, b0.hPos, b1.hPos
	s0l, s0l2, s0r, s0r2 := &ws[st.s0.l1], &ws[st.s0.l2], &ws[st.s0.r1], &ws[st.s0.r2]
	s1l, s1r, s1r2 := &ws[st.s1.l1], &ws[st.s1.r1], &ws[st.s1.r2]
	b0l, b0l2 := &ws[st.b0.l1], &ws[st.b0.l2]
	s0rl, s1rl := &ws[st.s0.rl], &ws[st.s1.rl]
	db := near(st.b0.word - st.s0.word)
	ds := near(st.s0.word - st.s1.word)
	s0v := spread(uint32(st.s0.nl) | uint32(st.s0.nr)<<4)
	s1v := spread(uint32(st.s1.nl) | uint32(st.s1.nr)<<4)
	b0v := spread(uint32(st.b0.nl))
	pp := join(s0p, b0p)
	pq := join(s1p, s0p)
	pqb := join(pq, b0p)
	alike := likeness(s0, b0, s0l, b0l2) // for coordination
	f[0] = feature1(atWhole+0, pqb)
	f[1] = feature1(atWhole+1, join(pq, s2p))
	f[2] = feature1(atWhole+2, join(pqb, b1p))
	f[3] = feature3(atWhole+3, pq, s1.hLemma, b0p)
	f[4] = feature3(atWhole+4, pq, s0.hLemma, b0p)
	f[5] = feature3(atWhole+5, pq, b0.hLemma, b0p)
	f[6] = feature3(atWhole+6, pq, s2p, b0p)
	f[7] = feature2(atWhole+7, pp, s0l.hPos)
	f[8] = feature2(atWhole+8, pp, s0r.hPos)
	f[9] = feature2(atWhole+9, pp, b0l.hPos)
	f[10] = feature2(atWhole+10, pq, s1l.hPos)
	f[11] = feature2(atWhole+11, pq, s1r.hPos)
	f[12] = feature2(atWhole+12, pq, s0l.hPos)
	f[13] = feature2(atWhole+13, pq, s0r.hPos)
	f[14] = feature2(atWhole+14, pp, s0l.hLemma)
	f[15] = feature2(atWhole+15, pp, b0l.hLemma)
	f[16] = feature2(atWhole+16, pq, s0l.hLemma)
	f[17] = feature2(atWhole+17, pq, s1l.hLemma)
	f[18] = feature2(atWhole+18, pq, s1r.hLemma)
	f[19] = feature3(atWhole+19, s1.hLemma, s0l.hLemma, s0p)
	f[20] = feature3(atWhole+20, s1p, s0l.hLemma, s0.hLemma)
	f[21] = feature3(atWhole+21, s0.hLemma, b0l.hLemma, b0p)
	f[22] = feature3(atWhole+22, s0p, b0l.hLemma, b0.hLemma)
	f[23] = feature2(atWhole+23, s0l.hLemma, s0p)
	f[24] = feature2(atWhole+24, s0r.hLemma, s0p)
	f[25] = feature3(atWhole+25, s0l2.hPos, s0l.hPos, s0p)
	f[26] = feature3(atWhole+26, s0r2.hPos, s0r.hPos, s0p)
	f[27] = feature3(atWhole+27, s1r2.hPos, s1r.hPos, s1p)
	f[28] = feature3(atWhole+28, b0l2.hPos, b0l.hPos, b0p)
	f[29] = feature3(atWhole+29, s1.hLemma, s1r.hPos, s0p)
	f[30] = feature3(atWhole+30, s1.hLemma, s1l.hPos, s0p)
	f[31] = feature3(atWhole+31, s0.hLemma, s0v, s0p)
	f[32] = feature3(atWhole+32, s0p, s0v, b0p)
	f[33] = feature3(atWhole+33, s1.hLemma, s1v, s1p)
	f[34] = feature3(atWhole+34, s1p, s1v, s0p)
	f[35] = feature3(atWhole+35, b0.hLemma, b0v, b0p)
	f[36] = feature3(atWhole+36, b0p, b0v, s0p)
	f[37] = feature2(atWhole+37, join(s1p, spread(uint32(s1.val))), join(s0p, s1v))
	f[38] = feature3(atWhole+38, pp, s1p, db)
	f[39] = feature3(atWhole+39, pq, db, ds)
	f[40] = feature3(atWhole+40, s1.hLemma, s0l.hLemma, b0p)
	f[41] = feature3(atWhole+41, s2.hLemma, s0l.hLemma, s0p)
	f[42] = feature3(atWhole+42, pq, s2p, s0l.hLemma)
	f[43] = feature3(atWhole+43, s1.hLemma, b0l.hLemma, b0p)
	f[44] = feature3(atWhole+44, s1p, b0l.hLemma, b0.hLemma)
	f[45] = feature3(atWhole+45, pq, b0l.hLemma, b0p)
	f[46] = feature3(atWhole+46, pq, b0l.hLemma, s1.hLemma)
	f[47] = feature3(atWhole+47, pq, b0l.hLemma, s0.hLemma)
	f[48] = feature3(atWhole+48, join(s1p, s1r.hPos), s1rl.hLemma, join(s0l.hLemma, s0p))
	f[49] = feature3(atWhole+49, join(pp, b0l.hLemma), s0rl.hLemma, s0r.hPos)
	f[50] = feature3(atWhole+50, pp, b0l.hLemma, alike)
	f[51] = feature3(atWhole+51, b0l.hLemma, alike, db)
	f[52] = feature3(atWhole+52, join(s1p, b0p), b0l.hLemma, likeness(s1, b0, s1l, b0l2))
	f[53] = feature3(atWhole+53, pq, s0l.hLemma, likeness(s1, s0, s1l, s0l2))
	f[54] = feature3(atWhole+54, join(s1p, b0p), between(s1, b0), s0p)
	f[55] = feature3(atWhole+55, pq, ws[max(st.s0.word, 1)-1].lower, s0l.hLemma)
	f[56] = feature3(atWhole+56, pqb, s0l.hPos, join(s0r.hPos, b0l.hPos))
}

// examine writes all features of st. ws is the padded sentence.
func examine(f *[parseFeatures]uint32, ws []word, st *state) {
	s0, s1, s2, b := st.s0.word, st.s1.word, st.s2.word, st.b0.word
	topFeatures(f[atTop:atSecond], &ws[s0])
	secondFeatures(f[atSecond:atThird], &ws[s1])
	thirdFeatures(f[atThird:atFront], &ws[s2])
	frontFeatures(f[atFront:atTopFront], ws, b)
	topFrontFeatures(f[atTopFront:atSecondTop], ws, s0, b)
	secondTopFeatures(f[atSecondTop:atSecondFront], ws, s1, s0)
	secondFrontFeatures(f[atSecondFront:atWhole], &ws[s1], &ws[b])
	wholeFeatures(f[atWhole:], ws, st)
}

// likeness tells in what a and b are alike, whose left dependents are al and bl.
func likeness(a, b, al, bl *word) uint64 {
	n := uint32(0)
	if a.coarse == b.coarse {
		n |= 1
	}
	if a.tag == b.tag {
		n |= 2
	}
	if al.hLemma == bl.hLemma {
		n |= 4
	}
	if al.coarse == bl.coarse {
		n |= 8
	}
	if a.suffix[2] == b.suffix[2] {
		n |= 16
	}
	if (a.shape^b.shape)&shapeCapital == 0 {
		n |= 32
	}
	return spread(n)
}

// between tells how many commas and finite verbs stand from a to b.
func between(a, b *word) uint64 {
	return spread(uint32(min(b.commas-a.commas, 3)) | uint32(min(b.verbs-a.verbs, 3))<<2 | uint32(min(b.conjunctions-a.conjunctions, 2))<<4)
}

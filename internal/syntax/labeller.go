package syntax

// tree is a sentence's unlabelled tree as the labeller walks it, over the
// indices of the padded sentence.
type tree struct {
	heads                 []int32
	firstChild, lastChild []int32 // leftmost and rightmost dependents; 0 for none
	next, before          []int32 // sibling to the right and to the left; 0 for none
}

// thread links the dependents of every word.
func (t *tree) thread(heads []int32) {
	n := len(heads)
	t.heads = heads
	t.firstChild = resize(t.firstChild, n)
	t.lastChild = resize(t.lastChild, n)
	t.next = resize(t.next, n)
	t.before = resize(t.before, n)
	for i := pad; i < n-pad; i++ {
		h := heads[i]
		if last := t.lastChild[h]; last != 0 {
			t.next[last] = int32(i)
			t.before[i] = last
		} else {
			t.firstChild[h] = int32(i)
		}
		t.lastChild[h] = int32(i)
	}
}

func resize(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// labelFeatures writes the features of the relation of word d to its head.
// rels holds the labels given so far: those of the words before d.
func labelFeatures(f []uint32, ws []word, t *tree, rels []Rel, d int) []uint32 {
	h := int(t.heads[d])
	root := h == len(ws)-pad
	dw, hw := &ws[d], &ws[h]
	dp, hp := dw.pos, hw.pos
	dir := uint32(1)
	dist := near(int32(h - d))
	if h < d {
		dir = 0
		dist = near(int32(d-h)) + 16
	}
	g := len(ws) - 1
	if !root {
		g = int(t.heads[h])
	}
	first, last := int(t.firstChild[d]), int(t.lastChild[d])
	c1, c2 := &ws[first], &ws[last]
	// The word that introduces d: its first case, mark or relative.
	intro := 0
	var aux, auxLast uint32
	for c := int(t.firstChild[d]); c != 0 && c < d; c = int(t.next[c]) {
		switch UPOS(ws[c].coarse) {
		case ADP, SCONJ, coarsePronRel, coarsePronInt:
			if intro == 0 {
				intro = c
			}
		case AUX, coarseAuxInf, coarseAuxPast, coarseAuxPres:
			aux = aux*31 + ws[c].lemma
			auxLast = ws[c].lemma
		}
	}
	var haux, hsubj, hobj uint32
	hset := uint32(0)
	for c := int(t.firstChild[h]); c != 0; c = int(t.next[c]) {
		switch UPOS(ws[c].coarse) {
		case AUX, coarseAuxInf, coarseAuxPast, coarseAuxPres:
			haux = haux*31 + ws[c].lemma
		case coarsePronReflex:
			haux |= 1
		}
		if c < d {
			switch rels[c].Base() {
			case Nsubj, Csubj:
				hsubj++
			case Obj, Ccomp, Xcomp:
				hobj++
			}
			hset |= 1 << (uint32(rels[c].Base()) & 31)
		} else if c > d {
			if p := UPOS(ws[c].coarse); p == NOUN || p == PROPN || p == PRON || p == coarsePronPrs {
				if t.firstChild[c] == 0 || UPOS(ws[t.firstChild[c]].coarse) != ADP {
					hobj |= 4
				}
			}
		}
	}
	prev, next := int(t.before[d]), int(t.next[d])
	prevRel := uint32(0)
	if prev != 0 {
		prevRel = uint32(rels[prev])
	}
	in := &ws[intro]
	hd := hp | dp<<8 | dir<<16
	gp := ws[g].pos
	l1, r1 := &ws[d-1], &ws[min(d+1, len(ws)-1)]
	state := hsubj | hobj<<4
	return append(f,
		mix(301, hd, 0, 0),
		mix(302, hd, dist, 0),
		mix(303, hd, hw.lemma, 0),
		mix(304, hd, dw.lemma, 0),
		mix(305, hd, dw.word, 0),
		mix(306, hd, hw.lemma, dw.lemma),
		mix(307, dw.word, dp, 0),
		mix(308, hw.word, hp, dir),
		mix(309, hd, in.lemma, 0),
		mix(310, hd, in.lemma, hw.lemma),
		mix(311, hd, in.lemma, dw.lemma),
		mix(312, in.lemma, dw.lemma, hp),
		mix(313, hd, c1.pos, c2.pos),
		mix(314, hd, c1.lemma, 0),
		mix(315, hd, c2.lemma, 0),
		mix(316, hd, aux, 0),
		mix(317, hd, haux, state),
		mix(318, hd, state, 0),
		mix(319, hd, state, hw.lemma),
		mix(320, hd, state, uint32(hw.val)),
		mix(321, hd, hset, 0),
		mix(322, hd, prevRel, in.lemma),
		mix(323, hd, prevRel, ws[next].pos),
		mix(324, hd, gp, 0),
		mix(325, hd, gp, ws[g].lemma),
		mix(326, hd, l1.pos, r1.pos),
		mix(327, hd, l1.word, 0),
		mix(328, hd, r1.word, 0),
		mix(329, hd, dw.suffix[2], in.lemma),
		mix(330, hd, hw.suffix[2], in.lemma),
		mix(331, hd, dw.agree, hw.agree),
		mix(332, dw.lemma, state, haux),
		mix(333, dp, in.pos, in.lemma),
		mix(334, dp|dir<<8, dw.shape, hw.shape),
		mix(335, hd, haux, in.lemma),
		mix(336, hd, auxLast, in.lemma),
		mix(337, hw.lemma, in.lemma, 0),
		mix(338, hd, in.lemma, dist),
		mix(339, hd, uint32(hw.tag), uint32(dw.tag)),
		mix(340, hd, uint32(t.firstChild[d])&0, ws[t.firstChild[h]].lemma),
	)
}

// label names the relation of every word to its head.
func (m *Model) label(ws []word, heads []int32, rels []Rel, s *scratch) {
	s.tree.thread(heads)
	root := int32(len(ws) - pad)
	n := len(relNames)
	for d := pad; d < len(ws)-pad; d++ {
		if heads[d] == root {
			rels[d] = RelRoot
			continue
		}
		s.features = labelFeatures(s.features[:0], ws, &s.tree, rels, d)
		scores := s.scores[:n]
		clear(scores)
		m.labeller.add(s.features, scores)
		best := Rel(2)
		for r := Rel(3); int(r) < n; r++ {
			if scores[r] > scores[best] {
				best = r
			}
		}
		rels[d] = best
	}
}

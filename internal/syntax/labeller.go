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

// labelFeatures is the number of features of the labeller.
const labelFeatures = 46

// relate writes the features of the relation of word d to its head.
// rels holds the labels given so far: those of the words before d.
func relate(f *[labelFeatures]uint32, ws []word, t *tree, rels []Rel, d int) {
	h := int(t.heads[d])
	root := h == len(ws)-pad
	dw, hw := &ws[d], &ws[h]
	dp, hp := dw.hPos, hw.hPos
	dir := spread(1)
	dist := near(int32(h - d))
	if h < d {
		dir = spread(2)
		dist = ^near(int32(d - h))
	}
	g := len(ws) - 1
	if !root {
		g = int(t.heads[h])
	}
	first, last := int(t.firstChild[d]), int(t.lastChild[d])
	c1, c2 := &ws[first], &ws[last]
	// The word that introduces d: its first case, mark or relative.
	intro := 0
	var aux, auxLast uint64
	for c := int(t.firstChild[d]); c != 0 && c < d; c = int(t.next[c]) {
		switch UPOS(ws[c].coarse) {
		case ADP, SCONJ, coarsePronRel, coarsePronInt:
			if intro == 0 {
				intro = c
			}
		case AUX, coarseAuxInf, coarseAuxPast, coarseAuxPres:
			aux = aux*golden + ws[c].hLemma
			auxLast = ws[c].hLemma
		}
	}
	var haux uint64
	var hsubj, hobj, hset uint32
	for c := int(t.firstChild[h]); c != 0; c = int(t.next[c]) {
		switch UPOS(ws[c].coarse) {
		case AUX, coarseAuxInf, coarseAuxPast, coarseAuxPres:
			haux = haux*golden + ws[c].hLemma
		case coarsePronReflex:
			haux++
		}
		if c < d {
			switch baseOf[rels[c]] {
			case Nsubj, Csubj:
				hsubj++
			case Obj, Ccomp, Xcomp:
				hobj++
			}
			hset |= 1 << (baseOf[rels[c]] & 31)
		} else if c > d {
			if p := UPOS(ws[c].coarse); p == NOUN || p == PROPN || p == PRON || p == coarsePronPrs {
				if t.firstChild[c] == 0 || UPOS(ws[t.firstChild[c]].coarse) != ADP {
					hobj |= 4
				}
			}
		}
	}
	prev, next := int(t.before[d]), int(t.next[d])
	prevRel := uint64(0)
	if prev != 0 {
		prevRel = spread(uint32(rels[prev]))
	}
	in := &ws[intro]
	// The label of the head, where it is known, and the word before all that
	// hangs on it: subjects stand behind in «…», a dit X.
	headRel := spread(0)
	if h < d {
		headRel = spread(uint32(rels[h]) + 1)
	}
	opener := ws[max(min(h, nonZero(t.firstChild[h], h)), 1)-1].lower
	hd := join(join(hp, dp), dir)
	gp := ws[g].hPos
	l1, r1 := &ws[d-1], &ws[min(d+1, len(ws)-1)]
	state, set := spread(hsubj|hobj<<4), spread(hset)
	f[0] = feature1(0, hd)
	f[1] = feature2(1, hd, dist)
	f[2] = feature2(2, hd, hw.hLemma)
	f[3] = feature2(3, hd, dw.hLemma)
	f[4] = feature2(4, hd, dw.lower)
	f[5] = feature3(5, hd, hw.hLemma, dw.hLemma)
	f[6] = feature2(6, dw.lower, dp)
	f[7] = feature3(7, hw.lower, hp, dir)
	f[8] = feature2(8, hd, in.hLemma)
	f[9] = feature3(9, hd, in.hLemma, hw.hLemma)
	f[10] = feature3(10, hd, in.hLemma, dw.hLemma)
	f[11] = feature3(11, in.hLemma, dw.hLemma, hp)
	f[12] = feature3(12, hd, c1.hPos, c2.hPos)
	f[13] = feature2(13, hd, c1.hLemma)
	f[14] = feature2(14, hd, c2.hLemma)
	f[15] = feature2(15, hd, aux)
	f[16] = feature3(16, hd, haux, state)
	f[17] = feature2(17, hd, state)
	f[18] = feature3(18, hd, state, hw.hLemma)
	f[19] = feature3(19, hd, state, spread(uint32(hw.val)))
	f[20] = feature2(20, hd, set)
	f[21] = feature3(21, hd, prevRel, in.hLemma)
	f[22] = feature3(22, hd, prevRel, ws[next].hPos)
	f[23] = feature2(23, hd, gp)
	f[24] = feature3(24, hd, gp, ws[g].hLemma)
	f[25] = feature3(25, hd, l1.hPos, r1.hPos)
	f[26] = feature2(26, hd, l1.lower)
	f[27] = feature2(27, hd, r1.lower)
	f[28] = feature3(28, hd, dw.suffix[2], in.hLemma)
	f[29] = feature3(29, hd, hw.suffix[2], in.hLemma)
	f[30] = feature3(30, hd, dw.hAgree, hw.hAgree)
	f[31] = feature3(31, dw.hLemma, state, haux)
	f[32] = feature3(32, dp, in.hPos, in.hLemma)
	f[33] = feature3(33, join(dp, dir), dw.hShape, hw.hShape)
	f[34] = feature3(34, hd, haux, in.hLemma)
	f[35] = feature3(35, hd, auxLast, in.hLemma)
	f[36] = feature2(36, hw.hLemma, in.hLemma)
	f[37] = feature3(37, hd, in.hLemma, dist)
	f[38] = feature3(38, hd, hw.hTag, dw.hTag)
	f[39] = feature2(39, hd, ws[t.firstChild[h]].hLemma)
	f[40] = feature2(40, hd, headRel)
	f[41] = feature3(41, hd, headRel, state)
	f[42] = feature3(42, hd, headRel, in.hLemma)
	f[43] = feature3(43, hd, state, opener)
	f[44] = feature3(44, hw.hLemma, join(dp, dir), opener)
	f[45] = feature3(45, hd, hw.hLemma, c1.hLemma)
}

// settled returns the relation of a word whose label needs no deciding.
func settled(w *word, root bool) (Rel, bool) {
	switch {
	case root:
		return RelRoot, true
	case UPOS(w.coarse) == PUNCT:
		return Punct, true
	}
	return 0, false
}

// label names the relation of every word to its head.
func (m *Model) label(ws []word, heads []int32, rels []Rel, s *scratch) {
	s.tree.thread(heads)
	root := int32(len(ws) - pad)
	scores := s.scores[:len(relNames)]
	for d := pad; d < len(ws)-pad; d++ {
		if rel, ok := settled(&ws[d], heads[d] == root); ok {
			rels[d] = rel
			continue
		}
		relate(&s.labelFeatures, ws, &s.tree, rels, d)
		m.labeller.score(s.labelFeatures[:], scores)
		rels[d] = Rel(best(scores, firstLabel))
	}
}

// firstLabel is the first relation after root.
const firstLabel = int(RelRoot) + 1

func nonZero(v int32, instead int) int {
	if v == 0 {
		return instead
	}
	return int(v)
}

package syntax

import "math/bits"

// The parser is an arc-hybrid transition system (Kuhlmann, Gómez-Rodríguez and
// Satta 2011) with beam search: a stack, and a buffer that ends with an
// artificial root. A sentence of n words takes exactly 2n transitions, so that
// the items of the beam can be compared at every step. Arcs have no label yet;
// the labeller sees the whole tree.

// The transitions.
const (
	shift = iota
	left  // the top of the stack becomes a dependent of the front of the buffer
	right // the top of the stack becomes a dependent of the one below
	numTransitions
)

// node is an element of a stack: a word and what has been attached to it. Nodes
// are not changed once made, so that items share them.
type node struct {
	word   int32 // index in the padded sentence
	below  int32 // node under it, -1 for none
	l1, l2 int32 // outermost left dependents; 0 for none
	r1, r2 int32 // outermost right dependents
	rl     int32 // outermost left dependent of r1: its preposition, say
	nl, nr uint8
}

// item is a state of the parser.
type item struct {
	score  int32
	top    int32 // node on top of the stack, -1 for none
	front  int32 // word at the front of the buffer
	l1, l2 int32 // left dependents of front
	nl     uint8
	action uint8 // that led here
	prev   int32 // item before that
	depth  int32 // of the stack
}

// state is an item unfolded for the feature templates.
type state struct {
	s0, s1, s2 node
	b0         node
}

// unfold fills st with the nodes of it.
func unfold(st *state, it *item, nodes []node) {
	none := node{below: -1}
	st.s0, st.s1, st.s2 = none, none, none
	if it.top >= 0 {
		st.s0 = nodes[it.top]
		if b := st.s0.below; b >= 0 {
			st.s1 = nodes[b]
			if b := st.s1.below; b >= 0 {
				st.s2 = nodes[b]
			}
		}
	}
	st.b0 = node{word: it.front, l1: it.l1, l2: it.l2, nl: it.nl}
}

// legal reports whether action can be taken in it; last is the index of the
// artificial root.
func (it *item) legal(action int, last int32) bool {
	switch action {
	case shift:
		return it.front < last
	case left:
		return it.depth > 0 && (it.front < last || it.depth == 1)
	default:
		return it.depth > 1
	}
}

// apply takes action in it and returns the new item, less its score.
func apply(it *item, action int, nodes *[]node) item {
	out := *it
	out.action = uint8(action)
	ns := *nodes
	switch action {
	case shift:
		ns = append(ns, node{word: it.front, below: it.top, l1: it.l1, l2: it.l2, nl: it.nl})
		out.top = int32(len(ns) - 1)
		out.front++
		out.l1, out.l2, out.nl = 0, 0, 0
		out.depth++
	case left:
		s0 := &ns[it.top]
		out.top = s0.below
		out.l2, out.l1 = it.l1, s0.word
		out.nl = min(it.nl+1, 7)
		out.depth--
	case right:
		s0 := ns[it.top]
		s1 := ns[s0.below]
		s1.r2, s1.r1, s1.rl = s1.r1, s0.word, s0.l1
		s1.nr = min(s1.nr+1, 7)
		ns = append(ns, s1)
		out.top = int32(len(ns) - 1)
		out.depth--
	}
	*nodes = ns
	return out
}

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

// parseFeatures is the number of features of the parser.
const parseFeatures = 106

// join makes one value of two.
func join(a, b uint64) uint64 { return a + bits.RotateLeft64(b, 11) }

// examine writes the features of st. ws is the padded sentence.
func examine(f *[parseFeatures]uint32, ws []word, st *state) {
	s0, s1, s2, b0 := &ws[st.s0.word], &ws[st.s1.word], &ws[st.s2.word], &ws[st.b0.word]
	b1, b2 := &ws[min(int(st.b0.word)+1, len(ws)-1)], &ws[min(int(st.b0.word)+2, len(ws)-1)]
	s0p, s1p, s2p, b0p, b1p, b2p := s0.hPos, s1.hPos, s2.hPos, b0.hPos, b1.hPos, b2.hPos
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
	f[0] = feature2(0, s0.lower, s0p)
	f[1] = feature1(1, s0p)
	f[2] = feature1(2, s0.hLemma)
	f[3] = feature2(3, s1.lower, s1p)
	f[4] = feature1(4, s1p)
	f[5] = feature1(5, s1.hLemma)
	f[6] = feature2(6, s2.hLemma, s2p)
	f[7] = feature1(7, s2p)
	f[8] = feature2(8, b0.lower, b0p)
	f[9] = feature1(9, b0p)
	f[10] = feature1(10, b0.hLemma)
	f[11] = feature2(11, b1.lower, b1p)
	f[12] = feature1(12, b1p)
	f[13] = feature2(13, b2p, b2.lower)
	f[14] = feature1(14, b2p)
	f[15] = feature3(15, s0.hLemma, b0.hLemma, pp)
	f[16] = feature2(16, s0.hLemma, b0.hLemma)
	f[17] = feature2(17, s0.hLemma, pp)
	f[18] = feature2(18, b0.hLemma, pp)
	f[19] = feature1(19, pp)
	f[20] = feature2(20, pp, db)
	f[21] = feature3(21, s0.hLemma, b0p, db)
	f[22] = feature3(22, b0.hLemma, s0p, db)
	f[23] = feature3(23, s1.hLemma, s0.hLemma, pq)
	f[24] = feature2(24, s1.hLemma, s0.hLemma)
	f[25] = feature2(25, s1.hLemma, pq)
	f[26] = feature2(26, s0.hLemma, pq)
	f[27] = feature1(27, pq)
	f[28] = feature2(28, pq, ds)
	f[29] = feature3(29, s1.hLemma, s0p, ds)
	f[30] = feature3(30, s0.hLemma, s1p, ds)
	f[31] = feature3(31, s1.hLemma, b0p, s1p)
	f[32] = feature2(32, s1p, b0p)
	f[33] = feature3(33, s1p, b0.hLemma, b0p)
	f[34] = feature2(34, s1.hLemma, b0.hLemma)
	f[35] = feature1(35, join(pp, b1p))
	f[36] = feature1(36, pqb)
	f[37] = feature1(37, join(pq, s2p))
	f[38] = feature1(38, join(join(b0p, b1p), b2p))
	f[39] = feature1(39, join(pqb, b1p))
	f[40] = feature3(40, pp, s0.hLemma, b1p)
	f[41] = feature3(41, pp, b0.hLemma, b1p)
	f[42] = feature3(42, pq, s1.hLemma, b0p)
	f[43] = feature3(43, pq, s0.hLemma, b0p)
	f[44] = feature3(44, pq, b0.hLemma, b0p)
	f[45] = feature3(45, pq, s2p, b0p)
	f[46] = feature2(46, pp, s0l.hPos)
	f[47] = feature2(47, pp, s0r.hPos)
	f[48] = feature2(48, pp, b0l.hPos)
	f[49] = feature2(49, pq, s1l.hPos)
	f[50] = feature2(50, pq, s1r.hPos)
	f[51] = feature2(51, pq, s0l.hPos)
	f[52] = feature2(52, pq, s0r.hPos)
	f[53] = feature2(53, pp, s0l.hLemma)
	f[54] = feature2(54, pp, b0l.hLemma)
	f[55] = feature2(55, pq, s0l.hLemma)
	f[56] = feature2(56, pq, s1l.hLemma)
	f[57] = feature2(57, pq, s1r.hLemma)
	f[58] = feature3(58, s1.hLemma, s0l.hLemma, s0p)
	f[59] = feature3(59, s1p, s0l.hLemma, s0.hLemma)
	f[60] = feature3(60, s0.hLemma, b0l.hLemma, b0p)
	f[61] = feature3(61, s0p, b0l.hLemma, b0.hLemma)
	f[62] = feature2(62, s0l.hLemma, s0p)
	f[63] = feature2(63, s0r.hLemma, s0p)
	f[64] = feature3(64, s0l2.hPos, s0l.hPos, s0p)
	f[65] = feature3(65, s0r2.hPos, s0r.hPos, s0p)
	f[66] = feature3(66, s1r2.hPos, s1r.hPos, s1p)
	f[67] = feature3(67, b0l2.hPos, b0l.hPos, b0p)
	f[68] = feature3(68, s1.hLemma, s1r.hPos, s0p)
	f[69] = feature3(69, s1.hLemma, s1l.hPos, s0p)
	f[70] = feature3(70, s0.hLemma, s0v, s0p)
	f[71] = feature3(71, s0p, s0v, b0p)
	f[72] = feature3(72, s1.hLemma, s1v, s1p)
	f[73] = feature3(73, s1p, s1v, s0p)
	f[74] = feature3(74, b0.hLemma, b0v, b0p)
	f[75] = feature3(75, b0p, b0v, s0p)
	f[76] = feature2(76, join(s0p, spread(uint32(s0.val))), b0p)
	f[77] = feature2(77, join(s1p, spread(uint32(s1.val))), join(s0p, s1v))
	f[78] = feature3(78, pp, s0.hAgree, b0.hAgree)
	f[79] = feature3(79, pq, s1.hAgree, s0.hAgree)
	f[80] = feature3(80, pp, s1p, db)
	f[81] = feature3(81, pq, db, ds)
	f[82] = feature3(82, b0p, b1.hLemma, s0p)
	f[83] = feature3(83, s1.hLemma, s0l.hLemma, b0p)
	f[84] = feature3(84, s2.hLemma, s0l.hLemma, s0p)
	f[85] = feature3(85, pq, s2p, s0l.hLemma)
	// Prepositional phrases at the front: whose are they?
	f[86] = feature3(86, s1.hLemma, b0l.hLemma, b0p)
	f[87] = feature3(87, s1p, b0l.hLemma, b0.hLemma)
	f[88] = feature3(88, pq, b0l.hLemma, b0p)
	f[89] = feature3(89, pq, b0l.hLemma, s1.hLemma)
	f[90] = feature3(90, pq, b0l.hLemma, s0.hLemma)
	f[91] = feature3(91, join(s1p, s1r.hPos), s1rl.hLemma, join(s0l.hLemma, s0p))
	f[92] = feature3(92, join(pp, b0l.hLemma), s0rl.hLemma, s0r.hPos)
	// Coordination: what is alike?
	alike := likeness(s0, b0, s0l, b0l2)
	f[93] = feature3(93, pp, b0l.hLemma, alike)
	f[94] = feature3(94, b0l.hLemma, alike, db)
	f[95] = feature3(95, join(s1p, b0p), b0l.hLemma, likeness(s1, b0, s1l, b0l2))
	f[96] = feature3(96, pq, s0l.hLemma, likeness(s1, s0, s1l, s0l2))
	// What stands between.
	gap := between(s0, b0)
	f[97] = feature2(97, pp, gap)
	f[98] = feature3(98, pp, gap, db)
	f[99] = feature3(99, pq, between(s1, s0), ds)
	f[100] = feature3(100, join(s1p, b0p), between(s1, b0), s0p)
	f[101] = feature2(101, pp, ws[st.b0.word-1].lower)
	f[102] = feature3(102, pq, ws[max(st.s0.word, 1)-1].lower, s0l.hLemma)
	f[103] = feature3(103, s0.hTag, b0.hTag, db)
	f[104] = feature3(104, s1.hTag, s0.hTag, ds)
	f[105] = feature3(105, pqb, s0l.hPos, join(s0r.hPos, b0l.hPos))
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

// parse gives every word of a padded sentence its head: an index in ws, that of
// the artificial root for the sentence's head.
func (m *Model) parse(ws []word, heads []int32, s *scratch) {
	b := &s.beam
	b.margin = m.margin
	b.start(len(ws))
	last := b.last
	for step := 0; step < 2*int(last-pad); step++ {
		items := b.current()
		b.candidates = b.candidates[:0]
		for k := range items {
			it := &items[k]
			var scores [numTransitions]int16
			if only := it.only(last); only >= 0 {
				b.offer(candidate{it.score, int32(k), uint8(only)}, m.width)
				continue
			}
			unfold(&b.state, it, b.nodes)
			examine(&s.parseFeatures, ws, &b.state)
			unpack(m.parser.score1(s.parseFeatures[:]), scores[:])
			for a := range scores {
				if it.legal(a, last) {
					b.offer(candidate{it.score + int32(scores[a]), int32(k), uint8(a)}, m.width)
				}
			}
		}
		b.advance()
	}
	b.heads(heads)
}

// only returns the one legal transition of it, -1 where there are several.
func (it *item) only(last int32) int {
	only := -1
	for a := range numTransitions {
		if it.legal(a, last) {
			if only >= 0 {
				return -1
			}
			only = a
		}
	}
	return only
}

type candidate struct {
	score  int32
	item   int32
	action uint8
}

// beam is the scratch space of a search.
type beam struct {
	items      []item
	begin, end int // of the current step's items
	nodes      []node
	candidates []candidate
	margin     int32
	state      state
	last       int32
}

// start begins a search over a padded sentence of n words, padding included.
func (b *beam) start(n int) {
	b.last = int32(n - pad)
	b.nodes = b.nodes[:0]
	b.items = append(b.items[:0], item{top: -1, front: pad, prev: -1})
	b.begin, b.end = 0, 1
}

func (b *beam) current() []item { return b.items[b.begin:b.end] }

// offer puts c among the best width candidates. Of equals the first offered
// stands first.
func (b *beam) offer(c candidate, width int) {
	n := len(b.candidates)
	if n == width {
		if c.score <= b.candidates[n-1].score {
			return
		}
		b.candidates = b.candidates[:n-1]
		n--
	}
	b.candidates = append(b.candidates, c)
	for ; n > 0 && b.candidates[n-1].score < c.score; n-- {
		b.candidates[n] = b.candidates[n-1]
	}
	b.candidates[n] = c
}

// advance makes the candidates the current items.
func (b *beam) advance() {
	for i, c := range b.candidates {
		if c.score < b.candidates[0].score-b.margin {
			b.candidates = b.candidates[:i]
			break
		}
		prev := b.begin + int(c.item)
		it := apply(&b.items[prev], int(c.action), &b.nodes)
		it.score, it.prev = c.score, int32(prev)
		b.items = append(b.items, it)
	}
	b.begin, b.end = b.end, len(b.items)
}

// heads reads the heads off the best item.
func (b *beam) heads(heads []int32) {
	for i := int32(b.begin); ; {
		it := &b.items[i]
		if it.prev < 0 {
			return
		}
		from := &b.items[it.prev]
		switch it.action {
		case left:
			heads[b.nodes[from.top].word] = from.front
		case right:
			top := &b.nodes[from.top]
			heads[top.word] = b.nodes[top.below].word
		}
		i = it.prev
	}
}

// oracle returns the transition that leads from it towards the projective tree
// heads, whose root has the head last. remaining reports whether w has dependents
// at or after the front of the buffer.
//
// A right arc is put off while the front of the buffer hangs on a word yet to
// come: that word will take it off the stack again, and the arc is decided with
// the whole of a phrase in sight ("et X", "de la X") and not its first word.
func oracle(it *item, nodes []node, heads []int32, last int32, remaining func(w, front int32) bool) int {
	if it.top < 0 {
		return shift
	}
	s0 := nodes[it.top]
	if heads[s0.word] == it.front {
		return left
	}
	waits := it.front < last && heads[it.front] > it.front && heads[it.front] < last
	for b := s0.below; waits && b >= 0; b = nodes[b].below {
		waits = heads[nodes[b].word] != it.front // which needs s0 out of the way
	}
	if !waits && s0.below >= 0 && heads[s0.word] == nodes[s0.below].word && !remaining(s0.word, it.front) {
		return right
	}
	return shift
}

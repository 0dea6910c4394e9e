package syntax

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
		s1.r2, s1.r1 = s1.r1, s0.word
		s1.nr = min(s1.nr+1, 7)
		ns = append(ns, s1)
		out.top = int32(len(ns) - 1)
		out.depth--
	}
	*nodes = ns
	return out
}

func near(d int32) uint32 {
	switch {
	case d < 0:
		return 0
	case d < 5:
		return uint32(d)
	case d < 8:
		return 5
	case d < 12:
		return 6
	case d < 20:
		return 7
	}
	return 8
}

// parseFeatures writes the features of st. ws is the padded sentence.
func parseFeatures(f []uint32, ws []word, st *state) []uint32 {
	s0, s1, s2, b0 := &ws[st.s0.word], &ws[st.s1.word], &ws[st.s2.word], &ws[st.b0.word]
	b1, b2 := &ws[min(int(st.b0.word)+1, len(ws)-1)], &ws[min(int(st.b0.word)+2, len(ws)-1)]
	s0p, s1p, s2p, b0p, b1p, b2p := s0.pos, s1.pos, s2.pos, b0.pos, b1.pos, b2.pos
	s0l, s0l2, s0r, s0r2 := &ws[st.s0.l1], &ws[st.s0.l2], &ws[st.s0.r1], &ws[st.s0.r2]
	s1l, s1r, s1r2 := &ws[st.s1.l1], &ws[st.s1.r1], &ws[st.s1.r2]
	b0l, b0l2 := &ws[st.b0.l1], &ws[st.b0.l2]
	db := near(st.b0.word - st.s0.word)
	ds := near(st.s0.word - st.s1.word)
	s0v := uint32(st.s0.nl) | uint32(st.s0.nr)<<4
	s1v := uint32(st.s1.nl) | uint32(st.s1.nr)<<4
	b0v := uint32(st.b0.nl)
	pp := s0p | b0p<<8
	pq := s1p | s0p<<8
	return append(f,
		mix(1, s0.word, s0p, 0), mix(2, s0p, 0, 0), mix(3, s0.lemma, 0, 0),
		mix(4, s1.word, s1p, 0), mix(5, s1p, 0, 0), mix(6, s1.lemma, 0, 0),
		mix(7, s2.lemma, s2p, 0), mix(8, s2p, 0, 0),
		mix(9, b0.word, b0p, 0), mix(10, b0p, 0, 0), mix(11, b0.lemma, 0, 0),
		mix(12, b1.word, b1p, 0), mix(13, b1p, 0, 0), mix(14, b2p, b2.word, 0), mix(15, b2p, 0, 0),
		// s0 and b0
		mix(16, s0.lemma, b0.lemma, pp), mix(17, s0.lemma, b0.lemma, 0), mix(18, s0.lemma, pp, 0),
		mix(19, b0.lemma, pp, 0), mix(20, pp, 0, 0), mix(21, pp, db, 0), mix(22, s0.lemma, b0p, db), mix(23, b0.lemma, s0p, db),
		// s1 and s0
		mix(24, s1.lemma, s0.lemma, pq), mix(25, s1.lemma, s0.lemma, 0), mix(26, s1.lemma, pq, 0),
		mix(27, s0.lemma, pq, 0), mix(28, pq, 0, 0), mix(29, pq, ds, 0), mix(30, s1.lemma, s0p, ds), mix(31, s0.lemma, s1p, ds),
		// s1 and b0
		mix(32, s1.lemma, b0p, s1p), mix(33, s1p, b0p, 0), mix(34, s1p, b0.lemma, b0p), mix(35, s1.lemma, b0.lemma, 0),
		// triples
		mix(36, pp|b1p<<16, 0, 0), mix(37, pq|b0p<<16, 0, 0), mix(38, s2p|s1p<<8|s0p<<16, 0, 0), mix(39, b0p|b1p<<8|b2p<<16, 0, 0),
		mix(40, pq|b0p<<16|b1p<<24, 0, 0), mix(41, pp, s0.lemma, b1p), mix(42, pp, b0.lemma, b1p), mix(43, pq, s1.lemma, b0p),
		mix(44, pq, s0.lemma, b0p), mix(45, pq, b0.lemma, b0p), mix(46, pq, s2p, b0p),
		// dependents
		mix(50, pp, s0l.pos, 0), mix(51, pp, s0r.pos, 0), mix(52, pp, b0l.pos, 0), mix(53, pq, s1l.pos, 0), mix(54, pq, s1r.pos, 0),
		mix(55, pq, s0l.pos, 0), mix(56, pq, s0r.pos, 0), mix(57, pp, s0l.lemma, 0), mix(58, pp, b0l.lemma, 0), mix(59, pq, s0l.lemma, 0),
		mix(60, pq, s1l.lemma, 0), mix(61, pq, s1r.lemma, 0), mix(62, s1.lemma, s0l.lemma, s0p), mix(63, s1p, s0l.lemma, s0.lemma),
		mix(64, s0.lemma, b0l.lemma, b0p), mix(65, s0p, b0l.lemma, b0.lemma), mix(66, s0l.lemma, s0p, 0), mix(67, s0r.lemma, s0p, 0),
		mix(68, s0l2.pos, s0l.pos, s0p), mix(69, s0r2.pos, s0r.pos, s0p), mix(70, s1r2.pos, s1r.pos, s1p), mix(71, b0l2.pos, b0l.pos, b0p),
		mix(72, s1.lemma, s1r.pos, s0p), mix(73, s1.lemma, s1l.pos, s0p),
		// valency
		mix(74, s0.lemma, s0v, s0p), mix(75, s0p, s0v, b0p), mix(76, s1.lemma, s1v, s1p), mix(77, s1p, s1v, s0p), mix(78, b0.lemma, b0v, b0p), mix(79, b0p, b0v, s0p),
		mix(80, s0p|uint32(s0.val)<<8, b0p, 0), mix(81, s1p|uint32(s1.val)<<8, s0p|s1v<<8, 0),
		// agreement
		mix(82, pp, s0.agree, b0.agree), mix(83, pq, s1.agree, s0.agree),
		mix(84, pp, s1p, db), mix(85, pq, db, ds), mix(86, b0p, b1.lemma, s0p),
		mix(87, s1.lemma, s0l.lemma, b0p), mix(88, s2.lemma, s0l.lemma, s0p),
		mix(89, pq, s2p, s0l.lemma),
	)
}

// parse gives every word of a padded sentence its head: an index in ws, that of
// the artificial root for the sentence's head.
func (m *Model) parse(ws []word, heads []int32, s *scratch) {
	b := &s.beam
	b.start(len(ws))
	last := b.last
	for step := 0; step < 2*int(last-pad); step++ {
		items := b.current()
		b.candidates = b.candidates[:0]
		for k := range items {
			it := &items[k]
			var scores [numTransitions]int32
			if only := it.only(last); only >= 0 {
				b.offer(candidate{it.score, int32(k), uint8(only)}, m.width)
				continue
			}
			unfold(&b.state, it, b.nodes)
			s.features = parseFeatures(s.features[:0], ws, &b.state)
			m.parser.add(s.features, scores[:])
			for a := range scores {
				if it.legal(a, last) {
					b.offer(candidate{it.score + scores[a], int32(k), uint8(a)}, m.width)
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
	for _, c := range b.candidates {
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
// heads, whose root has the head last. remaining[w] counts the dependents of w
// that stand at or after the front of the buffer.
func oracle(it *item, nodes []node, heads []int32, remaining func(w, front int32) bool) int {
	if it.top >= 0 {
		s0 := nodes[it.top]
		if heads[s0.word] == it.front {
			return left
		}
		if s0.below >= 0 && heads[s0.word] == nodes[s0.below].word && !remaining(s0.word, it.front) {
			return right
		}
	}
	return shift
}

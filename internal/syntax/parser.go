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

// parse gives every word of a padded sentence its head: an index in ws, that of
// the artificial root for the sentence's head.
func (m *Model) parse(ws []word, heads []int32, s *scratch) {
	b := &s.beam
	s.memo.start(&m.parser, ws)
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
			unpack(s.memo.score(&m.parser, ws, &b.state), scores[:])
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

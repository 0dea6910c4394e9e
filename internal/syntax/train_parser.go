package syntax

import "math/rand/v2"

// learnParser trains the parser: beam search, and where the best item is not
// the treebank's tree an update at the step where it leads by most (the
// max-violation update of Huang, Fayong and Guo 2012).
func (m *Model) learnParser(opts Options, examples []example, prepared [][]word) (t table, scale float64) {
	gold := make([][]int32, len(examples))
	for k := range examples {
		gold[k] = examples[k].projective()
	}
	ts := make([]*trainer, opts.Runs)
	parallel(opts.Runs, func(run int) {
		ts[run] = newTrainer(opts.ParserBits, numTransitions)
		l := parserLearner{trainer: ts[run], width: opts.Width, margin: int32(opts.Margin)}
		rng := rand.New(rand.NewPCG(opts.Seed, 3<<32+uint64(run)))
		order := indices(len(examples))
		for epoch := range opts.ParserEpochs {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			right := 0
			for _, k := range order {
				if l.learn(prepared[k], gold[k], examples[k].weight) {
					right++
				}
			}
			opts.Log("parser, run %d, epoch %d: %.2f%% of trees right", run+1, epoch+1, 100*float64(right)/float64(len(order)))
		}
	})
	return mean(ts)
}

// parserLearner is the parser with the table it learns and its scratch space.
type parserLearner struct {
	*trainer
	width    int
	margin   int32
	beam     beam
	isGold   []bool // of each item of the beam
	gold     []item
	nodes    []node // of the gold items
	features [parseFeatures]uint32
	path     []int32
}

// learn parses one sentence and updates; it reports whether the tree was right.
func (l *parserLearner) learn(ws []word, heads []int32, weight int16) bool {
	l.time++
	l.derive(ws, heads)
	b := &l.beam
	b.margin = l.margin
	b.start(len(ws))
	l.isGold = append(l.isGold[:0], true)
	steps := len(l.gold) - 1
	var worst int32 = -1
	worstStep, worstItem := -1, 0
	for step := range steps {
		items := b.current()
		b.candidates = b.candidates[:0]
		for k := range items {
			it := &items[k]
			if only := it.only(b.last); only >= 0 {
				b.offer(candidate{it.score, int32(k), uint8(only)}, l.width)
				continue
			}
			scores := l.score(ws, it, b.nodes)
			for a := range scores {
				if it.legal(a, b.last) {
					b.offer(candidate{it.score + scores[a], int32(k), uint8(a)}, l.width)
				}
			}
		}
		begin := b.begin
		b.advance()
		for _, c := range b.candidates {
			l.isGold = append(l.isGold, l.isGold[begin+int(c.item)] && c.action == l.gold[step+1].action)
		}
		if !l.isGold[b.begin] {
			if v := b.items[b.begin].score - l.gold[step+1].score; v > worst {
				worst, worstStep, worstItem = v, step+1, b.begin
			}
		}
	}
	if l.isGold[b.begin] {
		return true
	}
	if worstStep < 0 {
		return false
	}
	// The predicted items from the start to the violation.
	l.path = l.path[:0]
	for i := int32(worstItem); i >= 0; i = b.items[i].prev {
		l.path = append(l.path, i)
	}
	for step := range worstStep {
		from := l.path[len(l.path)-1-step]
		to := l.path[len(l.path)-2-step]
		if l.isGold[to] {
			continue
		}
		l.move(ws, &b.items[from], b.nodes, int(b.items[to].action), -weight)
		l.move(ws, &l.gold[step], l.nodes, int(l.gold[step+1].action), weight)
	}
	return false
}

// derive fills l.gold with the items that lead to the tree heads, with their
// scores.
func (l *parserLearner) derive(ws []word, heads []int32) {
	last := int32(len(ws) - pad)
	remaining := func(w, front int32) bool {
		for k := front; k < last; k++ {
			if heads[k] == w {
				return true
			}
		}
		return false
	}
	l.nodes = l.nodes[:0]
	l.gold = append(l.gold[:0], item{top: -1, front: pad, prev: -1})
	for step := int32(0); step < 2*(last-pad); step++ {
		it := &l.gold[step]
		a := oracle(it, l.nodes, heads, last, remaining)
		score := it.score
		if it.only(last) < 0 {
			score += l.score(ws, it, l.nodes)[a]
		}
		next := apply(it, a, &l.nodes)
		next.score = score
		l.gold = append(l.gold, next)
	}
}

func (l *parserLearner) score(ws []word, it *item, nodes []node) (scores [numTransitions]int32) {
	unfold(&l.beam.state, it, nodes)
	examine(&l.features, ws, &l.beam.state)
	l.trainer.score(l.features[:], scores[:])
	return scores
}

func (l *parserLearner) move(ws []word, it *item, nodes []node, action int, change int16) {
	if it.only(l.beam.last) >= 0 {
		return
	}
	unfold(&l.beam.state, it, nodes)
	examine(&l.features, ws, &l.beam.state)
	l.update(l.features[:], action, change)
}

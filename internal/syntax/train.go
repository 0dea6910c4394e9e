package syntax

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/depeche-events/depeche/internal/conllu"
)

// Options of training. The zero value of a field takes its default.
type Options struct {
	Language string
	Seed     uint64
	// Epochs over the treebanks.
	TaggerEpochs, ParserEpochs, LabelEpochs int
	// Folds: the parser learns from tags that taggers gave which had not
	// seen the sentence, each trained on all but one of so many parts.
	Folds int
	// Runs: the tables are the mean of so many trainings, each with an order
	// of sentences of its own.
	Runs int
	// Width of the parser's beam.
	Width int
	// Margin is how far an item of the beam may score below the best: a mistake
	// moves every weight it has a part in by 1. The beam is as wide as the
	// sentence is hard: most steps leave one item.
	Margin float64
	// Bits: a table has 1<<bits rows.
	TaggerBits, MorphBits, ParserBits, LabelBits uint
	// TagsOnly leaves the parser out, for experiments.
	TagsOnly bool
	// Log is told of progress.
	Log func(format string, args ...any)
}

func (o *Options) defaults() {
	set := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	setBits := func(p *uint, v uint) {
		if *p == 0 {
			*p = v
		}
	}
	set(&o.TaggerEpochs, 6)
	set(&o.ParserEpochs, 8)
	set(&o.LabelEpochs, 6)
	set(&o.Folds, 6)
	set(&o.Runs, 6)
	set(&o.Width, 8)
	if o.Margin == 0 {
		o.Margin = 200
	}
	setBits(&o.TaggerBits, 18)
	setBits(&o.MorphBits, 20)
	setBits(&o.ParserBits, 21)
	setBits(&o.LabelBits, 17)
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
}

func (o *Options) String() string {
	return fmt.Sprintf("epochs %d/%d/%d folds %d runs %d width %d margin %g bits %d/%d/%d/%d", o.TaggerEpochs, o.ParserEpochs, o.LabelEpochs,
		o.Folds, o.Runs, o.Width, o.Margin, o.TaggerBits, o.MorphBits, o.ParserBits, o.LabelBits)
}

// Treebank is annotated text to learn from.
type Treebank struct {
	Source
	Sentences []*conllu.Sentence
	// Weight is how much a mistake in it moves the model, in units of the
	// smallest treebank weight.
	Weight int
}

// Reading is one line of a lexicon: a form, its lemma and what it is.
type Reading struct {
	Form, Lemma string
	UPOS        UPOS
	Feats       Feats
	Valency     Valency
}

// Train learns a model. The same arguments give the same model.
func Train(opts Options, treebanks []Treebank, hinted []Hinted, readings []Reading, sources []Source) (*Model, error) {
	opts.defaults()
	var examples, hints []example
	m := &Model{tags: newTagset(), width: opts.Width}
	m.header = Header{Language: opts.Language, Seed: opts.Seed, Options: opts.String()}
	for _, tb := range treebanks {
		es, err := readExamples(tb.Sentences, int16(tb.Weight))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tb.Name, err)
		}
		src := tb.Source
		src.Sentences, src.Weight = len(es), float64(tb.Weight)
		for _, e := range es {
			src.Words += len(e.forms)
		}
		m.header.Sources = append(m.header.Sources, src)
		examples = append(examples, es...)
	}
	for _, h := range hinted {
		es := h.examples()
		src := h.Source
		src.Sentences, src.Weight = len(es), float64(h.Weight)
		for _, e := range es {
			src.Words += len(e.forms)
		}
		m.header.Sources = append(m.header.Sources, src)
		hints = append(hints, es...)
	}
	m.header.Sources = append(m.header.Sources, sources...)

	// Tags of the treebanks first, as candidates of the morphological stage.
	seen := map[uint16]int{}
	for _, e := range examples {
		for _, t := range e.tags {
			seen[m.tags.id(t)]++
		}
	}
	treebankTags := len(m.tags.tags)
	m.lexicon = compile(readings, m.tags)
	m.derive()
	for t := 1; t < treebankTags; t++ {
		if c := m.coarseOf[t]; seen[uint16(t)] >= 2 && len(m.byCoarse[c]) < maxCandidates {
			m.byCoarse[c] = append(m.byCoarse[c], uint16(t))
		}
	}
	opts.Log("%d sentences, %d tags, %d lexicon entries", len(examples), treebankTags, len(m.lexicon.first)-1)

	m.learnLemmas(examples, hints)
	prepared := m.prepareAll(examples)
	if opts.TagsOnly {
		m.tagger, m.morph = m.learnTags(opts, opts.Runs, 0, examples, prepared, nil)
		m.parser = newTrainer(1, numTransitions).quantise(make([]float64, tableWords(1, 1)*lanesPerWord), 1)
		m.labeller = newTrainer(1, len(relNames)).quantise(make([]float64, tableWords(1, 16)*lanesPerWord), 1)
		return m, nil
	}
	folds := m.jackknife(opts, examples, hints, prepared)

	// What the parser will see of the training text.
	plain := prepared
	prepared = make([][]word, len(plain))
	for k := range prepared {
		prepared[k] = slices.Clone(plain[k])
		f := folds[k%opts.Folds]
		s := new(scratch)
		f.tagWords(prepared[k], s)
		f.morphWords(prepared[k], s)
		f.lemmatise(prepared[k])
		f.prepare(prepared[k])
	}
	var wg sync.WaitGroup
	wg.Go(func() { m.tagger, m.morph = m.learnTags(opts, opts.Runs, 0, examples, plain, nil) })
	wg.Go(func() { m.labeller = m.learnLabels(opts, examples, prepared) })
	var scale float64
	m.parser, scale = m.learnParser(opts, examples, prepared)
	m.margin = int32(opts.Margin * scale)
	opts.Log("margin %d in units of the table", m.margin)
	wg.Wait()
	return m, nil
}

// prepareAll reads the forms of all examples into padded sentences.
func (m *Model) prepareAll(examples []example) [][]word {
	out := make([][]word, len(examples))
	s := new(scratch)
	for k, e := range examples {
		m.readAll(s, e.forms)
		out[k] = slices.Clone(s.words)
	}
	return out
}

// jackknife returns a model per fold whose tagger has not seen the examples k
// with k mod folds = fold.
func (m *Model) jackknife(opts Options, examples, hints []example, prepared [][]word) []*Model {
	out := make([]*Model, opts.Folds)
	parallel(opts.Folds, func(fold int) {
		f := &Model{tags: m.tags, lexicon: m.lexicon, coarseOf: m.coarseOf, byCoarse: m.byCoarse}
		var es []example
		for k := range examples {
			if k%opts.Folds != fold {
				es = append(es, examples[k])
			}
		}
		f.learnLemmas(es, hints)
		f.tagger, f.morph = f.learnTags(opts, 1, uint64(fold)+1, examples, prepared, func(k int) bool { return k%opts.Folds != fold })
		out[fold] = f
		opts.Log("fold %d done", fold)
	})
	return out
}

// parallel calls do with 0 to n-1, a few at a time.
func parallel(n int, do func(int)) {
	const width = 3
	free := make(chan struct{}, width)
	var wg sync.WaitGroup
	for i := range n {
		free <- struct{}{}
		wg.Go(func() {
			do(i)
			<-free
		})
	}
	wg.Wait()
}

// learnTags trains the tagger and the morphological stage on the examples that
// use admits, in so many runs.
func (m *Model) learnTags(opts Options, runs int, stream uint64, examples []example, prepared [][]word, use func(int) bool) (tagger, morph table) {
	taggers, morphs := make([]*trainer, runs), make([]*trainer, runs)
	parallel(runs, func(run int) {
		taggers[run], morphs[run] = newTrainer(opts.TaggerBits, int(numCoarse)), newOverlapping(opts.MorphBits, 1)
		rng := rand.New(rand.NewPCG(opts.Seed, stream<<8+uint64(run)))
		m.learnTagsOnce(opts, rng, taggers[run], morphs[run], examples, prepared, use)
	})
	tagger, _ = mean(taggers)
	morph, _ = mean(morphs)
	return tagger, morph
}

func (m *Model) learnTagsOnce(opts Options, rng *rand.Rand, t, mt *trainer, examples []example, prepared [][]word, use func(int) bool) {
	order := make([]int, 0, len(examples))
	for k := range examples {
		if use == nil || use(k) {
			order = append(order, k)
		}
	}
	var features [tagFeatures]uint32
	var inflection [morphFeatures]uint32
	scores := make([]int32, maxCandidates)
	var ws []word
	for range opts.TaggerEpochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			e := &examples[k]
			ws = append(ws[:0], prepared[k]...)
			for i := range e.tags {
				describe(&features, ws, i+pad)
				t.score(features[:], scores[:numCoarse])
				best := bestOf(scores[:numCoarse], 1)
				gold := int(coarse(e.tags[i]))
				if best != gold {
					t.update(features[:], gold, e.weight)
					t.update(features[:], best, -e.weight)
				}
				t.time++
				ws[i+pad].setCoarse(uint8(best))
			}
			// The morphology of the words whose coarse tag is right.
			for i := range e.tags {
				w := &ws[i+pad]
				candidates := m.byCoarse[w.coarse]
				gold := m.tags.id(e.tags[i])
				if w.coarse != m.coarseOf[gold] {
					m.setTag(w, 0)
					if c := m.byCoarse[w.coarse]; len(c) > 0 {
						m.setTag(w, c[0])
					}
					continue
				}
				if !slices.Contains(candidates, gold) {
					m.setTag(w, gold)
					continue
				}
				m.inflection(&inflection, ws, i+pad)
				mt.score(inflection[:], scores[:len(candidates)])
				best := candidates[bestOf(scores[:len(candidates)], 0)]
				if best != gold {
					mt.update(inflection[:], slices.Index(candidates, gold), e.weight)
					mt.update(inflection[:], slices.Index(candidates, best), -e.weight)
				}
				mt.time++
				m.setTag(w, best)
			}
		}
	}
}

// learnLemmas counts which lemma each form and coarse tag has, and which rule
// every ending.
func (m *Model) learnLemmas(sets ...[]example) {
	type count map[string]int
	forms := map[uint64]count{}
	endings := map[uint32]map[lemmaRule]int{}
	var buf [maxFormBytes]byte
	for _, e := range slices.Concat(sets...) {
		for i, f := range e.forms {
			c := uint32(coarse(e.tags[i]))
			if e.may != nil {
				h := &e.may[i]
				if len(h.UPOS) == 0 || h.UPOS[0] == PRON || h.UPOS[0] == PUNCT {
					continue // of other conventions
				}
				c = uint32(coarse(tag{h.UPOS[0], h.Feats}))
			}
			w := look(f, false, &buf)
			for j, key := range []uint64{lemmaKey(w.exact, c), lemmaKey(w.lower, c)} {
				if j == 1 && (w.exact == w.lower || UPOS(c) == PROPN) || w.shape&shapeDigit != 0 {
					continue
				}
				if forms[key] == nil {
					forms[key] = count{}
				}
				forms[key][e.lemmas[i]] += 2 - j
			}
			r := ruleOf(f, e.lemmas[i])
			for k := range w.suffix {
				if w.suffix[k] != 0 {
					bump(endings, endingKey(c, k, w.suffix[k]), r)
				}
			}
			bump(endings, endingKey(c, 9, 0), r)
		}
	}
	m.known = map[uint64]uint32{}
	m.knownLemmas = nil
	number := map[string]uint32{}
	for _, key := range sortedKeys(forms) {
		best := ""
		for _, l := range sortedKeys(forms[key]) {
			if best == "" || forms[key][l] > forms[key][best] {
				best = l
			}
		}
		id, ok := number[best]
		if !ok {
			id = uint32(len(m.knownLemmas))
			number[best] = id
			m.knownLemmas = append(m.knownLemmas, best)
		}
		m.known[key] = id
	}
	valency := make(map[string]uint8, len(m.lexicon.lemmas))
	for i, l := range m.lexicon.lemmas {
		valency[l] = m.lexicon.valency[i]
	}
	m.knownValency = make([]uint8, len(m.knownLemmas))
	for i, l := range m.knownLemmas {
		m.knownValency[i] = valency[l]
	}
	m.endings = map[uint32]uint16{}
	m.rules = nil
	rules := map[lemmaRule]uint16{}
	for _, key := range sortedKeys(endings) {
		var best lemmaRule
		most := 0
		for r, n := range endings[key] {
			if n > most || n == most && lessRule(r, best) {
				best, most = r, n
			}
		}
		id, ok := rules[best]
		if !ok {
			id = uint16(len(m.rules))
			rules[best] = id
			m.rules = append(m.rules, best)
		}
		m.endings[key] = id
	}
}

func bump(counts map[uint32]map[lemmaRule]int, key uint32, r lemmaRule) {
	if counts[key] == nil {
		counts[key] = map[lemmaRule]int{}
	}
	counts[key][r]++
}

func lessRule(a, b lemmaRule) bool {
	if a.Lower != b.Lower {
		return b.Lower
	}
	if a.Cut != b.Cut {
		return a.Cut < b.Cut
	}
	return strings.Compare(a.Add, b.Add) < 0
}

// learnLabels trains the labeller on the treebanks' own trees.
func (m *Model) learnLabels(opts Options, examples []example, prepared [][]word) table {
	ts := make([]*trainer, opts.Runs)
	parallel(opts.Runs, func(run int) {
		ts[run] = newTrainer(opts.LabelBits, len(relNames))
		learnLabelsOnce(opts, rand.New(rand.NewPCG(opts.Seed, 2<<32+uint64(run))), ts[run], examples, prepared)
	})
	t, _ := mean(ts)
	return t
}

func learnLabelsOnce(opts Options, rng *rand.Rand, t *trainer, examples []example, prepared [][]word) {
	n := len(relNames)
	order := indices(len(examples))
	var tr tree
	var features [labelFeatures]uint32
	scores := make([]int32, n)
	for epoch := range opts.LabelEpochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		wrong, total := 0, 0
		for _, k := range order {
			e, ws := &examples[k], prepared[k]
			root := int32(len(e.heads) + pad)
			heads := make([]int32, len(ws))
			for i, h := range e.heads {
				heads[i+pad] = h + pad
				if h < 0 {
					heads[i+pad] = root
				}
			}
			tr.thread(heads)
			rels := make([]Rel, len(ws))
			for i, gold := range e.rels {
				d := i + pad
				if rel, ok := settled(&ws[d], heads[d] == root); ok {
					rels[d] = rel
					continue
				}
				relate(&features, ws, &tr, rels, d)
				t.score(features[:], scores)
				best := Rel(bestOf(scores, firstLabel))
				total++
				if best != gold {
					wrong++
					t.update(features[:], int(gold), e.weight)
					t.update(features[:], int(best), -e.weight)
				}
				t.time++
				rels[d] = best
			}
		}
		opts.Log("labels, epoch %d: %.2f%% wrong", epoch+1, 100*float64(wrong)/float64(total))
	}
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

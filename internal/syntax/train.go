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
	// Width of the parser's beam.
	Width int
	// Bits: a table has 1<<bits rows.
	TaggerBits, MorphBits, ParserBits, LabelBits uint
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
	set(&o.Width, 8)
	setBits(&o.TaggerBits, 18)
	setBits(&o.MorphBits, 20)
	setBits(&o.ParserBits, 21)
	setBits(&o.LabelBits, 17)
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
}

func (o *Options) String() string {
	return fmt.Sprintf("epochs %d/%d/%d folds %d width %d bits %d/%d/%d/%d", o.TaggerEpochs, o.ParserEpochs, o.LabelEpochs,
		o.Folds, o.Width, o.TaggerBits, o.MorphBits, o.ParserBits, o.LabelBits)
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
func Train(opts Options, treebanks []Treebank, readings []Reading, sources []Source) (*Model, error) {
	opts.defaults()
	var examples []example
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
		if c := m.coarseOf[t]; seen[uint16(t)] >= 2 {
			m.byCoarse[c] = append(m.byCoarse[c], uint16(t))
		}
	}
	opts.Log("%d sentences, %d tags, %d lexicon entries", len(examples), treebankTags, len(m.lexicon.first)-1)

	m.learnLemmas(examples)
	prepared := m.prepareAll(examples)
	folds := m.jackknife(opts, examples, prepared)
	m.tagger, m.morph = m.learnTags(opts, opts.Seed, examples, prepared, nil)
	opts.Log("tagger done")

	// What the parser will see of the training text.
	for k := range prepared {
		f := folds[k%opts.Folds]
		s := new(scratch)
		f.tagWords(prepared[k], s)
		f.morphWords(prepared[k], s)
		f.lemmatise(prepared[k])
		f.prepare(prepared[k])
	}
	var wg sync.WaitGroup
	wg.Go(func() { m.labeller = m.learnLabels(opts, examples, prepared) })
	m.parser = m.learnParser(opts, examples, prepared)
	wg.Wait()
	return m, nil
}

// prepareAll reads the forms of all examples into padded sentences.
func (m *Model) prepareAll(examples []example) [][]word {
	out := make([][]word, len(examples))
	s := new(scratch)
	for k, e := range examples {
		s.begin()
		for _, f := range e.forms {
			s.push(m, f)
		}
		s.words = append(s.words, outside, outside, outside)
		out[k] = slices.Clone(s.words)
	}
	return out
}

// jackknife returns a model per fold whose tagger has not seen the examples k
// with k mod folds = fold.
func (m *Model) jackknife(opts Options, examples []example, prepared [][]word) []*Model {
	out := make([]*Model, opts.Folds)
	var wg sync.WaitGroup
	free := make(chan struct{}, 2)
	for fold := range out {
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			f := &Model{tags: m.tags, lexicon: m.lexicon, coarseOf: m.coarseOf, byCoarse: m.byCoarse}
			var es []example
			for k := range examples {
				if k%opts.Folds != fold {
					es = append(es, examples[k])
				}
			}
			f.learnLemmas(es)
			f.tagger, f.morph = f.learnTags(opts, opts.Seed+uint64(fold)+1, examples, prepared, func(k int) bool { return k%opts.Folds != fold })
			out[fold] = f
			opts.Log("fold %d done", fold)
		})
	}
	wg.Wait()
	return out
}

// learnTags trains the tagger and the morphological stage on the examples that
// use admits.
func (m *Model) learnTags(opts Options, seed uint64, examples []example, prepared [][]word, use func(int) bool) (tagger, morph table) {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := newTrainer(opts.TaggerBits, int(numCoarse))
	mt := newTrainer(opts.MorphBits, 1)
	order := make([]int, 0, len(examples))
	for k := range examples {
		if use == nil || use(k) {
			order = append(order, k)
		}
	}
	var features []uint32
	scores := make([]int32, numCoarse)
	var ws []word
	for range opts.TaggerEpochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			e := &examples[k]
			ws = append(ws[:0], prepared[k]...)
			for i := range e.tags {
				features = tagHistory(tagStatic(features[:0], ws, i+pad), ws, i+pad)
				clear(scores)
				t.add(features, scores)
				best := 1
				for c := 2; c < len(scores); c++ {
					if scores[c] > scores[best] {
						best = c
					}
				}
				gold := int(coarse(e.tags[i]))
				if best != gold {
					t.update(features, gold, e.weight)
					t.update(features, best, -e.weight)
				}
				t.time++
				ws[i+pad].coarse = uint8(best)
			}
			// The morphology of the words whose coarse tag is right.
			for i := range e.tags {
				w := &ws[i+pad]
				gold := m.tags.id(e.tags[i])
				if w.coarse != m.coarseOf[gold] {
					w.tag = 0
					if c := m.byCoarse[w.coarse]; len(c) > 0 {
						w.tag = c[0]
					}
					continue
				}
				candidates := m.byCoarse[w.coarse]
				if !slices.Contains(candidates, gold) {
					w.tag = gold
					continue
				}
				features = m.morphFeatures(features[:0], ws, i+pad)
				best, bestScore := uint16(0), int32(-1<<31)
				for _, c := range candidates {
					score := int32(0)
					for _, f := range features {
						score += int32(mt.w[candidateRow(f, c)>>mt.shift])
					}
					if score > bestScore {
						best, bestScore = c, score
					}
				}
				if best != gold {
					for _, f := range features {
						mt.move(int(candidateRow(f, gold)>>mt.shift), e.weight)
						mt.move(int(candidateRow(f, best)>>mt.shift), -e.weight)
					}
				}
				mt.time++
				w.tag = best
			}
		}
	}
	return t.averaged(), mt.averaged()
}

// learnLemmas counts which lemma each form and coarse tag has, and which rule
// every ending.
func (m *Model) learnLemmas(examples []example) {
	type count map[string]int
	forms := map[uint64]count{}
	endings := map[uint32]map[lemmaRule]int{}
	var buf [maxFormBytes]byte
	for _, e := range examples {
		for i, f := range e.forms {
			c := uint32(coarse(e.tags[i]))
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
	rng := rand.New(rand.NewPCG(opts.Seed, 2))
	n := len(relNames)
	t := newTrainer(opts.LabelBits, n)
	order := indices(len(examples))
	var tr tree
	var features []uint32
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
				if heads[d] == root {
					rels[d] = RelRoot
					continue
				}
				features = labelFeatures(features[:0], ws, &tr, rels, d)
				clear(scores)
				t.add(features, scores)
				best := Rel(2)
				for r := Rel(3); int(r) < n; r++ {
					if scores[r] > scores[best] {
						best = r
					}
				}
				total++
				if best != gold {
					wrong++
					t.update(features, int(gold), e.weight)
					t.update(features, int(best), -e.weight)
				}
				t.time++
				rels[d] = best
			}
		}
		opts.Log("labels, epoch %d: %.2f%% wrong", epoch+1, 100*float64(wrong)/float64(total))
	}
	return t.averaged()
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

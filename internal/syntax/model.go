package syntax

import (
	"context"
	"sync"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/text"
)

// Model is a trained analyser of one language. It is immutable and safe for
// concurrent use.
type Model struct {
	header  Header
	version string
	tags    *tagset
	lexicon *lexicon
	// coarseOf is the coarse tag of every tag; byCoarse the tags of a coarse
	// one that the treebanks use.
	coarseOf []uint8
	byCoarse [numCoarse][]uint16

	tagger, morph, parser, labeller table
	width                           int // of the parser's beam
	// margin: items of the beam that score so much less than the best are
	// dropped.
	margin int32

	// Lemmas: those the treebanks have for a form and coarse tag, then rules
	// by ending.
	known        map[uint64]uint32 // lemmaKey -> index in knownLemmas
	knownLemmas  []string
	knownValency []uint8 // of each known lemma
	endings      map[uint32]uint16
	rules        []lemmaRule

	// amend corrects what parsing gets wrong for want of trees of its kind; nil:
	// nothing.
	amend func(sentence []Word, base int32)

	pool sync.Pool // of *scratch
}

// Amend has every sentence corrected by f when it is parsed: the head of a word
// of the sentence is its index in it plus base, -1 for the root. To be called
// before the first analysis.
func (m *Model) Amend(f func(sentence []Word, base int32)) { m.amend = f }

// Header says what a model was made from.
type Header struct {
	Language string   `json:"language"`
	Seed     uint64   `json:"seed"`
	Options  string   `json:"options"`
	Sources  []Source `json:"sources"`
}

// Source is a file that a model was trained on.
type Source struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	// Sentences and Words are how many were used, Weight how much each counted.
	Sentences int     `json:"sentences,omitempty"`
	Words     int     `json:"words"`
	Weight    float64 `json:"weight,omitempty"`
}

// Header returns what the model was made from.
func (m *Model) Header() Header { return m.header }

// Version names the model: two models with one version are the same, byte for
// byte. It is empty for a model that was not loaded.
func (m *Model) Version() string { return m.version }

// scratch is the working space of one analysis.
type scratch struct {
	words         []word
	scores        [maxRow * lanesPerWord]int16
	tagFeatures   [tagFeatures]uint32
	morphFeatures [morphFeatures]uint32
	memo          memo
	labelFeatures [labelFeatures]uint32
	heads         []int32
	rels          []Rel
	beam          beam
	tree          tree
	buf           [maxFormBytes]byte
}

// derive fills what follows from the stored parts of the model.
func (m *Model) derive() {
	m.coarseOf = make([]uint8, len(m.tags.tags))
	for i, t := range m.tags.tags {
		m.coarseOf[i] = coarse(t)
	}
	m.pool.New = func() any { return new(scratch) }
}

// Analyze reads every sentence of t. Of a ctx that has ended, what is returned
// is of no use.
func (m *Model) Analyze(ctx context.Context, t *text.Text) *Analysis {
	s := m.pool.Get().(*scratch)
	defer m.pool.Put(s)
	out := make([]Word, len(t.Words))
	for i := range interrupt.Range(ctx, len(t.Sentences)) {
		first, last := t.Sentences[i].Words.First, t.Sentences[i].Words.Last
		s.begin()
		for i := first; i < last; i++ {
			s.push(m, t.Words[i].Form)
		}
		s.end()
		m.analyse(s)
		s.copyTo(out[first:last], m, int32(first))
		if m.amend != nil {
			m.amend(out[first:last], int32(first))
		}
	}
	return NewAnalysis(out)
}

// AnalyzeWords reads one sentence given as the forms of its words. Heads are
// indices in the sentence.
func (m *Model) AnalyzeWords(forms []string) []Word {
	s := m.pool.Get().(*scratch)
	defer m.pool.Put(s)
	out := make([]Word, len(forms))
	m.readAll(s, forms)
	m.analyse(s)
	s.copyTo(out, m, 0)
	if m.amend != nil {
		m.amend(out, 0)
	}
	return out
}

// readAll puts the words of one sentence into s, padded.
func (m *Model) readAll(s *scratch, forms []string) {
	s.begin()
	for _, f := range forms {
		s.push(m, f)
	}
	s.end()
}

// end closes the sentence in s.
func (s *scratch) end() { s.words = append(s.words, outside, outside, outside) }

// begin empties s for a new sentence.
func (s *scratch) begin() { s.words = append(s.words[:0], outside, outside, outside) }

// push adds a word to the sentence.
func (s *scratch) push(m *Model, form string) {
	s.words = append(s.words, word{})
	m.read(&s.words[len(s.words)-1], form, len(s.words) == pad+1, &s.buf)
}

// posRoot is the part of speech of the artificial root.
const posRoot = 63

// analyse tags and parses the sentence in s.
func (m *Model) analyse(s *scratch) {
	m.tagWords(s.words, s)
	m.morphWords(s.words, s)
	m.lemmatise(s.words)
	m.prepare(s.words)
	n := len(s.words)
	s.heads = resize(s.heads, n)
	if cap(s.rels) < n {
		s.rels = make([]Rel, n)
	}
	s.rels = s.rels[:n]
	m.parse(s.words, s.heads, s)
	m.label(s.words, s.heads, s.rels, s)
}

// prepare fills what the parser reads of tagged words.
func (m *Model) prepare(ws []word) {
	var commas, verbs, conjunctions uint16
	for i := pad; i < len(ws)-pad; i++ {
		w := &ws[i]
		w.hPos = spread(uint32(w.coarse))
		switch UPOS(w.coarse) {
		case PUNCT:
			commas++
		case VERB:
			verbs++
		case CCONJ:
			conjunctions++
		}
		w.commas, w.verbs, w.conjunctions = commas, verbs, conjunctions
	}
	root := &ws[len(ws)-pad]
	root.hPos = spread(posRoot)
	root.commas, root.verbs, root.conjunctions = commas, verbs, conjunctions
}

// copyTo writes the sentence in s to out; offset is added to heads.
func (s *scratch) copyTo(out []Word, m *Model, offset int32) {
	root := int32(len(s.words) - pad)
	for i := range out {
		w := &s.words[i+pad]
		head := s.heads[i+pad]
		if head == root {
			head = -1
		} else {
			head += offset - pad
		}
		out[i] = Word{Lemma: w.lemma, UPOS: coarseUPOS(w.coarse), Feats: m.tags.tags[w.tag].Feats, Head: head, Rel: s.rels[i+pad]}
	}
}

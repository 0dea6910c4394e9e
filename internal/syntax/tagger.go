package syntax

// word is what analysis knows of a word on its way from form to tree.
type word struct {
	form
	text   string
	entry  int32 // of the lexicon under the form as it stands, -1 for none
	small  int32 // under the lower-cased form, where that differs
	class  uint32
	coarse uint8
	tag    uint16
	lemma  uint32 // hash of the lemma
	lemmaS string
	val    uint8  // valency of the lemma
	pos    uint32 // what the parser takes for the part of speech
	agree  uint32 // gender, number and person
}

// read fills w from the form s.
func (m *Model) read(w *word, s string, first bool, buf *[maxFormBytes]byte) {
	*w = word{form: look(s, first, buf), text: s, entry: -1, small: -1}
	w.entry = int32(m.lexicon.find(w.exact))
	if w.exact != w.lower && w.shape&shapeDigit == 0 {
		w.small = int32(m.lexicon.find(w.lower))
	}
	if w.entry >= 0 {
		w.class = uint32(m.lexicon.class[w.entry])
	}
	if w.small >= 0 {
		w.class += uint32(m.lexicon.class[w.small]) << 12
	}
}

// outside stands for the words before and after a sentence.
var outside = word{form: form{word: 1, shape: 1 << 20}, entry: -1, small: -1, class: 1 << 30}

const pad = 3 // words of outside on either side of a sentence

// tagStatic writes the features of word i that don't depend on other tags.
// ws is padded.
func tagStatic(f []uint32, ws []word, i int) []uint32 {
	w, p1, p2, n1, n2 := &ws[i], &ws[i-1], &ws[i-2], &ws[i+1], &ws[i+2]
	return append(f,
		mix(1, w.word, 0, 0),
		mix(2, uint32(w.exact>>32), 0, 0),
		mix(3, w.suffix[0], w.shape, 0),
		mix(4, w.suffix[1], 0, 0),
		mix(5, w.suffix[2], 0, 0),
		mix(6, w.suffix[3], 0, 0),
		mix(7, w.suffix[4], 0, 0),
		mix(8, w.prefix[0], w.shape, 0),
		mix(9, w.prefix[1], 0, 0),
		mix(10, w.prefix[2], 0, 0),
		mix(11, w.prefix[3], 0, 0),
		mix(12, w.shape, p1.shape, n1.shape),
		mix(13, w.class, 0, 0),
		mix(14, w.class, w.shape, w.suffix[2]),
		mix(15, p1.word, 0, 0),
		mix(16, n1.word, 0, 0),
		mix(17, p2.word, 0, 0),
		mix(18, n2.word, 0, 0),
		mix(19, p1.word, w.word, 0),
		mix(20, w.word, n1.word, 0),
		mix(21, p1.word, n1.word, 0),
		mix(22, w.class, n1.class, 0),
		mix(23, w.class, n1.class, n2.class),
		mix(24, p1.class, w.class, n1.class),
		mix(25, w.word, n1.class, 0),
		mix(26, n1.word, w.class, 0),
		mix(27, n1.suffix[2], n1.shape, 0),
		mix(28, p1.suffix[2], p1.shape, 0),
		mix(29, w.suffix[2], n1.class, 0),
		mix(30, n1.class, n2.class, 0),
		mix(31, w.class, w.shape, n1.shape),
		mix(32, p2.word, p1.word, w.class),
		mix(33, n1.word, n2.word, w.class),
		mix(34, p2.word, p1.word, w.word),
		mix(35, w.word, n1.word, n2.word),
		mix(36, n1.suffix[1], w.class, 0),
		mix(37, ws[i+3].class, n1.class, w.class),
		mix(38, ws[i-3].word, w.class, 0),
		mix(39, ws[i+3].word, w.class, 0),
		mix(40, 0, 0, 0),
	)
}

// tagHistory adds the features of word i that depend on the tags before it.
func tagHistory(f []uint32, ws []word, i int) []uint32 {
	w, n1 := &ws[i], &ws[i+1]
	t1, t2, t3 := uint32(ws[i-1].coarse), uint32(ws[i-2].coarse), uint32(ws[i-3].coarse)
	t12 := t1 | t2<<8
	return append(f,
		mix(50, t1, 0, 0),
		mix(51, t12, 0, 0),
		mix(52, t12|t3<<16, 0, 0),
		mix(53, t1, w.word, 0),
		mix(54, t1, w.class, 0),
		mix(55, t12, w.class, 0),
		mix(56, t12, w.word, 0),
		mix(57, t1, w.class, n1.class),
		mix(58, t1, n1.word, w.class),
		mix(59, t1, w.suffix[2], 0),
		mix(60, t12, w.suffix[1], 0),
		mix(61, t1, ws[i-1].word, w.class),
		mix(62, t2, ws[i-1].word, w.word),
		mix(63, t12, w.class, n1.class),
	)
}

// tagWords gives every word of a padded sentence its coarse tag.
func (m *Model) tagWords(ws []word, s *scratch) {
	for i := pad; i < len(ws)-pad; i++ {
		f := tagStatic(s.features[:0], ws, i)
		f = tagHistory(f, ws, i)
		s.features = f
		scores := s.scores[:numCoarse]
		clear(scores)
		m.tagger.add(f, scores)
		best := 1
		for t := 2; t < int(numCoarse); t++ {
			if scores[t] > scores[best] {
				best = t
			}
		}
		ws[i].coarse = uint8(best)
	}
}

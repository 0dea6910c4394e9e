package syntax

import "math/bits"

// word is what analysis knows of a word on its way from form to tree.
type word struct {
	form
	text   string
	entry  int32 // of the lexicon under the form as it stands, -1 for none
	small  int32 // under the lower-cased form, where that differs
	class  uint32
	coarse uint8
	tag    uint16
	lemma  string
	val    uint8 // valency of the lemma
	agree  uint8 // gender, number and person
	// How many of these the sentence has up to the word.
	commas, verbs, conjunctions uint16
	// What templates put together, spread over 64 bits.
	hClass, hShape, hCoarse, hTag, hLemma, hPos, hAgree uint64
}

// read fills w from the form s.
func (m *Model) read(w *word, s string, first bool, buf *[maxFormBytes]byte) {
	*w = word{form: look(s, first, buf), text: s, entry: -1, small: -1}
	w.hShape = spread(w.shape)
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
	w.hClass = spread(w.class)
}

// outside stands for the words before and after a sentence.
var outside = word{form: form{lower: spread(1 << 29)}, entry: -1, small: -1, hClass: spread(1 << 30), hShape: spread(1 << 28)}

const pad = 3 // words of outside on either side of a sentence

// tagFeatures is the number of features of the tagger.
const tagFeatures = 54

// describe writes the features of word i: its form, what the lexicon makes of
// it and of its neighbours, and the tags given before it. ws is padded.
func describe(f *[tagFeatures]uint32, ws []word, i int) {
	w, p1, p2, p3, n1, n2, n3 := &ws[i], &ws[i-1], &ws[i-2], &ws[i-3], &ws[i+1], &ws[i+2], &ws[i+3]
	t1, t2, t3 := p1.hCoarse, p2.hCoarse, p3.hCoarse
	f[0] = feature1(0, w.lower)
	f[1] = feature1(1, w.exact)
	f[2] = feature2(2, w.suffix[0], w.hShape)
	f[3] = feature1(3, w.suffix[1])
	f[4] = feature1(4, w.suffix[2])
	f[5] = feature1(5, w.suffix[3])
	f[6] = feature1(6, w.suffix[4])
	f[7] = feature2(7, w.prefix[0], w.hShape)
	f[8] = feature1(8, w.prefix[1])
	f[9] = feature1(9, w.prefix[2])
	f[10] = feature1(10, w.prefix[3])
	f[11] = feature3(11, w.hShape, p1.hShape, n1.hShape)
	f[12] = feature1(12, w.hClass)
	f[13] = feature3(13, w.hClass, w.hShape, w.suffix[2])
	f[14] = feature1(14, p1.lower)
	f[15] = feature1(15, n1.lower)
	f[16] = feature1(16, p2.lower)
	f[17] = feature1(17, n2.lower)
	f[18] = feature2(18, p1.lower, w.lower)
	f[19] = feature2(19, w.lower, n1.lower)
	f[20] = feature2(20, p1.lower, n1.lower)
	f[21] = feature2(21, w.hClass, n1.hClass)
	f[22] = feature3(22, w.hClass, n1.hClass, n2.hClass)
	f[23] = feature3(23, p1.hClass, w.hClass, n1.hClass)
	f[24] = feature2(24, w.lower, n1.hClass)
	f[25] = feature2(25, n1.lower, w.hClass)
	f[26] = feature2(26, n1.suffix[2], n1.hShape)
	f[27] = feature2(27, p1.suffix[2], p1.hShape)
	f[28] = feature2(28, w.suffix[2], n1.hClass)
	f[29] = feature2(29, n1.hClass, n2.hClass)
	f[30] = feature3(30, w.hClass, w.hShape, n1.hShape)
	f[31] = feature3(31, p2.lower, p1.lower, w.hClass)
	f[32] = feature3(32, n1.lower, n2.lower, w.hClass)
	f[33] = feature3(33, p2.lower, p1.lower, w.lower)
	f[34] = feature3(34, w.lower, n1.lower, n2.lower)
	f[35] = feature2(35, n1.suffix[1], w.hClass)
	f[36] = feature3(36, n3.hClass, n1.hClass, w.hClass)
	f[37] = feature2(37, p3.lower, w.hClass)
	f[38] = feature2(38, n3.lower, w.hClass)
	f[39] = feature1(39, 0)
	f[40] = feature1(40, t1)
	f[41] = feature2(41, t1, t2)
	f[42] = feature3(42, t1, t2, t3)
	f[43] = feature2(43, t1, w.lower)
	f[44] = feature2(44, t1, w.hClass)
	f[45] = feature3(45, t1, t2, w.hClass)
	f[46] = feature3(46, t1, t2, w.lower)
	f[47] = feature3(47, t1, w.hClass, n1.hClass)
	f[48] = feature3(48, t1, n1.lower, w.hClass)
	f[49] = feature2(49, t1, w.suffix[2])
	f[50] = feature3(50, t1, t2, w.suffix[1])
	f[51] = feature3(51, t1, p1.lower, w.hClass)
	f[52] = feature3(52, t2, p1.lower, w.lower)
	f[53] = feature3(53, t1^bits.RotateLeft64(t2, 11), w.hClass, n1.hClass)
}

// tagWords gives every word of a padded sentence its coarse tag.
func (m *Model) tagWords(ws []word, s *scratch) {
	scores := s.scores[:numCoarse]
	for i := pad; i < len(ws)-pad; i++ {
		describe(&s.tagFeatures, ws, i)
		m.tagger.score(s.tagFeatures[:], scores)
		ws[i].setCoarse(uint8(best(scores, 1)))
	}
}

func (w *word) setCoarse(c uint8) {
	w.coarse = c
	w.hCoarse = spread(uint32(c))
}

package text

import (
	"context"
	"math/bits"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
)

// Decision is a place where weights decide how a text is cut, with what was
// observed there: for training, and to say why.
type Decision struct {
	// Boundary: whether a sentence begins with the token; otherwise, whether
	// the token stands for two words.
	Boundary bool
	Token    article.Span
	Features []Feature // valid during the call
	// Score is positive for a yes, in thousandths of a logit.
	Score int32
}

// Decisions cuts doc as Split does and calls each at every decision. What each
// returns is done.
func Decisions(doc *article.Document, lang *Language, each func(Decision) bool) {
	t := &Text{}
	t.split(context.Background(), doc, lang, each)
}

// The templates of boundaries: what is seen of the last word so far, of the
// mark that ends and the one that closes behind it, and of what is next.
const (
	bEnd Template = iota
	bEndNext
	bEndNextWord
	bEndLastWord
	bNextWord
	bNextSuffix
	bNextAfter
	bAfterWord
	bLastWord
	bLastShape
	bLastSuffix
	bLastShapeNext
	bOpen
	bLength
	bFirst
	bWords
	bNextClass
	bLastClass
	bNextAfterClass
	bVerb
	bVerbNext
	bAhead
	bAheadVerb
	bNextClassEnd
	bBefore
	bBeforeLength
	bVerbAheadEnd
	bClassesEnd
	bVerbFirstEnd
	bAheadClassEnd
	bClasses
)

// BoundaryFeatures are the names of the templates of boundaries.
var BoundaryFeatures = []string{
	bEnd: "end", bEndNext: "end next", bEndNextWord: "end nextword", bEndLastWord: "end lastword",
	bNextWord: "nextword", bNextSuffix: "nextsuffix", bNextAfter: "next after", bAfterWord: "afterword",
	bLastWord: "lastword", bLastShape: "lastshape end", bLastSuffix: "lastsuffix next", bLastShapeNext: "lastshape next",
	bOpen: "open end", bLength: "length end", bFirst: "first next", bWords: "lastword nextword",
	bNextClass: "nextclass", bLastClass: "lastclass end", bNextAfterClass: "nextclass afterclass", bVerb: "verb end",
	bVerbNext: "verb next", bAhead: "ahead end", bAheadVerb: "ahead verb", bNextClassEnd: "nextclass end",
	bBefore: "before end", bBeforeLength: "before length next", bVerbAheadEnd: "verb ahead end next",
	bClassesEnd: "lastclass nextclass end next", bVerbFirstEnd: "verb first end next",
	bAheadClassEnd: "ahead nextclass end next", bClasses: "lastclass nextclass",
}

// The templates of contractions.
const (
	cSurface Template = iota
	cPrev
	cPrevSuffix
	cPrevShape
	cNext
	cNextSuffix
	cNextShape
	cBefore
	cBeforePrev
	cPrevNext
	cSuffixes
	cAfter
	cPrevClass
	cNextClass
	cClasses
	cBeforeClass
	cVerb
	cBack
	cBackClass
	cBackFar
)

// ContractionFeatures are the names of the templates of contractions.
var ContractionFeatures = []string{
	cSurface: "surface", cPrev: "prev", cPrevSuffix: "prevsuffix", cPrevShape: "prevshape", cNext: "next",
	cNextSuffix: "nextsuffix", cNextShape: "nextshape", cBefore: "before", cBeforePrev: "before prev",
	cPrevNext: "prev next", cSuffixes: "prevsuffix nextsuffix", cAfter: "after", cPrevClass: "prevclass",
	cNextClass: "nextclass", cClasses: "prevclass nextclass", cBeforeClass: "beforeclass prevclass", cVerb: "prevclass verb",
	cBack: "back prev", cBackClass: "back prevclass nextclass", cBackFar: "beforeclass prevclass nextclass",
}

// maxFeatures is the most that a decision has.
const maxFeatures = 31

// The values of features that are no words. A mark's shape is the mark.
var (
	shapeNone    = hashed("<none>") // nothing there
	shapeSmall   = hashed("<small>")
	shapeCapital = hashed("<capital>")
	shapeCaps    = hashed("<capitals>")
	shapeLetter  = hashed("<letter>") // one capital
	shapeNumber  = hashed("<number>")
	shapeOther   = hashed("<other>")
	shapeAbbrev  = hashed("<abbreviation>") // with its full stop
	openQuote    = hashed("<quote>")
	openBracket  = hashed("<bracket>")
	hasVerb      = hashed("<verb>")
	tookOne      = hashed("<one>")
	tookTwo      = hashed("<two>")
	lengths      = [...]namedHash{hashed("<1>"), hashed("<2>"), hashed("<4>"), hashed("<8>"), hashed("<16>"), hashed("<32>"), hashed("<64>")}
)

// namedHash is a value of features that is no word.
type namedHash struct {
	name string
	hash uint64
}

func hashed(name string) namedHash { return namedHash{name, HashValue(name)} }

// ValueNames are the values of features that are no words, marks or classes.
func ValueNames() []string {
	var names []string
	for _, v := range []namedHash{shapeNone, shapeSmall, shapeCapital, shapeCaps, shapeLetter, shapeNumber, shapeOther,
		shapeAbbrev, openQuote, openBracket, hasVerb, tookOne, tookTwo} {
		names = append(names, v.name)
	}
	for _, v := range lengths {
		names = append(names, v.name)
	}
	return names
}

// lengthOf is the value of a length of n > 0 words, in powers of two.
func lengthOf(n int) uint64 { return lengths[min(len(lengths), bits.Len(uint(n)))-1].hash }

// Suffix returns the last three characters of w.
func Suffix(w string) string {
	i := len(w)
	for range 3 {
		if i == 0 {
			break
		}
		_, n := utf8.DecodeLastRuneInString(w[:i])
		i -= n
	}
	return w[i:]
}

// inside reports whether k is a token of the segment.
func (sc *scanner) inside(k int) bool { return sc.first <= k && k < len(sc.tokens) }

// shape says what token k looks like: a class for what carries letters or
// digits, itself for a mark.
func (sc *scanner) shape(k int) uint64 {
	if !sc.inside(k) {
		return shapeNone.hash
	}
	switch sc.tokens[k].Kind {
	case Letters:
		m := sc.marks[k-sc.first]
		if m&small != 0 {
			return shapeSmall.hash
		}
		if m&capital == 0 {
			return shapeOther.hash
		}
		w := sc.text(k)
		if len(w) > maxEntry || !isCapitals(w) {
			return shapeCapital.hash
		}
		if r, n := utf8.DecodeLastRuneInString(w); n == len(w) {
			return shapeLetter.hash
		} else if classOf(r) == apostrophe {
			return shapeCapital.hash
		}
		return shapeCaps.hash
	case Number:
		return shapeNumber.hash
	case Punctuation, Symbol:
		return sc.hashes[k-sc.first]
	}
	return shapeOther.hash
}

// word is the value of token k, numbers as a class.
func (sc *scanner) wordValue(k int) uint64 {
	if !sc.inside(k) {
		return shapeNone.hash
	}
	if sc.tokens[k].Kind == Number {
		return shapeNumber.hash
	}
	return sc.hashes[k-sc.first]
}

// suffix is the value of the last three letters of token k.
func (sc *scanner) suffix(k int) uint64 {
	if !sc.inside(k) {
		return shapeNone.hash
	}
	if sc.tokens[k].Kind != Letters {
		return shapeOther.hash
	}
	return HashValue(Suffix(sc.text(k)))
}

// class is the value of the class that the lexicon gives token k.
func (sc *scanner) class(k int) uint64 {
	if !sc.inside(k) {
		return shapeNone.hash
	}
	switch sc.tokens[k].Kind {
	case Letters:
		return sc.lang.classes.value(sc.classes[k-sc.first])
	case Number:
		return shapeNumber.hash
	}
	return shapeOther.hash
}

// verb says whether a verb stands in the sentence so far.
func (sc *scanner) verb() uint64 {
	if sc.state.verb {
		return hasVerb.hash
	}
	return shapeNone.hash
}

// maxAhead bounds the search for a verb ahead, in tokens.
const maxAhead = 20

// ahead says how far from token k a verb stands before the next full stop.
func (sc *scanner) ahead(k int) uint64 {
	words := 0
	for i := k; i < len(sc.tokens) && i < k+maxAhead; i++ {
		if sc.tokens[i].Kind == Punctuation {
			if isFinal(sc.text(i)) {
				return shapeOther.hash
			}
			continue
		}
		words++
		if sc.lang.classes.isVerb(sc.classes[i-sc.first]) {
			return lengthOf(words)
		}
	}
	return shapeNone.hash
}

// maxBack bounds the search for a contraction before another, in tokens.
const maxBack = 12

// contractionBack says how the last contraction before token k was taken, in
// the sentence that begins with token begin: what is coordinated is alike.
func (sc *scanner) contractionBack(k, begin int) uint64 {
	for i := k - 1; i >= begin && i >= k-maxBack; i-- {
		if sc.tokens[i].Kind != Letters {
			continue
		}
		if sc.tokens[i].Words.Len() == 2 {
			return tookTwo.hash
		}
		if h := sc.hashes[i-sc.first]; h == sc.hashes[k-sc.first] {
			return tookOne.hash
		}
	}
	return shapeNone.hash
}

// contractionFeatures observes token k, which may stand for two words, in the
// sentence that begins with token begin.
func (sc *scanner) contractionFeatures(k, begin int) []Feature {
	type v = [FeatureValues]uint64
	back := sc.contractionBack(k, begin)
	surface, next := sc.wordValue(k), sc.wordValue(k+1)
	nextSuffix, nextClass := sc.suffix(k+1), sc.class(k+1)
	// what stands before in the sentence, none where it begins
	p, pp := k-1, k-2
	if p < begin {
		p = -1
	}
	if pp < begin {
		pp = -1
	}
	prev, before := sc.wordValue(p), sc.wordValue(pp)
	prevSuffix, prevClass, beforeClass := sc.suffix(p), sc.class(p), sc.class(pp)
	return append(sc.features[:0],
		Feature{cSurface, v{surface}},
		Feature{cPrev, v{prev, surface}},
		Feature{cPrevSuffix, v{prevSuffix, surface}},
		Feature{cPrevShape, v{sc.shape(p), surface}},
		Feature{cNext, v{next, surface}},
		Feature{cNextSuffix, v{nextSuffix, surface}},
		Feature{cNextShape, v{sc.shape(k + 1), surface}},
		Feature{cBefore, v{before}},
		Feature{cBeforePrev, v{before, prev}},
		Feature{cPrevNext, v{prev, next}},
		Feature{cSuffixes, v{prevSuffix, nextSuffix}},
		Feature{cAfter, v{sc.wordValue(k + 2)}},
		Feature{cPrevClass, v{prevClass, surface}},
		Feature{cNextClass, v{nextClass, surface}},
		Feature{cClasses, v{prevClass, nextClass}},
		Feature{cBeforeClass, v{beforeClass, prevClass}},
		Feature{cVerb, v{prevClass, sc.verb()}},
		Feature{cBack, v{back, prev}},
		Feature{cBackClass, v{back, prevClass, nextClass}},
		Feature{cBackFar, v{beforeClass, prevClass, nextClass}},
	)
}

// boundaryFeatures observes the place before token k. The sentence so far
// begins with token begin and ends with token end, behind which marks may
// close it.
func (sc *scanner) boundaryFeatures(k, begin, end int) []Feature {
	type v = [FeatureValues]uint64
	last := end // the last word
	for last > max(begin, end-maxMarks) && sc.tokens[last].Kind == Punctuation {
		last--
	}
	word := k // the first word of what follows
	for word < len(sc.tokens)-1 && word < k+2 && sc.tokens[word].Kind == Punctuation {
		word++
	}
	ending, closing := sc.shape(end), uint64(0)
	if sc.marks[end-sc.first]&(stopped|leading) != 0 {
		ending = shapeAbbrev.hash
	}
	if end < k-1 {
		closing = sc.wordValue(k - 1)
	}
	next, behind := sc.shape(k), uint64(0)
	wordShape := next
	if word > k {
		wordShape = sc.shape(word)
		behind = wordShape
	}
	open := shapeNone.hash
	if sc.state.guillemet || sc.state.quoted {
		open = openQuote.hash
	} else if sc.state.brackets > 0 {
		open = openBracket.hash
	}
	before := shapeNone.hash // what ended the sentence before
	if begin > sc.first {
		before = sc.shape(begin - 1)
	}
	nextWord, lastWord, lastShape := sc.wordValue(word), sc.wordValue(last), sc.shape(last)
	nextClass, lastClass, firstShape := sc.class(word), sc.class(last), sc.shape(begin)
	verb, ahead, length := sc.verb(), sc.ahead(k), lengthOf(k-begin)
	return append(sc.features[:0],
		Feature{bEnd, v{ending, closing}},
		Feature{bEndNext, v{ending, closing, next, behind}},
		Feature{bEndNextWord, v{nextWord, ending, closing}},
		Feature{bEndLastWord, v{lastWord, ending, closing}},
		Feature{bNextWord, v{nextWord, wordShape}},
		Feature{bNextSuffix, v{sc.suffix(word), wordShape}},
		Feature{bNextAfter, v{sc.shape(word + 1), next, behind}},
		Feature{bAfterWord, v{sc.wordValue(word + 1), next, behind}},
		Feature{bLastWord, v{lastWord}},
		Feature{bLastShape, v{lastShape, ending, closing}},
		Feature{bLastSuffix, v{sc.suffix(last), next, behind}},
		Feature{bLastShapeNext, v{lastShape, next, behind}},
		Feature{bOpen, v{open, ending, closing}},
		Feature{bLength, v{length, ending, closing}},
		Feature{bFirst, v{firstShape, next, behind}},
		Feature{bWords, v{lastWord, nextWord}},
		Feature{bNextClass, v{nextClass, wordShape}},
		Feature{bLastClass, v{lastClass, ending, closing}},
		Feature{bNextAfterClass, v{nextClass, sc.class(word + 1)}},
		Feature{bVerb, v{verb, ending, closing}},
		Feature{bVerbNext, v{verb, next, behind}},
		Feature{bAhead, v{ahead, ending, closing}},
		Feature{bAheadVerb, v{ahead, verb}},
		Feature{bNextClassEnd, v{nextClass, ending, wordShape}},
		Feature{bBefore, v{before, ending, closing}},
		Feature{bBeforeLength, v{before, length, next}},
		Feature{bVerbAheadEnd, v{verb, ahead, ending, next}},
		Feature{bClassesEnd, v{lastClass, nextClass, ending, next}},
		Feature{bVerbFirstEnd, v{verb, firstShape, ending, next}},
		Feature{bAheadClassEnd, v{ahead, nextClass, ending, next}},
		Feature{bClasses, v{lastClass, nextClass}},
	)
}

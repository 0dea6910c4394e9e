package text

import (
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
	t.split(doc, lang, each)
}

// The templates of boundaries and of contractions.
const (
	bEnd Template = iota
	bEndNext
	bEndWord
	bEndLast
	bNextWord
	bNextSuffix
	bNextAfter
	bAfterWord
	bLastWord
	bLastShape
	bLastSuffix
	bLastNext
	bOpen
	bLength
	bFirst
	bPair
)

// BoundaryFeatures are the names of the templates of boundaries.
var BoundaryFeatures = []string{"end", "end+next", "end+nextword", "end+lastword", "nextword", "nextsuffix", "next+after",
	"afterword", "lastword", "lastshape", "lastsuffix", "lastshape+next", "open", "length", "first", "lastword+nextword"}

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
)

// ContractionFeatures are the names of the templates of contractions.
var ContractionFeatures = []string{"surface", "prev", "prevsuffix", "prevshape", "next", "nextsuffix", "nextshape",
	"before", "before+prev", "prev+next", "suffixes", "after"}

// maxFeatures is the most that a decision has.
const maxFeatures = 20

// The values of features that are no words.
const (
	shapeNone    = "<none>"
	shapeSmall   = "<small>"
	shapeCapital = "<capital>"
	shapeCaps    = "<capitals>"
	shapeLetter  = "<letter>"
	shapeNumber  = "<number>"
	shapeAbbrev  = "<abbreviation>"
	shapeQuote   = "<quote>"
	shapeBracket = "<bracket>"
	shapeOther   = "<other>"
)

// ShapeNames are the values of features that are no words.
var ShapeNames = []string{shapeNone, shapeSmall, shapeCapital, shapeCaps, shapeLetter, shapeNumber, shapeAbbrev,
	shapeQuote, shapeBracket, shapeOther}

// LengthNames are the values of features that are lengths, in powers of two.
var LengthNames = []string{"<1>", "<2>", "<4>", "<8>", "<16>", "<32>", "<64>"}

var (
	hashNone   = HashValue(shapeNone)
	hashNumber = HashValue(shapeNumber)
	hashOther  = HashValue(shapeOther)
)

// shape says what token k looks like: a class for what carries letters or
// digits, itself for a mark.
func (sc *scanner) shape(k int) string {
	if k < sc.first || k >= len(sc.tokens) {
		return shapeNone
	}
	switch sc.tokens[k].Kind {
	case Letters:
		m := sc.marks[k-sc.first]
		if m&small != 0 {
			return shapeSmall
		}
		if m&capital == 0 {
			return shapeOther
		}
		w := sc.text(k)
		if !isCapitals(w) {
			return shapeCapital
		}
		if r, _ := utf8.DecodeLastRuneInString(w); classOf(r) == apostrophe {
			return shapeCapital
		}
		if utf8.RuneCountInString(w) == 1 {
			return shapeLetter
		}
		return shapeCaps
	case Number:
		return shapeNumber
	case Punctuation, Symbol:
		return sc.text(k)
	}
	return shapeOther
}

// value is the word of token k as features have it, digits as a class.
func (sc *scanner) value(k int) uint64 {
	if k < sc.first || k >= len(sc.tokens) {
		return hashNone
	}
	if sc.tokens[k].Kind == Number {
		return hashNumber
	}
	return HashValue(sc.text(k))
}

// suffix is the last three letters of token k, fewer of a shorter word.
func (sc *scanner) suffix(k int) uint64 {
	if k < sc.first || k >= len(sc.tokens) {
		return hashNone
	}
	if sc.tokens[k].Kind != Letters {
		return hashOther
	}
	return HashValue(Suffix(sc.text(k)))
}

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

// contractionFeatures observes token k, which may stand for two words.
func (sc *scanner) contractionFeatures(k int) []Feature {
	surface := sc.value(k)
	prev, next, before := sc.value(k-1), sc.value(k+1), sc.value(k-2)
	prevSuffix, nextSuffix := sc.suffix(k-1), sc.suffix(k+1)
	return append(sc.features[:0],
		Feature{cSurface, surface, 0},
		Feature{cPrev, prev, surface},
		Feature{cPrevSuffix, prevSuffix, surface},
		Feature{cPrevShape, HashValue(sc.shape(k - 1)), surface},
		Feature{cNext, next, surface},
		Feature{cNextSuffix, nextSuffix, surface},
		Feature{cNextShape, HashValue(sc.shape(k + 1)), surface},
		Feature{cBefore, before, 0},
		Feature{cBeforePrev, before, prev},
		Feature{cPrevNext, prev, next},
		Feature{cSuffixes, prevSuffix, nextSuffix},
		Feature{cAfter, sc.value(k + 2), 0},
	)
}

// boundaryFeatures observes the place before token k. The sentence so far
// begins with token begin; its last word, before marks, is last.
func (sc *scanner) boundaryFeatures(k, begin, end int) []Feature {
	last := end
	for last > begin && sc.tokens[last].Kind == Punctuation {
		last--
	}
	// what closes the sentence so far
	ending := sc.shape(end)
	if sc.marks[end-sc.first]&(stopped|leading) != 0 {
		ending = shapeAbbrev
	}
	e := HashValue(ending)
	if end < k-1 {
		e = joinValue(e, sc.text(k-1))
	}
	next := HashValue(sc.shape(k))
	word := k // the first word of what follows
	for word < len(sc.tokens)-1 && word < k+2 && sc.tokens[word].Kind == Punctuation {
		word++
	}
	wordShape := HashValue(sc.shape(word))
	if word > k {
		next = joinValue(next, sc.shape(word))
	}
	nextWord, lastWord, lastShape := sc.value(word), sc.value(last), HashValue(sc.shape(last))
	open := hashNone
	if sc.state.guillemet || sc.state.quoted {
		open = HashValue(shapeQuote)
	} else if sc.state.brackets > 0 {
		open = HashValue(shapeBracket)
	}
	length := HashValue(LengthNames[min(len(LengthNames), bits.Len(uint(k-begin)))-1])
	return append(sc.features[:0],
		Feature{bEnd, e, 0},
		Feature{bEndNext, e, next},
		Feature{bEndWord, e, nextWord},
		Feature{bEndLast, e, lastWord},
		Feature{bNextWord, nextWord, wordShape},
		Feature{bNextSuffix, sc.suffix(word), wordShape},
		Feature{bNextAfter, next, HashValue(sc.shape(word + 1))},
		Feature{bAfterWord, sc.value(word + 1), next},
		Feature{bLastWord, lastWord, 0},
		Feature{bLastShape, lastShape, e},
		Feature{bLastSuffix, sc.suffix(last), next},
		Feature{bLastNext, lastShape, next},
		Feature{bOpen, open, e},
		Feature{bLength, length, e},
		Feature{bFirst, HashValue(sc.shape(begin)), next},
		Feature{bPair, lastWord, nextWord},
	)
}

// JoinValue is what a feature has of two values seen as one: of a mark and
// the quote that follows it.
func JoinValue(a, b string) string { return a + "+" + b }

// joinValue is the hash of JoinValue, of the hash of its first.
func joinValue(h uint64, b string) uint64 { return hashOn(hashOn(h, "+"), b) }

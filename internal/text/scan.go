package text

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
)

// mark is what the scanner learns of a token that the sentence splitter needs
// and the layer does not keep.
type mark uint8

const (
	leading mark = 1 << iota // an abbreviation that never ends a sentence
	stopped                  // an abbreviation or acronym with its full stop: may end one
	newline                  // a line break stands before the token
	blank                    // a blank line stands before the token
	capital                  // begins with a capital
	small                    // begins with a small letter
)

// scanner cuts one segment into tokens. It reads s[pos:] once from left to
// right, looking ahead a bounded number of bytes.
type scanner struct {
	ctx    context.Context
	lang   *Language
	s      string // the field up to the segment's end
	field  article.Field
	pos    int
	first  int // index of the segment's first token
	tokens []Token
	marks  []mark // of tokens, from the segment's first token on
	gap    mark   // newline and blank, for the token to come
	// What look finds: hashes of the tokens' texts, and the classes of words.
	hashes  []uint64
	classes []uint8
	width   int // of the longest line in bytes, 0 where not yet measured
	state   sentenceState
	// decide is told of decisions and takes them, if not nil.
	decide   func(Decision) bool
	features []Feature // room for a decision's features
}

// lookEvery is how many tokens are read between looks at the context, some
// tenths of a millisecond.
const lookEvery = 1 << 10

// stopped reports, at every lookEvery-th token k, whether the context has ended.
func (sc *scanner) stopped(k int) bool { return k%lookEvery == 0 && sc.ctx.Err() != nil }

// scan reads the segment.
func (sc *scanner) scan() {
	for sc.pos < len(sc.s) && !sc.stopped(len(sc.tokens)) {
		c, n := classAt(sc.s, sc.pos)
		switch c {
		case space:
			sc.spaces()
		case letter:
			sc.word(sc.pos, sc.pos)
		case digit:
			sc.number(sc.pos)
		case hyphen:
			sc.dash()
		case emoji:
			sc.emoji()
		case punct:
			sc.punctuation(n)
		case apostrophe:
			sc.emit(sc.pos, sc.pos+n, Punctuation, 0)
		default:
			sc.symbol(n)
		}
	}
}

// look hashes the segment's tokens and looks the words up.
func (sc *scanner) look() {
	for k := sc.first; k < len(sc.tokens) && !sc.stopped(k); k++ {
		h, class := HashValue(sc.text(k)), uint8(0)
		if sc.tokens[k].Kind == Letters {
			class = sc.lang.classes.of(h)
		}
		sc.hashes = append(sc.hashes, h)
		sc.classes = append(sc.classes, class)
	}
}

// emit adds the token s[b:e] and goes on at e.
func (sc *scanner) emit(b, e int, k Kind, m mark) {
	after := true
	if e < len(sc.s) {
		if c := sc.s[e]; c < utf8.RuneSelf {
			after = ascii[c] == space
		} else {
			k, _ := classAt(sc.s, e)
			after = k == space
		}
	}
	sc.tokens = append(sc.tokens, Token{Span: article.Span{Begin: b, End: e, Field: sc.field}, Kind: k, SpaceAfter: after})
	if k == Letters {
		if isUpper(sc.s[b:e]) {
			m |= capital
		} else if isLower(sc.s[b:e]) {
			m |= small
		}
	}
	sc.marks = append(sc.marks, m|sc.gap)
	sc.gap = 0
	sc.pos = e
}

// spaces skips white space and notes line breaks.
func (sc *scanner) spaces() {
	if sc.s[sc.pos] == ' ' { // one space, as nearly always
		sc.pos++
	}
	for sc.pos < len(sc.s) {
		c, n := classAt(sc.s, sc.pos)
		if c != space {
			return
		}
		if b := sc.s[sc.pos]; b == '\n' || b == '\r' && !strings.HasPrefix(sc.s[sc.pos+1:], "\n") {
			if sc.gap&newline != 0 {
				sc.gap |= blank
			}
			sc.gap |= newline
		}
		sc.pos += n
	}
}

// run returns the end of the letters and digits that begin at i.
func (sc *scanner) run(i int) int {
	for i < len(sc.s) {
		if c := sc.s[i]; c < utf8.RuneSelf {
			if k := ascii[c]; k != letter && k != digit {
				break
			}
			i++
			continue
		}
		c, n := classAt(sc.s, i)
		if c != letter && c != digit {
			break
		}
		i += n
	}
	return i
}

// at returns the class of the character at i, space at the end, and its size.
func (sc *scanner) at(i int) (class, int) {
	if i >= len(sc.s) {
		return space, 0
	}
	return classAt(sc.s, i)
}

// wordAt reports whether a letter or digit stands at i.
func (sc *scanner) wordAt(i int) bool {
	c, _ := sc.at(i)
	return c == letter || c == digit
}

package article

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ending says how a line ends, closing quotes and brackets aside.
type ending uint8

const (
	open     ending = iota // with a word
	fullStop               // . or …
	asking                 // ? or !
	leading                // :
	listing                // , or ;
)

// unit is a line of a body, or several that are one paragraph.
type unit struct {
	begin, end int // trimmed
	words      []word
	hash       uint64 // of its words
	verdict    verdict
	stop       ending // how it ends
	lowerStart bool   // begins with a lower-case letter
	bullet     bool   // begins as an item of a list
	blank      bool   // a blank line, or the text's beginning, stands before it
	lines      int
	width      int // bytes of its longest line

	kind   SegmentKind // 0: not yet told
	reason string
}

// splitLines calls each for the lines of s, without their line ends.
func splitLines(s string, each func(begin, end int)) {
	begin := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c > '\r' && c != 0xE2 {
			continue
		}
		switch {
		case c == '\n' || c == '\r' || c == '\v' || c == '\f':
			each(begin, i)
			begin = i + 1
		case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0xA8 || s[i+2] == 0xA9): // U+2028, U+2029
			each(begin, i)
			i += 2
			begin = i + 1
		}
	}
	each(begin, len(s))
}

// look fills in what u looks like.
func (u *unit) look(s string) {
	u.stop = lineEnding(s[u.begin:u.end])
	u.hash = hashSeed
	for i := range u.words {
		u.hash = (u.hash ^ u.words[i].hash) * hashPrime
	}
	r, _ := utf8.DecodeRuneInString(s[u.begin:u.end])
	u.lowerStart = unicode.IsLower(r)
	u.bullet = isBullet(s[u.begin:u.end])
}

// lowerAt reports whether a lower-case letter stands at s[i:].
func lowerAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLower(r)
}

// lineEnding tells how s ends.
func lineEnding(s string) ending {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		switch r {
		case '.', '…':
			return fullStop
		case '?', '!':
			return asking
		case ':':
			return leading
		case ',', ';':
			return listing
		case '»', '"', '”', '’', '\'', ')', ']', '*', '›':
		default:
			if !isSpace(r) {
				return open
			}
		}
		s = s[:len(s)-n]
	}
	return open
}

// isBullet reports whether s begins as an item of a list.
func isBullet(s string) bool {
	for _, b := range []string{"- ", "– ", "— ", "• ", "* ", "▪", "●", "■", "►", "→", "•", "·"} {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}

// isLink reports whether s is nothing but an address on the web.
func isLink(s string) bool {
	return (strings.HasPrefix(s, "http") || strings.HasPrefix(s, "www.")) && strings.IndexByte(s, '.') > 0 && !strings.ContainsAny(s, " \u00A0")
}

// sentenceEnd returns where the first sentence of s[begin:end] ends: after a
// stop, and the quotation mark that closes it, where white space or a capital
// follows. It cuts at too few places rather than too many: not after a single
// letter, nor before lower case.
func sentenceEnd(s string, begin, end int) int {
	for i := begin + 1; i < end; i++ {
		switch s[i] {
		case '.', '!', '?':
		default:
			continue
		}
		if i-begin < 3 || !lowerOrMark(s[i-1]) || !lowerOrMark(s[i-2]) {
			continue
		}
		j := i + 1
		for j < end {
			r, n := utf8.DecodeRuneInString(s[j:end])
			if !isSpace(r) && r != '»' && r != '”' && r != '"' && r != ')' {
				break
			}
			j += n
		}
		if j == end {
			break
		}
		if r, _ := utf8.DecodeRuneInString(s[j:end]); unicode.IsUpper(r) || r == '«' || r == '“' {
			return j
		}
	}
	return end
}

// lowerOrMark reports whether c may end a word that ends a sentence.
func lowerOrMark(c byte) bool {
	return 'a' <= c && c <= 'z' || c >= utf8.RuneSelf || c == ' ' || c == ')' || '0' <= c && c <= '9'
}

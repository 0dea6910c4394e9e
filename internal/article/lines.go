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
	end1       ending // how it ends
	lowerStart bool   // begins with a lower-case letter
	bullet     bool   // begins as an item of a list
	inner      bool   // a sentence ends within it
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
		switch c := s[i]; {
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
	u.end1 = lineEnding(s[u.begin:u.end])
	u.hash = hashSeed
	for i := range u.words {
		u.hash = (u.hash ^ u.words[i].hash) * hashPrime
	}
	r, _ := utf8.DecodeRuneInString(s[u.begin:u.end])
	u.lowerStart = unicode.IsLower(r)
	u.bullet = isBullet(s[u.begin:u.end])
}

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

func isBullet(s string) bool {
	for _, b := range []string{"- ", "– ", "— ", "• ", "* ", "▪", "●", "■", "►", "→", "•", "·"} {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}

// endsWithin reports whether a sentence ends inside s, before its last one.
func endsWithin(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		switch s[i] {
		case '.', '!', '?':
			if s[i+1] != ' ' || s[i-1] < 'a' && s[i-1] < utf8.RuneSelf {
				continue
			}
			r, _ := utf8.DecodeRuneInString(s[i+2:])
			if unicode.IsUpper(r) || r == '«' || r == '"' || r == '“' {
				return true
			}
		}
	}
	return false
}

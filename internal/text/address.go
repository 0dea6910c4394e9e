package text

import (
	"strings"
	"unicode/utf8"
)

// lookAhead bounds what is read beyond a token to know its end: the rest of a
// bare address.
const lookAhead = 256

// address reads a URL that begins at b up to white space or a quote.
func (sc *scanner) address(b int) {
	e := b
	for e < len(sc.s) {
		c, n := classAt(sc.s, e)
		if c == space || sc.s[e] == '"' || sc.s[e] == '<' || sc.s[e] == '>' || sc.s[e] >= utf8.RuneSelf && c == punct {
			break
		}
		e += n
	}
	for e > b+1 && strings.IndexByte(".,;:!?)]'", sc.s[e-1]) >= 0 {
		e--
	}
	sc.emit(b, e, Address, 0)
}

// mail returns the end of the mail address that begins at b, or 0.
func (sc *scanner) mail(b int) int {
	i, end := b, min(len(sc.s), b+lookAhead)
	for i < end && isAddressByte(sc.s[i]) {
		i++
	}
	if i == b || i >= end || sc.s[i] != '@' {
		return 0
	}
	at := i
	for i++; i < end && isAddressByte(sc.s[i]); i++ {
	}
	for i > at && (sc.s[i-1] == '.' || sc.s[i-1] == '-') {
		i--
	}
	if i <= at+1 {
		return 0
	}
	return i
}

func isAddressByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_' || c == '+'
}

// domain returns the end of the bare address that begins at b, such as
// exemple.fr/page, or 0.
func (sc *scanner) domain(b int) int {
	i, end := b, min(len(sc.s), b+lookAhead)
	last, parts := b, 0
	for i < end && isAddressByte(sc.s[i]) {
		if sc.s[i] == '.' {
			if i == last {
				break
			}
			last = i + 1
			parts++
		}
		i++
	}
	if parts == 0 {
		return 0
	}
	if i == last { // the sentence's full stop
		i--
		parts--
		last = strings.LastIndexByte(sc.s[b:i], '.') + b + 1
	}
	if parts < 1 || i-last < 2 || i < len(sc.s) && sc.s[i] >= utf8.RuneSelf && sc.wordAt(i) {
		return 0
	}
	if !in(sc.lang.domains, sc.s[last:i]) {
		return 0
	}
	if i < len(sc.s) && sc.s[i] == '/' {
		for i < len(sc.s) && sc.s[i] > ' ' && sc.s[i] < utf8.RuneSelf && strings.IndexByte("\"<>(),;", sc.s[i]) < 0 {
			i++
		}
		for strings.IndexByte(".:!?'", sc.s[i-1]) >= 0 {
			i--
		}
	}
	return i
}

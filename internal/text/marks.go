package text

import (
	"strings"
	"unicode/utf8"
)

// dash reads a hyphen that no word stands before: a sign, or a run of dashes.
func (sc *scanner) dash() {
	b := sc.pos
	_, n := classAt(sc.s, b)
	e := b + n
	if n == 1 && e < len(sc.s) && '0' <= sc.s[e] && sc.s[e] <= '9' && sc.spaceBefore() {
		e = sc.digits(e)
		for e+1 < len(sc.s) && (sc.s[e] == ',' || sc.s[e] == '.') && '0' <= sc.s[e+1] && sc.s[e+1] <= '9' {
			e = sc.digits(e + 1)
		}
		sc.emit(b, e, Number, 0)
		return
	}
	for e < len(sc.s) && sc.s[e] == '-' {
		e++
	}
	sc.emit(b, e, Punctuation, 0)
}

// spaceBefore reports whether the character at pos begins the segment or
// stands behind white space.
func (sc *scanner) spaceBefore() bool {
	return len(sc.tokens) == sc.first || sc.tokens[len(sc.tokens)-1].Span.End < sc.pos
}

// punctuation reads one mark of n bytes, or a run of full stops.
func (sc *scanner) punctuation(n int) {
	b, e := sc.pos, sc.pos+n
	if sc.s[b] == '.' {
		for e < len(sc.s) && sc.s[e] == '.' {
			e++
		}
	}
	sc.emit(b, e, Punctuation, 0)
}

// symbol reads a symbol of n bytes, a handle, a tag, a sign before a number.
func (sc *scanner) symbol(n int) {
	b, e := sc.pos, sc.pos+n
	switch c := sc.s[b]; {
	case (c == '@' || c == '#') && sc.spaceBefore() || c == '#' && sc.wordAt(e):
		if e = sc.run(e); e > b+1 {
			sc.emit(b, e, Address, 0)
			return
		}
	case c == '+' && strings.HasPrefix(sc.s[e:], "/-"):
		e += 2
	case c == '+' && e < len(sc.s) && '0' <= sc.s[e] && sc.s[e] <= '9' && sc.spaceBefore():
		sc.emit(b, sc.digits(e), Number, 0)
		return
	case strings.HasPrefix(sc.s[b:], "°C") || strings.HasPrefix(sc.s[b:], "°F"):
		if !sc.wordAt(e + 1) {
			e++
		}
	case sc.s[b] >= utf8.RuneSelf && n == 1: // a run of bytes that are no UTF-8
		for e < len(sc.s) {
			if r, n := utf8.DecodeRuneInString(sc.s[e:]); r != utf8.RuneError || n != 1 {
				break
			}
			e++
		}
	}
	sc.emit(b, e, Symbol, 0)
}

// emoji reads one emoji with its modifiers and joined parts, or a flag.
func (sc *scanner) emoji() {
	b := sc.pos
	r, n := utf8.DecodeRuneInString(sc.s[b:])
	e := b + n
	flag := isRegional(r)
	for e < len(sc.s) {
		r, n := utf8.DecodeRuneInString(sc.s[e:])
		switch {
		case flag && isRegional(r):
			flag = false
			e += n
			continue
		case r == 0xFE0F || r == 0x20E3 || 0x1F3FB <= r && r <= 0x1F3FF || 0xE0020 <= r && r <= 0xE007F:
			e += n
			continue
		case r == 0x200D:
			if c, m := sc.at(e + n); c == emoji {
				e += n + m
				continue
			}
		}
		break
	}
	sc.emit(b, e, Emoji, 0)
}

func isRegional(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

package text

import (
	"unicode"
	"unicode/utf8"
)

// class is what a character is to the scanner.
type class uint8

const (
	space class = iota // white space, and what is invisible
	letter
	digit
	apostrophe
	hyphen
	punct
	symbol
	emoji
)

// ascii has the classes of the ASCII characters, the greater part of any
// French text, so that they need no decoding.
var ascii = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		switch {
		case c <= ' ' || c == 0x7f:
			t[c] = space
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
			t[c] = letter
		case '0' <= c && c <= '9':
			t[c] = digit
		case c == '\'':
			t[c] = apostrophe
		case c == '-':
			t[c] = hyphen
		case unicode.IsPunct(rune(c)) && c != '%' && c != '#' && c != '@' && c != '&' && c != '*' && c != '/':
			t[c] = punct
		default:
			t[c] = symbol
		}
	}
	return t
}()

// classAt returns the class and the size in bytes of the character that begins
// s[i:], which must not be empty. A byte that is no UTF-8 is a symbol.
func classAt(s string, i int) (class, int) {
	c := s[i]
	if c < utf8.RuneSelf {
		return ascii[c], 1
	}
	// U+00C0 to U+017F, the letters of French, but × and ÷.
	if 0xC3 <= c && c <= 0xC5 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
		if c == 0xC3 && (s[i+1] == 0x97 || s[i+1] == 0xB7) {
			return symbol, 2
		}
		return letter, 2
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	return classOf(r), n
}

func classOf(r rune) class {
	switch {
	case r == utf8.RuneError:
		return symbol
	case r == '’' || r == '‘' || r == 'ʼ':
		return apostrophe
	case r == '‐' || r == '‑':
		return hyphen
	case r == 0xAD || r == 0x200C || r == 0x200D:
		return letter // soft hyphen and joiners, inside words
	case r < 0xA0 || unicode.IsSpace(r) || 0x200B <= r && r <= 0x200F || 0x202A <= r && r <= 0x202E ||
		0x2060 <= r && r <= 0x206F || r == 0xFEFF:
		return space // also what only steers layout
	case 0x1F000 <= r && r <= 0x1FAFF || 0x2600 <= r && r <= 0x27BF || 0x2B00 <= r && r <= 0x2BFF ||
		0x231A <= r && r <= 0x23FF:
		return emoji
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
		return letter
	case unicode.IsPunct(r):
		return punct
	default:
		return symbol
	}
}

// isUpper reports whether s begins with a capital.
func isUpper(s string) bool {
	if s == "" {
		return false
	}
	if c := s[0]; c < utf8.RuneSelf {
		return 'A' <= c && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// isLower reports whether s begins with a small letter.
func isLower(s string) bool {
	if s == "" {
		return false
	}
	if c := s[0]; c < utf8.RuneSelf {
		return 'a' <= c && c <= 'z'
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

// isCapitals reports whether s has capitals and no small letters.
func isCapitals(s string) bool {
	upper := false
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		upper = upper || unicode.IsUpper(r)
	}
	return upper
}

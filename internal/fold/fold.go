// Package fold makes the form under which names are looked up: lower case,
// without accents, with one apostrophe and one hyphen.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// latin folds the letters of Latin-1 and Latin Extended-A, which nearly all
// French and transliterated names are written in.
var latin = func() (t [0x180]string) {
	for r := rune(0x80); r < 0x180; r++ {
		t[r] = slow(string(r))
	}
	for r, s := range map[rune]string{'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'ß': "ss", 'ı': "i", 'đ': "d", 'Đ': "d", 0xA0: " "} {
		t[r] = s
	}
	return t
}()

func slow(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// String folds s. A string that is folded already is returned as it is.
func String(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	return string(Append(make([]byte, 0, len(s)), s))
}

// Append appends the folded s to b.
func Append(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r < rune(len(latin)):
			b = append(b, latin[r]...)
		case r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == 'ʻ':
			b = append(b, '\'')
		case r == '‐' || r == '‑' || r == '–':
			b = append(b, '-')
		case r == 0x202F || r == 0x2009:
			b = append(b, ' ')
		case unicode.Is(unicode.Mn, r):
		default:
			for _, d := range slow(s[i : i+n]) {
				if d < rune(len(latin)) && d >= utf8.RuneSelf {
					b = append(b, latin[d]...)
				} else {
					b = utf8.AppendRune(b, d)
				}
			}
		}
		i += n
	}
	return b
}

package place

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A key is how names are compared: lower case, without accents, and without
// the spaces, hyphens and apostrophes that transliterations scatter at will,
// so that «Deir ez-Zor» is «Deir Ezzor», «N'Djamena» «Ndjamena» and
// «ST-DENIS» «Saint-Denis».

// appendKey appends the key of s to dst.
func appendKey(dst []byte, s string) []byte {
	word := len(dst) // where the word begins that is being appended
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			dst = append(dst, c)
			i++
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
			i++
		case c < utf8.RuneSelf:
			if c != '.' || i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '-' {
				dst = endWord(dst, word)
				word = len(dst)
			}
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			i += n
			switch {
			case r < rune(len(foldings)) && foldings[r] != "":
				dst = append(dst, foldings[r]...)
			case 0x1E00 <= r && r < 0x1F00 && foldingsExtended[r-0x1E00] != "":
				dst = append(dst, foldingsExtended[r-0x1E00]...)
			case unicode.IsLetter(r) && !isModifier(r):
				dst = utf8.AppendRune(dst, unicode.ToLower(r))
			case unicode.IsMark(r) || isModifier(r):
			default:
				dst = endWord(dst, word)
				word = len(dst)
			}
		}
	}
	return endWord(dst, word)
}

// endWord writes out the abbreviated saints of the word that begins at word.
func endWord(dst []byte, word int) []byte {
	switch string(dst[word:]) {
	case "st":
		return append(dst[:word], "saint"...)
	case "ste":
		return append(dst[:word], "sainte"...)
	}
	return dst
}

// isModifier reports whether r is one of the signs that transliterations use
// for Semitic and Slavic letters without a Latin one.
func isModifier(r rune) bool { return 0x02B0 <= r && r <= 0x02FF }

// foldings holds the key of each letter of Latin-1 and Latin Extended-A and B,
// foldingsExtended of Latin Extended Additional.
var (
	foldings         = fold(0, 0x0250)
	foldingsExtended = fold(0x1E00, 0x1F00)
)

func fold(from, to rune) []string {
	irregular := map[rune]string{'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ə': "a",
		'þ': "th", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ɣ': "g", 'ǝ': "e", 'ɛ': "e", 'ɔ': "o"}
	out := make([]string, to-from)
	for r := max(from, utf8.RuneSelf); r < to; r++ {
		if !unicode.IsLetter(r) {
			continue
		}
		lower := unicode.ToLower(r)
		if s, ok := irregular[lower]; ok {
			out[r-from] = s
			continue
		}
		if base := norm.NFKD.String(string(lower)); base[0] < utf8.RuneSelf {
			out[r-from] = base[:1]
		}
	}
	return out
}

// hashKey is FNV-1a of 64 bits; hashMore goes on from the hash of a prefix.
func hashKey(key []byte) uint64 { return hashMore(fnvOffset, key) }

func hashMore(h uint64, key []byte) uint64 {
	for _, c := range key {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// A rewrite is a rule of transliteration: From, in keys, is written To.
type rewrite struct{ from, to string }

// rewrites turns a key into the loose key that spellings of the same foreign
// name share («Soukhna», «Sukhnah»): at each place the first rule that fits,
// then one letter of a run of the same. A rule's From may end in $, the key's
// end.
type rewrites [256][]rewrite

func newRewrites(rules []rewrite) *rewrites {
	var out rewrites
	for _, r := range rules {
		out[r.from[0]] = append(out[r.from[0]], r)
	}
	return &out
}

func (rw *rewrites) append(dst, key []byte) []byte {
	start := len(dst)
next:
	for i := 0; i < len(key); {
		for _, r := range rw[key[i]] {
			if n := r.fits(key[i:]); n > 0 {
				for j := range len(r.to) {
					dst = appendOnce(dst, start, r.to[j])
				}
				i += n
				continue next
			}
		}
		dst = appendOnce(dst, start, key[i])
		i++
	}
	return dst
}

func appendOnce(dst []byte, start int, c byte) []byte {
	if len(dst) > start && dst[len(dst)-1] == c {
		return dst
	}
	return append(dst, c)
}

// fits returns how many bytes of rest the rule rewrites, 0 for none.
func (r rewrite) fits(rest []byte) int {
	n := len(r.from)
	end := r.from[n-1] == '$'
	if end {
		n--
	}
	if len(rest) < n || string(rest[:n]) != r.from[:n] || end && len(rest) != n {
		return 0
	}
	return n
}

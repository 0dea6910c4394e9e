package article

import (
	"unicode"
	"unicode/utf8"
)

// isSpace reports whether r is white space, or one of the marks that scrapers
// leave and no reader sees: controls, byte order marks, zero-width spaces.
func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7F
	}
	switch r {
	case '\u200B', '\u200E', '\u200F', '\u2060', '\uFEFF', '\u00AD':
		return true
	}
	return unicode.IsSpace(r) || r >= 0x80 && r < 0xA0
}

// trim returns [begin, end) of s without white space at its ends.
func trim(s string, begin, end int) (int, int) {
	for begin < end {
		r, n := utf8.DecodeRuneInString(s[begin:end])
		if !isSpace(r) {
			break
		}
		begin += n
	}
	for begin < end {
		r, n := utf8.DecodeLastRuneInString(s[begin:end])
		if !isSpace(r) {
			break
		}
		end -= n
	}
	return begin, end
}

// word is a folded word of a line: letters in lower case without accents, or
// digits. «L'armée» is two words; so is what a scraper glued together, where a
// lower-case letter meets a capital («surTelegram») or a word in capitals meets
// another («SYRIESyrie»).
type word struct {
	begin, end int32  // bytes of the text
	hash       uint64 // of the folded word
	shape      shape
}

// shape is what a word looks like.
type shape uint8

const (
	capital shape = 1 << iota // begins with a capital
	upper                     // has no lower-case letter
	number                    // has digits only
	glued                     // no separator stands before it
	colon                     // a colon follows
	sign                      // © or the like
)

const (
	hashSeed  = 14695981039346656037 // FNV-1a
	hashPrime = 1099511628211
)

// The classes of bytes below 0x80.
const (
	other = iota
	lowerLetter
	upperLetter
	digit
)

var byteClass = func() (t [utf8.RuneSelf]uint8) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z':
			t[c] = lowerLetter
		case 'A' <= c && c <= 'Z':
			t[c] = upperLetter
		case '0' <= c && c <= '9':
			t[c] = digit
		}
	}
	return t
}()

// foldTable holds the folded form of the letters from U+00C0 to U+017F: one or
// two ASCII letters, or none for what is no letter.
var foldTable = func() (t [0x180 - 0xC0]string) {
	for _, f := range []struct{ letters, to string }{
		{"ÀÁÂÃÄÅàáâãäåĀāĂăĄą", "a"}, {"ÇçĆćĈĉĊċČč", "c"}, {"ÐðĎďĐđ", "d"}, {"ÈÉÊËèéêëĒēĔĕĖėĘęĚě", "e"},
		{"ĜĝĞğĠġĢģ", "g"}, {"ĤĥĦħ", "h"}, {"ÌÍÎÏìíîïĨĩĪīĬĭĮįİı", "i"}, {"Ĵĵ", "j"}, {"Ķķĸ", "k"},
		{"ĹĺĻļĽľĿŀŁł", "l"}, {"ÑñŃńŅņŇňŉŊŋ", "n"}, {"ÒÓÔÕÖØòóôõöøŌōŎŏŐő", "o"}, {"ŔŕŖŗŘř", "r"},
		{"ŚśŜŝŞşŠš", "s"}, {"ŢţŤťŦŧ", "t"}, {"ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų", "u"}, {"Ŵŵ", "w"}, {"ÝýÿŶŷŸ", "y"},
		{"ŹźŻżŽž", "z"}, {"Œœ", "oe"}, {"Ææ", "ae"}, {"ß", "ss"}, {"Þþ", "th"}, {"ĲĳĲ", "ij"}, {"ſ", "s"},
	} {
		for _, r := range f.letters {
			t[r-0xC0] = f.to
		}
	}
	return t
}()

// appendWords appends the folded words of s[begin:end] to words.
func appendWords(words []word, s string, begin, end int) []word {
	var (
		hash  uint64 = hashSeed
		start        = -1
		first uint8  // class of the word's first letter
		last  uint8  // class of its last
		caps  int    // capitals that it ends with
		lower bool   // it has a lower-case letter
		alpha bool   // it has a letter
		glue  bool   // it follows another without separator
	)
	flush := func(at int) {
		if start < 0 {
			return
		}
		var sh shape
		switch {
		case !alpha:
			sh = number
		case first == upperLetter:
			sh = capital
		}
		if alpha && !lower {
			sh |= upper
		}
		if glue {
			sh |= glued
		}
		words = append(words, word{begin: int32(start), end: int32(at), hash: hash, shape: sh})
		hash, start, caps, lower, alpha, glue, last = hashSeed, -1, 0, false, false, false, other
	}
	for i := begin; i < end; {
		c := s[i]
		if c < utf8.RuneSelf {
			class := byteClass[c]
			if class == other {
				if start >= 0 {
					flush(i)
				}
				if c == ':' && len(words) > 0 {
					words[len(words)-1].shape |= colon
				}
				i++
				continue
			}
			if start >= 0 {
				switch {
				case (class == digit) != (last == digit): // «13h24» is three words
					flush(i)
				case class == upperLetter && last == lowerLetter:
					flush(i)
					glue = true
				case class == lowerLetter && last == upperLetter && caps >= 4 && glueAt(s, i, end):
					// «SYRIESyrie»: the last capital begins the next word.
					hash = rehash(s, start, i-1)
					alpha, lower = true, false
					at := i - 1
					flush(at)
					start, first, glue, alpha, last, caps = at, upperLetter, true, true, upperLetter, 1
					hash = (hash ^ uint64(s[at]|0x20)) * hashPrime
				}
			}
			if start < 0 {
				start, first = i, class
			}
			switch class {
			case upperLetter:
				caps++
				alpha = true
				c |= 0x20
			case lowerLetter:
				caps = 0
				lower, alpha = true, true
			default:
				caps = 0
			}
			last = class
			hash = (hash ^ uint64(c)) * hashPrime
			i++
			if class == lowerLetter { // most letters of a text follow one
				for i < end && 'a' <= s[i] && s[i] <= 'z' {
					hash = (hash ^ uint64(s[i])) * hashPrime
					i++
				}
			}
			continue
		}

		r, n := utf8.DecodeRuneInString(s[i:end])
		fold := ""
		if r >= 0xC0 && r < 0x180 {
			fold = foldTable[r-0xC0]
		}
		switch {
		case fold != "", unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			class := uint8(lowerLetter)
			if unicode.IsUpper(r) {
				class = upperLetter
			} else if unicode.IsMark(r) && start >= 0 { // a combining accent
				i += n
				continue
			}
			if start >= 0 && class == upperLetter && last == lowerLetter {
				flush(i)
				glue = true
			}
			if start < 0 {
				start, first = i, class
			}
			if class == upperLetter {
				caps++
			} else {
				caps, lower = 0, true
			}
			alpha, last = true, class
			if fold == "" {
				hash = (hash ^ uint64(unicode.ToLower(r))) * hashPrime
			}
			for k := 0; k < len(fold); k++ {
				hash = (hash ^ uint64(fold[k])) * hashPrime
			}
		case r == '\u00AD' || r == '\u200B' || r == '\u2060' || r == '\uFEFF': // unseen
		default:
			flush(i)
			if r == '©' || r == '®' {
				words = append(words, word{begin: int32(i), end: int32(i + n), hash: hashSign, shape: sign})
			}
		}
		i += n
	}
	flush(end)
	return words
}

// hashSign is the hash of the sign ©.
const hashSign = 0x00A9

// glueAt reports whether a word of its own may begin at the capital before i:
// two lower-case letters follow at least, so that «ONGs» stays one word.
func glueAt(s string, i, end int) bool {
	if i+1 >= end {
		return false
	}
	c := s[i+1]
	return c >= utf8.RuneSelf || byteClass[c] == lowerLetter
}

// rehash hashes the folded letters of s[begin:end].
func rehash(s string, begin, end int) uint64 {
	var hash uint64 = hashSeed
	for _, r := range s[begin:end] {
		fold := ""
		if r >= 0xC0 && r < 0x180 {
			fold = foldTable[r-0xC0]
		}
		switch {
		case fold != "":
			for k := 0; k < len(fold); k++ {
				hash = (hash ^ uint64(fold[k])) * hashPrime
			}
		case !unicode.IsMark(r):
			hash = (hash ^ uint64(unicode.ToLower(r))) * hashPrime
		}
	}
	return hash
}

// sameWords reports whether a and b have the same folded words, and some.
func sameWords(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	wa, wb := appendWords(nil, a, 0, len(a)), appendWords(nil, b, 0, len(b))
	if len(wa) != len(wb) || len(wa) == 0 {
		return false
	}
	for i := range wa {
		if wa[i].hash != wb[i].hash {
			return false
		}
	}
	return true
}

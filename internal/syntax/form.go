package syntax

import "unicode/utf8"

// form is what the models see of a word's spelling, in hashes.
type form struct {
	lower  uint64    // of the lower-cased form with its digits masked
	exact  uint64    // of the form as it stands
	suffix [5]uint64 // of the last 1 to 5 runes of lower; 0 where there are fewer
	prefix [4]uint64 // of the first 1 to 4
	shape  uint32
}

// The parts of form.shape.
const (
	shapeCapital    = 1 << iota // first rune is upper case
	shapeAllCapital             // two letters or more, none lower case
	shapeInner                  // an upper-case letter after a lower-case one
	shapeDigit
	shapeNumber // digits and separators alone
	shapeHyphen
	shapeApostrophe
	shapePeriod
	shapeFirst // first word of its sentence
	shapeForeign
	shapeMark // neither letter nor digit in it
)

const maxFormBytes = 96 // what is beyond does not tell words apart

// look reads the form s. buf is scratch.
func look(s string, first bool, buf *[maxFormBytes]byte) form {
	s = cutForm(s)
	b := buf[:lower(s, buf)]
	f := form{exact: hashString(s), shape: shapeOf(s, b)}
	if first {
		f.shape |= shapeFirst
	}
	for i, c := range b {
		if '0' <= c && c <= '9' {
			b[i] = '0' // of numbers the length alone is learnt
		}
	}
	f.lower = hashBytes(b)
	f.hashEnds(b)
	return f
}

// cutForm cuts s to maxFormBytes, at the beginning of a rune.
func cutForm(s string) string {
	if len(s) <= maxFormBytes {
		return s
	}
	s = s[:maxFormBytes]
	for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	if len(s) > 0 && s[len(s)-1] >= utf8.RuneSelf {
		s = s[:len(s)-1]
	}
	return s
}

// shapeOf tells what s is made of; b is s in lower case.
func shapeOf(s string, b []byte) (shape uint32) {
	upper, lowerCase, digits := 0, 0, 0
	for _, c := range b {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c == '-':
			shape |= shapeHyphen
		case c == '\'':
			shape |= shapeApostrophe
		case c == '.':
			shape |= shapePeriod
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		isUpper := 'A' <= c && c <= 'Z' || c == 0xC3 && i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] <= 0x9E && s[i+1] != 0x97
		switch {
		case isUpper:
			if lowerCase > 0 {
				shape |= shapeInner
			}
			if i == 0 {
				shape |= shapeCapital
			}
			upper++
		case 'a' <= c && c <= 'z', c == 0xC3 && i+1 < len(s) && s[i+1] > 0x9F && s[i+1] != 0xB7, c == 0xC5:
			lowerCase++
		case c > 0xC5:
			shape |= shapeForeign
		}
	}
	if upper > 1 && lowerCase == 0 {
		shape |= shapeAllCapital
	}
	switch {
	case digits > 0:
		shape |= shapeDigit
		if upper+lowerCase == 0 {
			shape |= shapeNumber
		}
	case upper+lowerCase == 0:
		shape |= shapeMark
	}
	return shape
}

// hashEnds hashes the endings and the beginnings of the lower-case form b.
func (f *form) hashEnds(b []byte) {
	k, h := 0, uint64(fnvOffset)
	for i := len(b) - 1; i >= 0 && k < len(f.suffix); i-- {
		h = (h ^ uint64(b[i])) * fnvPrime
		if utf8.RuneStart(b[i]) {
			f.suffix[k] = finish(h)
			k++
		}
	}
	k, h = 0, fnvOffset
	for i := 0; i < len(b) && k < len(f.prefix); i++ {
		h = (h ^ uint64(b[i])) * fnvPrime
		if i+1 == len(b) || utf8.RuneStart(b[i+1]) {
			f.prefix[k] = finish(h)
			k++
		}
	}
}

// lower writes the lower case of s into buf and returns its length: ASCII,
// the letters of Latin-1 and Œ; typographic apostrophes become the plain one.
// It never writes more bytes than s has.
func lower(s string, buf *[maxFormBytes]byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == 0xC3 && i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] <= 0x9E && s[i+1] != 0x97:
			buf[n] = c
			n++
			i++
			c = s[i] + 0x20
		case c == 0xC5 && i+1 < len(s) && s[i+1] == 0x92:
			buf[n] = c
			n++
			i++
			c = 0x93
		case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0x99 || s[i+2] == 0x98):
			i += 2
			c = '\''
		case c == 0xCA && i+1 < len(s) && s[i+1] == 0xBC:
			i++
			c = '\''
		}
		buf[n] = c
		n++
	}
	return n
}

// The constants of the FNV-1a hash.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashString(s string) uint64 {
	h := uint64(fnvOffset)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return finish(h)
}

func hashBytes(b []byte) uint64 {
	h := uint64(fnvOffset)
	for _, c := range b {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return finish(h)
}

// finish spreads an FNV hash over all its bits.
func finish(h uint64) uint64 {
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}

package text

import (
	"fmt"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// Weight is one line of a table of weights: how far a feature speaks for a
// yes, in thousandths of a logit.
type Weight struct {
	Feature string                // the name of its template
	Values  [FeatureValues]string // in lower case; empty ones at the end
	Value   int32
}

// FeatureValues is the number of values that a feature has at most.
const FeatureValues = 4

// Feature is one observation at a decision: a template and the hashes of its
// values, 0 for those it does not have.
type Feature struct {
	Template Template
	Values   [FeatureValues]uint64
}

// Template names a kind of observation.
type Template uint8

// linear is a logistic model over features, as an open hash table.
type linear struct {
	slots []weight
	mask  uint64
}

type weight struct {
	key   uint64 // never 0 where there is one
	value int32
}

// newLinear makes a model of weights, whose features templates name.
func newLinear(weights []Weight, templates []string) (*linear, error) {
	size := 1 << bits.Len(uint(2*len(weights)+1))
	m := &linear{slots: make([]weight, size), mask: uint64(size - 1)}
	index := make(map[string]Template, len(templates))
	for i, name := range templates {
		index[name] = Template(i)
	}
	for _, w := range weights {
		t, ok := index[w.Feature]
		if !ok {
			return nil, fmt.Errorf("no feature is called %q", w.Feature)
		}
		f := Feature{Template: t}
		for i, v := range w.Values {
			f.Values[i] = HashValue(v)
		}
		key := f.key()
		i := key & m.mask
		for m.slots[i].key != 0 && m.slots[i].key != key {
			i = (i + 1) & m.mask
		}
		m.slots[i] = weight{key, w.Value}
	}
	return m, nil
}

// score adds up the weights of features, in thousandths of a logit.
func (m *linear) score(features []Feature) int32 {
	var sum int32
	for i := range features {
		key := features[i].key()
		for j := key & m.mask; m.slots[j].key != 0; j = (j + 1) & m.mask {
			if m.slots[j].key == key {
				sum += m.slots[j].value
				break
			}
		}
	}
	return sum
}

func (f *Feature) key() uint64 {
	v := &f.Values
	return mix(mix(v[0]^uint64(f.Template)<<56, v[1]), mix(v[2], v[3]^uint64(f.Template))) | 1
}

// mix is the multiply-and-fold step of wyhash.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return hi ^ lo
}

// HashValue returns the hash of a feature's value, its case and the shapes of
// its apostrophes and hyphens ignored; 0 of the empty string.
func HashValue(s string) uint64 {
	if s == "" {
		return 0
	}
	h := uint64(14695981039346656037) // FNV-1a
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			h = (h ^ uint64(c)) * 1099511628211
			i++
			continue
		}
		r, n := lowerRune(s, i)
		h = (h ^ uint64(r)) * 1099511628211
		i += n
	}
	return h
}

// lowerRune returns the character of s at i, which is not ASCII, in lower case
// and the shapes of apostrophes and hyphens made one; and its size.
func lowerRune(s string, i int) (rune, int) {
	// U+00C0 to U+00FF, the accents of French
	if s[i] == 0xC3 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
		r := rune(s[i+1]&0x3F) | 0xC0
		if r < 0xDF && r != 0xD7 {
			r += 0x20
		}
		return r, 2
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	switch r {
	case '’', '‘', 'ʼ':
		r = '\''
	case '‐', '‑':
		r = '-'
	default:
		r = unicode.ToLower(r)
	}
	return r, n
}

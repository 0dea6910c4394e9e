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
	Feature string // the name of a template
	A, B    string // its values, in lower case
	Value   int32
}

// Feature is one observation at a decision: a template and the hashes of its
// one or two values.
type Feature struct {
	Template Template
	A, B     uint64
}

// Template names a kind of observation.
type Template uint8

// linear is a logistic model over features, as an open hash table. Keys are
// never zero; of 64 bits, so that no two features of a table share one.
type linear struct {
	keys   []uint64
	values []int32
	mask   uint64
}

// newLinear makes a model of weights, whose features templates name.
func newLinear(weights []Weight, templates []string) (*linear, error) {
	size := 1 << bits.Len(uint(2*len(weights)+1))
	m := &linear{keys: make([]uint64, size), values: make([]int32, size), mask: uint64(size - 1)}
	index := make(map[string]Template, len(templates))
	for i, name := range templates {
		index[name] = Template(i)
	}
	for _, w := range weights {
		t, ok := index[w.Feature]
		if !ok {
			return nil, fmt.Errorf("weights: no feature is called %q", w.Feature)
		}
		key := Feature{t, HashValue(w.A), HashValue(w.B)}.key()
		i := key & m.mask
		for m.keys[i] != 0 && m.keys[i] != key {
			i = (i + 1) & m.mask
		}
		m.keys[i], m.values[i] = key, w.Value
	}
	return m, nil
}

// score adds up the weights of features, in thousandths of a logit.
func (m *linear) score(features []Feature) int32 {
	var sum int32
	for _, f := range features {
		key := f.key()
		for i := key & m.mask; m.keys[i] != 0; i = (i + 1) & m.mask {
			if m.keys[i] == key {
				sum += m.values[i]
				break
			}
		}
	}
	return sum
}

func (f Feature) key() uint64 {
	h := mix(mix(uint64(f.Template)+1, f.A), f.B)
	return h | 1
}

// mix is the multiply-and-fold step of wyhash.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return hi ^ lo
}

// HashValue returns the hash of a feature's value, its case and the shapes of
// its marks ignored; 0 of the empty string.
func HashValue(s string) uint64 {
	if s == "" {
		return 0
	}
	return hashOn(14695981039346656037, s)
}

// hashOn goes on with the FNV-1a hash h over s.
func hashOn(h uint64, s string) uint64 {
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
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case '’', '‘', 'ʼ':
			r = '\''
		case '‐', '‑':
			r = '-'
		default:
			r = unicode.ToLower(r)
		}
		h = (h ^ uint64(r)) * 1099511628211
	}
	return h
}

package text

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Classes says of words in small letters what parts of speech they may be:
// all that deciding on boundaries wants to know of a lexicon, in two bytes a
// word. A slot holds eleven bits of a word's hash and five of its class, so
// that one unknown word in some hundreds is taken for a known one.
type Classes struct {
	names  []string // "nv"; from 1, 0 is no class
	hashes []uint64 // of the names as features have them
	verb   []bool
	slots  []uint16
}

// The letters of a class: what a word may be.
const (
	ClassNoun       = 'n'
	ClassAdjective  = 'a'
	ClassFinite     = 'v' // a finite verb
	ClassParticiple = 'p' // a past participle
	ClassNonFinite  = 'o' // an infinitive or present participle
	ClassFunction   = 'f' // article, pronoun, preposition, conjunction, adverb
)

const (
	classesMagic     = "depeche word classes 1\n"
	maxClassesHeader = 4 << 10
	classBits        = 5
	maxClasses       = 1<<classBits - 1
	maxLoad          = 0.75 // of the slots
)

// NewClasses packs words with their classes, which origin tells the source of.
func NewClasses(words map[string]string, origin string) ([]byte, error) {
	keys := make([]string, 0, len(words))
	var names []string
	for w, c := range words {
		keys = append(keys, w)
		names = append(names, c)
	}
	slices.Sort(keys)
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > maxClasses {
		return nil, fmt.Errorf("%d classes, at most %d can be told", len(names), maxClasses)
	}
	size := 1 << bits.Len(uint(float64(len(keys))/maxLoad))
	slots := make([]uint16, size)
	for _, w := range keys {
		class, _ := slices.BinarySearch(names, words[w])
		h := HashValue(w)
		print := fingerprint(h)
		i := int(h) & (size - 1)
		for slots[i] != 0 && slots[i]>>classBits != print {
			i = (i + 1) & (size - 1)
		}
		slots[i] = print<<classBits | uint16(class+1)
	}
	var b bytes.Buffer
	b.WriteString(classesMagic)
	fmt.Fprintf(&b, "%s\n%s\n%d\n", origin, strings.Join(names, " "), size)
	for _, s := range slots {
		b.Write(binary.LittleEndian.AppendUint16(nil, s))
	}
	return b.Bytes(), nil
}

// ReadClasses reads what NewClasses has packed.
func ReadClasses(data []byte) (*Classes, error) {
	rest, ok := bytes.CutPrefix(data, []byte(classesMagic))
	if !ok {
		return nil, errors.New("word classes: not a file of word classes of version 1")
	}
	var header [3]string // origin, names, size
	for i := range header {
		n := bytes.IndexByte(rest[:min(len(rest), maxClassesHeader)], '\n')
		if n < 0 {
			return nil, errors.New("word classes: header is cut short")
		}
		header[i], rest = string(rest[:n]), rest[n+1:]
	}
	var size int
	if _, err := fmt.Sscan(header[2], &size); err != nil || size < 1 || size&(size-1) != 0 || len(rest) != 2*size {
		return nil, fmt.Errorf("word classes: %d bytes are not the %q slots of the header", len(rest), header[2])
	}
	c := &Classes{names: append([]string{""}, strings.Fields(header[1])...), slots: make([]uint16, size)}
	for _, n := range c.names {
		c.hashes = append(c.hashes, HashValue(ClassName(n)))
		c.verb = append(c.verb, n == string(ClassFinite))
	}
	c.hashes[0] = shapeNone.hash
	free := false
	for i := range c.slots {
		s := binary.LittleEndian.Uint16(rest[2*i:])
		if int(s&(1<<classBits-1)) >= len(c.names) {
			return nil, fmt.Errorf("word classes: slot %d has class %d of %d", i, s&(1<<classBits-1), len(c.names)-1)
		}
		c.slots[i] = s
		free = free || s == 0
	}
	if !free {
		return nil, errors.New("word classes: no slot is free")
	}
	return c, nil
}

// ClassName returns the value that features have for a class.
func ClassName(class string) string { return "<" + class + ">" }

// Names returns the classes there are.
func (c *Classes) Names() []string {
	if c == nil {
		return nil
	}
	return c.names[1:]
}

// of returns the class of the word that is hashed to h, 0 of an unknown one.
func (c *Classes) of(h uint64) uint8 {
	if c == nil {
		return 0
	}
	mask := len(c.slots) - 1
	print := fingerprint(h)
	for i := int(h) & mask; c.slots[i] != 0; i = (i + 1) & mask {
		if c.slots[i]>>classBits == print {
			return uint8(c.slots[i] & (1<<classBits - 1))
		}
	}
	return 0
}

// fingerprint is what a slot keeps of a hash: the bits that do not choose it.
func fingerprint(h uint64) uint16 { return uint16(h >> (64 - 16 + classBits)) }

func (c *Classes) value(class uint8) uint64 {
	if c == nil {
		return shapeNone.hash
	}
	return c.hashes[class]
}

// isVerb reports whether words of the class are finite verbs and nothing else.
func (c *Classes) isVerb(class uint8) bool { return c != nil && c.verb[class] }

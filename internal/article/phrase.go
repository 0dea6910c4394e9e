package article

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// element is one step of a phrase.
type element struct {
	kind elementKind
	// wordElement: the alternatives, each a run of words, in order of their
	// first word, the longer first.
	words    [][]uint64
	filter   uint64 // a bit for the first word of each
	optional bool
}

type elementKind uint8

const (
	wordElement   elementKind = iota
	numberElement             // #: a number
	nameElement               // @: one to six words of a name
	gapElement                // *: up to six words
	colonElement              // : a colon stands after the word before
)

// The most words that a name and a gap span.
const (
	maxName = 6
	maxGap  = 6
)

// parsePhrase reads a phrase: words, separated by spaces; a/b is one of
// several words, {c} a phrase of the class c, # a number, @ a name, * up to six words; a
// final ? makes a step optional; a : of its own asks for a colon there.
func parsePhrase(phrase string, classes map[string][]string) ([]element, error) {
	var elements []element
	for _, f := range strings.Fields(phrase) {
		if f == ":" {
			if len(elements) == 0 {
				return nil, fmt.Errorf("phrase %q begins with a colon", phrase)
			}
			elements = append(elements, element{kind: colonElement})
			continue
		}
		var e element
		if t := strings.TrimSuffix(f, "?"); t != f && t != "" {
			e.optional, f = true, t
		}
		switch {
		case f == "#":
			e.kind = numberElement
		case f == "@":
			e.kind = nameElement
		case f == "*":
			e.kind = gapElement
		case strings.HasPrefix(f, "{") && strings.HasSuffix(f, "}"):
			members, ok := classes[f[1:len(f)-1]]
			if !ok {
				return nil, fmt.Errorf("phrase %q: no class %s", phrase, f)
			}
			for _, m := range members {
				e.words = append(e.words, hashes(m))
			}
		default:
			for _, a := range strings.Split(f, "/") {
				h := hashes(a)
				if len(h) == 0 {
					return nil, fmt.Errorf("phrase %q: no word in %q", phrase, f)
				}
				e.words = append(e.words, h)
			}
		}
		slices.SortStableFunc(e.words, func(a, b []uint64) int {
			return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(len(b), len(a)))
		})
		for _, w := range e.words {
			e.filter |= 1 << (w[0] >> 58)
		}
		elements = append(elements, e)
	}
	if len(elements) == 0 {
		return nil, errors.New("a phrase is empty")
	}
	for _, e := range elements {
		if !e.optional {
			if e.kind == gapElement || e.kind == colonElement {
				continue
			}
			return elements, nil
		}
	}
	return nil, fmt.Errorf("phrase %q asks for nothing", phrase)
}

func hashes(phrase string) []uint64 {
	var h []uint64
	for _, w := range appendWords(nil, phrase, 0, len(phrase)) {
		h = append(h, w.hash)
	}
	return h
}

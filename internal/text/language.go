package text

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Tables are what a language tells the splitter. Words are in lower case with
// ' for every apostrophe and - for every hyphen; their case and the shapes of
// those marks are ignored in texts.
type Tables struct {
	// Elisions are the words cut off after their apostrophe, given without it:
	// "l", "qu".
	Elisions []string
	// Clitics are cut from the word before them, given with their hyphen:
	// "-il", "-t-il".
	Clitics []string
	// Whole are the words never cut: "c'est-à-dire", "rendez-vous".
	Whole []string
	// Contractions are the tokens that stand for two words.
	Contractions []Contraction
	// Abbreviations keep the full stop after them.
	Abbreviations []Abbreviation
	// Units are cut from the number before them: "h", "km".
	Units []string
	// Ordinals are what makes a numeral of the digits before it: "er", "e".
	Ordinals []string
	// Endings are inclusive endings that may follow a full stop or a middle
	// dot inside a word: "e", "s".
	Endings []string
	// Domains are the top-level domains by which a bare address is known.
	Domains []string
	// Openers are words that, with a capital, open a sentence rather than
	// follow an initial: "le", "il".
	Openers []string
	// Boundaries and Splits are the weights of the decisions where a sentence
	// begins, and which ambiguous contraction is two words.
	Boundaries, Splits []Weight
	// Classes are the parts of speech of words, or nil.
	Classes *Classes
}

// Contraction is a token that stands for two words: «aux» for à, les.
type Contraction struct {
	Surface, First, Second string
	// Ambiguous: the token may be one word too («des» as an indefinite
	// article).
	Ambiguous bool
}

// Abbreviation is a word written with a full stop, given without it. One given
// with a capital is a word without.
type Abbreviation struct {
	Form string
	Use  AbbreviationUse
}

// AbbreviationUse says what follows an abbreviation.
type AbbreviationUse uint8

// The uses of abbreviations.
const (
	// Leading stand before what they belong to and never end a sentence: M., Dr.
	Leading AbbreviationUse = iota + 1
	// Trailing may end a sentence: etc.
	Trailing
	// Counting are abbreviations before a number, elsewhere words: art.
	Counting
	// Beside are abbreviations before and behind a number, elsewhere words:
	// «sept. 2015», «12 sept.».
	Beside
)

// Language is Tables made ready. It is not changed after it is made and safe
// for concurrent use.
type Language struct {
	elisions      map[string]struct{}
	clitics       map[string]struct{}
	whole         map[string]struct{}
	contractions  map[uint64]contraction // by HashValue
	abbreviations map[string]abbreviation
	units         map[string]struct{}
	ordinals      map[string]struct{}
	endings       map[string]struct{}
	domains       map[string]struct{}
	openers       map[string]struct{}
	classes       *Classes
	boundary      *linear
	contraction   *linear
	// contracted[b] tells whether a contraction begins with the letter b, in
	// either case.
	contracted         [256]bool
	longestContraction int // in bytes

	scratch sync.Pool // of *scratch
}

// abbreviation is how an abbreviation is used, and whether it is one with a
// capital only.
type abbreviation struct {
	use     AbbreviationUse
	capital bool
}

// contraction is the words of a contraction in the cases of a token: «du»,
// «Du», «DU».
type contraction struct {
	words     [3][2]string
	ambiguous bool
}

// maxEntry bounds a word of Tables, in bytes: what is folded for lookup.
const maxEntry = 48

// NewLanguage makes tables ready. It returns all faults joined: an empty or
// too long entry, a clitic without hyphen, a contraction without words.
func NewLanguage(t Tables) (*Language, error) {
	l := &Language{
		contractions:  make(map[uint64]contraction, len(t.Contractions)),
		abbreviations: make(map[string]abbreviation, len(t.Abbreviations)),
		classes:       t.Classes,
	}
	var faults []error
	check := func(table, entry string) string {
		key := foldString(entry)
		if key == "" || len(key) > maxEntry {
			faults = append(faults, fmt.Errorf("%s: entry %q is empty or longer than %d bytes", table, entry, maxEntry))
		}
		return key
	}
	set := func(table string, entries []string) map[string]struct{} {
		m := make(map[string]struct{}, len(entries))
		for _, e := range entries {
			m[check(table, e)] = struct{}{}
		}
		return m
	}
	l.elisions = set("elisions", t.Elisions)
	l.clitics = set("clitics", t.Clitics)
	l.whole = set("whole", t.Whole)
	l.units = set("units", t.Units)
	l.ordinals = set("ordinals", t.Ordinals)
	l.endings = set("endings", t.Endings)
	l.domains = set("domains", t.Domains)
	l.openers = set("openers", t.Openers)
	for _, c := range t.Clitics {
		if !strings.HasPrefix(c, "-") {
			faults = append(faults, fmt.Errorf("clitics: %q does not begin with a hyphen", c))
		}
	}
	for _, c := range t.Contractions {
		key := check("contractions", c.Surface)
		if key == "" || c.First == "" || c.Second == "" {
			faults = append(faults, fmt.Errorf("contractions: %q stands for %q and %q", c.Surface, c.First, c.Second))
			continue
		}
		l.contractions[HashValue(key)] = contraction{
			words: [3][2]string{
				{c.First, c.Second},
				{capitalised(c.First), c.Second},
				{strings.ToUpper(c.First), strings.ToUpper(c.Second)},
			},
			ambiguous: c.Ambiguous,
		}
		l.longestContraction = max(l.longestContraction, len(key))
		l.contracted[key[0]], l.contracted[strings.ToUpper(key)[0]] = true, true
	}
	for _, a := range t.Abbreviations {
		if a.Use < Leading || a.Use > Beside {
			faults = append(faults, fmt.Errorf("abbreviations: %q has no use", a.Form))
		}
		l.abbreviations[check("abbreviations", a.Form)] = abbreviation{a.Use, isUpper(a.Form)}
	}
	var err error
	if l.boundary, err = newLinear(t.Boundaries, BoundaryFeatures); err != nil {
		faults = append(faults, fmt.Errorf("boundaries: %w", err))
	}
	if l.contraction, err = newLinear(t.Splits, ContractionFeatures); err != nil {
		faults = append(faults, fmt.Errorf("splits: %w", err))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	l.scratch.New = func() any { return new(scratch) }
	return l, nil
}

// Classes returns the classes of words, nil where there are none.
func (l *Language) Classes() *Classes { return l.classes }

// in looks s up in a set, its case and the shapes of its marks ignored.
func in(set map[string]struct{}, s string) bool {
	var buf [maxEntry]byte
	key, ok := fold(buf[:0], s)
	if !ok {
		return false
	}
	_, found := set[string(key)]
	return found
}

// fold appends s to dst in lower case, with ' for apostrophes and - for
// hyphens. It fails where that needs more than dst's capacity.
func fold(dst []byte, s string) ([]byte, bool) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if len(dst) == cap(dst) {
				return dst, false
			}
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := lowerRune(s, i)
		i += n
		if len(dst)+utf8.RuneLen(r) > cap(dst) {
			return dst, false
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, true
}

func foldString(s string) string {
	b, _ := fold(make([]byte, 0, 3*len(s)), s)
	return string(b)
}

func capitalised(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

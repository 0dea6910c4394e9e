package fr

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/table"
)

// wordKind classes a word for the grammar of one theme; 0 is none.
type wordKind uint8

// meaning is what a word means to a grammar.
type meaning struct {
	kind wordKind
	// number is its kind among the words of numbers, and cue the tense that it
	// tells; named says that a named day may start with it. They are filled in
	// the grammar of times alone, so that it looks each word up once.
	number wordKind
	cue    timex.Tense
	named  bool
	value  float64
}

// edit changes what word means, which need not be in m.
func (m *wordMap) edit(word string, change func(*meaning)) {
	if len(word) == 0 || len(word) > maxWord {
		return
	}
	w := m.words[word]
	change(&w)
	m.words[word] = w
	m.lengths[word[0]] |= 1 << len(word)
}

// maxWord bounds, in bytes, the words that a wordMap holds.
const maxWord = 31

// wordMap maps lower-case words with straight apostrophes to what they mean.
// Nearly all words of an article are in none, and are told so by their first
// byte and length alone.
type wordMap struct {
	words map[string]meaning
	// lengths has, by first byte, a bit for each length in bytes.
	lengths [256]uint32
}

func (m *wordMap) add(word string, w meaning) error {
	if len(word) == 0 || len(word) > maxWord {
		return fmt.Errorf("word %q is not of 1 to %d bytes", word, maxWord)
	}
	if m.words == nil {
		m.words = map[string]meaning{}
	}
	if old, ok := m.words[word]; ok && old != w {
		return fmt.Errorf("word %q has two meanings", word)
	}
	m.words[word] = w
	m.lengths[word[0]] |= 1 << len(word)
	return nil
}

// addPlain adds the unaccented spelling of words that keep their meaning
// without accents, as hurried writers type them.
func (m *wordMap) addPlain() {
	var plain []string
	for w := range m.words {
		if p := unaccented(w); p != w {
			plain = append(plain, w)
		}
	}
	for _, w := range plain { // in any order: a word in use is not replaced
		p := unaccented(w)
		if _, ok := m.words[p]; !ok {
			m.words[p] = m.words[w]
			m.lengths[p[0]] |= 1 << len(p)
		}
	}
}

// get returns the meaning of a word in any case.
func (m *wordMap) get(word string) meaning {
	n := len(word)
	if n == 0 || n > maxWord+2 {
		return meaning{}
	}
	if c := word[0]; c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		// A typographic apostrophe is two bytes longer than the key's.
		if m.lengths[c]&(1<<n|1<<max(n-2, 0)) == 0 {
			return meaning{}
		}
	}
	var buf [maxWord + 3]byte
	key, ok := lower(buf[:0], word)
	if !ok {
		return meaning{}
	}
	return m.words[string(key)]
}

// lower appends word in lower case with straight apostrophes and hyphens. It
// reports false for what is longer than any word of ours.
func lower(dst []byte, word string) ([]byte, bool) {
	for i := 0; i < len(word); i++ {
		c := word[i]
		switch {
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		case c == 0xC3 && i+1 < len(word): // À to ÿ
			c = word[i+1]
			if 0x80 <= c && c <= 0x9E && c != 0x97 {
				c += 0x20
			}
			dst = append(dst, 0xC3, c)
			i++
		case c == 0xC5 && i+1 < len(word): // Œ and œ among them
			c = word[i+1]
			if c == 0x92 {
				c = 0x93
			}
			dst = append(dst, 0xC5, c)
			i++
		case c == 0xE2 && i+2 < len(word) && word[i+1] == 0x80 && (word[i+2] == 0x98 || word[i+2] == 0x99):
			dst = append(dst, '\'')
			i += 2
		case c == 0xE2 && i+2 < len(word) && word[i+1] == 0x80 && (word[i+2] == 0x90 || word[i+2] == 0x91):
			dst = append(dst, '-')
			i += 2
		default: // as it is: it makes no French letter
			dst = append(dst, c)
		}
		if len(dst) > maxWord {
			return nil, false
		}
	}
	return dst, true
}

// unaccented returns s without its accents.
func unaccented(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if r < 0x300 || r > 0x36F {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// loadWords reads the table name, whose kinds are those named.
func loadWords(fsys fs.FS, name string, kinds map[string]wordKind) (*wordMap, error) {
	m := new(wordMap)
	err := table.Read(fsys, name, []string{"word", "kind", "value"}, func(r table.Row) error {
		kind, ok := kinds[r.Get("kind")]
		if !ok {
			return r.Errorf("unknown kind %q", r.Get("kind"))
		}
		var value float64
		if v := r.Get("value"); v != "" {
			if _, err := fmt.Sscanf(v, "%g", &value); err != nil {
				return r.Errorf("value %q is no number", v)
			}
		}
		word := r.Get("word")
		if word != strings.ToLower(word) {
			return r.Errorf("word %q is not in lower case", word)
		}
		if err := m.add(word, meaning{kind: kind, value: value}); err != nil {
			return r.Errorf("%w", err)
		}
		return nil
	})
	return m, err
}

// Package language tells which language an article is in, so that no engine
// reads a language it was not made for.
package language

import (
	"embed"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/table"
	"golang.org/x/text/language"
)

// Undetermined is the BCP 47 tag of text whose language cannot be told.
const Undetermined = "und"

//go:embed words.tsv
var wordsFS embed.FS

// WordsFS is the embedded data: words.tsv, the small words of languages.
func WordsFS() fs.FS { return wordsFS }

// Detector tells languages apart by their scripts and their small words. It is
// not changed after it is made, and safe for concurrent use.
type Detector struct {
	tags  []string
	words map[uint64][]vote
	// seen is a filter before words: a bit for each hash in it.
	seen [1 << 14 / 64]uint64
}

// vote is what a word counts for a language.
type vote struct {
	tag    uint8 // index into Detector.tags
	weight float32
}

// letterWeight is what a word of a single letter counts for, against a longer
// one.
const letterWeight = 0.3

// maxTags is the most languages that a Detector tells apart.
const maxTags = 64

// New reads words.tsv of fsys, such as WordsFS. It returns all faults, by file
// and line.
func New(fsys fs.FS) (*Detector, error) {
	d := &Detector{words: map[uint64][]vote{}}
	index, letters := map[string]uint8{}, map[uint64]bool{}
	err := table.Read(fsys, "words.tsv", []string{"tag", "words"}, func(r table.Row) error {
		tag := r.Get("tag")
		if t, err := Normalize(tag); err != nil || t != tag {
			return r.Errorf("tag %q is not a BCP 47 tag in its normal form", tag)
		}
		i, ok := index[tag]
		if !ok {
			if len(d.tags) == maxTags {
				return r.Errorf("more than %d languages", maxTags)
			}
			i = uint8(len(d.tags))
			index[tag] = i
			d.tags = append(d.tags, tag)
		}
		words := r.List("words")
		if len(words) == 0 {
			return r.Errorf("no words of %q", tag)
		}
		for _, w := range words {
			h := hashWord(w)
			if utf8.RuneCountInString(w) == 1 {
				letters[h] = true
			}
			votes := d.words[h]
			if len(votes) == 0 || votes[len(votes)-1].tag != i {
				known := false
				for _, v := range votes {
					known = known || v.tag == i
				}
				if !known {
					d.words[h] = append(votes, vote{tag: i})
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("language words: %w", err)
	}
	for h, votes := range d.words {
		// A word of one language in fifty tells more than one of ten, and a
		// single letter, which may abbreviate anything, tells little.
		w := float32(math.Log(float64(len(d.tags)+1)/float64(len(votes))) / math.Log(float64(len(d.tags)+1)))
		if letters[h] {
			w *= letterWeight
		}
		for i := range votes {
			votes[i].weight = w
		}
		d.seen[h>>6&(uint64(len(d.seen))-1)] |= 1 << (h & 63)
	}
	return d, nil
}

// Guess is a language and how sure it is.
type Guess struct {
	// Tag is a BCP 47 tag of a base language, or Undetermined.
	Tag string
	// Confidence is from 0 to 1.
	Confidence float64
}

// What a sample of an article is: enough to be sure, little enough to be fast.
const (
	maxSample        = 2 << 10 // bytes
	maxSegmentSample = 512     // bytes of one segment
)

// DetectDocument tells the language of an article from a sample of what it
// tells itself; the page around it may be in another language.
func (d *Detector) DetectDocument(doc *article.Document) Guess {
	var c counts
	left := maxSample
	for _, prose := range []bool{true, false} { // headings only where prose is short
		for i := range doc.Segments {
			s := &doc.Segments[i]
			if !s.Kind.Told() || (s.Kind == article.Prose) != prose {
				continue
			}
			text := beginning(doc.Text(s.Span), min(maxSegmentSample, left))
			d.count(&c, text)
			if left -= len(text); left <= 0 {
				return d.decide(&c)
			}
		}
	}
	return d.decide(&c)
}

// Detect tells the language of text from its first 2 KiB.
func (d *Detector) Detect(text string) Guess {
	var c counts
	d.count(&c, beginning(text, maxSample))
	return d.decide(&c)
}

// beginning returns at most n bytes of text, and no part of a rune.
func beginning(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// Normalize returns the normal form of a BCP 47 tag: "fr-CA" for "FR_ca", "fr"
// for "fra".
func Normalize(tag string) (string, error) {
	t, err := language.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("language %q is no BCP 47 tag", tag)
	}
	return t.String(), nil
}

// Same reports whether two tags are of one base language, such as "fr-CA" and
// "fr". What is no tag is the same as nothing.
func Same(a, b string) bool {
	ta, errA := language.Parse(a)
	tb, errB := language.Parse(b)
	if errA != nil || errB != nil {
		return false
	}
	ba, _ := ta.Base()
	bb, _ := tb.Base()
	return ba == bb
}

// counts are what was seen of a text.
type counts struct {
	words  int
	votes  [maxTags]float32
	script [scripts]int // letters
	// Letters that part languages of one script.
	persian, ukrainian, kana int
}

// count adds text to c.
func (d *Detector) count(c *counts, text string) {
	hash, n := uint64(hashSeed), 0
	flush := func() {
		if n == 0 {
			return
		}
		c.words++
		if d.seen[hash>>6&(uint64(len(d.seen))-1)]>>(hash&63)&1 != 0 {
			for _, v := range d.words[hash] {
				c.votes[v.tag] += v.weight
			}
		}
		hash, n = hashSeed, 0
	}
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= b && b <= 'z':
			case 'A' <= b && b <= 'Z':
				b |= 0x20
			case b == '\'':
				if n > 0 {
					hash = (hash ^ '\'') * hashPrime
				}
				flush()
				continue
			default:
				flush()
				continue
			}
			hash = (hash ^ uint64(b)) * hashPrime
			c.script[latin]++
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r == '’' || r == '‘' || r == 'ʼ':
			if n > 0 {
				hash = (hash ^ '\'') * hashPrime
			}
			flush()
		case unicode.IsLetter(r):
			hash = (hash ^ uint64(unicode.ToLower(r))) * hashPrime
			n++
			if r < 0x250 {
				c.script[latin]++
			} else {
				c.letter(r)
			}
		case unicode.IsMark(r):
		default:
			flush()
		}
	}
	flush()
}

// What a decision needs.
const (
	// minRate is the least weight per word of a language's small words in
	// running text of it; names and figures thin them out.
	minRate = 0.12
	// sureMargin is the lead, in votes, at which a guess is 63 % sure.
	sureMargin = 1.0
	// minConfidence is what a guess needs to be told.
	minConfidence = 0.55
)

func (d *Detector) decide(c *counts) Guess {
	letters, top := 0, latin
	for s, n := range c.script {
		letters += n
		if n > c.script[top] {
			top = s
		}
	}
	if letters == 0 {
		return Guess{Tag: Undetermined}
	}
	if top != latin {
		share := float64(c.script[top]) / float64(letters)
		if share < minConfidence || letters < 4 {
			return Guess{Tag: Undetermined, Confidence: 0}
		}
		return Guess{c.scriptLanguage(top), share * (1 - math.Exp(-float64(letters)/20))}
	}
	best, second := 0, -1
	for i := 1; i < len(d.tags); i++ {
		switch {
		case c.votes[i] > c.votes[best]:
			best, second = i, best
		case second < 0 || c.votes[i] > c.votes[second]:
			second = i
		}
	}
	if len(d.tags) == 0 || c.votes[best] == 0 {
		return Guess{Tag: Undetermined}
	}
	margin := float64(c.votes[best])
	if second >= 0 {
		margin -= float64(c.votes[second])
	}
	confidence := (1 - math.Exp(-margin/sureMargin)) * math.Min(1, float64(c.votes[best])/float64(c.words)/minRate)
	confidence *= float64(c.script[latin]) / float64(letters)
	if confidence < minConfidence {
		return Guess{Tag: Undetermined, Confidence: confidence}
	}
	return Guess{d.tags[best], confidence}
}

const (
	hashSeed  = 14695981039346656037 // FNV-1a
	hashPrime = 1099511628211
)

// hashWord hashes a word as count does.
func hashWord(w string) uint64 {
	hash := uint64(hashSeed)
	for _, r := range strings.ToLower(w) {
		if r == '’' {
			r = '\''
		}
		hash = (hash ^ uint64(r)) * hashPrime
	}
	return hash
}

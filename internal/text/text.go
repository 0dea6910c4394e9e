// Package text splits a document's segments into sentences, tokens and
// syntactic words, with byte offsets into the text as submitted.
package text

import "github.com/depeche-events/depeche/internal/article"

// Kind says what a token looks like.
type Kind uint8

// The kinds of token.
const (
	Letters     Kind = iota + 1 // a word, with the hyphens, apostrophes and full stops that belong to it
	Number                      // digits with their separators: «2 000», «3,5», «12/03/2015», «2e»; of «20h30» the 20 and the 30
	Punctuation                 // one mark, or a run such as «...»
	Symbol                      // %, €, °
	Address                     // URL, mail address, @handle, #tag
	Emoji
)

// Token is a surface token: a piece of the text without white space inside,
// save in numbers («2 000») and in nothing else.
type Token struct {
	Span article.Span
	Kind Kind
	// SpaceAfter is false where the next token follows at once.
	SpaceAfter bool
	// Words is the half-open range of Text.Words that the token stands for:
	// one word, or two for a contraction («aux» = à + les).
	Words Range
}

// Word is a syntactic word, the unit that Universal Dependencies annotate.
type Word struct {
	// Form is the word: a piece of the text, or for a contraction what it
	// stands for («à», «les»).
	Form string
	// Token indexes Text.Tokens.
	Token int
}

// Range is the half-open range [First, Last).
type Range struct{ First, Last int }

// Len is the number of things in r.
func (r Range) Len() int { return r.Last - r.First }

// Contains reports whether i is in r.
func (r Range) Contains(i int) bool { return r.First <= i && i < r.Last }

// Sentence is a run of tokens that make one sentence.
type Sentence struct {
	Span   article.Span
	Tokens Range // of Text.Tokens
	Words  Range // of Text.Words
	// Segment indexes Document.Segments.
	Segment int
	// Truncated: the sentence was cut at the bound on its length.
	Truncated bool
}

// Text is the layer over a document: its told segments as sentences, tokens
// and words, in reading order. It is not changed after it is made.
type Text struct {
	Document  *article.Document
	Sentences []Sentence
	Tokens    []Token
	Words     []Word
}

// TokenText returns the text of token i.
func (t *Text) TokenText(i int) string { return t.Document.Text(t.Tokens[i].Span) }

// WordSpan returns the span of the token that word i belongs to.
func (t *Text) WordSpan(i int) article.Span { return t.Tokens[t.Words[i].Token].Span }

// SentenceOf returns the index of the sentence that holds word i.
func (t *Text) SentenceOf(word int) int {
	lo, hi := 0, len(t.Sentences)
	for lo < hi {
		mid := (lo + hi) / 2
		if t.Sentences[mid].Words.Last <= word {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

package text

import (
	"context"
	"github.com/depeche-events/depeche/internal/article"
)

// MaxWords bounds a sentence, in words. A longer one is cut, so that parsing
// stays linear in the length of the text.
const MaxWords = 1000

// scratch is what splitting one document needs and its Text does not keep.
type scratch struct {
	marks    []mark
	hashes   []uint64
	classes  []uint8
	features [maxFeatures]Feature
}

// maxRoom is the length in bytes of the longest article whose tokens find room
// at once.
const maxRoom = 128 << 10

// Split cuts the told segments of doc into sentences, tokens and words. Of a ctx
// that has ended, what is returned is of no use.
func Split(ctx context.Context, doc *article.Document, lang *Language) *Text {
	// French has a token every five bytes; a little more saves growing.
	n := 0
	for _, s := range doc.Segments {
		if s.Kind.Told() {
			n += s.Span.End - s.Span.Begin
		}
	}
	// Clearing the memory of very long ones at once would take longer than
	// whoever waits may have; they grow.
	n = min(n, maxRoom)
	t := &Text{
		Tokens:    make([]Token, 0, n/4+8),
		Words:     make([]Word, 0, n/4+8),
		Sentences: make([]Sentence, 0, n/64+len(doc.Segments)),
	}
	t.split(ctx, doc, lang, nil)
	return t
}

func (t *Text) split(ctx context.Context, doc *article.Document, lang *Language, decide func(Decision) bool) {
	t.Document = doc
	scr := lang.scratch.Get().(*scratch)
	defer lang.scratch.Put(scr)
	sc := scanner{ctx: ctx, lang: lang, tokens: t.Tokens, decide: decide, features: scr.features[:0]}
	for i, seg := range doc.Segments {
		if !seg.Kind.Told() {
			continue
		}
		sc.s, sc.field = doc.Body, seg.Span.Field
		if sc.field == article.Title {
			sc.s = doc.Title
		}
		sc.s = sc.s[:seg.Span.End]
		sc.pos, sc.first, sc.gap, sc.width = seg.Span.Begin, len(sc.tokens), 0, 0
		sc.marks, sc.hashes, sc.classes = scr.marks[:0], scr.hashes[:0], scr.classes[:0]
		sc.scan()
		sc.look()
		if ctx.Err() != nil {
			return // not every token has been looked up
		}
		scr.marks, scr.hashes, scr.classes = sc.marks, sc.hashes, sc.classes
		t.Tokens = sc.tokens
		t.sentences(i, sc.first, &sc)
	}
	t.Tokens = sc.tokens
}

// sentences cuts the tokens of segment seg, which begin with first.
func (t *Text) sentences(seg, first int, sc *scanner) {
	begin := first
	sc.state = sentenceState{}
	for k := first; k < len(t.Tokens) && !sc.stopped(k); k++ {
		if sc.tokens[k].Kind == Punctuation {
			sc.state.reached(sc.text(k))
		}
		if sc.lang.classes.isVerb(sc.classes[k-first]) {
			sc.state.verb = true
		}
		if k+1 == len(t.Tokens) || sc.boundary(k+1, begin) {
			t.close(seg, begin, k+1, sc)
			begin = k + 1
			sc.state = sentenceState{guillemet: sc.state.guillemet}
		}
	}
}

// close makes the sentence of the tokens [begin, end), and its words.
func (t *Text) close(seg, begin, end int, sc *scanner) {
	for begin < end {
		s := Sentence{Segment: seg, Tokens: Range{begin, begin}, Words: Range{len(t.Words), 0}}
		k := begin
		for ; k < end && len(t.Words)-s.Words.First < MaxWords; k++ {
			t.words(k, begin, sc)
		}
		s.Truncated = k < end
		s.Tokens.Last, s.Words.Last = k, len(t.Words)
		s.Span = article.Span{Begin: t.Tokens[begin].Span.Begin, End: t.Tokens[k-1].Span.End, Field: sc.field}
		t.Sentences = append(t.Sentences, s)
		begin = k
	}
}

// words adds the words of token k of the sentence that begins with token
// begin.
func (t *Text) words(k, begin int, sc *scanner) {
	tok := &t.Tokens[k]
	form := sc.s[tok.Span.Begin:tok.Span.End]
	n := len(t.Words)
	if tok.Kind == Letters && sc.lang.contracted[form[0]] && len(form) <= sc.lang.longestContraction {
		c, ok := sc.lang.contractions[sc.hashes[k-sc.first]]
		if ok && (!c.ambiguous || sc.contracted(k, begin)) {
			v := 0
			if isUpper(form) {
				v = 1
				if isCapitals(form) {
					v = 2
				}
			}
			t.Words = append(t.Words, Word{Form: c.words[v][0], Token: k}, Word{Form: c.words[v][1], Token: k})
			tok.Words = Range{n, n + 2}
			return
		}
	}
	t.Words = append(t.Words, Word{Form: form, Token: k})
	tok.Words = Range{n, n + 1}
}

// contracted reports whether the ambiguous token k, of the sentence that begins
// with token begin, stands for two words.
func (sc *scanner) contracted(k, begin int) bool {
	f := sc.contractionFeatures(k, begin)
	score := sc.lang.contraction.score(f)
	if sc.decide != nil {
		return sc.decide(Decision{Token: sc.tokens[k].Span, Features: f, Score: score})
	}
	return score > 0
}

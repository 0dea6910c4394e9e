package text

import "strings"

// sentenceState is what stands open where the splitter reads.
type sentenceState struct {
	guillemet bool // «, which may span sentences
	quoted    bool // a straight or curly quote
	brackets  int
	verb      bool // a verb stands in the sentence so far
}

// reached notes what token k opens and closes.
func (st *sentenceState) reached(form string) {
	switch form {
	case "«":
		st.guillemet = true
	case "»":
		st.guillemet = false
	case "\"":
		st.quoted = !st.quoted
	case "“", "„":
		st.quoted = true
	case "”":
		st.quoted = false
	case "(", "[":
		st.brackets++
	case ")", "]":
		st.brackets = max(0, st.brackets-1)
	}
}

// maxMarks bounds the marks between two words that are looked through.
const maxMarks = 8

// boundary reports whether a sentence begins with token k of the segment,
// where the one so far begins with token begin. What is certain is told by
// rule, the rest by weights.
func (sc *scanner) boundary(k, begin int) bool {
	m, before := sc.marks[k-sc.first], sc.marks[k-1-sc.first]
	if m&blank != 0 {
		return true
	}
	// most places: two words, the second in small letters
	if before&(small|capital) != 0 && before&(stopped|leading) == 0 && m&small != 0 {
		return false
	}
	next, kind := sc.text(k), sc.tokens[k].Kind
	attached := sc.tokens[k-1].Span.End == sc.tokens[k].Span.Begin
	if before&leading != 0 || kind == Punctuation && (sc.closes(k) || isInner(next)) || sc.tokens[k-1].Kind == Punctuation && sc.opens(k-1) {
		return false
	}
	if begin == sc.first && sc.dateline(k) {
		return false
	}
	end := k - 1 // what ends, before the marks that close
	for end > max(begin, k-maxMarks) && sc.tokens[end].Kind == Punctuation && sc.closes(end) {
		end--
	}
	ending := sc.text(end)
	final := sc.tokens[end].Kind == Punctuation && isFinal(ending)
	switch {
	case m&newline != 0 && !sc.wrapped(k):
		if m&small == 0 && ending != "," && !in(sc.lang.openers, ending) {
			return true
		}
		if !final {
			return false
		}
	case final && m&small != 0 && ending != ".":
		return false // « Partez ! » crie-t-il
	case final || ending == ":" || ending == ";" || sc.marks[end-sc.first]&stopped != 0:
	case attached:
		return false
	case m&capital != 0 || kind == Number || kind == Punctuation:
	default:
		return false
	}
	f := sc.boundaryFeatures(k, begin, end)
	score := sc.lang.boundary.score(f) + recallBias
	if !final && sc.marks[end-sc.first]&stopped == 0 && len(sc.s)-sc.tokens[sc.first].Span.Begin < paragraph {
		score -= layoutBias
	}
	if sc.decide != nil {
		return sc.decide(Decision{Boundary: true, Token: sc.tokens[k].Span, Features: f, Score: score})
	}
	return score > 0
}

// Moves of the threshold, in thousandths of a logit, and the length in bytes
// from which on a segment must have lost its line breaks: no paragraph of news
// is that long. Where there are line breaks, it is they that tell headlines,
// and a boundary without a full stop inside a line wants more evidence. Chosen
// on held-out parts of the training texts (docs/text.md).
const (
	recallBias = 300
	layoutBias = 3000
	paragraph  = 4 << 10
)

// closes reports whether the mark k closes what stands before it. A straight
// quote does where it is written on to what it follows.
func (sc *scanner) closes(k int) bool {
	switch sc.text(k) {
	case "»", "”", ")", "]", "›", "}":
		return true
	case "\"", "’", "'":
		return k > sc.first && sc.tokens[k-1].Span.End == sc.tokens[k].Span.Begin
	}
	return false
}

// opens reports whether the mark k opens what stands behind it, or goes
// between parts of a sentence.
func (sc *scanner) opens(k int) bool {
	switch sc.text(k) {
	case "«", "“", "„", "(", "[", "‹", "{", ",", "–", "—", "-", "--":
		return true
	case "\"", "‘", "'":
		return !sc.closes(k) && !sc.tokens[k].SpaceAfter
	}
	return false
}

// maxDateline bounds a dateline, in tokens.
const maxDateline = 12

// dateline reports whether token k is the dash behind a dateline that begins
// the segment: «Damas (AFP) – ».
func (sc *scanner) dateline(k int) bool {
	if k-sc.first > maxDateline || !isDash(sc.text(k)) {
		return false
	}
	return sc.text(k-1) == ")" || sc.marks[k-1-sc.first]&capital != 0 || sc.tokens[k-1].Kind == Number
}

// wrapped reports whether the line before token k, which begins a line, was
// broken because token k did not fit on it.
func (sc *scanner) wrapped(k int) bool {
	const narrow, wide = 40, 120 // bytes of lines that mail and old pages wrap
	if sc.width == 0 {
		sc.width = sc.longestLine()
	}
	if sc.width < narrow || sc.width > wide {
		return false
	}
	t := sc.tokens[k].Span
	end := sc.tokens[k-1].Span.End
	begin := max(sc.tokens[sc.first].Span.Begin, strings.LastIndexByte(sc.s[:end], '\n')+1)
	return end-begin+1+t.End-t.Begin > sc.width
}

// longestLine returns the length of the segment's longest line, in bytes.
func (sc *scanner) longestLine() int {
	longest := 0
	for line := range strings.SplitSeq(sc.s[sc.tokens[sc.first].Span.Begin:], "\n") {
		longest = max(longest, len(line))
	}
	return longest
}

// isFinal reports whether the token is a mark that ends sentences.
func isFinal(s string) bool {
	switch s[0] {
	case '.', '?', '!':
		return true
	}
	return s == "…"
}

func isDash(s string) bool { return s == "–" || s == "—" || s == "-" || s == "--" }

// isInner reports whether the mark never begins a sentence.
func isInner(s string) bool {
	switch s[0] {
	case ',', ';', ':', '?', '!':
		return true
	}
	return false
}

// text is the text of token k.
func (sc *scanner) text(k int) string {
	s := sc.tokens[k].Span
	return sc.s[s.Begin:s.End]
}

package text

// sentenceState is what stands open where the splitter reads.
type sentenceState struct {
	guillemet bool // «, which may span sentences
	quoted    bool // a straight or curly quote
	brackets  int
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

// boundary reports whether a sentence begins with token k of the segment,
// where the one so far begins with token begin.
func (sc *scanner) boundary(k, begin int) bool {
	m := sc.marks[k-sc.first]
	if m&blank != 0 {
		return true
	}
	next, kind := sc.text(k), sc.tokens[k].Kind
	attached := sc.tokens[k-1].Span.End == sc.tokens[k].Span.Begin
	if attached && isClosing(next) {
		return false
	}
	// what ends, behind the quotes and brackets that close
	end := k - 1
	for end > begin && isClosing(sc.text(end)) {
		end--
	}
	ending := sc.text(end)
	final := isFinal(ending)
	switch {
	case sc.marks[end-sc.first]&leading != 0:
		return false
	case final && m&small != 0 && ending != ".":
		return false // « Partez ! » crie-t-il
	case m&newline != 0:
		return sc.brokenLine(k, end, m)
	case final || ending == ":" || ending == ";" || sc.marks[end-sc.first]&stopped != 0:
	case attached:
		return false
	case m&capital != 0 || kind == Number || kind == Punctuation && !isInner(next):
	default:
		return false
	}
	f := sc.boundaryFeatures(k, begin, end)
	score := sc.lang.boundary.score(f)
	if sc.decide != nil {
		return sc.decide(Decision{Boundary: true, Token: sc.tokens[k].Span, Features: f, Score: score})
	}
	return score > 0
}

// brokenLine reports whether the sentence ends with the line before token k,
// where end is its last token before marks that close.
func (sc *scanner) brokenLine(k, end int, m mark) bool {
	return m&small == 0 && sc.text(end) != ","
}

// isFinal reports whether the token is a mark that ends sentences.
func isFinal(s string) bool {
	switch s[0] {
	case '.', '?', '!':
		return true
	}
	return s == "…"
}

// isInner reports whether the mark never begins a sentence.
func isInner(s string) bool {
	switch s[0] {
	case ',', ';', ':', '.', '?', '!', ')', ']':
		return true
	}
	return s == "»" || s == "…" || s == "”"
}

// isClosing reports whether the token is a mark that closes.
func isClosing(s string) bool {
	switch s {
	case "»", "\"", "”", ")", "]", "’", "'", "›":
		return true
	}
	return false
}

func (sc *scanner) text(k int) string {
	s := sc.tokens[k].Span
	return sc.s[s.Begin:s.End]
}

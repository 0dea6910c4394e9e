package text

// boundary reports whether a sentence begins with token k of the segment,
// which is not the first.
func (sc *scanner) boundary(k int) bool {
	m := sc.marks[k-sc.first]
	if m&blank != 0 {
		return true
	}
	next := sc.text(k)
	if sc.tokens[k-1].Span.End == sc.tokens[k].Span.Begin && isClosing(next) {
		return false
	}
	// what ends, behind the quotes and brackets that close
	e := k - 1
	for e > sc.first && isClosing(sc.text(e)) {
		e--
	}
	end := sc.text(e)
	ended := end == "." || end == "?" || end == "!" || end == "…" || end[0] == '.' && len(end) > 1
	switch {
	case ended:
		return m&small == 0
	case sc.marks[e-sc.first]&stopped != 0:
		return m&capital != 0
	case m&newline != 0:
		return m&small == 0 && end != ","
	}
	return false
}

func (sc *scanner) text(k int) string {
	s := sc.tokens[k].Span
	return sc.s[s.Begin:s.End]
}

// isClosing reports whether the token is a mark that closes.
func isClosing(s string) bool {
	switch s {
	case "»", "\"", "”", ")", "]", "’", "'", "›":
		return true
	}
	return false
}

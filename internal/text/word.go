package text

import (
	"strings"
	"unicode/utf8"
)

// word reads the word that begins at b and is known up to i, with what is
// written on to it.
func (sc *scanner) word(b, i int) {
	i = sc.run(i)
	for i < len(sc.s) {
		c, n := classAt(sc.s, i)
		switch c {
		case apostrophe:
			if in(sc.lang.elisions, sc.s[b:i]) && !sc.isInitial(b, i, i+n) {
				if e := sc.wholeFrom(b, i); e > 0 {
					i = e
					continue
				}
				sc.emit(b, i+n, Letters, 0)
				return
			}
			if !sc.wordAt(i + n) {
				sc.emit(b, i, Letters, 0)
				return
			}
			i = sc.run(i + n)
			continue
		case hyphen:
			if !sc.wordAt(i + n) {
				sc.emit(b, i, Letters, 0)
				return
			}
			if end := sc.clitic(i, maxClitics); end > 0 && !sc.isName(b, i, end) {
				if e := sc.wholeFrom(b, i); e > 0 {
					i = e
					continue
				}
				sc.emit(b, i, Letters, 0)
				for end > 0 {
					sc.emit(sc.pos, end, Letters, 0)
					end = sc.clitic(sc.pos, maxClitics)
				}
				return
			}
			i = sc.run(i + n)
			continue
		}
		switch sc.s[i] {
		case '.':
			if e := sc.stop(b, i); e > 0 {
				i = e
				continue
			}
			if sc.pos > b { // stop has emitted the word with its full stop
				return
			}
		case '@':
			if e := sc.mail(b); e > 0 {
				sc.emit(b, e, Address, 0)
				return
			}
		case ':':
			if strings.HasPrefix(sc.s[i:], "://") {
				sc.address(b)
				return
			}
		case '&':
			// R&D, AT&T
			if sc.wordAt(i+1) && i-b <= maxEntry && isCapitals(sc.s[b:i]) && isUpper(sc.s[i+1:]) {
				i = sc.run(i + 1)
				continue
			}
		case '(':
			// élu(e)s
			e := sc.run(i + 1)
			if e < len(sc.s) && sc.s[e] == ')' && in(sc.lang.endings, sc.s[i+1:e]) {
				i = sc.run(e + 1)
				continue
			}
		default:
			if n == 2 && sc.s[i:i+2] == "·" && sc.wordAt(i+2) {
				i = sc.run(i + 2)
				continue
			}
			if n == 2 && sc.s[i:i+2] == "°" && in(sc.lang.whole, sc.s[b:i+2]) {
				i += 2
			}
		}
		break
	}
	sc.emit(b, i, Letters, 0)
}

// isInitial reports whether the letter [b, i) before an apostrophe is the head of
// a name that goes on at next, and no word cut off: nothing is elided before a
// consonant («N'Guessan», «M'Bow»).
func (sc *scanner) isInitial(b, i, next int) bool {
	if i-b != 1 || !isUpper(sc.s[b:i]) || next+1 >= len(sc.s) {
		return false
	}
	c, after := sc.s[next], sc.s[next+1]
	return c >= 'B' && c <= 'Z' && !strings.ContainsRune("EHIOUY", rune(c)) && after >= 'a' && after <= 'z'
}

// wholeFrom returns the end of the longest word of the table Whole that begins
// at b and goes beyond i, or 0.
func (sc *scanner) wholeFrom(b, i int) int {
	var ends [6]int
	k := 0
	for e := i; k < len(ends) && e-b <= maxEntry; k++ {
		c, n := sc.at(e)
		if c != apostrophe && c != hyphen && (n == 0 || sc.s[e] != '.') || !sc.wordAt(e+n) {
			break
		}
		e = sc.run(e + n)
		ends[k] = e
	}
	for k--; k >= 0; k-- {
		if in(sc.lang.whole, sc.s[b:ends[k]]) {
			return ends[k]
		}
	}
	return 0
}

// maxClitics bounds the clitics after one word: donnez-le-moi.
const maxClitics = 3

// clitic returns the end of the clitic whose hyphen stands at i, or 0. What
// follows a clitic is no part of a word, but one of at most left-1 clitics.
func (sc *scanner) clitic(i, left int) int {
	c, n := sc.at(i)
	if c != hyphen || left == 0 {
		return 0
	}
	e := sc.run(i + n)
	for range 2 {
		if e-i > maxEntry {
			return 0
		}
		c, n = sc.at(e)
		if in(sc.lang.clitics, sc.s[i:e]) && (c != hyphen && c != apostrophe || !sc.wordAt(e+n) || sc.clitic(e, left-1) > 0) {
			return e
		}
		if c == apostrophe && in(sc.lang.clitics, sc.s[i:e+n]) {
			return e + n
		}
		if c != hyphen {
			return 0
		}
		e = sc.run(e + n) // -t-il
	}
	return 0
}

// isName reports whether the word s[b:i] before a clitic that ends at end
// looks like part of a name in mid-sentence, as in Kim Jong-il.
func (sc *scanner) isName(b, i, end int) bool {
	if end-b > maxEntry || !isUpper(sc.s[b:i]) || isCapitals(sc.s[b:end]) || len(sc.tokens) == sc.first || sc.gap != 0 {
		return false
	}
	return sc.marks[len(sc.marks)-1]&capital != 0
}

// stop reads a full stop at i after the word that begins at b. It returns
// where to read on if the word goes on, after an acronym's inner stop; or it
// emits the word with its stop; or does nothing and returns 0.
func (sc *scanner) stop(b, i int) int {
	w := sc.s[b:i]
	if len(w) > maxEntry || strings.HasPrefix(sc.s[i+1:], ".") {
		return 0 // no word, or an ellipsis
	}
	if sc.wordAt(i + 1) {
		if e := sc.wholeFrom(b, i); e > 0 {
			return e
		}
		if e := sc.mail(b); e > 0 {
			sc.emit(b, e, Address, 0)
			return 0
		}
		e := sc.run(i + 1)
		if isInitials(w) && utf8.RuneCountInString(sc.s[i+1:e]) == 1 {
			return e
		}
		if e := sc.domain(b); e > 0 {
			sc.emit(b, e, Address, 0)
			return 0
		}
		if isLower(w) && len(w) > 2 && !isUpper(sc.s[i+1:]) && in(sc.lang.endings, sc.s[i+1:e]) {
			return e
		}
	}
	// J.-P.
	if c, n := sc.at(i + 1); c == hyphen && isInitials(w) && isUpper(w) && isUpper(sc.s[i+1+n:]) {
		if e := sc.run(i + 1 + n); utf8.RuneCountInString(sc.s[i+1+n:e]) <= 2 && e < len(sc.s) && sc.s[e] == '.' {
			return e
		}
	}
	if strings.IndexByte(w, '.') >= 0 && isInitials(w) {
		sc.emit(b, i+1, Letters, stopped)
		return 0
	}
	var buf [maxEntry]byte
	if key, ok := fold(buf[:0], w); ok {
		a := sc.lang.abbreviations[string(key)]
		if a.capital && !isUpper(w) {
			a.use = 0
		}
		switch use := a.use; use {
		case Leading:
			sc.emit(b, i+1, Letters, leading)
			return 0
		case Trailing:
			sc.emit(b, i+1, Letters, stopped)
			return 0
		case Counting, Beside:
			if j := sc.next(i + 1); j < len(sc.s) && '0' <= sc.s[j] && sc.s[j] <= '9' {
				sc.emit(b, i+1, Letters, leading)
				return 0
			}
			if use == Beside && len(sc.tokens) > sc.first && sc.tokens[len(sc.tokens)-1].Kind == Number {
				sc.emit(b, i+1, Letters, stopped)
				return 0
			}
		}
	}
	if isUpper(w) && utf8.RuneCountInString(w) == 1 && sc.initial(i+1) {
		sc.emit(b, i+1, Letters, leading)
	}
	return 0
}

// next returns the first place from i on, at most two characters on, that is
// no white space, or the end.
func (sc *scanner) next(i int) int {
	for range 2 {
		c, n := sc.at(i)
		if c != space || n == 0 {
			break
		}
		i += n
	}
	return i
}

// initial reports whether the single capital whose full stop ends at i is the
// initial of a name: a capitalised word follows, and none that opens sentences.
func (sc *scanner) initial(i int) bool {
	i = sc.next(i)
	if i >= len(sc.s) || !isUpper(sc.s[i:]) {
		return false
	}
	e := sc.run(i)
	if e < len(sc.s) && sc.s[e] == '.' && e-i == 1 {
		return true // W. C. Fields
	}
	return !in(sc.lang.openers, sc.s[i:e])
}

// isInitials reports whether w is single letters between full stops and
// hyphens: «O», «O.N», «J.-P».
func isInitials(w string) bool {
	n := 0
	for _, r := range w {
		switch r {
		case '.', '-', '‐', '‑':
			n = 0
		default:
			if n++; n > 1 || classOf(r) != letter && r >= utf8.RuneSelf {
				return false
			}
		}
	}
	return n == 1
}

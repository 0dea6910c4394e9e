package text

import (
	"strings"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
)

// mark is what the scanner learns of a token that the sentence splitter needs
// and the layer does not keep.
type mark uint8

const (
	leading mark = 1 << iota // an abbreviation that never ends a sentence
	stopped                  // an abbreviation or acronym with its full stop: may end one
	newline                  // a line break stands before the token
	blank                    // a blank line stands before the token
	capital                  // begins with a capital
	small                    // begins with a small letter
)

// scanner cuts one segment into tokens. It reads s[pos:] once from left to
// right, looking ahead a bounded number of bytes.
type scanner struct {
	lang   *Language
	s      string // the field up to the segment's end
	field  article.Field
	pos    int
	first  int // index of the segment's first token
	tokens []Token
	marks  []mark // of tokens, from the segment's first token on
	gap    mark   // newline and blank, for the token to come
	// What look finds: hashes of the tokens' texts, and the classes of words.
	hashes  []uint64
	classes []uint8
	width   int // of the longest line in bytes, 0 where not yet measured
	state   sentenceState
	// decide is told of decisions and takes them, if not nil.
	decide   func(Decision) bool
	features []Feature // room for a decision's features
}

// lookAhead bounds what is read beyond a token to know its end: the rest of a
// bare address.
const lookAhead = 256

// scan reads the segment.
func (sc *scanner) scan() {
	for sc.pos < len(sc.s) {
		c, n := classAt(sc.s, sc.pos)
		switch c {
		case space:
			sc.spaces()
		case letter:
			sc.word(sc.pos, sc.pos)
		case digit:
			sc.number(sc.pos)
		case hyphen:
			sc.dash()
		case emoji:
			sc.emoji()
		case punct:
			sc.punctuation(n)
		case apostrophe:
			sc.emit(sc.pos, sc.pos+n, Punctuation, 0)
		default:
			sc.symbol(n)
		}
	}
}

// look hashes the segment's tokens and looks the words up.
func (sc *scanner) look() {
	for k := sc.first; k < len(sc.tokens); k++ {
		h, class := HashValue(sc.text(k)), uint8(0)
		if sc.tokens[k].Kind == Letters {
			class = sc.lang.classes.of(h)
		}
		sc.hashes = append(sc.hashes, h)
		sc.classes = append(sc.classes, class)
	}
}

// emit adds the token s[b:e] and goes on at e.
func (sc *scanner) emit(b, e int, k Kind, m mark) {
	after := true
	if e < len(sc.s) {
		c, _ := classAt(sc.s, e)
		after = c == space
	}
	sc.tokens = append(sc.tokens, Token{Span: article.Span{Begin: b, End: e, Field: sc.field}, Kind: k, SpaceAfter: after})
	if k == Letters {
		if isUpper(sc.s[b:e]) {
			m |= capital
		} else if isLower(sc.s[b:e]) {
			m |= small
		}
	}
	sc.marks = append(sc.marks, m|sc.gap)
	sc.gap = 0
	sc.pos = e
}

// spaces skips white space and notes line breaks.
func (sc *scanner) spaces() {
	for sc.pos < len(sc.s) {
		c, n := classAt(sc.s, sc.pos)
		if c != space {
			return
		}
		if b := sc.s[sc.pos]; b == '\n' || b == '\r' && !strings.HasPrefix(sc.s[sc.pos+1:], "\n") {
			if sc.gap&newline != 0 {
				sc.gap |= blank
			}
			sc.gap |= newline
		}
		sc.pos += n
	}
}

// run returns the end of the letters and digits that begin at i.
func (sc *scanner) run(i int) int {
	for i < len(sc.s) {
		c, n := classAt(sc.s, i)
		if c != letter && c != digit {
			break
		}
		i += n
	}
	return i
}

// at returns the class of the character at i, space at the end, and its size.
func (sc *scanner) at(i int) (class, int) {
	if i >= len(sc.s) {
		return space, 0
	}
	return classAt(sc.s, i)
}

// wordAt reports whether a letter or digit stands at i.
func (sc *scanner) wordAt(i int) bool {
	c, _ := sc.at(i)
	return c == letter || c == digit
}

// word reads the word that begins at b and is known up to i, with what is
// written on to it.
func (sc *scanner) word(b, i int) {
	i = sc.run(i)
	for i < len(sc.s) {
		c, n := classAt(sc.s, i)
		switch c {
		case apostrophe:
			if in(sc.lang.elisions, sc.s[b:i]) {
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
		if isLower(w) && len(w) > 2 && in(sc.lang.endings, sc.s[i+1:e]) {
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

// number reads digits from b, with their separators, and what makes them an
// ordinal or belongs to a name such as «3D».
func (sc *scanner) number(b int) {
	i := sc.digits(b)
	// thousands: one to three digits, then groups of three behind a space
	if i-b <= 3 && sc.s[b] != '0' {
		for {
			c, n := sc.at(i)
			if n == 0 || c != space && c != apostrophe || sc.s[i] < ' ' || sc.digits(i+n)-(i+n) != 3 {
				break
			}
			if j := i + n + 3; j < len(sc.s) && c == space {
				if c, _ := classAt(sc.s, j); c == letter {
					break
				}
			}
			i += n + 3
		}
	}
	for i+1 < len(sc.s) {
		c := sc.s[i]
		if c != ',' && c != '.' && c != '/' && c != ':' && c != '-' || sc.s[i+1] < '0' || sc.s[i+1] > '9' {
			break
		}
		i = sc.digits(i + 1)
	}
	c, n := sc.at(i)
	if c == apostrophe && sc.wordAt(i+n) {
		sc.word(b, i) // 90's
		return
	}
	if c != letter {
		if c == hyphen || i < len(sc.s) && sc.s[i] == '.' {
			if e := sc.domain(b); e > 0 {
				sc.emit(b, e, Address, 0)
				return
			}
		}
		if _, n := sc.at(i); c == hyphen && sc.wordAt(i+n) && sc.clitic(i, maxClitics) == 0 {
			sc.word(b, i) // 4-temps
			return
		}
		sc.emit(b, i, Number, 0)
		return
	}
	e := i
	for e < len(sc.s) {
		c, n := classAt(sc.s, e)
		if c != letter {
			break
		}
		e += n
	}
	switch tail := sc.s[i:e]; {
	case in(sc.lang.units, tail):
		sc.emit(b, i, Number, 0)
		sc.emit(i, e, Letters, 0)
	case in(sc.lang.ordinals, tail) && !sc.wordAt(e):
		sc.emit(b, e, Number, 0)
	default:
		sc.word(b, i)
	}
}

func (sc *scanner) digits(i int) int {
	for i < len(sc.s) && '0' <= sc.s[i] && sc.s[i] <= '9' {
		i++
	}
	return i
}

// dash reads a hyphen that no word stands before: a sign, or a run of dashes.
func (sc *scanner) dash() {
	b := sc.pos
	_, n := classAt(sc.s, b)
	e := b + n
	if n == 1 && e < len(sc.s) && '0' <= sc.s[e] && sc.s[e] <= '9' && sc.spaceBefore() {
		e = sc.digits(e)
		for e+1 < len(sc.s) && (sc.s[e] == ',' || sc.s[e] == '.') && '0' <= sc.s[e+1] && sc.s[e+1] <= '9' {
			e = sc.digits(e + 1)
		}
		sc.emit(b, e, Number, 0)
		return
	}
	for e < len(sc.s) && sc.s[e] == '-' {
		e++
	}
	sc.emit(b, e, Punctuation, 0)
}

// spaceBefore reports whether the character at pos begins the segment or
// stands behind white space.
func (sc *scanner) spaceBefore() bool {
	return len(sc.tokens) == sc.first || sc.tokens[len(sc.tokens)-1].Span.End < sc.pos
}

// punctuation reads one mark of n bytes, or a run of full stops.
func (sc *scanner) punctuation(n int) {
	b, e := sc.pos, sc.pos+n
	if sc.s[b] == '.' {
		for e < len(sc.s) && sc.s[e] == '.' {
			e++
		}
	}
	sc.emit(b, e, Punctuation, 0)
}

// symbol reads a symbol of n bytes, a handle, a tag, a sign before a number.
func (sc *scanner) symbol(n int) {
	b, e := sc.pos, sc.pos+n
	switch c := sc.s[b]; {
	case (c == '@' || c == '#') && sc.spaceBefore() || c == '#' && sc.wordAt(e):
		if e = sc.run(e); e > b+1 {
			sc.emit(b, e, Address, 0)
			return
		}
	case c == '+' && strings.HasPrefix(sc.s[e:], "/-"):
		e += 2
	case c == '+' && e < len(sc.s) && '0' <= sc.s[e] && sc.s[e] <= '9' && sc.spaceBefore():
		sc.emit(b, sc.digits(e), Number, 0)
		return
	case strings.HasPrefix(sc.s[b:], "°C") || strings.HasPrefix(sc.s[b:], "°F"):
		if !sc.wordAt(e + 1) {
			e++
		}
	case sc.s[b] >= utf8.RuneSelf && n == 1: // a run of bytes that are no UTF-8
		for e < len(sc.s) {
			if r, n := utf8.DecodeRuneInString(sc.s[e:]); r != utf8.RuneError || n != 1 {
				break
			}
			e++
		}
	}
	sc.emit(b, e, Symbol, 0)
}

// emoji reads one emoji with its modifiers and joined parts, or a flag.
func (sc *scanner) emoji() {
	b := sc.pos
	r, n := utf8.DecodeRuneInString(sc.s[b:])
	e := b + n
	flag := isRegional(r)
	for e < len(sc.s) {
		r, n := utf8.DecodeRuneInString(sc.s[e:])
		switch {
		case flag && isRegional(r):
			flag = false
			e += n
			continue
		case r == 0xFE0F || r == 0x20E3 || 0x1F3FB <= r && r <= 0x1F3FF || 0xE0020 <= r && r <= 0xE007F:
			e += n
			continue
		case r == 0x200D:
			if c, m := sc.at(e + n); c == emoji {
				e += n + m
				continue
			}
		}
		break
	}
	sc.emit(b, e, Emoji, 0)
}

func isRegional(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

// address reads a URL that begins at b up to white space or a quote.
func (sc *scanner) address(b int) {
	e := b
	for e < len(sc.s) {
		c, n := classAt(sc.s, e)
		if c == space || sc.s[e] == '"' || sc.s[e] == '<' || sc.s[e] == '>' || sc.s[e] >= utf8.RuneSelf && c == punct {
			break
		}
		e += n
	}
	for e > b+1 && strings.IndexByte(".,;:!?)]'", sc.s[e-1]) >= 0 {
		e--
	}
	sc.emit(b, e, Address, 0)
}

// mail returns the end of the mail address that begins at b, or 0.
func (sc *scanner) mail(b int) int {
	i, end := b, min(len(sc.s), b+lookAhead)
	for i < end && isAddressByte(sc.s[i]) {
		i++
	}
	if i == b || i >= end || sc.s[i] != '@' {
		return 0
	}
	at := i
	for i++; i < end && isAddressByte(sc.s[i]); i++ {
	}
	for i > at && (sc.s[i-1] == '.' || sc.s[i-1] == '-') {
		i--
	}
	if i <= at+1 {
		return 0
	}
	return i
}

func isAddressByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_' || c == '+'
}

// domain returns the end of the bare address that begins at b, such as
// exemple.fr/page, or 0.
func (sc *scanner) domain(b int) int {
	i, end := b, min(len(sc.s), b+lookAhead)
	last, parts := b, 0
	for i < end && isAddressByte(sc.s[i]) {
		if sc.s[i] == '.' {
			if i == last {
				break
			}
			last = i + 1
			parts++
		}
		i++
	}
	if i == last { // the sentence's full stop
		i--
		parts--
		last = strings.LastIndexByte(sc.s[b:i], '.') + b + 1
	}
	if parts < 1 || i-last < 2 || i < len(sc.s) && sc.s[i] >= utf8.RuneSelf && sc.wordAt(i) {
		return 0
	}
	if !in(sc.lang.domains, sc.s[last:i]) {
		return 0
	}
	if i < len(sc.s) && sc.s[i] == '/' {
		for i < len(sc.s) && sc.s[i] > ' ' && sc.s[i] < utf8.RuneSelf && strings.IndexByte("\"<>(),;", sc.s[i]) < 0 {
			i++
		}
		for strings.IndexByte(".:!?'", sc.s[i-1]) >= 0 {
			i--
		}
	}
	return i
}

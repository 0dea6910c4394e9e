package article

import (
	"fmt"
	"sort"
)

// matcher finds signals and terms in the words of a line. It is built once
// and not changed after.
type matcher struct {
	patterns []pattern
	// starts finds the patterns that may begin at a word, by its hash; numbers
	// and names are those that begin with any number or with a name.
	starts         map[uint64]*starts
	numbers, names starts
	// seen is a filter before starts: a bit for each hash in it.
	seen [1 << 14 / 64]uint64
	kits []kit
	// kitWords tells the kits that a word belongs to, by bit.
	kitWords map[uint64]kitBits
	reasons  []string // of terms
}

// starts are patterns that may begin at a word, as indices into
// matcher.patterns: those that only count where a line begins, and the others.
type starts struct {
	begin, within []start
}

// start is a pattern that may begin at a word.
type start struct {
	pattern int32  // index into matcher.patterns
	next    uint64 // a bit for each hash that may follow, as element.filter
}

// add adds pattern i, unless it was just added.
func (s *starts) add(p *pattern, i int32) {
	list := &s.within
	if p.signal != nil && (p.signal.Where == Whole || p.signal.Where == Begins) {
		list = &s.begin
	}
	if n := len(*list); n == 0 || (*list)[n-1].pattern != i {
		*list = append(*list, start{i, p.next()})
	}
}

// gapped reports whether p ends with a gap.
func (p *pattern) gapped() bool { return p.elements[len(p.elements)-1].kind == gapElement }

// next returns the filter of p's second word where it is certain which that
// may be, and one that all words pass otherwise.
func (p *pattern) next() uint64 {
	e := p.elements
	if len(e) < 2 || e[0].optional || e[0].kind != wordElement || e[1].optional || e[1].kind != wordElement {
		return ^uint64(0)
	}
	for _, w := range e[0].words {
		if len(w) > 1 {
			return ^uint64(0)
		}
	}
	return e[1].filter
}

type pattern struct {
	elements []element
	signal   *Signal // nil: a term
	explicit bool    // a colon or a © is part of it
	reason   int     // a term's, as index into matcher.reasons
	weight   int
}

type kit struct {
	reason string
	effect Effect
}

// kitBits are sets of kits: those that a word belongs to, and those that it
// is a key word of.
type kitBits struct{ in, key uint64 }

// The terms' reasons that stand first in matcher.reasons.
const (
	addressTerms = iota
	reportTerms
	firstDenseTerms
)

// What languages may have together; ReadSignals holds each to a part of it.
const (
	maxDense = 16 // reasons of terms
	maxKits  = 64
)

// newMatcher compiles the signals of languages.
func newMatcher(all []*Signals) *matcher {
	m := &matcher{starts: map[uint64]*starts{}, kitWords: map[uint64]kitBits{}, reasons: []string{TermAddress, TermReport}}
	for _, s := range all {
		for i := range s.Signals {
			g := &s.Signals[i]
			p := pattern{elements: mustParse(g.Phrase, s.Classes), signal: g}
			for _, e := range p.elements {
				p.explicit = p.explicit || e.kind == colonElement || e.kind == wordElement && e.words[0][0] == hashSign
			}
			m.add(p)
		}
		for _, t := range s.Terms {
			reason := -1
			for i, r := range m.reasons {
				if r == t.Reason {
					reason = i
				}
			}
			if reason < 0 {
				reason = len(m.reasons)
				m.reasons = append(m.reasons, t.Reason)
			}
			m.add(pattern{elements: mustParse(t.Phrase, s.Classes), reason: reason, weight: t.Weight})
		}
		for _, k := range s.Kits {
			bit := uint64(1) << len(m.kits)
			m.kits = append(m.kits, kit{k.Reason, k.Effect})
			for _, w := range k.Other {
				for _, h := range hashes(w) {
					b := m.kitWords[h]
					b.in |= bit
					m.kitWords[h] = b
				}
			}
			for _, w := range k.Key {
				for _, h := range hashes(w) {
					b := m.kitWords[h]
					b.in |= bit
					b.key |= bit
					m.kitWords[h] = b
				}
			}
		}
	}
	if len(m.reasons) > maxDense || len(m.kits) > maxKits {
		panic(fmt.Sprintf("article: %d reasons of terms and %d kits, at most %d and %d", len(m.reasons), len(m.kits), maxDense, maxKits))
	}
	return m
}

// mustParse parses a phrase that ReadSignals has checked.
func mustParse(phrase string, classes map[string][]string) []element {
	e, err := parsePhrase(phrase, classes)
	if err != nil {
		panic(err)
	}
	return e
}

// add indexes p by the words that it may begin with.
func (m *matcher) add(p pattern) {
	for p.elements[0].kind == gapElement {
		p.elements = p.elements[1:] // says nothing at the beginning
	}
	i := int32(len(m.patterns))
	m.patterns = append(m.patterns, p)
	for _, e := range p.elements {
		switch e.kind {
		case numberElement:
			m.numbers.add(&p, i)
		case nameElement:
			m.names.add(&p, i)
		case wordElement:
			for _, w := range e.words {
				h := w[0]
				if m.starts[h] == nil {
					m.starts[h] = new(starts)
				}
				m.starts[h].add(&p, i)
				m.seen[h>>6&(uint64(len(m.seen))-1)] |= 1 << (h & 63)
			}
		}
		if !e.optional {
			break
		}
	}
}

// verdict is what the signals say of a line.
type verdict struct {
	signal   *Signal // the strongest; nil: none
	explicit bool    // it has a colon or a ©, which no sentence would
	gapped   bool    // it ends with a gap, which any words fill
	kit      *kit
	scores   [maxDense]int16 // of terms, by reason
	// sentence: it begins as a sentence of running text does.
	sentence bool
	// mixed: a signal stands within a long line, where a sentence may begin.
	mixed bool
}

// match looks for signals in words, those of the line of text that begins at
// begin.
func (m *matcher) match(text string, begin int, words []word) verdict {
	var v verdict
	if len(words) == 0 {
		return v
	}
	if len(words) <= maxKitWords {
		v.kit = m.matchKit(words)
	}
	// Numbers at the ends of a line, such as counters, are not part of it.
	first, last := 0, len(words)
	for first < last-1 && words[first].shape&number != 0 {
		first++
	}
	for last > first+1 && words[last-1].shape&number != 0 {
		last--
	}
	best, quoted := 0, quotes{text: text, at: begin, even: true}
	try := func(list []start, at int) {
		next := uint64(0)
		if at+1 < len(words) {
			next = 1 << (words[at+1].hash >> 58)
		}
		for _, s := range list {
			if s.next != ^uint64(0) && s.next&next == 0 {
				continue
			}
			p := &m.patterns[s.pattern]
			g := p.signal
			if g == nil {
				if matchElements(p.elements, words, at) >= 0 && (p.reason != addressTerms || !quoted.inside(int(words[at].begin))) {
					v.scores[p.reason] += int16(min(p.weight, 1<<14-int(v.scores[p.reason])))
				}
				continue
			}
			if len(words) > g.MaxWords {
				continue
			}
			end := matchElements(p.elements, words, at)
			if end < 0 || end < last && (g.Where == Whole || g.Where == Ends) {
				continue
			}
			if g.Effect == MarksSentence {
				v.sentence = true
			} else if n := end - at; n > best || n == best && g.Where == Whole {
				v.signal, v.explicit, v.gapped, best = g, p.explicit, p.gapped(), n
			}
		}
	}
	for at := range words {
		w := &words[at]
		if m.seen[w.hash>>6&(uint64(len(m.seen))-1)]>>(w.hash&63)&1 != 0 {
			if s := m.starts[w.hash]; s != nil {
				try(s.within, at)
				if at == 0 || at == first {
					try(s.begin, at)
				} else if w.shape&capital != 0 && len(words) >= minMixed && !v.mixed {
					v.mixed = m.begins(s, words, at)
				}
			}
		}
		if len(words) <= maxOddStart {
			if w.shape&number != 0 {
				try(m.numbers.within, at)
				if at == 0 || at == first {
					try(m.numbers.begin, at)
				}
			}
			if at == 0 && w.shape&(capital|number) != 0 {
				try(m.names.within, at)
				try(m.names.begin, at)
			}
		}
	}
	return v
}

// begins reports whether a signal of at least two words that may begin a line
// begins at words[at], within one.
func (m *matcher) begins(s *starts, words []word, at int) bool {
	for _, list := range [2][]start{s.begin, s.within} {
		for _, s := range list {
			p := &m.patterns[s.pattern]
			if g := p.signal; g == nil || g.Effect == MarksSentence || g.Where == Whole || g.Where == Ends {
				continue
			}
			if matchElements(p.elements, words, at) > at+1 {
				return true
			}
		}
	}
	return false
}

const (
	// maxKitWords is the length of line that kits are looked for in.
	maxKitWords = 24
	// maxOddStart is the length of line in which signals may begin with a
	// number or a name.
	maxOddStart = 24
	// minMixed is the length of line that may hold article and page together.
	minMixed = 20
)

// matchKit returns the first kit that all words are of, one at least by key;
// nil: none.
func (m *matcher) matchKit(words []word) *kit {
	in, key := ^uint64(0), uint64(0)
	for i := range words {
		if words[i].shape&number != 0 {
			continue
		}
		b := m.kitWords[words[i].hash]
		if in &= b.in; in == 0 {
			return nil
		}
		key |= b.key
	}
	for i := range m.kits {
		if in&key>>i&1 != 0 {
			return &m.kits[i]
		}
	}
	return nil
}

// matchElements matches elements from words[at] and returns where the match
// ends, or -1. It takes the longest name and the shortest gap that let the
// rest match; a gap at the end is as long as can be.
func matchElements(elements []element, words []word, at int) int {
	if len(elements) == 0 {
		return at
	}
	e, rest := &elements[0], elements[1:]
	switch e.kind {
	case numberElement:
		if at < len(words) && words[at].shape&number != 0 {
			if end := matchElements(rest, words, at+1); end >= 0 {
				return end
			}
		}
	case nameElement:
		n := 0
		for n < maxName && at+n < len(words) && isNameWord(words, at, n) {
			n++
		}
		for ; n > 0; n-- {
			if words[at+n-1].shape&capital == 0 {
				continue
			}
			if end := matchElements(rest, words, at+n); end >= 0 {
				return end
			}
		}
	case gapElement:
		if len(rest) == 0 { // nothing to stop at
			return min(at+maxGap, len(words))
		}
		for n := 0; n <= maxGap && at+n <= len(words); n++ {
			if end := matchElements(rest, words, at+n); end >= 0 {
				return end
			}
		}
	case colonElement:
		if at > 0 && words[at-1].shape&colon != 0 {
			return matchElements(rest, words, at)
		}
	default:
		if at == len(words) || e.filter>>(words[at].hash>>58)&1 == 0 {
			break
		}
		h := words[at].hash
		i := sort.Search(len(e.words), func(i int) bool { return e.words[i][0] >= h })
		for ; i < len(e.words) && e.words[i][0] == h; i++ {
			if run := e.words[i]; isRun(words[at:], run) {
				if end := matchElements(rest, words, at+len(run)); end >= 0 {
					return end
				}
			}
		}
	}
	if e.optional {
		return matchElements(rest, words, at)
	}
	return -1
}

// isRun reports whether words begin with run.
func isRun(words []word, run []uint64) bool {
	if len(words) < len(run) {
		return false
	}
	for i, h := range run {
		if words[i].hash != h {
			return false
		}
	}
	return true
}

// isNameWord reports whether words[at+n] may be the n-th word of a name:
// capitalised, or a short particle within.
func isNameWord(words []word, at, n int) bool {
	w := &words[at+n]
	if w.shape&capital != 0 {
		return true
	}
	if n == 0 { // «20 Minutes», but not «© 2012 AFP»
		return w.shape&number != 0 && at+1 < len(words) && words[at+1].shape&capital != 0 && (at == 0 || words[at-1].shape&sign == 0)
	}
	return w.shape&(number|sign) == 0 && w.end-w.begin <= 3
}

// quotes tells whether places of a text stand in quotation marks. Places must
// be asked for in order.
type quotes struct {
	text  string
	at    int
	depth int
	even  bool // straight quotes are balanced so far
}

// inside reports whether place is quoted.
func (q *quotes) inside(place int) bool {
	for q.at < place {
		c := q.text[q.at]
		switch {
		case c == '"':
			q.even = !q.even
		case c == 0xC2 && q.at+1 < len(q.text):
			switch q.text[q.at+1] {
			case 0xAB: // «
				q.depth++
			case 0xBB: // »
				q.depth = max(0, q.depth-1)
			}
		case c == 0xE2 && q.at+2 < len(q.text) && q.text[q.at+1] == 0x80:
			switch q.text[q.at+2] {
			case 0x9C: // “
				q.depth++
			case 0x9D: // ”
				q.depth = max(0, q.depth-1)
			}
		}
		q.at++
	}
	return q.depth > 0 || !q.even
}

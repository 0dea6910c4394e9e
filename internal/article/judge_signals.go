package article

import "strings"

// judgeSignals decides what a language's signals decide.
func (p *page) judgeSignals() {
	for i := range p.units {
		u := &p.units[i]
		if u.kind != 0 {
			continue
		}
		p.judgeSignal(u)
	}
	// What is half dense beside what is wholly so belongs to it.
	for i := range p.units {
		u := &p.units[i]
		if u.kind != 0 || u.verdict.scores[reportTerms] > 0 || len(u.words) > maxUnaddressed && u.verdict.scores[addressTerms] == 0 {
			continue
		}
		for r := firstDenseTerms; r < len(p.matcher.reasons); r++ {
			if s := int(u.verdict.scores[r]); s >= 2 && s*14 >= len(u.words) && p.near(i, p.matcher.reasons[r]) {
				u.set(Boilerplate, p.matcher.reasons[r])
				break
			}
		}
	}
}

// judgeSignal decides u by its own words.
func (p *page) judgeSignal(u *unit) {
	v := &u.verdict
	switch {
	case v.signal != nil && !u.reported():
		u.apply(v.signal.Effect, v.signal.Reason)
	case v.kit != nil:
		u.apply(v.kit.effect, v.kit.reason)
	case u.figures():
		u.set(Boilerplate, reasonLabel)
	case isLink(p.text[u.begin:u.end]):
		u.set(Boilerplate, reasonLink)
	case len(u.words) <= maxRow && strings.Contains(p.text[u.begin:u.end], "|"):
		if r := p.row(u); r != "" {
			u.set(Boilerplate, r)
		}
	default:
		if r := p.dense(u); r > 0 {
			u.set(Boilerplate, p.matcher.reasons[r])
		}
	}
}

// maxRow is the most words of a row of scraps that bars part.
const maxRow = 40

// row returns the reason of the first scrap of a row («Par A. Keïta | Le
// Journal | 12 mars») where each is boilerplate by a signal or a label, and
// one at least by a signal; empty: u is no such row.
func (p *page) row(u *unit) string {
	reason := ""
	begin, word := u.begin, 0
	for begin < u.end {
		end := u.end
		if i := strings.IndexByte(p.text[begin:u.end], '|'); i >= 0 {
			end = begin + i
		}
		last := word
		for last < len(u.words) && int(u.words[last].begin) < end {
			last++
		}
		if words := u.words[word:last]; len(words) > 0 {
			v := p.matcher.match(p.text, begin, words)
			switch {
			case v.signal != nil && v.signal.Effect != MarksTeaser && v.signal.Effect != MarksCaption:
				if reason == "" {
					reason = v.signal.Reason
				}
			case v.kit != nil:
				if reason == "" {
					reason = v.kit.reason
				}
			case len(words) > maxLabel:
				return ""
			}
		}
		begin, word = end+1, last
	}
	return reason
}

// figures reports whether u has no word but numbers, such as a date or a
// player's clock.
func (u *unit) figures() bool {
	for i := range u.words {
		if u.words[i].shape&number == 0 {
			return false
		}
	}
	return true
}

// maxBareSentence is the most words of a sentence that a signal decides
// although it speaks to nobody.
const maxBareSentence = 8

// reported reports whether u, in which a signal was found, is still a sentence
// of an article: it ends as one and does not speak to the reader («Publié
// mardi, le rapport accuse l'armée.»).
func (u *unit) reported() bool {
	v := &u.verdict
	if v.signal.Where == Whole && !v.gapped || v.signal.Effect == MarksCaption || v.explicit {
		return false
	}
	most := maxBareSentence
	if v.gapped {
		most /= 2
	}
	return u.stop == fullStop && len(u.words) > most && v.scores[addressTerms] <= v.scores[reportTerms]
}

// near reports whether one of the two units on either side of i is
// boilerplate for reason.
func (p *page) near(i int, reason string) bool {
	for j := max(0, i-2); j < min(len(p.units), i+3); j++ {
		if j != i && p.units[j].kind == Boilerplate && p.units[j].reason == reason {
			return true
		}
	}
	return false
}

// apply makes u what a signal's effect says.
func (u *unit) apply(e Effect, reason string) {
	switch e {
	case MarksTeaser:
		u.set(Teaser, reason)
	case MarksCaption:
		u.set(Caption, "")
	default:
		u.set(Boilerplate, reason)
	}
}

// maxUnaddressed is the most words of boilerplate that speaks to nobody.
const maxUnaddressed = 12

// dense returns the reason whose terms u is dense with, or 0. A page speaks
// to its reader: text that addresses nobody, or reports what somebody said, is
// an article about such things.
func (p *page) dense(u *unit) int {
	s := &u.verdict.scores
	n := len(u.words)
	best, bestScore := 0, 2
	for r := firstDenseTerms; r < len(p.matcher.reasons); r++ {
		score := int(s[r])
		if score > bestScore && score*10 >= n {
			best, bestScore = r, score
		}
	}
	address, report := int(s[addressTerms]), int(s[reportTerms])
	switch {
	case best == 0:
		return 0
	case report > 0 && address < 4*report:
		return 0
	case n > 30 && address < 2:
		return 0
	case n > maxUnaddressed && address < 1:
		return 0
	}
	return best
}

// lacksStops reports whether the text's sentences end without stops, as some
// scrapers leave them; what looks like a row of headlines may then be prose.
func (p *page) lacksStops() bool {
	stops, bare := 0, 0
	for i := range p.units {
		switch u := &p.units[i]; {
		case u.kind != 0 || len(u.words) < minStops:
		case u.stop == open:
			bare++
		default:
			stops++
		}
	}
	return bare > stops
}

// minStops is the length, in words, of a line that should end with a stop if it
// is prose.
const minStops = 16

// judgeHints takes over what the page's markup says.
func (p *page) judgeHints() {
	h := 0
	for i := range p.units {
		u := &p.units[i]
		for h < len(p.hints) && p.hints[h].end <= u.begin {
			h++
		}
		if h == len(p.hints) {
			return
		}
		t := &p.hints[h]
		if u.begin < t.begin || u.end > t.end || u.kind != 0 {
			continue
		}
		switch {
		case t.kind == Boilerplate:
			if !u.proseLike() {
				u.set(Boilerplate, reasonMarkup)
			}
		case t.kind == Heading && len(u.words) > maxHeadline:
		default:
			u.set(t.kind, "")
		}
	}
}

package article

// maxCredit is the most words of a line that only says whose a picture is.
const maxCredit = 8

// judgeCredits finds the caption in a block of two lines, the second of which
// is a credit.
func (p *page) judgeCredits() {
	for i := 1; i < len(p.units); i++ {
		u, c := &p.units[i-1], &p.units[i]
		if c.kind == Caption && !c.blank && len(c.words) <= maxCredit && u.kind == 0 && u.blank && u.lines == 1 && len(u.words) <= 2*maxHeadline && (i+1 == len(p.units) || p.units[i+1].kind != 0 || p.units[i+1].blank || !p.units[i+1].proseLike()) {
			u.set(Caption, "")
		}
	}
}

// judgeTeasers marks what follows a line such as «À lire aussi»: headlines up
// to the next prose.
func (p *page) judgeTeasers() {
	for i := range p.units {
		g := p.units[i].verdict.signal
		if g == nil || g.Effect != OpensTeasers || p.units[i].kind != Boilerplate {
			continue
		}
		first := i + 1
		j := first
		for ; j < len(p.units); j++ {
			u := &p.units[j]
			if u.kind != 0 {
				if g := u.verdict.signal; u.kind == Boilerplate && (g == nil || g.Effect != OpensTeasers) || u.kind == Caption {
					continue
				}
				break
			}
			if u.lines > 1 || len(u.words) > maxHeadline || u.stop != open && u.stop != asking {
				break
			}
		}
		// A short heading between the last of them and the article's going on
		// is the article's.
		if j < len(p.units) && j-first >= 2 {
			if u := &p.units[j-1]; u.kind == 0 && u.blank && p.units[j].proseLike() && 2*len(u.words) <= len(p.units[j-2].words) {
				j--
			}
		}
		for k := first; k < j; k++ {
			if u := &p.units[k]; u.kind == 0 {
				u.set(Teaser, reasonHeadlines)
			}
		}
	}
}

// firstProse returns the index of the first unit that will be prose, or the
// number of units.
func (p *page) firstProse() int {
	first := true
	for i := range p.units {
		u := &p.units[i]
		if u.kind != 0 {
			continue
		}
		if u.proseLike() && !(first && u.headlineLike()) {
			return i
		}
		first = false
	}
	return len(p.units)
}

// judgeHead decides what stands before the first prose: the headline and its
// repetitions, captions, bylines, labels.
func (p *page) judgeHead() {
	head := p.firstProse()
	headline := p.findHeadline(head)
	main := p.title
	if headline >= 0 && len(main) == 0 {
		main = p.units[headline].words
	}
	for i := 0; i < head; i++ {
		u := &p.units[i]
		if len(main) >= minSentence-1 && u.repeats(main, i == headline) || u.kind != 0 {
			continue
		}
		before, after := p.adjacent(i, -1), p.adjacent(i, +1)
		switch {
		case u.names() && p.besideBoilerplate(i) != nil:
			u.set(Boilerplate, reasonByline)
		case before != nil && before.kind == Caption && u.stop == open:
			u.set(Caption, "")
		case after != nil && after.kind == Caption && len(after.words) <= 6:
			u.set(Caption, "")
		case !u.headlineLike():
		case len(u.words) <= maxLabel && u.stop == open:
			reason := reasonLabel
			if b := p.besideBoilerplate(i); b != nil {
				reason = b.reason
			}
			u.set(Boilerplate, reason)
		default:
			u.set(Heading, "")
		}
	}
}

// findHeadline finds and marks the headline before head; -1 for none.
func (p *page) findHeadline(head int) int {
	headline := -1
	for i := 0; i < head; i++ {
		if u := &p.units[i]; u.kind == 0 && u.headlineLike() || u.kind == Heading {
			headline = i
			break
		}
	}
	if headline < 0 { // what looked like a link to another article heads this one
		for i := 0; i < head; i++ {
			if p.units[i].kind == Teaser && p.units[i].verdict.signal != nil {
				p.units[i].set(Heading, "")
				return i
			}
		}
		return -1
	}
	if u := &p.units[headline]; u.kind == 0 && len(u.words) < maxLabel && p.longerHeadline(headline+1, head) {
		u.set(Boilerplate, reasonLabel)
		for i := headline + 1; i < head; i++ {
			if u := &p.units[i]; u.kind == 0 && u.headlineLike() {
				headline = i
				break
			}
		}
	}
	if u := &p.units[headline]; u.kind == 0 {
		u.set(Heading, "")
	}
	return headline
}

// repeats reports whether the unit is the headline again, or holds it, and marks
// it as what it then is. A unit that goes on behind the headline is a caption,
// but for the headline itself.
func (u *unit) repeats(headline []word, itself bool) bool {
	more := len(u.words) - len(headline)
	switch {
	case sameHashes(u.words, headline):
		u.set(Heading, "")
	case more > 0 && more <= 8 && sameHashes(u.words[:len(headline)], headline):
		if !itself && u.kind != Heading {
			u.set(Caption, "")
		}
	case more > 0 && more <= maxLabel && sameHashes(u.words[more:], headline):
		u.set(Heading, "")
	default:
		return false
	}
	return true
}

// longerHeadline reports whether a line of [from, to) is a headline of more
// than a label's words.
func (p *page) longerHeadline(from, to int) bool {
	for i := from; i < to; i++ {
		if u := &p.units[i]; u.kind == 0 && u.headlineLike() && len(u.words) > maxLabel {
			return true
		}
	}
	return false
}

// adjacent returns the unit beside i where no blank line is between.
func (p *page) adjacent(i, step int) *unit {
	j := i + step
	if j < 0 || j >= len(p.units) {
		return nil
	}
	if step < 0 && p.units[i].blank || step > 0 && p.units[j].blank {
		return nil
	}
	return &p.units[j]
}

// besideBoilerplate returns a piece of boilerplate that no blank line parts
// from unit i.
func (p *page) besideBoilerplate(i int) *unit {
	for _, step := range []int{-1, +1} {
		if u := p.adjacent(i, step); u != nil && u.kind == Boilerplate {
			return u
		}
	}
	return nil
}

// sameHashes reports whether a and b have the same folded words.
func sameHashes(a, b []word) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].hash != b[i].hash {
			return false
		}
	}
	return true
}

// judgeBody decides the lines from the first prose on: prose, headings between
// paragraphs, and rows of other articles' headlines.
func (p *page) judgeBody() {
	p.lastProse = -1
	for i := range p.units {
		if u := &p.units[i]; u.kind == Prose || u.kind == 0 && u.proseLike() {
			p.lastProse = i
		}
	}
	clear(p.about)
	listed := false // the last prose announces a list
	for i := 0; i < len(p.units); i++ {
		u := &p.units[i]
		if u.kind != 0 {
			if u.kind == Prose {
				listed = u.stop == leading
			}
			continue
		}
		if p.initials(u) {
			u.set(Boilerplate, reasonByline)
			continue
		}
		if !u.headlineLike() || u.proseLike() && u.stop != open || len(u.words) >= minProse {
			u.set(Prose, "")
			listed = u.stop == leading || listed && (u.bullet || u.stop == listing)
			continue
		}
		end := i + 1
		for end < len(p.units) && p.units[end].kind == 0 && p.units[end].headlineLike() && p.units[end].stop == open && len(p.units[end].words) < maxHeadline {
			end++
		}
		p.judgeRun(i, end, listed)
		i = end - 1
	}
}

// judgeRun decides the units [i, end), lines in the shape of headlines.
func (p *page) judgeRun(i, end int, listed bool) {
	last := end > p.lastProse
	headlines := 0
	for k := i; k < end; k++ {
		if len(p.units[k].words) > maxLabel {
			headlines++
		}
	}
	for k := i; k < end; k++ {
		u := &p.units[k]
		n := len(u.words)
		switch {
		case p.signature(k):
			u.set(Boilerplate, reasonByline)
		case listed, p.stopless && n > maxLabel:
			u.set(Prose, "")
		case last && headlines >= 2 && n > maxLabel, !last && headlines >= 3 && n > maxLabel:
			u.set(Teaser, reasonHeadlines)
		case last && n <= maxLabel && u.stop == open:
			u.set(Boilerplate, reasonLabel)
		case n <= maxLabel && u.stop == open && p.besideBoilerplate(k) != nil:
			u.set(Boilerplate, p.besideBoilerplate(k).reason)
		case last && u.stop == open && !p.related(u):
			u.set(Teaser, reasonHeadlines)
		case last:
			u.set(Prose, "")
		default:
			u.set(Heading, "")
		}
	}
}

// minContent is the length, in bytes, of a word that says what a text is
// about.
const minContent = 6

// related reports whether u shares a long word with the article.
func (p *page) related(u *unit) bool {
	if len(p.about) == 0 {
		for i := range p.units {
			v := &p.units[i]
			if v == u || v.kind != Prose && v.kind != Heading {
				continue
			}
			for k := range v.words {
				if w := &v.words[k]; w.end-w.begin >= minContent {
					p.about[w.hash] = struct{}{}
				}
			}
		}
	}
	for i := range u.words {
		if w := &u.words[i]; w.end-w.begin >= minContent {
			if _, ok := p.about[w.hash]; ok {
				return true
			}
		}
	}
	return false
}

// judgeComments sets aside what follows a line such as «3 commentaires» where
// most of the article stands before it.
func (p *page) judgeComments() {
	for i := range p.units {
		g := p.units[i].verdict.signal
		if g == nil || g.Effect != OpensComments || p.units[i].kind != Boilerplate {
			continue
		}
		if before, after := p.prose(0, i), p.prose(i+1, len(p.units)); before > 0 && before >= after {
			for j := i + 1; j < len(p.units); j++ {
				if u := &p.units[j]; u.kind.Told() {
					u.set(Boilerplate, reasonComments)
				}
			}
			return
		}
	}
}

// prose returns the words of prose in the units [i, end).
func (p *page) prose(i, end int) int {
	n := 0
	for ; i < end; i++ {
		if p.units[i].kind == Prose {
			n += len(p.units[i].words)
		}
	}
	return n
}

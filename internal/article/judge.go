package article

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func lowerAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLower(r)
}

// decisive reports whether the signals alone decide a line.
func (v *verdict) decisive() bool { return v.signal != nil || v.kit != nil }

// The reasons that are told from shape and place, not from a language's words.
const (
	// reasonHeadlines: headlines of other articles in a row.
	reasonHeadlines = "related-headlines"
	// reasonLabel: a word or two that name a section, a tag, a button.
	reasonLabel = "label"
	// reasonComments: what readers wrote.
	reasonComments = "comments"
	// reasonByline: who wrote the article.
	reasonByline = "byline"
	// reasonLink: a bare address on the web.
	reasonLink = "link"
	// reasonMarkup: the page's markup says so.
	reasonMarkup = "markup"
)

// The shapes by which prose and headlines are told, in words.
const (
	minSentence = 5  // a line that ends a sentence is prose from here on
	minProse    = 18 // one that does not is, from here on
	maxHeadline = 25
	maxLabel    = 3
)

func (u *unit) proseLike() bool {
	n := len(u.words)
	switch {
	case n >= minProse, u.lines > 1:
		return true
	case u.end1 == open:
		return (u.bullet || u.verdict.sentence) && n > maxLabel
	case u.end1 == leading || u.end1 == listing:
		return n >= minSentence
	}
	return n >= minSentence
}

func (u *unit) headlineLike() bool {
	return !u.bullet && !u.verdict.sentence && u.lines == 1 && len(u.words) <= maxHeadline && (u.end1 == open || u.end1 == asking && len(u.words) <= minProse)
}

func (u *unit) set(kind SegmentKind, reason string) { u.kind, u.reason = kind, reason }

// judge decides the kind of every unit.
func (p *page) judge(title string) {
	p.title = appendWords(p.title[:0], title, 0, len(title))
	p.judgeSignals()
	p.stopless = p.lacksStops()
	p.judgeHints()
	p.judgeCredits()
	p.judgeTeasers()
	p.judgeHead()
	p.judgeBody()
	p.judgeComments()
	for i := range p.units {
		if p.units[i].kind == 0 {
			p.units[i].kind = Prose
		}
	}
}

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
	return u.end1 == fullStop && len(u.words) > most && v.scores[addressTerms] <= v.scores[reportTerms]
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
		case u.end1 == open:
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
			if u.lines > 1 || len(u.words) > maxHeadline || u.end1 != open && u.end1 != asking {
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
	headline := -1
	for i := 0; i < head; i++ {
		if u := &p.units[i]; u.kind == 0 && u.headlineLike() {
			headline = i
			break
		} else if u.kind == Heading {
			headline = i
			break
		}
	}
	if headline < 0 { // what looked like a link to another article heads this one
		for i := 0; i < head && headline < 0; i++ {
			if p.units[i].kind == Teaser && p.units[i].verdict.signal != nil {
				headline = i
				p.units[i].set(Heading, "")
			}
		}
	}
	if headline >= 0 {
		h := &p.units[headline]
		if h.kind == 0 && len(h.words) < maxLabel && p.longerHeadline(headline+1, head) {
			h.set(Boilerplate, reasonLabel)
			for i := headline + 1; i < head; i++ {
				if u := &p.units[i]; u.kind == 0 && u.headlineLike() {
					headline = i
					break
				}
			}
			h = &p.units[headline]
		}
		if h.kind == 0 {
			h.set(Heading, "")
		}
	}
	main := p.title
	if headline >= 0 && len(main) == 0 {
		main = p.units[headline].words
	}
	for i := 0; i < head; i++ {
		u := &p.units[i]
		if len(main) >= minSentence-1 {
			switch {
			case sameHashes(u.words, main):
				u.set(Heading, "")
				continue
			case len(u.words) > len(main) && len(u.words) <= len(main)+8 && sameHashes(u.words[:len(main)], main):
				if i != headline && u.kind != Heading {
					u.set(Caption, "")
				}
				continue
			case len(u.words) > len(main) && len(u.words) <= len(main)+maxLabel && sameHashes(u.words[len(u.words)-len(main):], main):
				u.set(Heading, "")
				continue
			}
		}
		if u.kind != 0 {
			continue
		}
		before, after := p.adjacent(i, -1), p.adjacent(i, +1)
		switch {
		case u.names() && p.besideBoilerplate(i) != nil:
			u.set(Boilerplate, reasonByline)
		case before != nil && before.kind == Caption && u.end1 == open:
			u.set(Caption, "")
		case after != nil && after.kind == Caption && len(after.words) <= 6:
			u.set(Caption, "")
		case !u.headlineLike():
		case len(u.words) <= maxLabel && u.end1 == open:
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
				listed = u.end1 == leading
			}
			continue
		}
		if p.initials(u) {
			u.set(Boilerplate, reasonByline)
			continue
		}
		if !u.headlineLike() || u.proseLike() && u.end1 != open || len(u.words) >= minProse {
			u.set(Prose, "")
			listed = u.end1 == leading || listed && (u.bullet || u.end1 == listing)
			continue
		}
		end := i + 1
		for end < len(p.units) && p.units[end].kind == 0 && p.units[end].headlineLike() && p.units[end].end1 == open && len(p.units[end].words) < maxHeadline {
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
		case last && n <= maxLabel && u.end1 == open:
			u.set(Boilerplate, reasonLabel)
		case n <= maxLabel && u.end1 == open && p.besideBoilerplate(k) != nil:
			u.set(Boilerplate, p.besideBoilerplate(k).reason)
		case last && u.end1 == open && !p.related(u):
			u.set(Teaser, reasonHeadlines)
		case last:
			u.set(Prose, "")
		default:
			u.set(Heading, "")
		}
	}
}

// maxNames is the most words of a line that only names the author.
const maxNames = 5

// signature reports whether unit i signs the text above it: names or initials
// with no prose right below, or an agency's desk signs («bur-abu/jlb»).
func (p *page) signature(i int) bool {
	u := &p.units[i]
	if i == 0 || i+1 < len(p.units) && (p.units[i+1].kind == Prose || p.units[i+1].kind == 0) {
		return false
	}
	line := p.text[u.begin:u.end]
	if u.lowerStart && strings.ContainsRune(line, '/') && !strings.ContainsAny(line, " \u00A0") {
		return true
	}
	return u.names()
}

// names reports whether u is nothing but two or more capitalised words.
func (u *unit) names() bool {
	if len(u.words) < 2 || len(u.words) > maxNames || u.end1 != open {
		return false
	}
	for i := range u.words {
		if u.words[i].shape&(capital|number) == 0 {
			return false
		}
	}
	return true
}

// initials reports whether u is nothing but two or more initials («H. L.»).
func (p *page) initials(u *unit) bool {
	if len(u.words) < 2 || len(u.words) > maxNames || u.end1 == asking {
		return false
	}
	for k := range u.words {
		if w := &u.words[k]; w.shape&capital == 0 || utf8.RuneCountInString(p.text[w.begin:w.end]) > 1 {
			return false
		}
	}
	return true
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

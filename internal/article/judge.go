package article

import "context"

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

// proseLike reports whether u has the length or the ending of running text.
func (u *unit) proseLike() bool {
	n := len(u.words)
	switch {
	case n >= minProse, u.lines > 1:
		return true
	case u.stop == open:
		return (u.bullet || u.verdict.sentence) && n > maxLabel
	case u.stop == leading || u.stop == listing:
		return n >= minSentence
	}
	return n >= minSentence
}

// headlineLike reports whether u may be a headline: a line without a stop.
func (u *unit) headlineLike() bool {
	return !u.bullet && !u.verdict.sentence && u.lines == 1 && len(u.words) <= maxHeadline && (u.stop == open || u.stop == asking && len(u.words) <= minProse)
}

func (u *unit) set(kind SegmentKind, reason string) { u.kind, u.reason = kind, reason }

// judge decides the kind of every unit.
func (p *page) judge(ctx context.Context, title string) {
	p.title = appendWords(p.title[:0], title, 0, len(title))
	for _, step := range []func(){p.judgeSignals, func() { p.stopless = p.lacksStops() }, p.judgeHints, p.judgeCredits, p.judgeTeasers,
		p.judgeHead, p.judgeBody, p.judgeComments} {
		if step(); ctx.Err() != nil {
			return
		}
	}
	for i := range p.units {
		if p.units[i].kind == 0 {
			p.units[i].kind = Prose
		}
	}
}

package article

import (
	"context"
	"strings"
	"sync"

	"github.com/depeche-events/depeche/internal/interrupt"
)

// Segmenter cuts articles into segments by the signals of any number of
// languages. It is safe for concurrent use.
type Segmenter struct {
	matcher *matcher
	scratch sync.Pool // *page
}

// NewSegmenter returns a segmenter for signals, which may be of several
// languages: the page around an article is often not in the article's. It
// panics where the languages together have more kinds of signals than a line's
// counts hold; each alone, ReadSignals refuses.
func NewSegmenter(signals ...*Signals) *Segmenter {
	s := &Segmenter{matcher: newMatcher(signals)}
	s.scratch.New = func() any { return &page{about: map[uint64]struct{}{}} }
	return s
}

// Segment cuts an article into segments. Every character of its texts that is
// not white space stands in exactly one. Of a ctx that has ended, what is
// returned is of no use.
func (s *Segmenter) Segment(ctx context.Context, r *Reading) *Document {
	p := s.scratch.Get().(*page)
	p.matcher, p.text, p.hints = s.matcher, r.Body, r.hints
	p.read(ctx)
	p.judge(ctx, r.Title)

	d := &Document{Title: r.Title, Body: r.Body, Segments: make([]Segment, 0, len(p.units)+1)}
	if begin, end := trim(r.Title, 0, len(r.Title)); begin < end {
		d.Segments = append(d.Segments, Segment{Kind: Heading, Span: Span{begin, end, Title}})
	}
	for i := range p.units {
		u := &p.units[i]
		d.Segments = append(d.Segments, Segment{Kind: u.kind, Span: Span{Begin: u.begin, End: u.end}, Reason: u.reason})
	}

	p.text, p.hints = "", nil
	if cap(p.words) <= maxKeptWords {
		s.scratch.Put(p)
	}
	return d
}

// maxKeptWords bounds the scratch space that is kept for the next article.
const maxKeptWords = 64 << 10

// page is a body on its way into segments, and the scratch space for it.
type page struct {
	matcher *matcher
	text    string
	hints   []hint
	units   []unit
	spare   []unit
	words   []word
	ends    []int // of each unit's words, while they are read
	title   []word
	// stopless: its sentences end without stops.
	stopless bool
	// lastProse is the index of the last unit of prose; -1: none.
	lastProse int
	// about holds the long words of the article, once they are asked for.
	about map[uint64]struct{}
}

// read cuts the body into units: lines, and paragraphs that a scraper broke
// into lines.
func (p *page) read(ctx context.Context) {
	p.units, p.words = p.units[:0], p.words[:0]
	blank := true
	splitLines(p.text, func(begin, end int) {
		if begin, end = trim(p.text, begin, end); begin == end {
			blank = true
			return
		}
		if n := len(p.units); n == maxLines {
			p.units[n-1].end = end
			return
		}
		p.units = append(p.units, unit{begin: begin, end: end, blank: blank, lines: 1, width: end - begin})
		blank = false
	})
	p.joinWrapped()
	// Words are read in one go, so that the units' slices share one array.
	p.ends = p.ends[:0]
	for i := range interrupt.Range(ctx, len(p.units)) {
		u := &p.units[i]
		for begin := u.begin; begin < u.end && ctx.Err() == nil; {
			end := pieceEnd(p.text, begin, u.end)
			p.words = appendWords(p.words, p.text, begin, end)
			begin = end
		}
		p.ends = append(p.ends, len(p.words))
	}
	if ctx.Err() != nil {
		return
	}
	from := 0
	for i := range interrupt.Range(ctx, len(p.units)) {
		u := &p.units[i]
		u.words = p.words[from:p.ends[i]]
		from = p.ends[i]
		u.look(p.text)
		u.verdict = p.matcher.match(p.text, u.begin, u.words)
	}
	p.joinBroken()
	p.cutMixed()
}

// pieceBytes is about how many bytes of a line are read between two looks at the
// context.
const pieceBytes = 32 << 10

// pieceEnd returns where the piece of s[begin:end] ends that is read next: at a
// space, so that no word is cut.
func pieceEnd(s string, begin, end int) int {
	if end-begin <= pieceBytes {
		return end
	}
	if i := strings.IndexByte(s[begin+pieceBytes:end], ' '); i >= 0 {
		return begin + pieceBytes + i
	}
	return end
}

// maxLines bounds the lines of an article; what follows is one with the last.
const maxLines = 10_000

// The widths, in bytes, that text is wrapped at.
const (
	minWrap = 40
	maxWrap = 130
)

// joinWrapped joins the lines of blocks that were wrapped at a width: lines
// much alike in width, many of which break in the midst of a sentence. A
// paragraph ends with a short line that ends a sentence, or with the block.
func (p *page) joinWrapped() {
	out := p.units[:0]
	for i := 0; i < len(p.units); {
		end, width := i+1, p.units[i].width
		for end < len(p.units) && !p.units[end].blank {
			width = max(width, p.units[end].width)
			end++
		}
		if !p.wrapped(i, end, width) {
			out = append(out, p.units[i:end]...)
			i = end
			continue
		}
		for i < end {
			u := p.units[i]
			for i++; i < end && !(3*p.units[i-1].width < 2*width && p.endsSentence(i-1)); i++ {
				u.end = p.units[i].end
				u.lines++
			}
			out = append(out, u)
		}
	}
	p.units = out
}

// wrapped reports whether the block [i, end) was wrapped at width.
func (p *page) wrapped(i, end, width int) bool {
	breaks := end - i - 1
	if breaks < 2 || width < minWrap || width > maxWrap {
		return false
	}
	broken, full := 0, 0
	for j := i; j < end-1; j++ {
		if 3*p.units[j].width >= 2*width {
			full++
		}
		if !p.endsSentence(j) && lowerAt(p.text, p.units[j+1].begin) {
			broken++
		}
	}
	return 4*full >= 3*breaks && 3*broken >= breaks
}

// endsSentence reports whether unit i ends with more than a word.
func (p *page) endsSentence(i int) bool {
	u := &p.units[i]
	return lineEnding(p.text[u.begin:u.end]) != open
}

// joinBroken joins a line that breaks in the midst of a sentence with the one
// that goes on in lower case.
func (p *page) joinBroken() {
	out := p.units[:0]
	for i := range p.units {
		u := &p.units[i]
		if len(out) > 0 {
			if last := &out[len(out)-1]; p.goesOn(last, u) {
				p.merge(last, u)
				continue
			}
		}
		out = append(out, *u)
	}
	p.units = out
}

// goesOn reports whether b continues the sentence that a breaks off.
func (p *page) goesOn(a, b *unit) bool {
	if !b.lowerStart || b.bullet || a.stop != open && a.stop != listing || a.verdict.decisive() || b.verdict.decisive() || isLink(p.text[a.begin:a.end]) || isLink(p.text[b.begin:b.end]) {
		return false
	}
	return len(a.words) >= minBroken && (len(b.words) >= 2 || !b.blank)
}

// minBroken is the least length, in words, of a line that goes on in the next.
const minBroken = 4

// merge makes b, the unit after a, a part of it.
func (p *page) merge(a, b *unit) {
	a.end, a.stop = b.end, b.stop
	a.lines += b.lines
	a.words = a.words[:len(a.words)+len(b.words)] // they follow each other in page.words
	for i := range b.words {
		a.hash = (a.hash ^ b.words[i].hash) * hashPrime
	}
	a.verdict.mixed = a.verdict.mixed || b.verdict.mixed
	for i := range a.verdict.scores {
		a.verdict.scores[i] += b.verdict.scores[i]
	}
}

// cutMixed cuts the lines in which article and page stand together, such as
// whole articles on one line, where signals begin and end with sentences.
func (p *page) cutMixed() {
	mixed := false
	for i := range p.units {
		u := &p.units[i]
		if u.verdict.mixed && p.dense(u) > 0 {
			u.verdict.mixed = false // it is boilerplate all through
		}
		mixed = mixed || u.mixed()
	}
	if !mixed {
		return
	}
	out := p.spare[:0]
	for i := range p.units {
		if u := &p.units[i]; u.mixed() && len(out) < maxLines {
			out = p.appendPieces(out, u)
		} else {
			out = append(out, *u)
		}
	}
	p.units, p.spare = out, p.units
}

// mixed reports whether u may be cut: a signal stands within it, or it leads
// to another article and goes on for longer than a headline.
func (u *unit) mixed() bool {
	v := &u.verdict
	return v.mixed && v.signal == nil || v.signal != nil && v.signal.Effect == MarksTeaser && len(u.words) >= minMixed
}

// appendPieces appends u to units, cut into what signals tell apart.
func (p *page) appendPieces(units []unit, u *unit) []unit {
	start := len(units)
	told := false
	begin, word := u.begin, 0
	for begin < u.end {
		end := sentenceEnd(p.text, begin, u.end)
		last := word
		for last < len(u.words) && int(u.words[last].begin) < end {
			last++
		}
		if n := len(units); n == start && u.verdict.signal != nil {
			end = p.glueEnd(u.words[word:last], end)
			for last > word && int(u.words[last-1].begin) >= end {
				last--
			}
		}
		piece := unit{blank: len(units) == start && u.blank, lines: u.lines, words: u.words[word:last]}
		piece.begin, piece.end = trim(p.text, begin, end)
		begin, word = end, last
		if piece.begin == piece.end {
			continue
		}
		piece.look(p.text)
		piece.verdict = p.matcher.match(p.text, piece.begin, piece.words)
		p.judgeSignal(&piece)
		if n := len(units); n > start && piece.kind == 0 {
			before := &units[n-1]
			if before.kind == Teaser && piece.stop == open {
				piece.set(Teaser, before.reason)
			}
			if before.kind == 0 {
				p.merge(before, &piece)
				continue
			}
		}
		told = told || piece.kind != 0
		units = append(units, piece)
	}
	if !told {
		return append(units[:start], *u)
	}
	return units
}

// glueEnd returns where a headline ends that a scraper glued to the sentence
// after it («… des enfants handicapésEt pour y arriver, il faut …»), or end.
func (p *page) glueEnd(words []word, end int) int {
	for i := range words {
		if i >= minBroken && len(words)-i > minSentence && words[i].shape&(glued|capital) == glued|capital {
			if lineEnding(p.text[words[i].begin:end]) == fullStop {
				return int(words[i].begin)
			}
		}
	}
	return end
}

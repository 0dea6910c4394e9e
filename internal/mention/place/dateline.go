package place

import (
	"context"
	"github.com/depeche-events/depeche/internal/text"

	"github.com/depeche-events/depeche/internal/interrupt"
)

// A dateline is a place before a dash at the start of a line, as dispatches
// and lists of announcements have it: «GAO (AFP) –», «12 juin : GAO -».
type dateline struct {
	first, last int  // tokens of the name, half-open; 0, 0 for none
	dated       bool // an agency in brackets or a date stands beside it
}

// Bounds of what stands before and after the name of a dateline, in tokens.
const (
	maxDate    = 8
	maxOpening = 6
	minListing = 3 // lines that make a list
	minSure    = 5 // one of so many lines of it opens with a place for sure
)

// dateline returns the dateline that opens sentence si, in capitals.
func (f *Finder) dateline(s *scratch, t *text.Text, si int) dateline {
	r := t.Sentences[si].Tokens
	i := r.First
	if i > 0 && t.Tokens[i-1].Span.Field == t.Tokens[i].Span.Field && !spansLine(t, i) {
		return dateline{}
	}
	d := dateline{}
	for c, number := i, false; c < min(r.Last, i+maxDate); c++ {
		k := &s.toks[c]
		number = number || k.class&Numeral != 0
		if k.letters && k.capital && k.class&Function == 0 {
			break
		}
		if number && t.TokenText(c) == ":" {
			i = c + 1
			break
		}
	}
	j := i
	for j < min(r.Last, i+maxOpening) && s.toks[j].letters && s.toks[j].capital && (s.toks[j].upper || s.toks[j].class&Article != 0) {
		j++
	}
	d.first, d.last = i, j
	if j == i || j == r.Last || !s.toks[j-1].upper {
		return dateline{}
	}
	switch t.TokenText(j) {
	case "(":
		for q := j + 1; q < min(r.Last, j+maxOpening); q++ {
			if t.TokenText(q) == ")" {
				d.dated, j = true, q+1
				break
			}
		}
	case ",":
		for q := j + 1; q < min(r.Last, j+maxDate) && !isDash(t.TokenText(q)); q++ {
			d.dated = d.dated || s.toks[q].class&Numeral != 0
			j = q + 1
		}
	}
	if j >= r.Last || !isDash(t.TokenText(j)) || s.toks[j].glue || !t.Tokens[j-1].SpaceAfter {
		return dateline{}
	}
	return d
}

func isDash(form string) bool { return form == "-" || form == "–" || form == "—" }

// isListing reports whether the document is a list of datelines: several
// lines begin so, enough of them with a place for sure. A debate written down
// has datelines of another kind: «DURAND –».
func (f *Finder) isListing(ctx context.Context, s *scratch, t *text.Text) bool {
	lines, sure := 0, 0
	for si := range interrupt.Range(ctx, len(t.Sentences)) {
		d := f.dateline(s, t, si)
		if d.last == 0 {
			continue
		}
		lines++
		h := hit{nfirst: int32(d.first), nlast: int32(d.last)}
		_, n := f.longest(s, t, d.first, d.last, false)
		if n == d.last-d.first && s.cands[len(s.cands)-1].kind == City || d.dated || f.isTown(s, t, &h) {
			sure++
		}
		s.cands = s.cands[:0]
	}
	return lines >= minListing && sure*minSure >= lines
}

// opensPlace reports whether the unknown name that is the sentence's dateline
// is a place: for its form, for the agency beside it, or for standing in a
// list of them.
func (f *Finder) opensPlace(s *scratch, t *text.Text, h *hit) bool {
	if f.isTown(s, t, h) || s.opening.dated {
		return true
	}
	k := &s.toks[h.nfirst]
	letters := int(s.toks[h.nlast-1].key[1] - k.key[0])
	hash := hashKey(s.keys[k.key[0]:k.key[1]])
	return s.listing && letters > maxAcronym && !(h.nlast == h.nfirst+1 && f.gaz.isWord(hash)) && !f.gaz.isGivenName(hash)
}

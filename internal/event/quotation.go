package event

import (
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/syntax"
)

// quotationWords is how many words a quotation holds that tells an event; a
// shorter one only names it.
const quotationWords = 4

// long reports whether quotation q holds more than a name or a word.
func (r *reading) long(q int32) bool { return r.quotedWords[q] > quotationWords }

// quotation returns the speaker of quotation q: the subject of the verb of
// saying outside it, in a sentence that it touches or that leads to it or
// follows; else who spoke last in its paragraph.
func (r *reading) quotation(sentence int, q int32) (source, bool) {
	touches := func(s int) bool {
		if s < 0 || s >= len(r.Text.Sentences) {
			return false
		}
		for w := r.Text.Sentences[s].Words.First; w < r.Text.Sentences[s].Words.Last; w++ {
			if r.quoted[w] == q {
				return true
			}
		}
		return false
	}
	first, last := sentence, sentence
	for touches(first - 1) {
		first--
	}
	for touches(last + 1) {
		last++
	}
	for s := first; s <= last; s++ {
		if src, ok := r.spokenIn(s, -1); ok {
			return src, true
		}
	}
	if src, ok := r.captioned(q, first); ok {
		return src, true
	}
	// «X s'est exprimé lundi : / « … »», « … » / a lancé X.
	if first > 0 && r.endsIn(first-1, ":") {
		if src, ok := r.spokenIn(first-1, -1); ok {
			return src, true
		}
	}
	segment := r.Text.Sentences[sentence].Segment
	if next := last + 1; next < len(r.Text.Sentences) && r.Text.Sentences[next].Segment == segment {
		if src, ok := r.spokenIn(next, 3); ok {
			return src, true
		}
	}
	start := r.Text.Sentences[first].Words.First
	if first > 0 && r.Text.Sentences[first-1].Segment == segment {
		if i := r.lastSpeaker(start); i >= 0 {
			return source{actor: i, word: -1, stance: Asserts, span: r.Text.Sentences[sentence].Span}, true
		}
	}
	return source{}, false
}

// captioned returns who stands alone before the colon of quotation q in
// sentence s: «Emmanuel Macron : « Nous irons » ».
func (r *reading) captioned(q int32, s int) (source, bool) {
	words := r.Text.Sentences[s].Words
	for w := words.First; w+1 < words.Last && r.quoted[w] < 0; w++ {
		if r.a.Words[w].UPOS == syntax.VERB {
			break
		}
		if r.folded[w] != ":" || r.quoted[w+1] != q {
			continue
		}
		for c := words.First; c < w; c++ {
			if i := r.actorAt[c]; i >= 0 && r.preposition(c) == "" {
				return source{actor: int(i), word: c, stance: Asserts, span: r.span(words.First, w)}, true
			}
		}
	}
	return source{}, false
}

// spokenIn returns who speaks in sentence s outside quotations, by a verb
// within its first reach words; reach < 0: anywhere.
func (r *reading) spokenIn(s, reach int) (source, bool) {
	words := r.Text.Sentences[s].Words
	for w := words.First; w < words.Last; w++ {
		if reach >= 0 && w >= words.First+reach {
			break
		}
		if r.quoted[w] >= 0 {
			continue
		}
		if src, ok := r.accordingAt(w); ok {
			return src, true
		}
		if r.a.Words[w].UPOS == syntax.VERB && r.speaks(w) {
			if src, ok := r.speaker(w, w); ok {
				return src, true
			}
		}
	}
	return source{}, false
}

// endsIn reports whether the last word of sentence s is form.
func (r *reading) endsIn(s int, form string) bool {
	words := r.Text.Sentences[s].Words
	return words.Len() > 0 && r.folded[words.Last-1] == form
}

// bracketed returns who stands alone in brackets at the end of the sentence
// of f, as agencies are named: «… (AFP)».
func (r *reading) bracketed(f *found) (source, bool) {
	s := r.Text.Sentences[f.sentence].Words
	last := s.Last - 1
	for last > s.First && (r.folded[last] == "." || r.folded[last] == "…" || r.folded[last] == "...") {
		last--
	}
	open := last
	for open > s.First && last-open < 6 && r.folded[open] != "(" {
		open--
	}
	if r.folded[last] != ")" || r.folded[open] != "(" || open <= f.head {
		return source{}, false
	}
	for w := open + 1; w < last; w++ {
		i := r.actorAt[w]
		if i < 0 {
			continue
		}
		// «l'Observatoire syrien (OSDH)» is a name and its initials.
		for b := max(s.First, open-8); b < open; b++ {
			if r.actorAt[b] == i {
				return source{}, false
			}
		}
		switch r.Actors[i].Kind {
		case actor.NGO, actor.Media, actor.IGO, actor.Government:
			return source{actor: int(i), word: w, stance: Asserts, span: r.span(open+1, last)}, true
		}
	}
	return source{}, false
}

package event

import (
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/syntax"
)

// source is who says something, and the words that say so.
type source struct {
	actor  int
	stance Stance
	span   article.Span
	// doubted: the article tells it with reserve («prétend»).
	doubted bool
}

// sourcesOf returns who asserts or denies f: «selon X», the subject of a verb
// of saying that governs it or stands beside it, the speaker of its quotation.
func (r *reading) sourcesOf(f *found) []source {
	var out []source
	s := r.Text.Sentences[f.sentence].Words
	for w := s.First; w < s.Last; w++ {
		if w == f.head || w == f.support {
			continue
		}
		word := &r.a.Words[w]
		switch {
		case word.Rel == syntax.Case && r.lex.is(wordsAccording, r.prepositionAt(w)):
			if i := r.voice(int(word.Head)); i >= 0 && !r.dominates(int(word.Head), f.head) {
				out = addSource(out, source{actor: i, stance: Asserts, span: r.phrase(int(word.Head))})
			}
		case word.UPOS == syntax.VERB && r.speaks(w):
			incise := w > f.head && r.incise(w)
			if !r.dominates(w, f.head) && word.Rel.Base() != syntax.Parataxis && !incise && !(r.quoted[f.head] >= 0 && r.quoted[w] < 0) {
				continue
			}
			if src, ok := r.speaker(w, f.head, incise); ok {
				out = addSource(out, src)
			}
		}
	}
	if len(out) == 0 && r.quoted[f.head] >= 0 {
		if src, ok := r.quotation(f.sentence, r.quoted[f.head]); ok {
			out = append(out, src)
		}
	}
	return out
}

func addSource(out []source, s source) []source {
	for i := range out {
		if out[i].actor == s.actor {
			return out
		}
	}
	return append(out, s)
}

func (r *reading) speaks(v int) bool {
	l := r.lemmas[v]
	return r.lex.is(wordsReport, l) || r.lex.is(wordsDeny, l) || r.lex.is(wordsDoubt, l)
}

// speaker returns the subject of the verb of saying v, unless the event at
// head is inside that subject.
func (r *reading) speaker(v, head int, incise bool) (source, bool) {
	for c := range r.a.Children(v) {
		rel := r.a.Words[c].Rel.Base()
		// The parser takes an inverted subject for an object now and then.
		if rel != syntax.Nsubj && r.a.Words[c].Rel != syntax.OblAgent && !(incise && rel == syntax.Obj && c > v) || r.dominates(c, head) {
			continue
		}
		i := r.voice(r.antecedent(c))
		if i < 0 {
			continue
		}
		src := source{actor: i, stance: Asserts, span: r.span(min(c, v), max(c, v)+1)}
		src.doubted = r.lex.is(wordsDoubt, r.lemmas[v])
		if r.lex.is(wordsDeny, r.lemmas[v]) {
			src.stance = Denies
		}
		return src, true
	}
	return source{}, false
}

// incise reports whether v is a verb of saying set behind what is said, with
// its subject after it: «…, a précisé le ministère».
func (r *reading) incise(v int) bool {
	for c := range r.a.Children(v) {
		if c < v && r.a.Words[c].Rel.Base() == syntax.Nsubj && r.a.Words[c].UPOS != syntax.PRON {
			return false
		}
	}
	first := r.groupStart(v)
	if first == 0 {
		return false
	}
	switch r.folded[first-1] {
	case ",", "»", "”", "\"":
		return true
	}
	return false
}

// quotation returns the speaker of quotation q: the subject of the verb of
// saying outside it, in a sentence that it touches.
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
		words := r.Text.Sentences[s].Words
		for w := words.First; w < words.Last; w++ {
			if r.quoted[w] < 0 && r.a.Words[w].UPOS == syntax.VERB && r.speaks(w) {
				if src, ok := r.speaker(w, w, r.incise(w)); ok {
					return src, true
				}
			}
		}
	}
	return source{}, false
}

// voice returns the actor that speaks in the phrase of w: itself, or whose word
// it is («selon les révélations du ministère», «un communiqué de l'armée»);
// -1 for none.
func (r *reading) voice(w int) int {
	w = r.core(w)
	for range 3 {
		if i := r.actorAt[w]; i >= 0 {
			return int(i)
		}
		next := -1
		for c := range r.a.Children(w) {
			if r.a.Words[c].Rel.Base() == syntax.Nmod && (r.preposition(c) == "de" || r.preposition(c) == "par") {
				next = c
				break
			}
		}
		if next < 0 {
			return -1
		}
		w = r.core(next)
	}
	return -1
}

package event

import (
	"github.com/depeche-events/depeche/internal/syntax"
)

// speakerReach is how many sentences back «il a précisé», «de même source»
// and a quotation without a verb find who speaks.
const speakerReach = 3

// twin reports whether «même» stands with w: «la même source».
func (r *reading) twin(w int) bool {
	if !r.lex.is(wordsDocument, r.lemmas[w]) {
		return false
	}
	for c := range r.a.Children(w) {
		if r.lemmas[c] == "meme" {
			return true
		}
	}
	return false
}

// inside reports whether w is part of the phrase of the noun h, and not a
// clause that the parser has put beside it.
func (r *reading) inside(h, w int) bool {
	for steps := 0; steps < 256 && w >= 0; steps++ {
		if w == h {
			return true
		}
		word := &r.a.Words[w]
		if int(word.Head) == h && (word.Rel.Base() == syntax.Conj || word.Rel.Base() == syntax.Parataxis) && word.UPOS == syntax.VERB {
			return false
		}
		w = int(word.Head)
	}
	return false
}

// tells reports whether the event at head is in what the verb of saying v
// says: its clause or object, not its subject nor when it was said.
func (r *reading) tells(v, head int) bool {
	if r.lex.is(wordsCite, r.lemmas[v]) {
		return false
	}
	w, apart := head, false
	for steps := 0; steps < 256; steps++ {
		h := int(r.a.Words[w].Head)
		if h < 0 {
			return false
		}
		if h == v {
			break
		}
		if r.a.Words[w].Rel.Base() == syntax.Advcl && w > h && r.quoted[h] >= 0 && r.quoted[w] < 0 {
			return false // «dit que "la guerre est finie", alors que dix civils ont été tués»
		}
		// «annonce la libération des otages enlevés en mars» says nothing of March.
		apart = apart || r.a.Words[w].Rel.Base() == syntax.ACL && r.within(h, v)
		w = h
	}
	if r.lex.is(wordsCharge, r.lemmas[v]) {
		return w > v && r.infinitive(w)
	}
	switch rel := r.a.Words[w].Rel; rel.Base() {
	case syntax.Ccomp, syntax.Xcomp, syntax.Csubj, syntax.Parataxis:
		return true
	case syntax.Conj:
		// Two clauses beside each other, not what the first says.
		return r.incise(v)
	case syntax.Obj:
		return !apart
	case syntax.Nsubj:
		return rel == syntax.NsubjPass
	case syntax.Obl, syntax.Nmod:
		// «fait état de dix morts», «parle d'une dizaine de morts».
		if w > v && r.preposition(w) == "de" && (r.child(v, syntax.Obj) >= 0 || r.lemmas[v] == "parler") {
			return true
		}
		return r.incise(v) && w < v
	case syntax.Advcl:
		// The parser hangs what is said under an incise so now and then.
		return r.incise(v) && w < v
	}
	return false
}

// within reports whether the noun n is part of an event below the verb v.
func (r *reading) within(n, v int) bool {
	for steps := 0; n >= 0 && n != v && steps < 8; n, steps = int(r.a.Words[n].Head), steps+1 {
		if r.foundAt[n] >= 0 {
			return true
		}
	}
	return false
}

// infinitive reports whether the verb v or its auxiliary is an infinitive:
// «tuer», «avoir tué», «être tué».
func (r *reading) infinitive(v int) bool {
	if r.a.Words[v].Feats.VerbForm == syntax.Inf {
		return true
	}
	for c := range r.a.Children(v) {
		if r.a.Words[c].Rel.Base() == syntax.Aux {
			return r.a.Words[c].Feats.VerbForm == syntax.Inf
		}
	}
	return false
}

// aside reports whether v says what the clause of head tells, set beside it:
// «…, a précisé le ministère», «…, précisant que», «citant X».
func (r *reading) aside(v, head int) bool {
	word := &r.a.Words[v]
	if word.Head < 0 || r.dominates(v, head) {
		return false
	}
	if r.lex.is(wordsCite, r.lemmas[v]) {
		return word.Feats.VerbForm == syntax.Part
	}
	if r.incise(v) {
		return v > head || r.dominates(int(word.Head), head)
	}
	if r.as(v) {
		return r.dominates(int(word.Head), head)
	}
	// «…, ce que dément l'armée».
	if word.Rel.Base() == syntax.ACL && r.a.Words[word.Head].UPOS == syntax.PRON && r.lemmas[word.Head] == "ce" {
		return int(word.Head) > head
	}
	return word.Rel.Base() == syntax.Parataxis && r.dominates(int(word.Head), head)
}

// as reports whether v is set aside by «comme»: «comme l'a précisé X».
func (r *reading) as(v int) bool {
	for c := range r.a.Children(v) {
		if c < v && r.lemmas[c] == "comme" {
			return true
		}
	}
	return false
}

// speaker returns who speaks by the verb v, unless the event at head is
// inside its words.
func (r *reading) speaker(v, head int) (source, bool) {
	i, c := r.speaking(v, head, 3)
	if i < 0 {
		return source{}, false
	}
	src := source{actor: i, word: c, stance: Asserts, span: r.span(min(c, v), max(c, v)+1)}
	if r.Text.SentenceOf(c) != r.Text.SentenceOf(v) {
		src.word, src.span = -1, r.span(v, v+1)
	}
	src.doubted = r.lex.is(wordsDoubt, r.lemmas[v])
	if r.lex.is(wordsDeny, r.lemmas[v]) {
		src.stance = Denies
	}
	return src, true
}

// speaking returns the actor that speaks by the verb v and its word; -1 for
// none. A verb without a subject has that of the verb or noun it hangs on, at
// most up of them.
func (r *reading) speaking(v, head, up int) (actor, word int) {
	incise, cites := r.incise(v) || r.as(v), r.lex.is(wordsCite, r.lemmas[v])
	subject := false
	if r.lex.is(wordsLearn, r.lemmas[v]) && !r.nobody(v) {
		if !incise {
			return -1, -1 // who hears something has not said so
		}
		if i, c := r.heardFrom(v); i >= 0 {
			return i, c
		}
	}
	for c := range r.a.Children(v) {
		w := &r.a.Words[c]
		rel := w.Rel.Base()
		inverted := w.Rel == syntax.ExplSubj && c == v+1 || r.clitic(c)
		if incise && c < v && (r.folded[c] == "nous" || r.folded[c] == "me" || r.folded[c] == "m'") {
			continue // «nous a raconté un habitant»
		}
		switch {
		case cites && rel == syntax.Obj:
		case cites:
			continue
		case rel == syntax.Nsubj && w.Rel != syntax.NsubjPass && !r.topic(c, v), w.Rel == syntax.OblAgent, inverted:
			subject = true
		// The parser takes an inverted subject for something else now and then.
		case incise && c > v && (rel == syntax.Obj || rel == syntax.Obl && r.preposition(c) == "" || rel == syntax.Xcomp && w.UPOS == syntax.NOUN) && !r.timed[c]:
		case incise && c > v && r.timed[c]:
			// «a annoncé dimanche l'ONU»: the subject hangs on the day.
			for d := range r.a.Children(c) {
				if i := r.voice(d); i >= 0 && !r.timed[d] && r.preposition(d) == "" {
					return i, d
				}
			}
			continue
		default:
			continue
		}
		if r.dominates(c, head) {
			continue
		}
		if r.pronoun(c) {
			if i := r.lastSpeaker(v); i >= 0 {
				return i, c
			}
		}
		at := r.antecedent(c)
		if i := r.voice(at); i >= 0 {
			return i, c
		}
		if i := r.referred(at, v); i >= 0 {
			return i, c
		}
	}
	if r.nobody(v) {
		return r.heardFrom(v)
	}
	if incise && !subject {
		if i, c := r.farSubject(v); i >= 0 && !r.dominates(c, head) {
			return i, c
		}
	}
	h := int(r.a.Words[v].Head)
	if subject || cites || up == 0 || h < 0 {
		return -1, -1
	}
	// «…, a annoncé le ministère, précisant que», «X tient à préciser».
	switch f := r.a.Words[v].Feats; {
	case r.a.Words[v].Rel.Base() == syntax.ACL && r.a.Words[h].UPOS != syntax.VERB && (f.VerbForm == syntax.Part && f.Tense == syntax.Pres || f.VerbForm == syntax.Inf):
		if i := r.voice(h); i >= 0 {
			return i, h
		}
	case r.a.Words[h].UPOS != syntax.VERB:
	case r.a.Words[v].Rel.Base() == syntax.Conj && !incise && !r.onlyDescribes(v), f.VerbForm == syntax.Inf,
		f.VerbForm == syntax.Part && f.Tense == syntax.Pres && (r.speaks(h) || r.a.Words[h].Head < 0):
		return r.speaking(h, head, up-1)
	}
	return -1, -1
}

// nobody reports whether «on» is the subject of v.
func (r *reading) nobody(v int) bool {
	for c := range r.a.Children(v) {
		if r.a.Words[c].Rel.Base() == syntax.Nsubj || r.a.Words[c].Rel == syntax.ExplSubj || c == v+1 || c == v-1 {
			switch r.folded[c] {
			case "on", "-t-on", "-on", "l'on":
				return true
			}
		}
	}
	return false
}

// learntReach is how many words behind «a-t-on appris», or a verb set behind
// what is said, its source or subject may stand.
const learntReach = 16

// heardFrom returns whom «on» has it from: «a-t-on appris auprès de la police»,
// «indique-t-on au ministère»; -1 for none.
func (r *reading) heardFrom(v int) (actor, word int) {
	s := r.Text.Sentences[r.Text.SentenceOf(v)].Words
	for w := v + 1; w < min(s.Last, v+learntReach); w++ {
		word := &r.a.Words[w]
		if word.UPOS == syntax.VERB || word.UPOS == syntax.SCONJ || r.folded[w] == "«" {
			break
		}
		if word.UPOS != syntax.NOUN && word.UPOS != syntax.PROPN || r.timed[w] {
			continue
		}
		switch r.preposition(w) {
		case "de", "a", "aupres de", "dans", "chez", "par", "au sein de", "a le sein de", "":
			if i := r.voice(w); i >= 0 {
				return i, w
			}
		}
	}
	return -1, -1
}

// farSubject returns the subject that stands behind v, set off by what is told
// of the saying: «a annoncé, dimanche, à l'AFP, le porte-parole»; -1 for none.
func (r *reading) farSubject(v int) (actor, word int) {
	s := r.Text.Sentences[r.Text.SentenceOf(v)].Words
	for w := v + 1; w < min(s.Last, v+learntReach); w++ {
		word := &r.a.Words[w]
		switch {
		case word.UPOS == syntax.VERB, word.UPOS == syntax.AUX, word.UPOS == syntax.SCONJ, r.folded[w] == "«", r.folded[w] == ":", r.folded[w] == ";":
			return -1, -1
		case word.UPOS != syntax.NOUN && word.UPOS != syntax.PROPN, r.timed[w], word.Rel.Base() == syntax.Flat, r.preposition(w) != "":
			continue
		}
		first := w
		for first > v+1 && int(r.a.Words[first-1].Head) == w && r.a.Words[first-1].UPOS != syntax.PUNCT {
			first--
		}
		if r.folded[first-1] != "," && !r.timed[first-1] && first-1 != v {
			continue // part of the phrase before it
		}
		if i := r.voice(w); i >= 0 {
			return i, w
		}
	}
	return -1, -1
}

// clitic reports whether w is a subject pronoun set behind its verb: «-t-il».
func (r *reading) clitic(w int) bool {
	switch r.folded[w] {
	case "-t-il", "-t-elle", "-t-ils", "-t-elles", "-il", "-elle", "-ils", "-elles":
		return true
	}
	return false
}

// pronoun reports whether w is a personal pronoun that stands for who spoke.
func (r *reading) pronoun(w int) bool {
	if r.clitic(w) {
		return true
	}
	if r.a.Words[w].UPOS != syntax.PRON {
		return false
	}
	switch r.folded[w] {
	case "il", "elle", "ils", "elles", "lui", "eux", "celui-ci", "celle-ci", "ce dernier":
		return true
	}
	return false
}

// referred returns who spoke last before word at, where w stands for them: a
// pronoun, a document or an office without an owner («précise le communiqué»).
func (r *reading) referred(w, at int) int {
	if r.pronoun(w) || r.lex.is(wordsDocument, r.lemmas[w]) {
		return r.lastSpeaker(at)
	}
	return -1
}

// lastSpeaker returns the actor that spoke last before word at, within
// speakerReach sentences; -1 for none. Pronouns are passed over.
func (r *reading) lastSpeaker(at int) int {
	sentence := r.Text.SentenceOf(at)
	for s := sentence; s >= 0 && s >= sentence-speakerReach; s-- {
		words := r.Text.Sentences[s].Words
		for w := min(words.Last, at) - 1; w >= words.First; w-- {
			if r.a.Words[w].Rel == syntax.Case && r.a.Words[w].Head >= 0 && r.lex.is(wordsAccording, r.prepositionAt(w)) {
				if h := int(r.a.Words[w].Head); !r.pronoun(h) {
					if i := r.voiceBefore(h, at); i >= 0 {
						return i
					}
				}
			}
			if r.a.Words[w].UPOS != syntax.VERB || !r.speaks(w) {
				continue
			}
			for c := range r.a.Children(w) {
				rel := r.a.Words[c].Rel
				if (rel.Base() == syntax.Nsubj || rel == syntax.OblAgent || r.incise(w) && c > w && rel.Base() == syntax.Obj) && !r.pronoun(c) {
					if i := r.voiceBefore(r.antecedent(c), at); i >= 0 {
						return i
					}
				}
			}
		}
	}
	return -1
}

// incise reports whether v is a verb of saying set behind what is said, with
// its subject after it: «…, a précisé le ministère».
func (r *reading) incise(v int) bool {
	for c := range r.a.Children(v) {
		if c < v && r.a.Words[c].Rel.Base() == syntax.Nsubj && r.a.Words[c].UPOS != syntax.PRON {
			return false
		}
	}
	f := r.a.Words[v].Feats
	if h := int(r.a.Words[v].Head); f.VerbForm == syntax.Inf && h >= 0 && r.lemmas[h] == "faire" {
		return r.incise(h) // «a fait savoir»
	}
	if f.VerbForm == syntax.Inf || f.VerbForm == syntax.Part && r.child(v, syntax.Aux) < 0 {
		return false
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

// voice returns the actor that speaks in the phrase of w: itself, or whose word
// it is («selon les révélations du ministère», «un communiqué de l'armée»);
// -1 for none.
func (r *reading) voice(w int) int { return r.voiceBefore(w, len(r.a.Words)) }

// voiceBefore is voice for one who asks who spoke before word at: a pronoun
// there or later is not asked again, or «selon lui» would ask itself for ever.
func (r *reading) voiceBefore(w, at int) int {
	w = r.core(w)
	for range 3 {
		if i := r.actorAt[w]; i >= 0 {
			if !r.pronoun(w) || w >= at {
				return int(i)
			}
			if last := r.lastSpeaker(w); last >= 0 {
				return last
			}
			return int(i)
		}
		next := -1
		for c := range r.a.Children(w) {
			rel := r.a.Words[c].Rel.Base()
			if rel == syntax.Nmod && (r.preposition(c) == "de" || r.preposition(c) == "par") {
				next = c
				break
			}
			if by := r.child(c, syntax.OblAgent); rel == syntax.ACL && by >= 0 {
				next = by // «un bilan communiqué par l'armée»
			}
		}
		if next < 0 {
			return -1
		}
		w = r.core(next)
	}
	return -1
}

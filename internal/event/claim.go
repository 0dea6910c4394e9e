package event

import (
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/ontology"
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

// speakerReach is how many sentences back «il a précisé», «de même source»
// and a quotation without a verb find who speaks.
const speakerReach = 3

// quotationWords is how many words a quotation holds that tells an event; a
// shorter one only names it.
const quotationWords = 4

// sourcesOf returns who asserts or denies f: «selon X», the subject of a verb
// of saying that governs it or stands beside it, the speaker of its quotation.
func (r *reading) sourcesOf(f *found) []source {
	if r.presupposed(f) {
		return nil
	}
	var out []source
	s := r.Text.Sentences[f.sentence].Words
	quoted := r.quoted[f.head]
	for w := s.First; w < s.Last; w++ {
		if w == f.head {
			continue
		}
		if src, ok := r.accordingAt(w); ok {
			if !r.inside(int(r.a.Words[w].Head), f.head) && r.scopes(w, f.head) {
				out = addSource(out, src)
			}
			continue
		}
		switch {
		case !r.says(w):
			continue
		case w == f.support: // «l'ONU annonce la reprise de Gao par l'armée»
			if src, ok := r.speaker(w, f.head); ok && !r.acts(f, src.actor) {
				out = addSource(out, src)
			}
			continue
		case r.tells(w, f.head), r.aside(w, f.head):
		case quoted >= 0 && r.quoted[w] != quoted && r.long(quoted):
		default:
			continue
		}
		if src, ok := r.speaker(w, f.head); ok {
			out = addSource(out, src)
		}
	}
	out = r.expecting(f, out)
	if len(out) == 0 && quoted >= 0 && r.long(quoted) {
		if src, ok := r.quotation(f.sentence, quoted); ok {
			out = append(out, src)
		}
	}
	if len(out) == 0 {
		src, ok := r.bracketed(f)
		if !ok {
			src, ok = r.continued(f)
		}
		if ok {
			out = append(out, src)
		}
	}
	return r.ownWord(f, out)
}

// givenBy returns which of a mention's quantities, with their indexes, the
// source s gives: where several speak, those that stand nearest to its words
// («20 000 selon les organisateurs, 5 000 selon la police»).
func (t *telling) givenBy(s source, indexes []int) []int {
	if len(t.sources) < 2 || len(indexes) < 2 {
		return indexes
	}
	var out []int
	for i, q := range t.quantities {
		best, near := -1, 0
		for k, o := range t.sources {
			d := o.span.Begin - q.Span.End // behind it is nearer than before it
			if o.span.Begin < q.Span.Begin {
				d = 4 * (q.Span.Begin - o.span.Begin)
			}
			if best < 0 || d < near {
				best, near = k, d
			}
		}
		if t.sources[best].actor == s.actor {
			out = append(out, indexes[i])
		}
	}
	return out
}

// ownWord drops from the sources of a speech act who performs it: its words
// are the event.
func (r *reading) ownWord(f *found, out []source) []source {
	switch f.sense.typ {
	case ontology.Demand, ontology.Accusation, ontology.Threat, ontology.Rejection, ontology.SupportStatement:
	default:
		return out
	}
	n := 0
	for _, s := range out {
		if !r.acts(f, s.actor) {
			out[n] = s
			n++
		}
	}
	return out[:n]
}

// acts reports whether an actor is an agent of f.
func (r *reading) acts(f *found, actor int) bool {
	for _, p := range f.participants {
		if p.Role == Agent && p.Actor == actor {
			return true
		}
	}
	return false
}

// presupposed reports whether f is only what a time is told by («depuis le
// début de l'offensive»): who speaks then claims something else.
func (r *reading) presupposed(f *found) bool {
	if f.form != nominal || f.support >= 0 {
		return false
	}
	for w, steps := f.head, 0; w >= 0 && steps < 4; w, steps = int(r.a.Words[w].Head), steps+1 {
		switch r.preposition(w) {
		case "depuis", "avant", "apres", "lors de", "pendant", "durant", "suite a", "a la suite de", "a le suite de":
			for c := range r.a.Children(w) {
				if r.a.Words[c].Rel.Base() == syntax.Det && (r.lemmas[c] == "le" || r.lemmas[c] == "ce" || r.lemmas[c] == "son") {
					return true
				}
			}
			return false
		}
		if r.a.Words[w].Rel.Base() != syntax.Nmod {
			return false
		}
	}
	return false
}

func addSource(out []source, s source) []source {
	for i := range out {
		if out[i].actor == s.actor {
			return out
		}
	}
	return append(out, s)
}

// says reports whether w is a verb of saying, or one that cites.
func (r *reading) says(w int) bool {
	return r.a.Words[w].UPOS == syntax.VERB && (r.speaks(w) || r.lex.is(wordsCite, r.lemmas[w]))
}

func (r *reading) speaks(v int) bool {
	l := r.lemmas[v]
	return r.lex.is(wordsReport, l) || r.lex.is(wordsDeny, l) || r.lex.is(wordsDoubt, l)
}

// accordingAt returns the source that the preposition at w introduces:
// «selon X», «d'après le communiqué», «de même source».
func (r *reading) accordingAt(w int) (source, bool) {
	word := &r.a.Words[w]
	h := int(word.Head)
	if word.Rel != syntax.Case || h < 0 || w > h {
		return source{}, false
	}
	bare := r.lemmas[h] == "source" && r.folded[w] == "de" && r.child(h, syntax.Det) < 0
	// «d'après» is two words of one token or of two.
	split := w > 0 && r.folded[w] == "apres" && r.lemmas[w-1] == "de"
	if !bare && !split && !r.lex.is(wordsAccording, r.prepositionAt(w)) {
		return source{}, false
	}
	i := -1
	if !r.twin(h) {
		i = r.voice(h)
	}
	if i < 0 {
		if i = r.referred(h, w); i < 0 {
			return source{}, false
		}
	}
	return source{actor: i, stance: Asserts, span: r.phrase(h)}, true
}

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

// scopes reports whether a «selon» at w bears on the event at head: one inside
// a clause of its own («car, selon eux, …») does not reach out of it.
func (r *reading) scopes(w, head int) bool {
	g := int(r.a.Words[w].Head)
	for steps := 0; steps < 8; steps++ {
		if g = int(r.a.Words[g].Head); g < 0 || r.dominates(g, head) {
			return true
		}
		for c := range r.a.Children(g) {
			if rel := r.a.Words[c].Rel.Base(); (rel == syntax.Mark || rel == syntax.CC && r.lemmas[c] == "car") && c > head && c < w {
				return false
			}
		}
	}
	return true
}

// continued returns the source that opens the paragraph of f («Selon X, …»),
// where nobody speaks in between: it goes on telling.
func (r *reading) continued(f *found) (source, bool) {
	segment := r.Text.Sentences[f.sentence].Segment
	for s := f.sentence; s >= 0 && r.Text.Sentences[s].Segment == segment; s-- {
		words := r.Text.Sentences[s].Words
		opened := false
		for w := words.First; w < words.Last; w++ {
			if src, ok := r.accordingAt(w); ok {
				if s < f.sentence && w < words.First+2 {
					return src, true
				}
				opened = true
			}
			opened = opened || r.says(w)
		}
		if opened {
			return source{}, false
		}
	}
	return source{}, false
}

// tells reports whether the event at head is in what the verb of saying v
// says: its clause or object, not its subject nor when it was said.
func (r *reading) tells(v, head int) bool {
	if r.lex.is(wordsCite, r.lemmas[v]) {
		return false
	}
	w := head
	for steps := 0; steps < 256; steps++ {
		h := int(r.a.Words[w].Head)
		if h < 0 {
			return false
		}
		if h == v {
			break
		}
		w = h
	}
	switch rel := r.a.Words[w].Rel; rel.Base() {
	case syntax.Ccomp, syntax.Xcomp, syntax.Csubj, syntax.Parataxis:
		return true
	case syntax.Conj:
		// Two clauses beside each other, not what the first says.
		return r.incise(v)
	case syntax.Obj:
		return true
	case syntax.Nsubj:
		return rel == syntax.NsubjPass
	case syntax.Advcl, syntax.Obl:
		// The parser hangs what is said under an incise so now and then.
		return r.incise(v) && w < v
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
	src := source{actor: i, stance: Asserts, span: r.span(min(c, v), max(c, v)+1)}
	if r.Text.SentenceOf(c) != r.Text.SentenceOf(v) {
		src.span = r.span(v, v+1)
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
	for c := range r.a.Children(v) {
		w := &r.a.Words[c]
		rel := w.Rel.Base()
		inverted := w.Rel == syntax.ExplSubj && c == v+1 || r.clitic(c)
		switch {
		case cites && rel == syntax.Obj:
		case cites:
			continue
		case rel == syntax.Nsubj && w.Rel != syntax.NsubjPass, w.Rel == syntax.OblAgent, inverted:
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
	case r.a.Words[v].Rel.Base() == syntax.Conj && !incise, f.VerbForm == syntax.Inf,
		f.VerbForm == syntax.Part && f.Tense == syntax.Pres && (r.speaks(h) || r.a.Words[h].Head < 0):
		return r.speaking(h, head, up-1)
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
				if i := r.voice(int(r.a.Words[w].Head)); i >= 0 && !r.pronoun(int(r.a.Words[w].Head)) {
					return i
				}
			}
			if r.a.Words[w].UPOS != syntax.VERB || !r.speaks(w) {
				continue
			}
			for c := range r.a.Children(w) {
				rel := r.a.Words[c].Rel
				if (rel.Base() == syntax.Nsubj || rel == syntax.OblAgent || r.incise(w) && c > w && rel.Base() == syntax.Obj) && !r.pronoun(c) {
					if i := r.voice(r.antecedent(c)); i >= 0 {
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

// expecting adds who expects f, and does not do it: «l'ONU s'attend à une
// offensive».
func (r *reading) expecting(f *found, out []source) []source {
	w := f.head
	if f.support >= 0 {
		w = f.support
	}
	h := int(r.a.Words[w].Head)
	if h < 0 || r.a.Words[h].UPOS != syntax.VERB || !r.lex.is(wordsExpect, r.lemmas[h]) || r.a.Words[w].Rel.Base() == syntax.Nsubj {
		return out
	}
	i, c := r.speaking(h, f.head, 1)
	if i < 0 {
		return out
	}
	for _, p := range f.participants {
		if p.Role == Agent && r.related(p.Actor, i) {
			return out
		}
	}
	return addSource(out, source{actor: i, stance: Expects, span: r.span(min(c, h), max(c, h)+1)})
}

// long reports whether quotation q holds more than a name or a word.
func (r *reading) long(q int32) bool {
	n := 0
	for _, have := range r.quoted {
		if have == q {
			n++
		}
	}
	return n > quotationWords
}

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
			return source{actor: i, stance: Asserts, span: r.Text.Sentences[sentence].Span}, true
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
			return source{actor: int(i), stance: Asserts, span: r.span(open+1, last)}, true
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
			if !r.pronoun(w) {
				return int(i)
			}
			if last := r.lastSpeaker(w); last >= 0 {
				return last
			}
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

package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// source is who says something, and the words that say so.
type source struct {
	actor  int
	word   int // the word of the phrase that names them; -1: another sentence's
	stance Stance
	span   article.Span
	// doubted: the article tells it with reserve («prétend»).
	doubted bool
}

// sourcesOf returns who asserts or denies f: «selon X», the subject of a verb
// of saying that governs it or stands beside it, the speaker of its quotation.
func (r *reading) sourcesOf(f *found) []source {
	if r.presupposed(f) {
		return nil
	}
	var out []source
	s := r.Text.Sentences[f.sentence].Words
	quoted := r.quoted[f.head]
	described := r.described(f)
	// What tells a known thing apart is the writer's, whoever speaks of it.
	taken := func(by int) bool { return described >= 0 && quoted < 0 && !r.dominates(described, by) }
	for w := s.First; w < s.Last; w++ {
		if w == f.head {
			continue
		}
		if src, ok := r.accordingAt(w); ok {
			if !r.inside(int(r.a.Words[w].Head), f.head) && r.scopes(w, f.head) && !taken(w) {
				out = r.addSources(out, src)
			}
			continue
		}
		switch {
		case !r.says(w), taken(w):
			continue
		case w == f.support: // «l'ONU annonce la reprise de Gao par l'armée»
			if src, ok := r.speaker(w, f.head); ok && !(r.onlyTold(f) && r.negated(w)) && (!r.acts(f, src.actor) || r.announces(w, f, src.actor)) {
				out = r.addSources(out, src)
			}
			continue
		case r.tells(w, f.head), r.aside(w, f.head):
		case quoted >= 0 && r.quoted[w] != quoted && r.long(quoted):
		default:
			continue
		}
		if src, ok := r.speaker(w, f.head); ok {
			out = r.addSources(out, src)
		}
	}
	out = r.expecting(f, out)
	if len(out) == 0 && quoted >= 0 && r.long(quoted) {
		if src, ok := r.quotation(f.sentence, quoted); ok {
			out = append(out, src)
		}
	}
	if len(out) == 0 && (described < 0 || quoted >= 0) {
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
// source s gives: one that «selon» ties to its number gives this one alone;
// of the others, where several speak, those that stand nearest to its words.
func (r *reading) givenBy(t *telling, s source, indexes []int) []int {
	tied := make([]int, len(t.quantities)) // by quantity: the word that names who alone gives it
	var rivals []int                       // of these, who give nothing else
	for i := range t.quantities {
		q := &t.quantities[i]
		tied[i] = -1
		if src, ok := r.tiedTo(q); ok && q.Head < 0 {
			tied[i] = src.word
			rivals = append(rivals, src.word)
		}
	}
	if len(rivals) == 0 && (len(t.sources) < 2 || len(indexes) < 2) {
		return indexes
	}
	var out []int
	for i := range t.quantities {
		if tied[i] >= 0 {
			if tied[i] == s.word {
				out = append(out, indexes[i])
			}
			continue
		}
		q := &t.quantities[i]
		best, near := -1, 0
		for k, o := range t.sources {
			d := o.span.Begin - q.Span.End // behind it is nearer than before it
			if o.span.Begin < q.Span.Begin {
				d = 4 * (q.Span.Begin - o.span.Begin)
			}
			if !slices.Contains(rivals, o.word) && (best < 0 || d < near) {
				best, near = k, d
			}
		}
		if best >= 0 && t.sources[best].actor == s.actor {
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

// described returns the verb of the relative clause or participle by which f
// tells a known thing apart («les milices qui tiennent le nord»); -1 for none.
// Of an indefinite one it tells news: «une attaque qui a fait dix morts».
func (r *reading) described(f *found) int {
	if f.form != verbal || f.sense.typ == ontology.Killing {
		return -1
	}
	for w, steps := f.head, 0; steps < 4; steps++ {
		word := &r.a.Words[w]
		h := int(word.Head)
		if h < 0 {
			return -1
		}
		switch word.Rel.Base() {
		case syntax.ACL:
			if r.a.Words[h].UPOS == syntax.NOUN && r.definite(h) {
				return w
			}
			return -1
		case syntax.Conj, syntax.Xcomp:
		default:
			return -1
		}
		w = h
	}
	return -1
}

// definite reports whether the noun n is told as known: «les», «ces», «leurs».
func (r *reading) definite(n int) bool {
	for c := range r.a.Children(n) {
		if r.a.Words[c].Rel.Base() != syntax.Det {
			continue
		}
		switch r.lemmas[c] {
		case "le", "ce", "son", "mon", "notre", "leur":
			return true
		}
	}
	return false
}

// addSources adds a source and those named beside it: «selon la police et des
// témoins».
func (r *reading) addSources(out []source, s source) []source {
	out = addSource(out, s)
	if s.word < 0 {
		return out
	}
	for c := range r.a.Children(s.word) {
		word := &r.a.Words[c]
		if c < s.word || word.Rel.Base() != syntax.Conj || word.UPOS != syntax.NOUN && word.UPOS != syntax.PROPN || r.timed[c] {
			continue
		}
		// The «de» of «des témoins» is an article's.
		if p := r.preposition(c); p != "" && (p != "de" || !r.plural(c)) {
			continue
		}
		if i := r.actorAt[r.core(c)]; i >= 0 {
			more := s
			more.actor, more.word, more.span = int(i), c, r.phrase(c)
			out = addSource(out, more)
		}
	}
	return out
}

func (r *reading) plural(w int) bool { return r.a.Words[w].Feats.Number == syntax.Plur }

func addSource(out []source, s source) []source {
	for i := range out {
		if out[i].actor == s.actor {
			return out
		}
	}
	return append(out, s)
}

// announces reports whether by the verb w an actor tells what they do: who
// announces the dispatch of troops says so, who announces a curfew decrees it.
func (r *reading) announces(w int, f *found, by int) bool {
	if !r.lex.is(wordsEnact, r.lemmas[w]) {
		return false
	}
	switch f.sense.typ {
	case ontology.Mobilization, ontology.Withdrawal, ontology.Meeting, ontology.Offensive, ontology.Release, ontology.Arrest,
		ontology.AirStrike, ontology.TerritoryCapture, ontology.Killing:
		return true
	}
	return r.Actors[by].Kind == actor.Person
}

// says reports whether w is a verb of saying, or one that cites.
func (r *reading) says(w int) bool {
	if r.a.Words[w].UPOS != syntax.VERB {
		return false
	}
	l := r.lemmas[w]
	return r.speaks(w) || r.lex.is(wordsCite, l) || r.lex.is(wordsCharge, l) || r.lex.is(wordsLearn, l)
}

func (r *reading) speaks(v int) bool {
	l := r.lemmas[v]
	return r.saysBySet(v) || r.lex.is(wordsReport, l) || r.lex.is(wordsDeny, l) || r.lex.is(wordsDoubt, l) ||
		r.lex.is(wordsUtter, l) && r.behindQuotation(v)
}

// behindQuotation reports whether the verb group of v follows a quotation, or
// is turned round: «a-t-il poursuivi».
func (r *reading) behindQuotation(v int) bool {
	if r.quoted[v] >= 0 || !r.incise(v) {
		return false
	}
	if v > 0 && r.clitic(v-1) || v+1 < len(r.folded) && r.clitic(v+1) {
		return true
	}
	first := r.groupStart(v)
	for w := first - 1; w >= 0 && w >= first-2; w-- {
		switch r.folded[w] {
		case "»", "”", "\"":
			return true
		}
	}
	return false
}

// saysBySet reports whether v says by its object: «faire état de».
func (r *reading) saysBySet(v int) bool {
	o := r.child(v, syntax.Obj)
	return o >= 0 && r.lex.is(wordsReport, r.lemmas[v]+" "+r.lemmas[o])
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
	return source{actor: i, word: h, stance: Asserts, span: r.phrase(h)}, true
}

// scopes reports whether a «selon» at w bears on the event at head: one inside
// a clause of its own («car, selon eux, …») does not reach out of it.
func (r *reading) scopes(w, head int) bool {
	for i := min(w, head); i < max(w, head); i++ {
		if r.folded[i] == ";" {
			return false
		}
	}
	h := int(r.a.Words[w].Head)
	g := h
	for steps := 0; steps < 8; steps++ {
		if g = int(r.a.Words[g].Head); g < 0 || r.dominates(g, head) {
			return true
		}
		// «…, un groupe affilié, selon l'ONU, à Al-Qaïda»: more of the clause follows.
		if r.a.Words[g].Rel.Base() == syntax.ACL && w > 0 && r.folded[w-1] == "," && r.goesOn(g, h) {
			return false
		}
		for c := range r.a.Children(g) {
			if rel := r.a.Words[c].Rel.Base(); (rel == syntax.Mark || rel == syntax.CC && r.lemmas[c] == "car") && c > head && c < w {
				return false
			}
		}
	}
	return true
}

// goesOn reports whether words of the clause of g follow the phrase of h.
func (r *reading) goesOn(g, h int) bool {
	s := r.Text.Sentences[r.Text.SentenceOf(h)].Words
	for w := h + 1; w < s.Last; w++ {
		if r.a.Words[w].UPOS != syntax.PUNCT && r.dominates(g, w) && !r.dominates(h, w) {
			return true
		}
	}
	return false
}

// continued returns the source that opens the paragraph of f («Selon X, …»),
// where nobody speaks in between: it goes on telling.
func (r *reading) continued(f *found) (source, bool) {
	if f.form == verbal && r.relative(f.head) {
		return source{}, false
	}
	for w := f.head; w >= 0; w = int(r.a.Words[w].Head) {
		if r.a.Words[w].Rel.Base() == syntax.ACL && r.a.Words[w].UPOS == syntax.VERB {
			return source{}, false // what a noun is told by is the writer's
		}
	}
	if r.openings == nil {
		r.findOpenings()
	}
	here := &r.openings[f.sentence]
	if here.speaks || here.before == nil {
		return source{}, false
	}
	return *here.before, true
}

// opening is what a sentence says of who tells the ones behind it.
type opening struct {
	speaks bool    // somebody speaks in it
	before *source // who opened the paragraph and still tells at its beginning; nil: nobody
}

// findOpenings reads who tells on from sentence to sentence, once for all
// mentions: to look back for each would take the square of a paragraph.
func (r *reading) findOpenings() {
	r.openings = make([]opening, len(r.Text.Sentences))
	var teller *source
	segment := -1
	for i, s := range r.Text.Sentences {
		if s.Segment != segment {
			teller, segment = nil, s.Segment
		}
		r.openings[i].before = teller
		opened, apart := false, false
		for w := s.Words.First; w < s.Words.Last; w++ {
			src, according := r.accordingAt(w)
			switch {
			case according && w < s.Words.First+2:
				r.openings[i].speaks, teller, opened = true, &src, true
				continue
			case r.folded[w] == ";":
				apart = true
				continue
			case !according && !r.says(w), opened && !apart:
				continue
			}
			// Of «selon les syndicats, …; la police a parlé de» neither tells on.
			r.openings[i].speaks, teller = true, nil
			// An opening «selon» may still stand behind it.
			if w >= s.Words.First+1 {
				break
			}
		}
	}
}

// relative reports whether the verb v has a relative pronoun for its subject.
func (r *reading) relative(v int) bool {
	for c := range r.a.Children(v) {
		if r.a.Words[c].Rel.Base() == syntax.Nsubj && r.a.Words[c].Feats.PronType == syntax.Relative {
			return true
		}
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
	return addSource(out, source{actor: i, word: c, stance: Expects, span: r.span(min(c, h), max(c, h)+1)})
}

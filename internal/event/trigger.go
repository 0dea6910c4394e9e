package event

import (
	"context"
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// triggerReach is how many words after its head a trigger of several words may
// reach.
const triggerReach = 6

// found is one mention of an event, on its way to be merged with others.
type found struct {
	sense *sense
	// head is the word that evokes the event; support the verb that lends a
	// noun its arguments («mener une offensive»), -1 for none.
	head, support int
	first, last   int // the trigger's words, half-open
	// rest are the trigger's other words, whose complements are its own:
	// «prendre le contrôle de X».
	rest     []int
	sentence int
	form     form
	fillers  []filler
	// ownPlace: a place hangs on the trigger itself.
	ownPlace bool
	// denied: its verb is, which is what evokes it.
	denied bool
	roles
}

// form is the part of speech of a trigger.
type form uint8

const (
	verbal form = iota + 1
	nominal
	adjectival
)

// findTriggers finds the words that evoke a sense and whose fillers pass its
// tests.
func (r *reading) findTriggers(ctx context.Context) {
	for si := range interrupt.Range(ctx, len(r.Text.Sentences)) {
		s := &r.Text.Sentences[si]
		for w := s.Words.First; w < s.Words.Last; w++ {
			var list []trigger
			var kind form
			switch r.a.Words[w].UPOS {
			case syntax.VERB, syntax.AUX:
				list, kind = r.lex.verbs[r.lemmas[w]], verbal
			case syntax.NOUN, syntax.PROPN:
				if r.lex.is(wordsAlly, r.lemmas[w]) && r.preposition(w) != "" && r.a.Words[w].Rel.Base() != syntax.Obj {
					continue // «avec le soutien de X» names an ally
				}
				list, kind = r.lex.nouns[r.lemmas[w]], nominal
			case syntax.ADJ:
				if list, kind = r.lex.adjectives[r.lemmas[w]], adjectival; list == nil {
					list, kind = r.participle(w)
				}
			}
			for _, t := range list {
				if f, ok := r.try(t, kind, w, s.Words); ok {
					f.sentence = si
					r.foundAt[w] = int32(len(r.found))
					r.found = append(r.found, f)
					break
				}
			}
		}
	}
	r.dropParts()
}

// dropParts drops the nouns of triggers that undo, refuse or beat off what they
// say alone: who «suspend sa coopération» does not cooperate.
func (r *reading) dropParts() {
	whole := map[int]*sense{}
	for i := range r.found {
		switch s := r.found[i].sense; s.typ {
		case ontology.Sanction, ontology.Rejection, ontology.Demand, ontology.Concession, ontology.ArmedClash:
			for _, w := range r.found[i].rest {
				whole[w] = s
			}
		}
	}
	n := 0
	for i := range r.found {
		f := &r.found[i]
		if h := int(r.a.Words[f.head].Head); h >= 0 && r.a.Words[f.head].Rel.Base() == syntax.Aux && r.foundAt[h] >= 0 && slices.Contains(f.rest, h) {
			r.discard(f.sense, f.head, "told by the verb that it lets do: "+r.quote(h))
			r.foundAt[f.head] = -1
			continue
		}
		if s := whole[f.head]; f.form == nominal && s != nil && s.typ != f.sense.typ {
			r.discard(f.sense, f.head, "part of what "+s.rule+" says")
			r.foundAt[f.head] = -1
			continue
		}
		r.found[n] = *f
		r.foundAt[f.head] = int32(n)
		n++
	}
	r.found = r.found[:n]
}

// participle returns the verbs whose past participle an adjective may be:
// the tagger calls «assiégés» either.
func (r *reading) participle(w int) ([]trigger, form) {
	form := strings.ToLower(r.Text.Words[w].Form)
	for _, plural := range []string{"s", ""} {
		for _, end := range []struct{ participle, infinitive string }{{"ée", "er"}, {"é", "er"}} {
			stem, ok := strings.CutSuffix(form, end.participle+plural)
			if !ok {
				continue
			}
			if list := r.lex.verbs[fold.String(stem)+end.infinitive]; list != nil {
				return list, adjectival
			}
		}
	}
	return nil, 0
}

// try makes an event of trigger t at word w, if all that it asks for is there.
func (r *reading) try(t trigger, kind form, w int, sentence text.Range) (found, bool) {
	f := found{sense: &r.lex.senses[t.sense], head: w, support: -1, first: w, last: w + 1, form: kind}
	if t.denied {
		if f.denied = r.deniedHere(w); !f.denied {
			return f, false
		}
	}
	if t.mute && strings.HasSuffix(strings.ToLower(r.a.Words[w].Lemma), "é") {
		return f, false
	}
	if t.reflexive && !r.reflexive(w) || !t.reflexive && kind == verbal && r.pronominal(w) {
		return f, false
	}
	for _, p := range t.rest {
		at := r.find(p, w, f.rest, t.rest, sentence)
		if at < 0 {
			return f, false
		}
		f.rest = append(f.rest, at)
		f.first, f.last = min(f.first, at), max(f.last, at+1)
	}
	if kind == verbal && len(t.rest) > 0 && r.saysBySet(w) {
		return f, false // «fait état de morts» does not «faire des morts»
	}
	if f.last-f.first > triggerReach {
		f.first, f.last = w, w+1
	}
	if kind == nominal {
		f.support = r.supportOf(w)
	}
	f.fillers = r.fillersOf(&f)
	if f.support >= 0 && r.lex.is(wordsAffect, r.lemmas[f.support]) {
		if o := r.child(f.support, syntax.Obj); o >= 0 && o != w {
			f.fillers = append(f.fillers, r.distribute([]filler{{slot: slotObject, word: r.antecedent(o)}})...)
		}
	}
	for _, t := range f.sense.needs {
		if !r.passes(&f, t) {
			r.discard(f.sense, w, "needs "+t.text)
			return f, false
		}
	}
	for _, t := range f.sense.bars {
		if r.passes(&f, t) {
			r.discard(f.sense, w, "barred by "+t.text)
			return f, false
		}
	}
	return f, true
}

// reflexive reports whether the verb w has a reflexive pronoun; that of «se
// faire exploser» hangs on the infinitive.
func (r *reading) reflexive(w int) bool {
	if word := &r.a.Words[w]; word.Rel.Base() == syntax.Aux && word.Head > int32(w) && r.lemmas[w] == "faire" {
		return r.reflexive(int(word.Head))
	}
	for c := range r.a.Children(w) {
		if l := r.folded[c]; c < w && (l == "se" || l == "s'" || l == "s" || l == "me" || l == "nous") && r.a.Words[c].UPOS == syntax.PRON {
			return true
		}
	}
	return false
}

// pronominal reports whether «se» makes another verb of w: «s'attaquer aux
// symboles» attacks nobody. «S'est fait tuer» is only a passive.
func (r *reading) pronominal(w int) bool {
	se := r.reflectsSpeaker(w)
	for c := range r.a.Children(w) {
		switch {
		case r.a.Words[c].Rel.Base() == syntax.Aux && r.lemmas[c] == "faire":
			return false
		case c < w && (r.folded[c] == "se" || r.folded[c] == "s'" || r.folded[c] == "s") && r.a.Words[c].UPOS == syntax.PRON:
			se = true
		}
	}
	return se
}

// reflectsSpeaker reports whether the verb w has who speaks for its object too:
// «je m'appelle», «nous nous demandons».
func (r *reading) reflectsSpeaker(w int) bool {
	subject, object := false, false
	for c := range r.a.Children(w) {
		switch {
		case c >= w || r.a.Words[c].UPOS != syntax.PRON:
		case r.a.Words[c].Rel.Base() == syntax.Nsubj && r.lex.is(wordsSpeaker, r.folded[c]):
			subject = true
		case subject && (r.lex.is(wordsSpeakerObject, r.folded[c])):
			object = true
		}
	}
	return object
}

// find returns the word with lemma p that hangs on w, on one of its
// dependents or of the trigger's words before it («faire usage de gaz
// lacrymogène»), or follows within reach; -1 for none.
func (r *reading) find(p string, w int, before []int, rest []string, sentence text.Range) int {
	for i := w + 1; i < min(w+1+triggerReach, sentence.Last); i++ {
		if !r.isWord(i, p) || r.doer(i) || r.apart(i, rest) {
			continue
		}
		if h := int(r.a.Words[i].Head); h == w || h >= 0 && int(r.a.Words[h].Head) == w && !r.standsBeside(h) && (!r.qualifies(i, h) || slices.Contains(rest, r.lemmas[h])) && !r.doer(h) && (!r.opensClause(h) || r.supports(h) || slices.Contains(rest, r.lemmas[h])) || slices.Contains(before, h) || i == w+1 {
			return i
		}
	}
	// «le contrôle qu'ils ont pris», «un coup d'Etat a été tenté».
	for i := w - 1; i >= max(sentence.First, w-2*triggerReach); i-- {
		if r.isWord(i, p) && int(r.a.Words[i].Head) == w && !r.doer(i) && !r.apart(i, rest) && r.a.Words[i].Rel.Base() != syntax.Mark {
			return i
		}
	}
	return -1
}

// qualifies reports whether the adjective i belongs to another noun h: the
// «présence des autorités militaires» is no military presence.
func (r *reading) qualifies(i, h int) bool {
	return r.a.Words[i].UPOS == syntax.ADJ && r.a.Words[i].Rel.Base() == syntax.Amod && r.a.Words[h].UPOS == syntax.NOUN
}

// standsBeside reports whether the noun h stands beside a noun of the trigger, and has
// words of its own: «une île et des centaines de morts» is no dead island.
func (r *reading) standsBeside(h int) bool {
	return r.a.Words[h].Rel.Base() == syntax.Conj && r.a.Words[h].UPOS == syntax.NOUN
}

// opensClause reports whether the verb h opens a clause of its own, whose words are
// no part of the trigger: «cessaient de vanter ce combat» does not «cesser le
// combat».
func (r *reading) opensClause(h int) bool {
	if r.a.Words[h].UPOS != syntax.VERB {
		return false
	}
	switch r.a.Words[h].Rel.Base() {
	case syntax.Xcomp, syntax.Ccomp, syntax.Advcl:
		return true
	case syntax.ACL:
		return r.a.Words[h].Feats.VerbForm != syntax.Part // «le retrait prévu des troupes»
	}
	return false
}

// doer reports whether word i does what its verb says, and so is no part of
// it: «le gouvernement a formé un club» does not «former un gouvernement», nor
// is who was «interpellé par le président» told to call on him.
func (r *reading) doer(i int) bool {
	rel := r.a.Words[i].Rel
	return rel == syntax.OblAgent || rel == syntax.Nsubj && r.a.Words[i].UPOS != syntax.PRON
}

// apart reports whether word i stands behind a preposition that the trigger's
// other words do not have: «a tenu ces propos lors d'une réunion» does not
// «tenir une réunion».
func (r *reading) apart(i int, rest []string) bool {
	if h := int(r.a.Words[i].Head); h >= 0 && r.a.Words[h].UPOS == syntax.ADV && r.a.Words[i].Rel.Base() == syntax.Obl {
		return true // the parser hangs it on «lors»
	}
	p := r.preposition(i)
	if p == "" || slices.Contains(functionWords, fold.String(p)) {
		return false
	}
	for part := range strings.FieldsSeq(fold.String(p)) {
		if slices.Contains(rest, part) {
			return false
		}
	}
	return true
}

// isWord reports whether word i is p, an inflected form aside: «piégées» and
// «piéger» are «piégé».
func (r *reading) isWord(i int, p string) bool {
	l := r.lemmas[i]
	if stem, ok := strings.CutSuffix(l, "er"); ok && p != l && strings.HasPrefix(p, stem+"e") && len(p)-len(l) <= 1 && r.a.Words[i].Feats.VerbForm == syntax.Part {
		return true
	}
	if l == p && r.folded[i] != p && r.a.Words[i].UPOS == syntax.VERB {
		return false // «fait état de soldats tués» is not «faire tuer», «pris pouvant» not «prendre le pouvoir»
	}
	if r.a.Words[i].UPOS == syntax.AUX {
		return l == p // «a saisi» is not «saisir les avoirs»
	}
	return l == p || r.folded[i] == p || len(l) > 3 && strings.HasPrefix(p, l) && len(p)-len(l) <= 2
}

func pastParticiple(f *syntax.Feats) bool {
	return f.VerbForm == syntax.Part && f.Tense == syntax.Past
}

// supportOf returns the verb that lends the noun w its arguments: «mener un
// raid», «un raid a été mené», «le raid mené par», «un raid a eu lieu», «un
// raid a touché un hôpital»; -1 for none.
func (r *reading) supportOf(w int) int {
	word := &r.a.Words[w]
	h := int(word.Head)
	if h >= 0 && word.Rel == syntax.Nsubj && r.a.Words[h].UPOS == syntax.VERB && (r.lex.is(wordsAffect, r.lemmas[h]) || r.occurs(h)) {
		return h
	}
	if h >= 0 && r.a.Words[h].UPOS == syntax.VERB && r.supports(h) {
		switch word.Rel.Base() {
		case syntax.Obj, syntax.Nsubj:
			if word.Rel == syntax.NsubjPass || word.Rel.Base() == syntax.Obj {
				return h
			}
		}
	}
	if h >= 0 && h < w && r.a.Words[h].UPOS == syntax.VERB && r.joins(h, w) {
		return h
	}
	for c := range r.a.Children(w) {
		if r.a.Words[c].UPOS == syntax.VERB && r.a.Words[c].Rel.Base() == syntax.ACL && r.supports(c) {
			return c
		}
	}
	return -1
}

// joins reports whether the subject of the verb h is told to have taken part in
// what the noun w tells: «ont participé à un défilé», «se sont unis à la marche»,
// not who would not or has yet to.
func (r *reading) joins(h, w int) bool {
	set := r.lex.is(wordsJoin, r.lemmas[h])
	if o := r.child(h, syntax.Obj); o >= 0 && o != w {
		set = set && r.a.Words[o].UPOS == syntax.PRON || r.lex.is(wordsJoin, r.lemmas[h]+" "+r.lemmas[o])
	}
	if !set || r.infinitive(h) {
		return false
	}
	if m, _ := r.moodOf(h); m != Actual {
		return false
	}
	switch r.a.Words[w].Rel.Base() {
	case syntax.Obj:
		return true
	case syntax.Obl:
		return r.preposition(w) == "a"
	}
	return false
}

// occurs reports whether v says of its subject that it happens: «éclater»,
// «avoir lieu».
func (r *reading) occurs(v int) bool {
	if r.lex.is(wordsOccur, r.lemmas[v]) {
		return true
	}
	o := r.child(v, syntax.Obj)
	return o >= 0 && r.lex.is(wordsOccur, r.lemmas[v]+" "+r.lemmas[o])
}

func (r *reading) supports(v int) bool {
	if r.saysBySet(v) {
		return false // «fait état» lends its subject to nothing
	}
	return r.lex.is(wordsSupport, r.lemmas[v]) || r.lex.is(wordsUndergo, r.lemmas[v])
}

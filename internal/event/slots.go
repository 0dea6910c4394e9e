package event

import (
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// filler is a word in a slot of a trigger. word is the head of the phrase.
type filler struct {
	slot string
	word int
	// inherited: from the governing clause, so less sure.
	inherited bool
}

const (
	slotSubject = "subject"
	slotObject  = "object"
	slotOf      = "de"
	// slotAdjective holds demonyms: «les frappes russes».
	slotAdjective = "adjective"
	// slotPossessive holds «leur offensive».
	slotPossessive = "possessive"
	// slotSelf is the trigger itself, for tests.
	slotSelf = "self"
	// slotGovernor is the noun or verb that the trigger hangs on, for tests:
	// «avion de guerre».
	slotGovernor = "governor"
	// slotSentence is every word of the trigger's sentence, for tests.
	slotSentence = "sentence"
	// slotAmong holds whom a number is of: «dix morts parmi les civils», «dans
	// les rangs de l'armée».
	slotAmong = "parmi"
	// slotBeside holds who does or suffers the same: «aux côtés de».
	slotBeside = "aux cotes de"
	// slotOther is a dependent in whichever slot but the subject's, for tests.
	slotOther = "other"
	// slotHeading is every word of the article's headlines, for tests.
	slotHeading = "heading"
	// slotAny is a dependent in whichever slot, for tests.
	slotAny = "any"
)

// fillersOf reads the slots of a trigger off the tree.
func (r *reading) fillersOf(f *found) []filler {
	var out []filler
	switch f.form {
	case verbal:
		out = r.verbFillers(f.head)
	case nominal:
		out = r.nounFillers(f, out)
	case adjectival:
		if h := int(r.a.Words[f.head].Head); h >= 0 {
			out = append(out, filler{slot: slotObject, word: r.modified(h, f.head)})
		}
		out = r.agentBehind(f.head, r.obliques(f.head, out))
	}
	for _, w := range f.rest {
		if f.form == verbal {
			out = r.obliques(w, out)
		}
	}
	out = r.distribute(r.suffered(f, out))
	// «D'après la radio La Voix du Liban, …»: who tells it has no part in it.
	return slices.DeleteFunc(out, func(g filler) bool {
		return r.cited[g.word] && (g.slot == slotSubject || g.slot == slotObject)
	})
}

// suffered gives a set phrase that holds its own object («mettre le feu à une
// mairie», «tendre un guet-apens à une patrouille») the complement that suffers
// in its place, where the sense has no other use for it.
func (r *reading) suffered(f *found, fillers []filler) []filler {
	own := func(w int) bool {
		return slices.Contains(f.rest, w) && (r.a.Words[w].Rel.Base() == syntax.Obj || r.a.Words[w].Rel == syntax.NsubjPass)
	}
	if f.form != verbal || !slices.ContainsFunc(f.rest, own) {
		return fillers
	}
	fillers = slices.DeleteFunc(fillers, func(g filler) bool { return g.slot == slotObject && own(g.word) && r.natureOf(g.word)&^isEvent == 0 })
	for i := range fillers {
		switch g := &fillers[i]; g.slot {
		case "a", "de", "sur", "contre", "devant":
			if r.fillsOf(f, g.slot) == 0 {
				g.slot = slotObject
			}
		}
	}
	return fillers
}

// passive reports whether the verb v is passive, or a past participle without
// auxiliary.
func (r *reading) passive(v int) bool {
	if r.lex.is(wordsUnaccusative, r.lemmas[v]) {
		return false
	}
	if r.child(v, syntax.AuxPass) >= 0 || r.child(v, syntax.NsubjPass) >= 0 {
		return true
	}
	w := &r.a.Words[v]
	if w.Feats.VerbForm == syntax.Part && r.agentOf(v) >= 0 || r.madeSuffer(v) {
		return true
	}
	if h := int(w.Head); r.coordinated(v) && h >= 0 && r.child(h, syntax.AuxTense) >= 0 && r.child(h, syntax.AuxPass) < 0 {
		return false // «a interpellé puis relâché»: the auxiliary is shared
	}
	return w.Feats.VerbForm == syntax.Part && w.Feats.Tense == syntax.Past && r.child(v, syntax.Aux) < 0
}

// madeSuffer reports whether v stands in «s'est fait tuer», which is a passive;
// «s'est fait exploser», which the lexicon has by itself, is none.
func (r *reading) madeSuffer(v int) bool {
	made := false
	for c := range r.a.Children(v) {
		made = made || r.a.Words[c].Rel.Base() == syntax.Aux && r.lemmas[c] == "faire"
	}
	return made && r.reflexive(v) && !slices.ContainsFunc(r.lex.verbs["faire"], func(t trigger) bool {
		return t.reflexive && slices.Contains(t.rest, r.lemmas[v])
	})
}

// verbFillers returns what fills the slots of the verb v.
func (r *reading) verbFillers(v int) (out []filler) {
	passive := r.passive(v)
	subject := slotSubject
	if passive {
		subject = slotObject
	}
	has, object, bare := false, false, -1
	if r.lex.is(wordsUnaccusative, r.lemmas[v]) {
		// The parser takes «est tombée» for a passive now and then.
		for c := range r.a.Children(v) {
			if r.a.Words[c].Rel.Base() == syntax.Nsubj {
				out = append(out, filler{slot: slotSubject, word: r.subject(c)})
				return r.obliques(v, out)
			}
		}
	}
	for c := range r.a.Children(v) {
		switch rel := r.a.Words[c].Rel; {
		case rel.Base() == syntax.Obl && c < v && r.bareSubject(c):
			// «Au moins 35 soldats ont été tués»: no complement at all.
			out = append(out, filler{slot: subject, word: c})
			has = true
		case rel.Base() == syntax.Nsubj && c > v && r.child(c, syntax.CC) >= 0:
			// «35 soldats ont été tués et dix véhicules détruits»: another's subject.
		case rel.Base() == syntax.Nsubj && c < v && r.topic(c, v):
			// «GOMA (AP) - Les rebelles ont libéré deux otages»: no subject at all,
			// but «Mali : les rebelles ont libéré» says where.
			if r.placeAt[c] >= 0 && r.dateline(c) {
				out = append(out, filler{slot: subject, word: c})
			}
		case rel.Base() == syntax.Advmod && c < v && r.counter(c) >= 0:
			// «Plus de 3 000 personnes ont fui»: «plus» is no adverb of the verb.
			out = append(out, filler{slot: subject, word: r.counter(c)})
			has = true
		case rel.Base() == syntax.Nsubj && c < v && r.lapse(c):
			// «Plus d'un an après avoir été enlevés, …»: a time.
		case rel == syntax.NsubjPass:
			out = append(out, filler{slot: slotObject, word: r.subject(c)})
			has = true
		case rel.Base() == syntax.Nsubj:
			out = append(out, filler{slot: subject, word: r.subject(c)})
			has = true
		case rel.Base() == syntax.Obj && !r.timed[c]:
			out = append(out, filler{slot: slotObject, word: r.antecedent(c)})
			object = true
		case rel.Base() == syntax.Obl && c > v && !r.timed[c] && r.a.Words[c].UPOS == syntax.NOUN && r.preposition(c) == "":
			bare = c
		}
	}
	if !object && !passive && bare < 0 {
		bare = r.behindTime(v)
	}
	if !object && !passive && bare < 0 {
		out = r.sharedObject(v, out)
	}
	if !object && !passive && bare >= 0 {
		// «a repris samedi la ville»: the parser takes the day for the object.
		out = append(out, filler{slot: slotObject, word: bare})
	}
	out = r.losers(out)
	out = r.obliques(v, out)
	if passive {
		out = r.sharedAgent(v, out)
	}
	if has {
		return out
	}
	if r.a.Words[v].Feats.VerbForm != syntax.Inf {
		if w := r.interrupted(v); w >= 0 {
			return append(out, filler{slot: subject, word: w, inherited: true})
		}
		if w := r.adjacent(v); w >= 0 {
			return append(out, filler{slot: subject, word: w, inherited: true})
		}
	}
	return r.inherit(v, subject, out)
}

// behindTime returns the name that stands behind a time behind the verb v, and
// that the parser hung on that time: «a repris dimanche Mossoul», «a enlevé
// pendant la nuit des passants»; -1 for none.
func (r *reading) behindTime(v int) int {
	for c := range r.a.Children(v) {
		if c < v || !r.timed[c] {
			continue
		}
		for d := range r.a.Children(c) {
			if d < c || r.timed[d] || r.preposition(d) != "" && !r.indefinite(d) {
				continue
			}
			switch rel := r.a.Words[d].Rel.Base(); rel {
			case syntax.Nmod, syntax.Flat, syntax.Appos:
				if r.placeAt[d] >= 0 || r.actorAt[d] >= 0 {
					return d
				}
			}
		}
	}
	return -1
}

// interrupted returns the subject of v that the parser has given to the verb of
// a relative clause behind it («les dirigeants, qui l'avaient soutenu, ont
// condamné»), which has «qui» besides; -1 for none.
func (r *reading) interrupted(v int) int {
	for c := range r.a.Children(v) {
		if c > v || r.a.Words[c].UPOS != syntax.VERB {
			continue
		}
		noun := -1
		for d := range r.a.Children(c) {
			if r.a.Words[d].Rel.Base() != syntax.Nsubj {
				continue
			}
			if noun >= 0 && r.a.Words[d].Feats.PronType == syntax.Relative {
				return noun
			}
			if r.a.Words[d].UPOS != syntax.PRON {
				noun = d
			}
		}
	}
	return -1
}

// lapse reports whether w, which the parser takes for a subject, only bounds a
// time: «plus d'un an après».
func (r *reading) lapse(w int) bool {
	if r.a.Words[w].UPOS != syntax.ADV {
		return false
	}
	for c := range r.a.Children(w) {
		if r.timed[c] && r.a.Words[c].UPOS == syntax.NOUN {
			return true
		}
	}
	return false
}

// topic reports whether c, which the parser takes for a subject of v, stands
// before a colon or a dash behind which v has another: a dateline or a topic.
func (r *reading) topic(c, v int) bool {
	other := -1
	for d := range r.a.Children(v) {
		if d > c && d < v && r.a.Words[d].Rel.Base() == syntax.Nsubj {
			other = d
			break
		}
	}
	for w := c + 1; w < other; w++ {
		switch r.folded[w] {
		case ":", "-", "–", "—":
			return r.a.Words[w].UPOS == syntax.PUNCT
		}
	}
	return false
}

// counter returns the counted noun that the adverb w bounds («plus de cent
// soldats»); -1 for none.
func (r *reading) counter(w int) int {
	if !r.lex.is(wordsPart, r.lemmas[w]) {
		return -1
	}
	for c := range r.a.Children(w) {
		if rel := r.a.Words[c].Rel.Base(); c > w && (rel == syntax.Obl || rel == syntax.Nmod) && r.preposition(c) == "de" && r.countAt[c] >= 0 {
			return c
		}
	}
	return -1
}

// coordinated reports whether w is coordinated with its head; behind «puis» the
// parser takes it for a complement now and then.
func (r *reading) coordinated(w int) bool {
	rel := r.a.Words[w].Rel.Base()
	return rel == syntax.Conj || rel == syntax.Xcomp && r.child(w, syntax.CC) >= 0
}

// sharedObject adds the object of a verb coordinated with v where v has none:
// «a interpellé puis relâché deux journalistes».
func (r *reading) sharedObject(v int, out []filler) []filler {
	for c := range r.a.Children(v) {
		if !r.coordinated(c) || r.a.Words[c].UPOS != syntax.VERB || r.child(c, syntax.Nsubj) >= 0 {
			continue
		}
		if o := r.child(c, syntax.Obj); o >= 0 && c-v <= agentReach/2 {
			return append(out, filler{slot: slotObject, word: r.antecedent(o), inherited: true})
		}
	}
	return out
}

// losers adds the armed party that stands with «à» in the phrase of an object: in «reprendre la
// ville de Bama aux rebelles» they belong to the verb, wherever they hang.
func (r *reading) losers(out []filler) []filler {
	for _, g := range out {
		if g.slot != slotObject {
			continue
		}
		for w, depth := g.word, 0; w >= 0 && depth < 3; depth++ {
			next := -1
			for c := range r.a.Children(w) {
				if c < w || r.a.Words[c].Rel.Base() != syntax.Nmod {
					continue
				}
				if r.preposition(c) == "a" && r.natureOf(r.core(c))&isArmed != 0 {
					out = append(out, filler{slot: "a", word: c})
				}
				next = c
			}
			w = next
		}
	}
	return out
}

// agentReach is how many words behind a participle its agent may stand.
const agentReach = 10

// agentBehind adds the actor behind «par» that follows the participle w in its
// phrase («libérée quelques mois plus tôt par l'armée»), wherever it hangs.
func (r *reading) agentBehind(w int, out []filler) []filler {
	for _, g := range out {
		if g.slot == slotSubject {
			return out
		}
	}
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	for p := w + 1; p < min(s.Last, w+agentReach); p++ {
		switch r.a.Words[p].UPOS {
		case syntax.PUNCT, syntax.VERB, syntax.AUX:
			return out // another's agent
		}
		if r.folded[p] != "par" {
			continue
		}
		if h := int(r.a.Words[p].Head); h > p && r.actorAt[r.core(h)] >= 0 {
			return append(out, filler{slot: slotSubject, word: h})
		}
		break
	}
	return out
}

// bareSubject reports whether the phrase of w, set before its verb, has no
// preposition and is no time, so that it can only be the subject.
func (r *reading) bareSubject(w int) bool {
	if r.a.Words[w].UPOS != syntax.NOUN || r.timed[w] {
		return false
	}
	p := r.preposition(w)
	return p == "" || r.lex.is(wordsPart, p) || p == "de" && r.indefinite(w) && r.child(int(r.a.Words[w].Head), syntax.Nsubj) < 0
}

// indefinite reports whether the «de» of w is that of «des», which is an
// article too: the parser has taken «des troupes ont repris» for «de les».
func (r *reading) indefinite(w int) bool {
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel == syntax.Case {
			return strings.EqualFold(r.Document().Text(r.Text.WordSpan(c)), "des")
		}
	}
	return false
}

// adjacent returns the actor whose phrase ends just before the verb group of
// v, at or after a comma or the head of the sentence: the subject that the
// parser hung elsewhere; -1 for none.
func (r *reading) adjacent(v int) int {
	first := r.groupStart(v)
	s := r.Text.Sentences[r.Text.SentenceOf(v)].Words
	if first == v && r.passive(v) || first <= s.First {
		return -1
	}
	end := r.Text.WordSpan(first - 1).End
	for w := first - 1; w >= max(s.First, first-6); w-- {
		if r.actorAt[w] < 0 || r.actorSpan[w].End != end || r.a.Words[w].UPOS == syntax.PRON {
			continue
		}
		for b := w - 1; b >= s.First; b-- {
			switch r.a.Words[b].UPOS {
			case syntax.DET, syntax.NUM, syntax.ADJ:
				continue
			case syntax.PUNCT:
				return w
			}
			return -1
		}
		return w
	}
	return -1
}

// obliques reads the complements of h with a preposition; «par» is the subject
// of a passive.
func (r *reading) obliques(h int, out []filler) []filler {
	for c := range r.a.Children(h) {
		w := &r.a.Words[c]
		switch w.Rel.Base() {
		case syntax.Obl, syntax.Nmod, syntax.Iobj, syntax.Advmod:
		default:
			continue
		}
		p := r.preposition(c)
		if r.lemmas[c] == "ou" && w.UPOS != syntax.CCONJ {
			// «la ville où»: the relative adverb stands for a place.
			if at := r.relativeHead(c); at >= 0 {
				out = append(out, filler{slot: "a", word: at})
			}
			continue
		}
		if w.Rel.Base() == syntax.Advmod && p == "" {
			continue
		}
		if p == "" && w.UPOS == syntax.PRON {
			// «dont», «lui», «leur», «y», «en».
			switch r.folded[c] {
			case "dont", "en":
				p = "de"
			case "lui", "leur", "y":
				p = "a"
			}
		}
		if w.Rel == syntax.OblAgent || p == "par" && r.a.Words[h].UPOS != syntax.NOUN && r.passive(h) {
			out = append(out, filler{slot: slotSubject, word: r.antecedent(c)})
			continue
		}
		if p != "" {
			if r.lex.is(wordsBeside, p+" "+r.lemmas[c]) {
				for d := range r.a.Children(c) {
					if r.a.Words[d].Rel.Base() == syntax.Nmod && r.preposition(d) == "de" {
						out = append(out, filler{slot: slotBeside, word: d})
					}
				}
				continue
			}
			if r.lex.is(wordsRanks, p+" "+r.lemmas[c]) {
				p = slotAmong // «dans les rangs de l'armée»
			}
			out = append(out, filler{slot: p, word: r.antecedent(c)})
		}
	}
	return out
}

// inherit finds the subject of a verb that has none of its own: that of the
// verb it is coordinated with or depends on, or the noun it modifies.
func (r *reading) inherit(v int, subject string, out []filler) []filler {
	at := v
	for range 6 {
		w := &r.a.Words[at]
		h := int(w.Head)
		if h < 0 {
			return out
		}
		switch w.Rel.Base() {
		case syntax.ACL:
			return append(out, filler{slot: subject, word: r.modified(h, at)})
		case syntax.Xcomp, syntax.Advcl, syntax.Conj, syntax.Ccomp, syntax.Obl:
			if w.Rel.Base() == syntax.Ccomp && r.a.Words[v].Feats.VerbForm != syntax.Inf {
				return out
			}
		default:
			return out
		}
		// Object control: «contraint les rebelles à se retirer».
		if o := r.child(h, syntax.Obj); o >= 0 && w.Rel.Base() == syntax.Xcomp && !r.coordinated(at) && o < at && r.lex.is(wordsControl, r.lemmas[h]) {
			return append(out, filler{slot: subject, word: r.antecedent(o), inherited: true})
		}
		if o := r.allowed(h, at); o >= 0 && w.Rel.Base() == syntax.Xcomp {
			out = append(out, filler{slot: subject, word: r.antecedent(o), inherited: true})
			if s := r.child(h, syntax.Nsubj); s >= 0 && r.natureOf(r.core(s))&isEvent != 0 {
				out = append(out, filler{slot: subject, word: s, inherited: true}) // «l'opération a permis à l'armée de»
			}
			return out
		}
		found := false
		for c := range r.a.Children(h) {
			if rel := r.a.Words[c].Rel.Base(); rel == syntax.Nsubj && c != v {
				out = append(out, filler{slot: subject, word: r.antecedent(c), inherited: true})
				found = true
			}
		}
		if found {
			return out
		}
		at = h
	}
	return out
}

// allowed returns whom the verb h lets or bids do what the infinitive v says:
// «a permis aux rebelles de quitter la ville»; -1 for nobody.
func (r *reading) allowed(h, v int) int {
	if !r.lex.is(wordsAllow, r.lemmas[h]) {
		return -1
	}
	for c := range r.a.Children(h) {
		rel := r.a.Words[c].Rel.Base()
		if c < v && (rel == syntax.Obl && r.preposition(c) == "a" || rel == syntax.Iobj) && r.natureOf(r.core(c))&isActor != 0 {
			return c
		}
	}
	return -1
}

// antecedent returns the noun that the relative pronoun w stands for, or w.
func (r *reading) antecedent(w int) int {
	if r.a.Words[w].UPOS != syntax.PRON || r.a.Words[w].Feats.PronType != syntax.Relative {
		return w
	}
	if at := r.relativeHead(w); at >= 0 {
		return at
	}
	return w
}

// before returns the actor whose name ends before the relative pronoun w, a
// comma aside: what it stands for where the parser takes its clause for an
// adverbial one; -1 for none.
func (r *reading) before(w int) int {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	end := w - 1
	if end > s.First && r.folded[end] == "," {
		end--
	}
	for at := end; at >= s.First && at > end-besideName; at-- {
		if r.actorAt[at] >= 0 && r.actorSpan[at].End == r.Text.WordSpan(end).End {
			return at
		}
	}
	return -1
}

// besideName is how many words before its end the head of a name may stand.
const besideName = 6

// relativeHead returns the noun that the relative clause of w hangs on; -1 for
// none.
func (r *reading) relativeHead(w int) int {
	for h := int(r.a.Words[w].Head); h >= 0; h = int(r.a.Words[h].Head) {
		if r.a.Words[h].Rel == syntax.ACLRelcl {
			return int(r.a.Words[h].Head)
		}
	}
	return -1
}

// nounFillers reads the complements of a noun and, with a support verb, that
// verb's arguments.
func (r *reading) nounFillers(f *found, out []filler) []filler {
	n := f.head
	for c := range r.a.Children(n) {
		w := &r.a.Words[c]
		switch w.Rel.Base() {
		case syntax.Nmod, syntax.Obl:
			p := r.preposition(c)
			switch {
			case p == "par":
				out = append(out, filler{slot: slotSubject, word: r.antecedent(c)})
			case r.lex.is(wordsRanks, p+" "+r.lemmas[c]):
				out = append(out, filler{slot: slotAmong, word: c})
			case p != "":
				out = append(out, filler{slot: p, word: r.antecedent(c)})
				if f.sense.of != "" {
					out = r.behind(c, p, out)
				}
			}
		case syntax.Amod:
			out = append(out, filler{slot: slotAdjective, word: c})
		case syntax.Det:
			if w.Feats.Poss {
				out = append(out, filler{slot: slotPossessive, word: c})
			}
		case syntax.ACL:
			// «la ville reprise par»: a participle's agent is the noun's.
			if w.UPOS == syntax.VERB && r.passive(c) {
				for g := range r.a.Children(c) {
					if r.a.Words[g].Rel == syntax.OblAgent {
						out = append(out, filler{slot: slotSubject, word: g})
					}
				}
			}
		}
	}
	out = r.partiesBehind(f, out)
	out = r.headlineFillers(n, r.sharedComplement(n, r.attributed(n, out)))
	out = r.answering(f, out)
	if f.sense.of == slotObject {
		out = r.agentBehind(n, out)
	}
	if f.support >= 0 {
		undergo := r.undergoes(f.support)
		for _, s := range r.verbFillers(f.support) {
			switch {
			case s.word == n:
			case s.slot == slotSubject && f.sense.of == slotSubject && r.speaks(f.support) && r.ownAgent(out):
				// «annonce le retrait de ses soldats»: who says it is not who does it.
			case s.slot == slotSubject && r.speaks(f.support) && r.natureOf(r.core(s.word))&isPerson != 0 && r.harms(f):
				// «un porte-parole a annoncé l'arrestation de deux hommes»
			case s.slot == slotSubject && undergo:
				out = append(out, filler{slot: slotObject, word: s.word})
			case s.slot == slotObject:
			default:
				out = append(out, s)
			}
		}
	}
	return out
}

// behind adds who hangs on another complement c of an event with preposition p
// and belongs to the event: whom it is against («l'attaque des rebelles contre
// un convoi»), and the armed party behind its place («l'offensive dans le Nord
// des rebelles»).
func (r *reading) behind(c int, p string, out []filler) []filler {
	who := p == "de" && r.natureOf(r.core(c))&isActor != 0
	site := p != "de" && r.lex.is(wordsSite, p) && r.placeAt[c] >= 0 && !r.acting[c]
	if !who && !site {
		return out
	}
	for d := range r.a.Children(c) {
		if r.a.Words[d].Rel.Base() != syntax.Nmod {
			continue
		}
		switch q := r.preposition(d); {
		case who && q == "contre":
			out = append(out, filler{slot: "contre", word: d})
		case site && q == "de" && r.natureOf(r.core(d))&isArmed != 0:
			out = append(out, filler{slot: slotOf, word: d})
		}
	}
	return out
}

// partiesBehind adds the actors behind the «entre», «avec» or «contre» that
// follows the noun in its phrase and that the parser hung elsewhere («la
// rencontre de juin entre le président et le roi»), where the sense has a use
// for them and nothing stands in the slot.
func (r *reading) partiesBehind(f *found, out []filler) []filler {
	s := r.Text.Sentences[r.Text.SentenceOf(f.head)].Words
	for p := f.head + 1; p < min(s.Last, f.head+agentReach); p++ {
		switch w := &r.a.Words[p]; {
		case w.UPOS == syntax.PUNCT, w.UPOS == syntax.AUX, w.UPOS == syntax.VERB && w.Feats.VerbForm != syntax.Part,
			w.UPOS == syntax.NOUN && r.lex.nouns[r.lemmas[p]] != nil && !slices.Contains(f.rest, p) && r.actorAt[p] < 0:
			return out
		case w.UPOS != syntax.ADP:
			continue
		}
		slot := r.folded[p]
		if slot != "entre" && slot != "avec" && slot != "contre" || r.fillsOf(f, slot) == 0 ||
			slices.ContainsFunc(out, func(g filler) bool { return g.slot == slot }) {
			continue
		}
		if h := int(r.a.Words[p].Head); h > p && r.natureOf(r.core(h))&isActor != 0 {
			out = append(out, filler{slot: slot, word: h, inherited: true})
		}
	}
	return out
}

// harms reports whether f is done to somebody by hand, not by word.
func (r *reading) harms(f *found) bool {
	return r.describe(f.sense.typ).Family == "VIOLENCE_AGAINST_PEOPLE" || f.sense.typ == ontology.Arrest
}

// undergoes reports whether the verb v says of its subject that it suffers its
// object, or meets it: «subir une attaque», «mettre en échec une attaque».
func (r *reading) undergoes(v int) bool {
	if r.lex.is(wordsUndergo, r.lemmas[v]) {
		return true
	}
	for c := range r.a.Children(v) {
		if r.lex.is(wordsUndergo, r.lemmas[v]+" "+r.lemmas[c]) {
			return true
		}
	}
	return false
}

// ownAgent reports whether a noun's fillers hold an actor for its subject.
func (r *reading) ownAgent(fillers []filler) bool {
	return slices.ContainsFunc(fillers, func(g filler) bool {
		return (g.slot == slotOf || g.slot == slotSubject) && r.natureOf(r.core(g.word))&isActor != 0
	})
}

// headlineFillers reads «Bama reprise par l'armée», where the parser takes the
// participle for a noun beside the name: what stands before is the object, and
// behind «par» the subject.
func (r *reading) headlineFillers(n int, out []filler) []filler {
	s := r.Text.Sentences[r.Text.SentenceOf(n)].Words
	if n == s.First || n+1 >= s.Last || r.folded[n+1] != "par" || r.child(n, syntax.Det) >= 0 {
		return out
	}
	before := -1
	for w := n - 1; w >= max(s.First, n-6); w-- {
		if r.placeAt[w] >= 0 && r.placeSpan[w].End == r.Text.WordSpan(n-1).End ||
			r.actorAt[w] >= 0 && r.actorSpan[w].End == r.Text.WordSpan(n-1).End {
			before = w
		}
	}
	if before < 0 {
		return out
	}
	out = append(out, filler{slot: slotObject, word: before})
	for w := n + 2; w < min(s.Last, n+8); w++ {
		if r.actorAt[w] >= 0 || r.placeAt[w] >= 0 {
			return append(out, filler{slot: slotSubject, word: w})
		}
	}
	return out
}

// distribute adds what is coordinated with a filler to the same slot.
func (r *reading) distribute(in []filler) []filler {
	out := in
	for i := 0; i < len(out) && i < 32; i++ {
		for _, c := range r.conjuncts(out[i].word) {
			g := out[i]
			g.word = c
			out = append(out, g)
		}
	}
	return out
}

// conjuncts returns what is coordinated with w, or with a word inside the name
// that w heads: in «entre forces de l'ordre et manifestants» the parser joins
// the last two.
func (r *reading) conjuncts(w int) []int {
	var out []int
	for c := range r.a.Children(w) {
		word := &r.a.Words[c]
		if word.Rel == syntax.Conj && word.UPOS != syntax.VERB {
			if !r.samePerson(w, c) {
				out = append(out, c)
			} else {
				// «Touré, membre de la garde, ainsi que deux soldats»
				out = r.joined(c, out)
			}
		}
		if word.Rel.Base() == syntax.Appos && word.UPOS == syntax.NOUN && r.samePerson(w, c) {
			out = r.joined(c, out)
		}
		if word.Rel.Base() != syntax.Nmod || r.actorAt[w] < 0 || r.actorAt[c] >= 0 || !r.actorSpan[w].Contains(r.Text.WordSpan(c)) {
			continue
		}
		for d := range r.a.Children(c) {
			if r.a.Words[d].Rel == syntax.Conj && r.actorAt[d] >= 0 && !r.actorSpan[w].Contains(r.Text.WordSpan(d)) {
				out = append(out, d)
			}
		}
	}
	return out
}

// core returns what a phrase of part is about: «la totalité de la ville», «des
// dizaines de civils», «un grand nombre de djihadistes».
func (r *reading) core(w int) int {
	for range 3 {
		if r.actorAt[w] >= 0 || r.placeAt[w] >= 0 {
			return w
		}
		if !r.lex.is(wordsPart, r.lemmas[w]) {
			return r.named(w)
		}
		next := -1
		for c := range r.a.Children(w) {
			if rel := r.a.Words[c].Rel.Base(); (rel == syntax.Nmod || rel == syntax.Obl) && r.preposition(c) == "de" {
				next = c
				break
			}
		}
		if next < 0 {
			return w
		}
		w = next
	}
	return w
}

// named returns the person whose name stands beside the common noun w, where w
// is no actor itself: «son prédécesseur, Boni Yayi».
func (r *reading) named(w int) int {
	if r.a.Words[w].UPOS != syntax.NOUN || r.foundAt[w] >= 0 {
		return w
	}
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.Appos && r.a.Words[c].UPOS == syntax.PROPN && r.actorAt[c] >= 0 && r.Actors[r.actorAt[c]].Kind == actor.Person {
			return c
		}
	}
	return w
}

// subject returns the word that a subject is: of «Guyane : deux militaires
// tués», «Samedi, deux militaires ont été tués», «Selon un élu, six civils ont
// péri», where the parser takes the dateline, the time or the source, what
// stands beside it.
func (r *reading) subject(w int) int {
	if at := r.antecedent(w); at != w {
		w = at
	} else if r.a.Words[w].Feats.PronType == syntax.Relative {
		if at := r.before(w); at >= 0 {
			return at
		}
	}
	if r.timed[w] || r.placeAt[w] >= 0 && r.dateline(w) || r.lex.is(wordsAccording, r.preposition(w)) {
		for c := range r.a.Children(w) {
			if rel := r.a.Words[c].Rel.Base(); rel == syntax.Appos || rel == syntax.Conj || rel == syntax.Nmod && r.preposition(c) == "" {
				return c
			}
		}
	}
	return w
}

package event

import (
	"strings"

	"github.com/depeche-events/depeche/internal/syntax"
)

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
	if w := r.amongWhom(v); w >= 0 {
		out = append([]filler{{slot: subject, word: w}}, out...)
		has = true
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

// amongWhom returns the subject of v that the parser has made its verb a relative
// clause of: «trois hommes, parmi lesquels un policier, ont été condamnés»; -1
// for none.
func (r *reading) amongWhom(v int) int {
	h := int(r.a.Words[v].Head)
	first := r.groupStart(v)
	if h < 0 || r.a.Words[v].Rel != syntax.ACLRelcl || first == 0 || r.folded[first-1] != "," {
		return -1
	}
	for c := range r.a.Children(v) {
		if c < v && r.lemmas[c] == "lequel" && r.preposition(c) == slotAmong {
			return h
		}
	}
	return -1
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
// preposition and is no time, so that it can only be the subject. «Jusqu'à cent
// morts» has none: it counts.
func (r *reading) bareSubject(w int) bool {
	if r.a.Words[w].UPOS != syntax.NOUN || r.timed[w] {
		return false
	}
	p := r.preposition(w)
	return p == "" || r.lex.is(wordsPart, p) || r.child(int(r.a.Words[w].Head), syntax.Nsubj) < 0 &&
		(p == "de" && r.indefinite(w) || strings.HasPrefix(p, "jusque") && r.countAt[w] >= 0)
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
			if p == "par" {
				out = r.companions(c, out)
			}
		}
	}
	return out
}

// companions adds who hangs on the means c with «avec»: «s'est entretenu par
// téléphone avec X».
func (r *reading) companions(c int, out []filler) []filler {
	for d := range r.a.Children(c) {
		if r.a.Words[d].Rel.Base() == syntax.Nmod && r.preposition(d) == "avec" && r.natureOf(r.core(d))&isActor != 0 {
			out = append(out, filler{slot: "avec", word: d})
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
		case syntax.Conj:
			if r.onlyDescribes(at) {
				if r.actorAt[at-1] >= 0 {
					out = append(out, filler{slot: subject, word: at - 1, inherited: true})
				}
				return out
			}
		}
		switch w.Rel.Base() {
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
			if rel := r.a.Words[c].Rel.Base(); rel == syntax.Nsubj && c != v && !r.topic(c, h) {
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

// onlyDescribes reports whether v, which the parser coordinates with a verb before
// it, only says something of the noun before: «a condamné douze islamistes
// reconnus coupables».
func (r *reading) onlyDescribes(v int) bool {
	return r.a.Words[v].Feats.VerbForm == syntax.Part && r.child(v, syntax.Aux) < 0 && r.child(v, syntax.CC) < 0 && v > 0 && r.a.Words[v-1].UPOS != syntax.PUNCT
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

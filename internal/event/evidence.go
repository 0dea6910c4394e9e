package event

import (
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/syntax"
)

// passes reports whether a filler of the test's slot is what it asks for.
func (r *reading) passes(f *found, t test) bool {
	if t.slot == slotSelf {
		return t.natures&r.natureOf(f.head) != 0
	}
	if t.slot == slotGovernor {
		h := int(r.a.Words[f.head].Head)
		return h >= 0 && (t.lemmas[r.lemmas[h]] || t.natures&r.natureOf(h) != 0)
	}
	if t.slot == slotInfinitive {
		v := r.infinitiveOf(f.head)
		return v < 0 && t.natures&isAbsent != 0 || v >= 0 && (t.natures&isPresent != 0 || t.lemmas[r.lemmas[v]])
	}
	if t.slot == slotSentence {
		return r.near(f.head, t.lemmas) || t.topic >= 0 && r.onTopic(t.topic, f.head)
	}
	if t.slot == slotHeading {
		return r.headed(t.lemmas)
	}
	any := false
	for _, g := range f.fillers {
		if t.slot == slotOther && (g.slot == slotSubject || r.slotName(f, g) == slotSubject) {
			continue
		}
		if t.slot != slotAny && t.slot != slotOther && g.slot != t.slot && r.slotName(f, g) != t.slot {
			continue
		}
		any = true
		w := r.core(g.word)
		if t.lemmas[r.lemmas[g.word]] || t.lemmas[r.lemmas[w]] || t.lemmas[r.folded[w]] {
			return true
		}
		if t.slot == slotOther && r.a.Words[w].UPOS == syntax.PRON && t.natures&isPerson != 0 {
			return true // «l'a reçue»: somebody
		}
		if t.natures&isPronoun != 0 && r.a.Words[g.word].UPOS == syntax.PRON && r.lex.is(wordsSomebody, r.folded[g.word]) {
			return true
		}
		if t.natures&isPresent != 0 || t.natures&r.natureOf(w) != 0 {
			return true
		}
	}
	return !any && t.natures&isAbsent != 0
}

// infinitiveOf returns the infinitive that hangs on v; -1 for none.
func (r *reading) infinitiveOf(v int) int {
	for c := range r.a.Children(v) {
		if r.a.Words[c].Rel.Base() == syntax.Xcomp && r.a.Words[c].Feats.VerbForm == syntax.Inf {
			return c
		}
	}
	return -1
}

// near reports whether a word of the sentence of w, itself aside, has one of
// these lemmas.
func (r *reading) near(w int, lemmas map[string]bool) bool {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	for i := s.First; i < s.Last; i++ {
		if i != w && lemmas[r.lemmas[i]] {
			return true
		}
	}
	return false
}

// topics are the lists of words that a whole article may be about: on the
// sports pages who attacks, wins and is wounded does so in play, and of a flood
// all the dead are the water's. It is if at least topicSentences of its
// sentences, and one in share, have one of the words.
var topics = [...]struct {
	list  string
	share int
}{{"sport", 2}, {"disaster", 3}}

const (
	topicSentences = 3
	// topicPlay is where in topics that of play stands, and earnestList names the
	// words that it never has.
	topicPlay   = 0
	earnestList = "earnest"
)

// topicOf returns where in topics a list stands, -1 for nowhere.
func topicOf(list string) int {
	for i := range topics {
		if topics[i].list == list {
			return i
		}
	}
	return -1
}

// verdict is whether something holds, once asked.
type verdict uint8

const (
	unasked verdict = iota
	yes
	no
)

// about reports whether the article is about a topic: «Hazard a décoché une
// frappe» says nothing of football, the sentences around it do.
func (r *reading) about(topic int) bool {
	if r.topics[topic] != unasked {
		return r.topics[topic] == yes
	}
	n := 0
	for i := range r.Text.Sentences {
		s := r.Text.Sentences[i].Words
		for w := s.First; w < s.Last; w++ {
			if r.lex.topics[topic][r.lemmas[w]] {
				n++
				break
			}
		}
	}
	r.topics[topic] = no
	if n >= topicSentences && n*topics[topic].share >= len(r.Text.Sentences) {
		r.topics[topic] = yes
	}
	return r.topics[topic] == yes
}

// onTopic reports whether the sentence of w, or the article, is about a topic.
func (r *reading) onTopic(topic, w int) bool {
	return (r.near(w, r.lex.topics[topic]) || r.about(topic)) && !(topic == topicPlay && r.inEarnest(w))
}

// inEarnest reports whether the sentence of w has a word that no play has:
// «quatre footballeurs tués par une bombe».
func (r *reading) inEarnest(w int) bool {
	s := r.Text.Sentences[r.Text.SentenceOf(w)].Words
	for i := s.First; i < s.Last; i++ {
		if r.lex.earnest[r.lemmas[i]] {
			return true
		}
	}
	return false
}

// headed reports whether a word of the headlines has one of these lemmas.
func (r *reading) headed(lemmas map[string]bool) bool {
	for i := range r.Text.Sentences[:r.body] {
		s := r.Text.Sentences[i].Words
		for w := s.First; w < s.Last; w++ {
			if lemmas[r.lemmas[w]] {
				return true
			}
		}
	}
	return false
}

// slotName returns the slot of the sense that a filler is in: a noun's «de» is
// its subject or object.
func (r *reading) slotName(f *found, g filler) string {
	if f.form == nominal && g.slot == slotOf && f.sense.of != "" {
		return f.sense.of
	}
	return g.slot
}

// natureOf returns what the phrase headed by w is.
func (r *reading) natureOf(w int) nature {
	var n nature
	if p := r.placeAt[w]; p >= 0 {
		if !r.acting[w] {
			n |= isPlace
		}
		if r.Places[p].Kind == place.Country {
			n |= isCountry
		}
	}
	if r.a.Words[w].UPOS == syntax.ADJ && r.demonym(r.folded[w]) != "" {
		n |= isActor | isState
	}
	if i := r.actorAt[w]; i >= 0 {
		n |= isActor
		switch r.Actors[i].Kind {
		case actor.StateForces, actor.ExternalForces, actor.RebelGroup, actor.PoliticalMilitia, actor.IdentityMilitia, actor.Police:
			n |= isArmed
		case actor.Government, actor.Country, actor.IGO:
			n |= isState
		case actor.Person:
			n |= isPerson
		default:
			n |= isCivilian
		}
	}
	// «les auteurs du braquage» are somebody, if nobody with a name.
	if r.a.Words[w].UPOS == syntax.NOUN && r.lex.is(wordsCulpable, r.lemmas[w]) {
		n |= isActor
	}
	if r.countAt[w] >= 0 || r.a.Words[w].UPOS == syntax.NUM {
		n |= isCounted
	}
	// «l'opposition», «la rébellion» act, and do not happen.
	if n&isActor == 0 && r.lex.nouns[r.lemmas[w]] != nil {
		n |= isEvent
	}
	return n
}

package event

import (
	"github.com/depeche-events/depeche/internal/ontology"
)

// Lexicon is a language's event senses and the words that bear on whether an
// event happened and who says so. It is immutable after ReadLexicon.
type Lexicon struct {
	senses []sense
	// verbs, nouns and adjectives hold senses by the folded lemma of their
	// head word, those of several words first.
	verbs, nouns, adjectives map[string][]trigger
	words                    map[wordClass]map[string]bool
	labels                   map[ontology.Type]string
	// lists are sets of folded lemmas that tests name: «@sport».
	lists map[string][]string
	// topics holds the words of the lists of topics, earnest those that no play has.
	topics  [len(topics)]map[string]bool
	earnest map[string]bool
	// parties are nouns that name somebody by their part in an event.
	parties map[ontology.Type]parties
}

// sense is one meaning: what evokes it, and which dependent fills which role.
type sense struct {
	rule   string
	typ    ontology.Type
	slots  []slot
	of     string // for nouns, the slot that a complement with «de» fills
	needs  []test
	bars   []test
	counts QuantityKind // what a number at the object counts; 0: none
	// self: the number at the trigger itself is what it counts: «14 morts».
	self bool
	// alone: its nouns tell it with nothing beside them: «couvre-feu».
	alone bool
	// holds are the ontology's conditions that the sense makes true.
	holds []ontology.Condition
}

// slot says which role a dependent fills: "subject", "object", or a folded
// preposition.
type slot struct {
	name  string
	fills filling
}

// filling is the set of roles that a slot's filler may take; by the filler's
// nature one of them is taken.
type filling uint16

const (
	fillAgent filling = 1 << iota
	fillTarget
	fillAgentAlly
	fillTargetAlly
	fillSite
	fillOrigin
	fillDestination
	fillTheme
)

var fillingNames = map[string]filling{"AGENT": fillAgent, "TARGET": fillTarget, "AGENT_ALLY": fillAgentAlly,
	"TARGET_ALLY": fillTargetAlly, "SITE": fillSite, "ORIGIN": fillOrigin, "DESTINATION": fillDestination, "THEME": fillTheme}

// test is a condition on a slot's filler: of one of these natures, or with one
// of these folded lemmas.
type test struct {
	slot    string
	natures nature
	lemmas  map[string]bool
	// topic is where in topics a list stands whose words are asked for too, in the
	// sentence or in a whole article about them; -1: none.
	topic int
	text  string // as the lexicon has it
}

// nature is what a filler is.
type nature uint16

const (
	isPlace nature = 1 << iota
	isCountry
	isActor
	isArmed
	isState
	isCivilian
	isPerson
	isEvent
	isCounted
	isAbsent
	isPresent
	isPronoun
)

var natureNames = map[string]nature{"place": isPlace, "country": isCountry, "actor": isActor, "armed": isArmed, "state": isState,
	"civilian": isCivilian, "person": isPerson, "event": isEvent, "counted": isCounted, "absent": isAbsent, "present": isPresent, "pronoun": isPronoun}

// trigger is a word, or words, that evoke a sense.
type trigger struct {
	sense     int
	reflexive bool
	// denied: the verb evokes it where it is denied: «ne pas accepter».
	denied bool
	// rest are folded lemmas that must hang on the head or follow it.
	rest []string
	// mute: its head ends in an «e» without accent, so «marché» is no «marche».
	mute bool
}

// weight puts the triggers that ask for more first.
func (l *Lexicon) weight(t trigger) int {
	w := 4 * len(t.rest)
	if t.denied {
		w += 3
	}
	if t.reflexive {
		w += 2
	}
	if len(l.senses[t.sense].needs) > 0 {
		w++
	}
	return w
}

func (l *Lexicon) label(t ontology.Type) string { return l.labels[t] }

func (l *Lexicon) is(c wordClass, lemma string) bool { return l.words[c][lemma] }

package event

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/depeche-events/depeche/internal/fold"
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

// wordClass names a set of words in words.yaml.
type wordClass string

// The classes of words, by what they do to an event in their scope.
const (
	wordsMissing   wordClass = "missing"   // who counts as missing, not as dead
	wordsCrowd     wordClass = "crowd"     // whose «de» counts its members: «un contingent de 200 hommes»
	wordsWeekday   wordClass = "weekday"   // days with a name
	wordsDaytime   wordClass = "daytime"   // a day seen from within: «dans la journée»
	wordsReport    wordClass = "report"    // say that it happened: «annoncer»
	wordsDeny      wordClass = "deny"      // say that it did not: «démentir»
	wordsCount     wordClass = "count"     // say how many there were: «dénombrer»
	wordsTurnout   wordClass = "turnout"   // who came, when they are counted: «participant»
	wordsDoubt     wordClass = "doubt"     // say so without being believed: «prétendre»
	wordsCite      wordClass = "cite"      // whose object is the source: «citant»
	wordsUtter     wordClass = "utter"     // say what is quoted before them: «…», a lancé X
	wordsLearn     wordClass = "learn"     // hear it from others: «a-t-on appris de»
	wordsCharge    wordClass = "charge"    // say it of somebody: «accuser d'avoir tué»
	wordsEnact     wordClass = "enact"     // say what will be: «annoncer»
	wordsComing    wordClass = "coming"    // nouns for what is to come when it is made known: «marche»
	wordsExpect    wordClass = "expect"    // expect it: «s'attendre à», «craindre»
	wordsDocument  wordClass = "document"  // what somebody speaks through: «communiqué»
	wordsIntend    wordClass = "intend"    // will do it: «prévoir», «espérer»
	wordsMean      wordClass = "mean"      // of these, who intend but what they do: «compter partir», not «compter les voix»
	wordsPossible  wordClass = "possible"  // may do it: «pouvoir», «menacer»
	wordsCall      wordClass = "call"      // want it from others: «exiger»
	wordsFail      wordClass = "fail"      // did not do it: «échouer»
	wordsSupport   wordClass = "support"   // lend a verb to a noun: «mener», «lancer»
	wordsUndergo   wordClass = "undergo"   // the same, for who suffers it: «subir»
	wordsOccur     wordClass = "occur"     // say of their subject that it happens: «éclater»
	wordsAffect    wordClass = "affect"    // whose subject strikes their object: «frapper»
	wordsForgo     wordClass = "forgo"     // of these, what denied leaves a plan: «renoncer»
	wordsAttempt   wordClass = "attempt"   // try to: «tenter»
	wordsModal     wordClass = "modal"     // did it, in a completed past: «a pu», «a dû»
	wordsSeem      wordClass = "seem"      // appear to: «sembler»
	wordsHappen    wordClass = "happen"    // lend a noun nothing but tense: «avoir lieu»
	wordsPhase     wordClass = "phase"     // nouns for a part of what happens: «le début de»
	wordsRecall    wordClass = "recall"    // of what is past: «anniversaire», «souvenir»
	wordsSpan      wordClass = "span"      // lengths of time beyond the news: «an»
	wordsFormer    wordClass = "former"    // adverbs of what is past: «jadis»
	wordsRumour    wordClass = "rumour"    // sources that nobody vouches for: «rumeur»
	wordsNegation  wordClass = "negation"  // «pas», «aucun»
	wordsOnly      wordClass = "only"      // «seulement», which undoes it
	wordsAccording wordClass = "according" // «selon»
	wordsHedge     wordClass = "hedge"     // «apparemment»
	wordsCondition wordClass = "condition" // «si»
	wordsAlly      wordClass = "ally"      // «soutenu par», «avec l'aide de»
	wordsSite      wordClass = "site"      // prepositions of place
	wordsTreaty    wordClass = "treaty"    // «l'accord d'Alger»
	wordsPlanned   wordClass = "planned"   // adjectives: «prévu»
	wordsPurpose   wordClass = "purpose"   // «pour»
	wordsPart      wordClass = "part"      // «la totalité de», «des dizaines de»
	wordsControl   wordClass = "control"   // whose object does what follows: «contraindre»
	wordsAllow     wordClass = "allow"     // whose «à» does what follows: «permettre à»
	wordsRanks     wordClass = "ranks"     // what stands for those in it: «dans les rangs de»
	wordsAttribute wordClass = "attribute" // say who did what happened: «imputer à»
	wordsCourt     wordClass = "court"     // who judges: «tribunal»
	wordsCulpable  wordClass = "culpable"  // who did what follows: «coupable de»
	wordsPatient   wordClass = "patient"   // who suffered what follows: «hospitalisé après»
	wordsSomebody  wordClass = "somebody"  // pronouns that stand for somebody not named: «ils»
	wordsBeside    wordClass = "beside"    // set somebody beside another: «aux côtés de»
	wordsMishap    wordClass = "mishap"    // what harms without anybody's meaning to: «accident», «s'écraser»
	wordsHarmed    wordClass = "harmed"    // say that people are dead or hurt, not that somebody meant it: «tuer»
	wordsJoin      wordClass = "join"      // whose subject does what stands behind «à»: «participer à»
	wordsOppose    wordClass = "oppose"    // set the sides of their subject against each other: «opposer»
	wordsSpeaker   wordClass = "speaker"   // pronouns for who speaks: «nous»
	// wordsSpeakerObject are the same where they are no subject: «me».
	wordsSpeakerObject wordClass = "speaker-object"
	// wordsUnaccusative are verbs that «être» conjugates and that have no
	// passive: «tomber».
	wordsUnaccusative wordClass = "unaccusative"
)

var wordClasses = []wordClass{
	wordsAccording,
	wordsAffect,
	wordsAllow,
	wordsAlly,
	wordsAttempt,
	wordsAttribute,
	wordsBeside,
	wordsCall,
	wordsCharge,
	wordsCite,
	wordsComing,
	wordsCondition,
	wordsControl,
	wordsCount,
	wordsCourt,
	wordsCrowd,
	wordsCulpable,
	wordsDaytime,
	wordsDeny,
	wordsDocument,
	wordsDoubt,
	wordsEnact,
	wordsExpect,
	wordsFail,
	wordsForgo,
	wordsFormer,
	wordsHappen,
	wordsHarmed,
	wordsHedge,
	wordsIntend,
	wordsJoin,
	wordsLearn,
	wordsMishap,
	wordsMean,
	wordsMissing,
	wordsModal,
	wordsNegation,
	wordsOccur,
	wordsOnly,
	wordsOppose,
	wordsPart,
	wordsPatient,
	wordsPhase,
	wordsPlanned,
	wordsPossible,
	wordsPurpose,
	wordsRanks,
	wordsRecall,
	wordsReport,
	wordsRumour,
	wordsSeem,
	wordsSite,
	wordsSomebody,
	wordsSpan,
	wordsSpeaker,
	wordsSpeakerObject,
	wordsSupport,
	wordsTreaty,
	wordsTurnout,
	wordsUnaccusative,
	wordsUndergo,
	wordsUtter,
	wordsWeekday,
}

type yamlFile struct {
	Frames  map[string]map[string]string
	Senses  []yamlSense
	unknown []unknownKey
}

func (f *yamlFile) UnmarshalYAML(n *yaml.Node) error {
	type plain yamlFile
	if err := n.Decode((*plain)(f)); err != nil {
		return err
	}
	f.unknown = unknownKeys(n, "frames", "senses")
	for i := range f.Senses {
		f.unknown = append(f.unknown, f.Senses[i].unknown...)
	}
	return nil
}

type yamlSense struct {
	Rule, Type, Frame, Of    string
	Verbs, Nouns, Adjectives []string
	Slots                    map[string]string
	Needs, Bars              []string
	Counts                   string
	Alone                    bool
	Holds                    []ontology.Condition
	line                     int
	unknown                  []unknownKey
}

func (s *yamlSense) UnmarshalYAML(n *yaml.Node) error {
	type plain yamlSense
	s.line = n.Line
	s.unknown = unknownKeys(n, "rule", "type", "frame", "of", "verbs", "nouns", "adjectives", "slots", "needs", "bars", "counts", "alone", "holds")
	return n.Decode((*plain)(s))
}

// unknownKey is a key that says nothing: a test under «need» would hold of
// everything.
type unknownKey struct {
	key  string
	line int
}

// unknownKeys are those of a mapping that are none of known.
func unknownKeys(n *yaml.Node, known ...string) []unknownKey {
	var out []unknownKey
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if k := n.Content[i]; !slices.Contains(known, k.Value) {
			out = append(out, unknownKey{k.Value, k.Line})
		}
	}
	return out
}

// listsFile holds the lists of lemmas that several senses' tests share.
const listsFile = "lists.yaml"

// ReadLexicon reads every *.yaml of fsys: words.yaml the words, labels.yaml the
// names of types, lists.yaml the lists that tests share,
// parties.yaml what names a party by its part, the others senses. Its error tells every fault by file and line.
func ReadLexicon(fsys fs.FS, o *ontology.Ontology) (*Lexicon, error) {
	l := &Lexicon{verbs: map[string][]trigger{}, nouns: map[string][]trigger{}, adjectives: map[string][]trigger{},
		words: map[wordClass]map[string]bool{}, labels: map[ontology.Type]string{}}
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var faults []error
	if slices.Contains(files, listsFile) {
		faults = append(faults, l.addLists(fsys))
	}
	rules := map[string]string{}
	for _, name := range files {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		switch name {
		case "words.yaml":
			faults = append(faults, l.addWords(name, src))
			continue
		case "labels.yaml":
			faults = append(faults, l.addLabels(name, src, o))
			continue
		case partiesFile:
			faults = append(faults, l.addParties(name, src, o))
			continue
		case listsFile:
			continue // read already
		}
		var y yamlFile
		if err := yaml.Unmarshal(src, &y); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			continue
		}
		for _, u := range y.unknown {
			faults = append(faults, fmt.Errorf("%s:%d: no key %q", name, u.line, u.key))
		}
		for _, s := range y.Senses {
			where := fmt.Sprintf("%s:%d", name, s.line)
			if first, ok := rules[s.Rule]; ok {
				faults = append(faults, fmt.Errorf("%s: rule %q stands at %s already", where, s.Rule, first))
			}
			rules[s.Rule] = where
			if err := l.add(s, y.Frames, o); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", where, err))
			}
		}
	}
	if len(l.senses) == 0 && len(faults) == 0 {
		faults = append(faults, errors.New("no senses in any *.yaml"))
	}
	for _, index := range []map[string][]trigger{l.verbs, l.nouns, l.adjectives} {
		for _, ts := range index {
			slices.SortStableFunc(ts, func(a, b trigger) int { return l.weight(b) - l.weight(a) })
		}
	}
	return l, errors.Join(faults...)
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

func (l *Lexicon) addWords(name string, src []byte) error {
	var y map[wordClass][]string
	if err := yaml.Unmarshal(src, &y); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var faults []error
	for _, c := range wordClasses {
		if len(y[c]) == 0 {
			faults = append(faults, fmt.Errorf("%s: no words of class %q", name, c))
		}
		set := make(map[string]bool, len(y[c]))
		for _, w := range y[c] {
			set[fold.String(w)] = true
		}
		l.words[c] = set
	}
	for c := range y {
		if !slices.Contains(wordClasses, c) {
			faults = append(faults, fmt.Errorf("%s: no class %q", name, c))
		}
	}
	return errors.Join(faults...)
}

// addLists reads the lists that tests share.
func (l *Lexicon) addLists(fsys fs.FS) error {
	src, err := fs.ReadFile(fsys, listsFile)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(src, &l.lists); err != nil {
		return fmt.Errorf("%s: %w", listsFile, err)
	}
	for i := range topics {
		l.topics[i] = l.listed(topics[i].list)
	}
	l.earnest = l.listed(earnestList)
	return nil
}

// listed returns the words of a list as a set.
func (l *Lexicon) listed(name string) map[string]bool {
	set := make(map[string]bool, len(l.lists[name]))
	for _, w := range l.lists[name] {
		set[fold.String(w)] = true
	}
	return set
}

// addLabels reads what each type is called in a summary.
func (l *Lexicon) addLabels(name string, src []byte, o *ontology.Ontology) error {
	var y map[string]string
	if err := yaml.Unmarshal(src, &y); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var faults []error
	for i := range o.Types {
		t := o.Types[i].Type
		if y[t.String()] == "" {
			faults = append(faults, fmt.Errorf("%s: no label for %s", name, t))
		}
		l.labels[t] = y[t.String()]
		delete(y, t.String())
	}
	for _, k := range slices.Sorted(maps.Keys(y)) {
		faults = append(faults, fmt.Errorf("%s: no event type %q", name, k))
	}
	return errors.Join(faults...)
}

func (l *Lexicon) label(t ontology.Type) string { return l.labels[t] }

func (l *Lexicon) is(c wordClass, lemma string) bool { return l.words[c][lemma] }

// count names of quantity kinds that a sense may say.
var countNames = map[string]QuantityKind{"": 0, "KILLED": Killed, "INJURED": Injured, "CAPTURED": Captured,
	"MISSING": Missing, "DISPLACED": Displaced, "PARTICIPANTS": Participants, "LOSSES": Losses, "DESTROYED": MaterielDestroyed,
	"SEIZED": MaterielCaptured, "SORTIES": Sorties, "AREA": Area}

func (l *Lexicon) add(y yamlSense, frames map[string]map[string]string, o *ontology.Ontology) error {
	s := sense{rule: y.Rule, of: y.Of, holds: y.Holds, alone: y.Alone}
	if s.rule == "" {
		return errors.New("a sense needs a rule name")
	}
	var ok bool
	if s.typ, ok = ontology.ParseType(y.Type); !ok {
		return fmt.Errorf("%s: no event type %q", y.Rule, y.Type)
	}
	if s.counts, ok = countNames[y.Counts]; !ok {
		return fmt.Errorf("%s: counts: no kind %q", y.Rule, y.Counts)
	}
	for _, c := range y.Holds {
		if _, ok := o.Meaning(c); !ok {
			return fmt.Errorf("%s: holds: no condition %q", y.Rule, c)
		}
	}
	slots := map[string]string{}
	if y.Frame != "" {
		f, ok := frames[y.Frame]
		if !ok {
			return fmt.Errorf("%s: no frame %q in this file", y.Rule, y.Frame)
		}
		maps.Copy(slots, f)
	}
	maps.Copy(slots, y.Slots)
	if of := slots["of"]; of != "" {
		if s.of == "" {
			s.of = of
		}
		delete(slots, "of")
	}
	names := make([]string, 0, len(slots))
	for k := range slots {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		var f filling
		for role := range strings.SplitSeq(slots[k], "|") {
			bit, ok := fillingNames[strings.TrimSpace(role)]
			if !ok {
				return fmt.Errorf("%s: slot %s: no role %q", y.Rule, k, role)
			}
			f |= bit
		}
		s.slots = append(s.slots, slot{fold.String(k), f})
	}
	if s.of != "" && s.of != "subject" && s.of != "object" {
		return fmt.Errorf("%s: of is subject or object, not %q", y.Rule, s.of)
	}
	var err error
	if s.needs, err = l.tests(y.Needs); err != nil {
		return fmt.Errorf("%s: needs: %w", y.Rule, err)
	}
	if s.bars, err = l.tests(y.Bars); err != nil {
		return fmt.Errorf("%s: bars: %w", y.Rule, err)
	}
	s.self = slices.ContainsFunc(s.needs, func(t test) bool { return t.slot == slotSelf })
	at := len(l.senses)
	l.senses = append(l.senses, s)
	if len(y.Verbs)+len(y.Nouns)+len(y.Adjectives) == 0 {
		return fmt.Errorf("%s: nothing evokes it", y.Rule)
	}
	for i, list := range [][]string{y.Verbs, y.Nouns, y.Adjectives} {
		index := [...]map[string][]trigger{l.verbs, l.nouns, l.adjectives}[i]
		for _, w := range list {
			head, t := parseTrigger(w)
			if head == "" {
				return fmt.Errorf("%s: empty trigger", y.Rule)
			}
			t.sense = at
			index[head] = append(index[head], t)
		}
	}
	return nil
}

// functionWords may stand between the words of a trigger and are not asked
// for.
var functionWords = []string{"le", "la", "les", "un", "une", "des", "de", "du", "d", "l", "a", "au", "aux", "en", "son", "sa", "ses"}

// parseTrigger reads «se retirer», «prendre le contrôle», «ne pas accepter»: the
// head, whether it is reflexive or denied, and the words that must be with it.
func parseTrigger(s string) (string, trigger) {
	var t trigger
	written := s
	s = strings.ReplaceAll(fold.String(s), "'", " ")
	words := strings.Fields(s)
	if len(words) > 2 && words[0] == "ne" {
		t.denied = true
		words = words[2:]
	}
	if len(words) > 1 && (words[0] == "se" || words[0] == "s") {
		t.reflexive = true
		words = words[1:]
	}
	if len(words) > 1 && words[0] == "en" {
		t.rest = append(t.rest, "en") // «s'en prendre», «en découdre»
		words = words[1:]
	}
	if len(words) == 0 {
		return "", t
	}
	for _, w := range words[1:] {
		if !slices.Contains(functionWords, w) {
			t.rest = append(t.rest, w)
		}
	}
	head, _, _ := strings.Cut(written, " ")
	t.mute = strings.HasSuffix(head, "e")
	return words[0], t
}

// tests reads «object: place|armed» and «object = ville|village|@territory»,
// where @territory is a list of lists.yaml.
func (l *Lexicon) tests(list []string) ([]test, error) {
	var out []test
	for _, s := range list {
		t := test{text: s, topic: -1}
		name, what, lemmas := strings.Cut(s, "=")
		if !lemmas {
			var ok bool
			if name, what, ok = strings.Cut(s, ":"); !ok {
				return nil, fmt.Errorf("%q is neither «slot: nature|…» nor «slot = lemma|…»", s)
			}
		}
		t.slot = fold.String(strings.TrimSpace(name))
		for p := range strings.SplitSeq(what, "|") {
			p = strings.TrimSpace(p)
			if !lemmas {
				n, ok := natureNames[p]
				if !ok {
					return nil, fmt.Errorf("%q: no nature %q", s, p)
				}
				t.natures |= n
				continue
			}
			if t.lemmas == nil {
				t.lemmas = map[string]bool{}
			}
			if named, ok := strings.CutPrefix(p, "@"); ok {
				words, ok := l.lists[named]
				if !ok {
					return nil, fmt.Errorf("%q: no list %q in %s", s, named, listsFile)
				}
				if i := topicOf(named); i >= 0 && t.slot == slotSentence && t.topic < 0 {
					t.topic = i
					continue
				}
				for _, w := range words {
					t.lemmas[fold.String(w)] = true
				}
				continue
			}
			t.lemmas[fold.String(p)] = true
		}
		if (t.slot == slotSentence || t.slot == slotHeading) && !lemmas {
			return nil, fmt.Errorf("%q: a %s has no nature", s, t.slot)
		}
		out = append(out, t)
	}
	return out, nil
}

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

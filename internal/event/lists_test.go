package event

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/depeche-events/depeche/internal/ontology"
)

// TestLists reads tests that name lists, and tells those that cannot be.
func TestLists(t *testing.T) {
	o, err := ontology.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, test, fault string
		slot              string
		lemmas            []string
		topic             string
	}{
		{name: "words", test: "object = ville|Cité", slot: "object", lemmas: []string{"ville", "cite"}},
		{name: "list", test: "any = @sport", slot: slotAny, lemmas: []string{"match", "buteur"}},
		{name: "topic", test: "sentence = @sport|club", slot: slotSentence, lemmas: []string{"club"}, topic: "sport"},
		{name: "list and words", test: "object = porte|@sport", slot: "object", lemmas: []string{"porte", "match", "buteur"}},
		{name: "no such list", test: "object = @cinema", fault: `senses.yaml:2: kill: needs: "object = @cinema": no list "cinema" in lists.yaml`},
		{name: "nature of a sentence", test: "sentence: actor", fault: "a sentence has no nature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := ReadLexicon(fstest.MapFS{
				"lists.yaml":  {Data: []byte("sport: [match, buteur]\n")},
				"senses.yaml": {Data: []byte("senses:\n  - {rule: kill, type: KILLING, verbs: [tuer], needs: [\"" + c.test + "\"]}\n")},
			}, o)
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Fatalf("fault %v, want %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := l.senses[0].needs[0]
			if got.slot != c.slot || len(got.lemmas) != len(c.lemmas) {
				t.Fatalf("slot %q with %v, want %q with %v", got.slot, got.lemmas, c.slot, c.lemmas)
			}
			if topicOf(c.topic) != got.topic {
				t.Errorf("topic %d, want %q", got.topic, c.topic)
			}
			for _, w := range c.lemmas {
				if !got.lemmas[w] {
					t.Errorf("no lemma %q in %v", w, got.lemmas)
				}
			}
		})
	}
}

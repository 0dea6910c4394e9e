package event

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/depeche-events/depeche/internal/ontology"
)

// A key that is misspelt is no key that is left out.
func TestUnknownKeys(t *testing.T) {
	o, err := ontology.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, file, fault string }{
		{"of a sense", "senses:\n  - rule: kill\n    type: KILLING\n    verbs: [tuer]\n    need: [\"object: person\"]\n", `senses.yaml:5: no key "need"`},
		{"of a file", "sense:\n  - {rule: kill, type: KILLING, verbs: [tuer]}\n", `senses.yaml:1: no key "sense"`},
		{"none", "senses:\n  - {rule: kill, type: KILLING, verbs: [tuer], needs: [\"object: person\"]}\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadLexicon(fstest.MapFS{"senses.yaml": {Data: []byte(test.file)}}, o)
			if test.fault == "" && err != nil || test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)) {
				t.Errorf("fault %v, want %q", err, test.fault)
			}
		})
	}
}

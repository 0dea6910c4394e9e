package extract

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/table"

	"go.yaml.in/yaml/v3"
)

// The event lexicon and the sentences that stand beside it. Every sense has at
// least one that tells its event; frequent false senses have one that tells
// none.
const (
	lexiconFolder  = "../lang/fr/events/"
	validationFile = "validation.tsv"
)

var factualities = map[event.Factuality]string{event.Actual: "ACTUAL", event.Unconfirmed: "UNCONFIRMED", event.Planned: "PLANNED",
	event.Hypothetical: "HYPOTHETICAL", event.Negated: "NEGATED"}

// TestValidation reads each sentence of the validation file and compares what
// is told of it with what a reader would say.
func TestValidation(t *testing.T) {
	shown := map[string]bool{}
	rows := 0
	columns := []string{"rule", "expect", "agent", "target", "place", "factuality", "sentence"}
	err := table.Read(os.DirFS(lexiconFolder), validationFile, columns, func(row table.Row) error {
		rows++
		for _, rule := range validate(t, row) {
			shown[rule] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows < 350 {
		t.Errorf("%d rows: has the file been cut?", rows)
	}
	for _, rule := range lexiconRules(t) {
		if !shown[rule] {
			t.Errorf("no sentence of validation.tsv is told by rule %s", rule)
		}
	}
}

// validate reads one row and returns the rules that told the event expected.
func validate(t *testing.T, row table.Row) []string {
	t.Helper()
	where, sentence := row.File+":"+strconv.Itoa(row.Line), row.Get("sentence")
	x, err := extractor().Extract(context.Background(), Input{Body: []byte(sentence), Language: "fr", Published: sunday}, Options{})
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return nil
	}
	told := func() string {
		var out []string
		for i := range x.Events {
			out = append(out, x.Events[i].Mentions[0].Rule+": "+x.Events[i].Summary)
		}
		return strings.Join(out, "; ")
	}
	want := row.Get("expect")
	if want == "-" {
		if len(x.Events) > 0 {
			t.Errorf("%s: %q tells %s, want nothing", where, sentence, told())
		}
		return nil
	}
	absent := strings.HasPrefix(want, "!")
	typ, ok := ontology.ParseType(strings.TrimPrefix(want, "!"))
	if !ok {
		t.Errorf("%s: no event type %q", where, want)
		return nil
	}
	e := find(x, typ)
	if absent {
		if e != nil {
			t.Errorf("%s: %q tells %s, want no %s", where, sentence, told(), typ)
		}
		return nil
	}
	if e == nil {
		t.Errorf("%s: %q tells %q, want %s", where, sentence, told(), typ)
		return nil
	}
	if w := row.Get("agent"); w != "" && names(x, e, event.Agent) != w {
		t.Errorf("%s: agent %q, want %q", where, names(x, e, event.Agent), w)
	}
	if w := row.Get("target"); w != "" && names(x, e, event.Target) != w {
		t.Errorf("%s: target %q, want %q", where, names(x, e, event.Target), w)
	}
	if w := row.Get("place"); w != "" {
		var places []string
		for _, p := range e.Places {
			places = append(places, x.Places[p.Place].Name)
		}
		if got := strings.Join(places, ", "); got != w {
			t.Errorf("%s: place %q, want %q", where, got, w)
		}
	}
	if w := row.Get("factuality"); w != "" && factualities[e.Factuality] != w {
		t.Errorf("%s: %s, want %s", where, factualities[e.Factuality], w)
	}
	var rules []string
	for _, m := range e.Mentions {
		rules = append(rules, m.Rule)
	}
	return rules
}

// lexiconRules returns the names of all senses of the lexicon.
func lexiconRules(t *testing.T) []string {
	t.Helper()
	files := os.DirFS(lexiconFolder)
	entries, err := os.ReadDir(lexiconFolder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, entry := range entries {
		switch name := entry.Name(); {
		case !strings.HasSuffix(name, ".yaml"), name == "words.yaml", name == "labels.yaml", name == "lists.yaml":
		default:
			f, err := files.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			var y struct{ Senses []struct{ Rule string } }
			err = yaml.NewDecoder(f).Decode(&y)
			f.Close()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, s := range y.Senses {
				out = append(out, s.Rule)
			}
		}
	}
	return out
}

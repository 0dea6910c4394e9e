package evaluate

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// A trigger in the request's title is in no text that was annotated.
func TestTitleTriggers(t *testing.T) {
	e := event(attack, "attaquent")
	e.Mentions[0].Trigger.Field = depechev1.Field_FIELD_TITLE
	var s Scorer
	s.Add(annotated(GoldEvent{Type: "ATTACK", Anchors: []string{"rebelles attaquent Faya"}}), answered(e))
	if want := (Share{0, 1, 1}); s.share[trigger] != want || len(s.failed) > 0 {
		t.Errorf("trigger %v, want %v; failed %q", s.share[trigger], want, s.failed)
	}
}

func TestUnscorable(t *testing.T) {
	gold := GoldEvent{Type: "ATTACK", Anchors: []string{"rebelles attaquent Faya"}}
	for name, spoil := range map[string]func(*depechev1.Extraction){
		"offsets count UTF-16":     func(x *depechev1.Extraction) { x.OffsetEncoding = depechev1.OffsetEncoding_OFFSET_ENCODING_UTF16 },
		"a span beyond the text":   func(x *depechev1.Extraction) { x.Events[0].Mentions[0].Trigger.End = 1 << 30 },
		"a span of other words":    func(x *depechev1.Extraction) { x.Actors[0].Mentions[0].Span.Text = "armée" },
		"a trigger over two lines": func(x *depechev1.Extraction) { x.Events[0].Mentions[0].Trigger = at("Faya.\nL'armée") },
		"a sentence for a trigger": func(x *depechev1.Extraction) { x.Events[0].Mentions[0].Trigger = at(article) },
	} {
		t.Run(name, func(t *testing.T) {
			var s Scorer
			x := answered(event(attack, "attaquent"))
			spoil(x)
			s.Add(annotated(gold), x)
			if len(s.failed) != 1 || s.share[typed] != (Share{0, 0, 1}) || s.counts.Gold != 1 {
				t.Errorf("failed %q, typed %v", s.failed, s.share[typed])
			}
		})
	}
}

func TestReadGoldFaults(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ReadGold(dir); err == nil || !strings.Contains(err.Error(), "no annotation") {
		t.Errorf("an empty folder: %v", err)
	}
	write("a.txt", "Faya est prise.")
	write("a.json", `{"id": "a", "text_file": "a.txt", "actors": [{"key": "x", "names": ["rebelles"]}], "locations": [],
		"events": [{"type": "PICNIC", "anchors": ["est tombée"], "agents": ["y"], "places": ["z"]}, {"type": "ATTACK"}, {"type": "ATTACK", "anchors": [""]}]}`)
	write("b.json", `{"text_file": "absent.txt"}`)
	write("c.json", `[]`)
	write("d.txt", "\xff")
	write("d.json", `{"text_file": "d.txt"}`)
	_, err := ReadGold(dir)
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{`a.json: `, `name not in the text: "rebelles"`, `anchor not in the text: "est tombée"`, `no event type "PICNIC"`,
		`no actor "y"`, `an event of type "ATTACK" has no anchor`, `anchor not in the text: ""`, `no location "z"`, "absent.txt", "c.json: ", "d.txt is not UTF-8"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}

// Whatever an annotation holds, it is refused or can be scored.
func FuzzGold(f *testing.F) {
	good, err := json.Marshal(annotated(GoldEvent{Type: "ATTACK", Anchors: []string{"rebelles attaquent Faya", "Faya"}, Agents: []string{"rebels|army"},
		Places: []string{"faya"}, Start: text("2016"), Quantities: []GoldQuantity{{"KILLED", number(12), nil}}}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"events": [{"type": "ATTACK", "anchors": ["a", "é", " "], "optional": true}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := parseGold(data)
		if err != nil {
			return
		}
		g.Text = article
		if g.check() != nil {
			return
		}
		s := Scorer{Detail: io.Discard}
		s.Add(g, answered(event(attack, "attaquent", "contre-attaque"), event(clash, "attaquent")))
		if found := s.share[typed]; len(s.failed) > 0 || found.Right+found.Missed != s.counts.Gold {
			t.Errorf("%d events, %v: %q", s.counts.Gold, found, s.failed)
		}
		if _, err := json.Marshal(s.Report()); err != nil {
			t.Error(err)
		}
	})
}

package evaluate

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// answers are recorded extractions of the gold articles, one of which cannot
// be scored. They stay as they are when the engine changes.
func scoreAnswers(t *testing.T, detail io.Writer) *Report {
	t.Helper()
	gold, err := ReadGold("testdata/gold")
	if err != nil {
		t.Fatal(err)
	}
	s := Scorer{Detail: detail}
	for _, g := range gold {
		data, err := os.ReadFile(filepath.Join("testdata/answers", g.ID+".json"))
		if err != nil {
			t.Fatal(err)
		}
		x := new(depechev1.Extraction)
		if err := protojson.Unmarshal(data, x); err != nil {
			t.Fatal(err)
		}
		s.Add(g, x)
	}
	return s.Report()
}

// The figures of testdata/score.json are those of the shared folder's score.py:
//
//	score.py --gold testdata/gold --pred testdata/answers --json testdata/score.json
func TestSameFiguresAsRecordedScorer(t *testing.T) {
	want, err := os.ReadFile("testdata/score.json")
	if err != nil {
		t.Fatal(err)
	}
	sameFigures(t, scoreAnswers(t, nil), want)
}

func TestSameFiguresAsScorer(t *testing.T) {
	const scorer = "../../../shared/score/score.py"
	if _, err := os.Stat(scorer); err != nil {
		t.Skip("the scorer is not here")
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not here")
	}
	figures := filepath.Join(t.TempDir(), "figures.json")
	out, err := exec.Command("python3", scorer, "--gold", "testdata/gold", "--pred", "testdata/answers", "--json", figures).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(figures)
	if err != nil {
		t.Fatal(err)
	}
	sameFigures(t, scoreAnswers(t, nil), want)
}

func sameFigures(t *testing.T, r *Report, want []byte) {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got, wanted map[string]any
	if err := errors.Join(json.Unmarshal(data, &got), json.Unmarshal(want, &wanted)); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(wanted) {
		t.Errorf("%d figures, want %d", len(got), len(wanted))
	}
	for name, w := range wanted {
		values, ok := w.(map[string]any)
		if !ok {
			if len(w.([]any)) != len(got[name].([]any)) {
				t.Errorf("%s are %v, want %v", name, got[name], w)
			}
			continue
		}
		now, _ := got[name].(map[string]any)
		for k, v := range values {
			g, ok := now[k].(float64)
			if !ok || math.Abs(g-v.(float64)) > 1e-9 {
				t.Errorf("%s %s is %v, want %v", name, k, now[k], v)
			}
		}
	}
}

const (
	attack = depechev1.EventType_EVENT_TYPE_ATTACK
	clash  = depechev1.EventType_EVENT_TYPE_ARMED_CLASH
)

func TestMatching(t *testing.T) {
	gold := GoldEvent{Type: "ATTACK", Also: []string{"OFFENSIVE"}, Anchors: []string{"rebelles attaquent Faya"}}
	optional := gold
	optional.Optional = true
	tests := []struct {
		name           string
		gold           []GoldEvent
		found          []*depechev1.Event
		trigger, typed Share
		counts         Counts
	}{
		{"found", []GoldEvent{gold}, []*depechev1.Event{event(attack, "attaquent")},
			Share{1, 0, 0}, Share{1, 0, 0}, Counts{Gold: 1, Predicted: 1}},
		{"another type that is right", []GoldEvent{gold}, []*depechev1.Event{event(depechev1.EventType_EVENT_TYPE_OFFENSIVE, "attaquent")},
			Share{1, 0, 0}, Share{1, 0, 0}, Counts{Gold: 1, Predicted: 1}},
		{"wrong type", []GoldEvent{gold}, []*depechev1.Event{event(clash, "attaquent")},
			Share{1, 0, 0}, Share{0, 1, 1}, Counts{Gold: 1, Predicted: 1}},
		{"missed", []GoldEvent{gold}, nil,
			Share{0, 0, 1}, Share{0, 0, 1}, Counts{Gold: 1}},
		{"found twice: the right type wins", []GoldEvent{gold}, []*depechev1.Event{event(clash, "attaquent"), event(attack, "attaquent")},
			Share{1, 1, 0}, Share{1, 1, 0}, Counts{Gold: 1, Predicted: 2, Duplicates: 1}},
		{"spurious", []GoldEvent{gold}, []*depechev1.Event{event(attack, "attaquent"), event(attack, "contre-attaque")},
			Share{1, 1, 0}, Share{1, 1, 0}, Counts{Gold: 1, Predicted: 2, Spurious: 1}},
		{"optional and found", []GoldEvent{optional}, []*depechev1.Event{event(attack, "attaquent")},
			Share{}, Share{}, Counts{Optional: 1, Predicted: 1}},
		{"optional and not found", []GoldEvent{optional}, nil,
			Share{}, Share{}, Counts{Optional: 1}},
		{"optional, wrong type", []GoldEvent{optional}, []*depechev1.Event{event(clash, "attaquent")},
			Share{}, Share{0, 1, 0}, Counts{Optional: 1, Predicted: 1}},
		{"what must be found goes first", []GoldEvent{optional, gold}, []*depechev1.Event{event(attack, "attaquent")},
			Share{1, 0, 0}, Share{1, 0, 0}, Counts{Gold: 1, Optional: 1, Predicted: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Scorer
			s.Add(annotated(tt.gold...), answered(tt.found...))
			if len(s.Report().Failed) > 0 || s.share[trigger] != tt.trigger || s.share[typed] != tt.typed || s.counts != tt.counts {
				t.Errorf("trigger %v typed %v counts %+v, want %v %v %+v; failed %q",
					s.share[trigger], s.share[typed], s.counts, tt.trigger, tt.typed, tt.counts, s.failed)
			}
		})
	}
}

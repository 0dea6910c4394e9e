package evaluate

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

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

func TestDetail(t *testing.T) {
	var b strings.Builder
	r := scoreAnswers(t, &b)
	for _, want := range []string{"== sahel-convoi\n", "  MISS ", "  TYPE ", "  SPURIOUS ", "  DUPLICATE ", "  SLOT ", "  ERROR "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in the detail", want)
		}
	}
	if len(r.Failed) != 1 || !strings.Contains(r.Failed[0], "otages-sahara: a trigger is a word") {
		t.Errorf("failed: %q", r.Failed)
	}
}

func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"l’Armée syrienne":       "armee syrienne",
		"Les États-Unis":         "etats unis",
		"d'Al-Qaïda":             "al qaida",
		"«Daesh»":                "daesh",
		"la":                     "",
		"Les Casques bleus (UN)": "casques bleus un",
		"№ 5":                    "no 5",
		"":                       "",
	} {
		if got := plain(name); got != want {
			t.Errorf("plain(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestAlign(t *testing.T) {
	gold := []GoldName{{Key: "army", Names: []string{"armée", "soldats"}}, {Key: "rebels", Names: []string{"rebelles", "soldats"}}}
	a := align([]named{
		{"1", []string{"armee", "soldats"}},
		{"2", []string{"soldats"}}, // both have it: the first one
		{"3", []string{"rebelles"}},
		{"4", []string{"onu"}},
	}, gold)
	for id, want := range map[string]string{"1": "army", "2": "army", "3": "rebels", "4": "?4", "5": "?5"} {
		if got := a.of(id); got != want {
			t.Errorf("%s means %q, want %q", id, got, want)
		}
	}
	if ids, keys, strange := a.count(); ids != 3 || keys != 2 || strange != 1 {
		t.Errorf("count %d %d %d", ids, keys, strange)
	}
}

func TestKilometres(t *testing.T) {
	if d := kilometres(48.8566, 2.3522, 51.5074, -0.1278); math.Abs(d-343.6) > 1 { // Paris to London
		t.Errorf("%.1f km", d)
	}
}

const article = "Les rebelles attaquent Faya.\nL'armée contre-attaque. Selon l'ONU, douze morts à Faya."

func number(v float64) *float64 { return &v }
func text(s string) *string     { return &s }

// at is the span of a piece of the article.
func at(piece string) *depechev1.Span {
	i := strings.Index(article, piece)
	return &depechev1.Span{Begin: uint32(i), End: uint32(i + len(piece)), Text: piece}
}

func annotated(events ...GoldEvent) *Gold {
	return &Gold{ID: "t", Text: article, Events: events,
		Actors:    []GoldName{{Key: "rebels", Names: []string{"rebelles"}, Kind: "REBEL_GROUP"}, {Key: "army", Names: []string{"armée"}}, {Key: "un", Names: []string{"ONU"}}},
		Locations: []GoldName{{Key: "faya", Names: []string{"Faya"}, Country: "TCD", Lat: number(17.93), Lon: number(19.1)}, {Key: "chad", Kind: "COUNTRY"}},
	}
}

// answered is an answer with the article's names and some events.
func answered(events ...*depechev1.Event) *depechev1.Extraction {
	actor := func(id, name string) *depechev1.Actor {
		return &depechev1.Actor{Id: id, Name: name, Kind: depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP, Mentions: []*depechev1.ActorMention{{Span: at(name)}}}
	}
	return &depechev1.Extraction{
		OffsetEncoding: depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8,
		Events:         events,
		Actors:         []*depechev1.Actor{actor("r", "rebelles"), actor("a", "armée"), actor("u", "ONU")},
		Locations: []*depechev1.Location{{Id: "f", Name: "Faya-Largeau", Country: text("TCD"),
			Point: &depechev1.LatLng{Latitude: 17.9, Longitude: 19.1}, Mentions: []*depechev1.LocationMention{{Span: at("Faya")}}}},
	}
}

func event(typ depechev1.EventType, triggers ...string) *depechev1.Event {
	e := &depechev1.Event{Type: typ, Factuality: depechev1.Factuality_FACTUALITY_ACTUAL, Confidence: 0.8}
	for _, piece := range triggers {
		e.Mentions = append(e.Mentions, &depechev1.EventMention{Trigger: at(piece)})
	}
	return e
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

func TestAnchors(t *testing.T) {
	got := anchorsOf("aaa b aaa", &GoldEvent{Anchors: []string{"aa", "b"}})
	if want := []span{{0, 2}, {1, 3}, {6, 8}, {7, 9}, {4, 5}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSlots(t *testing.T) {
	names := aligned{alignment{"r": "rebels", "a": "army", "u": ""}, alignment{"f": "faya", "c": "chad", "x": ""}, map[string]bool{"chad": true}}
	const agentRole, targetRole = depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT, depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET
	who := func(role depechev1.ParticipantRole, id string) *depechev1.Participant {
		return &depechev1.Participant{Role: role, ActorId: id}
	}
	in := func(ids ...string) (out []*depechev1.EventPlace) {
		for _, id := range ids {
			out = append(out, &depechev1.EventPlace{LocationId: id})
		}
		return out
	}
	killed := func(low, high *float64) *depechev1.Quantity {
		return &depechev1.Quantity{Kind: depechev1.QuantityKind_QUANTITY_KIND_KILLED, Low: low, High: high}
	}
	tests := []struct {
		name  string
		gold  GoldEvent
		event *depechev1.Event
		slot  share
		want  Share
	}{
		{"not scored", GoldEvent{}, &depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "r")}}, agent, Share{}},
		{"filler", GoldEvent{Agents: []string{"rebels"}}, &depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "r")}}, agent, Share{1, 0, 0}},
		{"alternative", GoldEvent{Agents: []string{"x|rebels"}}, &depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "r")}}, agent, Share{1, 0, 0}},
		{"another", GoldEvent{Agents: []string{"army"}}, &depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "r")}}, agent, Share{0, 1, 1}},
		{"nobody known", GoldEvent{Agents: []string{}}, &depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "u")}}, agent, Share{0, 1, 0}},
		{"the same twice", GoldEvent{Agents: []string{"rebels"}}, &depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "r"), who(agentRole, "r")}}, agent, Share{1, 0, 0}},
		{"a clash has no direction", GoldEvent{Type: "ARMED_CLASH", Agents: []string{"rebels"}, Targets: []string{"army"}},
			&depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "a"), who(targetRole, "r")}}, agent, Share{1, 0, 0}},
		{"as told where both fit", GoldEvent{Type: "ARMED_CLASH", Agents: []string{"rebels|army"}, Targets: nil},
			&depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "a"), who(targetRole, "r"), who(targetRole, "u")}}, agent, Share{1, 0, 0}},
		{"others have", GoldEvent{Type: "ATTACK", Agents: []string{"rebels"}, Targets: []string{"army"}},
			&depechev1.Event{Participants: []*depechev1.Participant{who(agentRole, "a"), who(targetRole, "r")}}, target, Share{0, 1, 1}},
		{"a country is not wrong", GoldEvent{Places: []string{"faya"}}, &depechev1.Event{Locations: in("f", "c")}, place, Share{1, 0, 0}},
		{"nor right where another is", GoldEvent{Places: []string{"faya"}}, &depechev1.Event{Locations: in("c")}, place, Share{0, 0, 1}},
		{"a strange place is wrong", GoldEvent{Places: []string{}}, &depechev1.Event{Locations: in("x")}, place, Share{0, 1, 0}},
		{"quantity", GoldEvent{Quantities: []GoldQuantity{{"KILLED", number(12), number(12)}}}, &depechev1.Event{Quantities: []*depechev1.Quantity{killed(number(12), number(12))}}, quantity, Share{1, 0, 0}},
		{"within a hundredth", GoldEvent{Quantities: []GoldQuantity{{"KILLED", number(1000), nil}}}, &depechev1.Event{Quantities: []*depechev1.Quantity{killed(number(1009), nil)}}, quantity, Share{1, 0, 0}},
		{"beyond a hundredth", GoldEvent{Quantities: []GoldQuantity{{"KILLED", number(1000), nil}}}, &depechev1.Event{Quantities: []*depechev1.Quantity{killed(number(1011), nil)}}, quantity, Share{0, 1, 1}},
		{"open is not closed", GoldEvent{Quantities: []GoldQuantity{{"KILLED", number(12), nil}}}, &depechev1.Event{Quantities: []*depechev1.Quantity{killed(number(12), number(12))}}, quantity, Share{0, 1, 1}},
		{"told as it is", GoldEvent{Factuality: "PLANNED"}, &depechev1.Event{Factuality: depechev1.Factuality_FACTUALITY_PLANNED}, nonActual, Share{1, 0, 0}},
		{"taken for a fact", GoldEvent{Factuality: "PLANNED"}, &depechev1.Event{Factuality: depechev1.Factuality_FACTUALITY_ACTUAL}, nonActual, Share{0, 0, 1}},
		{"taken for another", GoldEvent{Factuality: "PLANNED"}, &depechev1.Event{Factuality: depechev1.Factuality_FACTUALITY_NEGATED}, nonActual, Share{0, 1, 1}},
		{"not told", GoldEvent{Factuality: "PLANNED"}, &depechev1.Event{}, nonActual, Share{0, 0, 1}},
		{"a fact", GoldEvent{Factuality: "ACTUAL"}, &depechev1.Event{Factuality: depechev1.Factuality_FACTUALITY_ACTUAL}, nonActual, Share{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := compare(&tt.gold, tt.event, names)
			if c.share[tt.slot] != tt.want {
				t.Errorf("%s is %v, want %v (%q)", shareNames[tt.slot], c.share[tt.slot], tt.want, c.wrong)
			}
		})
	}
}

func TestDates(t *testing.T) {
	for _, tt := range []struct {
		want  *string
		found *depechev1.Date
		score Accuracy
	}{
		{nil, &depechev1.Date{Year: 2016}, Accuracy{}},
		{text(""), nil, Accuracy{1, 1}},
		{text(""), &depechev1.Date{Year: 2016}, Accuracy{0, 1}},
		{text("2016"), &depechev1.Date{Year: 2016}, Accuracy{1, 1}},
		{text("2016-03"), &depechev1.Date{Year: 2016, Month: 3}, Accuracy{1, 1}},
		{text("2016-03-27"), &depechev1.Date{Year: 2016, Month: 3, Day: 27}, Accuracy{1, 1}},
		{text("2016-03-27"), &depechev1.Date{Year: 2016, Month: 3}, Accuracy{0, 1}},
	} {
		c := compare(&GoldEvent{Start: tt.want}, &depechev1.Event{Time: &depechev1.EventTime{Start: tt.found}}, aligned{})
		if c.right[start] != tt.score {
			t.Errorf("%v for %v scores %v, want %v", tt.found, tt.want, c.right[start], tt.score)
		}
	}
}

func TestNames(t *testing.T) {
	var s Scorer
	x := answered()
	x.Actors = append(x.Actors, &depechev1.Actor{Id: "r2", Name: "les Rebelles"})
	x.Locations = append(x.Locations, &depechev1.Location{Id: "m", Name: "Mars"})
	s.Add(annotated(), x)
	if want := (Share{3, 1, 0}); s.share[actors] != want {
		t.Errorf("actors %v, want %v: a second id is wrong", s.share[actors], want)
	}
	if want := (Share{1, 1, 1}); s.share[locations] != want {
		t.Errorf("locations %v, want %v", s.share[locations], want)
	}
	s.places(annotated(), &depechev1.Extraction{Locations: []*depechev1.Location{{Id: "f", Country: text("TCD"), Point: &depechev1.LatLng{Latitude: 18.3, Longitude: 19.1}}}},
		alignment{"f": "faya"}) // 41 km off
	for f, want := range map[accuracy]Accuracy{geocoded: {1, 2}, country: {2, 2}, actorKind: {1, 1}, actorCountry: {}} {
		if s.accuracy[f] != want {
			t.Errorf("%s %v, want %v", accuracyNames[f], s.accuracy[f], want)
		}
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

func TestReliability(t *testing.T) {
	var r reliability
	for _, e := range []struct {
		confidence float32
		right      bool
	}{{0.95, true}, {1, true}, {0.92, false}, {0.55, true}, {0, false}} {
		r.add(e.confidence, e.right)
	}
	if b := r[9]; b.Events != 3 || b.Right != 2 || math.Abs(b.Mean()-0.9567) > 1e-3 {
		t.Errorf("bin %+v", b)
	}
	// (3*|0.957-0.667| + |0.55-1| + |0-0|) / 5
	if got := r.calibrationError(); math.Abs(got-0.264) > 1e-3 {
		t.Errorf("calibration error %.3f", got)
	}
	if got := (&reliability{}).calibrationError(); got != 0 {
		t.Errorf("calibration error of nothing %v", got)
	}
}

func TestBelow(t *testing.T) {
	r := scoreAnswers(t, nil)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	record, err := ReadRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	if fell := r.Below(record); fell != nil {
		t.Errorf("below itself: %q", fell)
	}
	record["typed"] += 0.0004
	record["agent"] += 0.001
	record["melody"] = 0.5
	fell := r.Below(record)
	if len(fell) != 2 || !strings.HasPrefix(fell[0], "agent is ") || fell[1] != "melody is not measured; 0.500 is recorded" {
		t.Errorf("fell: %q", fell)
	}
	for _, bad := range []string{"", "{}", `{"events": {"gold": 3}}`} {
		if _, err := ReadRecord([]byte(bad)); err == nil {
			t.Errorf("%q is no record", bad)
		}
	}
}

func TestWrite(t *testing.T) {
	r := scoreAnswers(t, nil)
	var plain, markdown strings.Builder
	if err := errors.Join(r.WriteText(&plain), r.WriteMarkdown(&markdown)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"typed          P 0.", "start          accuracy 0.", "calibration error", "NOT SCORED  otages-sahara"} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("no %q in\n%s", want, &plain)
		}
	}
	for _, want := range []string{"| typed | 0.", "| start | | | 0.", "| 0.9 to 1.0 |", "Not scored: otages-sahara"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("no %q in\n%s", want, &markdown)
		}
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

// Each of the types has its sentences: four or more that report it and three or
// more that do not.
func TestUnseenSet(t *testing.T) {
	all, err := ReadSentences(os.DirFS("testdata"), "unseen.tsv")
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[depechev1.EventType][2]int)
	texts := make(map[string]bool)
	for _, s := range all {
		c := counts[s.Type]
		if s.Reports {
			c[0]++
		} else {
			c[1]++
		}
		counts[s.Type] = c
		if texts[s.Text] {
			t.Errorf("line %d: twice the same sentence", s.Line)
		}
		texts[s.Text] = true
	}
	for n, name := range depechev1.EventType_name {
		if c := counts[depechev1.EventType(n)]; n != 0 && (c[0] < 4 || c[1] < 3) {
			t.Errorf("%s has %d sentences that report it and %d that do not", name, c[0], c[1])
		}
	}
}

func TestReadSentencesFaults(t *testing.T) {
	_, err := ReadSentences(fstest.MapFS{"s.tsv": {Data: []byte("type\treports\tsentence\nPICNIC\ty\tUn.\nATTACK\tperhaps\tDeux.\nATTACK\ty\n")}}, "s.tsv")
	for _, want := range []string{`s.tsv:2: no event type "PICNIC"`, `s.tsv:3: reports is "perhaps"`, "s.tsv:4: no sentence"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestSentences(t *testing.T) {
	var detail strings.Builder
	s := Sentences{Detail: &detail}
	with := &depechev1.Extraction{Events: []*depechev1.Event{{Type: clash}, {Type: attack}, {Type: clash}}}
	without := &depechev1.Extraction{Events: []*depechev1.Event{{Type: clash}}}
	s.Add(Sentence{attack, true, "a", 1}, with)
	s.Add(Sentence{attack, true, "b", 2}, without)
	s.Add(Sentence{attack, false, "c", 3}, with)
	s.Add(Sentence{attack, false, "d", 4}, without)
	s.Add(Sentence{clash, false, "e", 5}, nil)
	if got, want := s.Total(), (Share{1, 1, 1}); got != want || s.Rows() != 5 {
		t.Errorf("total %v of %d rows, want %v of 5", got, s.Rows(), want)
	}
	want := "  MISS  line 2  ATTACK                 b  found: ARMED_CLASH\n" +
		"  FALSE line 3  ATTACK                 c  found: ARMED_CLASH ATTACK ARMED_CLASH\n"
	if detail.String() != want {
		t.Errorf("detail\n%s\nwant\n%s", &detail, want)
	}
	var plain, markdown strings.Builder
	if err := errors.Join(s.WriteText(&plain), s.WriteMarkdown(&markdown)); err != nil {
		t.Fatal(err)
	}
	if want := "ATTACK                   1/2        1   1/2   0.500  0.500\n"; !strings.HasSuffix(plain.String(), want) {
		t.Errorf("got\n%s\nwant the end\n%s", &plain, want)
	}
	if want := "| ATTACK | 1 of 2 | 1 of 2 | 0.50 | 0.50 |\n| all | 1 of 2 | 1 of 3 | 0.50 | 0.50 |\n"; !strings.HasSuffix(markdown.String(), want) {
		t.Errorf("got\n%s\nwant the end\n%s", &markdown, want)
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

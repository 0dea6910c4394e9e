package evaluate

import (
	"math"
	"slices"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestKilometres(t *testing.T) {
	if d := kilometres(48.8566, 2.3522, 51.5074, -0.1278); math.Abs(d-343.6) > 1 { // Paris to London
		t.Errorf("%.1f km", d)
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

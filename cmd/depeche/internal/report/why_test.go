package report

import (
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestExplain(t *testing.T) {
	x := &depechev1.Extraction{
		Events: []*depechev1.Event{{
			Type:           depechev1.EventType_EVENT_TYPE_WITHDRAWAL,
			Factuality:     depechev1.Factuality_FACTUALITY_PLANNED,
			FactualityRule: "governed by «prévoit»",
			Participants: []*depechev1.Participant{{ActorId: "a1", Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT,
				Span: &depechev1.Span{Text: "armée"}, Rule: "subject: nsubj"}},
			Locations: []*depechev1.EventPlace{{LocationId: "l1", Span: &depechev1.Span{Text: "Gao"}, Rule: "sentence before"}},
			Time:      &depechev1.EventTime{Span: &depechev1.Span{Text: "lundi"}, Basis: depechev1.TimeBasis_TIME_BASIS_CLAUSE},
		}},
		Discarded: []*depechev1.Discarded{{Trigger: &depechev1.Span{Text: "prendre"}, Rule: "capture", Reason: "needs object: place"}},
	}
	for _, explain := range []bool{true, false} {
		var b strings.Builder
		if err := Write(&b, x, Options{Width: 100, Explain: explain}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"because   agent «armée»: subject: nsubj",
			"because   place «Gao»: sentence before",
			"because   time «lundi»: clause",
			"because   planned: governed by «prévoit»",
			"prendre (rule capture): needs object: place",
		} {
			if strings.Contains(b.String(), want) != explain {
				t.Errorf("explain %v: the report is\n%s\nas for %q", explain, b.String(), want)
			}
		}
	}
}

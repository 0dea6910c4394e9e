package wire

import (
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Enums convert by value: the first and the last of each, and their number,
// must agree with the contract.
func TestEnumsAreNumberedAsTheContract(t *testing.T) {
	for _, tt := range []struct {
		first, last int
		enum        protoreflect.EnumDescriptor
		names       [2]protoreflect.Name
	}{
		{int(article.Heading), int(article.Boilerplate), depechev1.SegmentKind(0).Descriptor(), [2]protoreflect.Name{"SEGMENT_KIND_TITLE", "SEGMENT_KIND_BOILERPLATE"}},
		{int(actor.StateForces), int(actor.Other), depechev1.ActorKind(0).Descriptor(), [2]protoreflect.Name{"ACTOR_KIND_STATE_FORCES", "ACTOR_KIND_OTHER"}},
		{int(actor.Proper), int(actor.Pronominal), depechev1.MentionKind(0).Descriptor(), [2]protoreflect.Name{"MENTION_KIND_PROPER", "MENTION_KIND_PRONOMINAL"}},
		{int(place.Country), int(place.Terrain), depechev1.LocationKind(0).Descriptor(), [2]protoreflect.Name{"LOCATION_KIND_COUNTRY", "LOCATION_KIND_TERRAIN"}},
		{int(timex.Day), int(timex.Approximate), depechev1.TimePrecision(0).Descriptor(), [2]protoreflect.Name{"TIME_PRECISION_DAY", "TIME_PRECISION_APPROXIMATE"}},
		{int(timex.Dawn), int(timex.Night), depechev1.PartOfDay(0).Descriptor(), [2]protoreflect.Name{"PART_OF_DAY_DAWN", "PART_OF_DAY_NIGHT"}},
		{int(event.InClause), int(event.InNarrative), depechev1.TimeBasis(0).Descriptor(), [2]protoreflect.Name{"TIME_BASIS_CLAUSE", "TIME_BASIS_NARRATIVE"}},
		{int(timex.Given), int(timex.Inferred), depechev1.ReferenceDateBasis(0).Descriptor(), [2]protoreflect.Name{"REFERENCE_DATE_BASIS_GIVEN", "REFERENCE_DATE_BASIS_INFERRED"}},
		{int(event.Agent), int(event.TargetAlly), depechev1.ParticipantRole(0).Descriptor(), [2]protoreflect.Name{"PARTICIPANT_ROLE_AGENT", "PARTICIPANT_ROLE_TARGET_ALLY"}},
		{int(event.Site), int(event.Destination), depechev1.EventPlaceRole(0).Descriptor(), [2]protoreflect.Name{"EVENT_PLACE_ROLE_SITE", "EVENT_PLACE_ROLE_DESTINATION"}},
		{int(event.Killed), int(event.Share), depechev1.QuantityKind(0).Descriptor(), [2]protoreflect.Name{"QUANTITY_KIND_KILLED", "QUANTITY_KIND_SHARE"}},
		{int(event.Actual), int(event.Negated), depechev1.Factuality(0).Descriptor(), [2]protoreflect.Name{"FACTUALITY_ACTUAL", "FACTUALITY_NEGATED"}},
		{int(event.Current), int(event.Background), depechev1.Timeframe(0).Descriptor(), [2]protoreflect.Name{"TIMEFRAME_CURRENT", "TIMEFRAME_BACKGROUND"}},
		{int(event.Asserts), int(event.Expects), depechev1.ClaimStance(0).Descriptor(), [2]protoreflect.Name{"CLAIM_STANCE_ASSERTS", "CLAIM_STANCE_EXPECTS"}},
		{int(ontology.ACLED), int(ontology.CAMEO), depechev1.Codebook(0).Descriptor(), [2]protoreflect.Name{"CODEBOOK_ACLED", "CODEBOOK_CAMEO"}},
		{int(ontology.Exact), int(ontology.Lossy), depechev1.CodingMatch(0).Descriptor(), [2]protoreflect.Name{"CODING_MATCH_EXACT", "CODING_MATCH_LOSSY"}},
		{int(extract.LanguageUnsupported), int(extract.LeftOut), depechev1.WarningCode(0).Descriptor(), [2]protoreflect.Name{"WARNING_CODE_LANGUAGE_UNSUPPORTED", "WARNING_CODE_LEFT_OUT"}},
	} {
		t.Run(string(tt.enum.Name()), func(t *testing.T) {
			values := tt.enum.Values()
			if got := values.Len() - 1; got != tt.last {
				t.Errorf("%d values, ours end at %d", got, tt.last)
			}
			for i, n := range []int{tt.first, tt.last} {
				if v := values.ByNumber(protoreflect.EnumNumber(n)); v == nil || v.Name() != tt.names[i] {
					t.Errorf("value %d is %v, want %s", n, v, tt.names[i])
				}
			}
		})
	}
}

func TestEventTypesAreTheContract(t *testing.T) {
	for n, name := range depechev1.EventType_name {
		if n == 0 {
			continue
		}
		if got := "EVENT_TYPE_" + ontology.Type(n).String(); got != name {
			t.Errorf("type %d is %s, the contract's is %s", n, got, name)
		}
	}
}

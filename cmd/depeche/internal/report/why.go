package report

import (
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// why says what decided each part of an event.
func (r *report) why(e *depechev1.Event) {
	because := func(what, rule string) {
		if rule != "" {
			r.row("because", clean(what)+": "+clean(rule))
		}
	}
	for _, p := range e.GetParticipants() {
		role := word(p.GetRole().String(), "PARTICIPANT_ROLE_")
		because(role+" «"+p.GetSpan().GetText()+"»", p.GetRule())
	}
	for _, l := range e.GetLocations() {
		because("place «"+l.GetSpan().GetText()+"»", l.GetRule())
	}
	if t := e.GetTime(); t.GetSpan() != nil && t.GetBasis() != depechev1.TimeBasis_TIME_BASIS_UNSPECIFIED {
		because("time «"+t.GetSpan().GetText()+"»", strings.ToLower(word(t.GetBasis().String(), "TIME_BASIS_")))
	}
	because(word(e.GetFactuality().String(), "FACTUALITY_"), e.GetFactualityRule())
	because(word(e.GetTimeframe().String(), "TIMEFRAME_"), e.GetTimeframeRule())
}

// discarded lists what was considered and not reported.
func (r *report) discarded(ds []*depechev1.Discarded) {
	if len(ds) == 0 {
		return
	}
	r.section("Considered and not reported")
	for _, d := range ds {
		r.line(2, clean(d.GetTrigger().GetText())+" (rule "+clean(d.GetRule())+"): "+clean(d.GetReason()))
	}
}

package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// mentionsShown is how many of an event's sentences are quoted.
const mentionsShown = 3

// event prints the number'th event.
func (r *report) event(number int, e *depechev1.Event) {
	r.blank()
	status := word(e.GetFactuality().String(), "FACTUALITY_")
	if e.GetTimeframe() != depechev1.Timeframe_TIMEFRAME_CURRENT {
		status += ", " + word(e.GetTimeframe().String(), "TIMEFRAME_")
	}
	emphasis := plain
	if e.GetFactuality() != depechev1.Factuality_FACTUALITY_ACTUAL {
		emphasis = caution
	}
	r.line(0, fmt.Sprintf("%d. %s — %s, confidence %.2f", number,
		r.paint(heading, strings.TrimPrefix(e.GetType().String(), "EVENT_TYPE_")), r.paint(emphasis, status), e.GetConfidence()))
	if e.GetSummary() != "" {
		r.line(3, clean(e.GetSummary()))
	}

	r.participants("who", e, depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT)
	r.participants("with", e, depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT_ALLY)
	r.participants("whom", e, depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET)
	r.participants("beside", e, depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET_ALLY)
	if e.GetTheme() != nil {
		r.row("what", strings.TrimSpace(quoted(e.GetTheme())))
	}
	for _, l := range e.GetLocations() {
		r.row("where", r.where(l))
	}
	if e.GetTime() != nil {
		r.row("when", when(e.GetTime()))
	}
	for _, q := range e.GetQuantities() {
		r.row("how many", r.howMany(q))
	}
	for _, c := range e.GetClaims() {
		r.row("says who", r.claim(c, len(e.GetQuantities())))
	}
	if len(e.GetClaims()) == 0 {
		r.row("says who", "the publication itself")
	}
	r.mentions(e.GetMentions())
	if r.explain {
		r.why(e)
	}
}

// mentions quotes the first sentences that tell an event, each once: scraped
// pages repeat their headlines.
func (r *report) mentions(ms []*depechev1.EventMention) {
	var quotes []string
	for _, m := range ms {
		if quote := r.told(m); !slices.Contains(quotes, quote) {
			quotes = append(quotes, quote)
		}
	}
	for _, quote := range quotes[:min(len(quotes), mentionsShown)] {
		r.row("told", quote)
	}
	if more := len(quotes) - mentionsShown; more > 0 {
		r.row("told", fmt.Sprintf("and %d more", more))
	}
}

func (r *report) participants(label string, e *depechev1.Event, role depechev1.ParticipantRole) {
	for _, p := range e.GetParticipants() {
		if p.GetRole() != role {
			continue
		}
		s := clean(p.GetActorId())
		if a := r.actors[p.GetActorId()]; a != nil {
			s = describeActor(a)
			if a.GetName() == p.GetSpan().GetText() {
				r.row(label, s)
				continue
			}
		}
		r.row(label, s+quoted(p.GetSpan()))
	}
}

func (r *report) where(l *depechev1.EventPlace) string {
	s := clean(l.GetLocationId())
	if p := r.places[l.GetLocationId()]; p != nil {
		s = describePlace(p)
		if p.GetName() != l.GetSpan().GetText() {
			s += quoted(l.GetSpan())
		}
	}
	switch l.GetRole() {
	case depechev1.EventPlaceRole_EVENT_PLACE_ROLE_ORIGIN:
		return "from " + s
	case depechev1.EventPlaceRole_EVENT_PLACE_ROLE_DESTINATION:
		return "to " + s
	}
	return s
}

// when tells a time: «2016-12-10 to 2016-12-11, night «dans la nuit»».
func when(t *depechev1.EventTime) string {
	var s string
	switch {
	case t.GetStart() == nil && t.GetEnd() == nil:
		s = "not dated"
	case t.GetEnd() == nil:
		s = "since " + date(t.GetStart())
	case t.GetStart() == nil:
		s = "until " + date(t.GetEnd())
	case proto.Equal(t.GetStart(), t.GetEnd()):
		s = date(t.GetStart())
	default:
		s = date(t.GetStart()) + " to " + date(t.GetEnd())
	}
	if t.GetPrecision() == depechev1.TimePrecision_TIME_PRECISION_APPROXIMATE {
		s = "about " + s
	}
	if t.GetPartOfDay() != depechev1.PartOfDay_PART_OF_DAY_UNSPECIFIED {
		s += ", " + word(t.GetPartOfDay().String(), "PART_OF_DAY_")
	}
	return s + quoted(t.GetSpan())
}

// howMany tells a quantity: «killed: at least 300 djihadistes (Islamic State)».
func (r *report) howMany(q *depechev1.Quantity) string {
	s := word(q.GetKind().String(), "QUANTITY_KIND_") + ": " + amount(q)
	switch {
	case q.GetObject() != "" && q.GetUnit() == "":
		s += " " + clean(q.GetObject())
	case q.GetSpan() != nil:
		s += quoted(q.GetSpan())
	}
	if a := r.actors[q.GetActorId()]; a != nil && a.GetName() != q.GetObject() {
		s += " (" + clean(a.GetName()) + ")"
	}
	return s
}

func amount(q *depechev1.Quantity) string {
	var s string
	low, high := number(q.GetLow()), number(q.GetHigh())
	if q.GetApproximate() {
		low, high = "about "+low, "about "+high
	}
	switch {
	case q.Low == nil && q.High == nil:
		s = "not given"
	case q.High == nil:
		s = "at least " + low
	case q.Low == nil:
		s = "up to " + high
	case q.GetLow() == q.GetHigh():
		s = low
	default:
		s = low + " to " + number(q.GetHigh())
	}
	switch unit := q.GetUnit(); unit {
	case "":
		return s
	case "km2":
		return s + " km²"
	case "percent":
		return s + " %"
	default:
		return s + " " + clean(unit)
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// claim tells who vouches for the event, and for which of its several
// quantities.
func (r *report) claim(c *depechev1.Claim, quantities int) string {
	s := "the publication itself"
	if c.SourceActorId != nil {
		s = clean(c.GetSourceActorId())
		if a := r.actors[c.GetSourceActorId()]; a != nil {
			s = clean(a.GetName())
		}
	}
	s += " " + word(c.GetStance().String(), "CLAIM_STANCE_") + quoted(c.GetSpan())
	if quantities > 1 && len(c.GetQuantityIndexes()) > 0 {
		numbers := make([]string, len(c.GetQuantityIndexes()))
		for i, q := range c.GetQuantityIndexes() {
			numbers[i] = strconv.Itoa(int(q) + 1)
		}
		figures := " (figure "
		if len(numbers) > 1 {
			figures = " (figures "
		}
		s += figures + strings.Join(numbers, ", ") + ")"
	}
	return s
}

// told quotes a mention's sentence, its trigger marked.
func (r *report) told(m *depechev1.EventMention) string {
	sentence, trigger := m.GetSentence(), m.GetTrigger()
	text := sentence.GetText()
	begin := int64(trigger.GetBegin()) - int64(sentence.GetBegin())
	end := int64(trigger.GetEnd()) - int64(sentence.GetBegin())
	quote := clean(text)
	if sameField(sentence, trigger) && 0 <= begin && begin < end && end <= int64(len(text)) {
		quote = clean(text[:begin]) + r.mark(clean(text[begin:end])) + clean(text[end:])
	}
	return "«" + strings.TrimSpace(quote) + "» " + r.paint(faint, "(rule "+clean(m.GetRule())+")")
}

func sameField(a, b *depechev1.Span) bool {
	return (a.GetField() == depechev1.Field_FIELD_TITLE) == (b.GetField() == depechev1.Field_FIELD_TITLE)
}

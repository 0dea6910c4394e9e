package wire

import (
	"strconv"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Internal enums are numbered as the contract's, which a test holds, so that
// they convert by value.

// extraction writes what was found, with spans in the given encoding.
func extraction(x *extract.Extraction, encoding depechev1.OffsetEncoding) *depechev1.Extraction {
	if encoding == depechev1.OffsetEncoding_OFFSET_ENCODING_UNSPECIFIED {
		encoding = depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8
	}
	s := newSpans(x.Document, encoding)
	out := &depechev1.Extraction{
		ArticleId:         x.ArticleID,
		Language:          x.Language,
		LanguageSupported: x.Supported,
		OffsetEncoding:    encoding,
		ReferenceDate:     reference(s, x.Reference),
		Versions:          versions(x.Versions),
		Segments:          make([]*depechev1.Segment, len(x.Document.Segments)),
		Events:            make([]*depechev1.Event, len(x.Events)),
		Actors:            make([]*depechev1.Actor, len(x.Actors)),
		Locations:         make([]*depechev1.Location, len(x.Places)),
		Warnings:          make([]*depechev1.Warning, len(x.Warnings)),
	}
	if x.Converted {
		out.Text = &x.Document.Body
	}
	for i, seg := range x.Document.Segments {
		out.Segments[i] = &depechev1.Segment{
			Kind: depechev1.SegmentKind(seg.Kind), Span: s.wire(seg.Span), Reason: seg.Reason}
	}
	for i := range x.Events {
		out.Events[i] = s.event(&x.Events[i])
	}
	for i := range x.Actors {
		out.Actors[i] = s.actor(i, &x.Actors[i])
	}
	for i := range x.Places {
		out.Locations[i] = s.location(i, &x.Places[i])
	}
	for _, d := range x.Discarded {
		out.Discarded = append(out.Discarded, &depechev1.Discarded{Trigger: s.wire(d.Trigger), Rule: d.Rule, Reason: d.Reason})
	}
	for i, w := range x.Warnings {
		out.Warnings[i] = &depechev1.Warning{
			Code: depechev1.WarningCode(w.Code), Message: w.Message, Span: s.optional(w.Span)}
	}
	return out
}

func actorID(i int) string    { return "a" + strconv.Itoa(i+1) }
func locationID(i int) string { return "l" + strconv.Itoa(i+1) }

func versions(v extract.Versions) *depechev1.Versions {
	return &depechev1.Versions{
		Engine: v.Engine, Model: v.Model, Lexicon: v.Lexicon, Gazetteer: v.Gazetteer, Ontology: v.Ontology}
}

func reference(s *spans, r *timex.Reference) *depechev1.ReferenceDate {
	if r == nil {
		return nil
	}
	out := &depechev1.ReferenceDate{Date: date(r.Date), Basis: depechev1.ReferenceDateBasis(r.Basis)}
	if r.Basis != timex.Given {
		out.Span = s.wire(r.Span)
	}
	return out
}

func date(d timex.Date) *depechev1.Date {
	if d == (timex.Date{}) {
		return nil
	}
	return &depechev1.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
}

func (s *spans) event(e *event.Event) *depechev1.Event {
	out := &depechev1.Event{
		Id:           e.ID,
		Type:         depechev1.EventType(e.Type),
		Codings:      make([]*depechev1.Coding, len(e.Codings)),
		Participants: make([]*depechev1.Participant, len(e.Participants)),
		Locations:    make([]*depechev1.EventPlace, len(e.Places)),
		Theme:        s.optional(e.Theme),
		Quantities:   make([]*depechev1.Quantity, len(e.Quantities)),
		Factuality:   depechev1.Factuality(e.Factuality),
		Timeframe:    depechev1.Timeframe(e.Timeframe),
		Claims:       make([]*depechev1.Claim, len(e.Claims)),
		Mentions:     make([]*depechev1.EventMention, len(e.Mentions)),
		Confidence:   e.Confidence,
		Summary:      e.Summary,

		FactualityRule: e.FactualityRule,
		TimeframeRule:  e.TimeframeRule,
	}
	for i, c := range e.Codings {
		out.Codings[i] = coding(c)
	}
	for i, p := range e.Participants {
		out.Participants[i] = &depechev1.Participant{
			Role: depechev1.ParticipantRole(p.Role), ActorId: actorID(p.Actor), Span: s.wire(p.Span), Confidence: p.Confidence, Rule: p.Rule}
	}
	for i, p := range e.Places {
		out.Locations[i] = &depechev1.EventPlace{
			Role: depechev1.EventPlaceRole(p.Role), LocationId: locationID(p.Place), Span: s.wire(p.Span),
			Confidence: p.Confidence, Rule: p.Rule}
	}
	if t := e.Time; t != nil {
		out.Time = &depechev1.EventTime{
			Start: date(t.Start), End: date(t.End), Precision: depechev1.TimePrecision(t.Precision),
			PartOfDay: depechev1.PartOfDay(t.PartOfDay), Span: s.optional(t.Span), Basis: depechev1.TimeBasis(t.Basis)}
	}
	for i := range e.Quantities {
		out.Quantities[i] = s.quantity(&e.Quantities[i])
	}
	for i, c := range e.Claims {
		w := &depechev1.Claim{Stance: depechev1.ClaimStance(c.Stance), Span: s.wire(c.Span)}
		if c.Source >= 0 {
			id := actorID(c.Source)
			w.SourceActorId = &id
		}
		for _, q := range c.Quantities {
			w.QuantityIndexes = append(w.QuantityIndexes, uint32(q))
		}
		out.Claims[i] = w
	}
	for i, m := range e.Mentions {
		out.Mentions[i] = &depechev1.EventMention{Trigger: s.wire(m.Trigger), Sentence: s.wire(m.Sentence), Rule: m.Rule}
	}
	return out
}

func coding(c ontology.Coding) *depechev1.Coding {
	return &depechev1.Coding{Codebook: depechev1.Codebook(c.Codebook), Event: c.Event, Mode: c.Mode, Code: c.Code,
		Match: depechev1.CodingMatch(c.Match), Loss: c.Loss}
}

// units are the contract's words for the units that it has.
var units = map[quantity.Unit]string{quantity.SquareKilometres: "km2", quantity.Percent: "percent"}

func (s *spans) quantity(q *event.Quantity) *depechev1.Quantity {
	out := &depechev1.Quantity{
		Kind: depechev1.QuantityKind(q.Kind), Low: q.Low, High: q.High, Approximate: q.Approximate,
		Unit: units[q.Unit], Object: q.Object, Span: s.wire(q.Span)}
	if q.Actor >= 0 {
		id := actorID(q.Actor)
		out.ActorId = &id
	}
	return out
}

func (s *spans) actor(i int, a *actor.Actor) *depechev1.Actor {
	out := &depechev1.Actor{
		Id: actorID(i), KnowledgeId: present(a.KnowledgeID), Name: a.Name, Kind: depechev1.ActorKind(a.Kind),
		Country: present(a.Country), Codes: a.Codes, Mentions: make([]*depechev1.ActorMention, len(a.Mentions))}
	for j, m := range a.Mentions {
		out.Mentions[j] = &depechev1.ActorMention{Span: s.wire(m.Span), Kind: depechev1.MentionKind(m.Form)}
	}
	return out
}

func (s *spans) location(i int, p *place.Place) *depechev1.Location {
	out := &depechev1.Location{
		Id: locationID(i), KnowledgeId: present(p.KnowledgeID), Name: p.Name, Kind: depechev1.LocationKind(p.Kind),
		Country: present(p.Country), Admin1: present(p.Admin1),
		Mentions: make([]*depechev1.LocationMention, len(p.Mentions))}
	if p.Point != nil {
		km := p.UncertaintyKM
		out.Point = &depechev1.LatLng{Latitude: p.Point.Lat, Longitude: p.Point.Lon}
		out.UncertaintyKm = &km
	}
	if r := p.Relation; r != nil {
		out.Relation = &depechev1.PlaceRelation{
			AnchorLocationId: locationID(r.Anchor), DistanceKm: r.DistanceKM, BearingDegrees: r.BearingDegrees}
	}
	for j, m := range p.Mentions {
		out.Mentions[j] = &depechev1.LocationMention{Span: s.wire(m.Span)}
	}
	return out
}

// present returns nil for an empty string.
func present(v string) *string {
	if v == "" {
		return nil
	}
	return &v
}

package export

import (
	"encoding/json"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// geoJSON is a FeatureCollection (RFC 7946) with a feature for each event and
// place of it that has a point.
type geoJSON struct{}

func (geoJSON) head() []byte { return []byte("{\"type\":\"FeatureCollection\",\"features\":[\n") }
func (geoJSON) tail() []byte { return []byte("\n]}\n") }

// feature is a point and what happened there.
type feature struct {
	Type     string `json:"type"`
	ID       string `json:"id"`
	Geometry struct {
		Type        string     `json:"type"`
		Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
	} `json:"geometry"`
	Properties properties `json:"properties"`
}

type properties struct {
	ArticleID     string       `json:"articleId,omitempty"`
	EventID       string       `json:"eventId"`
	EventType     string       `json:"eventType"`
	ACLED         string       `json:"acled,omitempty"`
	PLOVER        string       `json:"plover,omitempty"`
	CAMEO         string       `json:"cameo,omitempty"`
	Factuality    string       `json:"factuality"`
	Timeframe     string       `json:"timeframe"`
	Confidence    float32      `json:"confidence"`
	Start         string       `json:"start,omitempty"`
	End           string       `json:"end,omitempty"`
	TimePrecision string       `json:"timePrecision,omitempty"`
	Agents        []string     `json:"agents,omitempty"`
	Targets       []string     `json:"targets,omitempty"`
	KilledLow     *float64     `json:"killedLow,omitempty"`
	KilledHigh    *float64     `json:"killedHigh,omitempty"`
	Summary       string       `json:"summary,omitempty"`
	PlaceRole     string       `json:"placeRole"`
	Place         string       `json:"place"`
	PlaceKind     string       `json:"placeKind"`
	Country       string       `json:"country,omitempty"`
	Admin1        string       `json:"admin1,omitempty"`
	UncertaintyKm *float64     `json:"uncertaintyKm,omitempty"`
	Relation      *geoRelation `json:"relation,omitempty"`
	Published     string       `json:"published,omitempty"`
	Source        string       `json:"source,omitempty"`
	URL           string       `json:"url,omitempty"`
}

// geoRelation is how a place is told by another one.
type geoRelation struct {
	Anchor         string   `json:"anchor,omitempty"`
	DistanceKm     *float64 `json:"distanceKm,omitempty"`
	BearingDegrees *float64 `json:"bearingDegrees,omitempty"`
}

func (geoJSON) rows(to []byte, answer Answer, tally *Tally) ([]byte, error) {
	places := map[string]*depechev1.Location{}
	for _, l := range answer.Extraction.GetLocations() {
		places[l.GetId()] = l
	}
	for _, h := range happenings(answer) {
		for _, p := range h.GetLocations() {
			l := places[p.GetLocationId()]
			if l.GetPoint() == nil {
				continue
			}
			text, err := json.Marshal(h.feature(p, l, places))
			if err != nil {
				return nil, err
			}
			if tally.Rows++; tally.Rows > 1 {
				to = append(to, ",\n"...)
			}
			to = append(to, text...)
		}
	}
	return to, nil
}

func (h *happening) feature(p *depechev1.EventPlace, l *depechev1.Location, places map[string]*depechev1.Location) feature {
	f := feature{Type: "Feature", ID: h.id() + "/" + l.GetId() + "/" + lower(p.GetRole().String(), "EVENT_PLACE_ROLE_")}
	f.Geometry.Type = "Point"
	f.Geometry.Coordinates = [2]float64{l.GetPoint().GetLongitude(), l.GetPoint().GetLatitude()}
	dead := h.deaths()
	f.Properties = properties{
		ArticleID: h.answer.Extraction.GetArticleId(), EventID: h.GetId(), EventType: typeName(h.GetType()),
		ACLED:      joinCode(h.coding(depechev1.Codebook_CODEBOOK_ACLED)),
		PLOVER:     joinCode(h.coding(depechev1.Codebook_CODEBOOK_PLOVER)),
		CAMEO:      h.coding(depechev1.Codebook_CODEBOOK_CAMEO).GetCode(),
		Factuality: lower(h.GetFactuality().String(), "FACTUALITY_"), Timeframe: lower(h.GetTimeframe().String(), "TIMEFRAME_"),
		Confidence: h.GetConfidence(),
		Start:      dateText(h.GetTime().GetStart()), End: dateText(h.GetTime().GetEnd()),
		Agents: nameList(h.agents), Targets: nameList(h.targets),
		KilledLow: dead.low, KilledHigh: dead.high, Summary: h.GetSummary(),
		PlaceRole: lower(p.GetRole().String(), "EVENT_PLACE_ROLE_"), Place: l.GetName(), PlaceKind: lower(l.GetKind().String(), "LOCATION_KIND_"),
		Country: l.GetCountry(), Admin1: l.GetAdmin1(), UncertaintyKm: l.UncertaintyKm,
		Published: h.published(), Source: h.answer.Article.GetSource(), URL: h.answer.Article.GetUrl(),
	}
	if h.GetTime() != nil {
		f.Properties.TimePrecision = lower(h.GetTime().GetPrecision().String(), "TIME_PRECISION_")
	}
	if r := l.GetRelation(); r != nil {
		f.Properties.Relation = &geoRelation{places[r.GetAnchorLocationId()].GetName(), r.DistanceKm, r.BearingDegrees}
	}
	return f
}

func nameList(actors []*depechev1.Actor) []string {
	var out []string
	for _, a := range actors {
		out = append(out, a.GetName())
	}
	return out
}

// joinCode is an event type and its sub-type or mode in one.
func joinCode(c *depechev1.Coding) string {
	if c.GetMode() == "" {
		return c.GetEvent()
	}
	return c.GetEvent() + "/" + c.GetMode()
}

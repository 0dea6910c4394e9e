package evaluate

import (
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

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

package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

const title = "Plus de 40 combattants auraient été tués près de Zellara"

const body = "Les rebelles du Front du Nord se sont retirés de Zellara dans la nuit de samedi à dimanche, " +
	"chassés par l'armée du Merdan, appuyée par l'aviation alliée, a annoncé le ministère de la Défense.\n\n" +
	"Selon l'Observatoire des conflits, plus de 40 combattants ont été tués et environ 50 km² de terres ont été repris. " +
	"Le Front du Nord dément avoir quitté la ville. Zellara avait été prise en mars 2014."

// words is the span of the n'th occurrence (from 0) of s in the body.
func words(s string, n int) *depechev1.Span {
	begin := 0
	for {
		i := strings.Index(body[begin:], s)
		if i < 0 {
			panic("not in the body: " + s)
		}
		begin += i
		if n == 0 {
			return &depechev1.Span{Begin: uint32(begin), End: uint32(begin + len(s)), Text: s}
		}
		begin, n = begin+len(s), n-1
	}
}

func titleWords(s string) *depechev1.Span {
	i := strings.Index(title, s)
	return &depechev1.Span{Begin: uint32(i), End: uint32(i + len(s)), Text: s, Field: depechev1.Field_FIELD_TITLE}
}

func sentence(first, last string) *depechev1.Span {
	b, e := words(first, 0).GetBegin(), words(last, 0).GetEnd()
	return &depechev1.Span{Begin: b, End: e, Text: body[b:e]}
}

func day(y, m, d int32) *depechev1.Date { return &depechev1.Date{Year: y, Month: m, Day: d} }

func mentions(n int) []*depechev1.ActorMention { return make([]*depechev1.ActorMention, n) }

func sample() *depechev1.Extraction {
	retreat := sentence("Les rebelles", "de la Défense.")
	losses := sentence("Selon l'Obs", "ont été repris.")
	denial := sentence("Le Front du Nord dément", "la ville.")
	capture := sentence("Zellara avait", "mars 2014.")
	return &depechev1.Extraction{
		ArticleId: "depeches/zellara.txt", Language: "fr", LanguageSupported: true,
		OffsetEncoding: depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8,
		ReferenceDate:  &depechev1.ReferenceDate{Date: day(2016, 5, 15), Basis: depechev1.ReferenceDateBasis_REFERENCE_DATE_BASIS_GIVEN},
		Events: []*depechev1.Event{{
			Id: "e1", Type: depechev1.EventType_EVENT_TYPE_WITHDRAWAL, Confidence: 0.87,
			Factuality: depechev1.Factuality_FACTUALITY_ACTUAL, Timeframe: depechev1.Timeframe_TIMEFRAME_CURRENT,
			Summary: "Front du Nord se retire de Zellara",
			Participants: []*depechev1.Participant{
				{Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT, ActorId: "a1", Span: words("rebelles du Front du Nord", 0)},
				{Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET, ActorId: "a2", Span: words("armée du Merdan", 0)},
				{Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET_ALLY, ActorId: "a3", Span: words("aviation alliée", 0)},
			},
			Locations: []*depechev1.EventPlace{{Role: depechev1.EventPlaceRole_EVENT_PLACE_ROLE_ORIGIN, LocationId: "l1", Span: words("Zellara", 0)}},
			Time: &depechev1.EventTime{Start: day(2016, 5, 14), End: day(2016, 5, 15), Precision: depechev1.TimePrecision_TIME_PRECISION_DAY,
				PartOfDay: depechev1.PartOfDay_PART_OF_DAY_NIGHT, Span: words("dans la nuit de samedi à dimanche", 0)},
			Claims: []*depechev1.Claim{
				{SourceActorId: proto.String("a4"), Stance: depechev1.ClaimStance_CLAIM_STANCE_ASSERTS, Span: words("a annoncé le ministère de la Défense", 0)},
				{SourceActorId: proto.String("a1"), Stance: depechev1.ClaimStance_CLAIM_STANCE_DENIES, Span: words("dément", 0)},
			},
			Mentions: []*depechev1.EventMention{
				{Trigger: words("se sont retirés", 0), Sentence: retreat, Rule: "retirer.se"},
				{Trigger: words("quitté", 0), Sentence: denial, Rule: "quitter"},
			},
		}, {
			Id: "e2", Type: depechev1.EventType_EVENT_TYPE_KILLING, Confidence: 0.6,
			Factuality: depechev1.Factuality_FACTUALITY_UNCONFIRMED, Timeframe: depechev1.Timeframe_TIMEFRAME_CURRENT,
			Quantities: []*depechev1.Quantity{
				{Kind: depechev1.QuantityKind_QUANTITY_KIND_KILLED, Low: proto.Float64(40), Object: "combattants", ActorId: proto.String("a1"), Span: words("plus de 40 combattants", 0)},
				{Kind: depechev1.QuantityKind_QUANTITY_KIND_AREA, Low: proto.Float64(50), High: proto.Float64(50), Approximate: true, Unit: "km2", Object: "terres", Span: words("environ 50", 0)},
				{Kind: depechev1.QuantityKind_QUANTITY_KIND_INJURED, High: proto.Float64(12.5)},
				{Kind: depechev1.QuantityKind_QUANTITY_KIND_DISPLACED, Low: proto.Float64(100), Approximate: true, Object: "familles"},
				{Kind: depechev1.QuantityKind_QUANTITY_KIND_SHARE, Low: proto.Float64(20), High: proto.Float64(30), Unit: "percent"},
			},
			Claims: []*depechev1.Claim{{SourceActorId: proto.String("a5"), Stance: depechev1.ClaimStance_CLAIM_STANCE_ASSERTS, Span: words("Selon l'Observatoire des conflits", 0), QuantityIndexes: []uint32{0, 1}},
				{Stance: depechev1.ClaimStance_CLAIM_STANCE_EXPECTS, QuantityIndexes: []uint32{2}}},
			Mentions: []*depechev1.EventMention{
				{Trigger: titleWords("tués"), Sentence: titleWords(title), Rule: "tuer"},
				{Trigger: words("tués", 0), Sentence: losses, Rule: "tuer"},
				{Trigger: words("tués", 0), Sentence: losses, Rule: "tuer"},
				{Trigger: words("tués", 0), Sentence: losses, Rule: "mourir"},
				{Trigger: words("repris", 0), Sentence: losses, Rule: "reprendre"},
				{Trigger: words("repris", 0), Sentence: losses, Rule: "prendre"},
			},
		}, {
			Id: "e3", Type: depechev1.EventType_EVENT_TYPE_TERRITORY_CAPTURE, Confidence: 0.51,
			Factuality: depechev1.Factuality_FACTUALITY_ACTUAL, Timeframe: depechev1.Timeframe_TIMEFRAME_BACKGROUND,
			Theme:     words("la ville", 0),
			Locations: []*depechev1.EventPlace{{Role: depechev1.EventPlaceRole_EVENT_PLACE_ROLE_SITE, LocationId: "l2", Span: words("terres", 0)}},
			Time:      &depechev1.EventTime{Start: day(2014, 3, 0), End: day(2014, 3, 0), Precision: depechev1.TimePrecision_TIME_PRECISION_MONTH, Span: words("mars 2014", 0)},
			Mentions:  []*depechev1.EventMention{{Trigger: words("prise", 0), Sentence: capture, Rule: "prendre"}},
		}},
		Actors: []*depechev1.Actor{
			{Id: "a1", Name: "Front du Nord", Kind: depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP, Mentions: mentions(2)},
			{Id: "a2", Name: "armée du Merdan", Kind: depechev1.ActorKind_ACTOR_KIND_STATE_FORCES, Country: proto.String("MRD"), Mentions: mentions(1)},
			{Id: "a3", Name: "aviation alliée", Kind: depechev1.ActorKind_ACTOR_KIND_EXTERNAL_FORCES, Mentions: mentions(1)},
			{Id: "a4", Name: "ministère de la Défense", Kind: depechev1.ActorKind_ACTOR_KIND_GOVERNMENT, Mentions: mentions(1)},
			{Id: "a5", Name: "Observatoire des conflits", Kind: depechev1.ActorKind_ACTOR_KIND_NGO, Mentions: mentions(1)},
		},
		Locations: []*depechev1.Location{
			{Id: "l1", Name: "Zellara", Kind: depechev1.LocationKind_LOCATION_KIND_CITY, Country: proto.String("MRD"), Admin1: proto.String("Haut-Merdan"),
				Point: &depechev1.LatLng{Latitude: 34.561, Longitude: -38.284}, UncertaintyKm: proto.Float64(5), Mentions: make([]*depechev1.LocationMention, 3)},
			{Id: "l2", Name: "steppe du Nord", Kind: depechev1.LocationKind_LOCATION_KIND_TERRAIN, Mentions: make([]*depechev1.LocationMention, 1)},
		},
		Warnings: []*depechev1.Warning{{Code: depechev1.WarningCode_WARNING_CODE_AMBIGUOUS_PLACE, Message: "two places bear this name", Span: words("Zellara", 0)}},
	}
}

// explained is the sample with what decided its parts.
func explained() *depechev1.Extraction {
	x := sample()
	e := x.Events[0]
	e.Participants[0].Rule = "subject: nsubj"
	e.Locations[0].Rule = "object: obl of «retirer»"
	e.Time.Basis = depechev1.TimeBasis_TIME_BASIS_CLAUSE
	x.Events[1].FactualityRule = "hearsay conditional"
	x.Events[2].TimeframeRule = "pluperfect"
	x.Discarded = []*depechev1.Discarded{{Trigger: words("quitté", 0), Rule: "withdrawal", Reason: "needs object: place"}}
	return x
}

func TestWrite(t *testing.T) {
	tests := []struct {
		name string
		x    *depechev1.Extraction
		o    Options
	}{
		{"wide", sample(), Options{Width: 100}},
		{"narrow", sample(), Options{Width: 44}},
		{"colour", sample(), Options{Width: 80, Colour: true}},
		{"explained", explained(), Options{Width: 100, Explain: true}},
		{"nothing", &depechev1.Extraction{Language: "en", Warnings: []*depechev1.Warning{
			{Message: "the language en is not one that the engine reads"}}}, Options{Width: 80}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := Write(&b, tt.x, tt.o); err != nil {
				t.Fatal(err)
			}
			golden(t, tt.name, b.String())
			if tt.o.Colour {
				return
			}
			for _, line := range strings.Split(b.String(), "\n") {
				if columns(line) > tt.o.Width {
					t.Errorf("%d columns: %q", columns(line), line)
				}
			}
		})
	}
}

// golden compares with testdata/NAME.golden, which UPDATE_GOLDEN=1 rewrites.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (UPDATE_GOLDEN=1 rewrites it); got:\n%s", path, got)
	}
}

// What an article holds cannot drive the terminal.
func TestWriteCleansText(t *testing.T) {
	const hostile = "a\x1b]0;owned\x07b\u202ec\u009bd"
	x := sample()
	x.ArticleId, x.Language = hostile, hostile
	x.Actors[0].Name, x.Actors[0].Country = hostile, proto.String(hostile)
	x.Locations[0].Name, x.Locations[0].Admin1 = hostile, proto.String(hostile)
	e := x.Events[0]
	e.Summary, e.Mentions[0].Rule, e.Mentions[0].Sentence.Text = hostile, hostile, hostile
	e.Participants[1].ActorId, e.Participants[1].Span.Text = hostile, hostile
	e.Claims[0].SourceActorId, e.Locations[0].LocationId = proto.String(hostile), hostile
	x.Events[1].Quantities[0].Object, x.Events[1].Quantities[3].Unit = hostile, hostile
	x.Warnings[0].Message = hostile
	var b strings.Builder
	if err := Write(&b, x, Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexAny(b.String(), "\x1b\x07\u202e\u009b"); i >= 0 {
		t.Errorf("printed %q", b.String()[i:min(i+20, b.Len())])
	}
	if !strings.Contains(b.String(), "owned") {
		t.Error("the text itself is gone")
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"fits", "un deux", "  un deux\n"},
		{"breaks", "un deux trois quatre", "  un deux\n    trois\n    quatre\n"},
		{"no-break space holds", "un 50\u202fkm ici", "  un 50\u202fkm\n    ici\n"},
		{"long word alone", "un anticonstitutionnel mot", "  un\n    anticonstitutionnel\n    mot\n"},
		{"accents take one column", "e\u0301te\u0301 e\u0301te\u0301", "  e\u0301te\u0301 e\u0301te\u0301\n"},
		{"line breaks are spaces", "un\r\n\tdeux", "  un deux\n"},
		{"empty", "", "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := page{width: 11}
			p.line(2, tt.in)
			if p.String() != tt.want {
				t.Errorf("got %q, want %q", p.String(), tt.want)
			}
		})
	}
}

// A style that is still on where a line ends is on again in the next.
func TestWrapCarriesStyle(t *testing.T) {
	p := page{width: 11, colour: true}
	p.line(2, "un "+p.mark("deux trois")+" x")
	const want = "  un \x1b[1;4mdeux\x1b[0m\n    \x1b[1;4mtrois\x1b[0m x\n"
	if p.String() != want {
		t.Errorf("got %q, want %q", p.String(), want)
	}
}

func TestWriteOntology(t *testing.T) {
	coding := func(book depechev1.Codebook, match depechev1.CodingMatch, code, event, mode, loss, condition string) *depechev1.CodingDescription {
		return &depechev1.CodingDescription{Condition: condition,
			Coding: &depechev1.Coding{Codebook: book, Match: match, Code: code, Event: event, Mode: mode, Loss: loss}}
	}
	o := &depechev1.DescribeOntologyResponse{
		Version: "1",
		Types: []*depechev1.EventTypeDescription{
			{Type: depechev1.EventType_EVENT_TYPE_ARMED_CLASH, Family: depechev1.EventFamily_EVENT_FAMILY_BATTLE, Symmetric: true,
				Definition: "Armed parties fight: combat, clash, ambush, skirmish, an attack beaten off.",
				Codings: []*depechev1.CodingDescription{
					coding(depechev1.Codebook_CODEBOOK_ACLED, depechev1.CodingMatch_CODING_MATCH_EXACT, "", "Battles", "Armed clash", "", ""),
					coding(depechev1.Codebook_CODEBOOK_CAMEO, depechev1.CodingMatch_CODING_MATCH_NARROW, "190", "", "", "", ""),
				}},
			{Type: depechev1.EventType_EVENT_TYPE_OFFENSIVE, Family: depechev1.EventFamily_EVENT_FAMILY_BATTLE, Definition: "A ground campaign is launched."},
			{Type: depechev1.EventType_EVENT_TYPE_AIR_STRIKE, Family: depechev1.EventFamily_EVENT_FAMILY_REMOTE_VIOLENCE, Definition: "Bombs from aircraft.",
				Codings: []*depechev1.CodingDescription{
					coding(depechev1.Codebook_CODEBOOK_PLOVER, depechev1.CodingMatch_CODING_MATCH_LOSSY, "", "ASSAULT", "aerial", "the target is lost", "a drone strikes"),
				}},
		},
		Rules: []string{"Deaths in an attack are the attack's."},
	}
	var b strings.Builder
	if err := WriteOntology(&b, o, Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	golden(t, "ontology", b.String())
}

// Package report lays an extraction out for people to read: each event with
// who, whom, where, when, how many and who says so, and the sentence that tells
// it.
package report

import (
	"fmt"
	"io"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Options say how a report is laid out.
type Options struct {
	// Width is the number of columns to fill; at least 40 are filled.
	Width int
	// Colour marks with ANSI colours; without it triggers stand in brackets.
	Colour bool
	// Explain adds what decided each part of an event, and what was considered
	// and not reported.
	Explain bool
}

const minWidth = 40

// Write prints a report of x, whose spans must count UTF-8 bytes.
func Write(w io.Writer, x *depechev1.Extraction, o Options) error {
	r := &report{
		page:   page{width: max(o.Width, minWidth), colour: o.Colour},
		actors: make(map[string]*depechev1.Actor, len(x.GetActors())),
		places: make(map[string]*depechev1.Location, len(x.GetLocations())),

		explain: o.Explain,
	}
	for _, a := range x.GetActors() {
		r.actors[a.GetId()] = a
	}
	for _, l := range x.GetLocations() {
		r.places[l.GetId()] = l
	}
	r.head(x)
	for i, e := range x.GetEvents() {
		r.event(i+1, e)
	}
	r.lists(x)
	if o.Explain {
		r.discarded(x.GetDiscarded())
	}
	_, err := io.WriteString(w, r.String())
	return err
}

// report is an extraction being laid out.
type report struct {
	page
	actors map[string]*depechev1.Actor    // by id
	places map[string]*depechev1.Location // by id
	// explain: say what decided.
	explain bool
}

func (r *report) head(x *depechev1.Extraction) {
	name := x.GetArticleId()
	if name == "" || name == "-" {
		name = "standard input"
	}
	r.line(0, r.paint(heading, clean(name)))
	facts := []string{"language " + clean(x.GetLanguage())}
	if d := x.GetReferenceDate(); d != nil {
		if d.GetBasis() == depechev1.ReferenceDateBasis_REFERENCE_DATE_BASIS_GIVEN {
			facts = append(facts, "published "+date(d.GetDate()))
		} else {
			facts = append(facts, "dated "+date(d.GetDate())+" ("+word(d.GetBasis().String(), "REFERENCE_DATE_BASIS_")+")")
		}
	}
	facts = append(facts,
		count(len(x.GetEvents()), "event"), count(len(x.GetActors()), "actor"), count(len(x.GetLocations()), "place"))
	r.line(0, strings.Join(facts, ", "))
}

// lists are the places, actors and warnings, a line each.
func (r *report) lists(x *depechev1.Extraction) {
	if len(x.GetLocations()) > 0 {
		r.section("Places")
		for _, l := range x.GetLocations() {
			r.line(2, describePlace(l)+times(len(l.GetMentions())))
		}
	}
	if len(x.GetActors()) > 0 {
		r.section("Actors")
		for _, a := range x.GetActors() {
			r.line(2, describeActor(a)+times(len(a.GetMentions())))
		}
	}
	if len(x.GetWarnings()) > 0 {
		r.section("Warnings")
		for _, w := range x.GetWarnings() {
			r.line(2, clean(w.GetMessage())+quoted(w.GetSpan()))
		}
	}
}

func (r *report) section(name string) {
	r.blank()
	r.line(0, r.paint(heading, name))
}

// describePlace tells a place: «Palmyre (city, Homs, SYR) 34.56 N 38.28 E».
func describePlace(l *depechev1.Location) string {
	facts := []string{word(l.GetKind().String(), "LOCATION_KIND_")}
	if l.Admin1 != nil {
		facts = append(facts, l.GetAdmin1())
	}
	if l.Country != nil {
		facts = append(facts, l.GetCountry())
	}
	s := clean(l.GetName()) + " (" + clean(strings.Join(facts, ", ")) + ")"
	if p := l.GetPoint(); p != nil {
		s += " " + degrees(p.GetLatitude(), "N", "S") + " " + degrees(p.GetLongitude(), "E", "W")
	}
	if l.UncertaintyKm != nil && l.GetUncertaintyKm() >= 1 {
		s += fmt.Sprintf(" ±%.0f km", l.GetUncertaintyKm())
	}
	return s
}

func degrees(v float64, positive, negative string) string {
	if v < 0 {
		return fmt.Sprintf("%.2f %s", -v, negative)
	}
	return fmt.Sprintf("%.2f %s", v, positive)
}

// describeActor tells an actor: «Islamic State (rebel group)».
func describeActor(a *depechev1.Actor) string {
	facts := word(a.GetKind().String(), "ACTOR_KIND_")
	if a.Country != nil {
		facts += ", " + a.GetCountry()
	}
	return clean(a.GetName()) + " (" + clean(facts) + ")"
}

// quoted is a space and the span's words in quotation marks; nothing for no
// span.
func quoted(s *depechev1.Span) string {
	if s.GetText() == "" {
		return ""
	}
	return " «" + clean(s.GetText()) + "»"
}

// word is an enum's value as a word: ACTOR_KIND_REBEL_GROUP is "rebel group".
func word(name, prefix string) string {
	name = strings.TrimPrefix(name, prefix)
	if len(name) == 3 { // IGO, NGO
		return name
	}
	return strings.ToLower(strings.ReplaceAll(name, "_", " "))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func times(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" ×%d", n)
}

// date is a day, a month or a year in ISO 8601.
func date(d *depechev1.Date) string {
	switch {
	case d.GetMonth() == 0:
		return fmt.Sprintf("%04d", d.GetYear())
	case d.GetDay() == 0:
		return fmt.Sprintf("%04d-%02d", d.GetYear(), d.GetMonth())
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.GetYear(), d.GetMonth(), d.GetDay())
}

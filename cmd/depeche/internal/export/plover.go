package export

import (
	"slices"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// plover is the format of POLECAT, the data set that is coded in PLOVER: one row
// an event, its parties joined. The columns are those of its files on Dataverse
// (doi:10.7910/DVN/AJGVIT), the types and their grouping those of
// Halterman, Bagozzi, Beger, Schrodt, Scarborough, «PLOVER and POLECAT» (2023).
func plover(codedOnly bool) *codebook {
	return &codebook{
		codedOnly: codedOnly,
		book:      depechev1.Codebook_CODEBOOK_PLOVER,
		columns: []string{"Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
			"Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID",
			"Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
			"Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
			"Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version"},
		never:  []string{"Intensity", "Contexts", "Actor COW", "Actor Title", "Wikipedia Actor ID", "Recipient COW", "Recipient Title", "Wikipedia Recipient ID", "Feature Type", "GeoNames ID"},
		rowsOf: ploverRows,
	}
}

func ploverRows(h *happening) ([]row, string) {
	x := h.answer.Extraction
	r := row{"Event ID": h.id(), "Event Date": h.dayText(), "Source": h.answer.Article.GetSource(), "Publication Date": h.published(),
		"Language": x.GetLanguage(), "Version": "depeche " + x.GetVersions().GetEngine()}
	if coding := h.coding(depechev1.Codebook_CODEBOOK_PLOVER); coding != nil {
		r["Event Type"], r["Event Mode"], r["Quad Code"] = coding.GetEvent(), coding.GetMode(), quad(coding.GetEvent())
	}
	actors, recipients := h.agents, h.targets
	if len(recipients) == 0 && len(actors) > 1 { // a type without direction
		actors, recipients = h.agents, h.agents
	}
	ploverParty(r, "Actor", actors)
	ploverParty(r, "Recipient", recipients)
	if l := h.place; l != nil {
		r["Placename"], r["Raw Placename"] = l.GetName(), h.placeSpan
		r["Province"], r["Country"] = l.GetAdmin1(), l.GetCountry()
		switch l.GetKind() {
		case depechev1.LocationKind_LOCATION_KIND_CITY:
			r["City"] = l.GetName()
		case depechev1.LocationKind_LOCATION_KIND_ADMIN2:
			r["District"] = l.GetName()
		}
		if p := l.GetPoint(); p != nil {
			r["Latitude"], r["Longitude"] = degrees(p.GetLatitude()), degrees(p.GetLongitude())
		}
	}
	var people, organisations, places []string
	for _, a := range x.GetActors() {
		switch a.GetKind() {
		case depechev1.ActorKind_ACTOR_KIND_PERSON:
			people = append(people, a.GetName())
		case depechev1.ActorKind_ACTOR_KIND_COUNTRY:
		default:
			organisations = append(organisations, a.GetName())
		}
	}
	for _, l := range x.GetLocations() {
		places = append(places, l.GetName())
	}
	r["Story People"], r["Story Organizations"], r["Story Locations"] = strings.Join(people, "; "), strings.Join(organisations, "; "), strings.Join(places, "; ")
	return []row{r}, ""
}

// ploverParty fills in one side.
func ploverParty(r row, as string, actors []*depechev1.Actor) {
	var countries, sectors, raw []string
	for _, a := range actors {
		countries = append(countries, a.GetCountry())
		if s := sector(a); s != "" && !slices.Contains(sectors, s) {
			sectors = append(sectors, s)
		}
		if m := a.GetMentions(); len(m) > 0 {
			raw = append(raw, m[0].GetSpan().GetText())
		}
	}
	r[as+" Name"], r[as+" Name Raw"] = names(actors), strings.Join(raw, "; ")
	if slices.ContainsFunc(countries, func(c string) bool { return c != "" }) {
		r[as+" Country"] = strings.Join(countries, "; ")
	}
	r[as+" Sectors"] = strings.Join(sectors, "; ")
	if len(actors) > 0 {
		r["Primary "+as+" Sector"] = sector(actors[0])
	}
}

// sector is an actor's code in PLOVER and CAMEO, which agree on these; empty
// where its kind does not tell one.
func sector(a *depechev1.Actor) string {
	switch a.GetKind() {
	case depechev1.ActorKind_ACTOR_KIND_STATE_FORCES, depechev1.ActorKind_ACTOR_KIND_EXTERNAL_FORCES:
		return "MIL"
	case depechev1.ActorKind_ACTOR_KIND_POLICE:
		return "COP"
	case depechev1.ActorKind_ACTOR_KIND_GOVERNMENT:
		return "GOV"
	case depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP:
		return "REB"
	case depechev1.ActorKind_ACTOR_KIND_CIVILIANS:
		return "CVL"
	case depechev1.ActorKind_ACTOR_KIND_IGO:
		return "IGO"
	case depechev1.ActorKind_ACTOR_KIND_NGO:
		return "NGO"
	case depechev1.ActorKind_ACTOR_KIND_MEDIA:
		return "MED"
	case depechev1.ActorKind_ACTOR_KIND_PARTY:
		return "PTY"
	case depechev1.ActorKind_ACTOR_KIND_BUSINESS:
		return "BUS"
	case depechev1.ActorKind_ACTOR_KIND_RELIGIOUS:
		return "REL"
	}
	return ""
}

// quad is PLOVER's grouping of its event types.
func quad(event string) string {
	switch event {
	case "AGREE", "CONSULT", "SUPPORT", "CONCEDE":
		return "VERBAL COOPERATION"
	case "COOPERATE", "AID", "RETREAT":
		return "MATERIAL COOPERATION"
	case "REQUEST", "ACCUSE", "REJECT", "THREATEN":
		return "VERBAL CONFLICT"
	case "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT":
		return "MATERIAL CONFLICT"
	}
	return ""
}

// dayText is the day of an event, or its first day where that is a day: a night
// is two. Empty where it is told less exactly.
func (h *happening) dayText() string {
	if from, _, ok := h.bounds(); ok && h.GetTime().GetPrecision() == depechev1.TimePrecision_TIME_PRECISION_DAY {
		return dateText(&depechev1.Date{Year: int32(from.Year()), Month: int32(from.Month()), Day: int32(from.Day())})
	}
	return ""
}

package export

import (
	"slices"
	"strings"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// acled is the format of ACLED's exports, with the columns, texts and rules of
// its codebook (acleddata.com/knowledge-base/codebook, as of 2025; before, the
// codebook of 2023 had inter1, inter2 and interaction as numbers).
func acled(codedOnly bool) *codebook {
	return &codebook{
		codedOnly: codedOnly,
		book:      depechev1.Codebook_CODEBOOK_ACLED,
		columns: []string{"event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
			"actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting",
			"iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
			"source", "source_scale", "notes", "fatalities", "tags", "timestamp"},
		never:  []string{"region", "admin3", "source_scale", "timestamp"},
		rowsOf: acledRows,
	}
}

func acledRows(h *happening) ([]row, string) {
	r := row{"event_id_cnty": h.id(), "year": h.year(), "notes": h.GetSummary(), "source": h.answer.Article.GetSource()}
	r["event_date"], r["time_precision"] = h.acledDate()

	actor1, others1 := first(h.agents)
	actor2, others2 := first(h.targets)
	if actor1 == nil { // ACLED has an actor before it has a second one
		actor1, others1, actor2, others2 = actor2, others2, nil, nil
	} else if actor2 == nil && len(others1) > 0 { // parties of a type without direction
		actor2, others2, others1 = others1[0], others1[1:], nil
	}
	inter1, inter2 := h.acledInter(actor1), h.acledInter(actor2)
	r["actor1"], r["actor2"] = actor1.GetName(), actor2.GetName()
	r["assoc_actor_1"] = names(slices.Concat(others1, h.agentAllies))
	r["assoc_actor_2"] = names(slices.Concat(others2, h.targetAllies))
	r["inter1"], r["inter2"] = inter1.String(), inter2.String()
	r["interaction"] = interaction(inter1, inter2, actor2 != nil)
	if coding := h.coding(depechev1.Codebook_CODEBOOK_ACLED); coding != nil {
		r["event_type"], r["sub_event_type"] = coding.GetEvent(), coding.GetMode()
		r["disorder_type"] = disorder(coding)
		if targetsCivilians(coding, inter2) {
			r["civilian_targeting"] = "Civilian targeting"
		}
	}
	if l := h.place; l != nil {
		r["iso"], r["country"] = countryNumber(l.GetCountry()), countryName(l.GetCountry())
		r["admin1"], r["location"] = l.GetAdmin1(), l.GetName()
		if l.GetKind() == depechev1.LocationKind_LOCATION_KIND_ADMIN2 {
			r["admin2"] = l.GetName()
		}
		if p := l.GetPoint(); p != nil {
			r["latitude"], r["longitude"] = degrees(p.GetLatitude()), degrees(p.GetLongitude())
			r["geo_precision"] = geoPrecision(l)
		}
	}
	r["fatalities"] = number(h.deaths().low)
	r["tags"] = h.crowdSize()
	return []row{r}, ""
}

// acledDate is the day and its precision: 1 for a day, 2 for a week and the
// middle of it, 3 for a month and the middle of it. ACLED has no events that are
// less exact; ours have neither then.
func (h *happening) acledDate() (date, precision string) {
	from, to, ok := h.bounds()
	if !ok {
		return "", ""
	}
	middle := from.Add(to.Sub(from) / 2).Truncate(24 * time.Hour).Format(time.DateOnly)
	switch days := int(to.Sub(from).Hours()/24) + 1; {
	case h.GetTime().GetPrecision() == depechev1.TimePrecision_TIME_PRECISION_DAY:
		return from.Format(time.DateOnly), "1"
	case days <= 7:
		return middle, "2"
	case days <= 31:
		return middle, "3"
	}
	return "", ""
}

// inter is a type of actor, numbered as the codebook's «Actor Names, Types, and
// Inter Codes».
type inter int

const (
	noInter inter = iota // none that is certain
	stateForces
	rebelGroup
	politicalMilitia
	identityMilitia
	rioters
	protesters
	civilians
	otherForces
)

var interNames = [...]string{"", "State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters",
	"Civilians", "External/Other forces"}

func (i inter) String() string { return interNames[i] }

// acledInter is an actor's type in ACLED.
func (h *happening) acledInter(a *depechev1.Actor) inter {
	switch a.GetKind() {
	case depechev1.ActorKind_ACTOR_KIND_STATE_FORCES, depechev1.ActorKind_ACTOR_KIND_POLICE, depechev1.ActorKind_ACTOR_KIND_GOVERNMENT:
		if h.abroad(a) {
			return otherForces
		}
		return stateForces
	case depechev1.ActorKind_ACTOR_KIND_COUNTRY:
		switch {
		case h.abroad(a):
			return otherForces
		case h.place.GetCountry() != "" && a.GetCountry() != "":
			return stateForces
		}
	case depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP:
		return rebelGroup
	case depechev1.ActorKind_ACTOR_KIND_POLITICAL_MILITIA:
		return politicalMilitia
	case depechev1.ActorKind_ACTOR_KIND_IDENTITY_MILITIA:
		return identityMilitia
	case depechev1.ActorKind_ACTOR_KIND_RIOTERS:
		return rioters
	case depechev1.ActorKind_ACTOR_KIND_PROTESTERS:
		return protesters
	case depechev1.ActorKind_ACTOR_KIND_CIVILIANS:
		return civilians
	case depechev1.ActorKind_ACTOR_KIND_EXTERNAL_FORCES, depechev1.ActorKind_ACTOR_KIND_IGO:
		return otherForces
	}
	return noInter
}

// abroad reports whether an actor is known to act outside its own country.
func (h *happening) abroad(a *depechev1.Actor) bool {
	here, home := h.place.GetCountry(), a.GetCountry()
	return here != "" && home != "" && here != home
}

// interaction joins two types, the smaller number first; but the codebook's 78
// is «External/Other forces-Civilians».
func interaction(a, b inter, two bool) string {
	switch {
	case a == noInter || two && b == noInter:
		return ""
	case !two:
		return a.String() + " only"
	case min(a, b) == civilians && max(a, b) == otherForces:
		return otherForces.String() + "-" + civilians.String()
	}
	return min(a, b).String() + "-" + max(a, b).String()
}

// disorder is the codebook's grouping of its sub-event types.
func disorder(c *depechev1.Coding) string {
	switch c.GetEvent() {
	case "Battles", "Explosions/Remote violence", "Violence against civilians":
		return "Political violence"
	case "Strategic developments":
		return "Strategic developments"
	}
	switch c.GetMode() {
	case "Excessive force against protesters":
		return "Political violence; Demonstrations"
	case "Mob violence":
		return "Political violence"
	case "Peaceful protest", "Protest with intervention", "Violent demonstration":
		return "Demonstrations"
	}
	return ""
}

func targetsCivilians(c *depechev1.Coding, inter2 inter) bool {
	switch c.GetEvent() {
	case "Violence against civilians":
		return true
	case "Explosions/Remote violence", "Riots":
		return inter2 == civilians
	}
	return c.GetMode() == "Excessive force against protesters"
}

// geoPrecision is 1 for a place itself, 2 for its surroundings or a part of a
// region, 3 for a province. What is larger has none.
func geoPrecision(l *depechev1.Location) string {
	switch l.GetKind() {
	case depechev1.LocationKind_LOCATION_KIND_CITY, depechev1.LocationKind_LOCATION_KIND_NEIGHBOURHOOD, depechev1.LocationKind_LOCATION_KIND_FACILITY:
		if l.GetRelation() != nil {
			return "2"
		}
		return "1"
	case depechev1.LocationKind_LOCATION_KIND_ADMIN2, depechev1.LocationKind_LOCATION_KIND_TERRAIN, depechev1.LocationKind_LOCATION_KIND_WATER:
		return "2"
	case depechev1.LocationKind_LOCATION_KIND_ADMIN1:
		return "3"
	}
	return ""
}

// crowdSize is the tag that ACLED gives to demonstrations.
func (h *happening) crowdSize() string {
	var said []string
	for _, q := range h.GetQuantities() {
		if q.GetKind() != depechev1.QuantityKind_QUANTITY_KIND_PARTICIPANTS {
			continue
		}
		switch {
		case q.Low != nil && q.High != nil && q.GetLow() == q.GetHigh() && q.GetApproximate():
			said = append(said, "about "+number(q.Low))
		case q.Low != nil && q.High != nil && q.GetLow() == q.GetHigh():
			said = append(said, number(q.Low))
		case q.Low != nil && q.High != nil:
			said = append(said, number(q.Low)+"-"+number(q.High))
		case q.Low != nil:
			said = append(said, "at least "+number(q.Low))
		case q.High != nil:
			said = append(said, "up to "+number(q.High))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "crowd size=" + strings.Join(slices.Compact(said), " or ")
}

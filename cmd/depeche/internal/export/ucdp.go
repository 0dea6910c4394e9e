package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// ucdp is the format of UCDP's Georeferenced Event Dataset, versions 24.1 and
// 25.1, with the codes of its codebook (ucdp.uu.se/downloads/ged/ged241.pdf). It
// has lethal organised violence only.
func ucdp() *codebook {
	return &codebook{
		columns: []string{"id", "relid", "year", "active_year", "code_status", "type_of_violence",
			"conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
			"side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
			"number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original",
			"where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid",
			"country", "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end",
			"deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"},
		never: []string{"relid", "active_year", "code_status", "conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id",
			"dyad_new_id", "side_a_dset_id", "side_b_dset_id", "country_id", "region", "gwnoa", "gwnob"},
		rowsOf: ucdpRows,
	}
}

// Why an event is not in UCDP's data, as the summary counts it.
const (
	notViolence = "not organised violence"
	notLethal   = "no deaths told"
	noSides     = "sides that cannot be told"
)

func ucdpRows(h *happening) ([]row, string) {
	if !violent(h.GetType()) {
		return nil, notViolence
	}
	dead := h.deaths()
	if dead.best == nil || *dead.best < 1 {
		return nil, notLethal
	}
	a, _ := first(h.agents)
	b, _ := first(h.targets)
	if b == nil && len(h.agents) > 1 {
		b = h.agents[1]
	}
	kind := violence(a, b)
	if kind == "" {
		return nil, noSides
	}
	deadA, deadB := dead.agents, dead.targets
	if kind == stateBased && !government(a) { // side A is the government
		a, b, deadA, deadB = b, a, deadB, deadA
	}
	if kind == oneSided && deadB != nil { // all its victims are civilians
		dead.civilians, deadB = larger(dead.civilians, *deadB), nil
	}
	r := row{"id": h.id(), "year": h.year(), "type_of_violence": kind,
		"side_a": a.GetName(), "side_a_new_id": ucdpID(a), "side_b": b.GetName(), "side_b_new_id": ucdpID(b),
		"dyad_name": a.GetName() + " - " + b.GetName(),
		"deaths_a":  number(deadA), "deaths_b": number(deadB), "deaths_civilians": number(dead.civilians), "deaths_unknown": number(dead.others),
		"best": number(dead.best), "high": number(dead.high), "low": number(dead.low),
	}
	if kind == oneSided {
		r["side_b"], r["dyad_name"], r["side_b_new_id"] = "Civilians", a.GetName()+" - Civilians", ""
	}
	article := h.answer.Article
	r["number_of_sources"] = "1"
	r["source_office"], r["source_date"], r["source_headline"] = article.GetSource(), h.published(), article.GetTitle()
	r["source_article"] = strings.Trim(strings.Join([]string{article.GetSource(), h.published(), article.GetTitle()}, ","), ",")
	r["source_original"] = strings.Join(h.sources(), ", ")
	h.ucdpPlace(r)
	h.ucdpDate(r)
	return []row{r}, ""
}

// violent reports whether a type is violence by arms.
func violent(t depechev1.EventType) bool {
	switch t {
	case depechev1.EventType_EVENT_TYPE_ARMED_CLASH, depechev1.EventType_EVENT_TYPE_OFFENSIVE, depechev1.EventType_EVENT_TYPE_TERRITORY_CAPTURE,
		depechev1.EventType_EVENT_TYPE_SIEGE, depechev1.EventType_EVENT_TYPE_AIR_STRIKE, depechev1.EventType_EVENT_TYPE_SHELLING,
		depechev1.EventType_EVENT_TYPE_EXPLOSION, depechev1.EventType_EVENT_TYPE_SUICIDE_BOMBING, depechev1.EventType_EVENT_TYPE_GRENADE_ATTACK,
		depechev1.EventType_EVENT_TYPE_CHEMICAL_ATTACK, depechev1.EventType_EVENT_TYPE_ATTACK, depechev1.EventType_EVENT_TYPE_KILLING,
		depechev1.EventType_EVENT_TYPE_EXECUTION, depechev1.EventType_EVENT_TYPE_PROTEST_CRACKDOWN:
		return true
	}
	return false
}

// The types of violence.
const (
	stateBased = "1"
	nonState   = "2"
	oneSided   = "3"
)

// violence is the type of violence between two sides; empty where the kinds of
// the actors do not tell it.
func violence(a, b *depechev1.Actor) string {
	switch {
	case a == nil || b == nil:
		return ""
	case organised(a) && unarmed(b):
		return oneSided
	case !organised(a) || !organised(b):
		return ""
	case government(a) || government(b):
		return stateBased
	}
	return nonState
}

// government reports whether an actor is a government or its forces.
func government(a *depechev1.Actor) bool {
	switch a.GetKind() {
	case depechev1.ActorKind_ACTOR_KIND_STATE_FORCES, depechev1.ActorKind_ACTOR_KIND_POLICE, depechev1.ActorKind_ACTOR_KIND_GOVERNMENT,
		depechev1.ActorKind_ACTOR_KIND_EXTERNAL_FORCES, depechev1.ActorKind_ACTOR_KIND_COUNTRY:
		return true
	}
	return false
}

func organised(a *depechev1.Actor) bool {
	switch a.GetKind() {
	case depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP, depechev1.ActorKind_ACTOR_KIND_POLITICAL_MILITIA, depechev1.ActorKind_ACTOR_KIND_IDENTITY_MILITIA:
		return true
	}
	return government(a)
}

func unarmed(a *depechev1.Actor) bool {
	switch a.GetKind() {
	case depechev1.ActorKind_ACTOR_KIND_CIVILIANS, depechev1.ActorKind_ACTOR_KIND_PROTESTERS:
		return true
	}
	return false
}

// ucdpID is UCDP's own id of an actor that the knowledge base has from it.
func ucdpID(a *depechev1.Actor) string {
	for _, code := range a.GetCodes() {
		if id, ok := strings.CutPrefix(code, "UCDP:"); ok {
			return id
		}
	}
	return ""
}

func (h *happening) ucdpPlace(r row) {
	l := h.place
	if l == nil {
		return
	}
	r["where_prec"] = wherePrecision(l)
	r["where_coordinates"], r["where_description"] = l.GetName(), h.placeSpan
	r["adm_1"], r["country"] = l.GetAdmin1(), countryName(l.GetCountry())
	if l.GetKind() == depechev1.LocationKind_LOCATION_KIND_ADMIN2 {
		r["adm_2"] = l.GetName()
	}
	if p := l.GetPoint(); p != nil {
		r["latitude"], r["longitude"] = degrees(p.GetLatitude()), degrees(p.GetLongitude())
		r["geom_wkt"] = fmt.Sprintf("POINT (%s %s)", r["longitude"], r["latitude"])
		r["priogrid_gid"] = priogrid(p.GetLatitude(), p.GetLongitude())
	}
}

// wherePrecision is 1 for the place itself, 2 within 25 km of one, 3 and 4 for
// divisions, 5 for what is no point, 6 for a country.
func wherePrecision(l *depechev1.Location) string {
	const near = 25 // km
	switch l.GetKind() {
	case depechev1.LocationKind_LOCATION_KIND_CITY, depechev1.LocationKind_LOCATION_KIND_NEIGHBOURHOOD, depechev1.LocationKind_LOCATION_KIND_FACILITY:
		switch {
		case l.GetRelation() == nil:
			return "1"
		case l.UncertaintyKm != nil && l.GetUncertaintyKm() <= near:
			return "2"
		}
		return "5"
	case depechev1.LocationKind_LOCATION_KIND_ADMIN2:
		return "3"
	case depechev1.LocationKind_LOCATION_KIND_ADMIN1:
		return "4"
	case depechev1.LocationKind_LOCATION_KIND_COUNTRY:
		return "6"
	}
	return "5"
}

// priogrid is the cell of PRIO-GRID: half a degree wide, counted from 1 in the
// south-west, eastwards and then northwards.
func priogrid(latitude, longitude float64) string {
	const rows, columns = 360, 720
	row := min(int(math.Floor((latitude+90)*2)), rows-1)
	column := min(int(math.Floor((longitude+180)*2)), columns-1)
	return strconv.Itoa(row*columns + column + 1)
}

// ucdpDate is the time and its precision: 1 for a day, 2 for up to six, 3 for a
// week, 4 for a month, 5 for up to a year.
func (h *happening) ucdpDate(r row) {
	from, to, ok := h.bounds()
	if !ok {
		return
	}
	days := int(to.Sub(from).Hours()/24) + 1
	switch {
	case days == 1:
		r["date_prec"] = "1"
	case days <= 6:
		r["date_prec"] = "2"
	case days == 7:
		r["date_prec"] = "3"
	case days <= 31:
		r["date_prec"] = "4"
	case days <= 366:
		r["date_prec"] = "5"
	default:
		return
	}
	r["event_clarity"] = "2"
	if h.GetTime().GetPrecision() == depechev1.TimePrecision_TIME_PRECISION_DAY {
		r["event_clarity"] = "1"
	}
	const form = "2006-01-02 15:04:05.000"
	r["date_start"], r["date_end"] = from.Format(form), to.Format(form)
}

package export

import (
	"maps"
	"strconv"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// cameo is the format of Phoenix, a data set that is coded in CAMEO: one row for
// each source and target. The columns are those that the codebook of the Open
// Event Data Alliance names (oeda/docs/phoenix_codebook.pdf); its own files have
// tabs and no header.
func cameo(codedOnly bool) *codebook {
	return &codebook{
		codedOnly: codedOnly,
		book:      depechev1.Codebook_CODEBOOK_CAMEO,
		columns: []string{"EventID", "Date", "Year", "Month", "Day",
			"SourceActorFull", "SourceActorEntity", "SourceActorRole", "SourceActorAttribute",
			"TargetActorFull", "TargetActorEntity", "TargetActorRole", "TargetActorAttribute",
			"EventCode", "EventRootCode", "PentaClass", "GoldsteinScore", "Issues",
			"Lat", "Lon", "LocationName", "StateName", "CountryCode", "SentenceID", "URLs", "NewsSources"},
		never:  []string{"SourceActorAttribute", "TargetActorAttribute", "GoldsteinScore", "Issues"},
		rowsOf: cameoRows,
	}
}

func cameoRows(h *happening) ([]row, string) {
	base := row{"URLs": h.answer.Article.GetUrl(), "NewsSources": h.answer.Article.GetSource(), "Year": h.year()}
	if date := h.dayText(); date != "" {
		base["Date"] = strings.ReplaceAll(date, "-", "")
		base["Year"], base["Month"], base["Day"] = date[:4], strings.TrimPrefix(date[5:7], "0"), strings.TrimPrefix(date[8:], "0")
	}
	if coding := h.coding(depechev1.Codebook_CODEBOOK_CAMEO); coding != nil {
		base["EventCode"], base["EventRootCode"] = coding.GetCode(), coding.GetCode()[:2]
		base["PentaClass"] = penta(base["EventRootCode"])
	}
	if l := h.place; l != nil {
		base["LocationName"], base["StateName"], base["CountryCode"] = l.GetName(), l.GetAdmin1(), l.GetCountry()
		if p := l.GetPoint(); p != nil {
			base["Lat"], base["Lon"] = degrees(p.GetLatitude()), degrees(p.GetLongitude())
		}
	}
	if m := h.GetMentions(); len(m) > 0 {
		base["SentenceID"] = strings.TrimPrefix(h.answer.Extraction.GetArticleId()+"_"+strconv.Itoa(int(m[0].GetSentence().GetBegin())), "_")
	}
	var out []row
	for i, pair := range h.dyads() {
		r := maps.Clone(base)
		r["EventID"] = h.id()
		if i > 0 {
			r["EventID"] += "/" + strconv.Itoa(i+1)
		}
		cameoActor(r, "SourceActor", pair[0])
		cameoActor(r, "TargetActor", pair[1])
		out = append(out, r)
	}
	return out, ""
}

// dyads are the pairs of source and target; either may be nil. Without
// direction each party is the source to each other one.
func (h *happening) dyads() [][2]*depechev1.Actor {
	sources, targets := h.agents, h.targets
	var out [][2]*depechev1.Actor
	if len(targets) == 0 && len(sources) > 1 {
		for _, a := range sources {
			for _, b := range sources {
				if a != b {
					out = append(out, [2]*depechev1.Actor{a, b})
				}
			}
		}
		return out
	}
	if len(sources) == 0 {
		sources = []*depechev1.Actor{nil}
	}
	if len(targets) == 0 {
		targets = []*depechev1.Actor{nil}
	}
	for _, a := range sources {
		for _, b := range targets {
			out = append(out, [2]*depechev1.Actor{a, b})
		}
	}
	return out
}

// cameoActor writes an actor as a code of country and role, or as the knowledge
// base has it.
func cameoActor(r row, as string, a *depechev1.Actor) {
	entity, role := a.GetCountry(), sector(a)
	r[as+"Entity"], r[as+"Role"], r[as+"Full"] = entity, role, entity+role
	for _, code := range a.GetCodes() {
		if full, ok := strings.CutPrefix(code, "CAMEO:"); ok {
			r[as+"Full"] = full
			return
		}
	}
}

// penta is Phoenix' grouping of CAMEO's roots: statements, verbal and material
// cooperation, verbal and material conflict.
func penta(root string) string {
	n, err := strconv.Atoi(root)
	switch {
	case err != nil || n < 1 || n > 20:
		return ""
	case n <= 2:
		return "0"
	case n <= 5:
		return "1"
	case n <= 8:
		return "2"
	case n <= 13:
		return "3"
	}
	return "4"
}

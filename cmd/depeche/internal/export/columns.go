package export

import (
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Row is an event as a row of Parquet. A nil is not known.
type Row struct {
	// The article.
	ArticleID string `parquet:"article_id,dict"`
	Title     string `parquet:"title,dict"`
	Source    string `parquet:"source,dict"`
	URL       string `parquet:"url,dict"`
	Published string `parquet:"published,dict"` // 2021-03-14; empty: not known
	Language  string `parquet:"language,dict"`

	// What happened.
	EventID     string  `parquet:"event_id"` // unique within the article
	EventType   string  `parquet:"event_type,dict"`
	ACLEDEvent  *string `parquet:"acled_event_type,dict"`
	ACLEDSub    *string `parquet:"acled_sub_event_type,dict"`
	ACLEDMatch  *string `parquet:"acled_match,dict"` // exact, narrow, broad or lossy
	PLOVEREvent *string `parquet:"plover_event,dict"`
	PLOVERMode  *string `parquet:"plover_mode,dict"`
	PLOVERMatch *string `parquet:"plover_match,dict"`
	CAMEOCode   *string `parquet:"cameo_code,dict"`
	CAMEOMatch  *string `parquet:"cameo_match,dict"`
	Factuality  string  `parquet:"factuality,dict"`
	Timeframe   string  `parquet:"timeframe,dict"`
	Confidence  float32 `parquet:"confidence"`
	Summary     string  `parquet:"summary"`
	Theme       *string `parquet:"theme"`

	// Who.
	Agents       []Party `parquet:"agents,list"`
	Targets      []Party `parquet:"targets,list"`
	AgentAllies  []Party `parquet:"agent_allies,list"`
	TargetAllies []Party `parquet:"target_allies,list"`

	// Where: the most exact of its places, and how many there are.
	PlaceName     *string  `parquet:"place_name,dict"`
	PlaceID       *string  `parquet:"place_id,dict"` // the gazetteer's
	PlaceKind     *string  `parquet:"place_kind,dict"`
	PlaceCountry  *string  `parquet:"place_country,dict"`
	PlaceAdmin1   *string  `parquet:"place_admin1,dict"`
	Latitude      *float64 `parquet:"latitude"`
	Longitude     *float64 `parquet:"longitude"`
	UncertaintyKm *float64 `parquet:"uncertainty_km"`
	Places        int32    `parquet:"places"`

	// When: as told (2015, 2015-05, 2015-05-06), and the first and last day that
	// this may be, in days since 1970-01-01.
	TimeStart     *string `parquet:"time_start"`
	TimeEnd       *string `parquet:"time_end"`
	TimePrecision *string `parquet:"time_precision,dict"`
	FirstDay      *int32  `parquet:"first_day,date"`
	LastDay       *int32  `parquet:"last_day,date"`

	// How many.
	KilledLow  *float64 `parquet:"killed_low"`
	KilledBest *float64 `parquet:"killed_best"`
	KilledHigh *float64 `parquet:"killed_high"`
	Quantities []Number `parquet:"quantities,list"`

	// Who says so, and in which words.
	Claims   []Word  `parquet:"claims,list"`
	Trigger  *string `parquet:"trigger"`
	Sentence *string `parquet:"sentence"`
	Mentions int32   `parquet:"mentions"`
	Engine   string  `parquet:"engine,dict"`
}

// Party is who took part.
type Party struct {
	Name    string  `parquet:"name"`
	ID      *string `parquet:"id"` // the knowledge base's
	Kind    string  `parquet:"kind"`
	Country *string `parquet:"country"` // ISO 3166-1 alpha-3
}

// Number is a quantity.
type Number struct {
	Kind        string   `parquet:"kind"`
	Low         *float64 `parquet:"low"`
	High        *float64 `parquet:"high"`
	Approximate bool     `parquet:"approximate"`
	Unit        string   `parquet:"unit"`
	Object      string   `parquet:"object"`
	Actor       *string  `parquet:"actor"`
}

// Word is somebody's claim.
type Word struct {
	Source *string `parquet:"source"` // nil: the publication itself
	Stance string  `parquet:"stance"`
	Words  string  `parquet:"words"`
}

// Rows are the rows of an answer, which it counts.
func Rows(answer Answer, tally *Tally) []Row {
	tally.count(answer.Extraction)
	var out []Row
	for _, h := range happenings(answer) {
		tally.Rows++
		out = append(out, h.row())
	}
	return out
}

func (h *happening) row() Row {
	x, article := h.answer.Extraction, h.answer.Article
	dead := h.deaths()
	r := Row{
		ArticleID: x.GetArticleId(), Title: article.GetTitle(), Source: article.GetSource(), URL: article.GetUrl(), Published: h.published(), Language: x.GetLanguage(),
		EventID: h.GetId(), EventType: typeName(h.GetType()),
		Factuality: lower(h.GetFactuality().String(), "FACTUALITY_"), Timeframe: lower(h.GetTimeframe().String(), "TIMEFRAME_"),
		Confidence: h.GetConfidence(), Summary: h.GetSummary(), Theme: told(h.GetTheme().GetText()),
		Agents: parties(h.agents), Targets: parties(h.targets), AgentAllies: parties(h.agentAllies), TargetAllies: parties(h.targetAllies),
		Places:    int32(len(h.GetLocations())),
		KilledLow: dead.low, KilledBest: dead.best, KilledHigh: dead.high,
		Mentions: int32(len(h.GetMentions())), Engine: x.GetVersions().GetEngine(),
	}
	for _, c := range h.GetCodings() {
		match := told(lower(c.GetMatch().String(), "CODING_MATCH_"))
		switch c.GetCodebook() {
		case depechev1.Codebook_CODEBOOK_ACLED:
			r.ACLEDEvent, r.ACLEDSub, r.ACLEDMatch = told(c.GetEvent()), told(c.GetMode()), match
		case depechev1.Codebook_CODEBOOK_PLOVER:
			r.PLOVEREvent, r.PLOVERMode, r.PLOVERMatch = told(c.GetEvent()), told(c.GetMode()), match
		case depechev1.Codebook_CODEBOOK_CAMEO:
			r.CAMEOCode, r.CAMEOMatch = told(c.GetCode()), match
		}
	}
	h.rowPlace(&r)
	h.rowTime(&r)
	for _, q := range h.GetQuantities() {
		r.Quantities = append(r.Quantities, Number{lower(q.GetKind().String(), "QUANTITY_KIND_"), q.Low, q.High, q.GetApproximate(), q.GetUnit(), q.GetObject(), told(h.actor(q.GetActorId()).GetName())})
	}
	for _, c := range h.GetClaims() {
		r.Claims = append(r.Claims, Word{told(h.actor(c.GetSourceActorId()).GetName()), lower(c.GetStance().String(), "CLAIM_STANCE_"), c.GetSpan().GetText()})
	}
	if m := h.GetMentions(); len(m) > 0 {
		r.Trigger, r.Sentence = told(m[0].GetTrigger().GetText()), told(m[0].GetSentence().GetText())
	}
	return r
}

func (h *happening) rowPlace(r *Row) {
	l := h.place
	if l == nil {
		return
	}
	r.PlaceName, r.PlaceID, r.PlaceKind = told(l.GetName()), l.KnowledgeId, told(lower(l.GetKind().String(), "LOCATION_KIND_"))
	r.PlaceCountry, r.PlaceAdmin1, r.UncertaintyKm = l.Country, l.Admin1, l.UncertaintyKm
	if p := l.GetPoint(); p != nil {
		r.Latitude, r.Longitude = &p.Latitude, &p.Longitude
	}
}

func (h *happening) rowTime(r *Row) {
	if h.GetTime() == nil {
		return
	}
	r.TimeStart, r.TimeEnd = told(dateText(h.GetTime().GetStart())), told(dateText(h.GetTime().GetEnd()))
	r.TimePrecision = told(lower(h.GetTime().GetPrecision().String(), "TIME_PRECISION_"))
	if from, to, ok := h.bounds(); ok {
		r.FirstDay, r.LastDay = days(from), days(to)
	}
}

func days(t time.Time) *int32 {
	n := int32(t.Unix() / (24 * 60 * 60))
	if t.Unix()%(24*60*60) < 0 {
		n--
	}
	return &n
}

// told is nil for nothing.
func told(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func parties(actors []*depechev1.Actor) []Party {
	var out []Party
	for _, a := range actors {
		out = append(out, Party{a.GetName(), a.KnowledgeId, lower(a.GetKind().String(), "ACTOR_KIND_"), a.Country})
	}
	return out
}

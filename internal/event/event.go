// Package event finds what an article tells: triggers and their frames make
// events, with who took part, where, when, how many, whether it happened and
// who says so; mentions of one event are merged.
package event

import (
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
)

// Role says as what somebody took part.
type Role uint8

// The roles.
const (
	Agent Role = iota + 1
	Target
	AgentAlly
	TargetAlly
)

// PlaceRole says what a place is to an event.
type PlaceRole uint8

// The roles of places.
const (
	Site PlaceRole = iota + 1
	Origin
	Destination
)

// QuantityKind says what a quantity counts.
type QuantityKind uint8

// The kinds of quantity.
const (
	Killed QuantityKind = iota + 1
	Injured
	Captured
	Missing
	Displaced
	Participants
	Losses // killed or wounded, not told apart
	MaterielDestroyed
	MaterielCaptured
	SitesDestroyed
	Sorties
	Area  // in km2
	Share // in percent
)

// Factuality says whether an event happened.
type Factuality uint8

// The factualities.
const (
	Actual Factuality = iota + 1
	Unconfirmed
	Planned
	Hypothetical
	Negated
)

// Timeframe says whether an event is the news.
type Timeframe uint8

// The timeframes.
const (
	Current Timeframe = iota + 1
	Background
)

// Stance is what a source says of an event.
type Stance uint8

// The stances.
const (
	Asserts Stance = iota + 1
	Denies
	Expects
)

// Event is one real-world event. Actors, places and quantities are indexes
// into the mention layers of the article.
type Event struct {
	// ID is deterministic and unique within the article.
	ID           string
	Type         ontology.Type
	Codings      []ontology.Coding
	Participants []Participant
	Places       []Place
	Theme        *article.Span // nil: none
	Time         *Time         // nil: not told
	Quantities   []Quantity
	Factuality   Factuality
	// FactualityRule and TimeframeRule say what decided; empty: nothing but
	// that it is told, and is the news.
	FactualityRule, TimeframeRule string
	Timeframe                     Timeframe
	Claims                        []Claim
	Mentions                      []Mention // in order of position, at least one
	Confidence                    float32   // 0 to 1
	Summary                       string

	// What only merging reads.
	ownTarget  bool // it tells its target itself, and not only who was hurt
	harmed     int  // one more than the sentence that last told who was hurt
	first      *telling
	pluperfect bool
	// history is why each of its mentions tells it as what came before the
	// news; empty: one does not.
	history   string
	holds     []ontology.Condition
	narrative *timex.Time
	basis     Basis // of narrative
	// headline: told in headlines only; general: by words that have no means in
	// them; last is the last sentence that tells it.
	headline, general bool
	last              int
}

// Participant is who took part.
type Participant struct {
	Role       Role
	Actor      int // index of the article's actors
	Span       article.Span
	Confidence float32
	Rule       string // the slot, and the path to it in the tree
}

// Place is where an event happened.
type Place struct {
	Role  PlaceRole
	Place int // index of the article's places
	Span  article.Span
	// Confidence is from 0 to 1. Rule is the slot and the path to it, or where
	// the place is told.
	Confidence float32
	Rule       string
}

// Time is when an event happened. A zero Date is open.
type Time struct {
	Start, End timex.Date
	Precision  timex.Precision
	PartOfDay  timex.PartOfDay
	Span       *article.Span // nil: the publication date's
	Basis      Basis
}

// Basis says where the words that tell a time stand.
type Basis uint8

// The bases.
const (
	InClause Basis = iota + 1
	InSentence
	InNarrative
)

// Discarded is a word that may evoke an event and was not reported as one.
type Discarded struct {
	Trigger article.Span
	Rule    string
	Reason  string
}

// Quantity is how many, of what.
type Quantity struct {
	Kind QuantityKind
	quantity.Quantity
	Actor int // index of the article's actors; -1: none
}

// Claim is somebody's word on an event.
type Claim struct {
	Source     int // index of the article's actors; -1: the publication itself
	Stance     Stance
	Span       article.Span
	Quantities []int // indexes of the event's quantities
}

// Mention is one place where the article tells an event.
type Mention struct {
	Trigger  article.Span
	Sentence article.Span
	Rule     string // the lexicon's name for what fired

	sentence int
}

package timex

import (
	"time"

	"github.com/depeche-events/depeche/internal/text"
)

// Grammar is what a language supplies: how its words tell times.
type Grammar interface {
	// Append appends the times that words tell, in their order and without
	// overlap. The words are those of one sentence, or of a line without one.
	// It must be safe for concurrent use.
	Append(dst []Expr, words []text.Word) []Expr
}

// Expr is a time as words tell it, not yet read against any date.
type Expr struct {
	// First and Last delimit its words, half-open, among those given.
	First, Last int
	Kind        Kind
	Span        Interval
	From, To    Moment // To only where Span joins two
	// FromEvent: a Duration counts from what stands behind it: «une semaine
	// après les élections».
	FromEvent bool
	// Cue is what the words of the clause say of its tense, for want of a tree.
	Cue Tense
	// Begun: it began before now, whatever the tense: «depuis mercredi».
	Begun bool
	// Publication: the words around say that this is when the article came out.
	Publication bool
}

// Interval says how an expression's moments delimit its time.
type Interval uint8

// The intervals.
const (
	At      Interval = iota // at From
	FromTo                  // from From to To, both included
	Since                   // from From on
	Until                   // up to From
	NightOf                 // the night from From to To
)

// Tense is the direction in which a clause looks from its article's date.
type Tense uint8

// The tenses.
const (
	Untold Tense = iota
	Past
	Present
	Future
)

// Anchor says what a moment is told against.
type Anchor uint8

// The anchors.
const (
	Calendar  Anchor = iota // itself: «le 3 mai 2015», or the year that fits: «le 3 mai»
	Published               // the reference date: «hier», «la semaine dernière»
	Narrated                // the time told before: «la veille», «trois jours plus tard»
	Spoken                  // the day the sentence is about, else the reference: «à l'aube»
)

// Unit is a unit of time.
type Unit uint8

// The units.
const (
	NoUnit Unit = iota
	Moments
	Hours
	Days
	Weekends
	Weeks
	Months
	Quarters
	Years
	Decades
	Centuries
)

// Side says which of the moments that fit is meant.
type Side uint8

// The sides.
const (
	Nearest Side = iota // what tense and habit say
	This                // «ce dimanche», «cette année»
	Before              // «mars dernier»
	After               // «mardi prochain»
)

// TimeOfYear is a season of the northern year.
type TimeOfYear uint8

// The seasons.
const (
	Spring TimeOfYear = iota + 1
	Summer
	Autumn
	Winter
)

// Moment is one moment as words tell it. Its fields narrow each other: a day
// of the week with a date, a part of day with a day.
type Moment struct {
	Anchor Anchor
	// Date's fields are zero where they are not told.
	Date Date
	// Easter counts days from Easter Sunday, for feasts that move; only with
	// HasEaster.
	Easter    int
	HasEaster bool
	// Weekday is told only with HasWeekday.
	Weekday    time.Weekday
	HasWeekday bool
	Season     TimeOfYear
	// Unit is the unit of Count, or of the moment itself where Count is 0.
	Unit Unit
	// Count moves the anchor by so many units: «il y a deux mois» is -2.
	Count int
	// Vague: Count is only told as a few: «quelques mois plus tôt».
	Vague bool
	// Whole: the unit as the calendar cuts it («le mois dernier»), not a
	// distance («il y a un mois»).
	Whole bool
	// Nth is the number of a decade (1990) or century (19) for these units.
	Nth   int
	Side  Side
	Phase Phase
	Part  PartOfDay
	// Clock: Part is read off an hour, so a Night is no night of two days.
	Clock bool
	// Approximate: «vers le 3 mai».
	Approximate bool
}

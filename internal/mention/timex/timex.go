// Package timex finds the times that an article tells and reads them against
// its publication date, in the manner of TimeML's TIMEX3.
package timex

import (
	"time"

	"github.com/depeche-events/depeche/internal/article"
)

// Date is a civil date, or a month (Day 0) or a year (Month and Day 0) of it.
// The zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Kind is TIMEX3's type.
type Kind uint8

// The kinds of time.
const (
	Point    Kind = iota + 1 // a date, a period, a part of a day
	Duration                 // «trois semaines»: how long, not when
	Set                      // «chaque semaine»: how often
)

// Precision says how exactly a time is told.
type Precision uint8

// The precisions.
const (
	Day Precision = iota + 1 // a day, or a night of two
	Week
	Month
	Season
	Year
	Decade
	Century
	Between     // from one stated time to another, or open at one end
	Approximate // something like the time stated
)

// PartOfDay is a part of a day; the zero one is not told.
type PartOfDay uint8

// The parts of the day.
const (
	Dawn PartOfDay = iota + 1
	Morning
	Noon
	Afternoon
	Evening
	Night
)

// Phase is a stage of a month, a year or the like; the zero one is not told.
type Phase uint8

// The phases.
const (
	Early Phase = iota + 1 // «début mars»
	Mid                    // «mi-mars»
	Late                   // «fin mars»
)

// Time is a time that the article tells.
type Time struct {
	Span article.Span
	// First and Last delimit its words, half-open, in text.Text.Words.
	First, Last int
	Kind        Kind
	// Start and End are inclusive; a zero Date is open. A month is start = end
	// = {2015, 5, 0}; a night is its two days. Both are zero for durations and
	// for what cannot be told without a reference date.
	Start, End Date
	Precision  Precision
	PartOfDay  PartOfDay
	// Phase is the stage told of the month or year in Start.
	Phase Phase
	// Origin is told of a Duration that counts from an event, «une semaine
	// après les élections»: when what stands behind it took place, if its
	// clause is of the reference's day. It is a day, a month or a year.
	Origin Date
	// Season is told where Precision is Season and the words name one; Start
	// and End then tell its year alone, as far as the calendar's months go.
	Season TimeOfYear
	// Explicit: the words themselves tell the year, so that no reference was
	// needed to read them.
	Explicit bool
	// Unresolved: the time is relative and there is nothing to read it against.
	Unresolved bool
}

// Basis says where a reference date is from.
type Basis uint8

// The bases.
const (
	Given        Basis = iota + 1 // with the article
	StatedInText                  // the article's own date line
	Inferred                      // the latest full date of the text
)

// Reference is the day that relative times are read against.
type Reference struct {
	Date  Date
	Basis Basis
	Span  article.Span // the words that state it; empty when Given
}

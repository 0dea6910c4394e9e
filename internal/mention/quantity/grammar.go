package quantity

import "github.com/depeche-events/depeche/internal/text"

// Class says what kind of thing a counted noun names; the zero Class is not
// known.
type Class uint8

// The classes.
const (
	People    Class = iota + 1
	Materiel        // arms, vehicles, craft
	Site            // buildings, works, places
	Sortie          // flights and strikes
	Uncounted       // events, occasions, texts: nothing an event's slots count
)

// String returns the class in the words of the data files.
func (c Class) String() string {
	return [...]string{"", "people", "materiel", "site", "sortie", "uncounted"}[c]
}

// Grammar is what a language supplies: how its words tell numbers.
type Grammar interface {
	// Append appends the numbers that words tell, in their order and without
	// overlap. The words are those of one sentence; those that taken marks, at
	// the same index, belong to times. It must be safe for concurrent use.
	Append(dst []Reading, words []text.Word, taken []bool) []Reading
	// Class returns the class of a noun in any of its forms.
	Class(noun string) Class
}

// Reading is a number as words tell it.
type Reading struct {
	// First and Last delimit the number with its approximators, half-open,
	// among the words given; Number is the last word of the bare number.
	First, Last, Number int
	// Head is what is counted, or the unit, by the order of words; -1 is none.
	// Sure: no tree need be asked.
	Head int
	Sure bool
	// End is the word after all that belongs to it: the head, an approximator
	// behind.
	End         int
	Low, High   float64
	OpenLow     bool
	OpenHigh    bool
	Approximate bool
	Unit        Unit
	Indefinite  bool
	Definite    bool
	// Subset: the words before it say that it is a part of what was told
	// before.
	Subset bool
}

// Package quantity finds how many an article tells: numbers in figures and in
// words, their bounds, and what they count.
package quantity

import "github.com/depeche-events/depeche/internal/article"

// Unit says what a number measures.
type Unit uint8

// The units; the zero Unit is a plain count.
const (
	Count Unit = iota
	SquareKilometres
	Percent
	Kilometres
	Currency
	Years // an age or a duration: never a count of people
	OtherUnit
)

// Quantity is a number that the article tells, with what it counts.
type Quantity struct {
	// Span is the number with its approximators and what is counted:
	// «plus de 300 membres».
	Span article.Span
	// First and Last delimit the number's words with its approximators,
	// half-open, in text.Text.Words; Head is the word that is counted or the
	// unit, -1 where the number stands alone («200 ont été tués»).
	First, Last, Head int
	// Low and High are inclusive bounds; nil is open. «plus de 60»: low only.
	// «environ 200»: both, and Approximate. «des centaines»: low 100,
	// Approximate.
	Low, High   *float64
	Approximate bool
	Unit        Unit
	// Object is what is counted, as the article says it: «chars». Empty where
	// Head is -1.
	Object string
	// Class is what kind of thing Object is.
	Class Class
	// Indefinite: the number is an article, «un gendarme», which counts one
	// only where its event says so. Definite: it takes up what was told,
	// «les deux hommes».
	Indefinite, Definite bool
	// PartOf is the index of the quantity that this one is a part of («14
	// morts, dont 5 enfants»), -1 where it is none's.
	PartOf int
}

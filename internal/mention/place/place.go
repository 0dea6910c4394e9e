// Package place finds the places that an article names, tells apart those that
// share a name, and computes those that are told by another one («à 70 km au
// nord-est de Palmyre»).
package place

import "github.com/depeche-events/depeche/internal/article"

// Kind says what a place is.
type Kind uint8

// The kinds of place.
const (
	Country       Kind = iota + 1
	Region             // several countries, or a natural or historical region
	Admin1             // province, governorate, state
	Admin2             // district, department
	City               // any populated place
	Neighbourhood      // part of a populated place
	Facility           // building, base, airport, road, camp
	Water              // sea, river, lake
	Terrain            // mountain, desert, plain, forest
)

// Point is a point on the WGS 84 ellipsoid, in degrees.
type Point struct{ Lat, Lon float64 }

// Relation is how a place is told by another one. A nil field is not told.
type Relation struct {
	// Anchor indexes the Places of the article.
	Anchor         int
	DistanceKM     *float64
	BearingDegrees *float64 // clockwise from north, in [0, 360)
}

// Mention is a piece of the article that names a place.
type Mention struct {
	// Span is the noun phrase without determiner and relative clause.
	Span article.Span
	// First and Last delimit its words, half-open, in text.Text.Words; Head is
	// the word that governs the others.
	First, Last, Head int
	// Acting: the name stands for the place's government or army
	// («Moscou a annoncé»), so that this mention is an actor's too.
	Acting bool
}

// Place is a place that the article names.
type Place struct {
	// KnowledgeID is empty for a place that the gazetteer does not know.
	KnowledgeID string
	Name        string
	Kind        Kind
	Country     string // ISO 3166-1 alpha-3; empty where none or not known
	Admin1      string // by name; empty where none or not known
	Capital     bool   // of its country, for which its name may stand
	// Point is nil where not known; UncertaintyKM says how far from it the
	// place may be.
	Point         *Point
	UncertaintyKM float64
	Relation      *Relation // nil unless told by another place
	Mentions      []Mention // in order of position, at least one
}

// Package actor finds who an article names: persons, groups, institutions and
// states, by name, by noun and by pronoun, and joins the mentions that are of
// one actor.
package actor

import "github.com/depeche-events/depeche/internal/article"

// Kind says what an actor is.
type Kind uint8

// The kinds of actor. ACLED's eight interaction codes can be read off them.
const (
	StateForces Kind = iota + 1 // a state's military, at home
	Police
	Government
	RebelGroup
	PoliticalMilitia
	IdentityMilitia
	Rioters
	Protesters
	Civilians
	ExternalForces // a state's military abroad, coalitions, peacekeepers
	IGO
	NGO
	Media
	Party
	Business
	Religious
	Country // a state as a whole
	Person
	Other
)

// Form says how an actor is named.
type Form uint8

// The forms of mention.
const (
	Proper Form = iota + 1
	Nominal
	Pronominal
)

// Mention is a piece of the article that names an actor.
type Mention struct {
	// Span is the noun phrase without determiner and relative clause.
	Span article.Span
	// First and Last delimit its words, half-open, in text.Text.Words; Head is
	// the word that governs the others.
	First, Last, Head int
	Form              Form
}

// Actor is somebody whom the article names.
type Actor struct {
	// KnowledgeID is empty for an actor that the knowledge base does not know.
	KnowledgeID string
	Name        string
	Kind        Kind
	Country     string    // ISO 3166-1 alpha-3; empty where none or not known
	Codes       []string  // in published codebooks, in order: "CAMEO:SYRMIL"
	Mentions    []Mention // in order of position, at least one
}

// Package extract is the pipeline: the one place that knows the order of the
// stages.
package extract

import (
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
)

// Input is one article as submitted.
type Input struct {
	ID    string
	Title string
	// Body is the article itself, in the form that Form says.
	Body []byte
	Form article.Form
	// ContentType is the MIME type of an article.Raw body, with its charset
	// where known.
	ContentType string
	// Language is a BCP 47 tag; empty: detected.
	Language string
	// Published is the civil day of publication; the zero Date: not given.
	Published timex.Date
}

// Options say what to report.
type Options struct {
	// MinConfidence leaves out events of lower confidence; from 0 to 1.
	MinConfidence float32
	// EventTypes keeps only these; empty: all.
	EventTypes []ontology.Type
	// ExcludeBackground leaves out what the article only recalls.
	ExcludeBackground bool
	// Explain fills Extraction.Discarded.
	Explain bool
	// Observe is told of each stage when it has ended; nil: nobody is.
	Observe Observer
}

// Extraction is everything found in one article. Spans are bytes of
// Document.Title and Document.Body.
type Extraction struct {
	ArticleID string
	// Document is the article as read. Converted: its body was read from HTML
	// or raw bytes and is not the text as submitted.
	Document  *article.Document
	Converted bool
	// Language is the BCP 47 tag that the article was read in, "und" where none
	// could be told. Supported: the engine reads it.
	Language  string
	Supported bool
	Reference *timex.Reference // nil where there is none
	Events    []event.Event
	Actors    []actor.Actor
	Places    []place.Place
	Warnings  []Warning
	Versions  Versions
	// Discarded is what was considered and not reported, in order of position.
	Discarded []event.Discarded
}

// WarningCode says what a warning is about.
type WarningCode uint8

// The codes, as in the contract.
const (
	LanguageUnsupported WarningCode = iota + 1
	LanguageMismatch
	LanguageUncertain
	CharsetGuessed
	CharsetReplaced
	MarkupInText
	ReferenceDateAssumed
	ReferenceDateMissing
	FuzzyPlace
	AmbiguousPlace
	SentenceTooLong
	NoBody
	LeftOut
)

// Warning is something a careful reader of an answer should know.
type Warning struct {
	Code    WarningCode
	Message string
	Span    *article.Span // nil: about the article as a whole
}

// Versions say what made an answer; equal versions give equal answers.
type Versions struct {
	Engine    string // release or revision
	Model     string // digest
	Lexicon   string // digest
	Gazetteer string // digest
	Ontology  string // number
}

// Package engine reads articles in this process: the same engine, and byte for
// byte the same answers, as a server gives. It is for programs that bring their
// own way of moving articles, such as a Beam pipeline; a program that can reach a
// server has less to carry with package client.
package engine

import (
	"context"
	"io/fs"
	"time"

	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/rejection"
	"github.com/depeche-events/depeche/internal/wire"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// What Config's limits are where they are 0.
const (
	DefaultMaxBodyBytes = extract.DefaultMaxBodyBytes
	DefaultMaxEntities  = extract.DefaultMaxEntities
	DefaultMaxMentions  = extract.DefaultMaxMentions
)

// Config says what an engine is made from. The zero Config is the engine as it
// is delivered.
type Config struct {
	// Knowledge holds a folder for each language («fr») whose files take the
	// place of the built-in ones of the same name. nil: all is built in.
	Knowledge fs.FS
	// MaxBodyBytes is the longest body that is read, in bytes. 0:
	// DefaultMaxBodyBytes.
	MaxBodyBytes int
	// MaxEntities are the events, the actors and the places that an answer has
	// at most, of each; MaxMentions the mentions of one of them, and the
	// participants, places, quantities and claims of one event, of each. What
	// comes first in the article is kept, and a warning tells of the rest. 0:
	// DefaultMaxEntities, DefaultMaxMentions.
	MaxEntities, MaxMentions int
	// Version is what Versions.Engine of every answer says. Empty: nothing.
	Version string
}

// Engine reads articles. It is immutable and safe for concurrent use.
type Engine struct {
	wire  *wire.Engine
	rules *rejection.Rules // nil: who asks has checked them
}

// New loads models and lexicons, which takes about a second and 200 MB: one
// Engine serves a whole process. An error is about Config.Knowledge, and names
// file and line.
func New(config Config) (*Engine, error) {
	x, err := extract.New(extract.Config{
		Knowledge:    config.Knowledge,
		MaxBodyBytes: config.MaxBodyBytes,
		MaxEntities:  config.MaxEntities,
		MaxMentions:  config.MaxMentions,
		Version:      config.Version,
	})
	if err != nil {
		return nil, err
	}
	rules, err := rejection.NewRules()
	if err != nil {
		return nil, err
	}
	return &Engine{wire: wire.NewEngine(x), rules: &rules}, nil
}

// Unchecked is e for who has checked every article and its options against the
// contract's declared rules (protovalidate), as a server does before an article
// waits for it: they are not checked again. What breaks them may have an answer
// then.
func (e *Engine) Unchecked() *Engine { return &Engine{wire: e.wire} }

// Extract answers one article; options may be nil. It keeps and changes
// neither.
//
// An article that is refused is an error with a gRPC status: INVALID_ARGUMENT
// with google.rpc.ErrorInfo and google.rpc.BadRequest, as a server answers it.
// Extract looks at ctx while it works and returns ctx.Err() soon after ctx is
// done. Any other error, and a panic, is a fault of the engine; who reads
// strangers' articles recovers it, so that one article fails and not the
// process.
func (e *Engine) Extract(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	return e.ExtractObserved(ctx, article, options, nil)
}

// Stages names the stages that ExtractObserved tells of, in their order.
func (e *Engine) Stages() []string { return e.wire.Stages() }

// ExtractObserved is Extract; it tells observe of each stage when it has ended,
// with its beginning and its duration, on the caller's goroutine. observe may be
// nil.
func (e *Engine) ExtractObserved(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions,
	observe func(stage string, began time.Time, took time.Duration),
) (*depechev1.Extraction, error) {
	if e.rules != nil {
		if err := e.rules.CheckArticle(article, options); err != nil {
			return nil, err
		}
	}
	return e.wire.ExtractObserved(ctx, article, options, observe)
}

// DescribeOntology returns the event types. The message is shared: not to be
// changed.
func (e *Engine) DescribeOntology() *depechev1.DescribeOntologyResponse {
	return e.wire.DescribeOntology()
}

// DescribeEngine returns versions, languages and the engine's limits. The message is
// shared: not to be changed.
func (e *Engine) DescribeEngine() *depechev1.DescribeEngineResponse { return e.wire.DescribeEngine() }

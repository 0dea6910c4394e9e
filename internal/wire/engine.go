// Package wire speaks the contract's messages for the extractor: articles in,
// extractions out. The server and the command line share it, so that an article
// gives the same bytes by every way.
package wire

import (
	"context"
	"errors"
	"time"

	"github.com/depeche-events/depeche/internal/extract"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Engine is an extractor that speaks the contract. It is safe for concurrent
// use.
type Engine struct {
	extractor *extract.Extractor
	ontology  *depechev1.DescribeOntologyResponse
	engine    *depechev1.DescribeEngineResponse
}

// NewEngine lets x speak the contract.
func NewEngine(x *extract.Extractor) *Engine {
	d := x.Describe()
	return &Engine{
		extractor: x,
		ontology:  describeOntology(d.Ontology),
		engine: &depechev1.DescribeEngineResponse{
			Versions:  versions(d.Versions),
			Languages: d.Languages,
			Limits: &depechev1.Limits{
				MaxBodyBytes: uint64(d.MaxBodyBytes),
				MaxEntities:  uint32(d.MaxEntities),
				MaxMentions:  uint32(d.MaxMentions),
			},
		},
	}
}

// reasons are the contract's names of what the extractor refuses.
var reasons = map[extract.Reason]depechev1.ErrorReason{
	extract.EmptyBody:    depechev1.ErrorReason_ERROR_REASON_EMPTY_BODY,
	extract.BodyTooLarge: depechev1.ErrorReason_ERROR_REASON_BODY_TOO_LARGE,
	extract.NotText:      depechev1.ErrorReason_ERROR_REASON_NOT_TEXT,
	extract.InvalidField: depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD,
}

// Extract answers one article. An article or options that are refused are a
// *FieldError; ctx's end is ctx's error; every other error is a fault of the
// engine's own. options may be nil.
func (e *Engine) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	return e.ExtractObserved(ctx, a, o, nil)
}

// stageAnswer is the stage that follows the extractor's own: its answer becomes
// the contract's message.
const stageAnswer = "answer"

// Stages names the stages that ExtractObserved tells of, in their order.
func (e *Engine) Stages() []string { return append(extract.Stages(), stageAnswer) }

// ExtractObserved is Extract; it tells observe of each stage when it has ended,
// on the caller's goroutine. observe may be nil.
func (e *Engine) ExtractObserved(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions,
	observe func(stage string, began time.Time, took time.Duration),
) (*depechev1.Extraction, error) {
	in, err := input(a)
	if err != nil {
		return nil, err
	}
	opts, err := options(o)
	if err != nil {
		return nil, err
	}
	opts.Observe = observe
	x, err := e.extractor.Extract(ctx, in, opts)
	if refused := (*extract.InputError)(nil); errors.As(err, &refused) {
		return nil, &FieldError{refused.Field, reasons[refused.Reason], refused.Description}
	}
	if err != nil {
		return nil, err
	}
	if observe == nil {
		return extraction(x, o.GetOffsetEncoding()), nil
	}
	began := time.Now()
	answer := extraction(x, o.GetOffsetEncoding())
	observe(stageAnswer, began, time.Since(began))
	return answer, nil
}

// DescribeOntology returns the event types. The message is shared: not to be
// changed.
func (e *Engine) DescribeOntology() *depechev1.DescribeOntologyResponse { return e.ontology }

// DescribeEngine returns versions, languages and the engine's own limits. The
// message is shared: not to be changed.
func (e *Engine) DescribeEngine() *depechev1.DescribeEngineResponse { return e.engine }

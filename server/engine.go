package server

import (
	"context"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Engine reads articles. It is all that the server knows of extraction, in the
// contract's own messages; wire.Engine is the real one, and tests have their
// own. Its methods are called from many goroutines at once.
type Engine interface {
	// Extract answers one article. The article and the options have passed the
	// contract's declared rules (protovalidate) and must not be changed or kept;
	// options may be nil. The answer is the server's to keep: it is marshalled
	// after Extract has returned.
	//
	// Extract looks at ctx while it works and returns ctx.Err() soon after ctx is
	// done. An article that is refused is an error that has a GRPCStatus method,
	// whose status is the caller's answer as it stands: INVALID_ARGUMENT with
	// google.rpc.ErrorInfo and google.rpc.BadRequest, its fields named from the
	// request down ("article.text"). Every other error is a fault: it is logged,
	// and the caller gets INTERNAL and the id of the log entry. No error quotes
	// the article's text or title.
	Extract(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (*depechev1.Extraction, error)

	// DescribeOntology is the whole answer of the call of that name. It is
	// shared by all callers and never changed.
	DescribeOntology() *depechev1.DescribeOntologyResponse

	// DescribeEngine gives versions, languages and the engine's own limits
	// (max_body_bytes, max_entities, max_mentions); the server adds its to a copy.
	DescribeEngine() *depechev1.DescribeEngineResponse
}

// StageObserver is told of a stage that has ended: when it began and how long it
// took.
type StageObserver = func(stage string, began time.Time, took time.Duration)

// StagedEngine is an Engine that tells of its stages. Where an engine is one, the
// server's metrics and traces hold them.
type StagedEngine interface {
	Engine

	// Stages names all stages, in their order.
	Stages() []string

	// ExtractObserved is Extract; it calls observe at the end of each stage, on
	// the caller's goroutine.
	ExtractObserved(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions, observe StageObserver) (*depechev1.Extraction, error)
}

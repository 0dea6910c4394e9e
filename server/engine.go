package server

import (
	"context"

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
	// and the caller gets INTERNAL and the id of the log entry.
	Extract(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (*depechev1.Extraction, error)

	// DescribeOntology is the whole answer of the call of that name. It is
	// shared by all callers and never changed.
	DescribeOntology() *depechev1.DescribeOntologyResponse

	// DescribeEngine gives versions, languages and, of the limits,
	// max_body_bytes; the server adds its own limits to a copy.
	DescribeEngine() *depechev1.DescribeEngineResponse
}

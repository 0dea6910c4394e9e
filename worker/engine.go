package worker

import (
	"context"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Engine reads articles; package engine has the real one. It is called from many
// goroutines at once.
type Engine interface {
	// Extract answers one article. It neither keeps nor changes the article and
	// the options, which may be nil, and looks at ctx while it works.
	//
	// An article that is refused is an error that has a GRPCStatus method; the
	// article goes to the dead letters with that status. Every other error, and a
	// panic, is a fault: the article is tried again before it goes there.
	Extract(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (*depechev1.Extraction, error)
}

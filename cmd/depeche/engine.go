package main

import (
	"context"
	"fmt"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

// extractor answers one article: an engine in this process, or a server.
type extractor interface {
	Extract(context.Context, *depechev1.Article, *depechev1.ExtractOptions) (*depechev1.Extraction, error)
	Close() error
}

// local is an engine in this process.
type local struct{ engine server.Engine }

func (l local) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (x *depechev1.Extraction, err error) {
	// As in a server, an article that the engine cannot bear fails alone.
	defer func() {
		if fault := recover(); fault != nil {
			x, err = nil, fmt.Errorf("the engine failed: %v", fault)
		}
	}()
	return l.engine.Extract(ctx, a, o)
}

func (local) Close() error { return nil }

// remote is a server.
type remote struct{ *client.Client }

func (r remote) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	return r.Client.Extract(ctx, a, client.WithExtractOptions(o))
}

// dial prepares to ask the server; the first question connects.
func (f *serverFlags) dial() (*client.Client, error) {
	security, err := f.client()
	if err != nil {
		return nil, err
	}
	conn, err := client.Dial(f.Server, security...)
	if err != nil {
		return nil, fail(exitUsage, "--server: %w", err)
	}
	return conn, nil
}

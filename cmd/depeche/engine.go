package main

import (
	"context"
	"errors"
	"fmt"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

// extractor answers one article: an engine in this process, or a server.
type extractor interface {
	Extract(context.Context, *depechev1.Article, *depechev1.ExtractOptions) (*depechev1.Extraction, error)
	Close() error
}

// local is an engine in this process, which takes only what keeps the rules.
type local struct {
	engine server.Engine
	rules  rules
}

func (l local) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (x *depechev1.Extraction, err error) {
	// As in a server, an article that the engine cannot bear fails alone.
	defer func() {
		if fault := recover(); fault != nil {
			x, err = nil, fmt.Errorf("the engine failed: %v", fault)
		}
	}()
	if err := l.rules.check(a, o); err != nil {
		return nil, err
	}
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
	security := client.WithInsecure()
	if f.TLS {
		security = client.WithTransportCredentials(credentials.NewTLS(nil))
	}
	conn, err := client.Dial(f.Server, security)
	if err != nil {
		return nil, fail(exitUsage, "--server: %w", err)
	}
	return conn, nil
}

// rules are those that the contract declares, which a server checks before its
// engine is asked.
type rules struct{ protovalidate.Validator }

func newRules() (rules, error) {
	v, err := protovalidate.New()
	return rules{v}, err
}

// check returns the status that a server answers.
func (r rules) check(a *depechev1.Article, o *depechev1.ExtractOptions) error {
	err := r.Validate(&depechev1.ExtractEventsRequest{Article: a, Options: o})
	var broken *protovalidate.ValidationError
	if !errors.As(err, &broken) {
		return err
	}
	bad := new(errdetails.BadRequest)
	for _, v := range broken.Violations {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field:       protovalidate.FieldPathString(v.Proto.GetField()),
			Description: v.Proto.GetMessage(),
		})
	}
	s, err := status.New(codes.InvalidArgument, broken.Error()).WithDetails(bad)
	if err != nil {
		return broken
	}
	return s.Err()
}

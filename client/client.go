package client

import (
	"context"
	"fmt"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc"

	_ "google.golang.org/grpc/health" // lets round_robin leave out a server that says it drains
)

// Client is a connection to one or several servers. It is safe for concurrent
// use; a program needs one.
type Client struct {
	target       string
	conn         *grpc.ClientConn
	api          depechev1.ExtractionServiceClient
	messageLimit int
}

// Dial prepares a client of the servers at target. It does not wait for a
// connection: the first call does.
//
// The target is a gRPC target or a list:
//
//	host:port, dns:///host:port   every address that the name resolves to
//	a:port,b:port                 these servers, whichever are up
//	unix:///run/depeche.sock      a socket
//
// Calls and streams go to the servers in turn. A name is resolved again when a
// connection ends, so servers that let none grow old (--max-connection-age) give
// work to those that have come since; in Kubernetes the name is a headless
// Service's. Any other directory of servers is a resolver of gRPC's, given by
// [WithDialOptions] and grpc.WithResolvers.
//
// Transport security has to be chosen, by [WithTransportCredentials] or
// [WithInsecure]: there is no default, so that nobody sends articles in the clear
// for having forgotten something.
func Dial(target string, options ...Option) (*Client, error) {
	settings := defaultSettings()
	for _, option := range options {
		option(&settings)
	}
	resolved, list, err := parseTarget(target)
	if err != nil {
		return nil, fmt.Errorf("dial %q: %w", target, err)
	}
	dialing := settings.grpcOptions()
	if list != nil {
		dialing = append(dialing, grpc.WithResolvers(list))
	}
	// The caller's own come last, and win.
	conn, err := grpc.NewClient(resolved, append(dialing, settings.dial...)...)
	if err != nil {
		return nil, fmt.Errorf("dial %q: %w", target, err)
	}
	return &Client{
		target:       target,
		conn:         conn,
		api:          depechev1.NewExtractionServiceClient(conn),
		messageLimit: settings.messageLimit,
	}, nil
}

// Close ends the connections. Calls and streams under way fail.
func (c *Client) Close() error { return c.conn.Close() }

// Extract returns everything found in one article. An error is a gRPC status
// (status.Convert gives its code and details): INVALID_ARGUMENT names the field
// in a google.rpc.BadRequest. A call that a server refused for want of room, or
// that found none, is tried up to five times, as soon as the server allows.
func (c *Client) Extract(ctx context.Context, article *depechev1.Article, options ...CallOption) (*depechev1.Extraction, error) {
	if err := check(article, c.messageLimit); err != nil {
		return nil, err
	}
	var settings callSettings
	for _, option := range options {
		option(&settings)
	}
	response, err := c.api.ExtractEvents(ctx, &depechev1.ExtractEventsRequest{
		Article: article,
		Options: settings.extract,
	}, settings.grpc...)
	if err != nil {
		return nil, err
	}
	return response.GetExtraction(), nil
}

// DescribeOntology returns the event types with their definitions and codings.
func (c *Client) DescribeOntology(ctx context.Context) (*depechev1.DescribeOntologyResponse, error) {
	return c.api.DescribeOntology(ctx, &depechev1.DescribeOntologyRequest{})
}

// DescribeEngine returns versions, languages and limits of the server that
// answers.
func (c *Client) DescribeEngine(ctx context.Context) (*depechev1.DescribeEngineResponse, error) {
	return c.api.DescribeEngine(ctx, &depechev1.DescribeEngineRequest{})
}

package main

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/term"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/cmd/depeche/internal/bulk"
)

// streamCommand is `depeche stream`.
type streamCommand struct {
	In      verbatim `required:"" placeholder:"FILE" help:"Articles, one protojson Article per line; - is standard input."`
	Out     verbatim `required:"" placeholder:"FILE" help:"Gets one protojson Extraction per line, in the order of the articles; - is standard output."`
	Resume  bool     `help:"Go on where an interrupted run to the same file ended, without loss or repeat."`
	Streams int      `default:"4" help:"gRPC streams that share the work; one or two for each server."`

	Server string `required:"" group:"server" placeholder:"ADDR[,ADDR]" help:"Servers that share the work: host:port, a list host:port,host:port, dns:///name:port or unix:///path."`
	TLS    bool   `name:"tls" group:"server" help:"Encrypt, and check the servers' certificates against this machine's authorities."`
}

func (streamCommand) Help() string {
	return `Articles that have no answer go to FILE.errors.jsonl beside the output, one per line with its line number, id and gRPC status. How far a run came is kept in FILE.checkpoint. Progress is shown on a terminal. A server that goes away is survived: what it has not answered goes to another one, or to itself when it is back.

Examples:
  depeche stream --server localhost:50051 --in articles.jsonl --out events.jsonl
  depeche stream --server a:50051,b:50051 --in articles.jsonl --out events.jsonl --resume`
}

func (s *streamCommand) Run(ctx context.Context, c console) error {
	if s.Streams < 1 {
		return fail(exitUsage, "--streams: is %d: want at least 1", s.Streams)
	}
	conn, err := (&serverFlags{Server: s.Server, TLS: s.TLS}).dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	summary, err := bulk.Run(ctx, bulk.Config{
		Extractor: conn,
		In:        string(s.In), Out: string(s.Out), Resume: s.Resume,
		Stream: []client.StreamOption{client.WithStreams(s.Streams)},
		Stdin:  c.in, Stdout: c.out, Stderr: c.err, Terminal: onTerminal(c),
	})
	if done := summary.Extracted + summary.Failed; done > 0 {
		c.say("%d articles in %v (%.0f/s)", done, summary.Elapsed.Round(time.Millisecond), float64(done)/max(summary.Elapsed.Seconds(), 1e-3))
	}
	switch {
	case errors.Is(err, context.Canceled) || status.Code(err) == codes.Canceled:
		if s.In != bulk.Standard && s.Out != bulk.Standard {
			c.say("--resume goes on from here")
		}
		return context.Canceled
	case status.Code(err) == codes.Unavailable:
		return fail(exitUnreachable, "no server answers at %s: %s", s.Server, dialFault(status.Convert(err).Message()))
	case err != nil:
		return err
	case summary.Failed > 0:
		return fail(exitIncomplete, "%d articles have no answer, see %s", summary.Failed, bulk.ErrorsPath(string(s.Out)))
	}
	return nil
}

// onTerminal reports whether somebody watches standard error.
func onTerminal(c console) bool {
	f, ok := c.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

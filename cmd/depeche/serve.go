package main

import (
	"context"
	"errors"

	"github.com/KimMachineGun/automemlimit/memlimit"
	inprocess "github.com/depeche-events/depeche/engine"
	"github.com/depeche-events/depeche/server"
	"github.com/depeche-events/depeche/server/tracing"
)

// serveCommand is `depeche serve`.
type serveCommand struct {
	server.Config `embed:"" group:"limits"`
	engineFlags   `embed:"" group:"engine"`

	Tracing tracing.Config `embed:"" prefix:"trace-" group:"tracing"`

	logFlags `embed:"" group:"log"`
}

func (serveCommand) Help() string {
	return `Articles' texts are never logged. The first SIGTERM or SIGINT drains: health says NOT_SERVING, no new articles are taken, those taken are answered within the drain bounds. A second one ends the process at once.

Examples:
  depeche serve
  depeche serve --listen :50051 --admin 127.0.0.1:9090 --log-format console
  DEPECHE_LISTEN=:50051 depeche serve`
}

func (s *serveCommand) Run(ctx context.Context, c console, load engineLoader) error {
	logger := s.logger(c)
	defer logger.Sync() //nolint:errcheck // standard error cannot be synced everywhere, and nobody is left to tell
	limitMemory(logger, memlimit.FromCgroup)

	engine, err := load(s.engineFlags)
	if err != nil {
		return err
	}
	s.Engine, s.Logger = engine, logger
	if whole, ok := engine.(*inprocess.Engine); ok {
		s.Engine = whole.Unchecked() // the server checks, before an article waits
	}
	traces, err := tracing.New(ctx, s.Tracing, engine.DescribeEngine().GetVersions().GetEngine(), logger)
	if err != nil {
		return fail(exitUsage, "%w", err)
	}
	if traces != nil {
		s.TracerProvider = traces
		defer traces.Close()
	}
	srv, err := s.Complete(ctx)
	switch {
	case errors.As(err, new(*server.ConfigError)):
		return fail(exitUsage, "%w", err)
	case err != nil:
		return err
	}
	logEngine(logger, engine)
	return srv.Run(ctx)
}

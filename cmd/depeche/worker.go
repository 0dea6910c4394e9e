package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
	"github.com/depeche-events/depeche/worker"
	"github.com/depeche-events/depeche/worker/embedded"
)

// workerCommand is `depeche worker`.
type workerCommand struct {
	worker.Config `embed:"" group:"worker"`

	MaxStreamBytes server.ByteSize `group:"worker" default:"0" help:"Size of each stream that --create makes, past which it refuses messages; 0 is the server's own bound."`
	Embedded       string          `group:"worker" type:"path" placeholder:"DIR" help:"Run the NATS server in this process too, its streams kept in DIR; with --create."`
	EmbeddedListen string          `group:"worker" default:"127.0.0.1:4222" help:"Address of the loopback where that server listens."`
	Admin          string          `group:"worker" placeholder:"ADDR" help:"Private address for /metrics, /healthz, /readyz and /debug/pprof; off when empty."`

	selectionFlags `embed:"" group:"answer"`
	OffsetEncoding string `group:"answer" enum:"utf8,utf16,utf32" default:"utf8" help:"Unit of the spans: utf8 (bytes), utf16 (Java, JavaScript) or utf32 (Python)."`

	engineFlags `embed:"" group:"engine"`
	logFlags    `embed:"" group:"log"`
}

func (workerCommand) Help() string {
	return `An article is acknowledged when the stream of extractions has its answer, so a worker can die at any moment. What cannot be answered goes to the dead letters, with the reason in its headers. docs/distributed.md tells of messages, streams and guarantees.

The first SIGTERM or SIGINT drains: no more articles are taken, those in hand are ended or given back. A second one ends the process at once.

Examples:
  depeche worker --create
  depeche worker --nats tls://nats.example.org:4222 --nats-creds worker.creds --admin :9091
  depeche worker --embedded /var/lib/depeche`
}

func (w *workerCommand) Run(ctx context.Context, c console, load engineLoader) (err error) {
	logger := w.logger(c)
	defer logger.Sync() //nolint:errcheck // standard error cannot be synced everywhere, and nobody is left to tell
	limitMemory(logger, memlimit.FromCgroup)

	options := w.options()
	if err := checkOptions(options); err != nil {
		return err
	}
	engine, err := load(w.engineFlags)
	if err != nil {
		return err
	}
	logEngine(logger, engine)
	w.Engine, w.Logger, w.Options, w.StreamBytes = engine, logger, options, int64(w.MaxStreamBytes)
	w.Registry = prometheus.NewRegistry()
	w.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	var listener net.Listener
	if w.Admin != "" {
		var config net.ListenConfig
		if listener, err = config.Listen(ctx, "tcp", w.Admin); err != nil {
			return fmt.Errorf("--admin: %w", err)
		}
		defer listener.Close()
	}
	if w.Embedded != "" {
		nats, err := embedded.Start(embedded.Config{StoreDir: w.Embedded, Listen: w.EmbeddedListen, Logger: logger})
		switch {
		case errors.As(err, new(*embedded.ConfigError)):
			return fail(exitUsage, "--embedded-listen: %w", err)
		case err != nil:
			return fmt.Errorf("--embedded: %w", err)
		}
		defer nats.Close()
		logger.Info("serving", zap.String("what", "nats"), zap.String("address", nats.ClientURL()))
		w.Server, w.Create = nats, true
	}
	work, err := w.Complete(ctx)
	switch {
	case errors.As(err, new(*worker.UnreachableError)):
		return fail(exitUnreachable, "%s: %w", w.NATS, err)
	case errors.As(err, new(*worker.ConfigError)), errors.As(err, new(*worker.TopologyError)):
		return fail(exitUsage, "%w", err)
	case err != nil:
		return err
	}
	if listener != nil {
		stop := serveAdmin(listener, w.Registry, work.Ready, logger)
		defer stop()
	}
	return work.Run(ctx)
}

func (w *workerCommand) options() *depechev1.ExtractOptions {
	o := w.selectionFlags.options()
	o.OffsetEncoding = offsetEncoding(w.OffsetEncoding)
	return orNil(o)
}

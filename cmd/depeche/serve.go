package main

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/depeche-events/depeche/server"
	"github.com/depeche-events/depeche/server/tracing"
)

// serveCommand is `depeche serve`.
type serveCommand struct {
	server.Config `embed:"" group:"limits"`
	engineFlags   `embed:"" group:"engine"`

	Tracing tracing.Config `embed:"" prefix:"trace-" group:"tracing"`

	LogLevel  zapcore.Level `group:"log" default:"info" placeholder:"LEVEL" help:"Least severe entries to log: debug, info, warn or error."`
	LogFormat string        `group:"log" enum:"json,console" default:"json" help:"json, one object per line, or console, for people."`
}

func (serveCommand) Help() string {
	return `Articles' texts are never logged. The first SIGTERM or SIGINT drains: health says NOT_SERVING, no new articles are taken, those taken are answered within the drain bounds. A second one ends the process at once.

Examples:
  depeche serve
  depeche serve --listen :50051 --admin 127.0.0.1:9090 --log-format console
  DEPECHE_LISTEN=:50051 depeche serve`
}

// memoryShare is the part of the container's memory that the Go heap may fill
// before the collector works harder; the rest is for stacks and the kernel.
const memoryShare = 0.9

func (s *serveCommand) Run(ctx context.Context, c console, load engineLoader) error {
	logger := s.logger(c)
	defer logger.Sync() //nolint:errcheck // standard error cannot be synced everywhere, and nobody is left to tell
	limitMemory(logger)

	engine, err := load(s.engineFlags)
	if err != nil {
		return err
	}
	s.Engine, s.Logger = engine, logger
	if err := s.Validate(); err != nil {
		return fail(exitUsage, "%w", err)
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
	if err != nil {
		return err
	}
	v := engine.DescribeEngine().GetVersions()
	logger.Info("engine loaded",
		zap.String("engine", v.GetEngine()), zap.String("model", v.GetModel()), zap.String("lexicon", v.GetLexicon()),
		zap.String("gazetteer", v.GetGazetteer()), zap.String("ontology", v.GetOntology()))
	return srv.Run(ctx)
}

func (s *serveCommand) logger(c console) *zap.Logger {
	encoding := zap.NewProductionEncoderConfig()
	encoding.EncodeTime = zapcore.ISO8601TimeEncoder
	encoding.EncodeDuration = zapcore.StringDurationEncoder
	encoder := zapcore.NewJSONEncoder(encoding)
	if s.LogFormat == "console" {
		encoder = zapcore.NewConsoleEncoder(encoding)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(c.err)), s.LogLevel), zap.AddStacktrace(zapcore.DPanicLevel))
}

// limitMemory sets Go's memory limit by the cgroup's, unless GOMEMLIMIT is set,
// and logs what holds.
func limitMemory(logger *zap.Logger) {
	_, err := memlimit.Set(memlimit.WithRatio(memoryShare))
	memory := zap.String("memory_limit", "none")
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		memory = zap.Stringer("memory_limit", server.ByteSize(limit))
	}
	logger.Info("process limits", memory, zap.Int("gomaxprocs", runtime.GOMAXPROCS(0)), zap.NamedError("cgroup", err))
}

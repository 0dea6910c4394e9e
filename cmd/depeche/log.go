package main

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/depeche-events/depeche/server"
)

// logFlags say what a command that runs for long logs, and how.
type logFlags struct {
	LogLevel  logLevel `default:"info" placeholder:"LEVEL" help:"Least severe entries to log: debug, info, warn or error."`
	LogFormat string   `enum:"json,console" default:"json" help:"json, one object per line, or console, for people."`
}

// logLevel is the value of --log-level.
type logLevel zapcore.Level

func (l *logLevel) UnmarshalText(text []byte) error {
	if (*zapcore.Level)(l).UnmarshalText(text) != nil {
		return fmt.Errorf("%q is none of debug, info, warn, error", text)
	}
	return nil
}

func (s *logFlags) logger(c console) *zap.Logger {
	encoding := zap.NewProductionEncoderConfig()
	encoding.EncodeTime = zapcore.ISO8601TimeEncoder
	encoding.EncodeDuration = zapcore.StringDurationEncoder
	encoder := zapcore.NewJSONEncoder(encoding)
	if s.LogFormat == "console" {
		encoder = zapcore.NewConsoleEncoder(encoding)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(c.err)), zapcore.Level(s.LogLevel)), zap.AddStacktrace(zapcore.DPanicLevel))
}

// logEngine logs what makes the answers.
func logEngine(logger *zap.Logger, engine server.Engine) {
	v := engine.DescribeEngine().GetVersions()
	logger.Info("engine loaded",
		zap.String("engine", v.GetEngine()), zap.String("model", v.GetModel()), zap.String("lexicon", v.GetLexicon()),
		zap.String("gazetteer", v.GetGazetteer()), zap.String("ontology", v.GetOntology()))
}

// memoryShare is the part of the container's memory that the Go heap may fill
// before the collector works harder; the rest is for stacks and the kernel.
const memoryShare = 0.9

// limitMemory sets Go's memory limit by the cgroup's, unless GOMEMLIMIT is set,
// and logs what holds.
func limitMemory(logger *zap.Logger, cgroup memlimit.Provider) {
	_, err := memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(cgroup))
	memory := zap.String("memory_limit", "none")
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		memory = zap.Stringer("memory_limit", server.ByteSize(limit))
	}
	logger.Info("process limits", memory, zap.Int("gomaxprocs", runtime.GOMAXPROCS(0)), zap.NamedError("cgroup", err))
}

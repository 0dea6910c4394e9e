package server

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// errorField is the field in which the logging interceptor puts an error's
// text. It is left out: a message may quote what was sent.
const errorField = "grpc.error"

// callLogger writes the entries of the logging interceptor to zap.
func callLogger(logger *zap.Logger) logging.Logger {
	return logging.LoggerFunc(func(_ context.Context, level logging.Level, message string, pairs ...any) {
		entry := logger.Check(zapLevel(level), message)
		if entry == nil {
			return
		}
		entry.Write(zapFields(pairs)...)
	})
}

// zapFields are the interceptor's fields, keys and values by turns, as zap's.
func zapFields(pairs logging.Fields) []zap.Field {
	fields := make([]zap.Field, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if key, _ := pairs[i].(string); key != errorField {
			fields = append(fields, zap.Any(key, pairs[i+1]))
		}
	}
	return fields
}

// zapLevel maps the interceptor's levels, which are slog's.
func zapLevel(level logging.Level) zapcore.Level {
	switch {
	case level >= logging.LevelError:
		return zapcore.ErrorLevel
	case level >= logging.LevelWarn:
		return zapcore.WarnLevel
	case level >= logging.LevelInfo:
		return zapcore.InfoLevel
	default:
		return zapcore.DebugLevel
	}
}

// errorFields are what is logged of an error: its reason, the fields at fault
// and the id that the caller was given.
func errorFields(err error) logging.Fields {
	var fields logging.Fields
	for _, detail := range status.Convert(err).Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			fields = append(fields, "depeche.reason", detail.GetReason())
		case *errdetails.BadRequest:
			var paths []string
			for _, violation := range detail.GetFieldViolations() {
				paths = append(paths, violation.GetField())
			}
			fields = append(fields, "depeche.fields", paths)
		case *errdetails.RequestInfo:
			fields = append(fields, "request_id", detail.GetRequestId())
		case *errdetails.RetryInfo:
			fields = append(fields, "depeche.retry_delay", detail.GetRetryDelay().AsDuration().Round(time.Millisecond))
		}
	}
	return fields
}

// durationField is a call's duration in milliseconds, as a number that can be
// compared.
func durationField(took time.Duration) logging.Fields {
	return logging.Fields{"grpc.time_ms", float64(took.Microseconds()) / 1000}
}

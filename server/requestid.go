package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync/atomic"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// requestIDKey names a call's id in its metadata, both ways.
const requestIDKey = "x-request-id"

// maxRequestID is the longest id, in bytes, that is taken from a caller.
const maxRequestID = 128

type requestIDContext struct{}

// callID is the id of the call that ctx belongs to; empty: of none.
func callID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDContext{}).(string)
	return id
}

// withRequestID gives a call the id that its caller chose, or a new one where
// the caller chose none, several or one that no log should hold.
func withRequestID(ctx context.Context) (_ context.Context, id string) {
	if given := metadata.ValueFromIncomingContext(ctx, requestIDKey); len(given) == 1 && isRequestID(given[0]) {
		id = given[0]
	} else {
		id = newRequestID()
	}
	return context.WithValue(ctx, requestIDContext{}, id), id
}

func newRequestID() string {
	var id [12]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// isRequestID holds for what the usual makers of ids make: UUIDs, hexadecimal
// and base 64, and such with a prefix.
func isRequestID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case c == '-', c == '_', c == '.', c == ':', c == '/', c == '+', c == '=', c == '@', c == '~':
		default:
			return false
		}
	}
	return true
}

// The id goes back in the header of an answer, but in the trailer of a call that
// fails without one: a header would tell gRPC clients that the call has begun to
// be answered, and they would not try another server.

func requestIDUnary(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, id := withRequestID(ctx)
	response, err := handler(ctx, request)
	if err != nil {
		_ = grpc.SetTrailer(ctx, metadata.Pairs(requestIDKey, id)) // fails only outside a call
	} else {
		_ = grpc.SetHeader(ctx, metadata.Pairs(requestIDKey, id)) // fails only after the answer
	}
	return response, err
}

func requestIDStream(service any, wire grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, id := withRequestID(wire.Context())
	identified := &identifiedStream{ServerStream: wire, ctx: ctx, id: id}
	err := handler(service, identified)
	if !identified.sent.Load() {
		wire.SetTrailer(metadata.Pairs(requestIDKey, id))
	}
	return err
}

// identifiedStream sends the call's id before its first message.
type identifiedStream struct {
	grpc.ServerStream
	ctx  context.Context
	id   string
	sent atomic.Bool // a handler that is left behind may still send
}

func (s *identifiedStream) Context() context.Context { return s.ctx }

func (s *identifiedStream) SendMsg(message any) error {
	if s.sent.CompareAndSwap(false, true) {
		_ = s.SetHeader(metadata.Pairs(requestIDKey, s.id)) // fails only once the call is over
	}
	return s.ServerStream.SendMsg(message)
}

type sequenceContext struct{}

// withSequence notes which article of a stream a worker reads.
func withSequence(ctx context.Context, sequence uint64) context.Context {
	return context.WithValue(ctx, sequenceContext{}, sequence)
}

// identity are the fields by which the log entries of one call, and of one
// article of a stream, are found; with the trace where there is one.
func identity(ctx context.Context) logging.Fields {
	var fields logging.Fields
	if id := callID(ctx); id != "" {
		fields = append(fields, "request_id", id)
	}
	if sequence, ok := ctx.Value(sequenceContext{}).(uint64); ok {
		fields = append(fields, "depeche.sequence", sequence)
	}
	if span := trace.SpanContextFromContext(ctx); span.IsSampled() {
		fields = append(fields, "trace_id", span.TraceID().String())
	}
	return fields
}

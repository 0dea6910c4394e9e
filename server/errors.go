package server

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"go.uber.org/zap"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// pushbackTrailer is the trailer by which gRPC clients with a retry policy are
// told, in milliseconds, when to come again.
const pushbackTrailer = "grpc-retry-pushback-ms"

// saturated says that there is no room, and when to come again.
func saturated(message string, retry time.Duration) *status.Status {
	return rejection.New(codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, message,
		&errdetails.RetryInfo{RetryDelay: durationpb.New(retry)})
}

// clientLimit says that the client is over its own share, and when to come
// again.
func clientLimit(message string, retry time.Duration) *status.Status {
	return rejection.New(codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_CLIENT_LIMIT, message,
		&errdetails.RetryInfo{RetryDelay: durationpb.New(retry)})
}

// credentialsExpired ends a stream as a drain would: it is resumed with new
// credentials, or else refused when it is opened.
func credentialsExpired() *status.Status {
	return rejection.New(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_CREDENTIALS_EXPIRED,
		"the credentials that the stream was opened with are no longer valid: open another one")
}

// pushback is the trailer that goes with saturated and clientLimit.
func pushback(retry time.Duration) metadata.MD {
	return metadata.Pairs(pushbackTrailer, strconv.FormatInt(retry.Milliseconds(), 10))
}

func draining() *status.Status {
	return rejection.New(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_DRAINING,
		"the server is going away: another one may answer")
}

// streamIdle is UNAVAILABLE and not DEADLINE_EXCEEDED: the caller set no
// deadline, and to open another stream is all that it needs to do.
func streamIdle(timeout time.Duration) *status.Status {
	return rejection.New(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_STREAM_IDLE,
		"the stream stood still for "+timeout.String()+": open another when there is work")
}

// answerTooLarge is OUT_OF_RANGE and not RESOURCE_EXHAUSTED: coming again would
// not help.
func answerTooLarge(size, limit int) *status.Status {
	return rejection.New(codes.OutOfRange, depechev1.ErrorReason_ERROR_REASON_ANSWER_TOO_LARGE,
		"the answer has "+strconv.Itoa(size)+" bytes, the limit is "+strconv.Itoa(limit))
}

func repeatedSequence(sequence uint64) *status.Status {
	return rejection.Field(depechev1.ErrorReason_ERROR_REASON_REPEATED_SEQUENCE,
		"sequence", strconv.FormatUint(sequence, 10)+" was used before on this stream")
}

func streamProtocol(description string) *status.Status {
	return rejection.Field(depechev1.ErrorReason_ERROR_REASON_STREAM_PROTOCOL, "open", description)
}

// fault logs what went wrong inside and returns what the caller may know of it:
// the id of the call, by which the log entry is found.
func fault(ctx context.Context, logger *zap.Logger, what string, fields ...zap.Field) *status.Status {
	id := callID(ctx)
	if id == "" { // outside the interceptors
		ctx, id = withRequestID(ctx)
	}
	logger.Error(what, append(fields, zapFields(identity(ctx))...)...)
	return rejection.New(codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL,
		"internal error "+id, &errdetails.RequestInfo{RequestId: id})
}

// panicked is the fault of a recovered panic. Of the value only a runtime
// error's text is logged: another one could quote the article.
func panicked(ctx context.Context, logger *zap.Logger, where string, value any) *status.Status {
	fields := []zap.Field{zap.Stack("stack")}
	if err, ok := value.(runtime.Error); ok {
		fields = append(fields, zap.String("panic", err.Error()))
	} else {
		fields = append(fields, zap.String("panic_type", fmt.Sprintf("%T", value)))
	}
	return fault(ctx, logger, "panic in "+where, fields...)
}

// fromContext is the status of a call whose own context is done.
func fromContext(ctx context.Context) *status.Status {
	return status.FromContextError(ctx.Err())
}

// broken is what a caller is told whose request breaks the declared rules; nil
// where it keeps them. A stream's article is checked as the call that it might
// have been, so that both have the same answer.
func (s *service) broken(ctx context.Context, request proto.Message) *status.Status {
	refusal, err := s.rules.Check(request)
	if err != nil {
		return fault(ctx, s.logger, "rules of the contract cannot be evaluated", zap.Error(err))
	}
	return refusal
}

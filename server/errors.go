package server

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// errorDomain is the domain of every ErrorInfo, as the contract fixes it.
const errorDomain = "depeche.v1"

// pushbackTrailer is the trailer by which gRPC clients with a retry policy are
// told, in milliseconds, when to come again.
const pushbackTrailer = "grpc-retry-pushback-ms"

// refuse makes the status of an error with its machine-readable reason.
func refuse(code codes.Code, reason depechev1.ErrorReason, message string, details ...protoadapt.MessageV1) *status.Status {
	info := &errdetails.ErrorInfo{
		Reason: strings.TrimPrefix(reason.String(), "ERROR_REASON_"),
		Domain: errorDomain,
	}
	refusal := status.New(code, message)
	detailed, err := refusal.WithDetails(append([]protoadapt.MessageV1{info}, details...)...)
	if err != nil { // only for an OK code or a message that cannot be marshalled
		return refusal
	}
	return detailed
}

// saturated says that there is no room, and when to come again.
func saturated(message string, retry time.Duration) *status.Status {
	return refuse(codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, message,
		&errdetails.RetryInfo{RetryDelay: durationpb.New(retry)})
}

// clientLimit says that the client is over its own share, and when to come
// again.
func clientLimit(message string, retry time.Duration) *status.Status {
	return refuse(codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_CLIENT_LIMIT, message,
		&errdetails.RetryInfo{RetryDelay: durationpb.New(retry)})
}

// credentialsExpired ends a stream as a drain would: it is resumed with new
// credentials, or else refused when it is opened.
func credentialsExpired() *status.Status {
	return refuse(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_CREDENTIALS_EXPIRED,
		"the credentials that the stream was opened with are no longer valid: open another one")
}

// pushback is the trailer that goes with saturated and clientLimit.
func pushback(retry time.Duration) metadata.MD {
	return metadata.Pairs(pushbackTrailer, strconv.FormatInt(retry.Milliseconds(), 10))
}

func draining() *status.Status {
	return refuse(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_DRAINING,
		"the server is going away: another one may answer")
}

// streamIdle is UNAVAILABLE and not DEADLINE_EXCEEDED: the caller set no
// deadline, and to open another stream is all that it needs to do.
func streamIdle(timeout time.Duration) *status.Status {
	return refuse(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_STREAM_IDLE,
		"the stream stood still for "+timeout.String()+": open another when there is work")
}

func budgetExceeded(budget time.Duration) *status.Status {
	return refuse(codes.DeadlineExceeded, depechev1.ErrorReason_ERROR_REASON_BUDGET_EXCEEDED,
		"the article took longer than the "+budget.String()+" that one article is given")
}

// answerTooLarge is OUT_OF_RANGE and not RESOURCE_EXHAUSTED: coming again would
// not help.
func answerTooLarge(size, limit int) *status.Status {
	return refuse(codes.OutOfRange, depechev1.ErrorReason_ERROR_REASON_ANSWER_TOO_LARGE,
		"the answer has "+strconv.Itoa(size)+" bytes, the limit is "+strconv.Itoa(limit))
}

func repeatedSequence(sequence uint64) *status.Status {
	return invalid(depechev1.ErrorReason_ERROR_REASON_REPEATED_SEQUENCE,
		"sequence", strconv.FormatUint(sequence, 10)+" was used before on this stream")
}

func streamProtocol(description string) *status.Status {
	return invalid(depechev1.ErrorReason_ERROR_REASON_STREAM_PROTOCOL, "open", description)
}

// invalid refuses one field.
func invalid(reason depechev1.ErrorReason, field, description string) *status.Status {
	return invalidFields(reason, []*errdetails.BadRequest_FieldViolation{
		{Field: field, Description: description},
	})
}

// invalidFields refuses one or more fields; the message names the first.
func invalidFields(reason depechev1.ErrorReason, violations []*errdetails.BadRequest_FieldViolation) *status.Status {
	return refuse(codes.InvalidArgument, reason,
		violations[0].GetField()+": "+violations[0].GetDescription(),
		&errdetails.BadRequest{FieldViolations: violations})
}

// fault logs what went wrong inside and returns what the caller may know of it:
// the id of the call, by which the log entry is found.
func fault(ctx context.Context, logger *zap.Logger, what string, fields ...zap.Field) *status.Status {
	id := callID(ctx)
	if id == "" { // outside the interceptors
		ctx, id = withRequestID(ctx)
	}
	logger.Error(what, append(fields, zapFields(identity(ctx))...)...)
	return refuse(codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL,
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

// fromEngine finds the status that an engine's error carries.
func fromEngine(err error) (*status.Status, bool) {
	var refusal interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &refusal) {
		return nil, false
	}
	found := refusal.GRPCStatus()
	return found, found.Code() != codes.OK
}

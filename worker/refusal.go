package worker

import (
	"cmp"
	"fmt"
	"runtime"

	"go.uber.org/zap"
	codepb "google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Reasons of this worker's own; the others are the contract's ErrorReason.
const (
	// ReasonUndecodable: the message is no Article in the encoding that it names.
	ReasonUndecodable = "UNDECODABLE"
	// ReasonTooManyDeliveries: the article was begun as often as it may be and
	// never came to an end. Its workers may have died of it.
	ReasonTooManyDeliveries = "TOO_MANY_DELIVERIES"
)

func undecodable(err error) *status.Status {
	return rejection.Named(codes.InvalidArgument, ReasonUndecodable, "no article: "+err.Error())
}

func tooManyDeliveries(begun int) *status.Status {
	return rejection.Named(codes.Aborted, ReasonTooManyDeliveries, fmt.Sprintf("begun %d times and never ended", begun))
}

func answerTooLarge(size int, err error) *status.Status {
	return rejection.New(codes.OutOfRange, depechev1.ErrorReason_ERROR_REASON_ANSWER_TOO_LARGE,
		fmt.Sprintf("the answer has %d bytes: %v", size, err))
}

// fault logs what went wrong inside. The log has the article's place, and never
// what an error of the engine says: it could quote the article.
func (w *Worker) fault(p place, what string, fields ...zap.Field) *status.Status {
	w.logger.Error(what, append(fields, zap.String("stream", p.stream), zap.Uint64("sequence", p.sequence))...)
	return rejection.New(codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, what)
}

// panicked is the fault of a recovered panic. Of the value only a runtime
// error's text is logged: another one could quote the article.
func (w *Worker) panicked(p place, value any) *status.Status {
	said := zap.String("panic_type", fmt.Sprintf("%T", value))
	if err, ok := value.(runtime.Error); ok {
		said = zap.String("panic", err.Error())
	}
	return w.fault(p, "panic in engine", zap.Stack("stack"), said)
}

// codeName is the code as the contract's users know it: INVALID_ARGUMENT.
func codeName(s *status.Status) string { return codepb.Code(s.Code()).String() }

// reasonOf is the reason of a status, or its code where it has none.
func reasonOf(s *status.Status) string { return cmp.Or(rejection.Reason(s), codeName(s)) }

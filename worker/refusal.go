package worker

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"go.uber.org/zap"
	codepb "google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// errorDomain is the domain of every ErrorInfo, as the contract fixes it.
const errorDomain = "depeche.v1"

// Reasons of this worker's own; the others are the contract's ErrorReason.
const (
	// ReasonUndecodable: the message is no Article in the encoding that it names.
	ReasonUndecodable = "UNDECODABLE"
	// ReasonTooManyDeliveries: the article was begun as often as it may be and
	// never came to an end. Its workers may have died of it.
	ReasonTooManyDeliveries = "TOO_MANY_DELIVERIES"
)

// contractReason is the contract's name of a reason.
func contractReason(reason depechev1.ErrorReason) string {
	return strings.TrimPrefix(reason.String(), "ERROR_REASON_")
}

// refuse makes a status with its machine-readable reason.
func refuse(code codes.Code, reason, format string, args ...any) *status.Status {
	refusal := status.Newf(code, format, args...)
	detailed, err := refusal.WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: errorDomain})
	if err != nil { // only for an OK code
		return refusal
	}
	return detailed
}

func undecodable(err error) *status.Status {
	return refuse(codes.InvalidArgument, ReasonUndecodable, "no article: %v", err)
}

func tooManyDeliveries(begun int) *status.Status {
	return refuse(codes.Aborted, ReasonTooManyDeliveries, "begun %d times and never ended", begun)
}

func answerTooLarge(size int, err error) *status.Status {
	return refuse(codes.OutOfRange, contractReason(depechev1.ErrorReason_ERROR_REASON_ANSWER_TOO_LARGE),
		"the answer has %d bytes: %v", size, err)
}

func budgetExceeded(budget time.Duration) *status.Status {
	return refuse(codes.DeadlineExceeded, contractReason(depechev1.ErrorReason_ERROR_REASON_BUDGET_EXCEEDED),
		"the article took longer than the %v that one article is given", budget)
}

// fault logs what went wrong inside. The log has the article's place, and never
// what an error of the engine says: it could quote the article.
func (w *Worker) fault(p place, what string, fields ...zap.Field) *status.Status {
	w.logger.Error(what, append(fields, zap.String("stream", p.stream), zap.Uint64("sequence", p.sequence))...)
	return refuse(codes.Internal, contractReason(depechev1.ErrorReason_ERROR_REASON_INTERNAL), "%s", what)
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

// fromEngine finds the status that an engine's error carries.
func fromEngine(err error) (*status.Status, bool) {
	var refusal interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &refusal) {
		return nil, false
	}
	found := refusal.GRPCStatus()
	return found, found.Code() != codes.OK
}

// codeName is the code as the contract's users know it: INVALID_ARGUMENT.
func codeName(s *status.Status) string { return codepb.Code(s.Code()).String() }

// details are the reason of a status, or its code where it has none, and the
// fields at fault.
func details(s *status.Status) (reason string, fields []string) {
	reason = codeName(s)
	for _, detail := range s.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetDomain() == errorDomain {
				reason = detail.GetReason()
			}
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				fields = append(fields, violation.GetField())
			}
		}
	}
	return reason, fields
}

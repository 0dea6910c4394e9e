// Package rejection makes and reads the statuses by which articles and calls are
// refused, as the contract fixes them: a code, a reason for machines in
// google.rpc.ErrorInfo, and the fields at fault in google.rpc.BadRequest. Engine,
// server and worker share it, so that an article is refused in the same words
// whoever is asked.
package rejection

import (
	"errors"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// domain is that of every ErrorInfo.
const domain = "depeche.v1"

// Name is a reason as an ErrorInfo has it: without the enum's prefix.
func Name(reason depechev1.ErrorReason) string {
	return strings.TrimPrefix(reason.String(), "ERROR_REASON_")
}

// New makes a status with its reason.
func New(code codes.Code, reason depechev1.ErrorReason, message string, details ...protoadapt.MessageV1) *status.Status {
	return Named(code, Name(reason), message, details...)
}

// Named is New for a reason that the contract does not have.
func Named(code codes.Code, reason, message string, details ...protoadapt.MessageV1) *status.Status {
	plain := status.New(code, message)
	info := &errdetails.ErrorInfo{Reason: reason, Domain: domain}
	detailed, err := plain.WithDetails(append([]protoadapt.MessageV1{info}, details...)...)
	if err != nil { // only for an OK code or a message that cannot be marshalled
		return plain
	}
	return detailed
}

// Field refuses one field, by its path from the request down.
func Field(reason depechev1.ErrorReason, field, description string) *status.Status {
	return Fields(reason, []*errdetails.BadRequest_FieldViolation{{Field: field, Description: description}})
}

// Fields refuses one or more fields; the message names the first.
func Fields(reason depechev1.ErrorReason, violations []*errdetails.BadRequest_FieldViolation) *status.Status {
	message := violations[0].GetDescription()
	if field := violations[0].GetField(); field != "" {
		message = field + ": " + message
	}
	return New(codes.InvalidArgument, reason, message, &errdetails.BadRequest{FieldViolations: violations})
}

// BudgetExceeded refuses an article that took longer than one is given.
func BudgetExceeded(budget time.Duration) *status.Status {
	return New(codes.DeadlineExceeded, depechev1.ErrorReason_ERROR_REASON_BUDGET_EXCEEDED,
		"the article took longer than the "+budget.String()+" that one article is given")
}

// Of finds the status that an error carries. An error without one is a fault,
// and what it says is for no caller.
func Of(err error) (*status.Status, bool) {
	var refused interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &refused) {
		return nil, false
	}
	found := refused.GRPCStatus()
	return found, found.Code() != codes.OK
}

// Reason is the reason of a status; empty where it has none.
func Reason(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.GetDomain() == domain {
			return info.GetReason()
		}
	}
	return ""
}

// FieldsOf names the fields at fault.
func FieldsOf(s *status.Status) []string {
	var fields []string
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, violation := range bad.GetFieldViolations() {
				fields = append(fields, violation.GetField())
			}
		}
	}
	return fields
}

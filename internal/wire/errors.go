package wire

import (
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// ErrorDomain is the domain of every google.rpc.ErrorInfo of the service.
const ErrorDomain = "depeche.v1"

const reasonPrefix = "ERROR_REASON_"

// FieldError is an article or options that are refused for one field.
type FieldError struct {
	// Field is its path from the request down, such as "article.text".
	Field string
	// Reason says why, for machines; Description, for people.
	Reason      depechev1.ErrorReason
	Description string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Description }

// GRPCStatus is INVALID_ARGUMENT with the reason and the field.
func (e *FieldError) GRPCStatus() *status.Status {
	s := status.New(codes.InvalidArgument, e.Error())
	detailed, err := s.WithDetails(
		&errdetails.ErrorInfo{Reason: e.Reason.String()[len(reasonPrefix):], Domain: ErrorDomain},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: e.Field, Description: e.Description, Reason: e.Reason.String()[len(reasonPrefix):]},
		}},
	)
	if err != nil {
		return s
	}
	return detailed
}

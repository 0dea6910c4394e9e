package wire

import (
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

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
	return rejection.Field(e.Reason, e.Field, e.Description)
}

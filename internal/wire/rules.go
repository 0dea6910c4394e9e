package wire

import (
	"errors"
	"fmt"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// maxViolations bounds the violations that one answer tells of, as a server
// bounds them.
const maxViolations = 16

// Rules are those that the contract declares of a request, which a server
// checks before its engine is asked.
type Rules struct{ validator protovalidate.Validator }

// NewRules compiles the rules, which takes milliseconds.
func NewRules() (Rules, error) {
	v, err := protovalidate.New(protovalidate.WithMessages(&depechev1.ExtractEventsRequest{}), protovalidate.WithDisableLazy())
	if err != nil {
		return Rules{}, fmt.Errorf("rules of the contract: %w", err)
	}
	return Rules{v}, nil
}

// Check returns nil for a request that keeps the rules, else the status that a
// server answers. options may be nil.
func (r Rules) Check(article *depechev1.Article, options *depechev1.ExtractOptions) error {
	err := r.validator.Validate(&depechev1.ExtractEventsRequest{Article: article, Options: options})
	var broken *protovalidate.ValidationError
	if !errors.As(err, &broken) || len(broken.Violations) == 0 {
		return err
	}
	reason := depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD
	bad := new(errdetails.BadRequest)
	for _, v := range broken.Violations[:min(len(broken.Violations), maxViolations)] {
		field := protovalidate.FieldPathString(v.Proto.GetField())
		if field == "article.body" && len(broken.Violations) == 1 {
			reason = depechev1.ErrorReason_ERROR_REASON_EMPTY_BODY
		}
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: field, Description: v.Proto.GetMessage(),
		})
	}
	first := bad.FieldViolations[0]
	s, err := status.New(codes.InvalidArgument, first.Field+": "+first.Description).WithDetails(
		&errdetails.ErrorInfo{Reason: reason.String()[len(reasonPrefix):], Domain: ErrorDomain}, bad)
	if err != nil {
		return broken
	}
	return s.Err()
}

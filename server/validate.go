package server

import (
	"context"
	"errors"

	"buf.build/go/protovalidate"
	"go.uber.org/zap"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// maxViolations bounds the violations of one answer: they travel in trailers,
// of which many clients take 8 KiB.
const maxViolations = 16

// manyEventTypes is a number of ExtractOptions.event_types past which only the
// first violation is looked for: the field alone can hold millions of faults.
const manyEventTypes = 1 << 10

// validator checks messages against the rules declared in the contract.
type validator struct {
	rules  protovalidate.Validator
	logger *zap.Logger
}

// newValidator compiles the rules of every request.
func newValidator(logger *zap.Logger) (*validator, error) {
	rules, err := protovalidate.New(
		protovalidate.WithMessages(&depechev1.ExtractEventsRequest{}, &depechev1.StreamEventsRequest{}),
		protovalidate.WithDisableLazy(),
	)
	return &validator{rules: rules, logger: logger}, err
}

// call checks a unary call. A stream's article is checked as the call that it
// might have been, so that both have the same answer.
func (v *validator) call(ctx context.Context, request *depechev1.ExtractEventsRequest) *status.Status {
	return v.check(ctx, request, request.GetOptions())
}

// open checks a stream's first message.
func (v *validator) open(ctx context.Context, request *depechev1.StreamEventsRequest) *status.Status {
	return v.check(ctx, request, request.GetOpen().GetOptions())
}

// check returns nil for a message that keeps the rules.
func (v *validator) check(ctx context.Context, message proto.Message, options *depechev1.ExtractOptions) *status.Status {
	var how []protovalidate.ValidationOption
	if len(options.GetEventTypes()) > manyEventTypes {
		how = append(how, protovalidate.WithFailFast())
	}
	err := v.rules.Validate(message, how...)
	if err == nil {
		return nil
	}
	var broken *protovalidate.ValidationError
	if !errors.As(err, &broken) || len(broken.Violations) == 0 {
		return fault(ctx, v.logger, "rules of the contract cannot be evaluated", zap.Error(err))
	}
	return violations(broken.Violations)
}

// violations is the status of broken rules. A missing body has a reason of its
// own, since nothing else can be wrong with it.
func violations(broken []*protovalidate.Violation) *status.Status {
	reason := depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD
	fields := make([]*errdetails.BadRequest_FieldViolation, 0, min(len(broken), maxViolations))
	for _, violation := range broken[:min(len(broken), maxViolations)] {
		path := protovalidate.FieldPathString(violation.Proto.GetField())
		if path == "article.body" && len(broken) == 1 {
			reason = depechev1.ErrorReason_ERROR_REASON_EMPTY_BODY
		}
		fields = append(fields, &errdetails.BadRequest_FieldViolation{
			Field:       path,
			Description: violation.Proto.GetMessage(),
		})
	}
	return invalidFields(reason, fields)
}

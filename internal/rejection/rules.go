package rejection

import (
	"errors"
	"fmt"

	"buf.build/go/protovalidate"
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

// NoBody says what is wrong with an article without a body, in plainer words
// than the rule of a oneof has.
const NoBody = "one of text, html and raw is required"

// Rules are those that the contract declares of its requests (protovalidate).
type Rules struct{ validator protovalidate.Validator }

// NewRules compiles the rules, which takes milliseconds.
func NewRules() (Rules, error) {
	v, err := protovalidate.New(
		protovalidate.WithMessages(&depechev1.ExtractEventsRequest{}, &depechev1.StreamEventsRequest{}),
		protovalidate.WithDisableLazy(),
	)
	if err != nil {
		return Rules{}, fmt.Errorf("rules of the contract: %w", err)
	}
	return Rules{v}, nil
}

// CheckArticle checks an article and its options, which may be nil. Its error is
// what a server answers.
func (r Rules) CheckArticle(article *depechev1.Article, options *depechev1.ExtractOptions) error {
	refused, err := r.Check(&depechev1.ExtractEventsRequest{Article: article, Options: options})
	if err != nil {
		return err
	}
	return refused.Err()
}

// Check checks an ExtractEventsRequest or a StreamEventsRequest. It returns nil
// for one that keeps the rules; an error is a fault of the rules.
func (r Rules) Check(request proto.Message) (*status.Status, error) {
	var options *depechev1.ExtractOptions
	switch request := request.(type) {
	case *depechev1.ExtractEventsRequest:
		options = request.GetOptions()
	case *depechev1.StreamEventsRequest:
		options = request.GetOpen().GetOptions()
	}
	var how []protovalidate.ValidationOption
	if len(options.GetEventTypes()) > manyEventTypes {
		how = append(how, protovalidate.WithFailFast())
	}
	err := r.validator.Validate(request, how...)
	var broken *protovalidate.ValidationError
	if !errors.As(err, &broken) || len(broken.Violations) == 0 {
		return nil, err
	}
	return violated(broken.Violations), nil
}

// violated is the status of broken rules. A missing body has a reason of its
// own, since nothing else can be wrong with it.
func violated(broken []*protovalidate.Violation) *status.Status {
	reason := depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD
	fields := make([]*errdetails.BadRequest_FieldViolation, 0, min(len(broken), maxViolations))
	for _, violation := range broken[:min(len(broken), maxViolations)] {
		path := protovalidate.FieldPathString(violation.Proto.GetField())
		description := violation.Proto.GetMessage()
		if path == "article.body" {
			description = NoBody
			if len(broken) == 1 {
				reason = depechev1.ErrorReason_ERROR_REASON_EMPTY_BODY
			}
		}
		fields = append(fields, &errdetails.BadRequest_FieldViolation{Field: path, Description: description})
	}
	return Fields(reason, fields)
}

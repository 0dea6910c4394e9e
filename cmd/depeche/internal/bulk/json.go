package bulk

import (
	"encoding/json"
	"fmt"

	"github.com/depeche-events/depeche/internal/stablejson"
	rpccode "google.golang.org/genproto/googleapis/rpc/code"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails" // protojson prints the details of a status
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
)

// failure is a line of the failures.
type failure struct {
	// Line is the line of the input that the article begins in, or its row in
	// Parquet, from 1.
	Line int64 `json:"line"`
	// ID is the article's own; absent where the line is no article.
	ID string `json:"id,omitempty"`
	// Code is the name of the status' code, such as INVALID_ARGUMENT.
	Code string `json:"code"`
	// Status is a google.rpc.Status: code, message and details.
	Status json.RawMessage `json:"status"`
}

func newFailure(failed outcome) (failure, error) {
	why := status.Convert(failed.err).Proto()
	text, err := stablejson.Line(why)
	if err != nil { // a detail of a type that this program does not know
		why = &statuspb.Status{Code: why.GetCode(), Message: why.GetMessage()}
		if text, err = stablejson.Line(why); err != nil {
			return failure{}, fmt.Errorf("line %d: %w", failed.record.Line, err)
		}
	}
	return failure{
		Line:   failed.record.Line,
		ID:     failed.id,
		Code:   rpccode.Code(why.GetCode()).String(),
		Status: text,
	}, nil
}

package bulk

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/depeche-events/depeche/cmd/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	rpccode "google.golang.org/genproto/googleapis/rpc/code"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails" // protojson prints the details of a status
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// parse reads a line as an Article; nil where it is none, and why.
func parse(from line) (*depechev1.Article, error) {
	if from.tooLong {
		return nil, status.Errorf(codes.InvalidArgument, "the line is longer than %d MiB", maxLine>>20)
	}
	article := &depechev1.Article{}
	if err := protojson.Unmarshal(from.text, article); err != nil {
		return nil, status.Error(codes.InvalidArgument, "not a protojson Article: "+printable(err.Error()))
	}
	return article, nil
}

// printable is a message of protojson, which puts a no-break space into it now
// and then and quotes the line, however long and whatever its bytes.
func printable(message string) string {
	const most = 500
	if len(message) > most {
		message = message[:most] + "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(message, "\ufffd"), "\u00a0", " ")
}

// failure is a line of the failures.
type failure struct {
	// Line is the line of the input, from 1.
	Line int64 `json:"line"`
	// ID is the article's own; absent where the line is no article.
	ID string `json:"id,omitempty"`
	// Code is the name of the status' code, such as INVALID_ARGUMENT.
	Code string `json:"code"`
	// Status is a google.rpc.Status: code, message and details.
	Status json.RawMessage `json:"status"`
}

func marshalFailure(failed outcome) ([]byte, error) {
	why := status.Convert(failed.err).Proto()
	text, err := stablejson.Line(why)
	if err != nil { // a detail of a type that this program does not know
		why = &statuspb.Status{Code: why.GetCode(), Message: why.GetMessage()}
		if text, err = stablejson.Line(why); err != nil {
			return nil, fmt.Errorf("line %d: %w", failed.line.number, err)
		}
	}
	return json.Marshal(failure{
		Line:   failed.line.number,
		ID:     failed.id,
		Code:   rpccode.Code(why.GetCode()).String(),
		Status: text,
	})
}

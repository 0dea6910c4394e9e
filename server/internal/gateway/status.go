package gateway

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// The forms in which bodies come and go.
const (
	typeJSON   = "application/json"
	typeNDJSON = "application/x-ndjson"
)

// statusClientClosed is what others answer where the caller has gone; nobody
// reads it but logs.
const statusClientClosed = 499

// httpStatus is a gRPC code in HTTP, as google.rpc.Code maps them.
func httpStatus(code codes.Code) int {
	switch code {
	case codes.OK:
		return http.StatusOK
	case codes.InvalidArgument, codes.FailedPrecondition, codes.OutOfRange:
		return http.StatusBadRequest
	case codes.Unauthenticated:
		return http.StatusUnauthorized
	case codes.PermissionDenied:
		return http.StatusForbidden
	case codes.NotFound:
		return http.StatusNotFound
	case codes.AlreadyExists, codes.Aborted:
		return http.StatusConflict
	case codes.ResourceExhausted:
		return http.StatusTooManyRequests
	case codes.Canceled:
		return statusClientClosed
	case codes.Unimplemented:
		return http.StatusNotImplemented
	case codes.Unavailable:
		return http.StatusServiceUnavailable
	case codes.DeadlineExceeded:
		return http.StatusGatewayTimeout
	default:
		return http.StatusInternalServerError
	}
}

// writeError answers with a google.rpc.Status in JSON, under the HTTP status of
// its code.
func writeError(w http.ResponseWriter, refusal *status.Status) {
	writeErrorAs(w, httpStatus(refusal.Code()), refusal)
}

// writeErrorAs is writeError under an HTTP status that says more.
func writeErrorAs(w http.ResponseWriter, httpCode int, refusal *status.Status) {
	header := w.Header()
	if seconds := retryAfter(refusal); seconds != "" {
		header.Set("Retry-After", seconds)
	}
	if httpCode == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	header.Set("Content-Type", typeJSON)
	body := line(refusal)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(httpCode)
	_, _ = w.Write(body) // the caller has gone where this fails
}

// line is a status in JSON, with the line's end.
func line(refusal *status.Status) []byte {
	text, err := stablejson.Line(refusal.Proto())
	if err != nil { // a detail of a type that this program does not know
		text, _ = stablejson.Line(status.New(refusal.Code(), refusal.Message()).Proto())
	}
	return append(text, '\n')
}

// retryAfter is when the caller is told to come again, in whole seconds rounded
// up; empty where it is not told.
func retryAfter(refusal *status.Status) string {
	for _, detail := range refusal.Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			wait := info.GetRetryDelay().AsDuration()
			return strconv.Itoa(max(1, int(math.Ceil(float64(wait)/float64(time.Second)))))
		}
	}
	return ""
}

// invalid refuses a request that could not be made a message of, or one field of
// it. What it says may quote the request, which need not be text.
func invalid(reason depechev1.ErrorReason, field, description string) *status.Status {
	return rejection.Field(reason, strings.ToValidUTF8(field, "\uFFFD"), strings.ToValidUTF8(description, "\uFFFD"))
}

// malformed refuses what is not JSON of the expected form.
func malformed(description string) *status.Status {
	return invalid(depechev1.ErrorReason_ERROR_REASON_MALFORMED_JSON, "", description)
}

// tooLong refuses a body or a line past the message limit.
func tooLong(what string, limit int) *status.Status {
	return invalid(depechev1.ErrorReason_ERROR_REASON_BODY_TOO_LARGE, "article",
		what+" is longer than "+strconv.Itoa(limit)+" bytes")
}

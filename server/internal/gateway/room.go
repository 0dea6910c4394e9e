package gateway

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// room bounds what all callers together make the gateway hold, since no
// interceptor sees a request before its body is here.
type room struct {
	maxCalls int64
	open     atomic.Int64
	maxBytes int64 // the longest body
	bytes    *semaphore.Weighted
	patience time.Duration
	retry    time.Duration

	isUnknown  func(http.Header) bool
	maxUnknown int64
	unknown    atomic.Int64
}

func newRoom(config Config) *room {
	longest := int64(config.MaxMessageBytes)
	return &room{
		maxCalls: int64(config.MaxOpenCalls),
		maxBytes: longest,
		bytes:    semaphore.NewWeighted(max(config.ReceiveBytes, longest)),
		patience: config.ReceiveTimeout,
		retry:    config.RetryDelay,

		isUnknown:  config.IsUnknown,
		maxUnknown: int64(config.MaxUnknown),
	}
}

// enter counts a request in until leave; a refusal if there are too many. Those
// of callers who will not be admitted take no room from others.
func (r *room) enter(request *http.Request) (_ *http.Request, leave func(), refusal *status.Status) {
	if r.isUnknown(request.Header) {
		if r.unknown.Add(1) > r.maxUnknown {
			r.unknown.Add(-1)
			return nil, nil, rejection.New(codes.Unauthenticated, depechev1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, "the credentials are not valid here")
		}
		request = request.WithContext(context.WithValue(request.Context(), unknownKey{}, true))
		return request, func() { r.unknown.Add(-1) }, nil
	}
	if r.open.Add(1) > r.maxCalls {
		r.open.Add(-1)
		return nil, nil, r.full("no more calls can be open")
	}
	return request, func() { r.open.Add(-1) }, nil
}

// unknownKey marks the requests of callers who will not be admitted.
type unknownKey struct{}

// hold waits for room for the body of one article's request. Who does not tell
// how long it is, or packs it, takes the room of the longest.
func (r *room) hold(request *http.Request) (release func(), refusal *status.Status) {
	if request.Context().Value(unknownKey{}) != nil {
		return func() {}, nil // there are few of them
	}
	weight := request.ContentLength
	if weight < 0 || weight > r.maxBytes || isPacked(request.Header) {
		weight = r.maxBytes
	}
	ctx, cancel := context.WithTimeout(request.Context(), r.patience)
	defer cancel()
	if r.bytes.Acquire(ctx, weight) != nil {
		return nil, r.full("no more requests can be received")
	}
	return func() { r.bytes.Release(weight) }, nil
}

// isPacked holds where the body may be longer when it is unpacked, by any of the
// protocols.
func isPacked(header http.Header) bool {
	for name := range header {
		if strings.HasSuffix(name, "-Encoding") && !strings.Contains(name, "Accept") {
			return true
		}
	}
	return false
}

func (r *room) full(message string) *status.Status {
	return rejection.New(codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, message,
		&errdetails.RetryInfo{RetryDelay: durationpb.New(r.retry)})
}

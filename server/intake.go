package server

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/tap"
)

// intake bounds what callers may bring before a handler sees it. gRPC decodes a
// unary request before any interceptor runs, and bounds neither the calls of all
// connections together nor the bytes of their requests: a thousand connections
// of a hundred calls, each with a message almost in, would be 800 GiB.
//
// So calls are counted when their headers come, and refused past a bound. Until
// a call has its turn to receive, the transport holds no more of its request
// than one HTTP/2 window; there are so many turns as longest messages fit into
// the bytes, and who does not send in time loses its turn and the call.
//
// A call whose credentials will not be admitted takes neither a place nor a turn
// from others: some such calls are taken as far as to be refused with all that
// goes with it, and more of them are refused at once.
type intake struct {
	maxCalls  int64
	turns     chan struct{} // holds one for each call that is receiving
	patience  time.Duration // how long a turn lasts
	retry     time.Duration
	isUnknown func(ctx context.Context) bool // does not wait; nil: nobody is

	open    atomic.Int64 // calls from their headers to their end, but probes and unknown
	unknown atomic.Int64 // of callers who will not be admitted
}

// maxUnknown bounds the calls at once of callers who will not be admitted, each
// with a longest message.
const maxUnknown = 8

// newIntake makes the bounds; turns is at least 1.
func newIntake(maxCalls, turns int, patience, retry time.Duration) *intake {
	return &intake{
		maxCalls: int64(maxCalls),
		turns:    make(chan struct{}, turns),
		patience: patience,
		retry:    retry,
	}
}

// errUnknown is all that one caller too many is told who will not be admitted.
var errUnknown = errors.New("the credentials are not valid here")

// errNotSent is why a call ended whose request did not come in time.
var errNotSent = errors.New("the request was not sent in time")

// arrival is one unary call's request on its way in.
type arrival struct {
	cancel  context.CancelCauseFunc // nil: not from our own transport
	unknown bool
	hasTurn bool
	late    *time.Timer
}

type arrivalKey struct{}

// admit counts a call, or refuses it. It is grpc's tap: it runs in the
// connection's reader, before anything is made for the call, and must not wait.
func (i *intake) admit(ctx context.Context, info *tap.Info) (context.Context, error) {
	if strings.HasPrefix(info.FullMethodName, "/"+healthpb.Health_ServiceDesc.ServiceName+"/") {
		return ctx, nil // a server that is full is healthy, and has to say so
	}
	unknown := i.isUnknown != nil && i.isUnknown(ctx)
	count := &i.open
	if unknown {
		count = &i.unknown
	}
	switch now := count.Add(1); {
	case unknown && now > maxUnknown:
		count.Add(-1)
		return nil, unauthenticated(errUnknown).Err()
	case !unknown && now > i.maxCalls:
		count.Add(-1)
		return nil, saturated("no more calls can be open", i.retry).Err()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	context.AfterFunc(ctx, func() { count.Add(-1) }) // grpc ends it with the call
	return context.WithValue(lateContext{ctx}, arrivalKey{}, &arrival{cancel: cancel, unknown: unknown}), nil
}

// lateContext ends as a deadline does where the request did not come in time, so
// that the caller is told DEADLINE_EXCEEDED and not that it has cancelled.
type lateContext struct{ context.Context }

func (c lateContext) Err() error {
	err := c.Context.Err()
	if err != nil && context.Cause(c.Context) == errNotSent {
		return context.DeadlineExceeded
	}
	return err
}

// TagRPC gives a call that did not come by the tap its account.
func (i *intake) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	if ctx.Value(arrivalKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, arrivalKey{}, &arrival{})
}

// HandleRPC waits for the turn of a unary call when it begins, which is before
// its request is read, and ends it when the request is decoded. grpc calls it in
// the call's own goroutine.
func (i *intake) HandleRPC(ctx context.Context, event stats.RPCStats) {
	switch event := event.(type) {
	case *stats.Begin:
		if !event.IsClientStream && !event.IsServerStream {
			i.begin(ctx)
		}
	case *stats.InPayload, *stats.End:
		i.end(ctx)
	}
}

func (i *intake) begin(ctx context.Context) {
	a, _ := ctx.Value(arrivalKey{}).(*arrival)
	if a == nil {
		return
	}
	if !a.unknown {
		select {
		case i.turns <- struct{}{}:
		case <-ctx.Done():
			return
		}
		a.hasTurn = true
	}
	if cancel := a.cancel; cancel != nil {
		a.late = time.AfterFunc(i.patience, func() { cancel(errNotSent) })
	}
}

func (i *intake) end(ctx context.Context) {
	a, _ := ctx.Value(arrivalKey{}).(*arrival)
	if a == nil {
		return
	}
	if a.late != nil {
		a.late.Stop()
	}
	if a.hasTurn {
		a.hasTurn = false
		<-i.turns
	}
}

// TagConn and HandleConn have nothing to do.
func (i *intake) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn has nothing to do.
func (i *intake) HandleConn(context.Context, stats.ConnStats) {}

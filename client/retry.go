package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ending is what the end of a gRPC stream means for what it left unanswered.
type ending struct {
	fatal      bool          // another attempt would end the same way
	retryAfter time.Duration // the server has no room before then; 0: it does not say
	cause      error         // set where an article in flight may have killed the stream
}

// judge reads the error that a stream ended with; nil: it ended as it should.
func judge(err error) ending {
	if err == nil {
		return ending{}
	}
	end := status.Convert(err)
	switch end.Code() {
	case codes.InvalidArgument, codes.NotFound, codes.AlreadyExists, codes.PermissionDenied,
		codes.FailedPrecondition, codes.Unimplemented, codes.Unauthenticated:
		return ending{fatal: true}
	}
	for _, detail := range end.Details() {
		switch detail := detail.(type) {
		case *errdetails.RetryInfo:
			return ending{retryAfter: max(detail.GetRetryDelay().AsDuration(), time.Millisecond)}
		case *errdetails.ErrorInfo:
			if detail.GetDomain() != errorDomain {
				continue
			}
			switch detail.GetReason() {
			case "DRAINING", "STREAM_IDLE", "CREDENTIALS_EXPIRED":
				return ending{} // it took leave: no article is to blame
			}
		}
	}
	if _, ok := errors.AsType[*notOpened](err); ok {
		return ending{}
	}
	return ending{cause: err}
}

// exponentialPause is the wait before the next attempt: from 0.1 to 10 seconds.
func exponentialPause(failures int) time.Duration {
	const first, last = 100 * time.Millisecond, 10 * time.Second
	pause := last
	if doublings := failures - 1; doublings < 7 {
		pause = min(first<<doublings, last)
	}
	return jitter(pause)
}

// jitter lengthens a wait by up to a fifth, so that clients do not come back in
// step.
func jitter(wait time.Duration) time.Duration {
	return wait + time.Duration(rand.Int64N(int64(wait)/5+1))
}

// sleep waits; false: ctx was done first.
func sleep(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

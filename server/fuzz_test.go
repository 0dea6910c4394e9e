package server

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// expected are the codes with which bytes of any kind may be answered.
var expected = map[codes.Code]bool{
	codes.OK:                true,
	codes.InvalidArgument:   true,
	codes.Internal:          true, // no message: gRPC's own
	codes.ResourceExhausted: true, // too long: gRPC's own
}

// checkAnswer fails for an error that no caller should get, or that comes from a
// panic.
func checkAnswer(t *testing.T, r *running, err error) {
	t.Helper()
	if !expected[status.Code(err)] {
		t.Errorf("answered with %v", err)
	}
	if failureOf(status.Convert(err)).reason == depechev1.ErrorReason_ERROR_REASON_INTERNAL {
		t.Errorf("a fault inside: %v\n%s", err, r.logged())
	}
}

// seeds are requests that break one thing each.
func seeds(t testing.TB) (frames [][]byte) {
	for _, test := range refusals {
		frames = append(frames, marshal(t, test.request))
	}
	return append(frames, marshal(t, request("Palmyre")), nil, []byte("\x0a\xff"), []byte("\x0a\x02\x32\x00"))
}

// The server's goroutines make coverage vary by chance: run the fuzzers with
// -fuzzminimizetime=1x, or most of their time goes into minimising.

// FuzzUnary sends any bytes as a request over a connection: each has a status,
// none is a fault.
func FuzzUnary(f *testing.F) {
	server := start(f, &fakeEngine{}, nil)
	for _, frame := range seeds(f) {
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
		defer cancel()
		checkAnswer(t, server, server.rawUnary(ctx, frame))
	})
}

// FuzzStream sends any bytes as the second message of a stream. A stream that
// ends well has one outcome for each article.
func FuzzStream(f *testing.F) {
	server := start(f, &fakeEngine{}, nil)
	for _, frame := range seeds(f) {
		var request depechev1.ExtractEventsRequest
		if proto.Unmarshal(frame, &request) == nil {
			f.Add(marshal(f, batchMessage(&depechev1.NumberedArticle{Sequence: 1, Article: request.GetArticle()}, numbered(2))))
		}
		f.Add(frame)
	}
	f.Add(marshal(f, openMessage(&depechev1.StreamOptions{})))
	f.Add(marshal(f, batchMessage(numbered(1), numbered(1))))
	f.Add(marshal(f, batchMessage()))
	open := marshal(f, openMessage(&depechev1.StreamOptions{Ordered: true}))
	f.Fuzz(func(t *testing.T, frame []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
		defer cancel()
		stream := server.rawStream(t, ctx)
		stream.send(open)
		stream.send(frame)
		stream.CloseSend()
		outcomes, err := stream.rest()
		checkAnswer(t, server, err)
		for _, outcome := range outcomes {
			if failed := outcome.GetError(); failed != nil {
				checkAnswer(t, server, status.ErrorProto(failed))
			} else if outcome.GetExtraction() == nil {
				t.Errorf("outcome %d is neither answer nor error", outcome.GetSequence())
			}
		}
		var sent depechev1.StreamEventsRequest
		if err == nil && proto.Unmarshal(frame, &sent) == nil && len(outcomes) != len(sent.GetBatch().GetArticles()) {
			t.Errorf("%d outcomes for %d articles", len(outcomes), len(sent.GetBatch().GetArticles()))
		}
	})
}

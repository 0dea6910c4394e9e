package server

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestRequestIDs(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	const uuid = "urn:uuid:0b4e0c4a-9a0e-4d63-9f0e-1f2d3c4b5a69"
	for _, tt := range []struct {
		name  string
		given []string
		kept  bool
	}{
		{"one that was given is kept", []string{uuid}, true},
		{"base 64 is kept", []string{"a+/_-.~@="}, true},
		{"the longest is kept", []string{strings.Repeat("x", maxRequestID)}, true},
		{"without one, one is made", nil, false},
		{"an empty one is replaced", []string{""}, false},
		{"a longer one is replaced", []string{strings.Repeat("x", maxRequestID+1)}, false},
		{"one with a space is replaced", []string{"L'armee a repris"}, false},
		{"one with quotes is replaced", []string{`","level":"fatal`}, false},
		{"two are replaced", []string{"one", "two"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := contextFor(t)
			for _, id := range tt.given {
				ctx = metadata.AppendToOutgoingContext(ctx, requestIDKey, id)
			}
			var header metadata.MD
			if _, err := server.ExtractEvents(ctx, request("x"), grpc.Header(&header)); err != nil {
				t.Fatal(err)
			}
			ids := header.Get(requestIDKey)
			if len(ids) != 1 || !isRequestID(ids[0]) || slices.Equal(ids, tt.given) != tt.kept {
				t.Fatalf("given %q, got %q", tt.given, ids)
			}
			if n := server.logs.FilterMessage("finished call").FilterField(requestIDField(ids[0])).Len(); n != 1 {
				t.Errorf("%d entries have the id %s", n, ids[0])
			}
		})
	}
}

// Who fails learns the id too, without a header: gRPC retries no call that has
// one.
func TestRequestIDsOfFailures(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	for name, call := range map[string]func(ctx context.Context, header, trailer *metadata.MD) error{
		"unary": func(ctx context.Context, header, trailer *metadata.MD) error {
			_, err := server.ExtractEvents(ctx, &depechev1.ExtractEventsRequest{}, grpc.Header(header), grpc.Trailer(trailer))
			return err
		},
		"stream": func(ctx context.Context, header, trailer *metadata.MD) error {
			wire, err := server.StreamEvents(ctx, grpc.Header(header), grpc.Trailer(trailer))
			if err != nil {
				return err
			}
			_ = wire.Send(batchMessage(numbered(1))) // and no opening message
			_, err = wire.Recv()
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var header, trailer metadata.MD
			err := call(metadata.AppendToOutgoingContext(contextFor(t), requestIDKey, "mine-"+name), &header, &trailer)
			if status.Code(err) != codes.InvalidArgument {
				t.Fatalf("error is %v", err)
			}
			if len(header.Get(requestIDKey)) != 0 || !slices.Equal(trailer.Get(requestIDKey), []string{"mine-" + name}) {
				t.Errorf("header is %v, trailer %v", header, trailer)
			}
		})
	}
}

// A stream's first answers bring its id, and the fault of one article is found
// by the id and the article's number.
func TestRequestIDsOfStreams(t *testing.T) {
	server := start(t, &fakeEngine{extract: func(_ context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
		if a.GetId() == "8" {
			panic("about " + secret)
		}
		return answerTo(a), nil
	}}, nil)
	wire := server.openStream(t, metadata.AppendToOutgoingContext(contextFor(t), requestIDKey, "mine"), true)
	wire.send(batchMessage(
		&depechev1.NumberedArticle{Sequence: 7, Article: article("7")},
		&depechev1.NumberedArticle{Sequence: 8, Article: article("8")}))
	wire.CloseSend()
	outcomes, err := wire.rest()
	if err != nil || len(outcomes) != 2 {
		t.Fatalf("%d outcomes, %v", len(outcomes), err)
	}
	header, err := wire.Header()
	if err != nil || !slices.Equal(header.Get(requestIDKey), []string{"mine"}) {
		t.Errorf("header is %v, %v", header, err)
	}
	if id := requestID(status.FromProto(outcomes[1].GetError())); id != "mine" {
		t.Errorf("the fault has the id %q", id)
	}
	faults := server.logs.FilterMessage("panic in worker").FilterField(requestIDField("mine")).All()
	if len(faults) != 1 || faults[0].ContextMap()["depeche.sequence"] != uint64(8) {
		t.Errorf("log has %v", faults)
	}
}

// Whatever a caller sends, the call has an id that a log can hold.
func FuzzRequestID(f *testing.F) {
	for _, seed := range []string{"", "0b4e0c4a-9a0e-4d63-9f0e-1f2d3c4b5a69", "a b", "\"\n", "é\xff", strings.Repeat("x", maxRequestID+1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs(requestIDKey, given))
		ctx, id := withRequestID(ctx)
		if callID(ctx) != id || len(id) > maxRequestID || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' }) {
			t.Errorf("given %q, the id is %q", given, id)
		}
	})
}

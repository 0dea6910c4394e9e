package server

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// batchOf is a message of n articles of two bytes each.
func batchOf(n int) []byte {
	articles := bytes.Repeat([]byte{0x0a, 0x00}, n)
	return protowire.AppendBytes(protowire.AppendTag(nil, batchField, protowire.BytesType), articles)
}

func TestCountArticles(t *testing.T) {
	tests := []struct {
		name string
		wire []byte
		want int
	}{
		{"nothing", nil, 0},
		{"open", marshal(t, openMessage(&depechev1.StreamOptions{Ordered: true})), 0},
		{"articles", marshal(t, batchMessage(numbered(0), numbered(1), numbered(2))), 3},
		{"several batches", slices.Concat(batchOf(2), batchOf(3)), 5},
		{"other fields", slices.Concat([]byte{0x18, 0x01}, batchOf(2), []byte{0x22, 0x01, 0x00}), 2},
		{"a fault after them", slices.Concat(batchOf(2), []byte{0xff}), 2},
		{"cut short", batchOf(2)[:3], 0},
	}
	for _, test := range tests {
		if got := countArticles(test.wire); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

// The count holds for whatever protobuf decodes.
func FuzzCountArticles(f *testing.F) {
	f.Add(batchOf(3))
	f.Add(slices.Concat(batchOf(2), batchOf(3)))
	f.Add(marshal(f, batchMessage(numbered(1))))
	f.Fuzz(func(t *testing.T, wire []byte) {
		counted := countArticles(wire)
		var request depechev1.StreamEventsRequest
		if proto.Unmarshal(wire, &request) == nil && len(request.GetBatch().GetArticles()) > counted {
			t.Errorf("%d articles decoded, %d counted", len(request.GetBatch().GetArticles()), counted)
		}
	})
}

func TestBatchesAreBounded(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	tests := []struct {
		name     string
		wire     []byte
		answered int
		refused  bool
	}{
		{"at the bound", batchOf(maxBatchArticles), maxBatchArticles, false},
		{"past the bound", batchOf(maxBatchArticles + 1), 0, true},
		{"as many as a message can hold", batchOf(4<<20 - 16), 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stream := server.rawStream(t, contextFor(t))
			stream.send(marshal(t, openMessage(&depechev1.StreamOptions{})))
			stream.send(test.wire)
			stream.CloseSend()
			outcomes, err := stream.rest()
			if len(outcomes) != test.answered {
				t.Errorf("%d outcomes, want %d", len(outcomes), test.answered)
			}
			if !test.refused {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkFailure(t, err, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "batch.articles"})
		})
	}
}

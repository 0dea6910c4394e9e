package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// A refused stream cuts off the reading of its body, but not what net/http reads
// on a connection whose request had none: that is the next request.
func TestStreamRefusedWhileFed(t *testing.T) {
	for _, test := range []struct {
		name string
		body string // empty: none
		cut  bool
	}{
		{"no body", "", false},
		{"a body", "{}\n", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/articles:stream", http.NoBody)
				if test.body != "" {
					request = httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/articles:stream", strings.NewReader(test.body))
				}
				request.Header.Set("Content-Type", typeNDJSON)
				answer := &cuttable{ResponseRecorder: httptest.NewRecorder()}
				(&gateway{client: refusing{}, maxBytes: 1 << 10}).stream(answer, request)
				if answer.Code != http.StatusBadRequest || answer.cut != test.cut {
					t.Errorf("status %d, reading cut off %v; want 400, %v", answer.Code, answer.cut, test.cut)
				}
			})
		})
	}
}

// cuttable is an answer whose request's reading can be cut off.
type cuttable struct {
	*httptest.ResponseRecorder
	cut bool
}

func (c *cuttable) EnableFullDuplex() error { return nil }

func (c *cuttable) SetReadDeadline(by time.Time) error {
	c.cut = c.cut || !by.IsZero()
	return nil
}

// refusing is a service that refuses a stream while messages still come.
type refusing struct {
	depechev1.ExtractionServiceClient
}

func (refusing) StreamEvents(ctx context.Context, _ ...grpc.CallOption) (depechev1.ExtractionService_StreamEventsClient, error) {
	return refusedCall{ctx: ctx}, nil
}

type refusedCall struct {
	depechev1.ExtractionService_StreamEventsClient
	ctx context.Context
}

func (c refusedCall) Send(*depechev1.StreamEventsRequest) error {
	<-c.ctx.Done()
	time.Sleep(time.Second) // longer than the handler needs to look whether it is fed
	return context.Cause(c.ctx)
}

func (refusedCall) Recv() (*depechev1.StreamEventsResponse, error) {
	return nil, status.Error(codes.InvalidArgument, "refused")
}

func (refusedCall) Trailer() metadata.MD { return nil }

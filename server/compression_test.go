package server

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Every compressor is taken, and none gets a message past the limit: what
// counts is its length when it is unpacked.
func TestCompressors(t *testing.T) {
	bomb := &depechev1.ExtractEventsRequest{Article: &depechev1.Article{
		Body: &depechev1.Article_Raw{Raw: make([]byte, 64<<20)},
	}}
	server := start(t, &fakeEngine{}, nil)
	for _, name := range []string{"gzip", "zstd", "s2"} {
		t.Run(name, func(t *testing.T) {
			if _, err := server.ExtractEvents(contextFor(t), request("x"), grpc.UseCompressor(name)); err != nil {
				t.Error(err)
			}
			_, err := server.ExtractEvents(contextFor(t), bomb, grpc.UseCompressor(name))
			if status.Code(err) != codes.ResourceExhausted {
				t.Errorf("64 MiB packed: %v", err)
			}
		})
	}
}

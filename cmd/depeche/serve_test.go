package main

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
)

// collector keeps the names of the spans that it gets.
type collector struct {
	collectorpb.UnimplementedTraceServiceServer
	mu    sync.Mutex
	names []string
}

func (c *collector) Export(_ context.Context, request *collectorpb.ExportTraceServiceRequest) (*collectorpb.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range request.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				c.names = append(c.names, span.GetName())
			}
		}
	}
	return &collectorpb.ExportTraceServiceResponse{}, nil
}

// Told by OpenTelemetry's own variable where its collector is, a server sends
// every stage of the real engine, the last ones after its drain.
func TestServeSendsTraces(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, server := new(collector), grpc.NewServer()
	collectorpb.RegisterTraceServiceServer(server, c)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() { server.Stop(); <-done })

	t.Run("serve", func(t *testing.T) {
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+listener.Addr().String())
		address := serve(t, engine, "--trace-ratio", "1", "--trace-flush", serveTimeout.String())
		file := write(t, t.TempDir(), "a.txt", sentence)
		if got := depeche(t, nil, "extract", "--server", address, file); got.code != exitOK {
			t.Fatalf("%s ended with %d: %s", filepath.Base(file), got.code, got.err)
		}
	}) // the server has drained
	e, err := engine(engineFlags{})
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range e.(interface{ Stages() []string }).Stages() {
		if !slices.Contains(c.names, "stage "+stage) {
			t.Errorf("no span of the stage %s arrived: %v", stage, c.names)
		}
	}
	if !slices.Contains(c.names, "depeche.v1.ExtractionService/ExtractEvents") {
		t.Errorf("no span of the call arrived: %v", c.names)
	}
}

func TestServeRefusesFaultyTracing(t *testing.T) {
	got := depeche(t, nil, "serve", "--listen", "127.0.0.1:0", "--trace-endpoint", "collector:4317")
	if got.code != exitUsage {
		t.Errorf("ended with %d: %s", got.code, got.err)
	}
}

func TestServeFaults(t *testing.T) {
	taken := serve(t, engine)
	tests := []struct {
		name string
		args []string
		code exitCode
		err  []string
	}{
		{"every fault at once", []string{"--stream-window", "1KiB", "--max-calls", "0", "--listen", "here"}, exitUsage, []string{"stream-window", "max-calls", "listen"}},
		{"bad size", []string{"--stream-window", "64KB"}, exitUsage, []string{"--stream-window"}},
		{"bad level", []string{"--log-level", "loud"}, exitUsage, []string{`--log-level: "loud" is none of debug`}},
		{"no such port", []string{"--listen", "127.0.0.1:99999"}, exitUsage, []string{`listen is "127.0.0.1:99999"`, "65535"}},
		{"requests shorter than a body", []string{"--listen", "127.0.0.1:0", "--max-message-bytes", "1MiB"}, exitUsage, []string{"max-message-bytes is 1MiB"}},
		{"no certificate", []string{"--listen", "127.0.0.1:0", "--tls-cert", "none.crt", "--tls-key", "none.key"}, exitUsage, []string{"certificates: open none.crt"}},
		{"no tokens", []string{"--listen", "127.0.0.1:0", "--tokens", "none"}, exitUsage, []string{"tokens: open none"}},
		{"issuer no URL", []string{"--listen", "127.0.0.1:0", "--jwt-issuer", "login", "--jwt-audience", "depeche"}, exitUsage, []string{`issuer: "login" is no URL such as https://`}},
		{"port taken", []string{"--listen", taken}, exitFault, []string{taken, "in use"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := depeche(t, nil, append([]string{"serve"}, tt.args...)...)
			if got.code != tt.code {
				t.Errorf("status %d, want %d: %s", got.code, tt.code, got.err)
			}
			for _, want := range tt.err {
				if !strings.Contains(got.err, want) {
					t.Errorf("standard error lacks %q: %s", want, got.err)
				}
			}
		})
	}
}

package server

import (
	"context"
	"crypto/tls"
	"errors"
	"math"
	"net"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server/internal/gateway"
)

// web is the HTTP port: the gateway, and the gRPC server that answers its calls
// over memory. That server has the service and the interceptors of the gRPC
// port, but not what bounds a connection, since all callers share one: the HTTP
// server bounds theirs.
type web struct {
	listener net.Listener
	tls      *tls.Config // nil: in the clear
	http     *http.Server
	grpc     *grpc.Server
	memory   *bufconn.Listener
	conn     *grpc.ClientConn
}

const (
	// webHeaderTimeout is how long a caller may take to say what it wants.
	webHeaderTimeout = 10 * time.Second
	// webIdleTimeout is how long a connection may be kept without a request.
	webIdleTimeout = 2 * time.Minute
	// webMemoryBuffer is how much is under way between the gateway and its server.
	webMemoryBuffer = 256 << 10
)

// newWeb builds the HTTP port on a listener, which remains the caller's if it
// fails.
func (c Config) newWeb(listener net.Listener, s *service, g *guard, links []interceptor) (*web, error) {
	w := &web{listener: listener, memory: bufconn.Listen(webMemoryBuffer)}
	callers := &gateway.Callers{}
	links = append([]interceptor{{"caller", callers.Unary, callers.Stream}}, links...)
	shared := []grpc.ServerOption{
		grpc.MaxConcurrentStreams(math.MaxUint32),
		grpc.MaxHeaderListSize(uint32(2 * c.MaxHeaderBytes)), // a caller's headers and the gateway's own
		grpc.KeepaliveParams(keepalive.ServerParameters{}),
	}
	w.grpc = grpc.NewServer(slices.Concat(c.transport(s.intake), c.tracing(), shared, chains(links))...)
	depechev1.RegisterExtractionServiceServer(w.grpc, s)

	var err error
	w.conn, err = grpc.NewClient("passthrough:///gateway",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return w.memory.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithIdleTimeout(0),
		grpc.WithStaticStreamWindowSize(int32(c.StreamWindow)),
		grpc.WithStaticConnWindowSize(int32(c.ConnectionWindow)),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(int(c.MaxResponseBytes)), grpc.MaxCallSendMsgSize(int(c.MaxMessageBytes))),
	)
	if err != nil {
		return nil, err
	}
	handler := gateway.New(gateway.Config{
		Client:            depechev1.NewExtractionServiceClient(w.conn),
		Callers:           callers,
		Decode:            decode,
		MaxMessageBytes:   int(c.MaxMessageBytes),
		MaxOpenCalls:      c.MaxOpenCalls,
		ReceiveBytes:      int64(c.ReceiveBytes),
		ReceiveTimeout:    c.ReceiveTimeout,
		StreamIdleTimeout: c.StreamIdleTimeout,
		RetryDelay:        c.RetryDelay,
		IsUnknown: func(header http.Header) bool {
			ctx := metadata.NewIncomingContext(context.Background(), metadata.MD{"authorization": header.Values("Authorization")})
			return g.gate.Refuses(ctx)
		},
		MaxUnknown: maxUnknown,
		Origins:    c.HTTPOrigins,
	})
	errorLog, err := zap.NewStdLogAt(c.Logger, zap.DebugLevel) // what callers do wrong below HTTP
	if err != nil {
		return nil, errors.Join(err, w.conn.Close())
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	w.http = &http.Server{
		Handler:           recoverWeb(c.Logger, handler),
		Protocols:         protocols,
		ReadHeaderTimeout: webHeaderTimeout,
		IdleTimeout:       webIdleTimeout,
		MaxHeaderBytes:    int(c.MaxHeaderBytes),
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams:          c.MaxCalls,
			MaxReceiveBufferPerStream:     int(c.StreamWindow),
			MaxReceiveBufferPerConnection: int(c.ConnectionWindow),
			SendPingTimeout:               c.KeepaliveTime,
			PingTimeout:                   c.KeepaliveTimeout,
		},
		ErrorLog: errorLog,
	}
	if g.tls != nil {
		w.tls = g.tls.Config("h2", "http/1.1")
	}
	return w, nil
}

// serve serves the port's connections until close.
func (w *web) serve(listener net.Listener) error {
	if w.tls != nil {
		listener = tls.NewListener(listener, w.tls)
	}
	return w.http.Serve(listener)
}

// recoverWeb cuts off a call whose handler panics, and logs it as a panic of the
// gRPC port is. No interceptor stands around the gateway.
func recoverWeb(logger *zap.Logger, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if value := recover(); value != nil {
				if value != http.ErrAbortHandler {
					panicked(r.Context(), logger, "gateway", value)
				}
				panic(http.ErrAbortHandler)
			}
		}()
		handler.ServeHTTP(w, r)
	})
}

// serveMemory serves the gateway's calls until close.
func (w *web) serveMemory() {
	_ = w.grpc.Serve(w.memory) // memory does not fail
}

// drain takes no more requests and returns when those that run are answered, or
// when ctx is done.
func (w *web) drain(ctx context.Context) {
	_ = w.http.Shutdown(ctx) // of ctx, or of a listener that serve reports
}

// close cuts off what still runs and frees the rest.
func (w *web) close() error {
	fault := w.http.Close() // closes the listener where it was served
	if err := w.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		fault = errors.Join(fault, err)
	}
	w.grpc.Stop() // closes memory too
	return errors.Join(fault, w.conn.Close(), w.memory.Close())
}

package gateway

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"

	middleware "github.com/grpc-ecosystem/go-grpc-middleware/v2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// callerKey is the metadata under which a call names its caller's entry. Nobody
// but the gateway can reach the server that believes it.
const callerKey = "depeche-gateway-caller"

// Callers are who waits for an answer at the HTTP port. Its interceptors give
// the server behind the gateway the caller's peer in place of the gateway's, so
// that limits, certificates and logs see who it is. The zero value is ready.
type Callers struct {
	mu    sync.Mutex
	next  uint64
	peers map[string]*peer.Peer
}

// enter returns the request with a context for calls in the caller's name; they
// must begin before leave is called. It refuses headers that metadata cannot
// hold.
func (c *Callers) enter(r *http.Request) (_ *http.Request, leave func(), refusal *status.Status) {
	var pairs []string
	for _, name := range forwarded {
		for _, value := range r.Header.Values(name) {
			if !isPrintable(value) {
				return nil, nil, malformed("the header " + name + " holds more than printable ASCII")
			}
			pairs = append(pairs, name, value)
		}
	}
	caller := peerOf(r)
	c.mu.Lock()
	if c.peers == nil {
		c.peers = map[string]*peer.Peer{}
	}
	c.next++
	key := strconv.FormatUint(c.next, 10)
	c.peers[key] = caller
	c.mu.Unlock()

	ctx := metadata.NewOutgoingContext(r.Context(), metadata.Pairs(append(pairs, callerKey, key)...))
	return r.WithContext(ctx), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.peers, key)
	}, nil
}

func isPrintable(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return false
		}
	}
	return true
}

// forwarded are the headers that go on as metadata: credentials, and what ties a
// call to its trace and to the caller's own log.
var forwarded = []string{"authorization", "traceparent", "tracestate", "baggage", "x-request-id"}

// peerOf is the peer that the gRPC port would see.
func peerOf(r *http.Request) *peer.Peer {
	caller := &peer.Peer{Addr: remote(r.RemoteAddr)}
	caller.LocalAddr, _ = r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if r.TLS != nil {
		caller.AuthInfo = credentials.TLSInfo{
			State:          *r.TLS,
			CommonAuthInfo: credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity},
		}
	}
	return caller
}

// remote is the address of a TCP connection as net/http tells it.
func remote(address string) net.Addr {
	if resolved, err := net.ResolveTCPAddr("tcp", address); err == nil { // numbers only: nothing is looked up
		return resolved
	}
	return &net.UnixAddr{Net: "unix", Name: address}
}

// identify returns the call's context with its caller's peer.
func (c *Callers) identify(ctx context.Context) (context.Context, error) {
	if keys := metadata.ValueFromIncomingContext(ctx, callerKey); len(keys) == 1 {
		c.mu.Lock()
		caller := c.peers[keys[0]]
		c.mu.Unlock()
		if caller != nil {
			return peer.NewContext(ctx, caller), nil
		}
	}
	return nil, status.Error(codes.Canceled, "the caller has gone")
}

// Unary is the interceptor of unary calls. It must stand before all others.
func (c *Callers) Unary(ctx context.Context, request any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	ctx, err := c.identify(ctx)
	if err != nil {
		return nil, err
	}
	return next(ctx, request)
}

// Stream is the same for streams.
func (c *Callers) Stream(service any, wire grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	ctx, err := c.identify(wire.Context())
	if err != nil {
		return err
	}
	wrapped := middleware.WrapServerStream(wire)
	wrapped.WrappedContext = ctx
	return next(service, wrapped)
}

// requestID names a call's id in its metadata and in HTTP, both ways.
const requestID = "X-Request-Id"

// told is the metadata that comes with an answer.
type told struct{ header, trailer metadata.MD }

func (t *told) options() []grpc.CallOption {
	return []grpc.CallOption{grpc.Header(&t.header), grpc.Trailer(&t.trailer)}
}

func (t *told) copyTo(header http.Header) {
	copyRequestID(header, t.header)
	copyRequestID(header, t.trailer) // of a call that failed
}

func copyRequestID(header http.Header, from metadata.MD) {
	if ids := from.Get(requestID); len(ids) == 1 {
		header.Set(requestID, ids[0])
	}
}

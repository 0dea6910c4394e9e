package client

import (
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

const (
	// The servers' default message limit, for what is sent and what is received.
	defaultMessageLimit = 8 << 20

	// Enough to keep some dozens of cores busy over a slow network.
	defaultWindow = 256
	// A few articles of the largest size in flight beside many small ones.
	defaultWindowBytes = 32 << 20
	// Halves the cost of transport; larger ones gain no more.
	defaultBatch = 16
	// One stream saturates one server; several share a handful of servers.
	defaultStreams = 4
	// Far beyond what a server gives one article, so that it tells of a dead
	// peer, not of a slow one.
	defaultIdleTimeout = 2 * time.Minute
	// With the waits between them, half a minute: a restart with its model.
	defaultAttempts = 10

	// How long a connection may be silent before it is probed. Servers bear a
	// probe every 10 seconds by default, and end the connection of who probes
	// more often than they bear.
	keepaliveTime = time.Minute

	// A message is closed before it exceeds this, so that one batch neither
	// nears the limit nor delays the answers to its first articles.
	batchBytes = 1 << 20
)

// serviceConfig spreads calls over the servers that say they serve and repeats
// unary calls; streams are resumed by Stream itself, which knows what is
// unanswered. Five attempts are the most that gRPC allows.
const serviceConfig = `{
	"loadBalancingConfig": [{"round_robin": {}}],
	"healthCheckConfig": {"serviceName": ""},
	"methodConfig": [{
		"name": [
			{"service": "depeche.v1.ExtractionService", "method": "ExtractEvents"},
			{"service": "depeche.v1.ExtractionService", "method": "DescribeOntology"},
			{"service": "depeche.v1.ExtractionService", "method": "DescribeEngine"}
		],
		"retryPolicy": {
			"maxAttempts": 5,
			"initialBackoff": "0.1s",
			"maxBackoff": "2s",
			"backoffMultiplier": 2,
			"retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]
		}
	}]
}`

// Option sets up a client.
type Option func(*settings)

type settings struct {
	messageLimit int
	dial         []grpc.DialOption
}

func defaultSettings() settings { return settings{messageLimit: defaultMessageLimit} }

func (s *settings) grpcOptions() []grpc.DialOption {
	connecting := backoff.DefaultConfig
	connecting.BaseDelay = 200 * time.Millisecond
	connecting.MaxDelay = 5 * time.Second // a server that is back should not wait two minutes for work
	return []grpc.DialOption{
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(s.messageLimit)),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: connecting, MinConnectTimeout: 5 * time.Second}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: keepaliveTime, Timeout: 10 * time.Second}),
	}
}

// WithTransportCredentials secures the connections; credentials.NewTLS(nil)
// trusts the system's authorities.
func WithTransportCredentials(transport credentials.TransportCredentials) Option {
	return WithDialOptions(grpc.WithTransportCredentials(transport))
}

// WithInsecure sends articles and credentials in the clear: for a server on
// this machine, or one behind a proxy that encrypts.
func WithInsecure() Option { return WithTransportCredentials(insecure.NewCredentials()) }

// WithPerRPCCredentials sends credentials with every call and stream.
func WithPerRPCCredentials(perRPC credentials.PerRPCCredentials) Option {
	return WithDialOptions(grpc.WithPerRPCCredentials(perRPC))
}

// WithMessageLimit is the servers' message limit in bytes; 8 MiB by default.
// An article that would exceed it is refused before it is sent.
// DescribeEngineResponse.limits has the limit of a server.
func WithMessageLimit(bytes int) Option {
	return func(s *settings) { s.messageLimit = bytes }
}

// WithDialOptions passes options to gRPC as they are. They override the
// client's own.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(s *settings) { s.dial = append(s.dial, options...) }
}

// CallOption sets up one Extract or one Stream.
type CallOption func(*callSettings)

type callSettings struct {
	extract *depechev1.ExtractOptions
	grpc    []grpc.CallOption
}

// WithExtractOptions says how articles are answered.
func WithExtractOptions(options *depechev1.ExtractOptions) CallOption {
	return func(s *callSettings) { s.extract = options }
}

// WithCallOptions passes options to gRPC as they are.
func WithCallOptions(options ...grpc.CallOption) CallOption {
	return func(s *callSettings) { s.grpc = append(s.grpc, options...) }
}

// StreamOption sets up one Stream. Every CallOption is one.
type StreamOption interface{ applyToStream(*streamSettings) }

type streamSettings struct {
	callSettings
	window      int
	windowBytes int
	batch       int
	streams     int
	ordered     bool
	idleTimeout time.Duration
	attempts    int
	pause       func(failures int) time.Duration // before the next attempt
}

func defaultStreamSettings() streamSettings {
	return streamSettings{
		window:      defaultWindow,
		windowBytes: defaultWindowBytes,
		batch:       defaultBatch,
		streams:     defaultStreams,
		idleTimeout: defaultIdleTimeout,
		attempts:    defaultAttempts,
		pause:       exponentialPause,
	}
}

func (o CallOption) applyToStream(s *streamSettings) { o(&s.callSettings) }

type streamOption func(*streamSettings)

func (o streamOption) applyToStream(s *streamSettings) { o(s) }

// WithWindow bounds what a Stream holds: articles taken from the input whose
// results are not yet taken from the loop, and the bytes of those articles and
// their answers. No article is taken from the input beyond either bound; the
// answers to what is in flight may then still exceed the bytes. At least one
// article is always in flight. By default 256 articles and 32 MiB.
func WithWindow(articles, bytes int) StreamOption {
	return streamOption(func(s *streamSettings) { s.window, s.windowBytes = max(articles, 1), max(bytes, 1) })
}

// WithBatch is the most articles sent in one message; 16 by default. A message
// takes what is at hand and waits for no more.
func WithBatch(articles int) StreamOption {
	return streamOption(func(s *streamSettings) { s.batch = max(articles, 1) })
}

// WithStreams is the number of gRPC streams that share the work, opened as
// there is work for them; 4 by default. Each goes to one server: give one or
// two for each server where there are more than four.
func WithStreams(streams int) StreamOption {
	return streamOption(func(s *streamSettings) { s.streams = max(streams, 1) })
}

// WithOrder delivers results in the order of the articles, instead of each as
// soon as it is there. What overtakes a slow article waits within the window.
func WithOrder() StreamOption {
	return streamOption(func(s *streamSettings) { s.ordered = true })
}

// WithIdleTimeout is how long a stream may owe answers with nothing sent or
// received before its articles go to another; 2 minutes by default, 0 is for
// ever. It is not a bound on the whole: that is ctx's.
func WithIdleTimeout(timeout time.Duration) StreamOption {
	return streamOption(func(s *streamSettings) { s.idleTimeout = timeout })
}

// WithAttempts is how many attempts in a row may bring no answer at all, on any
// stream, before the Stream fails; 10 by default. Between them it waits from
// 0.1 to 10 seconds. A refusal for want of room that says when to come again is
// obeyed and not counted.
func WithAttempts(attempts int) StreamOption {
	return streamOption(func(s *streamSettings) { s.attempts = max(attempts, 1) })
}

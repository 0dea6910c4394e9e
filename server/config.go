package server

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/auth"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
)

// Config is all that a server can be told. The tags are for kong: embedded in a
// command, the fields are its flags and environment variables. SetDefaults and
// the tags give the same defaults.
type Config struct {
	// Engine reads the articles. Required.
	Engine Engine `kong:"-"`
	// Logger takes one entry per call and per fault, never an article's text.
	// nil: nothing is logged.
	Logger *zap.Logger `kong:"-"`
	// Registry is where the metrics are registered and what the admin port
	// shows. nil: one of the server's own.
	Registry *prometheus.Registry `kong:"-"`
	// TracerProvider makes the spans of calls, articles and stages; the server does
	// not shut it down. nil: nothing is traced.
	TracerProvider trace.TracerProvider `kong:"-"`
	// Authenticate admits or refuses a call that Security has admitted, and may
	// add to its context, where access.NewContext says whose it is; health is
	// open to all. nil: no more is asked.
	Authenticate auth.AuthFunc `kong:"-"`
	// Listeners are served besides Listen; the server closes them.
	Listeners []net.Listener `kong:"-"`

	// Security says who may call, and how much.
	Security `embed:"" group:"access"`

	// Listen is the TCP address of the service; empty: only Listeners. The
	// default is reachable from this machine alone, since nothing authenticates
	// callers unless Security or Authenticate does.
	Listen string `help:"Address to serve on, such as :50051 for every interface." env:"DEPECHE_LISTEN" default:"127.0.0.1:50051" placeholder:"ADDR"`
	// HTTP is the TCP address of the same service over HTTP: JSON, NDJSON,
	// Connect and gRPC-Web; empty: off.
	HTTP string `help:"Address of the same service over HTTP (JSON, NDJSON, Connect, gRPC-Web); off when empty." env:"DEPECHE_HTTP" default:"" placeholder:"ADDR"`
	// HTTPOrigins are the web origins whose pages may call HTTP; "*" is any.
	HTTPOrigins []string `name:"http-origins" help:"Web origins whose pages may call the HTTP address, such as https://example.org; * is any." env:"DEPECHE_HTTP_ORIGINS" placeholder:"ORIGIN,..."`
	// Admin is the TCP address of metrics, profiles, channelz and health; empty: off.
	// It must not be reachable from outside.
	Admin string `help:"Private address for /metrics, /debug/pprof, channelz and health; off when empty." env:"DEPECHE_ADMIN" default:"" placeholder:"ADDR"`

	// Workers is how many articles are read at once in the process. 0: as many
	// as GOMAXPROCS.
	Workers int `help:"Articles read at once; 0 is one per CPU." env:"DEPECHE_WORKERS" default:"0"`
	// ArticleBudget is how long a worker may take for one article.
	ArticleBudget time.Duration `help:"Longest time for one article." env:"DEPECHE_ARTICLE_BUDGET" default:"10s"`

	// QueueCalls and QueueBytes bound the unary calls that wait for a worker;
	// the next one is shed. At 3 ms an article and two workers, 256 calls wait
	// 0.4 s.
	QueueCalls int      `help:"Unary calls that may wait for a worker." env:"DEPECHE_QUEUE_CALLS" default:"256"`
	QueueBytes ByteSize `help:"Bytes of articles of unary calls that may wait for a worker." env:"DEPECHE_QUEUE_BYTES" default:"64MiB"`
	// RetryDelay is when a caller that was shed is told to come again.
	RetryDelay time.Duration `help:"When a caller that was refused for want of room is told to come again." env:"DEPECHE_RETRY_DELAY" default:"500ms"`

	// MaxStreams is how many bulk streams the process bears; the next one is
	// refused.
	MaxStreams int `help:"Bulk streams at once." env:"DEPECHE_MAX_STREAMS" default:"128"`
	// StreamArticles and StreamBytes bound what one stream has in flight: taken
	// and not yet answered, the articles until they are read, then their
	// answers until they are sent. Past either the server stops reading.
	StreamArticles int      `help:"Articles of one stream read ahead of their answers." env:"DEPECHE_STREAM_ARTICLES" default:"64"`
	StreamBytes    ByteSize `help:"Bytes of one stream read ahead of their answers." env:"DEPECHE_STREAM_BYTES" default:"16MiB"`
	// BulkBytes bounds what all streams have in flight together; past it each
	// stream still has one message and one answer at a time.
	BulkBytes ByteSize `help:"Bytes of all streams together read ahead of their answers." env:"DEPECHE_BULK_BYTES" default:"256MiB"`
	// StreamIdleTimeout is how long a stream may stand still: nothing comes,
	// nothing is taken by the caller, and the server owes nothing. It then ends
	// with UNAVAILABLE, so that callers who have forgotten a stream do not hold
	// the places of others. 0: never.
	StreamIdleTimeout time.Duration `help:"Time that a stream may stand still; 0 is for ever." env:"DEPECHE_STREAM_IDLE_TIMEOUT" default:"5m"`

	// MaxMessageBytes is the longest request message. It stands above the
	// engine's body limit, so that the handler and not the transport answers for
	// a long article.
	MaxMessageBytes ByteSize `help:"Longest request message." env:"DEPECHE_MAX_MESSAGE_BYTES" default:"8MiB"`
	// MaxResponseBytes is the longest response message. gRPC clients refuse more
	// than 4 MiB unless told otherwise.
	MaxResponseBytes ByteSize `help:"Longest response message." env:"DEPECHE_MAX_RESPONSE_BYTES" default:"4MiB"`
	// MaxHeaderBytes is the longest header list of a request. gRPC's own default
	// is 16 MiB.
	MaxHeaderBytes ByteSize `help:"Longest header list of a call." env:"DEPECHE_MAX_HEADER_BYTES" default:"16KiB"`
	// StreamWindow and ConnectionWindow are HTTP/2's flow control windows, in
	// bytes, at least 64 KiB. They are static: a window that grows lets callers
	// fill the server's memory.
	StreamWindow     ByteSize `help:"HTTP/2 window of one call." env:"DEPECHE_STREAM_WINDOW" default:"64KiB"`
	ConnectionWindow ByteSize `help:"HTTP/2 window of one connection." env:"DEPECHE_CONNECTION_WINDOW" default:"1MiB"`
	// MaxCalls is how many calls one connection may have running.
	MaxCalls int `help:"Calls at once on one connection." env:"DEPECHE_MAX_CALLS" default:"100"`
	// MaxOpenCalls is how many calls, streams among them, all connections may
	// have running together; the next one is refused before anything is made for
	// it. Each holds at most StreamWindow bytes while it waits to be received.
	MaxOpenCalls int `help:"Calls at once on all connections together." env:"DEPECHE_MAX_OPEN_CALLS" default:"4096"`
	// ReceiveBytes bounds the requests of unary calls that are on their way in,
	// each counted as the longest message: so many calls receive at once, but at
	// least one, and a short request takes no time at that. ReceiveTimeout is how long one may
	// take; who is slower is cut off with DEADLINE_EXCEEDED.
	ReceiveBytes   ByteSize      `help:"Bytes of unary requests on their way in, each counted as the longest message." env:"DEPECHE_RECEIVE_BYTES" default:"256MiB"`
	ReceiveTimeout time.Duration `help:"Time for one unary request to come in." env:"DEPECHE_RECEIVE_TIMEOUT" default:"30s"`
	// MaxConnections is how many connections a listener holds; the next ones
	// wait to be accepted.
	MaxConnections int `help:"Connections at once." env:"DEPECHE_MAX_CONNECTIONS" default:"1024"`

	// KeepaliveTime is how long a connection may be silent before it is probed,
	// KeepaliveTimeout how long an answer may take: a client that vanished
	// frees what it holds after both.
	KeepaliveTime    time.Duration `help:"Silence after which a connection is probed." env:"DEPECHE_KEEPALIVE_TIME" default:"30s"`
	KeepaliveTimeout time.Duration `help:"Time for a probed connection to answer." env:"DEPECHE_KEEPALIVE_TIMEOUT" default:"10s"`
	// KeepaliveMinTime is the shortest time between a client's own probes; who
	// probes more often is disconnected.
	KeepaliveMinTime time.Duration `help:"Shortest time between a client's probes." env:"DEPECHE_KEEPALIVE_MIN_TIME" default:"10s"`
	// MaxConnectionAge is when a connection is told to close, and
	// MaxConnectionAgeGrace how long its calls may then go on; this moves long
	// streams to new servers. 0: never.
	MaxConnectionAge      time.Duration `help:"Age at which a connection is told to close; 0 is never." env:"DEPECHE_MAX_CONNECTION_AGE" default:"0s"`
	MaxConnectionAgeGrace time.Duration `help:"Time for the calls of a connection that was told to close; 0 is no bound." env:"DEPECHE_MAX_CONNECTION_AGE_GRACE" default:"0s"`

	// DrainDelay is how long the server, told to stop, goes on as before while
	// health says NOT_SERVING, so that balancers can turn away from it.
	DrainDelay time.Duration `help:"Time between NOT_SERVING and the end of service." env:"DEPECHE_DRAIN_DELAY" default:"2s"`
	// DrainTimeout bounds what follows: calls and articles taken are answered
	// within it, or cut off.
	DrainTimeout time.Duration `help:"Time for calls that are running when service ends." env:"DEPECHE_DRAIN_TIMEOUT" default:"20s"`
}

// SetDefaults sets every field that has a default, whatever it held. Call it
// before setting fields.
func (c *Config) SetDefaults() {
	c.Security = Security{}
	c.Listen = "127.0.0.1:50051"
	c.HTTP = ""
	c.HTTPOrigins = nil
	c.Admin = ""
	c.Workers = 0
	c.ArticleBudget = 10 * time.Second
	c.QueueCalls = 256
	c.QueueBytes = 64 << 20
	c.RetryDelay = 500 * time.Millisecond
	c.MaxStreams = 128
	c.StreamArticles = 64
	c.StreamBytes = 16 << 20
	c.BulkBytes = 256 << 20
	c.StreamIdleTimeout = 5 * time.Minute
	c.MaxMessageBytes = 8 << 20
	c.MaxResponseBytes = 4 << 20
	c.MaxHeaderBytes = 16 << 10
	c.StreamWindow = 64 << 10
	c.ConnectionWindow = 1 << 20
	c.MaxCalls = 100
	c.MaxOpenCalls = 4096
	c.ReceiveBytes = 256 << 20
	c.ReceiveTimeout = 30 * time.Second
	c.MaxConnections = 1024
	c.KeepaliveTime = 30 * time.Second
	c.KeepaliveTimeout = 10 * time.Second
	c.KeepaliveMinTime = 10 * time.Second
	c.MaxConnectionAge = 0
	c.MaxConnectionAgeGrace = 0
	c.DrainDelay = 2 * time.Second
	c.DrainTimeout = 20 * time.Second
}

// Validate reports every fault of the settings at once, each on a line of its
// own that starts with the flag's name. Kong calls it when it has read the flags,
// so it does not ask for an engine: Complete does.
func (c *Config) Validate() error {
	var faults faults
	if c.Listen == "" && len(c.Listeners) == 0 {
		faults.add("listen", "is empty and no listener is given")
	}
	faults.address("listen", c.Listen)
	faults.address("http", c.HTTP)
	faults.origins("http-origins", c.HTTPOrigins)
	faults.address("admin", c.Admin)

	faults.count("workers", c.Workers, 0, 1<<16)
	faults.count("queue-calls", c.QueueCalls, 1, 1<<20)
	faults.count("max-streams", c.MaxStreams, 1, 1<<20)
	faults.count("stream-articles", c.StreamArticles, 1, 1<<20)
	faults.count("max-calls", c.MaxCalls, 1, 1<<20)
	faults.count("max-open-calls", c.MaxOpenCalls, 1, 1<<20)
	faults.count("max-connections", c.MaxConnections, 1, 1<<20)

	faults.size("queue-bytes", c.QueueBytes, 1, math.MaxInt64)
	faults.size("stream-bytes", c.StreamBytes, 1, math.MaxInt64)
	faults.size("bulk-bytes", c.BulkBytes, 1, math.MaxInt64)
	faults.size("max-message-bytes", c.MaxMessageBytes, 1<<10, 1<<30)
	faults.size("receive-bytes", c.ReceiveBytes, 1, math.MaxInt64)
	faults.size("max-response-bytes", c.MaxResponseBytes, 64<<10, 1<<30)
	faults.size("max-header-bytes", c.MaxHeaderBytes, 4<<10, 16<<20)
	faults.size("stream-window", c.StreamWindow, 64<<10, 1<<30)
	faults.size("connection-window", c.ConnectionWindow, 64<<10, 1<<30)

	faults.duration("article-budget", c.ArticleBudget, time.Millisecond)
	faults.duration("retry-delay", c.RetryDelay, time.Millisecond)
	faults.duration("stream-idle-timeout", c.StreamIdleTimeout, 0)
	faults.duration("receive-timeout", c.ReceiveTimeout, time.Millisecond)
	faults.duration("keepalive-time", c.KeepaliveTime, time.Second) // grpc raises less to this
	faults.duration("keepalive-timeout", c.KeepaliveTimeout, time.Millisecond)
	faults.duration("keepalive-min-time", c.KeepaliveMinTime, 0)
	faults.duration("max-connection-age", c.MaxConnectionAge, 0)
	faults.duration("max-connection-age-grace", c.MaxConnectionAgeGrace, 0)
	faults.duration("drain-delay", c.DrainDelay, 0)
	faults.duration("drain-timeout", c.DrainTimeout, time.Millisecond)
	c.Security.validate(&faults)
	return errors.Join(faults...)
}

// validateEngine reports what is wrong with the engine, or with the settings in
// view of it.
func (c *Config) validateEngine() error {
	var faults faults
	if c.Engine == nil {
		faults.add("engine", "is required")
		return errors.Join(faults...)
	}
	least := c.Engine.DescribeEngine().GetLimits().GetMaxBodyBytes() + envelopeBytes
	if uint64(max(c.MaxMessageBytes, 0)) < least {
		faults.add("max-message-bytes", "is %s: want at least the body limit and the rest of a request, %d bytes", c.MaxMessageBytes, least)
	}
	return errors.Join(faults...)
}

// ConfigError says that a configuration cannot be served: a setting is out of
// its range or does not go with another one, or a file that it names is at fault.
type ConfigError struct{ err error }

func (e *ConfigError) Error() string { return e.err.Error() }
func (e *ConfigError) Unwrap() error { return e.err }

// envelopeBytes is the longest that a request can be without its body: the
// bounds of the contract's other fields, rounded up.
const envelopeBytes = 32 << 10

// faults are what is wrong with a configuration.
type faults []error

func (f *faults) add(flag, format string, args ...any) {
	*f = append(*f, fmt.Errorf("%s "+format, append([]any{flag}, args...)...))
}

func (f *faults) address(flag, address string) {
	if address == "" {
		return
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		f.add(flag, "is %q: want host:port", address)
		return
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		f.add(flag, "is %q: want a port from 0 to 65535", address)
	}
}

func (f *faults) origins(flag string, origins []string) {
	for _, origin := range origins {
		at, err := url.Parse(origin)
		if origin != "*" && (err != nil || at.Scheme == "" || at.Host == "" || origin != at.Scheme+"://"+at.Host) {
			f.add(flag, "has %q: want scheme://host[:port], or *", origin)
		}
	}
}

func (f *faults) count(flag string, n, low, high int) {
	if n < low || n > high {
		f.add(flag, "is %d: want %d to %d", n, low, high)
	}
}

func (f *faults) size(flag string, size, low, high ByteSize) {
	switch {
	case size < low:
		f.add(flag, "is %s: want at least %s", size, low)
	case size > high:
		f.add(flag, "is %s: want at most %s", size, high)
	}
}

func (f *faults) duration(flag string, d, low time.Duration) {
	if d < low {
		f.add(flag, "is %v: want at least %v", d, low)
	}
}

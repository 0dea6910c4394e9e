package server

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"golang.org/x/net/netutil"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Server is a server that is ready to run. It listens already: connections made
// before Run wait for it.
type Server struct {
	logger     *zap.Logger
	service    *service
	guard      *guard
	grpc       *grpc.Server
	health     *health.Server
	listeners  []net.Listener
	workers    int
	drainDelay time.Duration
	drainBound time.Duration
	hurried    context.Context // done when a drain is not to wait
	hurry      context.CancelFunc

	web *web // nil: off

	admin         *http.Server // nil: off
	adminGRPC     *grpc.Server
	adminListener net.Listener
}

// Complete checks the configuration and builds the server, its listeners
// included; ctx bounds that. It reports all faults of the configuration at
// once, in a ConfigError. On failure nothing is left open but Config.Listeners,
// which then remain the caller's; on success they are the server's.
func (c Config) Complete(ctx context.Context) (_ *Server, err error) {
	if err := errors.Join(c.Validate(), c.validateEngine()); err != nil {
		return nil, &ConfigError{err}
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}

	s := &Server{
		logger:     c.Logger,
		workers:    c.Workers,
		drainDelay: c.DrainDelay,
		drainBound: c.DrainTimeout,
		health:     health.NewServer(),
	}
	s.hurried, s.hurry = context.WithCancel(context.Background())
	var opened []net.Listener
	defer func() {
		if err != nil {
			s.unwind(opened)
		}
	}()
	links, err := s.build(&c)
	if err != nil {
		return nil, err
	}
	if opened, err = s.open(ctx, &c, links); err != nil {
		return nil, err
	}
	return s, nil
}

// build makes the service and its gRPC server, and returns what stands around
// each call of either port.
func (s *Server) build(c *Config) (links []interceptor, err error) {
	if s.service, err = c.service(); err != nil {
		return nil, err
	}
	if err := s.service.metrics.register(c.Registry, c, s.service); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	if s.guard, err = c.guard(c.Logger); err != nil {
		return nil, &ConfigError{err}
	}
	s.service.intake.isUnknown = s.guard.gate.Refuses
	links = chain(s.service.metrics, c.Logger, s.guard.authenticate(c.Authenticate), s.guard, c.RetryDelay)
	s.grpc = grpc.NewServer(slices.Concat(c.transport(s.service.intake), c.tracing(), s.guard.transport(), chains(links))...)
	c.warnOpen(c.Logger)
	depechev1.RegisterExtractionServiceServer(s.grpc, s.service)
	others := auxiliary{Server: s.grpc, stop: s.service.drain, logger: c.Logger}
	healthpb.RegisterHealthServer(others, s.health)
	reflection.Register(others)
	s.service.metrics.calls.InitializeMetrics(s.grpc)
	s.setHealth(healthpb.HealthCheckResponse_NOT_SERVING)
	return links, nil
}

// open opens the ports, and returns those that it has opened, also where it
// fails.
func (s *Server) open(ctx context.Context, c *Config, links []interceptor) (opened []net.Listener, err error) {
	listen := func(flag, address string) (net.Listener, error) {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		opened = append(opened, listener)
		return listener, nil
	}
	bounded := func(listener net.Listener) net.Listener {
		return countedListener{netutil.LimitListener(listener, c.MaxConnections), &s.service.connections}
	}
	s.listeners = append(s.listeners, c.Listeners...)
	if c.Listen != "" {
		listener, err := listen("listen", c.Listen)
		if err != nil {
			return opened, err
		}
		s.listeners = append(s.listeners, listener)
	}
	if c.HTTP != "" {
		listener, err := listen("http", c.HTTP)
		if err != nil {
			return opened, err
		}
		if s.web, err = c.newWeb(bounded(listener), s.service, s.guard, links); err != nil {
			return opened, fmt.Errorf("http: %w", err)
		}
	}
	if c.Admin != "" {
		if s.adminListener, err = listen("admin", c.Admin); err != nil {
			return opened, err
		}
		s.admin, s.adminGRPC = newAdmin(c.Registry, s.health)
	}
	for i, listener := range s.listeners {
		s.listeners[i] = bounded(listener)
	}
	return opened, nil
}

// unwind frees what a server that cannot be completed holds.
func (s *Server) unwind(opened []net.Listener) {
	if s.grpc != nil {
		s.grpc.Stop()
	}
	if s.web != nil {
		s.web.close() //nolint:errcheck // the fault that is reported is the one before
	}
	for _, listener := range opened {
		listener.Close()
	}
}

// service builds what answers the calls.
func (c Config) service() (*service, error) {
	rules, err := rejection.NewRules()
	if err != nil {
		return nil, err
	}
	describe := &depechev1.DescribeEngineResponse{}
	proto.Merge(describe, c.Engine.DescribeEngine())
	proto.Merge(describe, &depechev1.DescribeEngineResponse{Limits: &depechev1.Limits{
		MaxMessageBytes:    uint64(c.MaxMessageBytes),
		MaxResponseBytes:   uint64(c.MaxResponseBytes),
		MaxStreamArticles:  uint32(c.StreamArticles),
		MaxStreamBytes:     uint64(c.StreamBytes),
		MaxConcurrentCalls: uint32(c.MaxCalls),
	}})
	drain := make(chan struct{})
	s := &service{
		engine:        c.Engine,
		rules:         rules,
		pool:          newPool(c.QueueCalls, int64(c.QueueBytes)),
		intake:        newIntake(c.MaxOpenCalls, int(min(max(c.ReceiveBytes/c.MaxMessageBytes, 1), math.MaxInt32)), c.ReceiveTimeout, c.RetryDelay),
		metrics:       newMetrics(),
		logger:        c.Logger,
		describe:      describe,
		budget:        c.ArticleBudget,
		retry:         c.RetryDelay,
		responseBytes: int(c.MaxResponseBytes),
		maxStreams:    int64(c.MaxStreams),
		streamItems:   c.StreamArticles,
		streamBytes:   int64(c.StreamBytes),
		bulkBytes:     int64(c.BulkBytes),
		streamIdle:    c.StreamIdleTimeout,
		drain:         drain,
		closeOnce:     sync.OnceFunc(func() { close(drain) }),
	}
	s.staged, _ = c.Engine.(StagedEngine)
	s.onStage = func(stage string, _ time.Time, took time.Duration) {
		s.metrics.observeStage(context.Background(), stage, took)
	}
	if c.TracerProvider != nil {
		s.tracer = c.TracerProvider.Tracer(tracerName)
	}
	return s, nil
}

// handshakeTimeout is how long a new connection may take to say that it speaks
// HTTP/2; a silent one would hold a place for grpc's default of two minutes.
const handshakeTimeout = 10 * time.Second

// transport is what bounds connections and messages.
func (c Config) transport(arriving *intake) []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.InTapHandle(arriving.admit),
		grpc.StatsHandler(arriving),
		grpc.ForceServerCodecV2(newCodec()),
		grpc.MaxRecvMsgSize(int(c.MaxMessageBytes)),
		grpc.MaxSendMsgSize(int(c.MaxResponseBytes)),
		grpc.MaxHeaderListSize(uint32(c.MaxHeaderBytes)),
		grpc.MaxConcurrentStreams(uint32(c.MaxCalls)),
		grpc.StaticStreamWindowSize(int32(c.StreamWindow)),
		grpc.StaticConnWindowSize(int32(c.ConnectionWindow)),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.WaitForHandlers(true), // Run leaves no handler behind
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionAge:      c.MaxConnectionAge,
			MaxConnectionAgeGrace: c.MaxConnectionAgeGrace,
			Time:                  c.KeepaliveTime,
			Timeout:               c.KeepaliveTimeout,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
			MinTime:             c.KeepaliveMinTime,
			PermitWithoutStream: true, // a client may keep an idle connection
		}),
	}
}

// Addrs are the addresses that are served, Config.Listeners first.
func (s *Server) Addrs() []net.Addr {
	var addrs []net.Addr
	for _, listener := range s.listeners {
		addrs = append(addrs, listener.Addr())
	}
	return addrs
}

// HTTPAddr is the HTTP port's address; nil if it is off.
func (s *Server) HTTPAddr() net.Addr {
	if s.web == nil {
		return nil
	}
	return s.web.listener.Addr()
}

// AdminAddr is the private port's address; nil if it is off.
func (s *Server) AdminAddr() net.Addr {
	if s.adminListener == nil {
		return nil
	}
	return s.adminListener.Addr()
}

// Close releases a server that is not to be run.
func (s *Server) Close() error {
	s.grpc.Stop()
	var faults []error
	for _, listener := range s.listeners {
		faults = append(faults, listener.Close())
	}
	if s.web != nil {
		faults = append(faults, s.web.close())
	}
	if s.adminListener != nil {
		s.adminGRPC.Stop()
		faults = append(faults, s.adminListener.Close())
	}
	return errors.Join(faults...)
}

// Run serves until ctx is done, drains and returns nil; a listener that fails
// ends it the same way, and is returned. It can be called once.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.service.pool.start(s.workers)

	var serving sync.WaitGroup
	serve := func(what string, listener net.Listener, run func(net.Listener) error) {
		s.logger.Info("serving", zap.String("what", what), zap.Stringer("address", listener.Addr()))
		serving.Go(func() {
			err := run(listener)
			if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, grpc.ErrServerStopped) {
				cancel(&serveError{fmt.Errorf("serve %s: %w", listener.Addr(), err)})
			}
		})
	}
	serving.Go(func() { s.guard.run(ctx) })
	if s.admin != nil {
		serve("admin", s.adminListener, s.admin.Serve)
	}
	for _, listener := range s.listeners {
		serve("calls", listener, s.grpc.Serve)
	}
	if s.web != nil {
		serve("http", s.web.listener, s.web.serve)
		serving.Go(s.web.serveMemory)
	}
	s.setHealth(healthpb.HealthCheckResponse_SERVING)

	<-ctx.Done()
	s.drain()
	serving.Wait()
	if failed, ok := errors.AsType[*serveError](context.Cause(ctx)); ok {
		return failed
	}
	return nil
}

// serveError is why Run ended before it was told to.
type serveError struct{ error }

func (e *serveError) Unwrap() error { return e.error }

func (s *Server) setHealth(status healthpb.HealthCheckResponse_ServingStatus) {
	s.health.SetServingStatus("", status)
	s.health.SetServingStatus(depechev1.ExtractionService_ServiceDesc.ServiceName, status)
}

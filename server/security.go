package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"sync"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/auth"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server/access"
	"github.com/depeche-events/depeche/server/certificates"
	"github.com/depeche-events/depeche/server/quota"
)

// Security says who may call, and how much. The zero value encrypts nothing and
// admits everybody.
type Security struct {
	// TLSCert and TLSKey are PEM files; they are read again when they change.
	// Empty: no TLS.
	TLSCert string `help:"Certificate (PEM, with its chain) to serve TLS with; read again when it changes." env:"DEPECHE_TLS_CERT" placeholder:"FILE"`
	TLSKey  string `help:"Private key of the certificate." env:"DEPECHE_TLS_KEY" placeholder:"FILE"`
	// TLSClientCA is a PEM file of the authorities by one of which a client's
	// certificate must be signed. Empty: clients need none.
	TLSClientCA string `name:"tls-client-ca" help:"Authorities (PEM) that must have signed a client's certificate; without, clients need none." env:"DEPECHE_TLS_CLIENT_CA" placeholder:"FILE"`

	// Tokens is a file of names and hashed tokens, one of which a call must
	// bring; read again when it changes.
	Tokens string `help:"File of names and hashed tokens (see depeche token), one of which every call must bring; read again when it changes." env:"DEPECHE_TOKENS" placeholder:"FILE"`
	// JWTIssuer is the OpenID Connect issuer whose tokens are admitted, if they
	// are for JWTAudience. Its keys are in the file JWTKeys, or where it says.
	JWTIssuer   string `name:"jwt-issuer" help:"OpenID Connect issuer whose JWTs are admitted as tokens." env:"DEPECHE_JWT_ISSUER" placeholder:"URL"`
	JWTAudience string `name:"jwt-audience" help:"Audience that a JWT must be for; required with --jwt-issuer." env:"DEPECHE_JWT_AUDIENCE" placeholder:"NAME"`
	JWTKeys     string `name:"jwt-keys" help:"The issuer's public keys (JWKS); without, the issuer is asked for them." env:"DEPECHE_JWT_KEYS" placeholder:"FILE"`

	// ClientRate is how many articles a second one client may send, and
	// ClientBurst how many at once after a pause; 0: as many as in a second. A
	// client is who its token or certificate says, else an address. Past the
	// rate a call is refused and a stream is read more slowly. A rate of 0 is no
	// limit.
	ClientRate  float64 `help:"Articles a second that one client may send; 0 is no limit." env:"DEPECHE_CLIENT_RATE" default:"0"`
	ClientBurst int     `help:"Articles that one client may send at once after a pause; 0 is a second's." env:"DEPECHE_CLIENT_BURST" default:"0"`
	// ClientCalls and ClientStreams are how many of each one client may have
	// running; 0: no limit.
	ClientCalls   int `help:"Unary calls at once of one client; 0 is no limit." env:"DEPECHE_CLIENT_CALLS" default:"0"`
	ClientStreams int `help:"Streams at once of one client; 0 is no limit." env:"DEPECHE_CLIENT_STREAMS" default:"0"`
}

// slowestRate is the least rate of articles a second: a stream that has had no
// answer for two minutes is given up by our client.
const slowestRate = 0.1

func (s *Security) validate(faults *faults) {
	if (s.TLSCert == "") != (s.TLSKey == "") {
		faults.add("tls-cert", "and tls-key are set together or not at all")
	}
	if s.TLSClientCA != "" && s.TLSCert == "" {
		faults.add("tls-client-ca", "needs tls-cert")
	}
	if (s.JWTIssuer == "") != (s.JWTAudience == "") {
		faults.add("jwt-issuer", "and jwt-audience are set together or not at all")
	}
	if s.JWTKeys != "" && s.JWTIssuer == "" {
		faults.add("jwt-keys", "needs jwt-issuer")
	}
	if s.ClientRate != 0 && !(s.ClientRate >= slowestRate && s.ClientRate <= math.MaxInt32) {
		faults.add("client-rate", "is %v: want 0, or %v and more", s.ClientRate, slowestRate)
	}
	faults.count("client-burst", s.ClientBurst, 0, 1<<20)
	faults.count("client-calls", s.ClientCalls, 0, 1<<20)
	faults.count("client-streams", s.ClientStreams, 0, 1<<20)
	if s.ClientBurst > 0 && s.ClientRate == 0 {
		faults.add("client-burst", "needs client-rate")
	}
}

// guard is what Security is made into.
type guard struct {
	tls    *certificates.Server // nil: in the clear
	gate   *access.Gate
	shares *quota.Clients // nil: no limits
}

// guard reads the files.
func (s *Security) guard(logger *zap.Logger) (*guard, error) {
	g := new(guard)
	var err error
	if s.TLSCert != "" {
		g.tls, err = certificates.Open(logger, certificates.Paths{Cert: s.TLSCert, Key: s.TLSKey, ClientCA: s.TLSClientCA})
		if err != nil {
			return nil, fmt.Errorf("certificates: %w", err)
		}
	}
	if g.gate, err = access.Open(logger, s.access()); err != nil {
		return nil, err
	}
	limits := quota.Limits{
		Rate:    s.ClientRate,
		Burst:   cmp.Or(s.ClientBurst, int(math.Ceil(s.ClientRate))),
		Calls:   s.ClientCalls,
		Streams: s.ClientStreams,
	}
	if limits.Set() {
		g.shares = quota.New(limits)
	}
	return g, nil
}

func (s *Security) access() access.Config {
	return access.Config{Tokens: s.Tokens, Issuer: s.JWTIssuer, Audience: s.JWTAudience, Keys: s.JWTKeys}
}

// warnOpen tells of what is open that may not be meant to be.
func (c *Config) warnOpen(logger *zap.Logger) {
	closed := c.access().Set() || c.TLSClientCA != "" || c.Authenticate != nil
	for _, address := range []string{c.Listen, c.HTTP} {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || host == "localhost" || ip != nil && ip.IsLoopback() {
			continue
		}
		if !closed {
			logger.Warn("whoever reaches the port may call: neither tokens nor client certificates are asked for", zap.String("address", address))
		}
		if c.TLSCert == "" {
			logger.Warn("articles and tokens travel in the clear: no certificate is set", zap.String("address", address))
		}
	}
}

// transport is how connections are secured.
func (g *guard) transport() []grpc.ServerOption {
	if g.tls == nil {
		return nil
	}
	return []grpc.ServerOption{grpc.Creds(credentials.NewTLS(g.tls.Config("h2")))}
}

// run looks at the files until ctx is done.
func (g *guard) run(ctx context.Context) {
	var watching sync.WaitGroup
	if g.tls != nil {
		watching.Go(func() { g.tls.Run(ctx) })
	}
	watching.Go(func() { g.gate.Run(ctx) })
	watching.Wait()
}

// authenticate admits a call and notes whose it is, for the limits and the log.
func (g *guard) authenticate(next auth.AuthFunc) auth.AuthFunc {
	return func(ctx context.Context) (context.Context, error) {
		client, err := g.gate.Admit(ctx)
		if err != nil {
			return nil, unauthenticated(err).Err()
		}
		ctx = access.NewContext(ctx, client)
		if next != nil {
			if ctx, err = next(ctx); err != nil {
				return nil, err
			}
		}
		logging.AddFields(ctx, logging.Fields{"depeche.client", access.FromContext(ctx).Name})
		return ctx, nil
	}
}

// unaryQuota holds a call that is over its client's limits.
func (g *guard) unaryQuota(m *metrics, retry time.Duration) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if g.shares == nil {
			return handler(ctx, request)
		}
		_, article := request.(*depechev1.ExtractEventsRequest)
		refuse := func(message string, wait time.Duration) error {
			_ = grpc.SetTrailer(ctx, pushback(wait)) // fails only outside a call
			refusal := clientLimit(message, wait)
			if article {
				m.answered(unaryCall, nil, refusal)
			}
			return refusal.Err()
		}
		use, ok := g.shares.Call(access.FromContext(ctx).Name)
		if !ok {
			return nil, refuse("the client has as many calls running as it may", retry)
		}
		defer use.Leave()
		if article {
			if wait := use.Take(); wait > 0 {
				return nil, refuse("the client sends more articles a second than it may", wait)
			}
		}
		return handler(ctx, request)
	}
}

// streamQuota holds a stream that is one too many, and tells the handler whose
// rate its articles count for.
func (g *guard) streamQuota(retry time.Duration) grpc.StreamServerInterceptor {
	return func(service any, wire grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		if g.shares == nil {
			return handler(service, wire)
		}
		use, ok := g.shares.Stream(access.FromContext(wire.Context()).Name)
		if !ok {
			wire.SetTrailer(pushback(retry))
			return clientLimit("the client has as many streams open as it may", retry).Err()
		}
		defer use.Leave()
		return handler(service, &withContext{wire, quota.NewContext(wire.Context(), use)})
	}
}

// withContext is a stream with more in its context.
type withContext struct {
	grpc.ServerStream
	ctx context.Context
}

func (w *withContext) Context() context.Context { return w.ctx }

// unauthenticated is the status of a call that is not admitted.
func unauthenticated(err error) *status.Status {
	var refusal *access.Refusal
	if errors.As(err, &refusal) && refusal.Unavailable {
		return rejection.New(codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, err.Error())
	}
	return rejection.New(codes.Unauthenticated, depechev1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, err.Error())
}

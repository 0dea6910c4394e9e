package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/authority"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server/access"
	"github.com/depeche-events/depeche/server/reload"
)

// secured is a server with TLS under test, and what its files hold.
type secured struct {
	*running
	dir  string
	ours *authority.Authority // of the server and its clients
}

// startTLS runs a server over TCP with a certificate for 127.0.0.1; mutual: its
// clients need certificates of the same authority.
func startTLS(t *testing.T, mutual bool) *secured {
	t.Helper()
	s := &secured{dir: t.TempDir(), ours: authority.New(t, "ours")}
	clients := authority.File(t, s.dir, "clients.crt", s.ours.PEM)
	cert, key := s.ours.Sign(t, "server", nil).Write(t, s.dir, "server")
	s.running = startTCP(t, &fakeEngine{}, func(c *Config) {
		c.TLSCert, c.TLSKey = cert, key
		c.HTTP = "127.0.0.1:0"
		if mutual {
			c.TLSClientCA = clients
		}
	})
	return s
}

// call makes one call over a connection of its own.
func (s *secured) call(t *testing.T, config *tls.Config) error {
	conn := s.dial(t, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	defer conn.Close()
	_, err := depechev1.NewExtractionServiceClient(conn).ExtractEvents(contextFor(t), request("x"))
	return err
}

// trusting is a client of whatever the authority has signed.
func trusting(a *authority.Authority, certificates ...tls.Certificate) *tls.Config {
	return &tls.Config{RootCAs: a.Pool(), Certificates: certificates}
}

func TestTLS(t *testing.T) {
	server := startTLS(t, false)
	if err := server.call(t, trusting(server.ours)); err != nil {
		t.Errorf("a client that trusts us: %v", err)
	}
	old := trusting(server.ours)
	old.MaxVersion = tls.VersionTLS12
	for name, config := range map[string]*tls.Config{
		"a client that does not":     trusting(authority.New(t, "theirs")),
		"a client that speaks 1.2":   old,
		"a client of another server": {RootCAs: server.ours.Pool(), ServerName: "other.example.org"},
	} {
		if err := server.call(t, config); status.Code(err) != codes.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTLSRefusesPlaintext(t *testing.T) {
	server := startTLS(t, false)
	if _, err := server.ExtractEvents(contextFor(t), request("x")); status.Code(err) != codes.Unavailable {
		t.Errorf("in the clear: %v", err)
	}
}

func TestMutualTLS(t *testing.T) {
	server := startTLS(t, true)
	theirs := authority.New(t, "theirs")
	for _, test := range []struct {
		name   string
		client *tls.Config
		ok     bool
	}{
		{"ours", trusting(server.ours, server.ours.Sign(t, "desk", nil).TLS(t)), true},
		{"none", trusting(server.ours), false},
		{"expired", trusting(server.ours, server.ours.Sign(t, "desk", authority.Expired).TLS(t)), false},
		{"of an unknown authority", trusting(server.ours, theirs.Sign(t, "desk", nil).TLS(t)), false},
		{"for servers only", trusting(server.ours, server.ours.Sign(t, "desk", func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}).TLS(t)), false},
	} {
		if err := server.call(t, test.client); (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if server.logs.FilterField(zap.String("depeche.client", "certificate:desk")).Len() != 1 {
		t.Errorf("the client's name is not in the log:\n%s", server.logged())
	}
}

// The certificate and its authority are changed again and again while clients
// call, over connections that stay and over new ones: no call fails, and new
// connections are shown the new certificate.
func TestCertificateChangeUnderLoad(t *testing.T) {
	const clients, calls, changes = 4, 25, 5
	server := startTLS(t, true)
	identity := server.ours.Sign(t, "desk", nil).TLS(t)
	var shown sync.Map
	config := trusting(server.ours, identity)
	config.VerifyConnection = func(state tls.ConnectionState) error {
		shown.Store(state.PeerCertificates[0].Subject.CommonName, true)
		return nil
	}
	lasting := depechev1.NewExtractionServiceClient(server.dial(t, grpc.WithTransportCredentials(credentials.NewTLS(config))))
	stream := sender{must(lasting.StreamEvents(contextFor(t))), t}
	stream.send(openMessage(&depechev1.StreamOptions{}))

	var made atomic.Int64
	var load sync.WaitGroup
	for range clients {
		load.Go(func() {
			for range calls {
				if err := server.call(t, config); err != nil {
					t.Errorf("new connection: %v", err)
				}
				if _, err := lasting.ExtractEvents(contextFor(t), request("x")); err != nil {
					t.Errorf("lasting connection: %v", err)
				}
				made.Add(1)
			}
		})
	}
	for i := range changes {
		eventually(t, func() bool { return made.Load() >= int64(i*clients*calls/(changes+1)) }, "calls")
		pair := server.ours.Sign(t, fmt.Sprintf("server %d", i), nil)
		authority.File(t, server.dir, "server.crt", pair.Cert)
		server.server.guard.check() // finds the old key beside it, and keeps both
		authority.File(t, server.dir, "server.key", pair.Key)
		server.server.guard.check()
		stream.send(batchMessage(numbered(uint64(i))))
	}
	load.Wait()
	if err := server.call(t, config); err != nil {
		t.Error(err)
	}
	stream.CloseSend()
	if outcomes, err := stream.rest(); err != nil || len(outcomes) != changes {
		t.Errorf("the stream that was open all the while has %d outcomes, %v", len(outcomes), err)
	}
	if _, ok := shown.Load(fmt.Sprintf("server %d", changes-1)); !ok {
		t.Error("the last certificate was never shown")
	}
	if n := server.logs.FilterMessageSnippet("files at fault").Len(); n != changes {
		t.Errorf("%d faults are logged, want %d", n, changes)
	}
}

// Who was let in by an authority that is no longer trusted comes in no more.
func TestClientAuthorityChanges(t *testing.T) {
	server := startTLS(t, true)
	config := trusting(server.ours, server.ours.Sign(t, "desk", nil).TLS(t))
	config.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	if err := server.call(t, config); err != nil {
		t.Fatal(err)
	}
	authority.File(t, server.dir, "clients.crt", authority.New(t, "others").PEM)
	server.server.guard.check()
	if err := server.call(t, config); err == nil {
		t.Error("a client of the authority before is let in, as if resumed")
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// bearing is a call with a token.
func bearing(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
}

// startTokens runs a server that wants a token; file is where they stand, token
// is the desk's.
func startTokens(t *testing.T, adjust func(*Config)) (server *running, dir, token string) {
	t.Helper()
	token, line, err := access.NewToken("desk")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	file := authority.File(t, dir, "tokens", []byte("# ours\n"+line+"\n"))
	server = start(t, &fakeEngine{}, func(c *Config) {
		c.Tokens = file
		if adjust != nil {
			adjust(c)
		}
	})
	return server, dir, token
}

func TestTokens(t *testing.T) {
	server, _, token := startTokens(t, nil)
	calls := map[string]func(context.Context) error{
		"ExtractEvents": func(ctx context.Context) error { _, err := server.ExtractEvents(ctx, request("x")); return err },
		"StreamEvents": func(ctx context.Context) error {
			stream := server.openStream(t, ctx, true)
			stream.CloseSend()
			_, err := stream.rest()
			return err
		},
		"DescribeEngine": func(ctx context.Context) error {
			_, err := server.DescribeEngine(ctx, &depechev1.DescribeEngineRequest{})
			return err
		},
		"DescribeOntology": func(ctx context.Context) error {
			_, err := server.DescribeOntology(ctx, &depechev1.DescribeOntologyRequest{})
			return err
		},
	}
	want := failure{codes.Unauthenticated, depechev1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, ""}
	for name, call := range calls {
		checkFailure(t, call(contextFor(t)), want)
		checkFailure(t, call(bearing(contextFor(t), token+"x")), want)
		if err := call(bearing(contextFor(t), token)); err != nil {
			t.Errorf("%s with a token: %v", name, err)
		}
	}
	if _, err := reflected(t, server.conn); status.Code(err) != codes.Unauthenticated {
		t.Errorf("reflection without a token: %v", err)
	}
	if _, err := healthpb.NewHealthClient(server.conn).Check(contextFor(t), &healthpb.HealthCheckRequest{}); err != nil {
		t.Errorf("health without a token: %v", err)
	}
	server.stop()
	server.wait(t)
	if n := server.logs.FilterField(zap.String("depeche.client", "token:desk")).Len(); n != len(calls) {
		t.Errorf("%d entries name the client, want %d", n, len(calls))
	}
	if strings.Contains(server.logged(), token) {
		t.Error("the token is in the log")
	}
}

// Callers without a token that is good take neither places nor turns from those
// who have one; some of them are refused when their request is in, more of them at
// once.
func TestUnknownCallersTakeNoRoom(t *testing.T) {
	const length = 1 << 20
	token, line, err := access.NewToken("desk")
	if err != nil {
		t.Fatal(err)
	}
	file := authority.File(t, t.TempDir(), "tokens", []byte(line+"\n"))
	narrow := func(c *Config) {
		c.Tokens = file
		c.MaxMessageBytes, c.ReceiveBytes, c.MaxOpenCalls = length, length, 1 // one turn, one place
		c.ReceiveTimeout = time.Hour
	}
	want := failure{codes.Unauthenticated, depechev1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, ""}
	t.Run("gRPC", func(t *testing.T) {
		server := startTCP(t, &fakeEngine{}, narrow)
		peer := server.peer(t)
		for range maxUnknown {
			peer.message(peer.call(), length, make([]byte, 1<<10)) // of which the rest does not come
		}
		unknown := &server.server.service.intake.unknown
		eventually(t, func() bool { return unknown.Load() == maxUnknown }, "calls")
		if _, err := server.ExtractEvents(bearing(contextFor(t), token), request("x")); err != nil {
			t.Errorf("a call with a token: %v", err)
		}
		_, err := server.ExtractEvents(bearing(contextFor(t), token+"x"), request("x"))
		checkFailure(t, err, want)
		peer.conn.Close()
		eventually(t, func() bool { return unknown.Load() == 0 }, "end of the calls")
	})
	t.Run("HTTP", func(t *testing.T) {
		server := startWeb(t, &fakeEngine{}, narrow)
		post := func(ctx context.Context, token string, body io.Reader) *http.Request {
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.url+extractPath, body)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", jsonType)
			request.Header.Set("Authorization", "Bearer "+token)
			return request
		}
		ctx, cancel := context.WithCancel(contextFor(t))
		type reply struct {
			code int
			text []byte
		}
		refused := make(chan reply, maxUnknown+1)
		var calls sync.WaitGroup
		for range maxUnknown + 1 {
			body, rest := io.Pipe()
			context.AfterFunc(ctx, func() { rest.CloseWithError(context.Canceled) })
			calls.Go(func() {
				response, err := server.http.Do(post(ctx, token+"x", body))
				if err != nil {
					return // cancelled
				}
				defer response.Body.Close()
				text, _ := io.ReadAll(response.Body)
				refused <- reply{response.StatusCode, text}
			})
			calls.Go(func() { _, _ = rest.Write([]byte("{")) }) // the rest does not come
		}
		first := receive(t, refused, "refusal of the one too many")
		if first.code != http.StatusUnauthorized || failureOfJSON(t, string(first.text)) != want {
			t.Errorf("one too many is answered %d %s", first.code, first.text)
		}
		answer, text := send(t, server.http, post(contextFor(t), token, strings.NewReader(lineOf(t, request("x")))))
		if answer.StatusCode != http.StatusOK {
			t.Errorf("a call with a token: %s %s", answer.Status, text)
		}
		cancel()
		calls.Wait()
	})
}

// A token that is taken off the list opens nothing any more, and the stream that
// it opened takes no more articles; what it had taken is answered.
func TestTokenIsRevoked(t *testing.T) {
	server, dir, token := startTokens(t, nil)
	stream := server.openStream(t, bearing(contextFor(t), token), true)
	stream.send(batchMessage(numbered(1)))
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	authority.File(t, dir, "tokens", nil)
	server.server.guard.check()
	stream.send(batchMessage(numbered(2)))
	outcomes, err := stream.rest()
	if len(outcomes) != 0 {
		t.Errorf("%d more outcomes", len(outcomes))
	}
	checkFailure(t, err, failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_CREDENTIALS_EXPIRED, ""})
	_, err = server.ExtractEvents(bearing(contextFor(t), token), request("x"))
	checkFailure(t, err, failure{codes.Unauthenticated, depechev1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, ""})
}

// A stream whose credentials expire ends so that it can be resumed with others:
// what was taken is answered, nothing after.
func TestStreamOutlivesItsCredentials(t *testing.T) {
	var expired atomic.Bool
	engine := newBusy()
	server := start(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
		c.Authenticate = func(ctx context.Context) (context.Context, error) {
			return access.NewContext(ctx, access.NewClient("jwt:desk", func() bool { return !expired.Load() })), nil
		}
	})
	stream := server.openStream(t, contextFor(t), true)
	stream.send(batchMessage(numbered(1)))
	receive(t, engine.started, "article")
	expired.Store(true)
	stream.send(batchMessage(numbered(2)))
	close(engine.release)
	outcomes, err := stream.rest()
	if len(outcomes) != 1 || outcomes[0].GetExtraction() == nil {
		t.Errorf("outcomes are %v, want the first article's", outcomes)
	}
	checkFailure(t, err, failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_CREDENTIALS_EXPIRED, ""})
}

func TestClientCallsAndStreams(t *testing.T) {
	engine := newBusy()
	server := start(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
		c.Workers, c.ClientCalls, c.ClientStreams, c.RetryDelay = 3, 1, 1, 1500*time.Millisecond
		c.Authenticate = func(ctx context.Context) (context.Context, error) {
			return access.NewContext(ctx, access.NewClient(metadata.ValueFromIncomingContext(ctx, "name")[0], nil)), nil
		}
	})
	as := func(name string) context.Context {
		return metadata.AppendToOutgoingContext(contextFor(t), "name", name)
	}
	first := server.background(as("a"), "first")
	receive(t, engine.started, "first article")

	want := failure{codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_CLIENT_LIMIT, ""}
	var trailer metadata.MD
	_, err := server.ExtractEvents(as("a"), request("second"), grpc.Trailer(&trailer))
	checkFailure(t, err, want)
	if delay, pushback := retryDelay(err), trailer.Get(pushbackTrailer); delay != 1500*time.Millisecond || len(pushback) != 1 || pushback[0] != "1500" {
		t.Errorf("told to come again in %v, %v", delay, pushback)
	}
	other := server.background(as("b"), "other")
	receive(t, engine.started, "another client's article")

	stream := server.openStream(t, as("a"), true)
	stream.send(batchMessage(numbered(1)))
	receive(t, engine.started, "the stream's article")
	_, err = server.openStream(t, as("a"), true).rest()
	checkFailure(t, err, want)

	close(engine.release)
	if err := errors.Join(receive(t, first, "answer"), receive(t, other, "answer")); err != nil {
		t.Error(err)
	}
	stream.CloseSend()
	if _, err := stream.rest(); err != nil {
		t.Error(err)
	}
	if _, err := server.ExtractEvents(as("a"), request("later")); err != nil {
		t.Errorf("when the first has ended: %v", err)
	}
}

// Past the rate a call is refused and told when to come again; a stream waits,
// and loses nothing.
func TestClientRate(t *testing.T) {
	server := start(t, &fakeEngine{}, func(c *Config) { c.ClientRate, c.ClientBurst = 20, 1 })
	stream := server.openStream(t, contextFor(t), true)
	stream.send(batchMessage(numbered(1), numbered(2), numbered(3), numbered(4)))
	var refused error
	eventually(t, func() bool {
		_, refused = server.ExtractEvents(contextFor(t), request("x"))
		return refused != nil
	}, "call past the rate")
	checkFailure(t, refused, failure{codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_CLIENT_LIMIT, ""})
	if delay := retryDelay(refused); delay <= 0 || delay > time.Second/20 {
		t.Errorf("told to come again in %v", delay)
	}
	stream.CloseSend()
	if outcomes, err := stream.rest(); err != nil || len(outcomes) != 4 {
		t.Errorf("%d outcomes, %v", len(outcomes), err)
	}
}

// A server that runs reads its files again by itself.
func TestFilesAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dir, _ := startTokens(t, nil)
		token, line, err := access.NewToken("archive")
		if err != nil {
			t.Fatal(err)
		}
		authority.File(t, dir, "tokens", []byte(line))
		call := func() error {
			_, err := server.DescribeEngine(bearing(t.Context(), token), &depechev1.DescribeEngineRequest{})
			return err
		}
		if err := call(); status.Code(err) != codes.Unauthenticated {
			t.Errorf("before: %v", err)
		}
		time.Sleep(reload.Interval + time.Second) // the test's own clock
		if err := call(); err != nil {
			t.Errorf("after: %v", err)
		}
	})
}

func TestWhatIsOpenIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		config   Config
		warnings int
	}{
		"this machine alone":  {Config{Listen: "127.0.0.1:1", HTTP: "[::1]:1"}, 0},
		"everything":          {Config{Listen: ":1"}, 2},
		"by HTTP":             {Config{Listen: "localhost:1", HTTP: "192.0.2.1:1"}, 2},
		"tokens in the clear": {Config{Listen: ":1", Security: Security{Tokens: "tokens"}}, 1},
		"certificates":        {Config{Listen: ":1", Security: Security{TLSCert: "cert", TLSClientCA: "ca"}}, 0},
		"nobody is asked":     {Config{Listen: ":1", Security: Security{TLSCert: "cert"}}, 1},
	} {
		core, logs := observer.New(zap.WarnLevel)
		test.config.warnOpen(zap.New(core))
		if logs.Len() != test.warnings {
			t.Errorf("%s: %v, want %d warnings", name, logs.All(), test.warnings)
		}
	}
}

// check looks at the files now, as run does every reload.Interval.
func (g *guard) check() {
	if g.tls != nil {
		g.tls.Check()
	}
	g.gate.Check()
}

package server

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"time"

	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

var goingAway = failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_DRAINING, ""}

// The whole drain over a connection: calls and articles taken are answered, the
// streams end UNAVAILABLE, and the server ends although clients keep streams of
// every service open.
func TestDrainAnswersWhatWasTaken(t *testing.T) {
	for name, start := range map[string]func(testing.TB, Engine, func(*Config)) *running{"memory": start, "tcp": startTCP} {
		t.Run(name, func(t *testing.T) {
			const bound = 4
			engine := newBusy()
			server := start(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
				c.Workers, c.StreamArticles = 2*bound, bound
				c.DrainTimeout = testTimeout // never reached
			})
			watch, err := healthpb.NewHealthClient(server.conn).Watch(contextFor(t), &healthpb.HealthCheckRequest{Service: depechev1.ExtractionService_ServiceDesc.ServiceName})
			if err != nil {
				t.Fatal(err)
			}
			checkHealth(t, watch, healthpb.HealthCheckResponse_SERVING)
			reflection, err := reflectionpb.NewServerReflectionClient(server.conn).ServerReflectionInfo(contextFor(t))
			if err != nil {
				t.Fatal(err)
			}

			unary := server.background(contextFor(t), "unary")
			stream := server.openStream(t, contextFor(t), false)
			idle := server.openStream(t, contextFor(t), false)
			for sequence := range uint64(3 * bound) {
				stream.send(batchMessage(numbered(sequence)))
			}
			for range bound + 1 {
				receive(t, engine.started, "article")
			}

			server.stop()
			_, err = idle.rest() // it ends once nothing new is taken
			checkFailure(t, err, goingAway)
			close(engine.release)

			outcomes, err := stream.rest()
			checkFailure(t, err, goingAway)
			got := sequencesOf(outcomes)
			slices.Sort(got)
			if !slices.Equal(got, upTo(bound)) {
				t.Errorf("answered %v, want what was taken: %v", got, upTo(bound))
			}
			if err := receive(t, unary, "answer"); err != nil {
				t.Errorf("the call that was taken: %v", err)
			}
			if _, err := reflection.Recv(); status.Code(err) != codes.Unavailable {
				t.Errorf("reflection ends with %v", err)
			}
			for err = error(nil); err == nil; { // with no delay it may miss NOT_SERVING
				_, err = watch.Recv()
			}
			if status.Code(err) != codes.Unavailable {
				t.Errorf("watch ends with %v", err)
			}
			server.wait(t)
			if server.logs.FilterLevelExact(zap.WarnLevel).FilterMessageSnippet("bound").Len() != 0 {
				t.Errorf("the drain was cut off:\n%s", server.logged())
			}
		})
	}
}

func checkHealth(t testing.TB, watch healthpb.Health_WatchClient, want healthpb.HealthCheckResponse_ServingStatus) {
	t.Helper()
	got, err := watch.Recv()
	if err != nil || got.GetStatus() != want {
		t.Errorf("health is %v, %v; want %v", got.GetStatus(), err, want)
	}
}

// While balancers turn away, the server goes on as before.
func TestDrainDelayGoesOnServing(t *testing.T) {
	engine := newBusy()
	close(engine.release)
	server := start(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.DrainDelay = time.Hour })
	watch, err := healthpb.NewHealthClient(server.conn).Watch(contextFor(t), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	checkHealth(t, watch, healthpb.HealthCheckResponse_SERVING)
	server.stop()
	checkHealth(t, watch, healthpb.HealthCheckResponse_NOT_SERVING)
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Errorf("a call in the delay: %v", err)
	}
	server.server.Hurry()
	server.wait(t)
}

// What does not end within the bound, or when told to hurry, is cut off, also an
// engine that does not look at its context.
func TestDrainIsBounded(t *testing.T) {
	t.Run("by time", func(t *testing.T) { drainStuck(t, 10*time.Millisecond, func(*Server) {}) })
	t.Run("by haste", func(t *testing.T) { drainStuck(t, time.Hour, (*Server).Hurry) })
}

func drainStuck(t *testing.T, bound time.Duration, after func(*Server)) {
	stuck := make(chan struct{})
	started := make(chan struct{})
	engine := &fakeEngine{extract: func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
		close(started)
		<-stuck
		return answerTo(article), nil
	}}
	server := start(t, engine, func(c *Config) { c.DrainTimeout = bound })
	call := server.background(contextFor(t), "x")
	receive(t, started, "article")
	server.stop()
	after(server.server)
	server.wait(t)
	if code := status.Code(receive(t, call, "end of the call")); code != codes.Unavailable {
		t.Errorf("the call ends with %v", code)
	}
	if server.logs.FilterMessageSnippet("drain bound reached").Len() != 1 {
		t.Errorf("the log does not tell:\n%s", server.logged())
	}
	close(stuck)
}

// A listener that fails ends the server, which says so.
func TestFailingListenerEndsRun(t *testing.T) {
	broken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := testConfig(&fakeEngine{})
	config.Listen, config.Listeners = "127.0.0.1:0", []net.Listener{failing{broken}}
	server, err := config.Complete(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Run(contextFor(t)); !errors.Is(err, errBroken) {
		t.Errorf("run: %v", err)
	}
}

var errBroken = errors.New("broken")

type failing struct{ net.Listener }

func (failing) Accept() (net.Conn, error) { return nil, errBroken }

// Clients that vanish without a word free what they held.
func TestClientsVanish(t *testing.T) {
	const clients = 50
	engine := newBusy()
	server := startTCP(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.Workers = 2 * clients })
	for range clients {
		conn := server.dial(t)
		client := &running{ExtractionServiceClient: depechev1.NewExtractionServiceClient(conn)}
		stream := client.openStream(t, contextFor(t), true)
		stream.send(batchMessage(numbered(0)))
		client.background(contextFor(t), "unary")
		receive(t, engine.started, "article")
		receive(t, engine.started, "article")
		conn.Close()
	}
	for range 2 * clients {
		if err := receive(t, engine.ended, "end of the work"); !errors.Is(err, context.Canceled) {
			t.Errorf("work ended with %v", err)
		}
	}
	awaitNoStreams(t, server)
	awaitLoad(t, server, load{})
	if held := server.server.service.bulkHeld.Load(); held != 0 {
		t.Errorf("%d bytes are held", held)
	}
}

package server

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/tap"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Calls of all connections are counted together. One too many is refused at
// once, with when to come again; health answers all the same, and a call that
// has ended makes room.
func TestOpenCallsAreBounded(t *testing.T) {
	engine := newBusy()
	server := startTCP(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.MaxOpenCalls = 2 })
	first := server.background(contextFor(t), "x")
	receive(t, engine.started, "article")
	other := server.peer(t)
	other.call() // of which nothing more comes
	eventually(t, func() bool { return server.server.service.intake.open.Load() == 2 }, "second call")

	_, err := server.ExtractEvents(contextFor(t), request("y"))
	checkFailure(t, err, failure{codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, ""})
	if retryDelay(err) != server.server.service.retry {
		t.Errorf("RetryInfo is %v", retryDelay(err))
	}
	stream := server.stream(t, contextFor(t))
	_, err = stream.rest()
	checkFailure(t, err, failure{codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, ""})
	if _, err := healthpb.NewHealthClient(server.conn).Check(contextFor(t), &healthpb.HealthCheckRequest{}); err != nil {
		t.Errorf("health of a full server: %v", err)
	}

	close(engine.release)
	if err := receive(t, first, "answer"); err != nil {
		t.Errorf("the call that was admitted: %v", err)
	}
	other.conn.Close()
	eventually(t, func() bool { return server.server.service.intake.open.Load() == 0 }, "end of both calls")
	if _, err := server.ExtractEvents(contextFor(t), request("y")); err != nil {
		t.Errorf("a call when there is room: %v", err)
	}
}

// Of callers who send part of a long message only as many are received as have
// a turn; to the others the server opens no more than the first window.
func TestRequestsComeInByTurns(t *testing.T) {
	const length, turns, callers = 1 << 20, 2, 7
	server := startTCP(t, &fakeEngine{}, func(c *Config) {
		c.MaxMessageBytes, c.ReceiveBytes = length, turns*length
		c.ReceiveTimeout = time.Hour
	})
	peer := server.peer(t)
	for range callers {
		peer.message(peer.call(), length, make([]byte, 1<<10))
	}
	opened := func() uint32 {
		for {
			if update, ok := peer.read().(*http2.WindowUpdateFrame); ok && update.StreamID != 0 && update.Increment > 64<<10 {
				return update.StreamID
			}
		}
	}
	received := map[uint32]bool{opened(): true, opened(): true}
	waiting := server.background(contextFor(t), "x")
	peer.must(peer.framer.WritePing(false, [8]byte{1}))
	for pong := false; !pong; {
		switch frame := peer.read().(type) {
		case *http2.PingFrame:
			pong = frame.IsAck()
		case *http2.WindowUpdateFrame:
			if frame.StreamID != 0 && !received[frame.StreamID] {
				t.Errorf("a call without a turn has a window of %d bytes more", frame.Increment)
			}
		}
	}
	if taken := len(server.server.service.intake.turns); taken != turns {
		t.Errorf("%d calls have a turn, want %d", taken, turns)
	}
	peer.conn.Close() // who goes gives back its turn, or never takes it
	if err := receive(t, waiting, "answer"); err != nil {
		t.Errorf("a call that waited for its turn: %v", err)
	}
	eventually(t, func() bool {
		return len(server.server.service.intake.turns) == 0 && server.server.service.intake.open.Load() == 0
	}, "end of all calls")
}

// Who does not send its request in time is told so, and others have their turn.
func TestSlowRequestsAreCutOff(t *testing.T) {
	const length, callers = 1 << 20, 5
	server := startTCP(t, &fakeEngine{}, func(c *Config) {
		c.MaxMessageBytes, c.ReceiveBytes = length, length // one turn
		c.ReceiveTimeout = time.Millisecond
	})
	peer := server.peer(t)
	for range callers {
		peer.message(peer.call(), length, make([]byte, 1<<10))
	}
	for range callers {
		if code := peer.ended(); code != codes.DeadlineExceeded {
			t.Errorf("a request that does not come ends with %v", code)
		}
	}
}

// Only the turn is timed: a call that has been received may take its time, and
// one that waits for its turn too.
func TestTurnsAreTimed(t *testing.T) {
	const patience = time.Minute
	synctest.Test(t, func(t *testing.T) {
		arriving := newIntake(10, 1, patience, time.Second)
		call := func() context.Context {
			ctx, err := arriving.admit(t.Context(), &tap.Info{FullMethodName: depechev1.ExtractionService_ExtractEvents_FullMethodName})
			if err != nil {
				t.Fatal(err)
			}
			return arriving.TagRPC(ctx, nil)
		}
		slow, waiting := call(), call()
		arriving.HandleRPC(slow, &stats.Begin{})
		go arriving.HandleRPC(waiting, &stats.Begin{})
		time.Sleep(patience - time.Nanosecond)
		synctest.Wait()
		if slow.Err() != nil || waiting.Err() != nil {
			t.Errorf("before the time is over: %v and %v", slow.Err(), waiting.Err())
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if slow.Err() != context.DeadlineExceeded || waiting.Err() != nil {
			t.Errorf("when it is over: %v and %v", slow.Err(), waiting.Err())
		}
		arriving.HandleRPC(slow, &stats.End{})
		synctest.Wait() // the other has its turn
		arriving.HandleRPC(waiting, &stats.InPayload{})
		time.Sleep(10 * patience)
		synctest.Wait()
		if waiting.Err() != nil {
			t.Errorf("a call that was received ends with %v", waiting.Err())
		}
		arriving.HandleRPC(waiting, &stats.End{})
		if len(arriving.turns) != 0 {
			t.Errorf("%d turns are held", len(arriving.turns))
		}
	})
}

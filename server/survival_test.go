//go:build survival

package server

import (
	"context"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// watchStalls measures how late a bare timer fires meanwhile: what a bound on
// time has to allow for on a machine that others use. The result ends it.
func watchStalls() (worst func() time.Duration) {
	const tick = time.Millisecond
	stop, found := make(chan struct{}), make(chan time.Duration)
	go func() {
		var most time.Duration
		for {
			start := time.Now()
			select {
			case <-time.After(tick):
				most = max(most, time.Since(start)-tick)
			case <-stop:
				found <- most
				return
			}
		}
	}()
	return func() time.Duration {
		close(stop)
		return <-found
	}
}

// heap is what is live.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what finalizers kept
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return int64(now.HeapAlloc)
}

// Clients that send and do not read: the server stops reading, holds no more
// however long they push, and lets go when they go.
func TestSurvivalSlowReader(t *testing.T) {
	const streams, pushed = 16, 5 * time.Second
	const growth, release = 1 << 20, 10 * time.Millisecond
	var read atomic.Int64
	engine := &fakeEngine{extract: func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
		read.Add(1)
		answer := answerTo(article)
		text := strings.Repeat("a", 32<<10)
		answer.Text = &text
		return answer, nil
	}}
	server := startTCP(t, engine, quiet)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for range streams {
		stream := server.openStream(t, ctx, false)
		group.Go(func() {
			for sequence := uint64(0); ; sequence++ {
				if stream.Send(batchMessage(numbered(sequence))) != nil {
					return
				}
			}
		})
	}
	for last := int64(-1); last != read.Load(); { // until nothing moves
		last = read.Load()
		time.Sleep(time.Second)
	}
	before, readBefore := heap(), read.Load()
	time.Sleep(pushed)
	grown := heap() - before
	stalls := watchStalls()
	start := time.Now()
	cancel()
	awaitNoStreams(t, server)
	took := time.Since(start)
	stall := stalls()
	group.Wait()
	t.Logf("%d streams pushed for %v: %d articles read before, %d meanwhile; heap grew by %d KiB; released %v after the end, a bare timer was late by %v",
		streams, pushed, readBefore, read.Load()-readBefore, grown>>10, took, stall)
	if grown > growth {
		t.Errorf("heap grew by %d bytes, want at most %d", grown, growth)
	}
	if took > release+2*stall {
		t.Errorf("released after %v, want at most %v and the machine's own %v", took, release, 2*stall)
	}
	if held := server.server.service.bulkHeld.Load(); held != 0 {
		t.Errorf("%d bytes are held", held)
	}
}

// Two hundred clients vanish in the middle of their calls and streams.
func TestSurvivalClientsVanish(t *testing.T) {
	const clients, bound = 200, 100 * time.Millisecond
	engine := newBusy()
	server := startTCP(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
		quiet(c)
		c.Workers, c.MaxStreams, c.QueueCalls = 2*clients, clients, clients
	})
	if _, err := server.DescribeEngine(contextFor(t), &depechev1.DescribeEngineRequest{}); err != nil {
		t.Fatal(err) // by now the server runs
	}
	baseline := runtime.NumGoroutine()
	var conns []interface{ Close() error }
	for range clients {
		conn := server.dial(t)
		conns = append(conns, conn)
		client := &running{ExtractionServiceClient: depechev1.NewExtractionServiceClient(conn)}
		client.openStream(t, contextFor(t), false).send(batchMessage(numbered(0)))
		client.background(contextFor(t), "unary")
	}
	for range 2 * clients {
		receive(t, engine.started, "article")
	}
	stalls := watchStalls()
	start := time.Now()
	for _, conn := range conns {
		conn.Close()
	}
	for range 2 * clients {
		receive(t, engine.ended, "end of the work")
	}
	took := time.Since(start)
	awaitNoStreams(t, server)
	stall := stalls()
	eventually(t, func() bool { return runtime.NumGoroutine() <= baseline }, "return to %d goroutines", baseline)
	t.Logf("%d clients with a stream and a call each vanished: all work was cancelled within %v, a bare timer was late by %v; %d goroutines as before",
		clients, took, stall, runtime.NumGoroutine())
	if took > bound+2*stall {
		t.Errorf("work was cancelled after %v, want at most %v and the machine's own %v", took, bound, 2*stall)
	}
}

// While some connections open and reset calls as fast as they can, others ping
// without end and others send noise, a well-behaved one is answered.
func TestSurvivalFloods(t *testing.T) {
	const resets, pings, noises, calls = 50000, 500000, 200, 1000
	const bound = 100 * time.Millisecond
	var working, most atomic.Int64
	engine := &fakeEngine{extract: func(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
		now := working.Add(1)
		defer working.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		return answerTo(article), nil
	}}
	server := startTCP(t, engine, quiet)
	address := server.server.Addrs()[0].String()
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Fatal(err)
	}

	dial := func() net.Conn {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Error(err)
			return nil
		}
		return conn
	}
	// What comes back is read and thrown away.
	flooding := func(n int, send func(p *peer, i int) error) (sent int) {
		for sent < n {
			conn := dial()
			if conn == nil {
				return sent
			}
			p := newPeer(t, conn)
			drained := make(chan struct{})
			go func() {
				defer close(drained)
				buffer := make([]byte, 64<<10)
				for {
					if _, err := conn.Read(buffer); err != nil {
						return
					}
				}
			}()
			for err := error(nil); err == nil && sent < n; sent++ {
				err = send(p, sent)
			}
			conn.Close()
			<-drained
		}
		return sent
	}
	var flooded sync.WaitGroup
	var connections atomic.Int64
	flooded.Go(func() {
		flooding(resets, func(p *peer, _ int) error {
			stream := p.next
			p.next += 2
			if err := p.headers(stream); err != nil {
				return err
			}
			return p.framer.WriteRSTStream(stream, http2.ErrCodeCancel)
		})
	})
	flooded.Go(func() {
		flooding(pings, func(p *peer, i int) error {
			if p.next == 1 {
				connections.Add(1)
				p.next += 2
			}
			return p.framer.WritePing(false, [8]byte{byte(i)})
		})
	})
	flooded.Go(func() {
		noise := rand.New(rand.NewPCG(1, 2))
		for i := range noises {
			conn := dial()
			if conn == nil {
				return
			}
			bytes := make([]byte, 1<<10)
			for j := range bytes {
				bytes[j] = byte(noise.Uint32())
			}
			if i%2 == 0 { // half of them begin well
				bytes = append([]byte(http2.ClientPreface), bytes...)
			}
			conn.Write(bytes)
			conn.Close()
		}
	})
	done := make(chan struct{})
	go func() { flooded.Wait(); close(done) }()

	stalls := watchStalls()
	var waits []time.Duration
	var calling atomic.Int64
	for over := false; !over || len(waits) < calls; {
		start := time.Now()
		if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
			t.Fatalf("a call of the well-behaved: %v", err)
		}
		waits = append(waits, time.Since(start))
		calling.Store(max(calling.Load(), server.server.service.intake.open.Load()))
		select {
		case <-done:
			over = true
		default:
		}
	}
	stall := stalls()
	slices.Sort(waits)
	p99 := waits[len(waits)*99/100]
	t.Logf("%d resets, %d pings over %d connections, %d connections of noise: %d calls of another p50 %v, p99 %v, longest %v, a bare timer was late by %v; %d calls open at most",
		resets, pings, connections.Load(), noises, len(waits), waits[len(waits)/2], p99, waits[len(waits)-1], stall, calling.Load())
	if p99 > bound+stall {
		t.Errorf("p99 is %v, want at most %v and the machine's own %v", p99, bound, stall)
	}
	if limit := int64(server.server.service.describe.GetLimits().GetMaxConcurrentCalls()); calling.Load() > 3*limit+1 {
		t.Errorf("%d calls were open at once", calling.Load())
	}
	eventually(t, func() bool { return server.server.service.intake.open.Load() == 0 && working.Load() == 0 }, "end of all calls")
}

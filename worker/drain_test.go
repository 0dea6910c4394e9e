package worker

import (
	"fmt"
	"testing"
	"time"
)

// Told to end, a worker takes nothing more and ends what it has in hand.
func TestDrain(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	defer g.release()
	c := b.config(g)
	c.InFlight = 2
	b.create(c)
	for i := range 10 {
		b.put(fmt.Sprint(i), "Mali")
	}
	r := b.run(c)
	receive(t, g.entered, "article")
	receive(t, g.entered, "article")
	r.stop()
	b.await(func() bool { return r.Ready() != nil }, "drain")
	g.release()
	r.end(t)
	if n := len(b.answered(2)); n != 2 {
		t.Errorf("%d answers, want those in hand", n)
	}
	consumer, err := b.js.Consumer(b.context(), c.Stream, c.Durable)
	if err != nil {
		t.Fatal(err)
	}
	if info := consumer.CachedInfo(); info.NumAckPending != 0 || info.NumPending != 8 {
		t.Errorf("%d in hand, %d wait; want 0 and 8", info.NumAckPending, info.NumPending)
	}
}

// What does not end within the drain bound is given back at once, and costs the
// article no attempt.
func TestDrainBound(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	c := b.config(g)
	c.DrainTimeout = time.Millisecond
	c.MaxDeliver = 2
	b.create(c)
	b.put("slow", "Mali")
	for range 4 {
		r := b.run(c)
		receive(t, g.entered, "article")
		r.end(t)
		if n := r.count(t, retried, "OK"); n != 1 {
			t.Errorf("%d given back", n)
		}
	}
	g.release()
	b.run(c)
	if got := b.answered(1); got["slow"] != 1 {
		t.Errorf("answers %v", got)
	}
	b.emptied()
}

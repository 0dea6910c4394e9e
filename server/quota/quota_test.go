package quota

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestCallsAndStreams(t *testing.T) {
	c := New(Limits{Calls: 2, Streams: 1})
	one, ok1 := c.Call("a")
	_, ok2 := c.Call("a")
	if _, ok := c.Call("a"); !ok1 || !ok2 || ok {
		t.Errorf("calls of a: %v %v %v, want the third refused", ok1, ok2, ok)
	}
	if _, ok := c.Call("b"); !ok {
		t.Error("b is held back for a")
	}
	if _, ok := c.Stream("a"); !ok {
		t.Error("a's calls count as streams")
	}
	if _, ok := c.Stream("a"); ok {
		t.Error("a second stream is let in")
	}
	one.Leave()
	if _, ok := c.Call("a"); !ok {
		t.Error("a call that ended still counts")
	}
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Limits{Rate: 2, Burst: 3})
		use, _ := c.Call("a")
		stream, _ := c.Stream("a")
		for i := range 3 {
			if wait := use.Take(); wait != 0 {
				t.Errorf("article %d of the burst waits %v", i, wait)
			}
		}
		for range 3 { // asking costs nothing
			if wait := stream.Take(); wait != 500*time.Millisecond {
				t.Fatalf("waits %v, want half a second", wait)
			}
		}
		other, _ := c.Call("b")
		if wait := other.Take(); wait != 0 {
			t.Errorf("b waits %v for a", wait)
		}
		time.Sleep(500 * time.Millisecond) // the test's own clock
		if wait := stream.Take(); wait != 0 {
			t.Errorf("waits %v longer than it was told", wait)
		}
		if use.Take() == 0 {
			t.Error("one article's time was enough for two")
		}
	})
}

// However many come, the memory is bounded, and nobody gets more for it.
func TestClientsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Limits{Rate: 1, Burst: 1, Calls: 1})
		c.max = 8
		var uses []*Use
		for i := range c.max {
			use, _ := c.Call(strconv.Itoa(i))
			use.Take()
			uses = append(uses, use)
		}
		first, ok := c.Call("new")
		if _, again := c.Call("newer"); !ok || again {
			t.Errorf("those without room: %v, then %v; want one share for both", ok, again)
		}
		first.Leave()
		uses[0].Leave()
		time.Sleep(forgetInterval)
		if c.Call("new"); len(c.shares) != c.max || c.shares["new"] == nil || c.shares["0"] != nil {
			t.Errorf("%d shares, and those who rest are not forgotten for the new", len(c.shares))
		}
		if _, ok := c.Call("1"); ok {
			t.Error("a running call was forgotten")
		}
	})
}

func TestNoLimits(t *testing.T) {
	if (Limits{}).Set() || !(Limits{Streams: 1}).Set() {
		t.Error("Set is wrong")
	}
	none := FromContext(t.Context())
	if wait := none.Take(); wait != 0 {
		t.Errorf("waits %v", wait)
	}
	none.Leave()
	use, _ := New(Limits{Calls: 1}).Call("a")
	if FromContext(NewContext(context.Background(), use)) != use {
		t.Error("the use is lost on the way")
	}
	if wait := use.Take(); wait != 0 {
		t.Errorf("waits %v without a rate", wait)
	}
}

package server

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// schedule starts one worker on a pool that has been filled, and tells in which
// order it runs the jobs.
func schedule(t *testing.T, fill func(p *pool, named func(name string) *job)) []string {
	t.Helper()
	var order []string
	synctest.Test(t, func(t *testing.T) {
		p := newPool(100, 1<<20)
		fill(p, func(name string) *job {
			return &job{run: func() { order = append(order, name) }, bytes: 1}
		})
		p.start(1)
		synctest.Wait()
		p.close()
	})
	return order
}

func TestPoolTakesTurns(t *testing.T) {
	tests := []struct {
		name  string
		calls int
		lanes []int // jobs of each stream
		want  string
	}{
		{"calls alone, oldest first", 5, nil, "u0 u1 u2 u3 u4"},
		{"a stream alone", 0, []int{3}, "a0 a1 a2"},
		{"streams in turn, however long", 0, []int{5, 1, 2}, "a0 b0 c0 a1 c1 a2 a3 a4"},
		{"calls wait behind one article in four", 7, []int{3}, "u0 u1 u2 a0 u3 u4 u5 a1 u6 a2"},
		{"streams share their turns", 9, []int{9, 9}, "u0 u1 u2 a0 u3 u4 u5 b0 u6 u7 u8 a1 b1 a2 b2 a3 b3 a4 b4 a5 b5 a6 b6 a7 b7 a8 b8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := schedule(t, func(p *pool, named func(string) *job) {
				for i, n := range test.lanes {
					l := p.newLane()
					for j := range n {
						l.add(named(string(rune('a'+i)) + string(rune('0'+j))))
					}
				}
				for i := range test.calls {
					if !p.offer(named("u" + string(rune('0'+i)))) {
						t.Fatal("no room")
					}
				}
			})
			if want := strings.Fields(test.want); !slices.Equal(got, want) {
				t.Errorf("order is\n%v, want\n%v", got, want)
			}
		})
	}
}

func TestPoolBoundsItsQueue(t *testing.T) {
	nothing := func() {}
	p := newPool(3, 100)
	offers := []struct {
		bytes int64
		taken bool
	}{{90, true}, {20, false}, {10, true}, {0, true}, {0, false}}
	for i, offer := range offers {
		if taken := p.offer(&job{run: nothing, bytes: offer.bytes}); taken != offer.taken {
			t.Errorf("offer %d of %d bytes: taken is %v", i, offer.bytes, taken)
		}
	}
	// One that is longer than the bound is taken when it stands alone.
	if p := newPool(3, 100); !p.offer(&job{run: nothing, bytes: 1000}) {
		t.Error("a long article was refused by an idle server")
	}
}

func TestPoolForgetsWhatIsWithdrawn(t *testing.T) {
	got := schedule(t, func(p *pool, named func(string) *job) {
		gone := named("gone")
		p.offer(named("first"))
		p.offer(gone)
		p.withdraw(gone)
		p.withdraw(gone) // has no effect
		p.offer(named("last"))
		if p.callBytes != 2 {
			t.Errorf("%d bytes wait, want 2", p.callBytes)
		}
		kept, dropped := p.newLane(), p.newLane()
		dropped.add(named("dropped"))
		kept.add(named("kept"))
		dropped.drop()
		p.newLane().drop() // one that never had a job
	})
	if want := []string{"first", "last", "kept"}; !slices.Equal(got, want) {
		t.Errorf("order is %v, want %v", got, want)
	}
}

// The bytes of a call are freed when a worker takes it.
func TestPoolCountsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(10, 100)
		p.offer(&job{run: func() {}, bytes: 90})
		p.start(1)
		synctest.Wait()
		if p.callBytes != 0 {
			t.Errorf("%d bytes wait, want none", p.callBytes)
		}
		p.close()
	})
}

// close waits for what runs and leaves what waits.
func TestPoolCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(10, 1<<20)
		release := make(chan struct{})
		ran := 0
		p.start(1)
		for range 2 {
			p.offer(&job{run: func() { <-release; ran++ }})
		}
		synctest.Wait()
		closed := make(chan struct{})
		go func() { p.close(); close(closed) }()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("closed while a job runs")
		default:
		}
		close(release)
		<-closed
		if ran != 1 {
			t.Errorf("%d jobs ran, want 1", ran)
		}
	})
}

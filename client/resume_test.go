package client

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Eight streams of a thousand articles to two servers, one of which is replaced
// in each round, killed and drained in turn: what is answered is what was sent.
func TestResumeSurvivesServers(t *testing.T) {
	const streams, articles, rounds = 8, 1000, 30
	servers := newFleet(t)
	addresses := []string{"a:1", "b:1"}
	for _, address := range addresses {
		servers.start(address, &fake{})
	}
	c := servers.client(t, strings.Join(addresses, ","))

	var delivered, replaced atomic.Int64
	var replacing sync.Mutex
	replace := func() {
		replacing.Lock()
		defer replacing.Unlock()
		round := replaced.Add(1)
		address := addresses[round%2]
		if round/2%2 == 0 {
			servers.kill(address)
		} else {
			servers.drain(address)
		}
		servers.start(address, &fake{})
	}
	var group sync.WaitGroup
	for range streams {
		group.Go(func() {
			results := newTally(t)
			for result, err := range c.Stream(t.Context(), numbered(articles), WithStreams(2), WithWindow(64, 1<<20), withPause(time.Millisecond), WithAttempts(1000)) {
				if err != nil {
					t.Errorf("after %d results: %v", len(results.seen), err)
					return
				}
				results.add(result)
				// In the loop, so that every round falls into the run.
				if n := delivered.Add(1); n%(streams*articles/(rounds+1)) == 0 {
					replace()
				}
			}
			results.complete(articles)
			for index, err := range results.errs {
				t.Errorf("article %d: %v", index, err)
			}
		})
	}
	group.Wait()
	if replaced.Load() < rounds {
		t.Errorf("%d servers replaced, want at least %d", replaced.Load(), rounds)
	}
}

// Nothing listens at one of two addresses; the other one does all the work.
func TestResumeWithOneServerDown(t *testing.T) {
	servers := newFleet(t)
	servers.start("b:1", &fake{})
	c := servers.client(t, "a:1,b:1")
	results := newTally(t)
	for result, err := range c.Stream(t.Context(), numbered(500), WithOrder()) {
		if err != nil {
			t.Fatal(err)
		}
		results.add(result)
	}
	results.complete(500)
}

// Work reaches a server that was not there when the stream began.
func TestStreamsSpreadOverServers(t *testing.T) {
	servers := newFleet(t)
	var work [2]atomic.Int64
	counting := func(i int) *fake {
		return &fake{answer: func(context.Context, *depechev1.Article) (error, bool) { work[i].Add(1); return nil, false }}
	}
	servers.start("a:1", counting(0))
	c := servers.client(t, "a:1,b:1")
	const enough, tooMany = 1000, 1 << 20
	corpus := func(yield func(*depechev1.Article) bool) {
		for i := range tooMany {
			if work[1].Load() >= enough || !yield(article(i)) {
				return
			}
		}
	}
	results := newTally(t)
	for result, err := range c.Stream(t.Context(), corpus) {
		if err != nil {
			t.Fatal(err)
		}
		if results.add(result); len(results.seen) == 100 {
			servers.start("b:1", counting(1))
		}
	}
	results.complete(len(results.seen))
	if work[1].Load() < enough {
		t.Errorf("the server that came later answered %d of %d articles", work[1].Load(), len(results.seen))
	}
}

// An article that ends every stream it is sent on fails alone.
func TestPoisonFailsAlone(t *testing.T) {
	const poison, articles = 137, 500
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%v", ordered), func(t *testing.T) {
			servers := newFleet(t)
			var deaths atomic.Int64
			deadly := func(_ context.Context, a *depechev1.Article) (error, bool) {
				if a.GetId() == article(poison).GetId() {
					deaths.Add(1)
					return status.Error(codes.Unavailable, "connection reset"), true
				}
				return nil, false
			}
			servers.start("a:1", &fake{answer: deadly})
			servers.start("b:1", &fake{answer: deadly})
			c := servers.client(t, "a:1,b:1")
			options := []StreamOption{withPause(time.Millisecond)}
			if ordered {
				options = append(options, WithOrder())
			}
			results := newTally(t)
			for result, err := range c.Stream(t.Context(), numbered(articles), options...) {
				if err != nil {
					t.Fatal(err)
				}
				results.add(result)
			}
			results.complete(articles)
			if status.Code(results.errs[poison]) != codes.Unavailable || len(results.errs) != 1 {
				t.Errorf("errors are %v, want one for article %d", results.errs, poison)
			}
			if n := deaths.Load(); n != suspectAfter+convictAfter {
				t.Errorf("%d streams ended, want %d", n, suspectAfter+convictAfter)
			}
		})
	}
}

package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// The NATS server goes away and comes back in the middle.
func TestServerRestarts(t *testing.T) {
	const articles = 300
	b := newBroker(t)
	var read atomic.Int64
	restart := make(chan struct{})
	c := b.config(fakeEngine(func(ctx context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
		if read.Add(1) == articles/3 {
			close(restart)
		}
		return echo(ctx, a)
	}))
	c.AckWait = time.Second
	b.create(c)
	var ids []string
	for i := range articles {
		ids = append(ids, fmt.Sprint(i))
		b.put(ids[i], "Mali")
	}
	r := b.run(c)
	receive(t, restart, "third of the articles")
	b.restart()
	b.exactlyOnce(b.answered(articles), ids)
	b.emptied()
	if testutil.ToFloat64(r.metrics.reconnects) == 0 || testutil.ToFloat64(r.metrics.connected) != 1 {
		t.Error("no reconnect was counted")
	}
	if log := r.logged(); !strings.Contains(log, "NATS is gone") || !strings.Contains(log, "NATS is back") {
		t.Errorf("the log does not tell:\n%s", log)
	}
	b.await(func() bool { return r.Ready() == nil }, "readiness")
}

// A worker that asks in vain while the server is away leaves nothing behind.
func TestServerAway(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	b.create(c)
	r := b.run(c)
	b.await(func() bool { return r.Ready() == nil }, "readiness")
	b.server.Close()
	const inVain = "no articles can be had"
	b.await(func() bool { return r.logs.FilterMessage(inVain).Len() >= 1 }, "failure")
	before := r.conn.NumSubscriptions()
	b.await(func() bool { return r.logs.FilterMessage(inVain).Len() >= 2 }, "second failure")
	if after := r.conn.NumSubscriptions(); after > before {
		t.Errorf("%d subscriptions, and %d after another failure", before, after)
	}
}

// crash ends a worker as a kill does: nothing is acknowledged, nothing given
// back.
func (r *running) crash() { r.conn.Close() }

// Workers die at random, of articles or without a cause. Every article is
// answered once, and the dead letters are those that kill.
func TestWorkersDie(t *testing.T) {
	const articles, killers = 400, 3
	b := newBroker(t)
	var alive []*running
	var read atomic.Int64
	crash := make(chan struct{}, articles)
	start := func() {
		me := make(chan *running, 1)
		c := b.config(fakeEngine(func(ctx context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
			if strings.HasPrefix(a.GetId(), "killer") {
				r := <-me
				r.crash()
				me <- r
				crash <- struct{}{}
				return nil, errors.New("dead")
			}
			if read.Add(1)%97 == 0 {
				crash <- struct{}{}
			}
			return echo(ctx, a)
		}))
		c.AckWait = 300 * time.Millisecond
		c.MaxDeliver = 3
		c.DrainTimeout = 10 * time.Millisecond
		r := b.run(c)
		me <- r
		alive = append(alive, r)
	}
	c := b.config(fakeEngine(echo))
	c.AckWait = 300 * time.Millisecond
	b.create(c)
	ids, dead := b.putWithKillers(articles, killers)
	start()
	start()
	deaths := 0
	b.await(func() bool {
		for {
			select {
			case <-crash:
			default:
				return b.count("DEPECHE_ARTICLES") == 0
			}
			deaths++
			victim := 0
			if i := slices.IndexFunc(alive, func(r *running) bool { return r.conn.IsClosed() }); i >= 0 {
				victim = i
			}
			alive[victim].crash()
			alive[victim].stop()
			alive = slices.Delete(alive, victim, victim+1)
			start()
		}
	}, "end of the articles")
	b.exactlyOnce(b.answered(len(ids)), ids)
	b.exactlyOnce(b.deadLetters(ReasonTooManyDeliveries), dead)
	t.Logf("%d deaths", deaths)
	if deaths < 3*len(dead) {
		t.Errorf("%d deaths: that tests little", deaths)
	}
}

//go:build survival

package endtoend

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

// rebalance streams to two servers for long, adds a third and then kills one,
// under load. The list of servers changes as a headless Service's DNS name does:
// the client is told of the third, and goes on being told of the dead one for a
// while. Long streams move because the servers let no connection grow old. Work
// evens out, and every article is delivered once.
func rebalance(ctx context.Context, t *testing.T, program string) {
	const (
		age     = 2 * time.Second // of connections, and then as much for their streams
		window  = 5 * age         // over which the shares are counted
		streams = 12
		even    = 0.4 // the least share, as a part of the largest
	)
	var servers []*process
	for range 3 {
		servers = append(servers, launch(ctx, t, program, []string{"GOMAXPROCS=1"},
			"--max-connection-age", age.String(), "--max-connection-age-grace", age.String()))
	}
	addresses := manual.NewBuilderWithScheme("fleet")
	list := func(of ...*process) (state resolver.State) {
		for _, p := range of {
			state.Endpoints = append(state.Endpoints, resolver.Endpoint{Addresses: []resolver.Address{{Addr: p.address}}})
		}
		return state
	}
	addresses.InitialState(list(servers[0], servers[1]))
	c, err := client.Dial("fleet:///depeche", client.WithInsecure(), client.WithDialOptions(grpc.WithResolvers(addresses)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	// The steps are told apart by what is delivered, and each lasts until the
	// connections of the step before it have grown old.
	var over atomic.Bool
	input := func(yield func(*depechev1.Article) bool) {
		for i := 0; !over.Load(); i++ {
			if !yield(&depechev1.Article{Id: name(0, i), Body: &depechev1.Article_Text{Text: "La police a arrêté trois manifestants samedi à Montréal."}, Language: "fr"}) {
				return
			}
		}
	}
	answered := func(p *process) float64 { return p.metric(t, "depeche_articles_total", `reason="OK"`) }
	type step struct {
		name  string
		begin func()
		alive []*process
	}
	steps := []step{
		{"two servers", func() {}, servers[:2]},
		{"a third added", func() { addresses.UpdateState(list(servers...)) }, servers},
		{"one killed, still listed", func() { servers[0].kill() }, servers[1:]},
		{"the dead one off the list", func() { addresses.UpdateState(list(servers[1:]...)) }, servers[1:]},
		{"it is back", func() { servers[0].start(ctx, t); addresses.UpdateState(list(servers...)) }, servers},
	}
	at := 0
	steps[0].begin()
	settled := time.Now().Add(3 * age)
	counting := false
	var until time.Time
	var before []float64
	seen := map[uint64]int{}
	for result, err := range c.Stream(ctx, input, client.WithStreams(streams)) {
		if err != nil {
			t.Fatal(err)
		}
		if result.Err != nil {
			t.Errorf("article %d: %v", result.Index, result.Err)
		} else if want := name(0, int(result.Index)); result.Extraction.GetArticleId() != want {
			t.Errorf("the answer to %s is %s's", want, result.Extraction.GetArticleId())
		}
		seen[result.Index]++
		switch {
		case over.Load() || !counting && time.Now().Before(settled):
		case !counting:
			counting, until, before = true, time.Now().Add(window), nil
			for _, p := range steps[at].alive {
				before = append(before, answered(p))
			}
		case time.Now().Before(until):
		default:
			var shares []string
			least, most, all := 1e18, 0.0, 0.0
			for i, p := range steps[at].alive {
				share := answered(p) - before[i]
				least, most, all = min(least, share), max(most, share), all+share
				shares = append(shares, fmt.Sprintf("%.0f", share))
			}
			t.Logf("%s: of %.0f articles each answered %s; the least has %.2f of the most", steps[at].name, all, strings.Join(shares, ", "), least/most)
			if least < even*most {
				t.Errorf("%s: work is uneven", steps[at].name)
			}
			counting = false
			if at++; at == len(steps) {
				over.Store(true)
				continue
			}
			steps[at].begin()
			settled = time.Now().Add(3 * age)
		}
	}
	for i := range uint64(len(seen)) {
		if seen[i] != 1 {
			t.Errorf("article %d was delivered %d times", i, seen[i])
		}
	}
	t.Logf("%d articles, each delivered once", len(seen))
}

// keepQuiet keeps a stream open and silent while the other cases run, until
// gRPC's patience with frequent probes would be at its end: the first probe is
// free, the fourth that comes too early ends the connection. The client probes
// every minute; the server is told to bear no more than one in 50 s, its default
// is one in 10 s. The result waits for the end and checks it.
func keepQuiet(ctx context.Context, t *testing.T, program string) func(*testing.T) {
	const probe, probes = time.Minute, 4
	p := launch(ctx, t, program, nil, "--keepalive-min-time=50s", "--keepalive-time=1h", "--stream-idle-timeout=1h")
	c, err := client.Dial(p.address, client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	quiet, cancel := context.WithCancel(ctx)
	t.Cleanup(cancel)
	speak := time.Now().Add(probes*probe + probe/6)
	done := make(chan error, 1)
	go func() {
		defer c.Close()
		input := func(yield func(*depechev1.Article) bool) {
			for i, article := range []*depechev1.Article{longArticle(200), longArticle(300)} {
				if i == 1 {
					select {
					case <-time.After(time.Until(speak)):
					case <-quiet.Done():
						return
					}
				}
				if !yield(article) {
					return
				}
			}
		}
		for result, err := range c.Stream(quiet, input, client.WithStreams(1)) {
			if err == nil {
				err = result.Err
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	return func(t *testing.T) {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if opened := p.metric(t, "grpc_server_started_total", `grpc_method="StreamEvents"`); opened != 1 {
			t.Errorf("%.0f streams were opened: the connection was lost", opened)
		}
		t.Logf("a stream was silent for %v over %d probes, on one connection", probes*probe, probes)
	}
}

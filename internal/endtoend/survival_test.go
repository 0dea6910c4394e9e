//go:build survival

package endtoend

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/wire"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const survivalBound = 25 * time.Minute

// TestSurvival does to the real program, as processes of its own, what
// production does to it. Each case logs its figures, which docs/reliability.md
// records.
func TestSurvival(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), survivalBound)
	defer cancel()
	program := build(ctx, t)
	quiet := keepQuiet(ctx, t, program)
	for _, test := range []struct {
		name string
		run  func(context.Context, *testing.T, string)
	}{
		{"SIGTERM", func(ctx context.Context, t *testing.T, program string) { replace(ctx, t, program, false) }},
		{"SIGKILL", func(ctx context.Context, t *testing.T, program string) { replace(ctx, t, program, true) }},
		{"Rebalance", rebalance},
		{"LoadHeld", loadHeld},
		{"MemoryCap", memoryCap},
		{"HugeAnswers", hugeAnswers},
		{"Deadline", deadline},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(ctx, t, program) })
	}
	t.Run("Keepalive", quiet)
}

// replace sends eight streams of a thousand articles to two processes. In each
// of thirty rounds one ends and a new one takes its place: what is answered is
// what was sent, and after SIGTERM the exit code is 0 within the bound.
func replace(ctx context.Context, t *testing.T, program string, kill bool) {
	const streams, articles, rounds = 8, 1000, 30
	var processes [2]*process
	for i := range processes {
		processes[i] = launch(ctx, t, program, nil)
	}
	var delivered atomic.Int64
	var replacing sync.Mutex
	replaced := 0
	var longest time.Duration
	round := func() {
		replacing.Lock()
		defer replacing.Unlock()
		p := processes[replaced%2]
		replaced++
		start := time.Now()
		if kill {
			p.kill()
		} else {
			p.terminate(t)
		}
		longest = max(longest, time.Since(start))
		p.start(ctx, t)
	}
	c, err := client.Dial(processes[0].address+","+processes[1].address, client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	start := time.Now()
	var group sync.WaitGroup
	for stream := range streams {
		group.Go(func() {
			check(t, articles, stream, c.Stream(ctx, corpus(stream, articles)), func() {
				if delivered.Add(1)%(streams*articles/(rounds+1)) == 0 {
					round()
				}
			})
		})
	}
	group.Wait()
	if replaced < rounds {
		t.Errorf("%d servers replaced, want %d", replaced, rounds)
	}
	t.Logf("%d articles over %d rounds in %v, each delivered once; a server took %v to end at most",
		delivered.Load(), replaced, time.Since(start).Round(time.Millisecond), longest.Round(time.Millisecond))
}

// loadHeld holds a load for a minute: no call fails, and a run that did next to
// nothing fails. What is expected comes from the engine alone, measured on the
// same machine just before.
func loadHeld(ctx context.Context, t *testing.T, program string) {
	const callers, held, calibration = 8, time.Minute, 5 * time.Second
	const (
		leastShare = 0.4 // of the engine's rate; the client has to share the cores
		mostWait   = 6   // 99th percentile, as a multiple of a caller's turn
	)
	x, err := extract.New(extract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	alone := wire.NewEngine(x)
	article := longArticle(3 << 10)
	ask := func(length time.Duration, ask func() error) (waits []time.Duration) {
		var mu sync.Mutex
		var group sync.WaitGroup
		end := time.Now().Add(length)
		for range callers {
			group.Go(func() {
				for time.Now().Before(end) {
					start := time.Now()
					if err := ask(); err != nil {
						t.Errorf("call: %v", err)
						return
					}
					mu.Lock()
					waits = append(waits, time.Since(start))
					mu.Unlock()
				}
			})
		}
		group.Wait()
		slices.Sort(waits)
		return waits
	}
	expected := len(ask(calibration, func() error {
		_, err := alone.Extract(ctx, article, nil)
		return err
	}))
	p := launch(ctx, t, program, nil)
	c, err := client.Dial(p.address, client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	waits := ask(held, func() error {
		_, err := c.Extract(ctx, article)
		return err
	})
	if len(waits) == 0 {
		t.Fatal("nothing was answered")
	}
	share := float64(len(waits)) / held.Seconds() / (float64(expected) / calibration.Seconds())
	turn := time.Duration(float64(held) * callers / float64(len(waits))) // the mean wait of a caller
	p99 := waits[len(waits)*99/100]
	_, peak := p.memory(t)
	t.Logf("%d calls by %d callers in %v, none failed; %.2f of the engine's own rate; p50 %.2f, p99 %.2f and longest %.2f times the mean; %d MiB at most",
		len(waits), callers, held, share, ratio(waits[len(waits)/2], turn), ratio(p99, turn), ratio(waits[len(waits)-1], turn), peak>>20)
	if share < leastShare {
		t.Errorf("the rate is %.2f of the engine's own, want at least %.2f", share, leastShare)
	}
	if ratio(p99, turn) > mostWait {
		t.Errorf("p99 is %v, %.1f times the mean, want at most %d", p99, ratio(p99, turn), mostWait)
	}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// longArticle is prose of at least a length, each sentence other than the one before.
func longArticle(bytes int) *depechev1.Article {
	towns := []string{"Kirkouk", "Gao", "Donetsk", "Mossoul", "Kandahar", "Goma", "Taëz"}
	acts := []string{"L'armée a repris %s aux rebelles après deux jours de combats.", "Des manifestants ont défilé dans le centre de %s pour demander la démission du gouverneur.", "Une bombe a tué douze civils sur un marché de %s, selon la police.", "Le ministre de la Défense s'est rendu à %s, où il a rencontré les chefs des milices."}
	var body strings.Builder
	for i := 0; body.Len() < bytes; i++ {
		fmt.Fprintf(&body, acts[i%len(acts)]+" ", towns[i%len(towns)])
	}
	return &depechev1.Article{Body: &depechev1.Article_Text{Text: body.String()}, Language: "fr"}
}

// memoryCap sends a thousand streams of two hundred articles to a process whose
// Go memory is capped little above what it holds at rest. Those that find no
// place are told when to come again, and every article is answered.
func memoryCap(ctx context.Context, t *testing.T, program string) {
	const streams, articles = 1000, 200
	const limit, outside = 256 << 20, 96 << 20 // what Go may hold, and the binary and stacks besides
	p := launch(ctx, t, program, []string{"GOMEMLIMIT=256MiB"}, "--retry-delay=2s")
	atRest, _ := p.memory(t)

	var told atomic.Int64
	var group sync.WaitGroup
	start := time.Now()
	clients := make([]*client.Client, 10) // a hundred streams on each connection
	for i := range clients {
		var err error
		if clients[i], err = client.Dial(p.address, client.WithInsecure()); err != nil {
			t.Fatal(err)
		}
		defer clients[i].Close()
	}
	for stream := range streams {
		group.Go(func() {
			check(t, articles, stream, clients[stream%len(clients)].Stream(ctx, corpus(stream, articles), client.WithStreams(1), client.WithIdleTimeout(0)), func() {})
		})
	}
	group.Wait()
	told.Store(int64(p.metric(t, "grpc_server_handled_total", `grpc_code="ResourceExhausted"`)))
	resident, peak := p.memory(t)
	t.Logf("%d streams of %d articles in %v, all answered; %d refusals; resident %d MiB at rest, %d MiB after, %d MiB at most under GOMEMLIMIT=256MiB",
		streams, articles, time.Since(start).Round(time.Second), told.Load(), atRest>>20, resident>>20, peak>>20)
	if told.Load() == 0 {
		t.Error("no stream was refused: the server was not full")
	}
	if peak > limit+outside {
		t.Errorf("%d MiB were held, want at most %d", peak>>20, (limit+outside)>>20)
	}
}

// hugeAnswers sends sixty-four articles of one trigger again and again, whose
// answers quote a sentence for each, on one stream: memory stays bounded.
func hugeAnswers(ctx context.Context, t *testing.T, program string) {
	const articles, length, bound = 64, 64 << 10, 400 << 20
	p := launch(ctx, t, program, []string{"GOMEMLIMIT=384MiB", "DEPECHE_MAX_MENTIONS=1000000"})
	atRest, _ := p.memory(t)
	c, err := client.Dial(p.address, client.WithInsecure(), client.WithMessageLimit(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	text := strings.Repeat("L'armée a tué trois rebelles. ", length/31)
	input := func(yield func(*depechev1.Article) bool) {
		for range articles {
			if !yield(&depechev1.Article{Body: &depechev1.Article_Text{Text: text}, Language: "fr"}) {
				return
			}
		}
	}
	start := time.Now()
	codesOf := map[codes.Code]int{}
	for result, err := range c.Stream(ctx, input, client.WithStreams(1), client.WithIdleTimeout(0), client.WithWindow(articles, 64<<20)) {
		if err != nil {
			t.Fatal(err)
		}
		codesOf[status.Code(result.Err)]++
	}
	_, peak := p.memory(t)
	t.Logf("%d articles of %d KiB of one repeated trigger in %v: %v; resident %d MiB at rest, %d MiB at most", articles, length>>10, time.Since(start).Round(time.Millisecond), codesOf, atRest>>20, peak>>20)
	for code := range codesOf {
		if code != codes.OK && code != codes.OutOfRange && code != codes.DeadlineExceeded && code != codes.ResourceExhausted && code != codes.InvalidArgument {
			t.Errorf("%d articles end with %v", codesOf[code], code)
		}
	}
	if peak > bound {
		t.Errorf("%d MiB were held, want at most %d", peak>>20, bound>>20)
	}
}

// deadline gives the real engine long articles and little time: it stops within
// 10 ms of work. The work is counted in CPU; on a machine that others use that is
// slower too, and twelve articles of 3 kB in the same run are the bound.
func deadline(ctx context.Context, t *testing.T, _ string) {
	const calls, given, bound, articles = 100, 20 * time.Millisecond, 10 * time.Millisecond, 12
	x, err := extract.New(extract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	engine := wire.NewEngine(x)
	short, article := longArticle(3<<10), longArticle(900<<10)
	begun := ownCPU(t)
	for range calls {
		if _, err := engine.Extract(ctx, short, nil); err != nil {
			t.Fatal(err)
		}
	}
	unit := (ownCPU(t) - begun) / calls
	var over, late []time.Duration
	for range calls {
		call, cancel := context.WithTimeout(ctx, given)
		ended := make(chan time.Duration, 1)
		context.AfterFunc(call, func() { ended <- ownCPU(t) })
		_, err := engine.Extract(call, article, nil)
		over = append(over, ownCPU(t)-<-ended)
		end, _ := call.Deadline()
		late = append(late, time.Since(end))
		cancel()
		if status.FromContextError(err).Code() != codes.DeadlineExceeded {
			t.Fatalf("an article of %d bytes within %v: %v", len(article.GetText()), given, err)
		}
	}
	slices.Sort(over)
	slices.Sort(late)
	worst := over[len(over)-1]
	t.Logf("%d deadlines of %v: worked on for %.1f articles of 3 kB in the middle, %.1f at worst (one is %v of CPU); late by %v in the middle, %v at worst",
		calls, given, ratio(over[len(over)/2], unit), ratio(worst, unit), unit, late[len(late)/2], late[len(late)-1])
	if worst > max(bound, articles*unit) {
		t.Errorf("worked on for %v, want at most %v, or %d times %v", worst, bound, articles, unit)
	}
}

// ownCPU is the CPU time that this process has used so far.
func ownCPU(t *testing.T) time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		t.Error(err)
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano())
}

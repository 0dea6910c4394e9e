package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/wire"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"

	_ "github.com/mostynb/go-grpc-compression/experimental/s2"
	_ "github.com/mostynb/go-grpc-compression/nonclobbering/zstd"
	_ "google.golang.org/grpc/encoding/gzip"
)

// load is what the measurements share.
type load struct {
	client   *client.Client
	servers  *servers
	articles []*depechev1.Article
	options  options
}

// measure is what one measurement found.
type measure struct {
	way      string
	callers  int
	articles int
	took     time.Duration
	waits    []time.Duration // of each article, ascending
	ownCPU   time.Duration   // this process's
	theirCPU time.Duration   // the servers'
	resident int64           // bytes, the servers' at the end
}

func (m measure) rate() float64 { return float64(m.articles) / m.took.Seconds() }

func (m measure) serverCPU() time.Duration { return m.theirCPU / time.Duration(max(m.articles, 1)) }

// cpu is that of the process which measured, for an article.
func (m measure) cpu() time.Duration { return m.ownCPU / time.Duration(max(m.articles, 1)) }

// add takes another measurement of the same in.
func (m *measure) add(other measure) {
	m.articles += other.articles
	m.took += other.took
	m.ownCPU += other.ownCPU
	m.theirCPU += other.theirCPU
	m.resident = max(m.resident, other.resident)
	m.waits = append(m.waits, other.waits...)
	slices.Sort(m.waits)
}

func (m measure) percentile(p int) time.Duration {
	if len(m.waits) == 0 {
		return 0
	}
	return m.waits[min(len(m.waits)*p/100, len(m.waits)-1)]
}

func newEngine() (*wire.Engine, error) {
	x, err := extract.New(extract.Config{})
	if err != nil {
		return nil, err
	}
	return wire.NewEngine(x), nil
}

// profiled runs the measurements of the servers under a CPU profile of this
// process, where one is asked for.
func (l *load) profiled(run func() error) (err error) {
	if l.options.Profile == "" {
		return run()
	}
	f, err := os.Create(l.options.Profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}

// alone measures the engine in a process of its own, so that neither its memory
// nor its garbage is the client's.
func (l *load) alone(ctx context.Context) (measure, error) {
	program, err := os.Executable()
	if err != nil {
		return measure{}, err
	}
	output, err := l.options.command(ctx, 0, program, "--alone", "--duration="+l.options.Duration.String(), "--articles="+l.options.Articles).Output()
	if err != nil {
		return measure{}, fmt.Errorf("the engine alone: %w", err)
	}
	var told figures
	if err := json.Unmarshal(output, &told); err != nil {
		return measure{}, fmt.Errorf("the engine alone: %w", err)
	}
	return measure{callers: told.Procs, articles: len(told.Waits), took: told.Took, waits: told.Waits, ownCPU: told.CPU}, nil
}

// figures are what the process of the engine alone prints.
type figures struct {
	Procs     int
	Took, CPU time.Duration
	Waits     []time.Duration // of each article, ascending
}

// printAlone measures the engine in this process, one goroutine for each core.
// An answer is marshalled too, as whoever keeps it has to.
func printAlone(ctx context.Context, articles []*depechev1.Article, o options) error {
	engine, err := newEngine()
	if err != nil {
		return err
	}
	l := &load{servers: &servers{}, articles: articles, options: o}
	m, err := l.measure(ctx, "engine alone", runtime.GOMAXPROCS(0), func(ctx context.Context, article *depechev1.Article) error {
		answer, err := engine.Extract(ctx, article, nil)
		if err != nil {
			return err
		}
		_, err = proto.Marshal(answer)
		return err
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(figures{m.callers, m.took, m.ownCPU, m.waits})
}

// served measures one way of asking the servers.
func (l *load) served(ctx context.Context, way string, callers int) (measure, error) {
	if way == "stream" {
		return l.streamed(ctx, callers, l.options.Duration, func(int) {})
	}
	options := []client.CallOption{client.WithCallOptions(l.callOptions()...)}
	return l.measure(ctx, way, callers, func(ctx context.Context, article *depechev1.Article) error {
		_, err := l.client.Extract(ctx, article, options...)
		return err
	})
}

func (l *load) callOptions() []grpc.CallOption {
	if l.options.Compression == "none" {
		return nil
	}
	if encoding.GetCompressor(l.options.Compression) == nil {
		panic("no compressor " + l.options.Compression) // its package is imported above
	}
	return []grpc.CallOption{grpc.UseCompressor(l.options.Compression)}
}

// measure asks with so many callers at once until the time is over.
func (l *load) measure(ctx context.Context, way string, callers int, ask func(context.Context, *depechev1.Article) error) (measure, error) {
	m := measure{way: way, callers: callers}
	return l.account(m, func(m *measure) error {
		deadline := time.Now().Add(l.options.Duration)
		var mu sync.Mutex
		var group sync.WaitGroup
		var failed error
		for caller := range callers {
			group.Go(func() {
				var waits []time.Duration
				var err error
				for i := caller; err == nil && time.Now().Before(deadline); i += callers {
					start := time.Now()
					err = ask(ctx, l.articles[i%len(l.articles)])
					waits = append(waits, time.Since(start))
				}
				mu.Lock()
				defer mu.Unlock()
				m.waits = append(m.waits, waits...)
				if err != nil {
					failed = err
				}
			})
		}
		group.Wait()
		m.articles = len(m.waits)
		return failed
	})
}

// streamed measures one Stream over so many gRPC streams. An article waits from
// when the client takes it from the input, so the client's window is part of it.
// each is told how many have been answered.
func (l *load) streamed(ctx context.Context, streams int, duration time.Duration, each func(answered int)) (measure, error) {
	m := measure{way: "stream", callers: streams}
	return l.account(m, func(m *measure) error {
		var mu sync.Mutex
		taken := map[uint64]time.Time{}
		deadline := time.Now().Add(duration)
		input := iter.Seq[*depechev1.Article](func(yield func(*depechev1.Article) bool) {
			for i := uint64(0); time.Now().Before(deadline); i++ {
				mu.Lock()
				taken[i] = time.Now()
				mu.Unlock()
				if !yield(l.articles[i%uint64(len(l.articles))]) {
					return
				}
			}
		})
		for result, err := range l.client.Stream(ctx, input, client.WithStreams(streams), client.WithBatch(l.options.Batch), client.WithCallOptions(l.callOptions()...)) {
			if err != nil {
				return err
			}
			if result.Err != nil {
				return fmt.Errorf("article %d: %w", result.Index, result.Err)
			}
			mu.Lock()
			wait := time.Since(taken[result.Index])
			delete(taken, result.Index)
			mu.Unlock()
			if duration == l.options.Duration { // a soak's would grow for ever
				m.waits = append(m.waits, wait)
			}
			m.articles++
			each(m.articles)
		}
		return nil
	})
}

// account runs a measurement and notes what it cost.
func (l *load) account(m measure, run func(*measure) error) (measure, error) {
	before, err := l.servers.usage()
	if err != nil {
		return m, err
	}
	own, start := ownCPU(), time.Now()
	if err := run(&m); err != nil {
		return m, err
	}
	m.took, m.ownCPU = time.Since(start), ownCPU()-own
	after, err := l.servers.usage()
	if err != nil {
		return m, err
	}
	if m.articles == 0 {
		return m, fmt.Errorf("%s: nothing was answered in %v", m.way, m.took)
	}
	m.theirCPU, m.resident = after.cpu-before.cpu, after.resident
	slices.Sort(m.waits)
	return m, nil
}

// soak streams for long and tells the memory as it goes.
func (l *load) soak(ctx context.Context) error {
	fmt.Println("| after | articles | articles/s | resident |")
	fmt.Println("|---|---|---|---|")
	start := time.Now()
	told, counted := start, 0
	var failed error
	_, err := l.streamed(ctx, 4, l.options.Soak, func(answered int) {
		since := time.Since(told)
		if since < l.options.Every {
			return
		}
		now, err := l.servers.usage()
		if err != nil {
			failed = err
			return
		}
		fmt.Printf("| %v | %d | %.0f | %s |\n", time.Since(start).Round(time.Second), answered, float64(answered-counted)/since.Seconds(), mebibytes(now.resident))
		told, counted = time.Now(), answered
	})
	if failed != nil {
		return failed
	}
	return err
}

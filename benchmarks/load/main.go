// Command load measures the service as its users have it: servers are processes
// of their own, asked over loopback by the project's client, and everything is
// set beside the rate of the engine alone, called in a process of its own on the
// same cores just before and just after.
//
//	go run ./benchmarks/load                      # unary and stream at 1, 8 and 64 callers
//	go run ./benchmarks/load --soak 10m           # one stream for long, with the server's memory
//	go run ./benchmarks/load --servers 3 --procs 1 --only stream
//
// The client shares the cores with the server here, so a rate alone would blame
// the server for the client's work: the CPU that each spends on an article is
// told beside it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// options are the program's flags.
type options struct {
	Duration time.Duration `default:"4s" help:"Length of each measurement."`
	Rounds   int           `default:"5" help:"How often each way is measured, with the engine alone before and after it."`
	Callers  []int         `default:"1,8,64" help:"How many ask at once: calls, or gRPC streams."`
	Only     []string      `enum:"unary,stream" default:"unary,stream" help:"What is measured beside the engine alone."`
	Batch    int           `default:"16" help:"Articles in one message of a stream, at most."`
	Articles string        `type:"existingdir" default:"examples" help:"Folder of the texts that articles are made from."`

	Soak  time.Duration `help:"Stream for so long instead, and tell the servers' memory as it goes."`
	Every time.Duration `default:"30s" help:"How often a soak tells."`

	Program     string   `type:"existingfile" help:"The server's binary; built from ./cmd/depeche by default."`
	Servers     int      `default:"1" help:"How many servers share the work."`
	Procs       int      `help:"GOMAXPROCS of each server; 0 is all cores."`
	Pin         bool     `help:"Give processor 0 to the engine and to the servers, with GOMAXPROCS=1, and the others to the client (by taskset)."`
	ServeArg    []string `sep:"none" help:"A further argument of 'depeche serve', such as --tls-cert=FILE; may be repeated."`
	CA          string   `name:"ca" type:"existingfile" help:"Authority of the servers' certificates (PEM): calls are encrypted."`
	Compression string   `enum:"none,gzip,s2,zstd" default:"none" help:"How requests are compressed; servers answer alike."`

	Alone bool `hidden:"" help:"Measure the engine in this process and print it as JSON: what the comparison runs as a process of its own."`

	Profile string `help:"File for a CPU profile of this process while it asks the servers. The servers' own is at their --admin port."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("load"), kong.Description("Measures depeche's servers beside its engine."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.Pin && os.Getenv(pinned) == "" {
		return runPinned(ctx)
	}
	articles, err := readArticles(o.Articles)
	if err != nil {
		return err
	}
	if o.Alone {
		return printAlone(ctx, articles, o)
	}
	servers, err := startServers(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, servers.stop()) }()
	c, err := servers.dial(o)
	if err != nil {
		return err
	}
	defer c.Close()
	atRest, err := servers.usage()
	if err != nil {
		return err
	}
	fmt.Printf("%d CPUs, %d server(s); %s per server at rest; articles of %d bytes\n\n",
		runtime.NumCPU(), o.Servers, mebibytes(atRest.resident/int64(o.Servers)), meanLength(articles))
	load := &load{client: c, servers: servers, articles: articles, options: o}
	if o.Soak > 0 {
		return load.soak(ctx)
	}
	return load.profiled(func() error { return load.compare(ctx) })
}

// pinned is set in the environment of a process that has its processors.
const pinned = "DEPECHE_LOAD_PINNED"

// runPinned runs this program again, on all processors but the servers'.
func runPinned(ctx context.Context) error {
	if runtime.NumCPU() < 2 {
		return errors.New("--pin needs two processors")
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	again := exec.CommandContext(ctx, "taskset", append([]string{"-c", fmt.Sprintf("1-%d", runtime.NumCPU()-1), program}, os.Args[1:]...)...)
	again.Env = append(os.Environ(), pinned+"=1")
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	return again.Run()
}

// command is a process of the servers' side, with so many processors; 0: all.
func (o options) command(ctx context.Context, procs int, program string, args ...string) *exec.Cmd {
	if o.Pin {
		program, args, procs = "taskset", append([]string{"-c", "0", program}, args...), 1
	}
	c := exec.CommandContext(ctx, program, args...)
	c.Stderr = os.Stderr
	c.Env = append(os.Environ(), pinned+"=1")
	if procs > 0 {
		c.Env = append(c.Env, "GOMAXPROCS="+strconv.Itoa(procs))
	}
	return c
}

// compare measures every way in turn, each beside the engine alone just before
// and just after it, and prints a table in Markdown. Where processors are shared
// with others, rates drift within minutes: a share is the median of all rounds,
// and what the rounds differ by stands beside it.
func (l *load) compare(ctx context.Context) error {
	rows, alone := l.ways(), &row{measure: measure{way: "engine alone"}}
	before, err := l.alone(ctx)
	if err != nil {
		return err
	}
	alone.callers = before.callers
	alone.add(before)
	for range l.options.Rounds {
		for _, r := range rows {
			m, err := l.served(ctx, r.way, r.callers)
			if err != nil {
				return fmt.Errorf("%s, %d callers: %w", r.way, r.callers, err)
			}
			after, err := l.alone(ctx)
			if err != nil {
				return err
			}
			r.add(m)
			r.shares = append(r.shares, 2*m.rate()/(before.rate()+after.rate()))
			r.costs = append(r.costs, 2*float64(m.serverCPU())/float64(before.cpu()+after.cpu()))
			alone.add(after)
			before = after
		}
	}
	fmt.Println("| way | callers | articles/s | of the engine alone | p50 | p99 | server CPU per article | client CPU per article | server CPU against the engine's | resident |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	fmt.Printf("| engine alone | %d | %.0f | | %s | %s | %s | | | |\n", alone.callers, alone.rate(),
		milliseconds(alone.percentile(50)), milliseconds(alone.percentile(99)), milliseconds(alone.cpu()))
	for _, r := range rows {
		fmt.Printf("| %s | %d | %.0f | %s | %s | %s | %s | %s | %s | %s |\n", r.way, r.callers, r.rate(), spread(r.shares),
			milliseconds(r.percentile(50)), milliseconds(r.percentile(99)),
			milliseconds(r.serverCPU()), milliseconds(r.cpu()), spread(r.costs), mebibytes(r.resident))
	}
	return nil
}

// row is a way of asking, over all rounds.
type row struct {
	measure
	shares []float64 // of the engine's rate, a round each
	costs  []float64 // servers' CPU for an article, as a multiple of the engine's
}

// ways are what is asked for, in order.
func (l *load) ways() (rows []*row) {
	for _, way := range []string{"unary", "stream"} {
		for _, callers := range l.options.Callers {
			if slices.Contains(l.options.Only, way) {
				rows = append(rows, &row{measure: measure{way: way, callers: callers}})
			}
		}
	}
	return rows
}

// spread is the median of values, and the least and the most of them.
func spread(values []float64) string {
	slices.Sort(values)
	return fmt.Sprintf("%.2f (%.2f to %.2f)", values[len(values)/2], values[0], values[len(values)-1])
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1e3) }

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

func arguments(o options) []string {
	return append([]string{"serve", "--log-level=warn", "--drain-delay=0s"}, o.ServeArg...)
}

func target(addresses []string) string { return strings.Join(addresses, ",") }

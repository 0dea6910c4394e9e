// Command load measures the service as its users have it: servers are processes
// of their own, asked over loopback by the project's client, and everything is
// set beside the rate of the engine alone, in this process, on the same cores
// and in the same run.
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
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// options are the program's flags.
type options struct {
	Duration time.Duration `default:"10s" help:"Length of each measurement."`
	Callers  []int         `default:"1,8,64" help:"How many ask at once: calls, or gRPC streams."`
	Only     []string      `enum:"unary,stream" default:"unary,stream" help:"What is measured beside the engine alone."`
	Batch    int           `default:"16" help:"Articles in one message of a stream, at most."`
	Articles string        `type:"existingdir" default:"examples" help:"Folder of the texts that articles are made from."`

	Soak  time.Duration `help:"Stream for so long instead, and tell the servers' memory as it goes."`
	Every time.Duration `default:"30s" help:"How often a soak tells."`

	Program     string   `type:"existingfile" help:"The server's binary; built from ./cmd/depeche by default."`
	Servers     int      `default:"1" help:"How many servers share the work."`
	Procs       int      `help:"GOMAXPROCS of each server; 0 is all cores."`
	ServeArg    []string `sep:"none" help:"A further argument of 'depeche serve', such as --tls-cert=FILE; may be repeated."`
	CA          string   `name:"ca" type:"existingfile" help:"Authority of the servers' certificates (PEM): calls are encrypted."`
	Compression string   `enum:"none,gzip,s2,zstd" default:"none" help:"How requests are compressed; servers answer alike."`

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
	articles, err := readArticles(o.Articles)
	if err != nil {
		return err
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
	return load.compare(ctx)
}

// compare measures every way in turn, with the engine alone before and after, and
// prints a table in Markdown.
func (l *load) compare(ctx context.Context) error {
	engine, err := newEngine()
	if err != nil {
		return err
	}
	before, err := l.alone(ctx, engine)
	if err != nil {
		return err
	}
	var rows []measure
	if err := l.profiled(func() error { rows, err = l.ways(ctx); return err }); err != nil {
		return err
	}
	after, err := l.alone(ctx, engine)
	if err != nil {
		return err
	}

	fmt.Println("| way | callers | articles/s | of the engine alone | p50 | p99 | server CPU per article | client CPU per article | server CPU against the engine's | resident |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, alone := range []measure{before, after} {
		fmt.Printf("| engine alone | %d | %.0f | | %s | %s | %s | | | |\n", runtime.GOMAXPROCS(0), alone.rate(),
			milliseconds(alone.percentile(50)), milliseconds(alone.percentile(99)), milliseconds(alone.clientCPU()))
	}
	rate := (before.rate() + after.rate()) / 2
	cpu := (before.clientCPU() + after.clientCPU()) / 2
	for _, row := range rows {
		fmt.Printf("| %s | %d | %.0f | %.2f | %s | %s | %s | %s | %.2f | %s |\n", row.way, row.callers, row.rate(), row.rate()/rate,
			milliseconds(row.percentile(50)), milliseconds(row.percentile(99)),
			milliseconds(row.serverCPU()), milliseconds(row.ownCPU/time.Duration(row.articles)),
			float64(row.serverCPU())/float64(cpu), mebibytes(row.resident))
	}
	return nil
}

// ways measures every way of asking the servers that is asked for.
func (l *load) ways(ctx context.Context) (rows []measure, err error) {
	for _, way := range []string{"unary", "stream"} {
		for _, callers := range l.options.Callers {
			if !slices.Contains(l.options.Only, way) {
				continue
			}
			row, err := l.served(ctx, way, callers)
			if err != nil {
				return nil, fmt.Errorf("%s, %d callers: %w", way, callers, err)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1e3) }

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

func arguments(o options) []string {
	return append([]string{"serve", "--log-level=warn", "--drain-delay=0s"}, o.ServeArg...)
}

func target(addresses []string) string { return strings.Join(addresses, ",") }

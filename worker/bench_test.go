package worker

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/depeche-events/depeche/engine"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// BenchmarkWorkers reads the articles of examples/ with the real engine: on one
// CPU in this process, then by 1, 2 and 3 worker processes of one CPU each, with
// the NATS server in this process. «of-one-cpu» is their rate by that of the
// first; it cannot pass the number of the machine's CPUs.
//
//	go test -run '^$' -bench Workers -benchtime 3000x ./worker
func BenchmarkWorkers(b *testing.B) {
	data, err := os.ReadFile("../examples/corpus.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	inProcess := 0.0
	b.Run("in-process", func(b *testing.B) {
		e, err := engine.New(engine.Config{})
		if err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		for i := range b.N {
			a := new(depechev1.Article)
			if err := protojson.Unmarshal(lines[i%len(lines)], a); err != nil {
				b.Fatal(err)
			}
			x, err := e.Extract(b.Context(), a, nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := JSON.encode(x); err != nil {
				b.Fatal(err)
			}
		}
		inProcess = float64(b.N) / b.Elapsed().Seconds()
		b.ReportMetric(inProcess, "articles/s")
	})
	for workers := 1; workers <= 3; workers++ {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			broker := newBroker(b)
			c := broker.config(fakeEngine(echo))
			broker.create(c)
			for range workers {
				child := exec.CommandContext(b.Context(), os.Args[0])
				child.Env = append(os.Environ(), childURL+"="+c.NATS, childReads+"=1", "GOMAXPROCS=1")
				if err := child.Start(); err != nil {
					b.Fatal(err)
				}
				defer child.Wait()
				defer child.Process.Signal(syscall.SIGKILL)
			}
			consumer, err := broker.js.Consumer(broker.context(), c.Stream, c.Durable)
			if err != nil {
				b.Fatal(err)
			}
			broker.await(func() bool {
				info, err := consumer.Info(broker.context())
				return err == nil && info.NumWaiting == workers
			}, "pull of every worker")
			b.ResetTimer()
			for i := range b.N {
				if _, err := broker.js.PublishAsync(c.Subject, lines[i%len(lines)]); err != nil {
					b.Fatal(err)
				}
			}
			for begin := time.Now(); broker.count(c.Stream) > 0 || broker.count(c.AnswersStream) < b.N; time.Sleep(5 * time.Millisecond) {
				if time.Since(begin) > 10*time.Minute {
					b.Fatal("not done in 10 minutes")
				}
			}
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "articles/s")
			b.ReportMetric(rate/inProcess, "of-one-cpu")
			if n := broker.count(c.DeadLetterStream); n != 0 {
				b.Errorf("%d dead letters", n)
			}
		})
	}
}

package worker

import (
	"context"
	"os"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"

	"github.com/depeche-events/depeche/engine"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// childURL is set in the environment of a process that works in place of the
// tests, to be killed: the URL of its NATS server.
const childURL = "WORKER_TEST_CHILD"

// childReads, set beside it, has the process read articles with the real engine.
const childReads = "WORKER_TEST_CHILD_READS"

// childAckWait is short, since what a killed worker had in hand waits for it.
const childAckWait = time.Second

// childConfig is a worker that dies of some articles, as of a fault in memory
// that nothing can recover.
func childConfig(url string) Config {
	c := Config{Engine: fakeEngine(func(ctx context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
		if strings.HasPrefix(a.GetId(), "killer") {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		time.Sleep(5 * time.Millisecond) // as long as a real article takes, so that there is something to kill
		return echo(ctx, a)
	})}
	c.SetDefaults()
	c.NATS = url
	c.Create = true
	c.Workers = 2
	c.AckWait = childAckWait
	c.MaxDeliver = 3
	return c
}

// child works until it is killed.
func child() {
	c := childConfig(os.Getenv(childURL))
	c.Logger = zap.NewExample()
	if os.Getenv(childReads) != "" {
		real, err := engine.New(engine.Config{})
		if err != nil {
			c.Logger.Fatal("engine", zap.Error(err))
		}
		c.Engine, c.Workers = real, 1
	}
	w, err := c.Complete(context.Background())
	if err != nil {
		c.Logger.Fatal("worker", zap.Error(err))
	}
	if err := w.Run(context.Background()); err != nil {
		c.Logger.Fatal("worker", zap.Error(err))
	}
}

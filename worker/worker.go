package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

const (
	// prepareTimeout bounds the questions to JetStream before the work begins.
	prepareTimeout = 30 * time.Second
	// A pull that failed is tried again after a while that grows.
	pullFirst = 500 * time.Millisecond
	pullMost  = 15 * time.Second
	// cutGrace is how long articles that were cut off may take to notice, and
	// flushTimeout how long the last acknowledgements may.
	cutGrace     = 2 * time.Second
	flushTimeout = 5 * time.Second
)

// Worker is a worker that is connected and ready to run.
type Worker struct {
	config  Config
	logger  *zap.Logger
	metrics *metrics

	conn     *nats.Conn
	js       jetstream.JetStream
	consumer jetstream.Consumer
	ackWait  time.Duration
	attempts attempts

	slots chan struct{} // one for each article in hand
	turns chan struct{} // one for each article that is being read
	alone sync.RWMutex  // held whole by an article that comes again

	pulling   atomic.Pointer[context.CancelFunc] // ends the pull that is under way
	unhealthy atomic.Pointer[error]              // why it does not work at the moment
}

// Complete checks the configuration, connects, and finds or makes streams and
// consumer; ctx bounds that. It reports all faults of the configuration at once,
// in a ConfigError; a NATS server that does not answer is an UnreachableError.
// On success Run or Close releases the connection.
func (c Config) Complete(ctx context.Context) (_ *Worker, err error) {
	if err := errors.Join(c.Validate(), c.validateFiles()); err != nil {
		return nil, &ConfigError{err}
	}
	if c.Engine == nil {
		return nil, &ConfigError{errors.New("engine is required")}
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.InFlight == 0 {
		c.InFlight = 4 * c.Workers
	}
	w := &Worker{
		config:  c,
		logger:  c.Logger,
		metrics: newMetrics(),
		slots:   make(chan struct{}, c.InFlight),
		turns:   make(chan struct{}, c.Workers),
	}
	if err := w.metrics.register(c.Registry); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	w.fail(errors.New("not running"))
	if w.conn, err = c.connect(w.metrics, w.pullAgain); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.conn.Close()
		}
	}()
	if w.js, err = jetstream.New(w.conn); err != nil {
		return nil, fmt.Errorf("JetStream: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, prepareTimeout)
	defer cancel()
	t, err := c.prepare(ctx, w.js)
	if err != nil {
		return nil, err
	}
	w.consumer, w.ackWait, w.attempts = t.consumer, t.ackWait, attempts{t.attempts}
	return w, nil
}

// Close releases a worker that is not to be run.
func (w *Worker) Close() { w.conn.Close() }

var errGone = errors.New("NATS is gone")

// Ready says why the worker does not take articles; nil: it does.
func (w *Worker) Ready() error {
	if why := w.unhealthy.Load(); why != nil {
		return *why
	}
	if !w.conn.IsConnected() {
		return errGone
	}
	return nil
}

func (w *Worker) fail(why error) { w.unhealthy.Store(&why) }

// Run takes articles until ctx is done. Those in hand then come to their end
// within the drain bound, or are given back; it returns nil. It can be called
// once.
func (w *Worker) Run(ctx context.Context) error {
	defer w.conn.Close()
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()

	url := w.conn.ConnectedUrlRedacted()
	if w.config.Server != nil { // NATS' client says its default address
		url = "in this process"
	}
	w.logger.Info("working", zap.String("url", url), zap.String("stream", w.config.Stream),
		zap.String("consumer", w.config.Durable), zap.Int("workers", w.config.Workers), zap.Int("in_flight", w.config.InFlight))
	w.unhealthy.Store(nil)
	w.pull(ctx, work)

	w.fail(errors.New("draining"))
	w.logger.Info("draining", zap.Duration("bound", w.config.DrainTimeout), zap.Int("in_flight", len(w.slots)))
	if !w.idleWithin(w.config.DrainTimeout) {
		w.logger.Warn("drain bound reached: articles are given back", zap.Int("in_flight", len(w.slots)))
		cut()
		if !w.idleWithin(cutGrace) {
			w.logger.Warn("articles are still being read; they go to another worker when their time is over", zap.Int("in_flight", len(w.slots)))
		}
	}
	if err := w.conn.FlushTimeout(flushTimeout); err != nil {
		// What is not acknowledged comes again, and its answer is known then.
		w.logger.Warn("last acknowledgements may be lost", zap.Error(err))
	}
	w.logger.Info("drained")
	return nil
}

// idleWithin waits until nothing is in hand. It takes every slot: nothing else
// may want one any more.
func (w *Worker) idleWithin(most time.Duration) bool {
	bound := time.NewTimer(most)
	defer bound.Stop()
	taken := 0
	for taken < cap(w.slots) {
		select {
		case w.slots <- struct{}{}:
			taken++
		case <-bound.C:
			for range taken {
				<-w.slots
			}
			return false
		}
	}
	return true
}

// pull takes articles as there is room for them until ctx is done.
func (w *Worker) pull(ctx, work context.Context) {
	for delay := pullFirst; ctx.Err() == nil; {
		err := w.pullOnce(ctx, work)
		if err == nil {
			w.unhealthy.Store(nil)
			delay = pullFirst
			continue
		}
		if ctx.Err() != nil {
			return
		}
		w.fail(err)
		w.logger.Warn("no articles can be had", zap.Error(err), zap.Duration("delay", delay))
		w.pause(ctx, delay)
		delay = min(2*delay, pullMost)
	}
}

// pause waits, or until the connection is back.
func (w *Worker) pause(ctx context.Context, delay time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, delay)
	defer cancel()
	w.pulling.Store(&cancel)
	<-ctx.Done()
}

// pullOnce asks for as many articles as there is room for, and sets each to work
// as it comes. No article waits where its worker does not know of it.
func (w *Worker) pullOnce(ctx, work context.Context) error {
	room := w.room(ctx)
	if room == 0 {
		return nil
	}
	defer func() { w.free(room) }()
	pull, cancel := context.WithCancel(ctx)
	defer cancel()
	w.pulling.Store(&cancel)
	if !w.conn.IsConnected() { // a fetch that cannot be sent leaves its subscription behind
		return errGone
	}
	batch, err := w.consumer.Fetch(room, jetstream.FetchContext(pull))
	if err != nil {
		return err
	}
	for msg := range batch.Messages() {
		room--
		w.metrics.inFlight.Inc()
		go func() {
			defer w.free(1)
			defer w.metrics.inFlight.Dec()
			w.handle(work, msg)
		}()
	}
	if err := batch.Error(); err != nil && pull.Err() == nil {
		return err
	}
	return nil
}

// pullAgain ends the pull that is under way: a server that was away does not know
// of it any more.
func (w *Worker) pullAgain() {
	if end := w.pulling.Load(); end != nil {
		(*end)()
	}
}

// room takes all slots that are free, at least one, or none if ctx is done.
func (w *Worker) room(ctx context.Context) int {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return 0
	}
	for room := 1; ; room++ {
		select {
		case w.slots <- struct{}{}:
		default:
			return room
		}
	}
}

func (w *Worker) free(slots int) {
	for range slots {
		<-w.slots
	}
}

package worker

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// handle takes one article to its end: answered, among the dead letters, or
// given back to its stream. work is done when the worker will wait no longer.
func (w *Worker) handle(work context.Context, msg jetstream.Msg) {
	meta, err := msg.Metadata()
	if err != nil { // not from a stream: nothing could be acknowledged
		w.logger.Error("message without a place in a stream", zap.Error(err))
		return
	}
	p := placeOf(meta)
	lease := w.hold(msg)
	defer lease.end()

	outcome, refusal, err := w.settle(work, msg, p, lease)
	reason := "OK"
	if refusal != nil {
		reason = reasonOf(refusal)
	}
	switch {
	case err == nil:
		if err := msg.Ack(); err != nil {
			// It comes again, and its answer is known then.
			w.logger.Warn("article cannot be acknowledged", zap.Uint64("sequence", p.sequence), zap.Error(err))
		}
	case work.Err() != nil: // another worker may take it at once
		outcome = retried
		_ = msg.Nak() // else it comes when the wait for the acknowledgement ends
	default:
		outcome = retried
		w.logger.Warn("article will come again", zap.Uint64("sequence", p.sequence), zap.Uint64("deliveries", p.deliveries),
			zap.Duration("delay", w.config.RetryDelay), zap.Error(err))
		_ = msg.NakWithDelay(w.config.RetryDelay)
	}
	w.metrics.articles.WithLabelValues(outcome, reason).Inc()
}

// errEngine is why an article comes again whose engine failed. What the engine
// said is in no log.
var errEngine = errors.New("the engine failed")

// settle publishes the answer, or the dead letter and its reason. An error says
// that neither was published and that it may go better another time.
func (w *Worker) settle(work context.Context, msg jetstream.Msg, p place, lease *lease) (outcome string, refusal *status.Status, err error) {
	answer, refusal, err := w.answer(work, msg, p, lease)
	if err != nil {
		return retried, refusal, err
	}
	if refusal == nil {
		out := about(msg, p, w.config.AnswersSubject)
		out.Header.Set(ContentType, string(answer.encoding))
		out.Data = answer.data
		switch err := w.publish(work, out, p, w.config.AnswersStream); {
		case isTooLarge(err):
			refusal = answerTooLarge(len(answer.data), errors.Unwrap(err))
		case err != nil:
			return retried, nil, err
		default:
			return answered, nil, nil
		}
	}
	return deadLetter, refusal, w.bury(work, msg, p, refusal)
}

// answer is an extraction as it is published.
type answer struct {
	encoding Encoding
	data     []byte
}

// answer reads an article, when it is its turn. A refusal is for the dead
// letters; with an error it is why the article comes again.
//
// An article that was delivered before may have killed its worker. It is read
// while nothing else is, and that it is begun is written down first: so of the
// articles that were in hand when the worker died, only the one to blame collects
// attempts.
func (w *Worker) answer(work context.Context, msg jetstream.Msg, p place, lease *lease) (*answer, *status.Status, error) {
	select {
	case w.turns <- struct{}{}:
		defer func() { <-w.turns }()
	case <-work.Done():
		return nil, nil, work.Err()
	}
	begun := 0
	if p.again() {
		w.alone.Lock()
		defer w.alone.Unlock()
		var err error
		if begun, err = w.attempts.begun(work, p); err != nil {
			return nil, nil, err
		}
		if begun >= w.config.MaxDeliver {
			return nil, tooManyDeliveries(begun), nil
		}
		if err := w.attempts.set(work, p, begun+1); err != nil {
			return nil, nil, err
		}
	} else {
		w.alone.RLock()
		defer w.alone.RUnlock()
	}
	if work.Err() != nil {
		return nil, nil, work.Err()
	}
	lease.limit(w.config.ArticleBudget + w.config.PublishTimeout)

	found, refusal, fault := w.read(work, msg, p)
	switch {
	case !fault:
		w.acquit(p, func(ctx context.Context) error { return w.attempts.forget(ctx, p) })
		return found, refusal, nil
	case work.Err() != nil: // cut off by us
		w.acquit(p, func(ctx context.Context) error { return w.attempts.set(ctx, p, begun) })
		return nil, nil, work.Err()
	}
	if begun+1 >= w.config.MaxDeliver {
		return nil, refusal, nil
	}
	return nil, refusal, errEngine
}

// acquit takes back that an article was begun, since it came to an end or was not
// let come to one. What happens to its answer then is not the article's fault.
func (w *Worker) acquit(p place, takeBack func(context.Context) error) {
	if !p.again() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), w.config.PublishTimeout)
	defer cancel()
	if err := takeBack(ctx); err != nil {
		w.logger.Warn("attempt counts against an article that is not to blame", zap.Uint64("sequence", p.sequence), zap.Error(err))
	}
}

// read decodes an article and gives it to the engine. It does not panic. A
// refusal that is a fault may not be the article's.
func (w *Worker) read(work context.Context, msg jetstream.Msg, p place) (found *answer, refusal *status.Status, fault bool) {
	defer func() {
		if value := recover(); value != nil {
			found, refusal, fault = nil, w.panicked(p, value), true
		}
	}()
	encoding, err := encodingOf(msg.Headers().Get(ContentType))
	if err != nil {
		return nil, undecodable(err), false
	}
	article, err := encoding.decode(msg.Data())
	if err != nil {
		return nil, undecodable(err), false
	}
	ctx, cancel := context.WithTimeout(work, w.config.ArticleBudget)
	defer cancel()
	start := time.Now()
	extraction, err := w.extract(ctx, article)
	w.metrics.seconds.Observe(time.Since(start).Seconds())
	if err != nil {
		if refusal, ok := rejection.Of(err); ok {
			return nil, refusal, false
		}
		if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
			return nil, rejection.BudgetExceeded(w.config.ArticleBudget), true
		}
		return nil, w.fault(p, "engine failed"), true
	}
	data, err := encoding.encode(extraction)
	if err != nil {
		return nil, w.fault(p, "answer cannot be encoded"), true
	}
	return &answer{encoding, data}, nil, false
}

func (w *Worker) extract(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
	extraction, err := w.config.Engine.Extract(ctx, article, w.config.Options)
	if err == nil && extraction == nil {
		return nil, errors.New("neither answer nor error")
	}
	return extraction, err
}

// lease keeps an article in hand: the server is told from time to time that its
// worker lives.
type lease struct {
	limits chan time.Duration
	stop   chan struct{}
	done   chan struct{}
}

// hold begins to tell.
func (w *Worker) hold(msg jetstream.Msg) *lease {
	l := &lease{limits: make(chan time.Duration, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		sign := time.NewTicker(w.ackWait / 3)
		defer sign.Stop()
		var limit <-chan time.Time
		for {
			select {
			case <-sign.C:
				_ = msg.InProgress() // without a connection nothing can be told
			case most := <-l.limits:
				limit = time.After(most)
			case <-limit: // whatever holds it up, another worker may do better
				return
			case <-l.stop:
				return
			}
		}
	}()
	return l
}

// limit bounds how long it goes on.
func (l *lease) limit(most time.Duration) { l.limits <- most }

func (l *lease) end() {
	close(l.stop)
	<-l.done
}

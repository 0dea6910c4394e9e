package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Result is what became of one article: it has either an Extraction or an Err.
type Result struct {
	// Index is the article's place in the input, from 0.
	Index uint64
	// Article is the article itself, as the input gave it.
	Article *depechev1.Article
	// Extraction is everything found in it; nil where Err is set.
	Extraction *depechev1.Extraction
	// Err is why this article, alone, was not answered: a gRPC status
	// (status.Convert gives its code and details). nil where it was.
	Err error
}

// Stream extracts any number of articles and yields exactly one Result for
// each, as they come or, with [WithOrder], in the order of the input.
//
// The error is nil beside every Result. A failure of the stream as a whole
// comes last, beside an empty Result: ctx is done, the servers refuse the
// stream (UNAUTHENTICATED, bad options), or none answered for a long time
// ([WithAttempts]). Articles without a result by then are unanswered.
//
// A server that drains, dies or falls silent is no failure: what it left
// unanswered goes to another. An article that is in flight as stream after
// stream dies is in the end sent alone, with nothing else at stake, and fails
// alone if that ends five streams more.
//
// The articles are pulled one at a time, no further ahead of the results than
// the window ([WithWindow]), in a goroutine of their own, so that a slow input
// does not hold back results: what the input and the loop's body share needs
// care. An article must not be changed before its result is there. However the
// loop ends (break, return, panic, ctx), everything is released before the code
// after it runs; the input is then told to stop and waited for, so one that may
// block for long should watch ctx.
//
// Ranging again runs the input again.
func (c *Client) Stream(ctx context.Context, articles iter.Seq[*depechev1.Article], options ...StreamOption) iter.Seq2[Result, error] {
	settings := defaultStreamSettings()
	for _, option := range options {
		option.applyToStream(&settings)
	}
	return func(yield func(Result, error) bool) {
		if err := stream(ctx, c, articles, settings, yield); err != nil {
			yield(Result{}, fmt.Errorf("stream to %s: %w", c.target, err))
		}
	}
}

// stream runs one Stream in the goroutine of its loop. It returns an error
// where the loop still has to be told of one.
func stream(ctx context.Context, c *Client, articles iter.Seq[*depechev1.Article], settings streamSettings, yield func(Result, error) bool) error {
	running, cancel := context.WithCancel(ctx)
	ledger := newLedger(settings)
	var group sync.WaitGroup
	// Also when the loop's body panics.
	defer group.Wait()
	defer cancel()
	defer ledger.stop(nil)
	defer context.AfterFunc(ctx, func() { ledger.stop(ctx.Err()) })()

	group.Go(func() { feed(articles, ledger, c.messageLimit) })
	for range settings.streams {
		sender := &sender{api: c.api, settings: settings, ledger: ledger}
		group.Go(func() { sender.run(running) })
	}
	for {
		result, err := ledger.next(ctx)
		if err == errDone {
			return nil
		}
		if panicked, ok := errors.AsType[*inputPanic](err); ok {
			panic(panicked.value)
		}
		if err != nil {
			return err
		}
		if !yield(result, nil) {
			return nil
		}
	}
}

// inputPanic carries a panic of the input to the goroutine of the loop, where
// the caller can recover it.
type inputPanic struct{ value any }

func (p *inputPanic) Error() string { return fmt.Sprintf("panic in the input: %v", p.value) }

// feed pulls the input, as fast as the ledger has room.
func feed(articles iter.Seq[*depechev1.Article], ledger *ledger, messageLimit int) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil {
			ledger.stop(&inputPanic{value})
			return
		}
		ledger.stop(errors.New("the input ended its goroutine")) // runtime.Goexit
	}()
	for article := range articles {
		if !ledger.add(article, check(article, messageLimit)) {
			break
		}
	}
	returned = true
	ledger.endInput()
}

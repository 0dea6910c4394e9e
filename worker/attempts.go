package worker

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"
)

// attempts counts how often an article was begun, in a bucket that survives the
// worker: an article that kills its worker is known by having been begun and
// never ended.
//
// The server's own count of deliveries would not do: it also counts the articles
// that a dead worker had in hand beside the one that killed it. What is
// delivered for the first time is not written down, so only articles that come
// again cost a message; their first delivery counts as one attempt.
type attempts struct{ bucket jetstream.KeyValue }

// begun is how often the article was begun before, where it was delivered
// before.
func (a attempts) begun(ctx context.Context, p place) (int, error) {
	entry, err := a.bucket.Get(ctx, p.key())
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return 1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("attempts: %w", err)
	}
	n, err := strconv.Atoi(string(entry.Value()))
	if err != nil {
		return 0, fmt.Errorf("attempts: %s: %w", p.key(), err)
	}
	return n, nil
}

// set notes how often the article was begun.
func (a attempts) set(ctx context.Context, p place, n int) error {
	if _, err := a.bucket.Put(ctx, p.key(), []byte(strconv.Itoa(n))); err != nil {
		return fmt.Errorf("attempts: %w", err)
	}
	return nil
}

// forget takes an article for one that was never begun.
func (a attempts) forget(ctx context.Context, p place) error { return a.bucket.Purge(ctx, p.key()) }

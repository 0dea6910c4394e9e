// Package interrupt lets the stages of an extraction end when nobody waits for
// it any more. A stage whose context ends stops where it is, and what it returns
// then is of no use: who runs the stages asks the context after each.
package interrupt

import (
	"context"
	"iter"
)

// Range yields 0 to n-1 and stops when ctx ends, at which it looks before each:
// for steps such as a sentence or an event.
func Range(ctx context.Context, n int) iter.Seq[int] { return every(ctx, n, 1) }

// Words is Range for steps as small as a word, before some of which it looks.
func Words(ctx context.Context, n int) iter.Seq[int] { return every(ctx, n, 256) }

func every(ctx context.Context, n, steps int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if i%steps == 0 && ctx.Err() != nil || !yield(i) {
				return
			}
		}
	}
}

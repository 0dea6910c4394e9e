//go:build survival

package extract

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A body of the longest size, whatever it repeats, takes no longer than its
// budget and what one stage may then still do: on one core to itself, less than
// a second.
func TestSurvivalHostileTexts(t *testing.T) {
	const budget, over = 10 * time.Second, 5 * time.Second // others may have the cores
	for name, unit := range hostileUnits {
		ctx, cancel := context.WithTimeout(t.Context(), budget)
		start := time.Now()
		_, err := extractor().Extract(ctx, hostile(unit, DefaultMaxBodyBytes), Options{})
		took := time.Since(start)
		cancel()
		t.Logf("%-14s %6.2f s %v", name, took.Seconds(), err)
		if took > budget+over {
			t.Errorf("%s: %v", name, took)
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

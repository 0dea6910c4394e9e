package interrupt

import (
	"context"
	"slices"
	"testing"
)

func TestRange(t *testing.T) {
	if got := slices.Collect(Range(t.Context(), 3)); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("got %v", got)
	}
	if got := slices.Collect(Range(t.Context(), 0)); len(got) != 0 {
		t.Errorf("got %v of nothing", got)
	}
}

func TestRangeStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []int
	for i := range Range(ctx, 10) {
		got = append(got, i)
		if i == 4 {
			cancel()
		}
	}
	if !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
		t.Errorf("got %v", got)
	}
}

func TestWordsLooksNowAndThen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if got := len(slices.Collect(Words(ctx, 1000))); got != 1000 {
		t.Errorf("got %d of 1000", got)
	}
	got := 0
	for i := range Words(ctx, 1000) {
		if got++; i == 100 {
			cancel()
		}
	}
	if got <= 101 || got >= 1000 {
		t.Errorf("stopped after %d steps, want at the next look", got)
	}
}

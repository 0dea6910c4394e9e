package main

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Results come in the order of the items, however long each takes, and as much
// work is under way as was asked for, no more.
func TestInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers = 4
		items := make([]int, 100)
		for i := range items {
			items[i] = i
		}
		begun := make(chan struct{}, len(items))
		work := func(i int) int {
			begun <- struct{}{}
			time.Sleep(time.Duration(i*37%11) * time.Second) // they overtake each other
			return i * i
		}
		var got []int
		most := 0
		for item, square := range inOrder(items, workers, work) {
			if square != item*item {
				t.Errorf("%d with the result of another: %d", item, square)
			}
			synctest.Wait()
			most = max(most, len(begun)-len(got))
			got = append(got, item)
		}
		if !slices.Equal(got, items) {
			t.Errorf("got %v", got)
		}
		if most != workers {
			t.Errorf("%d under way or waiting at once, want %d", most, workers)
		}
	})
}

// Whoever stops early leaves nothing behind.
func TestInOrderStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails where a goroutine stays
		for range inOrder(make([]int, 1000), 3, func(i int) int { return i }) {
			break
		}
	})
}

package main

import "iter"

// inOrder does work on every item, about `workers` at once, and yields what
// comes of it in the order of the items. At most that many results wait to be
// yielded.
func inOrder[I, T any](items []I, workers int, work func(I) T) iter.Seq2[I, T] {
	return func(yield func(I, T) bool) {
		stop := make(chan struct{})
		defer close(stop)
		pending := make(chan chan T, max(workers-1, 0))
		go func() {
			for _, item := range items {
				result := make(chan T, 1)
				select {
				case pending <- result:
				case <-stop:
					return
				}
				go func() { result <- work(item) }()
			}
		}()
		for _, item := range items {
			if !yield(item, <-<-pending) {
				return
			}
		}
	}
}

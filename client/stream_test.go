package client

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestStreamInOrder(t *testing.T) {
	servers := newFleet(t)
	servers.start("a:1", &fake{})
	servers.start("b:1", &fake{})
	c := servers.client(t, "a:1,b:1")
	const articles = 2000
	results := newTally(t)
	for result, err := range c.Stream(t.Context(), numbered(articles), WithOrder(), WithWindow(100, 1<<20), WithBatch(3)) {
		if err != nil {
			t.Fatal(err)
		}
		if result.Index != uint64(len(results.seen)) {
			t.Fatalf("result %d is of article %d", len(results.seen), result.Index)
		}
		results.add(result)
	}
	results.complete(articles)
}

func TestStreamOfNothing(t *testing.T) {
	c := newFleet(t).client(t, "a:1,b:1") // nobody is even asked
	for result, err := range c.Stream(t.Context(), numbered(0)) {
		t.Errorf("got %v, %v", result, err)
	}
}

func TestStreamCanBeRangedAgain(t *testing.T) {
	servers := newFleet(t)
	servers.start("a:1", &fake{})
	stream := servers.client(t, target).Stream(t.Context(), numbered(30))
	for range 2 {
		results := newTally(t)
		for result, err := range stream {
			if err != nil {
				t.Fatal(err)
			}
			results.add(result)
		}
		results.complete(30)
	}
}

// Articles that would break the connection, and one that the server refuses,
// fail alone.
func TestBadArticlesFailAlone(t *testing.T) {
	servers := newFleet(t)
	servers.start("a:1", &fake{answer: func(_ context.Context, a *depechev1.Article) (error, bool) {
		if a.GetId() == article(3).GetId() {
			return refusal("article.text", "EMPTY_BODY", "is empty"), false
		}
		return nil, false
	}})
	bad := map[uint64]*depechev1.Article{
		1: {Id: article(1).Id, Body: &depechev1.Article_Text{Text: "caf\xe9"}},
		2: {Id: article(2).Id, Body: &depechev1.Article_Text{Text: strings.Repeat("a", 8<<20)}},
		3: article(3),
	}
	corpus := func(yield func(*depechev1.Article) bool) {
		for i := range 100 {
			a := article(i)
			if b := bad[uint64(i)]; b != nil {
				a = b
			}
			if !yield(a) {
				return
			}
		}
	}
	results := newTally(t)
	for result, err := range servers.client(t, target).Stream(t.Context(), corpus) {
		if err != nil {
			t.Fatal(err)
		}
		results.add(result)
	}
	results.complete(100)
	if len(results.errs) != len(bad) {
		t.Errorf("%d articles failed, want %d: %v", len(results.errs), len(bad), results.errs)
	}
	for index := range bad {
		err := results.errs[index]
		violations := fieldViolations(err)
		if status.Code(err) != codes.InvalidArgument || len(violations) != 1 || violations[0].GetField() != "article.text" {
			t.Errorf("article %d: %v, violations %v", index, err, violations)
		}
	}
}

func fieldViolations(err error) []*errdetails.BadRequest_FieldViolation {
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			return bad.GetFieldViolations()
		}
	}
	return nil
}

// A loop that is left early has released everything; goleak looks at the end.
func TestLeavingEarly(t *testing.T) {
	servers := newFleet(t)
	servers.start("a:1", &fake{})
	c := servers.client(t, target)
	for _, ordered := range []bool{false, true} {
		var pulled, stopped atomic.Int64
		endless := func(yield func(*depechev1.Article) bool) {
			defer stopped.Add(1)
			for i := 0; ; i++ {
				pulled.Add(1)
				if !yield(article(i)) {
					return
				}
			}
		}
		options := []StreamOption{WithWindow(50, 1<<20)}
		if ordered {
			options = append(options, WithOrder())
		}
		t.Run("break", func(t *testing.T) {
			seen := 0
			for range c.Stream(t.Context(), endless, options...) {
				if seen++; seen == 120 {
					break
				}
			}
			if stopped.Load() != 1 {
				t.Error("the input still runs after the loop")
			}
			if n := pulled.Load(); n > 120+50 {
				t.Errorf("%d articles pulled for 120 results and a window of 50", n)
			}
		})
		t.Run("panic in the body", func(t *testing.T) {
			defer func() {
				if recover() != "body" {
					t.Error("the panic was lost")
				}
				if stopped.Load() != 2 {
					t.Error("the input still runs after the loop")
				}
			}()
			for range c.Stream(t.Context(), endless, options...) {
				panic("body")
			}
		})
		t.Run("panic in the input", func(t *testing.T) {
			defer func() {
				if recover() != "input" {
					t.Error("the panic was lost")
				}
			}()
			for range c.Stream(t.Context(), func(yield func(*depechev1.Article) bool) {
				for i := range 10 {
					yield(article(i))
				}
				panic("input")
			}, options...) {
			}
			t.Error("the loop ended without the panic")
		})
		t.Run("cancel", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var last error
			seen := 0
			for _, err := range c.Stream(ctx, endless, options...) {
				if seen++; seen == 10 {
					cancel()
				}
				if seen > 11 {
					t.Fatal("results after ctx was cancelled")
				}
				last = err
			}
			if !errors.Is(last, context.Canceled) {
				t.Errorf("the loop ended with %v, want context.Canceled", last)
			}
		})
	}
}

// A loop that takes nothing stops the input when the window is full, by count
// and by bytes.
func TestSlowLoopHoldsBackTheInput(t *testing.T) {
	const large = 64 << 10
	tests := []struct {
		name            string
		articles, bytes int
		body            int
		window          int64 // articles that fill it
	}{
		{"by count", 20, 1 << 30, 100, 20},
		{"by bytes", 1 << 20, 10 * large, large, 10},
		{"one above the bytes", 10, 1, large, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			servers := newFleet(t)
			servers.start("a:1", &fake{})
			c := servers.client(t, target)
			var pulled atomic.Int64
			full := make(chan struct{})
			corpus := func(yield func(*depechev1.Article) bool) {
				for i := range 200 {
					if pulled.Add(1) == test.window {
						close(full)
					}
					a := article(i)
					a.Body = &depechev1.Article_Text{Text: strings.Repeat("a", test.body)}
					if !yield(a) {
						return
					}
				}
			}
			results := newTally(t)
			for result, err := range c.Stream(t.Context(), corpus, WithWindow(test.articles, test.bytes)) {
				if err != nil {
					t.Fatal(err)
				}
				if len(results.seen) == 0 {
					<-full // a full window is filled again only when it has room for some
				}
				results.add(result)
				// One more may have been pulled since the last was delivered.
				if held := pulled.Load() - int64(len(results.seen)); held > test.window+1 {
					t.Fatalf("%d articles held after %d results, want at most %d", held, len(results.seen), test.window+1)
				}
			}
			results.complete(200)
		})
	}
}

// What no attempt can mend ends the stream at once, with its status.
func TestRefusedStream(t *testing.T) {
	for _, code := range []codes.Code{codes.Unauthenticated, codes.PermissionDenied, codes.InvalidArgument, codes.Unimplemented} {
		t.Run(code.String(), func(t *testing.T) {
			servers := newFleet(t)
			var asked atomic.Int64
			servers.start("a:1", &fake{admit: func() error { asked.Add(1); return status.Error(code, "no") }})
			var last error
			for _, err := range servers.client(t, target).Stream(t.Context(), numbered(10), WithStreams(1)) {
				last = err
			}
			if status.Code(last) != code || asked.Load() != 1 {
				t.Errorf("ended with %v after %d attempts, want %v after one", last, asked.Load(), code)
			}
		})
	}
}

func TestExtract(t *testing.T) {
	servers := newFleet(t)
	var refused atomic.Int64
	servers.start("a:1", &fake{
		admit: func() error {
			if refused.Add(1) <= 2 {
				return saturatedStatus(0)
			}
			return nil
		},
		answer: func(_ context.Context, a *depechev1.Article) (error, bool) {
			if a.GetText() == "" {
				return refusal("article.text", "EMPTY_BODY", "is empty"), false
			}
			return nil, false
		},
	})
	c := servers.client(t, target)
	extraction, err := c.Extract(t.Context(), article(7))
	if err != nil || extraction.GetArticleId() != article(7).GetId() {
		t.Errorf("got %v, %v", extraction, err)
	}
	if n := refused.Load(); n != 3 {
		t.Errorf("%d attempts, want 3: two were refused for want of room", n)
	}
	if _, err = c.Extract(t.Context(), &depechev1.Article{}); status.Code(err) != codes.InvalidArgument {
		t.Errorf("an article that the server refuses: %v", err)
	}
	if _, err = c.Extract(t.Context(), nil); status.Code(err) != codes.InvalidArgument || fieldViolations(err)[0].GetField() != "article" {
		t.Errorf("no article: %v", err)
	}
	if engine, err := c.DescribeEngine(t.Context()); err != nil || len(engine.GetLanguages()) != 1 {
		t.Errorf("got %v, %v", engine, err)
	}
	if _, err := c.DescribeOntology(t.Context()); status.Code(err) != codes.Unimplemented {
		t.Errorf("got %v, want what the server says", err)
	}
}

func BenchmarkStream(b *testing.B) {
	servers := newFleet(b)
	servers.start("a:1", &fake{})
	c := servers.client(b, target)
	for _, bench := range []struct {
		name    string
		options []StreamOption
	}{
		{"unordered", nil},
		{"ordered", []StreamOption{WithOrder()}},
		{"one stream", []StreamOption{WithStreams(1)}},
		{"no batches", []StreamOption{WithBatch(1)}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			one := article(0)
			one.Body = &depechev1.Article_Text{Text: strings.Repeat("Des milliers de personnes. ", 120)}
			corpus := func(yield func(*depechev1.Article) bool) {
				for range b.N {
					if !yield(one) {
						return
					}
				}
			}
			for _, err := range c.Stream(b.Context(), corpus, bench.options...) {
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

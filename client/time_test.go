package client

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// scripted is a server without a network, so that a test can have a clock of its
// own: each stream runs the next script, the last one for ever.
type scripted struct {
	depechev1.ExtractionServiceClient
	scripts []script
	opened  []time.Time
}

// script is a stream's handler. It reads requests until it returns.
type script func(ctx context.Context, requests <-chan *depechev1.StreamEventsRequest, answer func(*depechev1.StreamEventsRequest)) error

func (s *scripted) StreamEvents(ctx context.Context, _ ...grpc.CallOption) (grpc.BidiStreamingClient[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse], error) {
	run := s.scripts[min(len(s.opened), len(s.scripts)-1)]
	s.opened = append(s.opened, time.Now())
	ctx, cancel := context.WithCancel(ctx)
	pipe := &pipe{
		ctx:       ctx,
		requests:  make(chan *depechev1.StreamEventsRequest),
		responses: make(chan *depechev1.StreamEventsResponse, 1000),
	}
	go func() {
		pipe.err = run(ctx, pipe.requests, func(request *depechev1.StreamEventsRequest) {
			response := &depechev1.StreamEventsResponse{}
			for _, numbered := range request.GetBatch().GetArticles() {
				response.Outcomes = append(response.Outcomes, &depechev1.Outcome{
					Sequence: numbered.GetSequence(),
					Result:   &depechev1.Outcome_Extraction{Extraction: &depechev1.Extraction{ArticleId: numbered.GetArticle().GetId()}},
				})
			}
			pipe.responses <- response
		})
		close(pipe.responses)
		cancel()
	}()
	return pipe, nil
}

type pipe struct {
	grpc.ClientStream
	ctx       context.Context
	requests  chan *depechev1.StreamEventsRequest
	responses chan *depechev1.StreamEventsResponse
	err       error // of the script; set before responses is closed
}

func (p *pipe) Send(request *depechev1.StreamEventsRequest) error {
	select {
	case p.requests <- request:
		return nil
	case <-p.ctx.Done():
		return io.EOF
	}
}

func (p *pipe) CloseSend() error {
	close(p.requests)
	return nil
}

func (p *pipe) Recv() (*depechev1.StreamEventsResponse, error) {
	response, ok := <-p.responses
	switch {
	case ok:
		return response, nil
	case p.err != nil:
		return nil, p.err
	}
	return nil, io.EOF
}

// answering answers everything, each message after a while.
func answering(after time.Duration) script {
	return func(ctx context.Context, requests <-chan *depechev1.StreamEventsRequest, answer func(*depechev1.StreamEventsRequest)) error {
		for {
			select {
			case request, ok := <-requests:
				if !ok {
					return nil
				}
				if request.GetBatch() != nil {
					if !sleep(ctx, after) {
						return status.FromContextError(ctx.Err()).Err()
					}
					answer(request)
				}
			case <-ctx.Done():
				return status.FromContextError(ctx.Err()).Err()
			}
		}
	}
}

// refusing ends the stream before it reads.
func refusing(err error) script {
	return func(context.Context, <-chan *depechev1.StreamEventsRequest, func(*depechev1.StreamEventsRequest)) error {
		return err
	}
}

// silent reads and never answers.
func silent(ctx context.Context, requests <-chan *depechev1.StreamEventsRequest, _ func(*depechev1.StreamEventsRequest)) error {
	for {
		select {
		case <-requests:
		case <-ctx.Done():
			return status.FromContextError(ctx.Err()).Err()
		}
	}
}

// run streams ten articles over one stream at a time.
func (s *scripted) run(t *testing.T, ctx context.Context, options ...StreamOption) (*tally, error) {
	t.Helper()
	c := &Client{target: "test", api: s, messageLimit: defaultMessageLimit}
	results := newTally(t)
	for result, err := range c.Stream(ctx, numbered(10), append(options, WithStreams(1))...) {
		if err != nil {
			return results, err
		}
		results.add(result)
	}
	results.complete(10)
	return results, nil
}

// A server without room is asked again when it says, as often as it takes.
func TestRetryInfoIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const wait = 700 * time.Millisecond
		const refusals = 2 * defaultAttempts
		server := &scripted{}
		for range refusals {
			server.scripts = append(server.scripts, refusing(saturatedStatus(wait)))
		}
		server.scripts = append(server.scripts, answering(0))
		if _, err := server.run(t, t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(server.opened) != refusals+1 {
			t.Fatalf("%d streams, want %d", len(server.opened), refusals+1)
		}
		for i := range refusals {
			if waited := server.opened[i+1].Sub(server.opened[i]); waited < wait || waited > wait*6/5 {
				t.Errorf("attempt %d came after %v, want %v and up to a fifth more", i+1, waited, wait)
			}
		}
	})
}

// Attempts that bring nothing are bounded, and the waits between them grow.
func TestFruitlessAttemptsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &scripted{scripts: []script{refusing(drained())}}
		_, err := server.run(t, t.Context())
		if status.Code(err) != codes.Unavailable {
			t.Errorf("ended with %v, want UNAVAILABLE", err)
		}
		if len(server.opened) != defaultAttempts {
			t.Fatalf("%d attempts, want %d", len(server.opened), defaultAttempts)
		}
		want := 100 * time.Millisecond
		for i := range len(server.opened) - 1 {
			if waited := server.opened[i+1].Sub(server.opened[i]); waited < want || waited > want*6/5 {
				t.Errorf("wait %d is %v, want %v and up to a fifth more", i, waited, want)
			}
			want = min(2*want, 10*time.Second)
		}
	})
}

// A stream that falls silent is given up; its articles go to another.
func TestSilentStreamIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 30 * time.Second
		server := &scripted{scripts: []script{silent, answering(0)}}
		if _, err := server.run(t, t.Context(), WithIdleTimeout(timeout)); err != nil {
			t.Fatal(err)
		}
		if len(server.opened) != 2 {
			t.Fatalf("%d streams, want 2", len(server.opened))
		}
		if waited := server.opened[1].Sub(server.opened[0]); waited < timeout {
			t.Errorf("given up after %v, want %v", waited, timeout)
		}
	})
}

// The idle timeout is no deadline: neither slow answers nor a slow loop or input
// end a stream.
func TestSlownessIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 30 * time.Second
		server := &scripted{scripts: []script{answering(timeout - time.Second)}}
		c := &Client{target: "test", api: server, messageLimit: defaultMessageLimit}
		slow := func(yield func(*depechev1.Article) bool) {
			for i := range 10 {
				time.Sleep(3 * timeout) // the bubble's clock
				if !yield(article(i)) {
					return
				}
			}
		}
		results := newTally(t)
		for result, err := range c.Stream(t.Context(), slow, WithStreams(1), WithIdleTimeout(timeout)) {
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * timeout)
			results.add(result)
		}
		results.complete(10)
		if len(server.opened) != 1 {
			t.Errorf("%d streams, want 1", len(server.opened))
		}
	})
}

// An article that no server ever answers fails alone, in bounded time.
func TestHangingArticleFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging := func(ctx context.Context, requests <-chan *depechev1.StreamEventsRequest, answer func(*depechev1.StreamEventsRequest)) error {
			for {
				select {
				case request, ok := <-requests:
					if !ok {
						return nil
					}
					for _, numbered := range request.GetBatch().GetArticles() {
						if numbered.GetSequence() == 4 {
							<-ctx.Done()
							return status.FromContextError(ctx.Err()).Err()
						}
					}
					if request.GetBatch() != nil {
						answer(request)
					}
				case <-ctx.Done():
					return status.FromContextError(ctx.Err()).Err()
				}
			}
		}
		server := &scripted{scripts: []script{hanging}}
		results, err := server.run(t, t.Context(), WithBatch(2))
		if err != nil {
			t.Fatal(err)
		}
		if len(results.errs) != 1 || status.Code(results.errs[4]) != codes.DeadlineExceeded {
			t.Errorf("errors are %v, want DEADLINE_EXCEEDED for article 4", results.errs)
		}
	})
}

// A deadline of the whole ends a stream that waits, at once.
func TestDeadlineEndsWaiting(t *testing.T) {
	for name, server := range map[string]script{
		"in a stream":         silent,
		"between two streams": refusing(saturatedStatus(time.Hour)),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const deadline = 5 * time.Second
				ctx, cancel := context.WithTimeout(t.Context(), deadline)
				defer cancel()
				start := time.Now()
				server := &scripted{scripts: []script{server}}
				if _, err := server.run(t, ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("ended with %v", err)
				}
				if waited := time.Since(start); waited != deadline {
					t.Errorf("ended after %v, want %v", waited, deadline)
				}
			})
		})
	}
}

// A server that ends streams as if all were well, and answers nothing, is no
// server.
func TestStreamThatEndsWithoutAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &scripted{scripts: []script{refusing(nil), answering(0)}}
		if _, err := server.run(t, t.Context()); err != nil {
			t.Fatal(err)
		}
		server = &scripted{scripts: []script{refusing(nil)}}
		if _, err := server.run(t, t.Context()); status.Code(err) != codes.Internal {
			t.Errorf("ended with %v, want INTERNAL", err)
		}
	})
}

// Answers that trickle in keep a stream alive, though nothing more is sent.
func TestTrickleIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 30 * time.Second
		trickling := func(ctx context.Context, requests <-chan *depechev1.StreamEventsRequest, answer func(*depechev1.StreamEventsRequest)) error {
			var taken []*depechev1.StreamEventsRequest
			for len(taken) < 10 {
				if request := <-requests; request.GetBatch() != nil {
					taken = append(taken, request)
				}
			}
			for _, request := range taken {
				if !sleep(ctx, timeout-time.Second) {
					return status.FromContextError(ctx.Err()).Err()
				}
				answer(request)
			}
			return nil
		}
		server := &scripted{scripts: []script{trickling}}
		if _, err := server.run(t, t.Context(), WithIdleTimeout(timeout), WithBatch(1)); err != nil {
			t.Fatal(err)
		}
		if len(server.opened) != 1 {
			t.Errorf("%d streams, want 1", len(server.opened))
		}
	})
}

// An article is not to blame for servers that take leave while it waits, or that
// end a stream as the article comes, for having stood still before.
func TestLeaveBlamesNoArticle(t *testing.T) {
	for _, reason := range []string{"DRAINING", "STREAM_IDLE"} {
		t.Run(reason, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				busy := func(ctx context.Context, requests <-chan *depechev1.StreamEventsRequest, answer func(*depechev1.StreamEventsRequest)) error {
					for {
						select {
						case request := <-requests:
							articles := request.GetBatch().GetArticles()
							if len(articles) == 0 || articles[0].GetSequence() == 0 {
								continue
							}
							answer(request)
							return leave(reason)
						case <-ctx.Done():
							return status.FromContextError(ctx.Err()).Err()
						}
					}
				}
				server := &scripted{}
				for range 9 {
					server.scripts = append(server.scripts, busy)
				}
				server.scripts = append(server.scripts, answering(0))
				results, err := server.run(t, t.Context(), WithBatch(1))
				if err != nil || len(results.errs) > 0 {
					t.Errorf("got %v, errors %v", err, results.errs)
				}
			})
		})
	}
}

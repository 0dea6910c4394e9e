package server

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// fakeWire is a stream without a transport: what the server has received is
// known exactly, and a client that does not read is one that leaves answers in
// the channel.
type fakeWire struct {
	grpc.ServerStream
	ctx      context.Context
	requests []*depechev1.StreamEventsRequest
	received int
	answers  chan *depechev1.StreamEventsResponse // unbuffered
	trailer  metadata.MD
}

func newFakeWire(ctx context.Context, requests ...*depechev1.StreamEventsRequest) *fakeWire {
	return &fakeWire{
		ctx:      ctx,
		requests: append([]*depechev1.StreamEventsRequest{openMessage(&depechev1.StreamOptions{})}, requests...),
		answers:  make(chan *depechev1.StreamEventsResponse),
	}
}

func (w *fakeWire) Context() context.Context       { return w.ctx }
func (w *fakeWire) SetTrailer(trailer metadata.MD) { w.trailer = trailer }

func (w *fakeWire) Recv() (*depechev1.StreamEventsRequest, error) {
	if w.received == len(w.requests) {
		return nil, io.EOF
	}
	w.received++
	return w.requests[w.received-1], nil
}

func (w *fakeWire) Send(response *depechev1.StreamEventsResponse) error {
	// As a client has it: outcomes are encoded before they are sent.
	encoded, err := proto.Marshal(response)
	if err != nil {
		return err
	}
	response = &depechev1.StreamEventsResponse{}
	if err := proto.Unmarshal(encoded, response); err != nil {
		return err
	}
	select {
	case w.answers <- response:
		return nil
	case <-w.ctx.Done():
		return status.FromContextError(w.ctx.Err()).Err()
	}
}

// inBubble runs a test on a service of its own, in fake time. The service's
// workers end before it does.
func inBubble(t *testing.T, engine Engine, adjust func(*Config), test func(t *testing.T, s *service)) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig(engine)
		config.Workers = 4
		adjust(&config)
		config.Logger = zap.NewNop()
		s, err := config.service()
		if err != nil {
			t.Fatal(err)
		}
		s.pool.start(config.Workers)
		defer s.pool.close()
		test(t, s)
	})
}

// singles are n messages of one article each.
func singles(n uint64) (requests []*depechev1.StreamEventsRequest) {
	for sequence := range n {
		requests = append(requests, batchMessage(numbered(sequence)))
	}
	return requests
}

// A client that does not read its answers: the server reads as far as its bound
// and no further, goes on when the client does, and lets go of everything when
// the client goes.
func TestSlowReaderStopsTheServersReading(t *testing.T) {
	const bound, sent = 5, 50
	tests := []struct {
		name   string
		adjust func(*Config)
		want   int // articles received
	}{
		{"by count", func(c *Config) { c.StreamArticles = bound }, bound},
		// The answers are what is held, and they are shorter than the articles.
		{"by bytes", func(c *Config) { c.StreamBytes = 1 }, 1},
		{"by all streams' bytes", func(c *Config) { c.BulkBytes = 1 }, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, &fakeEngine{}, test.adjust, func(t *testing.T, s *service) {
				ctx, cancel := context.WithCancel(t.Context())
				wire := newFakeWire(ctx, singles(sent)...)
				done := make(chan error, 1)
				go func() { done <- s.StreamEvents(wire) }()
				synctest.Wait()
				if got := wire.received - 1; got != test.want {
					t.Errorf("%d articles received while nothing is read, want %d", got, test.want)
				}

				read := 0
				for read < sent/2 {
					read += len((<-wire.answers).GetOutcomes())
				}
				synctest.Wait()
				if got := wire.received - 1; got > read+test.want || got < read+1 {
					t.Errorf("%d articles received when %d are answered, want at most %d more", got, read, test.want)
				}

				cancel()
				if code := status.Code(<-done); code != codes.Canceled {
					t.Errorf("stream ended with %v", code)
				}
				if held := s.bulkHeld.Load(); held != 0 {
					t.Errorf("%d bytes are held after the client went", held)
				}
				if streams := s.streams.Load(); streams != 0 {
					t.Errorf("%d streams are counted after the client went", streams)
				}
			})
		})
	}
}

// Slow workers stop the reading too, and what is in flight is counted by what
// it holds: the article until it is read, then its answer.
func TestSlowWorkersStopTheServersReading(t *testing.T) {
	const bound = 5
	release := make(chan struct{})
	answer := strings.Repeat("a", 1<<10)
	engine := &fakeEngine{extract: func(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
		select {
		case <-release:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		extraction := answerTo(article)
		extraction.Text = &answer
		return extraction, nil
	}}
	synctest.Test(t, func(t *testing.T) {
		release = make(chan struct{}) // of this bubble
		config := testConfig(engine)
		config.Logger, config.StreamArticles = zap.NewNop(), bound
		s, err := config.service()
		if err != nil {
			t.Fatal(err)
		}
		s.pool.start(2)
		defer s.pool.close()

		ctx, cancel := context.WithCancel(t.Context())
		wire := newFakeWire(ctx, singles(20)...)
		done := make(chan error, 1)
		go func() { done <- s.StreamEvents(wire) }()
		synctest.Wait()
		if got := wire.received - 1; got != bound {
			t.Errorf("%d articles received while none is done, want %d", got, bound)
		}
		var want int64
		for sequence := range uint64(bound) {
			want += int64(proto.Size(numbered(sequence)))
		}
		if held := s.bulkHeld.Load(); held != want {
			t.Errorf("%d bytes are held, want the articles' %d", held, want)
		}
		if got, want := s.pool.load(), (load{running: 2, articles: bound - 2}); got != want {
			t.Errorf("load is %+v, want %+v", got, want)
		}
		close(release)
		synctest.Wait()
		if held := s.bulkHeld.Load(); held < bound<<10 {
			t.Errorf("%d bytes are held, want those of the answers", held)
		}
		cancel()
		<-done
	})
}

// Small articles with answers a thousand times their size, and a client that
// does not read them: no more are read than fit, whatever is in flight, and all
// are answered when the client reads.
func TestLargeAnswersStopTheReadingOfArticles(t *testing.T) {
	const articles, workers, answer, fit = 64, 2, 1 << 10, 4
	for _, ordered := range []bool{true, false} {
		for name, adjust := range map[string]func(*Config){
			"of one stream":   func(c *Config) { c.StreamBytes = fit * answer },
			"of all together": func(c *Config) { c.BulkBytes = fit * answer },
		} {
			t.Run(fmt.Sprintf("%s, ordered=%v", name, ordered), func(t *testing.T) {
				var read atomic.Int64
				engine := &fakeEngine{extract: func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
					read.Add(1)
					extraction := answerTo(article)
					extraction.Text = proto.String(strings.Repeat("a", answer))
					return extraction, nil
				}}
				inBubble(t, engine, func(c *Config) { c.Workers = workers; adjust(c) }, func(t *testing.T, s *service) {
					var batch []*depechev1.NumberedArticle
					for sequence := range uint64(articles) {
						// Each is short, and comes with a repeat that no worker answers.
						batch = append(batch, &depechev1.NumberedArticle{Sequence: sequence, Article: &depechev1.Article{Body: &depechev1.Article_Text{Text: "a"}}},
							&depechev1.NumberedArticle{Sequence: sequence})
					}
					wire := newFakeWire(t.Context(), batchMessage(batch...))
					wire.requests[0] = openMessage(&depechev1.StreamOptions{Ordered: ordered})
					done := make(chan error, 1)
					go func() { done <- s.StreamEvents(wire) }()
					synctest.Wait()
					// One may have left for the wire before the others were made.
					if got := read.Load(); got < 1 || got > fit+workers+1 {
						t.Errorf("%d articles were read, want at most %d", got, fit+workers+1)
					}
					for answered := 0; answered < 2*articles; {
						answered += len((<-wire.answers).GetOutcomes())
					}
					if err := <-done; err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}

// A stream that stands still ends, so that its place is free, whether nothing
// comes or nothing is taken; one that waits for the server does not.
func TestIdleStreamsEnd(t *testing.T) {
	const timeout = time.Minute
	idle := failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_STREAM_IDLE, ""}
	tests := []struct {
		name     string
		requests []*depechev1.StreamEventsRequest
		work     time.Duration // on each article
		take     bool          // the client takes its answers
		pause    time.Duration // before each message of the client, but the first
		stays    bool          // the client does not end the stream
		want     failure
		ends     time.Duration
	}{
		{"nothing comes", nil, 0, true, 0, true, idle, timeout},
		{"nothing comes any more", singles(1), 0, true, timeout / 2, true, idle, timeout/2 + timeout},
		{"answers are not taken", singles(1), time.Second, false, 0, false, idle, time.Second + timeout},
		{"articles come now and then", singles(3), 0, true, timeout - 1, false, failure{}, 4 * (timeout - 1)},
		{"the server is slow", singles(1), 3 * timeout, true, 0, true, idle, 3*timeout + timeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			engine := &fakeEngine{extract: func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
				time.Sleep(test.work) // of the bubble's time
				return answerTo(article), nil
			}}
			inBubble(t, engine, func(c *Config) { c.StreamIdleTimeout, c.ArticleBudget = timeout, time.Hour }, func(t *testing.T, s *service) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				wire := &pausingWire{newFakeWire(ctx, test.requests...), test.pause, test.stays}
				if test.take {
					go func() {
						for {
							select {
							case <-wire.answers:
							case <-ctx.Done():
								return
							}
						}
					}()
				}
				start := time.Now()
				err := s.StreamEvents(wire)
				if got := failureOf(status.Convert(err)); got != test.want {
					t.Errorf("ended with %v, want %v", err, test.want)
				}
				if took := time.Since(start); took != test.ends {
					t.Errorf("ended after %v, want %v", took, test.ends)
				}
				if streams, held := s.streams.Load(), s.bulkHeld.Load(); streams != 0 || held != 0 {
					t.Errorf("%d streams and %d bytes are still counted", streams, held)
				}
			})
		})
	}
}

// pausingWire is a client that takes its time between messages.
type pausingWire struct {
	*fakeWire
	pause time.Duration
	stays bool // it does not end the stream
}

func (w *pausingWire) Recv() (*depechev1.StreamEventsRequest, error) {
	if w.stays && w.received == len(w.requests) {
		<-w.ctx.Done()
		return nil, status.FromContextError(w.ctx.Err()).Err()
	}
	if w.received > 0 {
		timer := time.NewTimer(w.pause)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-w.ctx.Done():
			return nil, status.FromContextError(w.ctx.Err()).Err()
		}
	}
	return w.fakeWire.Recv()
}

// A stream that holds nothing gets on, however much the others hold.
func TestStreamsShareMemoryWithoutStarving(t *testing.T) {
	inBubble(t, &fakeEngine{}, func(c *Config) { c.BulkBytes = 1 }, func(t *testing.T, s *service) {
		stuck, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.StreamEvents(newFakeWire(stuck, singles(10)...)) }()
		synctest.Wait() // it holds an answer that nobody reads

		wire := newFakeWire(t.Context(), singles(10)...)
		go func() { done <- s.StreamEvents(wire) }()
		for answered := 0; answered < 10; {
			answered += len((<-wire.answers).GetOutcomes())
		}
		if err := <-done; err != nil {
			t.Errorf("the stream that is read: %v", err)
		}
		cancel()
		<-done
	})
}

func TestStreamsAreBounded(t *testing.T) {
	inBubble(t, &fakeEngine{}, func(c *Config) { c.MaxStreams = 2 }, func(t *testing.T, s *service) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 2)
		for range 2 {
			go func() { done <- s.StreamEvents(newFakeWire(ctx, singles(1)...)) }()
		}
		synctest.Wait()
		wire := newFakeWire(ctx)
		err := s.StreamEvents(wire)
		checkFailure(t, err, failure{codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, ""})
		if retryDelay(err) != s.retry || len(wire.trailer.Get(pushbackTrailer)) != 1 {
			t.Errorf("RetryInfo %v, trailer %v", retryDelay(err), wire.trailer)
		}
		cancel()
		<-done
		<-done
		if err := s.StreamEvents(newFakeWire(t.Context())); err != nil {
			t.Errorf("a stream after the others have gone: %v", err)
		}
	})
}

// Nothing is held back for a fuller message, and what has gathered while the
// client did not read goes in one.
func TestStreamGathersOutcomesThatAreReady(t *testing.T) {
	const bound = 8
	inBubble(t, &fakeEngine{}, func(c *Config) { c.StreamArticles = bound }, func(t *testing.T, s *service) {
		wire := newFakeWire(t.Context(), singles(bound)...)
		done := make(chan error, 1)
		go func() { done <- s.StreamEvents(wire) }()
		synctest.Wait()
		messages, answered := 0, 0
		for ; answered < bound; messages++ {
			answered += len((<-wire.answers).GetOutcomes())
		}
		// The first message left with what was ready when the sender first looked.
		if messages > 2 {
			t.Errorf("%d outcomes came in %d messages, want at most 2", answered, messages)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// What was taken when the drain begins is answered, what was not is left to
// another server.
func TestStreamDrains(t *testing.T) {
	const bound = 4
	for _, ordered := range []bool{true, false} {
		engine := &fakeEngine{}
		inBubble(t, engine, func(c *Config) { c.StreamArticles, c.Workers = bound, 2 }, func(t *testing.T, s *service) {
			release := make(chan struct{})
			engine.extract = func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
				<-release
				return answerTo(article), nil
			}
			wire := newFakeWire(t.Context(), singles(20)...)
			wire.requests[0] = openMessage(&depechev1.StreamOptions{Ordered: ordered})
			done := make(chan error, 1)
			go func() { done <- s.StreamEvents(wire) }()
			synctest.Wait()
			s.stopTaking()
			synctest.Wait()
			close(release)
			answered := 0
			for answered < bound {
				for _, outcome := range (<-wire.answers).GetOutcomes() {
					if outcome.GetError() != nil {
						t.Errorf("article %d: %v", outcome.GetSequence(), outcome.GetError())
					}
					answered++
				}
			}
			err := <-done
			checkFailure(t, err, failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_DRAINING, ""})
			if wire.received-1 != bound {
				t.Errorf("%d articles received, %d answered", wire.received-1, answered)
			}
			checkFailure(t, s.StreamEvents(newFakeWire(t.Context())), failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_DRAINING, ""})
			_, err = s.ExtractEvents(t.Context(), request("x"))
			checkFailure(t, err, failure{codes.Unavailable, depechev1.ErrorReason_ERROR_REASON_DRAINING, ""})
		})
	}
}

// brokenWire panics where a transport would wait for a message.
type brokenWire struct{ *fakeWire }

func (brokenWire) Recv() (*depechev1.StreamEventsRequest, error) { panic("about " + secret) }

func TestReceiverPanics(t *testing.T) {
	inBubble(t, &fakeEngine{}, func(*Config) {}, func(t *testing.T, s *service) {
		err := s.StreamEvents(brokenWire{newFakeWire(t.Context())})
		checkFailure(t, err, failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""})
	})
}

// mutedWire panics where a transport would send.
type mutedWire struct{ *fakeWire }

func (mutedWire) Send(*depechev1.StreamEventsResponse) error { panic("about " + secret) }

func TestSenderPanics(t *testing.T) {
	inBubble(t, &fakeEngine{}, func(*Config) {}, func(t *testing.T, s *service) {
		err := s.StreamEvents(mutedWire{newFakeWire(t.Context(), singles(1)...)})
		checkFailure(t, err, failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""})
	})
}

// What comes when a stream has ended, or its caller has gone, is neither counted
// nor read.
func TestLateArticlesAreLeft(t *testing.T) {
	s := &service{logger: zap.NewNop(), metrics: newMetrics(), engine: &fakeEngine{extract: func(context.Context, *depechev1.Article) (*depechev1.Extraction, error) {
		t.Error("an article was read whose caller has gone")
		return nil, nil
	}}}
	b := &bulk{service: s, wake: make(chan struct{}, 1)}
	b.end(nil)
	if b.enter(&item{size: 1}) || b.inFlight != 0 || s.bulkHeld.Load() != 0 {
		t.Error("an article was taken after the end")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, refusal := s.read(gone, origin{}, article("x"), nil); refusal.Code() != codes.Canceled {
		t.Errorf("answer to one who has gone: %v", refusal)
	}
}

// No panic of a worker leaves it, whatever it does for the article.
func TestStreamWorkerPanicsOutsideTheEngine(t *testing.T) {
	b := &bulk{ctx: t.Context(), service: &service{logger: zap.NewNop()}} // without rules to check by
	_, refusal := b.extract(origin{}, 0, article("x"))
	checkFailure(t, refusal.Err(), failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""})
}

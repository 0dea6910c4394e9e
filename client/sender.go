package client

import (
	"context"
	"fmt"
	"io"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	// A stream stays on its server. It is closed and opened anew after so many
	// articles, so that work spreads over servers that were not connected at the
	// start or have come back; the lease doubles from the first to the last.
	firstLease = 256
	lastLease  = 16 << 10
)

// sender runs gRPC streams, one after another, until everything is answered.
type sender struct {
	api      depechev1.ExtractionServiceClient
	settings streamSettings
	ledger   *ledger
}

func (s *sender) run(ctx context.Context) {
	lease := firstLease
	failures := 0            // attempts in a row that brought nothing
	var answersBefore uint64 // on every lane, before the first of them
	for {
		lane := s.ledger.open(lease)
		batch := s.ledger.take(lane) // a stream is opened when there is work for it
		if batch == nil {
			return
		}
		err := s.fly(ctx, lane, batch)
		if lane.lease == 0 {
			lease = min(2*lease, lastLease)
		}
		end := judge(err)
		unanswered := s.ledger.close(lane, end.cause)
		var wait time.Duration
		switch {
		case end.fatal:
			s.ledger.stop(err)
			return
		case end.retryAfter > 0:
			wait = jitter(end.retryAfter)
		case unanswered == 0 || lane.answered > 0:
			failures = 0
		default:
			if failures == 0 {
				answersBefore = s.ledger.answers()
			}
			failures++
			if failures >= s.settings.attempts && s.ledger.answers() == answersBefore {
				s.ledger.stop(fmt.Errorf("no answer in %d attempts: %w", failures, err))
				return
			}
			wait = s.settings.pause(failures)
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// fly is one gRPC stream: it sends the batch and those that follow it until the
// lane ends, and returns why the stream ended; nil: as it should.
func (s *sender) fly(ctx context.Context, lane *lane, batch []*item) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stream, err := s.api.StreamEvents(ctx, s.settings.grpc...)
	if err != nil {
		return &notOpened{err}
	}
	idle := s.watch(lane, cancel)
	defer idle.stop()
	received := make(chan error, 1)
	go func() {
		err := receive(stream, s.ledger, lane, idle)
		s.ledger.end(lane)
		received <- err
	}()

	err = stream.Send(&depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Open{
		Open: &depechev1.StreamOptions{Options: s.settings.extract},
	}})
	for err == nil && batch != nil {
		idle.touch()
		if err = stream.Send(request(batch)); err == nil {
			batch = s.ledger.take(lane)
		}
	}
	if err == nil {
		err = stream.CloseSend()
	}
	if err != nil && err != io.EOF { // io.EOF: the status is what is received
		cancel(err)
	}
	err = <-received
	if cause := context.Cause(ctx); cause != nil && err != nil {
		return cause
	}
	if err == nil && s.ledger.flightOf(lane) > 0 {
		return status.Error(codes.Internal, "the server ended the stream without answering every article")
	}
	return err
}

// request is the message that carries a batch. Order is not asked of the server:
// with several streams and resends only the ledger can make it.
func request(batch []*item) *depechev1.StreamEventsRequest {
	articles := make([]*depechev1.NumberedArticle, len(batch))
	for i, entry := range batch {
		articles[i] = &depechev1.NumberedArticle{Sequence: entry.Index, Article: entry.Article}
	}
	return &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Batch{
		Batch: &depechev1.ArticleBatch{Articles: articles},
	}}
}

// receive enters outcomes until the stream ends; nil: as it should. It never
// waits for the loop: the window bounds what it can be sent.
func receive(stream grpc.BidiStreamingClient[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse], ledger *ledger, lane *lane, idle *idleWatch) error {
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		idle.touch()
		ledger.answer(lane, response.GetOutcomes())
	}
}

// notOpened is the failure of a stream that never reached a server.
type notOpened struct{ error }

func (e *notOpened) Unwrap() error { return e.error }

// idleWatch cancels a stream that owes answers and neither sends nor receives.
type idleWatch struct {
	timeout time.Duration
	timer   *time.Timer // nil: never
}

func (s *sender) watch(lane *lane, cancel context.CancelCauseFunc) *idleWatch {
	w := &idleWatch{timeout: s.settings.idleTimeout}
	if w.timeout <= 0 {
		return w
	}
	w.timer = time.AfterFunc(w.timeout, func() {
		if s.ledger.flightOf(lane) == 0 {
			return // nothing is owed; the next batch sets the timer again
		}
		cancel(status.Errorf(codes.DeadlineExceeded, "nothing sent or received for %v", w.timeout))
	})
	return w
}

func (w *idleWatch) touch() {
	if w.timer != nil {
		w.timer.Reset(w.timeout)
	}
}

func (w *idleWatch) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

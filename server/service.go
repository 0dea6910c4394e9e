package server

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// service answers the calls of the contract.
type service struct {
	depechev1.UnimplementedExtractionServiceServer

	engine   Engine
	staged   StagedEngine  // engine, where it tells of its stages; else nil
	onStage  StageObserver // notes a stage of an article that is not traced
	tracer   trace.Tracer  // nil: nothing is traced
	rules    rejection.Rules
	intake   *intake
	pool     *pool
	metrics  *metrics
	logger   *zap.Logger
	describe *depechev1.DescribeEngineResponse

	budget        time.Duration // for one article
	retry         time.Duration // when a caller that was shed is to come again
	responseBytes int           // longest response message
	maxStreams    int64
	streamItems   int           // one stream's articles in flight
	streamBytes   int64         // one stream's bytes in flight
	bulkBytes     int64         // all streams' bytes in flight
	streamIdle    time.Duration // how long a stream may stand still; 0: for ever

	streams     atomic.Int64 // open streams
	bulkHeld    atomic.Int64 // bytes that all streams have in flight
	connections atomic.Int64 // open connections

	drain     chan struct{} // closed when no new work is taken
	closeOnce func()        // closes drain
}

// answerOverhead is what a message that carries one Extraction adds to it, at
// most: tags, lengths and the sequence number.
const answerOverhead = 64

// errBudget is why an article's own context ended.
var errBudget = errors.New("article budget exceeded")

// ExtractEvents answers one article. It sheds at once when nothing can wait.
func (s *service) ExtractEvents(ctx context.Context, request *depechev1.ExtractEventsRequest) (*depechev1.ExtractEventsResponse, error) {
	extraction, refusal := s.extract(ctx, request)
	s.metrics.answered(unaryCall, extraction, refusal)
	if refusal != nil {
		return nil, refusal.Err()
	}
	return &depechev1.ExtractEventsResponse{Extraction: extraction}, nil
}

func (s *service) extract(ctx context.Context, request *depechev1.ExtractEventsRequest) (*depechev1.Extraction, *status.Status) {
	if s.isDraining() {
		return nil, draining()
	}
	if refusal := s.broken(ctx, request); refusal != nil {
		return nil, refusal
	}

	from := origin{unaryCall, time.Now()}
	var extraction *depechev1.Extraction
	var refusal *status.Status
	done := make(chan struct{})
	work := &job{
		bytes: int64(proto.Size(request)),
		run: func() {
			defer close(done)
			extraction, refusal = s.read(ctx, from, request.GetArticle(), request.GetOptions())
		},
	}
	if !s.pool.offer(work) {
		_ = grpc.SetTrailer(ctx, pushback(s.retry)) // fails only outside a call
		return nil, saturated("every worker is busy and no more calls can wait", s.retry)
	}
	select {
	case <-done:
		return extraction, refusal
	case <-ctx.Done():
		s.pool.withdraw(work)
		return nil, fromContext(ctx)
	}
}

// read answers one article, in a worker. It does not panic.
func (s *service) read(ctx context.Context, from origin, article *depechev1.Article, options *depechev1.ExtractOptions) (extraction *depechev1.Extraction, refusal *status.Status) {
	defer s.recoverWorker(ctx, &extraction, &refusal)
	ctx, span := s.take(ctx, from, article)
	extraction, refusal = s.attempt(ctx, article, options)
	s.leave(span, extraction, refusal)
	return extraction, refusal
}

// attempt answers an article, or says why not. It does not panic, so that a
// panic's article has its span and entry as every other.
func (s *service) attempt(ctx context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (extraction *depechev1.Extraction, refusal *status.Status) {
	defer s.recoverWorker(ctx, &extraction, &refusal)
	if ctx.Err() != nil { // gone while it waited
		return nil, fromContext(ctx)
	}
	budget, cancel := context.WithTimeoutCause(ctx, s.budget, errBudget)
	defer cancel()

	extraction, err := s.ask(budget, article, options)
	if err != nil {
		return nil, s.refusal(ctx, budget, err)
	}
	if extraction == nil {
		return nil, fault(ctx, s.logger, "engine gave neither answer nor error")
	}
	limit := s.responseBytes - answerOverhead
	if size := proto.Size(extraction); size > limit {
		return nil, answerTooLarge(size, limit)
	}
	return extraction, nil
}

// recoverWorker, deferred, makes an INTERNAL outcome of a panic: no interceptor
// stands around a worker.
func (s *service) recoverWorker(ctx context.Context, extraction **depechev1.Extraction, refusal **status.Status) {
	if value := recover(); value != nil {
		*extraction, *refusal = nil, panicked(ctx, s.logger, "worker", value)
	}
}

// refusal is the status of an engine's error, where call is the call's context
// and budget the article's.
func (s *service) refusal(call, budget context.Context, err error) *status.Status {
	if refusal, ok := rejection.Of(err); ok {
		return refusal
	}
	if ended := budget.Err(); ended != nil && errors.Is(err, ended) {
		if call.Err() != nil {
			return fromContext(call)
		}
		return rejection.BudgetExceeded(s.budget)
	}
	return fault(call, s.logger, "engine failed", zap.Error(err))
}

// DescribeOntology tells the event types.
func (s *service) DescribeOntology(context.Context, *depechev1.DescribeOntologyRequest) (*depechev1.DescribeOntologyResponse, error) {
	return s.engine.DescribeOntology(), nil
}

// DescribeEngine tells versions, languages and limits.
func (s *service) DescribeEngine(context.Context, *depechev1.DescribeEngineRequest) (*depechev1.DescribeEngineResponse, error) {
	return s.describe, nil
}

// stopTaking begins the drain: new calls and streams are refused, running
// streams take no more articles. It can be called again.
func (s *service) stopTaking() { s.closeOnce() }

func (s *service) isDraining() bool {
	select {
	case <-s.drain:
		return true
	default:
		return false
	}
}

// enterStream counts a stream in, or reports that there is no room.
func (s *service) enterStream() bool {
	if s.streams.Add(1) > s.maxStreams {
		s.streams.Add(-1)
		return false
	}
	return true
}

func (s *service) leaveStream() { s.streams.Add(-1) }

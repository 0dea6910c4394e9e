package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"sync"
	"testing"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/durationpb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fleet is some servers in this process, by address. They can be killed,
// drained and started again.
type fleet struct {
	mu      sync.Mutex
	members map[string]*member
}

type member struct {
	listener *bufconn.Listener
	server   *grpc.Server
	fake     *fake
}

func newFleet(t testing.TB) *fleet {
	f := &fleet{members: map[string]*member{}}
	t.Cleanup(func() {
		for address := range f.members {
			f.kill(address)
		}
	})
	return f
}

// start runs a server at an address where none runs.
func (f *fleet) start(address string, fake *fake, options ...grpc.ServerOption) {
	m := &member{
		listener: bufconn.Listen(256 << 10),
		server:   grpc.NewServer(append([]grpc.ServerOption{grpc.MaxRecvMsgSize(8 << 20)}, options...)...),
		fake:     fake,
	}
	fake.leaving = make(chan struct{})
	depechev1.RegisterExtractionServiceServer(m.server, fake)
	healthpb.RegisterHealthServer(m.server, health.NewServer())
	go m.server.Serve(m.listener) // ends with Stop
	f.mu.Lock()
	defer f.mu.Unlock()
	f.members[address] = m
}

// kill ends a server as SIGKILL would.
func (f *fleet) kill(address string) { f.remove(address).server.Stop() }

// drain ends a server as SIGTERM would.
func (f *fleet) drain(address string) {
	m := f.remove(address)
	close(m.fake.leaving)
	m.server.GracefulStop()
}

func (f *fleet) remove(address string) *member {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.members[address]
	delete(f.members, address)
	return m
}

func (f *fleet) dial(ctx context.Context, address string) (net.Conn, error) {
	f.mu.Lock()
	m := f.members[address]
	f.mu.Unlock()
	if m == nil {
		return nil, fmt.Errorf("connection refused: nothing listens at %s", address)
	}
	return m.listener.DialContext(ctx)
}

// target is the fleet's server at a:1 alone.
const target = "passthrough:///a:1"

// client dials the fleet's servers at target.
func (f *fleet) client(t testing.TB, target string, options ...Option) *Client {
	t.Helper()
	quick := backoff.Config{BaseDelay: time.Millisecond, Multiplier: 1.5, MaxDelay: 20 * time.Millisecond}
	c, err := Dial(target, append([]Option{
		WithInsecure(),
		WithDialOptions(
			grpc.WithContextDialer(f.dial),
			grpc.WithConnectParams(grpc.ConnectParams{Backoff: quick, MinConnectTimeout: time.Second}),
		),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// fake answers every article with its id, unless a test says otherwise.
type fake struct {
	depechev1.UnimplementedExtractionServiceServer
	admit  func() error                                            // may refuse a stream or a call
	answer func(context.Context, *depechev1.Article) (error, bool) // may fail an article, or (true) end the stream with the error

	leaving chan struct{}
}

func (f *fake) outcome(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error, bool) {
	if f.answer != nil {
		if err, ends := f.answer(ctx, article); err != nil {
			return nil, err, ends
		}
	}
	return &depechev1.Extraction{ArticleId: article.GetId(), Language: "fr"}, nil, false
}

func (f *fake) ExtractEvents(ctx context.Context, request *depechev1.ExtractEventsRequest) (*depechev1.ExtractEventsResponse, error) {
	if f.admit != nil {
		if err := f.admit(); err != nil {
			return nil, err
		}
	}
	extraction, err, _ := f.outcome(ctx, request.GetArticle())
	return &depechev1.ExtractEventsResponse{Extraction: extraction}, err
}

func (f *fake) DescribeEngine(context.Context, *depechev1.DescribeEngineRequest) (*depechev1.DescribeEngineResponse, error) {
	return &depechev1.DescribeEngineResponse{Languages: []string{"fr"}}, nil
}

func (f *fake) StreamEvents(stream grpc.BidiStreamingServer[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse]) error {
	if f.admit != nil {
		if err := f.admit(); err != nil {
			return err
		}
	}
	if open, err := stream.Recv(); err != nil || open.GetOpen() == nil {
		return status.Error(codes.InvalidArgument, "open: comes first")
	}
	batches, failed := make(chan []*depechev1.NumberedArticle), make(chan error, 1)
	go func() {
		for {
			request, err := stream.Recv()
			if err != nil {
				failed <- err
				return
			}
			select {
			case batches <- request.GetBatch().GetArticles():
			case <-stream.Context().Done():
				return
			}
		}
	}()
	for {
		select {
		case <-f.leaving:
			return drained()
		case <-stream.Context().Done():
			return stream.Context().Err()
		case err := <-failed:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case batch := <-batches:
			response := &depechev1.StreamEventsResponse{}
			for _, numbered := range batch {
				outcome := &depechev1.Outcome{Sequence: numbered.GetSequence()}
				extraction, err, ends := f.outcome(stream.Context(), numbered.GetArticle())
				switch {
				case ends:
					return err
				case err != nil:
					outcome.Result = &depechev1.Outcome_Error{Error: status.Convert(err).Proto()}
				default:
					outcome.Result = &depechev1.Outcome_Extraction{Extraction: extraction}
				}
				response.Outcomes = append(response.Outcomes, outcome)
			}
			if err := stream.Send(response); err != nil {
				return err
			}
		}
	}
}

func drained() error { return leave("DRAINING") }

// leave is how a server ends a stream for a reason that is no article's.
func leave(reason string) error {
	leave, err := status.New(codes.Unavailable, "open another stream").WithDetails(
		&errdetails.ErrorInfo{Reason: reason, Domain: errorDomain})
	if err != nil {
		panic(err)
	}
	return leave.Err()
}

// saturatedStatus is the refusal of a server that has no room.
func saturatedStatus(retryAfter time.Duration) error {
	full, err := status.New(codes.ResourceExhausted, "no room").WithDetails(
		&errdetails.RetryInfo{RetryDelay: durationpb.New(retryAfter)})
	if err != nil {
		panic(err)
	}
	return full.Err()
}

// numbered are n articles whose ids say where they stand.
func numbered(n int) iter.Seq[*depechev1.Article] {
	return func(yield func(*depechev1.Article) bool) {
		for i := range n {
			if !yield(article(i)) {
				return
			}
		}
	}
}

func article(i int) *depechev1.Article {
	return &depechev1.Article{
		Id:   fmt.Sprintf("article-%05d", i),
		Body: &depechev1.Article_Text{Text: "Des milliers de personnes ont manifesté samedi à Montréal."},
	}
}

// tally checks that every article has one result of its own.
type tally struct {
	t    testing.TB
	seen map[uint64]string
	errs map[uint64]error
}

func newTally(t testing.TB) *tally {
	return &tally{t: t, seen: map[uint64]string{}, errs: map[uint64]error{}}
}

func (y *tally) add(result Result) {
	y.t.Helper()
	if before, twice := y.seen[result.Index]; twice {
		y.t.Errorf("article %d delivered twice: %s, %s", result.Index, before, result.Article.GetId())
	}
	y.seen[result.Index] = result.Article.GetId()
	if result.Err != nil {
		y.errs[result.Index] = result.Err
	} else if got := result.Extraction.GetArticleId(); got != result.Article.GetId() {
		y.t.Errorf("article %d: %s has the answer of %s", result.Index, result.Article.GetId(), got)
	}
}

func (y *tally) complete(articles int) {
	y.t.Helper()
	for i := range articles {
		if id, ok := y.seen[uint64(i)]; !ok {
			y.t.Errorf("article %d has no result", i)
		} else if want := article(i).GetId(); id != want {
			y.t.Errorf("article %d is %s, want %s", i, id, want)
		}
	}
	if len(y.seen) != articles {
		y.t.Errorf("%d results, want %d", len(y.seen), articles)
	}
}

// withPause sets the wait between fruitless attempts.
func withPause(pause time.Duration) StreamOption {
	return streamOption(func(s *streamSettings) { s.pause = func(int) time.Duration { return pause } })
}

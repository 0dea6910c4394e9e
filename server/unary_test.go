package server

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestUnaryAnswers(t *testing.T) {
	for name, start := range map[string]func(testing.TB, Engine, func(*Config)) *running{"memory": start, "tcp": startTCP} {
		t.Run(name, func(t *testing.T) {
			server := start(t, &fakeEngine{}, nil)
			response, err := server.ExtractEvents(contextFor(t), request("Palmyre"))
			if err != nil {
				t.Fatal(err)
			}
			want := &depechev1.ExtractEventsResponse{Extraction: answerTo(article("Palmyre"))}
			if !proto.Equal(response, want) {
				t.Errorf("answer is %v, want %v", response, want)
			}
		})
	}
}

// What refusingEngine does with an article is in its id.
const (
	engineRefuses  = "refuses"
	engineFails    = "fails"
	enginePanics   = "panics"
	engineIndexes  = "panics by an index"
	engineTalks    = "talks too much"
	engineIsSlow   = "is slow"
	engineIsSilent = "is silent"
)

const (
	// testBudget ends only what waits for its end.
	testBudget       = 20 * time.Millisecond
	smallestResponse = 64 << 10
)

// secret must be found in no answer and no log.
const secret = "le texte de l'article"

func refusingEngine(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
	switch article.GetId() {
	case engineRefuses:
		return nil, rejection.Field(depechev1.ErrorReason_ERROR_REASON_UNKNOWN_TIME_ZONE, "article.time_zone", "is no IANA name").Err()
	case engineFails:
		return nil, errors.New("lexicon is broken")
	case enginePanics:
		panic("about " + secret)
	case engineIndexes:
		var none []int
		_ = none[len(article.GetId())]
		return nil, nil
	case engineTalks:
		extraction := answerTo(article)
		extraction.Text = proto.String(strings.Repeat("a", smallestResponse))
		return extraction, nil
	case engineIsSlow:
		<-ctx.Done()
		return nil, ctx.Err()
	case engineIsSilent:
		return nil, nil
	default:
		return answerTo(article), nil
	}
}

// with is a request with one thing wrong in its article.
func with(change func(*depechev1.Article)) *depechev1.ExtractEventsRequest {
	request := request("x")
	change(request.Article)
	return request
}

func withOptions(options *depechev1.ExtractOptions) *depechev1.ExtractEventsRequest {
	request := request("x")
	request.Options = options
	return request
}

// refusals are requests that are refused, each with what the caller is told.
var refusals = []struct {
	name    string
	request *depechev1.ExtractEventsRequest
	want    failure
}{
	{"no article", &depechev1.ExtractEventsRequest{}, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article"}},
	{"no body", with(func(a *depechev1.Article) { a.Body = nil }), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_EMPTY_BODY, "article.body"}},
	{"id too long", with(func(a *depechev1.Article) { a.Id = strings.Repeat("a", 1025) }), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article.id"}},
	{"title too long", with(func(a *depechev1.Article) { a.Title = strings.Repeat("é", 2049) }), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article.title"}},
	{"language no tag", with(func(a *depechev1.Article) { a.Language = "fr_FR" }), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article.language"}},
	{"month out of range", with(func(a *depechev1.Article) {
		a.Published = &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2017, Month: 13, Day: 1}}
	}), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article.publish_date.month"}},
	{"no body and long id", with(func(a *depechev1.Article) { a.Body, a.Id = nil, strings.Repeat("a", 1025) }), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article.body"}},
	{"unknown offset encoding", withOptions(&depechev1.ExtractOptions{OffsetEncoding: 9}), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "options.offset_encoding"}},
	{"confidence above 1", withOptions(&depechev1.ExtractOptions{MinConfidence: proto.Float32(1.5)}), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "options.min_confidence"}},
	{"unknown event type", withOptions(&depechev1.ExtractOptions{EventTypes: []depechev1.EventType{1, 999}}), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "options.event_types[1]"}},
	{"refused by the engine", request(engineRefuses), failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_UNKNOWN_TIME_ZONE, "article.time_zone"}},
	{"engine fails", request(engineFails), failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""}},
	{"engine panics", request(enginePanics), failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""}},
	{"engine breaks a bound", request(engineIndexes), failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""}},
	{"engine gives nothing", request(engineIsSilent), failure{codes.Internal, depechev1.ErrorReason_ERROR_REASON_INTERNAL, ""}},
	{"answer too large", request(engineTalks), failure{codes.OutOfRange, depechev1.ErrorReason_ERROR_REASON_ANSWER_TOO_LARGE, ""}},
	{"budget exceeded", request(engineIsSlow), failure{codes.DeadlineExceeded, depechev1.ErrorReason_ERROR_REASON_BUDGET_EXCEEDED, ""}},
}

func TestUnaryRefuses(t *testing.T) {
	server := start(t, &fakeEngine{extract: refusingEngine}, func(c *Config) {
		c.ArticleBudget = testBudget
		c.MaxResponseBytes = smallestResponse
		c.Workers = 1 // a worker that died would be missed
	})
	for _, test := range refusals {
		t.Run(test.name, func(t *testing.T) {
			_, err := server.ExtractEvents(contextFor(t), test.request)
			checkFailure(t, err, test.want)
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the caller is told of the article: %v", err)
			}
			if id := requestID(status.Convert(err)); (id != "") != (test.want.code == codes.Internal) {
				t.Errorf("request id is %q for %v", id, test.want.code)
			} else if id != "" && server.logs.FilterField(requestIDField(id)).Len() == 0 {
				t.Errorf("no log entry has the id %s", id)
			}
		})
	}
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Errorf("the next article: %v", err)
	}
}

func TestUnaryBoundsViolations(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	for _, count := range []int{200, 1 << 20} { // below and above the contract's bound
		_, err := server.ExtractEvents(contextFor(t), withOptions(&depechev1.ExtractOptions{EventTypes: make([]depechev1.EventType, count)}))
		if code := status.Code(err); code != codes.InvalidArgument {
			t.Fatalf("%d types: %v", count, err)
		}
		if size := proto.Size(status.Convert(err).Proto()); size > 8<<10 {
			t.Errorf("%d types: the refusal has %d bytes, more than many clients take", count, size)
		}
		for _, detail := range status.Convert(err).Details() {
			bad, ok := detail.(*errdetails.BadRequest)
			if ok && count > 200 && len(bad.GetFieldViolations()) != 1 {
				t.Errorf("%d types: %d violations were looked for", count, len(bad.GetFieldViolations()))
			}
		}
	}
}

func TestUnaryTransportRefuses(t *testing.T) {
	titled := request("x")
	titled.Article.Title = "TITLE"
	tests := []struct {
		name  string
		frame []byte
		code  codes.Code
	}{
		{"message too large", make([]byte, 8<<20+1), codes.ResourceExhausted},
		{"string not UTF-8", []byte(strings.Replace(string(marshal(t, titled)), "TITLE", "TITL\xff", 1)), codes.Internal},
		{"no message", []byte("\x0a\xff\xff"), codes.Internal},
	}
	server := start(t, &fakeEngine{}, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := server.rawUnary(contextFor(t), test.frame); status.Code(err) != test.code {
				t.Errorf("%v, want %v", err, test.code)
			}
		})
	}
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Errorf("the next article: %v", err)
	}
}

// A long article is answered by the handler and not by the transport.
func TestUnaryTakesArticlesUpToTheMessageLimit(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	long := &depechev1.ExtractEventsRequest{Article: &depechev1.Article{
		Body:      &depechev1.Article_Raw{Raw: make([]byte, 8<<20-envelopeBytes)},
		Published: &depechev1.Article_PublishTime{PublishTime: timestamppb.New(time.Unix(0, 0))},
	}}
	if _, err := server.ExtractEvents(contextFor(t), long); err != nil {
		t.Error(err)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	ctx := metadata.AppendToOutgoingContext(contextFor(t), "x-long", strings.Repeat("a", 32<<10))
	if _, err := server.ExtractEvents(ctx, request("x")); err == nil {
		t.Error("32 KiB of headers were taken")
	}
}

// busy is an engine whose articles wait until they are let go.
type busy struct {
	started chan string
	release chan struct{}
	ended   chan error // the context's error of those that were cancelled
}

func newBusy() *busy {
	return &busy{started: make(chan string, 1000), release: make(chan struct{}), ended: make(chan error, 1000)}
}

func (b *busy) extract(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
	b.started <- article.GetId()
	select {
	case <-b.release:
		return answerTo(article), nil
	case <-ctx.Done():
		b.ended <- ctx.Err()
		return nil, ctx.Err()
	}
}

// background calls in the background and gives the error.
func (r *running) background(ctx context.Context, id string) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := r.ExtractEvents(ctx, request(id))
		done <- err
	}()
	return done
}

func TestUnaryShedsWhenSaturated(t *testing.T) {
	engine := newBusy()
	const retry = 1500 * time.Millisecond
	server := start(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
		c.Workers, c.QueueCalls, c.RetryDelay = 1, 1, retry
	})
	first := server.background(contextFor(t), "running")
	receive(t, engine.started, "first article")
	second := server.background(contextFor(t), "waiting")
	awaitLoad(t, server, load{running: 1, calls: 1})

	var trailer metadata.MD
	_, err := server.ExtractEvents(contextFor(t), request("too many"), grpc.Trailer(&trailer))
	checkFailure(t, err, failure{codes.ResourceExhausted, depechev1.ErrorReason_ERROR_REASON_SATURATED, ""})
	if got := retryDelay(err); got != retry {
		t.Errorf("RetryInfo says %v, want %v", got, retry)
	}
	if got := trailer.Get("grpc-retry-pushback-ms"); len(got) != 1 || got[0] != "1500" {
		t.Errorf("pushback is %v", got)
	}

	close(engine.release)
	for _, call := range []<-chan error{first, second} {
		if err := receive(t, call, "answer"); err != nil {
			t.Errorf("a call that was taken: %v", err)
		}
	}
}

// A caller that goes frees its place in the queue, and its work stops.
func TestUnaryCallerGoes(t *testing.T) {
	engine := newBusy()
	server := start(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.Workers = 1 })
	running, cancelRunning := context.WithCancel(contextFor(t))
	waiting, cancelWaiting := context.WithCancel(contextFor(t))
	first := server.background(running, "running")
	receive(t, engine.started, "first article")
	second := server.background(waiting, "waiting")
	awaitLoad(t, server, load{running: 1, calls: 1})

	cancelWaiting()
	if code := status.Code(receive(t, second, "end of waiting call")); code != codes.Canceled {
		t.Errorf("waiting call: %v", code)
	}
	awaitLoad(t, server, load{running: 1})
	cancelRunning()
	if code := status.Code(receive(t, first, "end of running call")); code != codes.Canceled {
		t.Errorf("running call: %v", code)
	}
	if err := receive(t, engine.ended, "end of the work"); !errors.Is(err, context.Canceled) {
		t.Errorf("work ended with %v", err)
	}
	awaitLoad(t, server, load{})
}

// The caller's deadline ends the call in the server too, also where the engine
// does not look at its context.
func TestUnaryDeadline(t *testing.T) {
	release := make(chan struct{})
	engine := &fakeEngine{extract: func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
		<-release
		return answerTo(article), nil
	}}
	server := start(t, engine, nil)
	defer close(release)
	service := server.server.service
	ctx, cancel := context.WithTimeout(t.Context(), testBudget)
	defer cancel()
	_, refusal := service.extract(ctx, request("x"))
	if refusal.Code() != codes.DeadlineExceeded {
		t.Errorf("call ended with %v", refusal)
	}
}

// A context's end is the caller's or the budget's.
func TestWhoseContextEnded(t *testing.T) {
	s := &service{logger: zap.NewNop(), budget: time.Second}
	call, hangUp := context.WithCancel(t.Context())
	budget, end := context.WithCancel(call)
	end()
	if got := failureOf(s.refusal(call, budget, budget.Err())); got.reason != depechev1.ErrorReason_ERROR_REASON_BUDGET_EXCEEDED {
		t.Errorf("the budget's end: %v", got)
	}
	if got := failureOf(s.refusal(call, call, context.DeadlineExceeded)); got.code != codes.Internal {
		t.Errorf("an end that nobody brought about: %v", got)
	}
	hangUp()
	if got := failureOf(s.refusal(call, budget, budget.Err())); got != (failure{code: codes.Canceled}) {
		t.Errorf("the caller's end: %v", got)
	}
}

func TestDescribe(t *testing.T) {
	server := start(t, &fakeEngine{body: 1 << 20}, nil)
	ontology, err := server.DescribeOntology(contextFor(t), &depechev1.DescribeOntologyRequest{})
	if err != nil || ontology.GetVersion() != "1" {
		t.Errorf("ontology is %v, %v", ontology, err)
	}
	engine, err := server.DescribeEngine(contextFor(t), &depechev1.DescribeEngineRequest{})
	if err != nil {
		t.Fatal(err)
	}
	want := &depechev1.DescribeEngineResponse{
		Versions:  &depechev1.Versions{Engine: "test"},
		Languages: []string{"fr"},
		Limits: &depechev1.Limits{
			MaxBodyBytes: 1 << 20, MaxMessageBytes: 8 << 20, MaxResponseBytes: 4 << 20,
			MaxStreamArticles: 64, MaxStreamBytes: 16 << 20, MaxConcurrentCalls: 100,
		},
	}
	if !proto.Equal(engine, want) {
		t.Errorf("engine is %v, want %v", engine, want)
	}
}

package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// sender is a stream as a test drives it.
type sender struct {
	depechev1.ExtractionService_StreamEventsClient
	t testing.TB
}

func (r *running) stream(t testing.TB, ctx context.Context) sender {
	t.Helper()
	stream, err := r.StreamEvents(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return sender{stream, t}
}

// openStream opens a stream and sends its first message.
func (r *running) openStream(t testing.TB, ctx context.Context, ordered bool) sender {
	t.Helper()
	stream := r.stream(t, ctx)
	stream.send(openMessage(&depechev1.StreamOptions{Ordered: ordered}))
	return stream
}

func openMessage(options *depechev1.StreamOptions) *depechev1.StreamEventsRequest {
	return &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Open{Open: options}}
}

func batchMessage(articles ...*depechev1.NumberedArticle) *depechev1.StreamEventsRequest {
	return &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Batch{Batch: &depechev1.ArticleBatch{Articles: articles}}}
}

func numbered(sequence uint64) *depechev1.NumberedArticle {
	return &depechev1.NumberedArticle{Sequence: sequence, Article: article(fmt.Sprint(sequence))}
}

func (s sender) send(request *depechev1.StreamEventsRequest) {
	s.t.Helper()
	// An ended stream says io.EOF here, and why in Recv.
	if err := s.Send(request); err != nil && !errors.Is(err, io.EOF) {
		s.t.Fatalf("send: %v", err)
	}
}

// rest receives to the end of the stream.
func (s sender) rest() (outcomes []*depechev1.Outcome, err error) {
	for {
		response, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return outcomes, nil
		}
		if err != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, response.GetOutcomes()...)
	}
}

func sequencesOf(outcomes []*depechev1.Outcome) (sequences []uint64) {
	for _, outcome := range outcomes {
		sequences = append(sequences, outcome.GetSequence())
	}
	return sequences
}

func upTo(n uint64) (numbers []uint64) {
	for i := range n {
		numbers = append(numbers, i)
	}
	return numbers
}

func TestStreamAnswersEachArticleOnce(t *testing.T) {
	const articles = 1000
	for _, ordered := range []bool{true, false} {
		for _, batch := range []int{1, 7, 300} { // fewer and more than the bound
			t.Run(fmt.Sprintf("ordered=%v/batch=%d", ordered, batch), func(t *testing.T) {
				server := start(t, &fakeEngine{}, nil)
				stream := server.openStream(t, contextFor(t), ordered)
				go func() {
					for sequences := range slices.Chunk(upTo(articles), batch) {
						var items []*depechev1.NumberedArticle
						for _, sequence := range sequences {
							items = append(items, numbered(sequence))
						}
						if stream.Send(batchMessage(items...)) != nil {
							return
						}
					}
					stream.CloseSend()
				}()
				outcomes, err := stream.rest()
				if err != nil {
					t.Fatal(err)
				}
				got := sequencesOf(outcomes)
				if !ordered {
					slices.Sort(got)
				}
				if !slices.Equal(got, upTo(articles)) {
					t.Errorf("sequences answered: %v", got)
				}
				for _, outcome := range outcomes {
					if id := outcome.GetExtraction().GetArticleId(); id != fmt.Sprint(outcome.GetSequence()) {
						t.Fatalf("outcome %d holds the answer to article %q", outcome.GetSequence(), id)
					}
				}
			})
		}
	}
}

// The first article is held until the second is done: only an unordered stream
// can answer the second first, and an ordered one must not.
func TestStreamOrder(t *testing.T) {
	for _, ordered := range []bool{true, false} {
		t.Run(fmt.Sprintf("ordered=%v", ordered), func(t *testing.T) {
			secondDone, firstMayEnd := make(chan struct{}), make(chan struct{})
			engine := &fakeEngine{extract: func(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
				if article.GetId() == "0" {
					<-firstMayEnd
				} else {
					close(secondDone)
				}
				return answerTo(article), nil
			}}
			server := start(t, engine, func(c *Config) { c.Workers = 2 })
			stream := server.openStream(t, contextFor(t), ordered)
			stream.send(batchMessage(numbered(0), numbered(1)))
			stream.CloseSend()
			receive(t, secondDone, "second article")

			var got []uint64
			if !ordered {
				response, err := stream.Recv()
				if err != nil {
					t.Fatal(err)
				}
				got = sequencesOf(response.GetOutcomes())
			}
			close(firstMayEnd)
			outcomes, err := stream.rest()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, sequencesOf(outcomes)...)
			want := []uint64{0, 1}
			if !ordered {
				want = []uint64{1, 0}
			}
			if !slices.Equal(got, want) {
				t.Errorf("outcomes come as %v, want %v", got, want)
			}
		})
	}
}

func TestStreamEndsWhenItsProtocolIsBroken(t *testing.T) {
	open := openMessage(&depechev1.StreamOptions{})
	confidence := float32(2)
	protocol := depechev1.ErrorReason_ERROR_REASON_STREAM_PROTOCOL
	invalid := depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD
	tests := []struct {
		name     string
		messages []*depechev1.StreamEventsRequest
		want     failure
		answered []uint64
	}{
		{
			"no message at all", nil,
			failure{codes.InvalidArgument, protocol, "open"}, nil,
		}, {
			"batch first", []*depechev1.StreamEventsRequest{batchMessage(numbered(0))},
			failure{codes.InvalidArgument, protocol, "open"}, nil,
		}, {
			"empty message first", []*depechev1.StreamEventsRequest{{}},
			failure{codes.InvalidArgument, protocol, "open"}, nil,
		}, {
			"open twice", []*depechev1.StreamEventsRequest{open, open},
			failure{codes.InvalidArgument, protocol, "open"}, nil,
		}, {
			"open again after articles: they are answered",
			[]*depechev1.StreamEventsRequest{open, batchMessage(numbered(0), numbered(1)), open, batchMessage(numbered(2))},
			failure{codes.InvalidArgument, protocol, "open"}, []uint64{0, 1},
		}, {
			"empty batch", []*depechev1.StreamEventsRequest{open, batchMessage()},
			failure{codes.InvalidArgument, invalid, "batch.articles"}, nil,
		}, {
			"empty message", []*depechev1.StreamEventsRequest{open, {}},
			failure{codes.InvalidArgument, invalid, "batch.articles"}, nil,
		}, {
			"option out of range",
			[]*depechev1.StreamEventsRequest{openMessage(&depechev1.StreamOptions{Options: &depechev1.ExtractOptions{MinConfidence: &confidence}})},
			failure{codes.InvalidArgument, invalid, "open.options.min_confidence"}, nil,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := start(t, &fakeEngine{}, nil)
			stream := server.stream(t, contextFor(t))
			for _, message := range test.messages {
				stream.send(message)
			}
			stream.CloseSend()
			outcomes, err := stream.rest()
			checkFailure(t, err, test.want)
			got := sequencesOf(outcomes)
			slices.Sort(got)
			if !slices.Equal(got, test.answered) {
				t.Errorf("answered %v, want %v", got, test.answered)
			}
		})
	}
}

// A bad article fails alone, with the status that a unary call ends with.
func TestStreamRefusesAsUnaryDoes(t *testing.T) {
	for _, test := range refusals {
		t.Run(test.name, func(t *testing.T) {
			if test.request.GetOptions() != nil {
				t.Skip("options are the whole stream's")
			}
			server := start(t, &fakeEngine{extract: refusingEngine}, func(c *Config) {
				c.ArticleBudget = testBudget
				c.MaxResponseBytes = smallestResponse
			})
			stream := server.openStream(t, contextFor(t), true)
			stream.send(batchMessage(
				numbered(0),
				&depechev1.NumberedArticle{Sequence: 1, Article: test.request.GetArticle()},
				numbered(2),
			))
			stream.CloseSend()
			outcomes, err := stream.rest()
			if err != nil {
				t.Fatal(err)
			}
			if got := sequencesOf(outcomes); !slices.Equal(got, upTo(3)) {
				t.Fatalf("answered %v", got)
			}
			checkFailure(t, status.ErrorProto(outcomes[1].GetError()), test.want)
			for _, i := range []int{0, 2} {
				if outcomes[i].GetError() != nil {
					t.Errorf("article %d failed too: %v", i, outcomes[i].GetError())
				}
			}
			_, unary := server.ExtractEvents(contextFor(t), test.request)
			if test.want.code != codes.Internal && !proto.Equal(status.Convert(unary).Proto(), outcomes[1].GetError()) {
				t.Errorf("stream says %v, unary %v", outcomes[1].GetError(), status.Convert(unary).Proto())
			}
		})
	}
}

func TestStreamRefusesRepeatedSequence(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	stream := server.openStream(t, contextFor(t), true)
	stream.send(batchMessage(numbered(4), numbered(4)))
	stream.send(batchMessage(numbered(4), numbered(5)))
	stream.CloseSend()
	outcomes, err := stream.rest()
	if err != nil {
		t.Fatal(err)
	}
	if got := sequencesOf(outcomes); !slices.Equal(got, []uint64{4, 4, 4, 5}) {
		t.Fatalf("answered %v", got)
	}
	repeated := failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_REPEATED_SEQUENCE, "sequence"}
	checkFailure(t, status.ErrorProto(outcomes[1].GetError()), repeated)
	checkFailure(t, status.ErrorProto(outcomes[2].GetError()), repeated)
	if outcomes[0].GetExtraction() == nil || outcomes[3].GetExtraction() == nil {
		t.Error("a sequence used once was refused")
	}
}

// Large answers are split over messages that stay under the limit; one that is
// too large by itself fails alone.
func TestStreamSplitsResponses(t *testing.T) {
	const articles = 40
	text := strings.Repeat("é", 10<<10) // 20 KiB
	engine := &fakeEngine{extract: func(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
		extraction := answerTo(article)
		extraction.Text = &text
		if article.GetId() == "7" {
			extraction.Text = proto.String(strings.Repeat(text, 4))
		}
		return extraction, nil
	}}
	server := start(t, engine, func(c *Config) { c.MaxResponseBytes = smallestResponse })
	stream := server.openStream(t, contextFor(t), true)
	var items []*depechev1.NumberedArticle
	for sequence := range uint64(articles) {
		items = append(items, numbered(sequence))
	}
	stream.send(batchMessage(items...))
	stream.CloseSend()
	var got []uint64
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if size := proto.Size(response); size > smallestResponse {
			t.Errorf("message of %d bytes", size)
		}
		for _, outcome := range response.GetOutcomes() {
			got = append(got, outcome.GetSequence())
			if outcome.GetSequence() == 7 {
				checkFailure(t, status.ErrorProto(outcome.GetError()), failure{codes.OutOfRange, depechev1.ErrorReason_ERROR_REASON_ANSWER_TOO_LARGE, ""})
			} else if outcome.GetError() != nil {
				t.Errorf("article %d: %v", outcome.GetSequence(), outcome.GetError())
			}
		}
	}
	if !slices.Equal(got, upTo(articles)) {
		t.Errorf("answered %v", got)
	}
}

// What the transport refuses ends the stream at once with gRPC's own status,
// what is in flight included, and the process goes on.
func TestStreamTransportRefuses(t *testing.T) {
	large := batchMessage(&depechev1.NumberedArticle{Sequence: 1, Article: &depechev1.Article{
		Body: &depechev1.Article_Raw{Raw: make([]byte, 9<<20)}}})
	titled := numbered(1)
	titled.Article.Title = "TITLE"
	tests := []struct {
		name    string
		message []byte
		code    codes.Code
	}{
		{"message too large", marshal(t, large), codes.ResourceExhausted},
		{"string not UTF-8", bytes.Replace(marshal(t, batchMessage(titled)), []byte("TITLE"), []byte("TITL\xff"), 1), codes.Internal},
		{"no message", []byte("\x0a\xff\xff"), codes.Internal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := start(t, &fakeEngine{}, nil)
			raw := server.rawStream(t, contextFor(t))
			raw.send(marshal(t, openMessage(&depechev1.StreamOptions{})))
			raw.send(marshal(t, batchMessage(numbered(0))))
			raw.send(test.message)
			if _, err := raw.rest(); status.Code(err) != test.code {
				t.Errorf("ended with %v, want %v", err, test.code)
			}
			if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
				t.Errorf("next call: %v", err)
			}
		})
	}
}

package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// benchArticle has the length of a news article: 3 KB.
func benchArticle() *depechev1.Article {
	return &depechev1.Article{
		Id:        "bench",
		Body:      &depechev1.Article_Text{Text: strings.Repeat("L'armée a repris la ville samedi. ", 90)},
		Title:     "L'armée reprend la ville",
		Published: &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2017, Month: 3, Day: 4}},
	}
}

// constantEngine answers every article with the same 4 KB.
func constantEngine() *fakeEngine {
	answer := &depechev1.Extraction{ArticleId: "bench", Language: "fr", LanguageSupported: true}
	for i := uint32(0); proto.Size(answer) < 4<<10; i += 60 {
		answer.Segments = append(answer.Segments, &depechev1.Segment{
			Kind: depechev1.SegmentKind_SEGMENT_KIND_BODY,
			Span: &depechev1.Span{Begin: i, End: i + 34, Text: "L'armée a repris la ville samedi."},
		})
	}
	return &fakeEngine{extract: func(context.Context, *depechev1.Article) (*depechev1.Extraction, error) { return answer, nil }}
}

// BenchmarkUnary is what a call costs without extraction, client included, over
// TCP.
func BenchmarkUnary(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			server := startTCP(b, constantEngine(), quiet)
			ctx := b.Context()
			request := &depechev1.ExtractEventsRequest{Article: benchArticle()}
			b.ReportAllocs()
			b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := server.ExtractEvents(ctx, request); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

// BenchmarkStream is what a streamed article costs without extraction.
func BenchmarkStream(b *testing.B) {
	for _, batch := range []int{1, 16} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			server := startTCP(b, constantEngine(), quiet)
			stream, err := server.StreamEvents(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			article := benchArticle()
			b.ReportAllocs()
			b.ResetTimer()
			go func() {
				defer stream.CloseSend()
				if stream.Send(openMessage(&depechev1.StreamOptions{})) != nil {
					return
				}
				for sent := 0; sent < b.N; {
					items := make([]*depechev1.NumberedArticle, 0, batch)
					for len(items) < batch && sent < b.N {
						items = append(items, &depechev1.NumberedArticle{Sequence: uint64(sent), Article: article})
						sent++
					}
					if stream.Send(batchMessage(items...)) != nil {
						return
					}
				}
			}()
			answered := 0
			for {
				response, err := stream.Recv()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					b.Fatal(err)
				}
				answered += len(response.GetOutcomes())
			}
			if answered != b.N {
				b.Fatalf("%d answers to %d articles", answered, b.N)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

// quiet logs nowhere, as the other end would keep every entry.
func quiet(c *Config) { c.Logger = zap.NewNop() }

// BenchmarkRules is what checking a request against the contract costs.
func BenchmarkRules(b *testing.B) {
	rules, err := rejection.NewRules()
	if err != nil {
		b.Fatal(err)
	}
	request := &depechev1.ExtractEventsRequest{Article: benchArticle(), Options: &depechev1.ExtractOptions{EventTypes: []depechev1.EventType{1, 2}}}
	b.ReportAllocs()
	for b.Loop() {
		if refusal, err := rules.Check(request); refusal != nil || err != nil {
			b.Fatal(refusal, err)
		}
	}
}

func BenchmarkSequences(b *testing.B) {
	for name, stride := range map[string]uint64{"dense": 1, "strided": 8} {
		b.Run(name, func(b *testing.B) {
			var s sequences
			b.ReportAllocs()
			for i := range uint64(b.N) {
				s.add(i * stride)
			}
		})
	}
}

// BenchmarkStageMetrics measures what ten stages' metrics cost an article,
// beside the eleven looks at the clock that they need.
func BenchmarkStageMetrics(b *testing.B) {
	m := newMetrics()
	stages := []string{"article", "language", "text", "syntax", "places", "times", "actors", "quantities", "events", "answer"}
	for _, stage := range stages {
		m.stage[stage] = m.stages.WithLabelValues(stage)
	}
	b.Run("clock", func(b *testing.B) {
		for b.Loop() {
			for range len(stages) + 1 {
				_ = time.Now()
			}
		}
	})
	b.Run("metrics", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, stage := range stages {
				m.observeStage(b.Context(), stage, time.Millisecond)
			}
		}
	})
}

package endtoend

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// What the client refuses and what the server refuses have one shape, and the
// articles around them are answered.
func TestBadArticlesFailAlone(t *testing.T) {
	h := &host{}
	h.start(t, nil)
	defer h.drain(t)
	c := h.dial(t)
	text := func(text string) *depechev1.Article_Text { return &depechev1.Article_Text{Text: text} }
	bad := map[uint64]struct {
		article       *depechev1.Article
		field, reason string
	}{
		10: {&depechev1.Article{Body: text("caf\xe9")}, "article.text", "NOT_TEXT"},
		20: {&depechev1.Article{Title: "\xff", Body: text("a")}, "article.title", "NOT_TEXT"},
		30: {&depechev1.Article{Body: text(strings.Repeat("a", 9<<20))}, "article.text", "BODY_TOO_LARGE"},
		40: {&depechev1.Article{}, "article.body", "EMPTY_BODY"},
		50: {&depechev1.Article{Language: "français", Body: text("a")}, "article.language", "INVALID_FIELD"},
		60: {nil, "article", "INVALID_FIELD"},
	}
	const articles = 100
	mixed := func(yield func(*depechev1.Article) bool) {
		var i uint64
		for a := range corpus(0, articles) {
			if fault, ok := bad[i]; ok {
				a = fault.article
			}
			if i++; !yield(a) {
				return
			}
		}
	}
	seen := 0
	for result, err := range c.Stream(t.Context(), mixed) {
		if err != nil {
			t.Fatal(err)
		}
		seen++
		want, isBad := bad[result.Index]
		if !isBad {
			if result.Err != nil {
				t.Errorf("article %d: %v", result.Index, result.Err)
			}
			continue
		}
		field, reason := violation(result.Err)
		if status.Code(result.Err) != codes.InvalidArgument || field != want.field || reason != want.reason {
			t.Errorf("article %d: %v: %s of %s, want %s of %s", result.Index, result.Err, reason, field, want.reason, want.field)
		}
		_, err := c.Extract(t.Context(), want.article)
		if byCall, byStream := status.Convert(err).Proto(), status.Convert(result.Err).Proto(); byCall.String() != byStream.String() {
			t.Errorf("article %d by call: %v\nby stream: %v", result.Index, byCall, byStream)
		}
	}
	if seen != articles {
		t.Errorf("%d results, want %d", seen, articles)
	}
}

func violation(err error) (field, reason string) {
	for _, detail := range status.Convert(err).Details() {
		switch detail := detail.(type) {
		case *errdetails.BadRequest:
			field = detail.GetFieldViolations()[0].GetField()
		case *errdetails.ErrorInfo:
			reason = detail.GetReason()
		}
	}
	return field, reason
}

// A server ends a stream that stands still while the input has nothing to give.
// The client opens another when it has, and its caller notices nothing.
func TestIdleStreamIsOpenedAgain(t *testing.T) {
	const articles = 20
	h, registry := &host{}, prometheus.NewRegistry()
	h.start(t, func(config *server.Config) {
		config.StreamIdleTimeout = 100 * time.Millisecond
		config.Registry = registry
	})
	defer h.drain(t)
	halting := func(yield func(*depechev1.Article) bool) {
		i := 0
		for article := range corpus(0, articles) {
			if i++; i == articles/2 {
				await(t, registry, "depeche_articles_total", articles/2-1)
				await(t, registry, "depeche_streams", 0)
			}
			if !yield(article) {
				return
			}
		}
	}
	check(t, articles, 0, h.dial(t).Stream(t.Context(), halting, client.WithStreams(1), client.WithBatch(1)), func() {})
}

// await waits until a server's metric, summed over its labels, has a value.
func await(t *testing.T, registry *prometheus.Registry, name string, want float64) {
	for t.Context().Err() == nil {
		families, err := registry.Gather()
		if err != nil {
			t.Error(err)
			return
		}
		for _, family := range families {
			sum := 0.0
			for _, metric := range family.GetMetric() {
				sum += metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
			}
			if family.GetName() == name && sum == want {
				return
			}
		}
		runtime.Gosched()
	}
}

// A server that has room for one stream serves four, one after another.
func TestSaturatedServerIsAskedAgain(t *testing.T) {
	h := &host{}
	h.start(t, func(config *server.Config) {
		config.MaxStreams = 1
		config.RetryDelay = time.Millisecond
	})
	defer h.drain(t)
	check(t, 1000, 1, h.dial(t).Stream(t.Context(), corpus(1, 1000), client.WithStreams(4)), func() {})
}

package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/engine"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

var loaded = sync.OnceValues(func() (*engine.Engine, error) {
	return engine.New(engine.Config{MaxBodyBytes: 8 << 10, Version: "test"})
})

func load(t testing.TB) *engine.Engine {
	t.Helper()
	e, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func text(s string) *depechev1.Article {
	return &depechev1.Article{Id: "1", Body: &depechev1.Article_Text{Text: s}}
}

// What breaks a declared rule and what the extractor refuses look the same to
// the caller.
func TestRefused(t *testing.T) {
	e := load(t)
	for _, tt := range []struct {
		name          string
		article       *depechev1.Article
		options       *depechev1.ExtractOptions
		field, reason string
	}{
		{"no article", nil, nil, "article", "INVALID_FIELD"},
		{"no body", &depechev1.Article{}, nil, "article.body", "EMPTY_BODY"},
		{"blank body", text("\n "), nil, "article.text", "EMPTY_BODY"},
		{"long body", text(strings.Repeat("a ", 8<<10)), nil, "article.text", "BODY_TOO_LARGE"},
		{"language", &depechev1.Article{Language: "fr fr", Body: text("a").Body}, nil, "article.language", "INVALID_FIELD"},
		{"event type", text("a"), &depechev1.ExtractOptions{EventTypes: []depechev1.EventType{9999}}, "options.event_types[0]", "INVALID_FIELD"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := e.Extract(t.Context(), tt.article, tt.options)
			if x != nil || status.Code(err) != codes.InvalidArgument {
				t.Fatalf("got %v, %v", x, err)
			}
			var field, reason string
			for _, detail := range status.Convert(err).Details() {
				switch detail := detail.(type) {
				case *errdetails.ErrorInfo:
					reason = detail.GetReason()
				case *errdetails.BadRequest:
					field = detail.GetFieldViolations()[0].GetField()
				}
			}
			if field != tt.field || reason != tt.reason {
				t.Errorf("field %q, reason %q, want %q, %q", field, reason, tt.field, tt.reason)
			}
		})
	}
}

// A server has checked the declared rules itself; what the extractor refuses it
// refuses all the same.
func TestUnchecked(t *testing.T) {
	e := load(t)
	broken := &depechev1.ExtractOptions{MinConfidence: new(float32(2))}
	if _, err := e.Extract(t.Context(), text("a"), broken); status.Code(err) != codes.InvalidArgument {
		t.Fatalf("the rules are not checked: %v", err)
	}
	if _, err := e.Unchecked().Extract(t.Context(), text("a"), broken); err != nil {
		t.Errorf("the rules are checked again: %v", err)
	}
	if _, err := e.Unchecked().Extract(t.Context(), text(" "), nil); err == nil {
		t.Error("an empty body is answered")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := load(t).Extract(ctx, text("Deux soldats ont été tués à Gao, a annoncé le ministère."), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestKnowledgeAtFault(t *testing.T) {
	_, err := engine.New(engine.Config{Knowledge: fstest.MapFS{"fr/events/broken.yaml": {Data: []byte("- : [")}}})
	if err == nil || !strings.Contains(err.Error(), "broken.yaml") {
		t.Errorf("error %v, want one that names the file", err)
	}
}

func TestDescribe(t *testing.T) {
	e := load(t)
	if d := e.DescribeEngine(); d.GetVersions().GetEngine() != "test" || d.GetLimits().GetMaxBodyBytes() != 8<<10 {
		t.Errorf("engine %v", d)
	}
	if n := len(e.DescribeOntology().GetTypes()); n == 0 {
		t.Error("no event types")
	}
}

func Example() {
	e, err := engine.New(engine.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := e.Extract(context.Background(), &depechev1.Article{
		Id:   "1",
		Body: &depechev1.Article_Text{Text: "L'armée malienne a repris dimanche la ville de Ménaka aux jihadistes."},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, event := range x.GetEvents() {
		fmt.Println(event.GetType())
	}
	// Output: EVENT_TYPE_TERRITORY_CAPTURE
}

// A server shows where the time of this engine's articles goes.
var _ server.StagedEngine = (*engine.Engine)(nil)

func TestStages(t *testing.T) {
	var told []string
	_, err := load(t).ExtractObserved(t.Context(), text("L'armée a repris samedi la ville de Gao."), nil,
		func(stage string, _ time.Time, took time.Duration) {
			if took < 0 {
				t.Errorf("%s took %v", stage, took)
			}
			told = append(told, stage)
		})
	if err != nil || !slices.Equal(told, load(t).Stages()) {
		t.Errorf("told of %v, want %v: %v", told, load(t).Stages(), err)
	}
}

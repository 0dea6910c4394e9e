package rejection

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestCheckArticle(t *testing.T) {
	rules, err := NewRules()
	if err != nil {
		t.Fatal(err)
	}
	text := &depechev1.Article{Body: &depechev1.Article_Text{Text: "x"}}
	for _, tt := range []struct {
		name    string
		article *depechev1.Article
		options *depechev1.ExtractOptions
		message string // empty: it keeps the rules
		reason  string
		fields  []string
	}{
		{"a text", text, nil, "", "", nil},
		{"no body", &depechev1.Article{}, nil, "article.body: " + NoBody, "EMPTY_BODY", []string{"article.body"}},
		{"no body and more", &depechev1.Article{Language: "français"}, nil,
			"article.body: " + NoBody, "INVALID_FIELD", []string{"article.body", "article.language"}},
		{"an option", text, &depechev1.ExtractOptions{EventTypes: []depechev1.EventType{0}},
			"options.event_types[0]: must not be in list [0]", "INVALID_FIELD", []string{"options.event_types[0]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := rules.CheckArticle(tt.article, tt.options)
			if tt.message == "" {
				if err != nil {
					t.Errorf("is refused: %v", err)
				}
				return
			}
			s, ok := Of(err)
			if !ok || s.Code() != codes.InvalidArgument || s.Message() != tt.message || Reason(s) != tt.reason {
				t.Fatalf("is %v, reason %q; want %q, %s", err, Reason(s), tt.message, tt.reason)
			}
			if got := FieldsOf(s); !slices.Equal(slices.Sorted(slices.Values(got)), tt.fields) {
				t.Errorf("fields are %q, want %q", got, tt.fields)
			}
		})
	}
}

func TestOf(t *testing.T) {
	refused := Field(depechev1.ErrorReason_ERROR_REASON_NOT_TEXT, "article.raw", "is an image").Err()
	if s, ok := Of(fmt.Errorf("read: %w", refused)); !ok || Reason(s) != "NOT_TEXT" {
		t.Errorf("of a refusal: %v, %v", s, ok)
	}
	for name, err := range map[string]error{"none": nil, "a fault": errors.New("x"), "OK": status.New(codes.OK, "").Err()} {
		if s, ok := Of(err); ok {
			t.Errorf("of %s: %v", name, s)
		}
	}
}

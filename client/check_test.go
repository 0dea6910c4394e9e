package client

import (
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func TestCheck(t *testing.T) {
	const invalid = "d\xe9put\xe9" // Latin-1
	tests := []struct {
		name           string
		article        *depechev1.Article
		field, message string // empty: accepted
	}{
		{"sound", article(0), "", ""},
		{"replacement character", &depechev1.Article{Title: "\ufffd"}, "", ""},
		{"raw of any charset", &depechev1.Article{Body: &depechev1.Article_Raw{Raw: []byte(invalid)}}, "", ""},
		{"empty is the server's to judge", &depechev1.Article{}, "", ""},
		{"none", nil, "article", "is missing"},
		{"text", &depechev1.Article{Body: &depechev1.Article_Text{Text: invalid}}, "article.text", "is not UTF-8 at byte 1"},
		{"html", &depechev1.Article{Body: &depechev1.Article_Html{Html: "<p>" + invalid}}, "article.html", "is not UTF-8 at byte 4"},
		{"title", &depechev1.Article{Title: "é" + invalid}, "article.title", "is not UTF-8 at byte 3"},
		{"surrogate half", &depechev1.Article{Id: "\xed\xa0\x80"}, "article.id", "is not UTF-8 at byte 0"},
		{"long text", &depechev1.Article{Body: &depechev1.Article_Text{Text: strings.Repeat("a", 8<<20)}}, "article.text", "more than a message"},
		{"long raw", &depechev1.Article{Body: &depechev1.Article_Raw{Raw: make([]byte, 8<<20)}}, "article.raw", "more than a message"},
		{"long url", &depechev1.Article{Url: strings.Repeat("a", 8<<20)}, "article.url", "more than a message"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := check(test.article, defaultMessageLimit)
			if test.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			violations := fieldViolations(err)
			if status.Code(err) != codes.InvalidArgument || len(violations) != 1 || violations[0].GetField() != test.field {
				t.Fatalf("got %v with %v, want INVALID_ARGUMENT for %s", err, violations, test.field)
			}
			if !strings.Contains(violations[0].GetDescription(), test.message) {
				t.Errorf("description is %q, want %q in it", violations[0].GetDescription(), test.message)
			}
			if reason := errorReason(err); depechev1.ErrorReason_value["ERROR_REASON_"+reason] == 0 {
				t.Errorf("reason is %q, which the contract does not have", reason)
			}
		})
	}
}

func errorReason(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.GetDomain() == errorDomain {
			return info.GetReason()
		}
	}
	return ""
}

// A string field that the contract gains must be checked too: one that is not
// UTF-8 ends the stream.
func TestCheckKnowsEveryString(t *testing.T) {
	fields := (&depechev1.Article{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if field.Kind() != protoreflect.StringKind {
			continue
		}
		broken := &depechev1.Article{}
		broken.ProtoReflect().Set(field, protoreflect.ValueOfString("\xff"))
		violations := fieldViolations(check(broken, defaultMessageLimit))
		if want := "article." + string(field.Name()); len(violations) != 1 || violations[0].GetField() != want {
			t.Errorf("%s: got %v", want, violations)
		}
	}
}

// What passes fits into a message, by unary call and by stream.
func TestCheckLeavesRoomForTheEnvelope(t *testing.T) {
	const limit = 64 << 10
	long := &depechev1.Article{Id: "a", Body: &depechev1.Article_Text{}}
	size := limit - envelopeBytes - proto.Size(long)
	for ; ; size++ {
		long.Body = &depechev1.Article_Text{Text: strings.Repeat("a", size)}
		if check(long, limit) != nil {
			break
		}
		unary := &depechev1.ExtractEventsRequest{Article: long, Options: &depechev1.ExtractOptions{
			EventTypes: make([]depechev1.EventType, 256),
		}}
		if n := proto.Size(unary); n > limit {
			t.Fatalf("a call of %d bytes", n)
		}
		if n := proto.Size(request([]*item{{Result: Result{Index: 1 << 63, Article: long}}})); n > limit {
			t.Fatalf("a message of %d bytes", n)
		}
	}
	if size < limit-2*envelopeBytes {
		t.Errorf("a text of %d bytes is refused with a limit of %d", size, limit)
	}
}

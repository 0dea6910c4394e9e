package stablejson

import (
	"testing"

	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestLayouts(t *testing.T) {
	article := &depechev1.Article{Id: "a: b,  c", Body: &depechev1.Article_Text{Text: "Un, deux."}}
	for _, tt := range []struct {
		name   string
		layout func(proto.Message) ([]byte, error)
		want   string
	}{
		{"line", Line, `{"id":"a: b,  c","text":"Un, deux."}`},
		{"indented", Indented, "{\n  \"id\": \"a: b,  c\",\n  \"text\": \"Un, deux.\"\n}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.layout(article)
			if err != nil || string(got) != tt.want {
				t.Errorf("%s, %v; want %s", got, err, tt.want)
			}
			if _, err := tt.layout(&depechev1.Article{Id: "\xff"}); err == nil {
				t.Error("no error for a string that is not UTF-8")
			}
		})
	}
}

package worker

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Whatever a message holds, it is an article or it is refused; an answer is the
// same bytes twice.
func FuzzDecode(f *testing.F) {
	f.Add("application/json", []byte(`{"id": "1", "text": "Mali"}`))
	f.Add("application/x-protobuf; type=depeche.v1.Article", []byte("\x0a\x011\x12\x04Mali"))
	f.Add("", []byte("{"))
	f.Add("text/html; charset", []byte("\xff"))
	f.Fuzz(func(t *testing.T, contentType string, data []byte) {
		encoding, err := encodingOf(contentType)
		if err != nil {
			return
		}
		a, err := encoding.decode(data)
		if err != nil {
			return
		}
		x := &depechev1.Extraction{ArticleId: a.GetId()}
		one, err := encoding.encode(x)
		if err != nil {
			t.Fatal(err) // what was decoded is valid
		}
		if two, _ := encoding.encode(x); !bytes.Equal(one, two) {
			t.Error("two encodings of one answer")
		}
	})
}

// A header holds one line, whatever an error says.
func FuzzOneLine(f *testing.F) {
	f.Add("article.text: is empty\r\nNats-Msg-Id: 1")
	f.Add(strings.Repeat("é", maxHeader))
	f.Add("\x00\xff ")
	f.Fuzz(func(t *testing.T, s string) {
		got := oneLine(s)
		if len(got) > maxHeader+len("…") || strings.IndexFunc(got, unicode.IsControl) >= 0 {
			t.Errorf("%q", got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("cut within a letter: %q", got)
		}
	})
}

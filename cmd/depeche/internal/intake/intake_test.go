package intake

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	long := bytes.Repeat([]byte("a"), MaxFileBytes+1)
	tests := []struct {
		name  string
		path  string
		stdin io.Reader
		want  string
		fault string
	}{
		{name: "file", path: write("a.txt", []byte("Un raid.")), want: "Un raid."},
		{name: "standard input", path: Stdin, stdin: strings.NewReader("Un raid."), want: "Un raid."},
		{name: "longest", path: write("long.txt", long[1:]), want: string(long[1:])},
		{name: "missing", path: filepath.Join(dir, "none.txt"), fault: "no such file"},
		{name: "directory", path: dir, fault: "is a directory"},
		{name: "empty", path: write("empty.txt", nil), fault: "empty"},
		{name: "empty input", path: Stdin, stdin: strings.NewReader(""), fault: "empty"},
		{name: "too large", path: write("huge.txt", long), fault: "too large"},
		{name: "too large input", path: Stdin, stdin: bytes.NewReader(long), fault: "too large"},
		{name: "broken input", path: Stdin, stdin: io.MultiReader(strings.NewReader("Un"), brokenReader{}), fault: "the wire was cut"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Read(tt.path, tt.stdin)
			if tt.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fault) {
					t.Fatalf("error %v, want one with %q", err, tt.fault)
				}
				if strings.Contains(err.Error(), tt.path+":") {
					t.Errorf("error %q repeats the file's name", err)
				}
				return
			}
			if err != nil || string(got) != tt.want {
				t.Fatalf("got %d bytes, %v; want %d", len(got), err, len(tt.want))
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the wire was cut") }

func TestSetBody(t *testing.T) {
	const latin1 = "L'arm\xe9e"
	tests := []struct {
		name string
		file string
		data string
		form Form
		want *depechev1.Article
	}{
		{"text", "a.txt", "L'armée", Form{},
			&depechev1.Article{Id: "a.txt", Body: &depechev1.Article_Text{Text: "L'armée"}}},
		{"markup without --html is text", "a.txt", "<p>L'armée</p>", Form{},
			&depechev1.Article{Id: "a.txt", Body: &depechev1.Article_Text{Text: "<p>L'armée</p>"}}},
		{"page by flag", "a.txt", "<p>L'armée</p>", Form{HTML: true},
			&depechev1.Article{Id: "a.txt", Body: &depechev1.Article_Html{Html: "<p>L'armée</p>"}}},
		{"page by name", "b/a.HTM", "<p>L'armée</p>", Form{},
			&depechev1.Article{Id: "b/a.HTM", Body: &depechev1.Article_Html{Html: "<p>L'armée</p>"}}},
		{"not UTF-8", "a.txt", latin1, Form{},
			&depechev1.Article{Id: "a.txt", Body: &depechev1.Article_Raw{Raw: []byte(latin1)}}},
		{"page that is not UTF-8", "a.html", latin1, Form{},
			&depechev1.Article{Id: "a.html", ContentType: "text/html", Body: &depechev1.Article_Raw{Raw: []byte(latin1)}}},
		{"charset given", "a.txt", latin1, Form{Charset: "latin1"},
			&depechev1.Article{Id: "a.txt", ContentType: "text/plain; charset=latin1", Body: &depechev1.Article_Raw{Raw: []byte(latin1)}}},
		{"charset of a page given", "a.txt", latin1, Form{HTML: true, Charset: "iso-8859-1"},
			&depechev1.Article{Id: "a.txt", ContentType: "text/html; charset=iso-8859-1", Body: &depechev1.Article_Raw{Raw: []byte(latin1)}}},
		{"charset given for UTF-8", "a.txt", "L'armée", Form{Charset: "utf-8"},
			&depechev1.Article{Id: "a.txt", ContentType: "text/plain; charset=utf-8", Body: &depechev1.Article_Raw{Raw: []byte("L'armée")}}},
		{"UTF-16", "a.txt", "L\x00'\x00a\x00", Form{},
			&depechev1.Article{Id: "a.txt", Body: &depechev1.Article_Raw{Raw: []byte("L\x00'\x00a\x00")}}},
		{"file name that is not UTF-8", "a\xe9.txt", "Un raid.", Form{},
			&depechev1.Article{Id: "a\uFFFD.txt", Body: &depechev1.Article_Text{Text: "Un raid."}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := new(depechev1.Article)
			SetBody(got, tt.file, []byte(tt.data), tt.form)
			if !proto.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Whatever the bytes, what is sent is a valid message and holds them all.
func FuzzSetBody(f *testing.F) {
	f.Add("a.txt", []byte("L'armée"), false, "")
	f.Add("a.html", []byte("L'arm\xe9e"), true, "latin1")
	f.Add("\xff", []byte("L\x00'\x00"), false, "utf-16le\";x")
	f.Fuzz(func(t *testing.T, name string, data []byte, html bool, charset string) {
		a := new(depechev1.Article)
		SetBody(a, name, data, Form{HTML: html, Charset: charset})
		var body string
		switch b := a.GetBody().(type) {
		case *depechev1.Article_Text:
			body = b.Text
		case *depechev1.Article_Html:
			body = b.Html
		case *depechev1.Article_Raw:
			body = string(b.Raw)
		}
		if body != string(data) {
			t.Errorf("sent %q, want %q", body, data)
		}
		if a.GetRaw() == nil && !utf8.Valid(data) {
			t.Error("sent as a string what is not UTF-8")
		}
		if !utf8.ValidString(a.GetContentType()) || !utf8.ValidString(a.GetId()) {
			t.Errorf("sent content type %q and id %q", a.GetContentType(), a.GetId())
		}
	})
}

package gateway

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// readAll gives each line's text, or its fault's.
func readAll(source io.Reader, limit int) (lines []string, err error) {
	reader := newLineReader(source, limit)
	for {
		text, err := reader.next()
		switch {
		case errors.Is(err, io.EOF):
			return lines, nil
		case errors.Is(err, errLineTooLong):
			lines = append(lines, err.Error())
		case err != nil:
			return lines, err
		default:
			lines = append(lines, string(text))
		}
	}
}

func TestLines(t *testing.T) {
	const limit = 100 << 10 // longer than what is read at once
	full := strings.Repeat("a", limit)
	for name, test := range map[string]struct {
		source string
		want   []string
	}{
		"nothing":                        {"", nil},
		"one without its end":            {"a", []string{"a"}},
		"one with its end":               {"a\n", []string{"a"}},
		"empty ones":                     {"\n\na\n\n", []string{"", "", "a", ""}},
		"as long as may be":              {full + "\n" + full, []string{full, full}},
		"too long":                       {"a\n" + full + "a\nb\n", []string{"a", "line too long", "b"}},
		"too long by far":                {"a\n" + full + full + full + "\nb\n", []string{"a", "line too long", "b"}},
		"too long, and without its end":  {full + "a", []string{"line too long"}},
		"an end that is part of no line": {"a\r\nb", []string{"a\r", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			for how, source := range map[string]io.Reader{
				"at once":       strings.NewReader(test.source),
				"byte by byte":  iotest.OneByteReader(strings.NewReader(test.source)),
				"with its last": iotest.DataErrReader(strings.NewReader(test.source)),
			} {
				if got, err := readAll(source, limit); err != nil || !slices.Equal(got, test.want) {
					t.Errorf("%s: %d lines, want %d, %v", how, len(got), len(test.want), err)
				}
			}
		})
	}
	if lines, err := readAll(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrClosedPipe)), limit); !errors.Is(err, io.ErrClosedPipe) || !slices.Equal(lines, []string{"a"}) {
		t.Errorf("a source that breaks: %q, %v", lines, err)
	}
}

// Whatever the bytes, each line has one message under its number, small enough
// for the call, or a fault that tells of the line alone; and the same twice.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{
		`{"id": "1", "text": "Deux soldats ont été tués."}` + "\n" + `{"id": "2"}`,
		`{"text": "a", "html": "b"}`, `{"raw": "w6ljcml0"}`, `{"publishDate": {"year": 2021}}`,
		"\n\n  \n", "{", "[]", "null", "{\"text\": \"\xff\"}", `{"text": "\ud800"}`, strings.Repeat("[", 5000), strings.Repeat("a", 2000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		const limit = 1 << 10
		read := func() (wire [][]byte) {
			lines := newLineReader(bytes.NewReader(body), limit)
			feeder := &feeder{maxBytes: limit}
			for n := uint64(1); ; n++ {
				text, err := lines.next()
				if errors.Is(err, io.EOF) {
					return wire
				}
				if err != nil && !errors.Is(err, errLineTooLong) {
					t.Fatal(err)
				}
				request, fault := feeder.request(lines.number, text, err)
				if got := request.GetBatch().GetArticles(); len(got) != 1 || got[0].GetSequence() != n {
					t.Fatalf("line %d gives %v", n, request)
				}
				if size := proto.Size(request); size > limit+64 {
					t.Fatalf("line %d gives %d bytes", n, size)
				}
				if fault != nil && fault.Code() != codes.InvalidArgument {
					t.Fatalf("line %d: %v", n, fault)
				}
				encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
				if err != nil {
					t.Fatal(err)
				}
				wire = append(wire, encoded)
				if fault != nil {
					wire = append(wire, line(fault))
				}
			}
		}
		first := read()
		if want := bytes.Count(append(body, '\n'), []byte("\n")); len(first) > 2*want {
			t.Fatalf("%d messages for %d lines", len(first), want)
		}
		if !slices.EqualFunc(first, read(), bytes.Equal) {
			t.Fatal("not the same twice")
		}
	})
}

// Whatever the JSON, counting its objects ends, and lets pass what holds few.
func FuzzManyObjects(f *testing.F) {
	f.Add([]byte(`{"batch": {"articles": [{"sequence": "1", "article": {"text": "{{{{"}}]}}`))
	f.Add([]byte(`{"batch": {"articles": [` + strings.Repeat("{},", 4000) + `{}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if manyObjects(text) && bytes.Count(text, []byte("{")) <= maxBatchArticles {
			t.Fatal("few objects are counted as many")
		}
	})
}

func TestManyObjects(t *testing.T) {
	batch := func(n int, article string) []byte {
		return []byte(`{"batch": {"articles": [` + strings.TrimSuffix(strings.Repeat(article+",", n), ",") + `]}}`)
	}
	const full = `{"sequence": "1", "article": {"text": "{ {{ \"{", "publishDate": {"year": 2021}}}`
	if manyObjects(batch(maxBatchArticles, full)) {
		t.Error("a full batch is refused")
	}
	if !manyObjects(batch(4*maxBatchArticles, "{}")) {
		t.Error("four batches of empty articles are decoded")
	}
}

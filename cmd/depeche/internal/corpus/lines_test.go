package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("a", 8<<20)
	tests := []struct {
		name, text string
		want       []string // number@end text
	}{
		{"nothing", "", nil},
		{"only endings", "\n \r\n", []string{"1@1 \n", "2@4  \r\n"}},
		{"one without ending", "a", []string{"1@1 a"}},
		{"endings", "a\nb\r\n\n c \n", []string{"1@2 a\n", "2@5 b\r\n", "3@6 \n", "4@10  c \n"}},
		{"byte order mark", "\ufeffa\n\ufeffb\n", []string{"1@5 a\n", "2@10 \ufeffb\n"}},
		{"not UTF-8", "\xff\n\x00\n", []string{"1@2 \xff\n", "2@4 \x00\n"}},
		{"long", long + "\nb\n", []string{"1@8388609 " + long + "\n", "2@8388611 b\n"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reader := newLineReader("test", strings.NewReader(test.text), Position{}, false, false)
			var got []string
			for {
				line, err := reader.next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%d@%d %s", line.end.Line, line.end.Offset, line.text))
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("got %.200q, want %.200q", got, test.want)
			}
		})
	}
}

// A line that no message could carry is no article; it is not held in memory,
// and those after it are read.
func TestTooLongLine(t *testing.T) {
	source := io.MultiReader(&repeated{n: MaxRecord + 1}, strings.NewReader("\n{\"id\": \"b\"}\n"))
	reader, err := Open(t.Context(), Config{Path: Standard, Stdin: source})
	if err != nil {
		t.Fatal(err)
	}
	record, err := reader.Next()
	if err != nil || record.Fault == nil || !strings.Contains(record.Fault.Error(), "longer than 64 MiB") {
		t.Fatalf("got %v, %v", record.Fault, err)
	}
	if record, err = reader.Next(); err != nil || record.Fault != nil || record.Line != 2 || record.Article.GetId() != "b" {
		t.Errorf("got %+v, %v", record, err)
	}
}

// repeated is n times the same byte.
type repeated struct{ n int }

func (r *repeated) Read(data []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	n := min(len(data), r.n)
	for i := range data[:n] {
		data[i] = 'a'
	}
	r.n -= n
	return n, nil
}

// A source that says nothing more is given up with the reason: before the first
// byte, and where the reader waits for the rest of a line.
func TestInterruptible(t *testing.T) {
	for _, said := range []string{"", "{\"id\": "} {
		t.Run(fmt.Sprintf("after %q", said), func(t *testing.T) {
			source, speaker := io.Pipe()
			defer speaker.Close()
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				io.WriteString(speaker, said)
				cancel()
			}()
			got, err := io.ReadAll(interruptible(ctx, source))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if !strings.HasPrefix(said, string(got)) {
				t.Errorf("read %q, want the beginning of %q", got, said)
			}
		})
	}
}

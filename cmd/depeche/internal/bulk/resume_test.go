package bulk

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A run that fails or is cancelled, at every result in turn, loses nothing and
// does nothing again.
func TestResumeAfterInterruption(t *testing.T) {
	lost := status.Error(codes.Unavailable, "no server")
	for name, interrupt := range map[string]func(cancel func()) error{
		"the stream fails": func(func()) error { return lost },
		"cancelled":        func(cancel func()) error { cancel(); return context.Canceled },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, 60)
			r.config.Resume = true
			total := len(r.answered) + len(r.failed)
			for done := 0; done < total; done += 3 {
				ctx, cancel := context.WithCancel(t.Context())
				r.config.Extractor = echo{before: func(index uint64) error {
					if index == 3 {
						return interrupt(cancel)
					}
					return nil
				}}
				summary, err := Run(ctx, r.config)
				cancel()
				if left := total - done; left > 3 {
					if !errors.Is(err, lost) && !errors.Is(err, context.Canceled) {
						t.Fatalf("after %d results: %v", done, err)
					}
				} else if err != nil {
					t.Fatal(err)
				}
				if summary.ThisRun.Before != int64(done) || summary.ThisRun.Extracted+summary.ThisRun.Failed != int64(min(3, total-done)) {
					t.Fatalf("after %d results: %+v", done, summary)
				}
			}
			r.complete()
		})
	}
}

// Resuming a run that is done does nothing, but for what was appended since.
func TestResumeWhenDone(t *testing.T) {
	r := newRun(t, 50)
	r.config.Resume = true
	if _, err := Run(t.Context(), r.config); err != nil { // nothing to resume: it starts
		t.Fatal(err)
	}
	out := r.read(r.out)
	summary, err := Run(t.Context(), r.config)
	if err != nil || summary.ThisRun.Extracted != 0 || r.read(r.out) != out {
		t.Errorf("resumed when done: %+v, %v", summary, err)
	}
	// The last line had no ending.
	r.write(r.in, r.read(r.in)+"\n\n{\"id\": \"late\"}\n{\"id\": \"refuse-late\"}\n")
	r.answered, r.failed = append(r.answered, "late"), append(r.failed, 53)
	if summary, err = Run(t.Context(), r.config); err != nil || summary.ThisRun.Extracted != 1 || summary.ThisRun.Failed != 1 {
		t.Errorf("resumed after more was appended: %+v, %v", summary, err)
	}
	r.complete()
}

// What cannot be continued without loss or repeat is refused, and nothing is
// touched.
func TestResumeRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(r *run)
		want   string
	}{
		{"another input", func(r *run) { r.write(r.in, strings.Replace(r.read(r.in), "article-20", "article-xx", 1)) }, "it differs before line"},
		{"a shorter input", func(r *run) { r.write(r.in, r.read(r.in)[:100]) }, "it is shorter"},
		{"a shorter output", func(r *run) { r.write(r.out, r.read(r.out)[:10]) }, "it was changed"},
		{"no output", func(r *run) { os.Remove(r.out) }, "it was changed"},
		{"no failures", func(r *run) { os.Remove(r.errors) }, "it was changed"},
		{"no checkpoint", func(r *run) { os.Remove(CheckpointPath(r.out)) }, "cannot be resumed: there is no"},
		{"a broken checkpoint", func(r *run) { r.write(CheckpointPath(r.out), "{") }, "out.jsonl.checkpoint: unexpected end"},
		{"a later version", func(r *run) { r.write(CheckpointPath(r.out), `{"version": 3}`) }, "version 3"},
		{"other options", func(r *run) { r.config.Extract = &depechev1.ExtractOptions{ExcludeBackground: true} }, "other options"},
		{"no input", func(r *run) { os.Remove(r.in) }, "no such file"},
		{"a directory", func(r *run) { os.Remove(r.in); os.Mkdir(r.in, 0o755) }, "is a directory"},
		{"one file for both", func(r *run) { r.config.Errors = r.out }, "cannot take both"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, 60)
			r.config.Resume = true
			broken := errors.New("interrupted")
			r.config.Extractor = echo{before: func(index uint64) error {
				if index == 30 {
					return broken
				}
				return nil
			}}
			if _, err := Run(t.Context(), r.config); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			test.change(r)
			before, _ := os.ReadFile(r.out)
			_, err := Run(t.Context(), r.config)
			var refused *UsageError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a UsageError with %q", err, test.want)
			}
			if after, _ := os.ReadFile(r.out); !bytes.Equal(before, after) {
				t.Error("the output was touched")
			}
		})
	}
}

// Another engine is told of, not refused: a server may be renewed during a run,
// and each line names its versions.
func TestResumeWithAnotherEngine(t *testing.T) {
	r := newRun(t, 20)
	r.config.Resume = true
	r.config.Extractor = echo{engine: "1"}
	if _, err := Run(t.Context(), r.config); err != nil {
		t.Fatal(err)
	}
	var notices bytes.Buffer
	r.config.Extractor, r.config.Stderr = echo{engine: "2"}, &notices
	if _, err := Run(t.Context(), r.config); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(notices.String(), `another engine, {"engine":"1"}; now it is {"engine":"2"}`) {
		t.Errorf("notices are %q", notices.String())
	}
}

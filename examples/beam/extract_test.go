package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/core/metrics"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"google.golang.org/protobuf/encoding/protojson"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestMain(m *testing.M) {
	register()
	flag.Parse()
	beam.Init()
	os.Exit(m.Run())
}

// run runs the pipeline on the prism runner, in this process, and returns the
// lines of both outputs and the counts of the DoFn.
func run(t *testing.T, lines []string, minConfidence float32) (extractions, failures []string, counts map[string]int64) {
	t.Helper()
	dir := t.TempDir()
	in, out, dead := filepath.Join(dir, "in.jsonl"), filepath.Join(dir, "out.jsonl"), filepath.Join(dir, "dead.jsonl")
	if err := os.WriteFile(in, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := prism.Execute(t.Context(), pipeline(in, out, dead, minConfidence))
	if err != nil {
		t.Fatal(err)
	}
	counts = map[string]int64{}
	for _, counter := range result.Metrics().Query(func(metrics.SingleResult) bool { return true }).Counters() {
		if counter.Key.Namespace == "depeche" {
			counts[counter.Key.Name] += counter.Result()
		}
	}
	return read(t, out), read(t, dead), counts
}

func read(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) { // Beam writes no file for no lines
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(string(data), "\n"), "\n")
}

var sentences = []string{
	"L'armée malienne a repris dimanche la ville de Ménaka aux jihadistes, a annoncé le ministère de la Défense.",
	"Au moins douze soldats ont été tués samedi dans une attaque contre un poste militaire près de Gao.",
	"Des milliers de personnes ont manifesté mardi à Conakry pour réclamer des élections.",
	"Deux humanitaires enlevés en mai dans le Nord-Kivu ont été libérés jeudi, selon leur organisation.",
}

// Every line comes out once: answered as the engine answers it, or among the dead
// letters with its reason.
func TestPipeline(t *testing.T) {
	engine, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	var lines, want []string
	for i := range 40 {
		article := &depechev1.Article{
			Id:        fmt.Sprint("article-", i),
			Body:      &depechev1.Article_Text{Text: sentences[i%len(sentences)]},
			Published: &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2021, Month: 3, Day: int32(i%28 + 1)}},
		}
		line, err := protojson.Marshal(article)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
		x, err := engine.Extract(context.Background(), article, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(x.GetEvents()) == 0 {
			t.Errorf("no events in %q", article.GetText())
		}
		text, err := protojson.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, compact(t, text))
	}
	wantDead := map[string]DeadLetter{
		`{"id": "broken", "text": `:                                 {ID: "broken", Code: "INVALID_ARGUMENT"},
		`{"id": "blank", "text": " "}`:                              {ID: "blank", Code: "INVALID_ARGUMENT", Reason: "EMPTY_BODY", Fields: []string{"article.text"}},
		`{"id": "zone", "text": "Mali.", "timeZone": "Europe/Ys"}`:  {ID: "zone", Code: "INVALID_ARGUMENT", Reason: "UNKNOWN_TIME_ZONE", Fields: []string{"article.time_zone"}},
		`{"id": "tongue", "text": "Mali.", "language": "fr fr fr"}`: {ID: "tongue", Code: "INVALID_ARGUMENT", Reason: "INVALID_FIELD", Fields: []string{"article.language"}},
	}
	for line := range wantDead {
		lines = slices.Insert(lines, len(lines)/2, line)
	}
	lines = append(lines, "", " ")

	got, dead, counts := run(t, lines, 0)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d extractions, want %d, or others", len(got), len(want))
	}
	for _, line := range dead {
		var letter DeadLetter
		if err := json.Unmarshal([]byte(line), &letter); err != nil {
			t.Fatal(err)
		}
		want, ok := wantDead[letter.Article]
		if !ok {
			t.Errorf("dead letter %s", line)
			continue
		}
		delete(wantDead, letter.Article)
		if letter.Message == "" {
			t.Errorf("no message: %s", line)
		}
		if letter.ID != want.ID || letter.Code != want.Code || letter.Reason != want.Reason || !slices.Equal(letter.Fields, want.Fields) {
			t.Errorf("dead letter %s, want %+v", line, want)
		}
	}
	for line := range wantDead {
		t.Errorf("no dead letter for %s", line)
	}
	if counts["answered"] != int64(len(want)) || counts["failed"] != int64(len(dead)) {
		t.Errorf("counted %v", counts)
	}
}

// The options reach the DoFn wherever it runs.
func TestOptions(t *testing.T) {
	line := fmt.Sprintf(`{"id": "1", "text": %q}`, sentences[0])
	all, _, _ := run(t, []string{line}, 0)
	none, _, _ := run(t, []string{line}, 1)
	if len(all) != 1 || len(none) != 1 || !strings.Contains(all[0], `"events":[`) || strings.Contains(none[0], `"events":[`) {
		t.Errorf("got %s and %s", all, none)
	}
}

// faulty is an engine that cannot bear an article.
type faulty struct{ err error }

func (f faulty) Extract(context.Context, *depechev1.Article, *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	if f.err == nil {
		panic("beyond all bounds")
	}
	return nil, f.err
}

// A fault of the engine fails one article; the end of the context fails the
// bundle, since the article is not to blame.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		code string
	}{
		{"panic", nil, "INTERNAL"},
		{"budget", fmt.Errorf("read: %w", context.DeadlineExceeded), "DEADLINE_EXCEEDED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &extractFn{engine: faulty{tt.err}}
			var letter DeadLetter
			err := f.ProcessElement(t.Context(), `{"id": "1"}`, func(string) { t.Error("an extraction") },
				func(line string) { _ = json.Unmarshal([]byte(line), &letter) })
			if err != nil || letter.Code != tt.code || letter.ID != "1" {
				t.Errorf("error %v, letter %+v", err, letter)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := &extractFn{engine: faulty{context.Canceled}}
	if err := f.ProcessElement(ctx, `{"id": "1"}`, nil, nil); err == nil {
		t.Error("a cancelled bundle is taken for done")
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, text); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

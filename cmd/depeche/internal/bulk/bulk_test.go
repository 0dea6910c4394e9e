package bulk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"go.uber.org/goleak"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

func TestMain(m *testing.M) {
	if os.Getenv(childDirectory) != "" {
		child()
		return
	}
	goleak.VerifyTestMain(m)
}

// reply answers an article with its id; "refuse" in an id fails it.
func reply(article *depechev1.Article) (*depechev1.Extraction, error) {
	switch {
	case article == nil:
		return nil, status.Error(codes.InvalidArgument, "article: is missing")
	case strings.Contains(article.GetId(), "refuse"):
		return nil, status.Error(codes.InvalidArgument, "article.text: is empty")
	}
	x := &depechev1.Extraction{ArticleId: article.GetId(), Language: "fr"}
	if strings.Contains(article.GetText(), "combat") {
		proto.Merge(x, combat())
	}
	return x, nil
}

// combat is an event that every format has a row for.
func combat() *depechev1.Extraction {
	one := 1.0
	return &depechev1.Extraction{
		Actors: []*depechev1.Actor{
			{Id: "a", Name: "armée", Kind: depechev1.ActorKind_ACTOR_KIND_STATE_FORCES},
			{Id: "b", Name: "rebelles", Kind: depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP},
		},
		Locations: []*depechev1.Location{{Id: "l", Name: "Ménaka", Kind: depechev1.LocationKind_LOCATION_KIND_CITY, Point: &depechev1.LatLng{Latitude: 15.9, Longitude: 2.4}}},
		Events: []*depechev1.Event{{
			Id: "e", Type: depechev1.EventType_EVENT_TYPE_ARMED_CLASH, Factuality: depechev1.Factuality_FACTUALITY_ACTUAL, Timeframe: depechev1.Timeframe_TIMEFRAME_CURRENT,
			Participants: []*depechev1.Participant{{Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT, ActorId: "a"}, {Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET, ActorId: "b"}},
			Locations:    []*depechev1.EventPlace{{Role: depechev1.EventPlaceRole_EVENT_PLACE_ROLE_SITE, LocationId: "l"}},
			Quantities:   []*depechev1.Quantity{{Kind: depechev1.QuantityKind_QUANTITY_KIND_KILLED, Low: &one, High: &one}},
			Codings:      []*depechev1.Coding{{Codebook: depechev1.Codebook_CODEBOOK_CAMEO, Code: "190"}},
		}},
	}
}

// echo replies one by one, without a connection.
type echo struct {
	engine string
	before func(index uint64) error // may fail the stream
}

func (e echo) DescribeEngine(context.Context) (*depechev1.DescribeEngineResponse, error) {
	return &depechev1.DescribeEngineResponse{Versions: &depechev1.Versions{Engine: e.engine}}, nil
}

func (e echo) Stream(ctx context.Context, articles iter.Seq[*depechev1.Article], _ ...client.StreamOption) iter.Seq2[client.Result, error] {
	return func(yield func(client.Result, error) bool) {
		var index uint64
		for article := range articles {
			if e.before != nil {
				if err := e.before(index); err != nil {
					yield(client.Result{}, err)
					return
				}
			}
			result := client.Result{Index: index, Article: article}
			index++
			result.Extraction, result.Err = reply(article)
			if !yield(result, nil) {
				return
			}
		}
		if ctx.Err() != nil {
			yield(client.Result{}, ctx.Err())
		}
	}
}

// sample is n lines with every fault among them, and the ids that are answered
// and the lines that fail.
func sample(n int) (text string, answered []string, failed []int64) {
	var b strings.Builder
	b.WriteString("\ufeff")
	for i := 1; i <= n; i++ {
		switch {
		case i%17 == 0:
			b.WriteString("  \r\n")
		case i%13 == 0:
			fmt.Fprintf(&b, "{\"id\": \"broken-%d\", \"text\": \n", i)
			failed = append(failed, int64(i))
		case i%11 == 0:
			fmt.Fprintf(&b, "{\"id\": \"refuse-%d\"}\r\n", i)
			failed = append(failed, int64(i))
		case i%7 == 0:
			b.WriteString("{\"text\": \"caf\xe9\"}\n") // not UTF-8
			failed = append(failed, int64(i))
		default:
			id := fmt.Sprintf("article-%d", i)
			fmt.Fprintf(&b, "{\"id\": %q, \"text\": \"Une manifestation a eu lieu.\", \"publishDate\": {\"year\": 2024, \"month\": 5, \"day\": %d}}\n", id, i%28+1)
			answered = append(answered, id)
		}
	}
	return strings.TrimSuffix(b.String(), "\n"), answered, failed
}

// run is a directory with an input and what runs make of it.
type run struct {
	t               *testing.T
	in, out, errors string
	config          Config
	answered        []string
	failed          []int64
}

func newRun(t *testing.T, lines int) *run {
	directory := t.TempDir()
	r := &run{t: t, in: filepath.Join(directory, "in.jsonl"), out: filepath.Join(directory, "out.jsonl")}
	r.errors = ErrorsPath(r.out)
	var text string
	text, r.answered, r.failed = sample(lines)
	r.write(r.in, text)
	r.config = Config{Extractor: echo{}, In: r.in, Out: r.out}
	return r
}

func (r *run) write(path, text string) {
	r.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *run) read(path string) string {
	r.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// complete checks that every line of the input has its line, once, in order.
func (r *run) complete() {
	r.t.Helper()
	var answered []string
	for line := range strings.Lines(r.read(r.out)) {
		var extraction struct {
			ArticleID string `json:"articleId"`
		}
		if err := json.Unmarshal([]byte(line), &extraction); err != nil {
			r.t.Fatalf("output line %q: %v", line, err)
		}
		answered = append(answered, extraction.ArticleID)
	}
	if got, want := strings.Join(answered, " "), strings.Join(r.answered, " "); got != want {
		r.t.Errorf("answered\n%s\nwant\n%s", got, want)
	}
	var failed []int64
	for line := range strings.Lines(r.read(r.errors)) {
		var why failure
		if err := json.Unmarshal([]byte(line), &why); err != nil {
			r.t.Fatalf("failures line %q: %v", line, err)
		}
		failed = append(failed, why.Line)
	}
	if got, want := fmt.Sprint(failed), fmt.Sprint(r.failed); got != want {
		r.t.Errorf("failed\n%s\nwant\n%s", got, want)
	}
}

func TestRun(t *testing.T) {
	r := newRun(t, 100)
	summary, err := Run(t.Context(), r.config)
	if err != nil {
		t.Fatal(err)
	}
	r.complete()
	if int(summary.Extracted) != len(r.answered) || int(summary.Failed) != len(r.failed) || summary.ThisRun.Before != 0 {
		t.Errorf("summary is %+v, want %d extracted and %d failed", summary, len(r.answered), len(r.failed))
	}
	if _, err = Run(t.Context(), r.config); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a second run over the same output: %v", err)
	}
	r.complete()
}

func TestFailuresTellWhy(t *testing.T) {
	r := newRun(t, 0)
	r.write(r.in, "{\"id\": \"refuse-me\"}\n\n{\"txet\": \"x\"}\n[1]\n")
	if _, err := Run(t.Context(), r.config); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"line":1,"id":"refuse-me","code":"INVALID_ARGUMENT","status":{"code":3,"message":"article.text: is empty"}}`,
		`{"line":3,"code":"INVALID_ARGUMENT","status":{"code":3,"message":"not a protojson Article: at character 2: unknown field \"txet\"; there are id, text, html, raw, contentType, title, language, publishTime, publishDate, timeZone, source, url"}}`,
		`{"line":4,"code":"INVALID_ARGUMENT","status":{"code":3,"message":"not a protojson Article: syntax error at character 1: unexpected token ["}}`,
	}
	if got := r.read(r.errors); got != strings.Join(want, "\n")+"\n" {
		t.Errorf("failures are\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if _, err := os.Stat(r.out); err != nil {
		t.Error(err)
	}
}

func TestNoFailuresNoFile(t *testing.T) {
	r := newRun(t, 0)
	r.write(r.in, "{\"id\": \"a\"}")
	if _, err := Run(t.Context(), r.config); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.errors); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s: %v, want it not to exist", r.errors, err)
	}
}

func TestStandardStreams(t *testing.T) {
	text, answered, failed := sample(100)
	var out, failures bytes.Buffer
	config := Config{Extractor: echo{}, In: Standard, Out: Standard, Stdin: strings.NewReader(text), Stdout: &out, Stderr: &failures}
	if _, err := Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "\n"); got != len(answered) {
		t.Errorf("%d lines of output, want %d", got, len(answered))
	}
	if got := strings.Count(failures.String(), "\n"); got != len(failed) {
		t.Errorf("%d failures, want %d", got, len(failed))
	}
	config.Resume = true
	if _, err := Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), "cannot be resumed") {
		t.Errorf("resume of standard streams: %v", err)
	}
}

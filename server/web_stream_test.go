package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// outcomesOf reads the lines of a stream's answer.
func outcomesOf(t testing.TB, text string) (outcomes []*depechev1.Outcome) {
	t.Helper()
	for line := range strings.Lines(text) {
		outcomes = append(outcomes, outcomeOf(t, line))
	}
	return outcomes
}

func outcomeOf(t testing.TB, line string) *depechev1.Outcome {
	t.Helper()
	outcome := &depechev1.Outcome{}
	if err := protojson.Unmarshal([]byte(line), outcome); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return outcome
}

// Five hundred lines, some of them bad: each has its outcome, under its number.
func TestWebStreamAnswersEachLineOnce(t *testing.T) {
	server := startWeb(t, &fakeEngine{}, func(c *Config) { c.MaxMessageBytes, c.Workers = 64<<10, 4 })
	const lines = 500
	var body strings.Builder
	want := map[uint64]string{} // what the outcome says
	var numbers []uint64
	for n := uint64(1); n <= lines; n++ {
		line, says := lineOf(t, article(fmt.Sprint(n))), fmt.Sprint(n)
		switch {
		case n%50 == 0:
			line, says = "   ", "" // no article
		case n%50 == 7:
			line, says = line[:len(line)/2], "MALFORMED_JSON"
		case n%50 == 17:
			line, says = `{"id": "x", "corps": "y"}`, "MALFORMED_JSON"
		case n%50 == 27:
			line, says = `{"text": "`+strings.Repeat("a", 100<<10)+`"}`, "BODY_TOO_LARGE"
		case n%50 == 37:
			line, says = `{"id": "sans corps"}`, "EMPTY_BODY"
		}
		if says != "" {
			want[n] = says
			numbers = append(numbers, n)
		}
		body.WriteString(line)
		if n < lines {
			body.WriteByte('\n')
		}
	}
	for _, ordered := range []bool{true, false} {
		for version, client := range map[string]*http.Client{"HTTP/1.1": server.http, "HTTP/2": server.h2} {
			t.Run(fmt.Sprintf("ordered=%v/%s", ordered, version), func(t *testing.T) {
				request, err := http.NewRequestWithContext(contextFor(t), http.MethodPost, fmt.Sprintf("%s%s?ordered=%v", server.url, streamPath, ordered), strings.NewReader(body.String()))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", linesType)
				response, text := send(t, client, request)
				if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != linesType || response.Header.Get("X-Request-Id") == "" {
					t.Fatalf("%s %v", response.Status, response.Header)
				}
				outcomes := outcomesOf(t, text)
				got := sequencesOf(outcomes)
				if !ordered {
					slices.Sort(got)
				}
				if !slices.Equal(got, numbers) {
					t.Fatalf("lines answered: %v", got)
				}
				for _, outcome := range outcomes {
					says := outcome.GetExtraction().GetArticleId()
					if fault := outcome.GetError(); fault != nil {
						says = strings.TrimPrefix(failureOf(status.FromProto(fault)).reason.String(), "ERROR_REASON_")
					}
					if says != want[outcome.GetSequence()] {
						t.Errorf("line %d: %s, want %s", outcome.GetSequence(), says, want[outcome.GetSequence()])
					}
				}
			})
		}
	}
	if response, text := server.call(t, http.MethodPost, streamPath, linesType, strings.NewReader("")); response.StatusCode != http.StatusOK || text != "" {
		t.Errorf("no lines: %s %q", response.Status, text)
	}
}

// A stream's options reach the engine.
func TestWebStreamOptions(t *testing.T) {
	asked := make(chan *depechev1.ExtractOptions, 1)
	server := startWeb(t, &optionsEngine{asked: asked}, nil)
	_, text := server.call(t, http.MethodPost,
		streamPath+"?ordered=false&offsetEncoding=OFFSET_ENCODING_UTF16&minConfidence=0.5&eventTypes=EVENT_TYPE_ARMED_CLASH&eventTypes=EVENT_TYPE_PROTEST&excludeBackground=true&explain=true",
		linesType, strings.NewReader(`{"text": "Deux soldats ont été tués."}`))
	options := receive(t, asked, "article")
	const want = `{"offsetEncoding":"OFFSET_ENCODING_UTF16","minConfidence":0.5,"eventTypes":["EVENT_TYPE_ARMED_CLASH","EVENT_TYPE_PROTEST"],"excludeBackground":true,"explain":true}`
	if got := lineOf(t, options); got != want {
		t.Errorf("options are %s, want %s: %s", got, want, text)
	}
}

type optionsEngine struct {
	fakeEngine
	asked chan *depechev1.ExtractOptions
}

func (e *optionsEngine) Extract(_ context.Context, article *depechev1.Article, options *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	e.asked <- options
	return answerTo(article), nil
}

// lineStream is a stream whose lines a test sends and reads by turns.
type lineStream struct {
	t       testing.TB
	body    *io.PipeWriter
	answers *bufio.Reader
	close   func() // goes, as a client that was killed
	begin   func() // waits for the response
}

func (w *webRunning) lines(t testing.TB, client *http.Client) *lineStream {
	t.Helper()
	ctx, cancel := context.WithCancel(contextFor(t))
	reader, writer := io.Pipe()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+streamPath, reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", linesType)
	answered := make(chan io.ReadCloser, 1)
	go func() {
		response, err := client.Do(request) //nolint:bodyclose // begin does
		if err != nil {
			close(answered)
			return
		}
		answered <- response.Body
	}()
	s := &lineStream{t: t, body: writer, close: cancel}
	s.begin = func() {
		t.Helper()
		body := receive(t, answered, "response")
		if body == nil {
			t.Fatal("the call failed")
		}
		s.answers = bufio.NewReader(body)
		t.Cleanup(func() { body.Close() })
	}
	t.Cleanup(func() { cancel(); writer.Close() })
	return s
}

func (s *lineStream) send(article *depechev1.Article) {
	s.t.Helper()
	if _, err := io.WriteString(s.body, lineOf(s.t, article)+"\n"); err != nil {
		s.t.Fatalf("send: %v", err)
	}
}

// next reads the next outcome; nil at the end.
func (s *lineStream) next() *depechev1.Outcome {
	s.t.Helper()
	line, err := s.answers.ReadString('\n')
	if errors.Is(err, io.EOF) && line == "" {
		return nil
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return outcomeOf(s.t, line)
}

// An outcome comes while its caller is still sending.
func TestWebStreamIsFullDuplex(t *testing.T) {
	server := startWeb(t, &fakeEngine{}, nil)
	for version, client := range map[string]*http.Client{"HTTP/1.1": server.http, "HTTP/2": server.h2} {
		t.Run(version, func(t *testing.T) {
			stream := server.lines(t, client)
			for n := uint64(1); n <= 20; n++ {
				stream.send(article(fmt.Sprint(n)))
				if n == 1 {
					stream.begin()
				}
				if outcome := stream.next(); outcome.GetSequence() != n || outcome.GetExtraction().GetArticleId() != fmt.Sprint(n) {
					t.Fatalf("outcome %d is %v", n, outcome)
				}
			}
			stream.body.Close()
			if outcome := stream.next(); outcome != nil {
				t.Errorf("after the last line: %v", outcome)
			}
		})
	}
}

// A caller that goes stops its articles' reading.
func TestWebCallerGoes(t *testing.T) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(version, func(t *testing.T) {
			engine := newBusy()
			server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.Workers = 1 })
			client := server.http
			if version == "HTTP/2" {
				client = server.h2
			}
			stream := server.lines(t, client)
			stream.send(article("stream"))
			receive(t, engine.started, "article")
			stream.close()
			if err := receive(t, engine.ended, "end of the stream's article"); !errors.Is(err, context.Canceled) {
				t.Errorf("it ended by %v", err)
			}
			awaitNoStreams(t, server.running)

			ctx, cancel := context.WithCancel(contextFor(t))
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.url+extractPath, strings.NewReader(lineOf(t, request("call"))))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", jsonType)
			done := make(chan struct{})
			go func() {
				defer close(done)
				if response, err := client.Do(request); err == nil {
					response.Body.Close()
				}
			}()
			receive(t, engine.started, "article")
			cancel()
			receive(t, engine.ended, "end of the call's article")
			<-done
		})
	}
}

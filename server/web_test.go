package server

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"
	"go.uber.org/zap"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	grpcpeer "google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"

	"github.com/depeche-events/depeche/internal/authority"
	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

const (
	extractPath = "/v1/articles:extract"
	streamPath  = "/v1/articles:stream"
	jsonType    = "application/json"
	linesType   = "application/x-ndjson"
)

// web is a server under test with its HTTP port, and a caller's client of it.
type webRunning struct {
	*running
	url  string
	http *http.Client // HTTP/1.1
	h2   *http.Client // HTTP/2 without TLS
}

func startWeb(t testing.TB, engine Engine, adjust func(*Config)) *webRunning {
	t.Helper()
	server := start(t, engine, func(c *Config) {
		c.HTTP = "127.0.0.1:0"
		if adjust != nil {
			adjust(c)
		}
	})
	h1, h2 := new(http.Protocols), new(http.Protocols)
	h1.SetHTTP1(true)
	h2.SetUnencryptedHTTP2(true)
	w := &webRunning{
		running: server,
		url:     "http://" + server.server.HTTPAddr().String(),
		http:    &http.Client{Transport: &http.Transport{Protocols: h1}},
		h2:      &http.Client{Transport: &http.Transport{Protocols: h2}},
	}
	t.Cleanup(w.http.CloseIdleConnections)
	t.Cleanup(w.h2.CloseIdleConnections)
	return w
}

// call sends one request and returns its answer, whole.
func (w *webRunning) call(t testing.TB, method, path, contentType string, body io.Reader) (reply, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(contextFor(t), method, w.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return send(t, w.http, request)
}

// reply is an answer without its body.
type reply struct {
	StatusCode int
	Status     string
	Header     http.Header
}

func send(t testing.TB, client *http.Client, request *http.Request) (reply, string) {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Status, response.Header}, string(text)
}

// failureOfJSON reads an error's body as a client would.
func failureOfJSON(t testing.TB, text string) failure {
	t.Helper()
	var refusal statuspb.Status
	if err := protojson.Unmarshal([]byte(text), &refusal); err != nil {
		t.Fatalf("no google.rpc.Status: %v: %s", err, text)
	}
	return failureOf(status.FromProto(&refusal))
}

func lineOf(t testing.TB, message proto.Message) string {
	t.Helper()
	text, err := stablejson.Line(message)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rich answers with something of every shape that JSON could spoil.
func rich(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
	return &depechev1.Extraction{
		ArticleId: article.GetId(), Language: "fr", LanguageSupported: true,
		OffsetEncoding: depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8,
		ReferenceDate:  &depechev1.ReferenceDate{Date: &depechev1.Date{Year: 2021, Month: 3, Day: 14}},
		Locations: []*depechev1.Location{{
			Id: "l1", Name: "Gao «<&>» \u2028", Point: &depechev1.LatLng{Latitude: 16.2717, Longitude: -0.0447},
		}},
		Events: []*depechev1.Event{{Id: "e1", Confidence: 0.92, Type: depechev1.EventType_EVENT_TYPE_ARMED_CLASH}},
	}, nil
}

// Every protocol gives the Extraction that gRPC gives.
func TestWebAnswersAsGRPC(t *testing.T) {
	server := startWeb(t, &fakeEngine{extract: rich}, nil)
	asked := request("Gao")
	answer, err := server.ExtractEvents(contextFor(t), asked)
	if err != nil {
		t.Fatal(err)
	}
	want := lineOf(t, answer)

	response, text := server.call(t, http.MethodPost, extractPath, jsonType+"; charset=utf-8", strings.NewReader(lineOf(t, asked)))
	if response.StatusCode != http.StatusOK || text != want+"\n" || response.Header.Get("Content-Type") != jsonType {
		t.Errorf("JSON: %s %v\n%s\nwant\n%s", response.Status, response.Header, text, want)
	}
	if response.Header.Get("X-Request-Id") == "" {
		t.Error("JSON: the answer does not tell the call's id")
	}

	// The form that curl sends to Connect, byte for byte.
	response, text = server.call(t, http.MethodPost, depechev1.ExtractionService_ExtractEvents_FullMethodName, jsonType, strings.NewReader(lineOf(t, asked)))
	if response.StatusCode != http.StatusOK || text != want {
		t.Errorf("Connect by hand: %s\n%s\nwant\n%s", response.Status, text, want)
	}

	for name, options := range map[string][]connect.ClientOption{
		"Connect":               nil,
		"Connect, JSON":         {connect.WithProtoJSON()},
		"Connect, packed":       {connect.WithSendGzip()},
		"gRPC-Web":              {connect.WithGRPCWeb()},
		"gRPC-Web, JSON":        {connect.WithGRPCWeb(), connect.WithProtoJSON()},
		"gRPC":                  {connect.WithGRPC()},
		"gRPC over this port 2": {connect.WithGRPC(), connect.WithSendGzip()},
	} {
		for version, client := range map[string]*http.Client{"HTTP/1.1": server.http, "HTTP/2": server.h2} {
			if strings.HasPrefix(name, "gRPC") && !strings.HasPrefix(name, "gRPC-Web") && version == "HTTP/1.1" {
				continue // gRPC needs HTTP/2
			}
			t.Run(name+" over "+version, func(t *testing.T) {
				call := connect.NewClient[depechev1.ExtractEventsRequest, depechev1.ExtractEventsResponse](
					client, server.url+depechev1.ExtractionService_ExtractEvents_FullMethodName, options...)
				response, err := call.CallUnary(contextFor(t), connect.NewRequest(asked))
				if err != nil {
					t.Fatal(err)
				}
				if got := lineOf(t, response.Msg); got != want {
					t.Errorf("answer is\n%s\nwant\n%s", got, want)
				}
				if response.Header().Get("X-Request-Id") == "" {
					t.Error("the answer does not tell the call's id")
				}
			})
		}
	}
}

func TestWebDescribes(t *testing.T) {
	server := startWeb(t, &fakeEngine{body: 1 << 20}, nil)
	engine, err := server.DescribeEngine(contextFor(t), &depechev1.DescribeEngineRequest{})
	if err != nil {
		t.Fatal(err)
	}
	ontology, err := server.DescribeOntology(contextFor(t), &depechev1.DescribeOntologyRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]proto.Message{"/v1/engine": engine, "/v1/ontology": ontology} {
		response, text := server.call(t, http.MethodGet, path, "", nil)
		if response.StatusCode != http.StatusOK || text != lineOf(t, want)+"\n" {
			t.Errorf("%s: %s %s, want %v", path, response.Status, text, want)
		}
	}
	response, text := server.call(t, http.MethodGet, "/openapi.yaml", "", nil)
	if response.StatusCode != http.StatusOK || !strings.Contains(text, "\nopenapi: 3.1.0\n") {
		t.Errorf("description: %s %.100s", response.Status, text)
	}
}

// What is refused by gRPC is refused by JSON, by Connect and in a stream's line,
// with the same code, reason and field.
func TestWebRefusesAsGRPC(t *testing.T) {
	server := startWeb(t, &fakeEngine{extract: refusingEngine}, func(c *Config) {
		c.ArticleBudget = testBudget
		c.MaxResponseBytes = smallestResponse
	})
	call := connect.NewClient[depechev1.ExtractEventsRequest, depechev1.ExtractEventsResponse](
		server.http, server.url+depechev1.ExtractionService_ExtractEvents_FullMethodName, connect.WithProtoJSON())
	for _, test := range refusals {
		t.Run(test.name, func(t *testing.T) {
			response, text := server.call(t, http.MethodPost, extractPath, jsonType, strings.NewReader(lineOf(t, test.request)))
			if got := failureOfJSON(t, text); got != test.want || response.StatusCode/100 < 4 {
				t.Errorf("JSON: %s %v, want %v", response.Status, got, test.want)
			}
			if response.Header.Get("X-Request-Id") == "" {
				t.Error("JSON: the answer does not tell the call's id")
			}
			_, err := call.CallUnary(contextFor(t), connect.NewRequest(test.request))
			if got := failureOf(connectStatus(t, err)); got != test.want {
				t.Errorf("Connect: %v, want %v", got, test.want)
			}
			if test.request.GetArticle() == nil || test.request.GetOptions() != nil {
				return // a line is an article, and has no options
			}
			_, text = server.call(t, http.MethodPost, streamPath, linesType, strings.NewReader(lineOf(t, test.request.GetArticle())))
			outcomes := outcomesOf(t, text)
			if len(outcomes) != 1 {
				t.Fatalf("stream: %s", text)
			}
			if got := failureOf(status.FromProto(outcomes[0].GetError())); got != test.want {
				t.Errorf("stream: %v, want %v", got, test.want)
			}
		})
	}
	if strings.Contains(server.logged(), secret) {
		t.Error("the log holds an article's text")
	}
}

// connectStatus is a Connect error as a gRPC status.
func connectStatus(t testing.TB, err error) *status.Status {
	t.Helper()
	fault, ok := errors.AsType[*connect.Error](err)
	if !ok {
		t.Fatalf("no Connect error: %v", err)
	}
	refusal := &statuspb.Status{Code: int32(fault.Code()), Message: fault.Message()}
	for _, detail := range fault.Details() {
		value, err := detail.Value()
		if err != nil {
			t.Fatal(err)
		}
		packed, err := status.New(codes.Unknown, "").WithDetails(protoadapt.MessageV1Of(value))
		if err != nil {
			t.Fatal(err)
		}
		refusal.Details = append(refusal.Details, packed.Proto().GetDetails()...)
	}
	return status.FromProto(refusal)
}

func TestWebRefusesWhatIsNoRequest(t *testing.T) {
	server := startWeb(t, &fakeEngine{body: 1 << 10}, func(c *Config) { c.MaxMessageBytes = 64 << 10 })
	long := `{"article": {"text": "` + strings.Repeat("a", 64<<10) + `"}}`
	const malformed = depechev1.ErrorReason_ERROR_REASON_MALFORMED_JSON
	tests := []struct {
		name, method, path, contentType, body string
		status                                int
		want                                  failure
	}{
		{"no JSON", "POST", extractPath, jsonType, "Deux soldats", 400, failure{codes.InvalidArgument, malformed, ""}},
		{"half of JSON", "POST", extractPath, jsonType, `{"article": {"text": "Deux`, 400, failure{codes.InvalidArgument, malformed, ""}},
		{"two of JSON", "POST", extractPath, jsonType, `{} {}`, 400, failure{codes.InvalidArgument, malformed, ""}},
		{"unknown field", "POST", extractPath, jsonType, `{"article": {"texte": "Deux soldats"}}`, 400, failure{codes.InvalidArgument, malformed, ""}},
		{"wrong type", "POST", extractPath, jsonType, `{"article": {"text": 7}}`, 400, failure{codes.InvalidArgument, malformed, ""}},
		{"no UTF-8", "POST", extractPath, jsonType, "{\"article\": {\"text\": \"\xe9t\xe9\"}}", 400, failure{codes.InvalidArgument, malformed, ""}},
		{"two bodies", "POST", extractPath, jsonType, `{"article": {"text": "a", "html": "b"}}`, 400, failure{codes.InvalidArgument, malformed, ""}},
		{"empty", "POST", extractPath, jsonType, ``, 400, failure{codes.InvalidArgument, malformed, ""}},
		{"no article", "POST", extractPath, jsonType, `{}`, 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "article"}},
		{"too long", "POST", extractPath, jsonType, long, 413, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_BODY_TOO_LARGE, "article"}},
		{"a form", "POST", extractPath, "application/x-www-form-urlencoded", `{"article": {"text": "a"}}`, 415, failure{codes.InvalidArgument, malformed, ""}},
		{"no type", "POST", extractPath, "", `{"article": {"text": "a"}}`, 415, failure{codes.InvalidArgument, malformed, ""}},
		{"another charset", "POST", extractPath, jsonType + "; charset=iso-8859-1", `{"article": {"text": "a"}}`, 415, failure{codes.InvalidArgument, malformed, ""}},
		{"a query", "POST", extractPath + "?explain=true", jsonType, `{"article": {"text": "a"}}`, 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, ""}},
		{"another method", "GET", extractPath, "", "", 405, failure{codes.Unimplemented, 0, ""}},
		{"another method of what is read", "DELETE", "/v1/engine", "", "", 405, failure{codes.Unimplemented, 0, ""}},
		{"another path", "GET", "/v1/nothing", "", "", 404, failure{codes.NotFound, 0, ""}},
		{"the root", "GET", "/", "", "", 404, failure{codes.NotFound, 0, ""}},
		{"no such RPC", "POST", "/depeche.v1.ExtractionService/Nothing", jsonType, "{}", 404, failure{codes.Unimplemented, 0, ""}},
		{"stream: JSON", "POST", streamPath, jsonType, "{}", 415, failure{codes.InvalidArgument, malformed, ""}},
		{"stream: unknown option", "POST", streamPath + "?orderd=true", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "orderd"}},
		{"stream: options as a whole", "POST", streamPath + "?options=true", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "options"}},
		{"stream: wrong bool", "POST", streamPath + "?ordered=yes", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "ordered"}},
		{"stream: wrong number", "POST", streamPath + "?minConfidence=much", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "minConfidence"}},
		{"stream: wrong enum", "POST", streamPath + "?eventTypes=WAR", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "eventTypes"}},
		{"stream: given twice", "POST", streamPath + "?ordered=true&ordered=false", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "ordered"}},
		{"stream: out of range", "POST", streamPath + "?minConfidence=7", linesType, "", 400, failure{codes.InvalidArgument, depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "open.options.min_confidence"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, body := range map[string]io.Reader{
				"with its length": strings.NewReader(test.body),
				"in chunks":       io.MultiReader(strings.NewReader(test.body)),
			} {
				response, text := server.call(t, test.method, test.path, test.contentType, body)
				if response.StatusCode != test.status || response.Header.Get("Content-Type") != jsonType {
					t.Errorf("%s: %s %v", name, response.Status, response.Header)
				}
				if got := failureOfJSON(t, text); got != test.want {
					t.Errorf("%s: %v, want %v: %s", name, got, test.want, text)
				}
				if (response.Header.Get("Allow") != "") != (test.status == http.StatusMethodNotAllowed) {
					t.Errorf("%s: Allow is %q", name, response.Header.Get("Allow"))
				}
			}
		})
	}
	odd, err := http.NewRequestWithContext(contextFor(t), http.MethodGet, server.url+"/v1/engine", nil)
	if err != nil {
		t.Fatal(err)
	}
	odd.Header.Set("Authorization", "Bearer sésame")
	if response, text := send(t, server.http, odd); response.StatusCode != http.StatusBadRequest || failureOfJSON(t, text).reason != malformed {
		t.Errorf("a header that is not ASCII: %s %s", response.Status, text)
	}
	if _, text := server.call(t, http.MethodPost, extractPath, jsonType, strings.NewReader(`{"article": {"id": "next", "text": "a"}}`)); !strings.Contains(text, `"articleId":"next"`) {
		t.Errorf("the next article: %s", text)
	}
}

// A message that grows when it is unpacked or decoded is refused before it has.
func TestWebRefusesWhatGrows(t *testing.T) {
	server := startWeb(t, &fakeEngine{}, func(c *Config) { c.MaxMessageBytes = 64 << 10 })
	var bomb bytes.Buffer
	packer := gzip.NewWriter(&bomb)
	_, _ = packer.Write(bytes.Repeat([]byte(" "), 8<<20))
	packer.Close()
	request, err := http.NewRequestWithContext(contextFor(t), http.MethodPost, server.url+depechev1.ExtractionService_ExtractEvents_FullMethodName, &bomb)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", jsonType)
	request.Header.Set("Content-Encoding", "gzip")
	if response, text := send(t, server.http, request); response.StatusCode != http.StatusTooManyRequests || !strings.Contains(text, "resource_exhausted") {
		t.Errorf("8 MiB in %d bytes: %s %s", bomb.Len(), response.Status, text)
	}

	var many []*depechev1.NumberedArticle
	for range maxBatchArticles + 1 {
		many = append(many, &depechev1.NumberedArticle{})
	}
	for name, options := range map[string][]connect.ClientOption{"binary": nil, "JSON": {connect.WithProtoJSON()}} {
		call := connect.NewClient[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse](
			server.h2, server.url+depechev1.ExtractionService_StreamEvents_FullMethodName, options...)
		stream := call.CallBidiStream(contextFor(t))
		_ = stream.Send(openMessage(nil)) // Receive tells of an ended stream
		_ = stream.Send(batchMessage(many...))
		_, err := stream.Receive()
		if connect.CodeOf(err) != connect.CodeInvalidArgument {
			t.Errorf("%s: a batch of too many: %v", name, err)
		}
		stream.CloseRequest()
		stream.CloseResponse()
	}
}

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

// The drain answers what was taken, says why it takes no more, and ends.
func TestWebDrains(t *testing.T) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(version, func(t *testing.T) {
			engine := newBusy()
			server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
				c.Workers = 2
				c.DrainTimeout = testTimeout // never reached
			})
			client := server.http
			if version == "HTTP/2" {
				client = server.h2
			}
			stream := server.lines(t, client)
			stream.send(article("taken"))
			receive(t, engine.started, "article")
			type answer struct {
				status int
				text   string
			}
			called := make(chan answer, 1)
			go func() {
				response, err := client.Post(server.url+extractPath, jsonType, strings.NewReader(lineOf(t, request("call"))))
				if err != nil {
					called <- answer{text: err.Error()}
					return
				}
				defer response.Body.Close()
				text, _ := io.ReadAll(response.Body)
				called <- answer{response.StatusCode, string(text)}
			}()
			receive(t, engine.started, "article")

			server.stop()
			eventually(t, server.server.service.isDraining, "drain")
			close(engine.release)
			stream.begin()
			if outcome := stream.next(); outcome.GetSequence() != 1 || outcome.GetExtraction().GetArticleId() != "taken" {
				t.Errorf("what was taken: %v", outcome)
			}
			last := stream.next()
			if got := failureOf(status.FromProto(last.GetError())); got != goingAway || last.GetSequence() != 0 {
				t.Errorf("last line is %v", last)
			}
			if outcome := stream.next(); outcome != nil {
				t.Errorf("after the last line: %v", outcome)
			}
			if got := receive(t, called, "answer"); got.status != http.StatusOK || !strings.Contains(got.text, `"articleId":"call"`) {
				t.Errorf("a call that was taken: %+v", got)
			}
			server.wait(t)
			if response, err := client.Get(server.url + "/v1/engine"); err == nil {
				response.Body.Close()
				t.Errorf("after the drain: %s", response.Status)
			}
		})
	}
}

// What does not end within the bound is cut off.
func TestWebDrainIsBounded(t *testing.T) {
	engine := newBusy()
	server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.DrainTimeout = 10 * time.Millisecond })
	stream := server.lines(t, server.http)
	stream.send(article("x"))
	receive(t, engine.started, "article")
	server.stop()
	server.wait(t)
	receive(t, engine.ended, "end of the article")
}

// Credentials and the real caller reach the auth slot; who is refused is told how.
func TestWebAuthenticates(t *testing.T) {
	callers := make(chan string, 10)
	server := startWeb(t, &fakeEngine{}, func(c *Config) {
		c.Authenticate = func(ctx context.Context) (context.Context, error) {
			caller, _ := grpcpeer.FromContext(ctx)
			callers <- caller.Addr.String()
			if got := metadata.ValueFromIncomingContext(ctx, "authorization"); len(got) != 1 || got[0] != "Bearer sesame" {
				return nil, status.Error(codes.Unauthenticated, "who are you?")
			}
			return ctx, nil
		}
	})
	local := make(chan string, 10)
	transport := server.http.Transport.(*http.Transport)
	transport.DisableKeepAlives = true
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			local <- conn.LocalAddr().String()
		}
		return conn, err
	}
	for _, path := range []string{extractPath, streamPath, depechev1.ExtractionService_ExtractEvents_FullMethodName} {
		for _, credentials := range []string{"Bearer sesame", "Bearer x", ""} {
			body, kind := lineOf(t, request("x")), jsonType
			if path == streamPath {
				body, kind = lineOf(t, article("x")), linesType
			}
			request, err := http.NewRequestWithContext(contextFor(t), http.MethodPost, server.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", kind)
			request.Header.Set("Depeche-Gateway-Caller", "1") // of nobody's concern
			want := http.StatusUnauthorized
			if credentials != "" {
				request.Header.Set("Authorization", credentials)
			}
			if credentials == "Bearer sesame" {
				want = http.StatusOK
			}
			response, text := send(t, server.http, request)
			if response.StatusCode != want {
				t.Errorf("%s with %q: %s %s", path, credentials, response.Status, text)
			}
			if want == http.StatusUnauthorized && !strings.HasPrefix(path, "/depeche") && response.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %q: %v", path, credentials, response.Header)
			}
			if got, want := receive(t, callers, "caller"), receive(t, local, "connection"); got != want {
				t.Errorf("%s: the caller is %s, want %s", path, got, want)
			}
		}
	}
}

func TestWebShedsWhenSaturated(t *testing.T) {
	engine := newBusy()
	server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
		c.Workers, c.QueueCalls, c.MaxStreams, c.RetryDelay = 1, 1, 1, 1500*time.Millisecond
	})
	first := server.background(contextFor(t), "running")
	receive(t, engine.started, "first article")
	second := server.background(contextFor(t), "waiting")
	awaitLoad(t, server.running, load{running: 1, calls: 1})
	open := server.openStream(t, contextFor(t), false)
	eventually(t, func() bool { return server.server.service.streams.Load() == 1 }, "stream")

	for path, kind := range map[string]string{extractPath: jsonType, streamPath: linesType, depechev1.ExtractionService_ExtractEvents_FullMethodName: jsonType} {
		response, text := server.call(t, http.MethodPost, path, kind, strings.NewReader(lineOf(t, request("too many"))))
		if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") != "2" {
			t.Errorf("%s: %s %v %s", path, response.Status, response.Header, text)
		}
	}
	close(engine.release)
	receive(t, first, "answer")
	receive(t, second, "answer")
	open.CloseSend()
	open.rest()
}

// Bodies wait for room, and are refused if there is none in time; and so are
// requests that are too many.
func TestWebBoundsWhatItReceives(t *testing.T) {
	tests := map[string]struct {
		adjust func(*Config)
		open   int // requests whose bodies do not come
	}{
		"bytes": {func(c *Config) {
			c.MaxMessageBytes, c.ReceiveBytes, c.ReceiveTimeout = 64<<10, 128<<10, 20*time.Millisecond
		}, 2},
		"calls": {func(c *Config) { c.MaxOpenCalls = 3 }, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			engine := newBusy()
			server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
				c.Workers, c.RetryDelay = 8, 1500*time.Millisecond
				test.adjust(c)
			})
			var calls []chan reply
			for range test.open {
				called := make(chan reply, 1)
				calls = append(calls, called)
				request, err := http.NewRequestWithContext(contextFor(t), http.MethodPost, server.url+extractPath,
					io.MultiReader(strings.NewReader(lineOf(t, request("x"))))) // its length is not told
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", jsonType)
				go func() {
					answer, _ := send(t, server.http, request)
					called <- answer
				}()
				receive(t, engine.started, "article")
			}
			for _, path := range []string{extractPath, depechev1.ExtractionService_ExtractEvents_FullMethodName} {
				response, text := server.call(t, http.MethodPost, path, jsonType, strings.NewReader(lineOf(t, request("too many"))))
				if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") != "2" || !strings.Contains(text, "SATURATED") {
					t.Errorf("%s: %s %v %s", path, response.Status, response.Header, text)
				}
			}
			close(engine.release)
			for _, called := range calls {
				if answer := receive(t, called, "answer"); answer.StatusCode != http.StatusOK {
					t.Errorf("a call that was taken: %s", answer.Status)
				}
			}
			if response, text := server.call(t, http.MethodPost, extractPath, jsonType, strings.NewReader(lineOf(t, request("next")))); response.StatusCode != http.StatusOK {
				t.Errorf("the next call: %s %s", response.Status, text)
			}
		})
	}
}

// A browser is told that a page may call only where the page's origin was named.
func TestWebOrigins(t *testing.T) {
	preflight := func(server *webRunning, origin string) string {
		request, err := http.NewRequestWithContext(contextFor(t), http.MethodOptions, server.url+depechev1.ExtractionService_ExtractEvents_FullMethodName, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		request.Header.Set("Access-Control-Request-Method", "POST")
		request.Header.Set("Access-Control-Request-Headers", "authorization,connect-protocol-version,content-type")
		response, _ := send(t, server.http, request)
		return response.Header.Get("Access-Control-Allow-Origin")
	}
	closed := startWeb(t, &fakeEngine{}, nil)
	if got := preflight(closed, "https://example.org"); got != "" {
		t.Errorf("by default %s may call", got)
	}
	named := startWeb(t, &fakeEngine{}, func(c *Config) { c.HTTPOrigins = []string{"https://example.org"} })
	if got := preflight(named, "https://example.org"); got != "https://example.org" {
		t.Errorf("the named origin gets %q", got)
	}
	if got := preflight(named, "https://example.com"); got != "" {
		t.Errorf("another origin gets %q", got)
	}
}

// A caller that does not read its outcomes stops the reading of its lines, in
// spite of all that stands between.
func TestWebSlowReaderStopsTheReading(t *testing.T) {
	const bound = 4 << 20 // windows and buffers on the way, and what is in flight
	synctest.Test(t, func(t *testing.T) {
		s, w := webInMemory(t, &fakeEngine{}, func(c *Config) { c.StreamArticles = 8 })

		ctx, cancel := context.WithCancel(t.Context())
		body := &endless{line: []byte(lineOf(t, article(strings.Repeat("x", 1000))) + "\n"), end: ctx.Done()}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://x"+streamPath, body)
		if err != nil {
			t.Fatal(err)
		}
		request.RemoteAddr = "192.0.2.1:1"
		request.Header.Set("Content-Type", linesType)
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.http.Handler.ServeHTTP(&deaf{header: http.Header{}, gone: ctx.Done()}, request)
		}()
		synctest.Wait()
		if body.read == 0 || body.read > bound {
			t.Errorf("%d bytes are read while nothing is taken, want some, and at most %d", body.read, bound)
		}
		cancel()
		<-done
		if held := s.bulkHeld.Load(); held != 0 {
			synctest.Wait()
			if held := s.bulkHeld.Load(); held != 0 {
				t.Errorf("%d bytes are held after the caller went", held)
			}
		}
		w.end(t)
	})
}

// A caller that never takes its answer, or the outcomes of its stream, is not
// waited for: what it holds is for others.
func TestWebAnswersMustBeTaken(t *testing.T) {
	open := &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Open{Open: &depechev1.StreamOptions{}}}
	batch := &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Batch{Batch: &depechev1.ArticleBatch{
		Articles: []*depechev1.NumberedArticle{{Article: article("x")}},
	}}}
	for name, test := range map[string]struct{ path, contentType, body string }{
		"one article":            {extractPath, jsonType, lineOf(t, request("x"))},
		"one article by Connect": {depechev1.ExtractionService_ExtractEvents_FullMethodName, jsonType, lineOf(t, request("x"))},
		"stream":                 {streamPath, linesType, lineOf(t, article("x")) + "\n"},
		"stream by Connect":      {depechev1.ExtractionService_StreamEvents_FullMethodName, "application/connect+json", enveloped(lineOf(t, open)) + enveloped(lineOf(t, batch))},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, w := webInMemory(t, &fakeEngine{}, nil)
				gone := make(chan struct{})
				body, rest := io.Pipe() // of which nothing more comes
				go func() {
					_, _ = io.WriteString(rest, test.body)
					if test.path == extractPath || strings.HasSuffix(test.path, "ExtractEvents") {
						rest.Close()
					}
				}()
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x"+test.path, body)
				if err != nil {
					t.Fatal(err)
				}
				r.RemoteAddr, r.ProtoMajor = "192.0.2.1:1", 2
				r.Header.Set("Content-Type", test.contentType)
				done := make(chan struct{})
				go func() {
					defer close(done)
					w.http.Handler.ServeHTTP(&deaf{header: http.Header{}, gone: gone, endRead: func() { rest.CloseWithError(net.ErrClosed) }}, r)
				}()
				time.Sleep(time.Hour)
				synctest.Wait()
				select {
				case <-done:
				default:
					t.Error("after an hour the caller is still waited for")
				}
				close(gone)
				rest.CloseWithError(net.ErrClosed)
				<-done
				w.end(t)
			})
		})
	}
}

// enveloped is a message as Connect's streams have it.
func enveloped(message string) string {
	n := len(message)
	return string([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// memoryWeb is the HTTP port without its listener, for a bubble.
type memoryWeb struct {
	*web
	served chan struct{}
	pool   *pool
}

func webInMemory(t *testing.T, engine Engine, adjust func(*Config)) (*service, *memoryWeb) {
	t.Helper()
	config := testConfig(engine)
	config.Logger = zap.NewNop()
	if adjust != nil {
		adjust(&config)
	}
	s, err := config.service()
	if err != nil {
		t.Fatal(err)
	}
	s.pool.start(2)
	g, err := config.guard(config.Logger)
	if err != nil {
		t.Fatal(err)
	}
	w, err := config.newWeb(bufconn.Listen(1), s, g, chain(s.metrics, config.Logger, g.authenticate(nil), g, config.RetryDelay))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() { defer close(served); w.serveMemory() }()
	return s, &memoryWeb{w, served, s.pool}
}

func (w *memoryWeb) end(t *testing.T) {
	t.Helper()
	if err := w.close(); err != nil {
		t.Error(err)
	}
	<-w.served
	w.pool.close()
}

// endless is a body of the same line again and again.
type endless struct {
	line []byte
	rest []byte
	read int
	end  <-chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	select {
	case <-e.end:
		return 0, io.ErrUnexpectedEOF
	default:
	}
	if len(e.rest) == 0 {
		e.rest = e.line
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	e.read += n
	return n, nil
}

func (e *endless) Close() error { return nil }

// deaf is a connection that takes nothing.
type deaf struct {
	header  http.Header
	gone    <-chan struct{}
	late    <-chan struct{} // nil: never
	endRead func()          // nil: nobody reads
}

func (d *deaf) Header() http.Header     { return d.header }
func (d *deaf) WriteHeader(int)         {}
func (d *deaf) Flush()                  {}
func (d *deaf) EnableFullDuplex() error { return nil }

func (d *deaf) SetReadDeadline(by time.Time) error {
	if d.endRead != nil && !by.IsZero() && !by.After(time.Now()) {
		d.endRead()
	}
	return nil
}

func (d *deaf) SetWriteDeadline(by time.Time) error {
	d.late = nil
	if !by.IsZero() {
		late := make(chan struct{})
		time.AfterFunc(time.Until(by), func() { close(late) })
		d.late = late
	}
	return nil
}

func (d *deaf) Write([]byte) (int, error) {
	select {
	case <-d.gone:
		return 0, net.ErrClosed
	case <-d.late:
		return 0, os.ErrDeadlineExceeded
	}
}

// A panic of the gateway's own ends the one call, and the log quotes nothing.
func TestWebRecovers(t *testing.T) {
	server := startWeb(t, &fakeEngine{}, nil)
	handler := recoverWeb(server.server.logger, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(secret) }))
	func() {
		defer func() {
			if value := recover(); value != http.ErrAbortHandler {
				t.Errorf("the connection is ended by %v", value)
			}
		}()
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		handler.ServeHTTP(&deaf{header: http.Header{}}, request)
	}()
	if logged := server.logged(); !strings.Contains(logged, "panic in gateway") || strings.Contains(logged, secret) {
		t.Errorf("the log says\n%s", logged)
	}
}

// One call by JSON beside the same call by gRPC: what the way through the gateway
// costs.
func BenchmarkWeb(b *testing.B) {
	server := startWeb(b, &fakeEngine{extract: rich}, nil)
	asked := with(func(a *depechev1.Article) {
		a.Body = &depechev1.Article_Text{Text: strings.Repeat("Deux soldats ont été tués samedi à Gao. ", 80)}
	})
	text := lineOf(b, asked)
	b.Run("gRPC", func(b *testing.B) {
		for b.Loop() {
			if _, err := server.ExtractEvents(b.Context(), asked); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("JSON", func(b *testing.B) {
		for b.Loop() {
			response, err := server.http.Post(server.url+extractPath, jsonType, strings.NewReader(text))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}

// The HTTP port has the certificate of the gRPC port, asks for a client's as that
// does, and knows a client by it.
func TestWebTLS(t *testing.T) {
	get := func(server *secured, config *tls.Config, protocols func(*http.Protocols)) (string, error) {
		transport := &http.Transport{TLSClientConfig: config, Protocols: new(http.Protocols)}
		protocols(transport.Protocols)
		defer transport.CloseIdleConnections()
		response, err := (&http.Client{Transport: transport}).Get("https://" + server.server.HTTPAddr().String() + "/v1/engine")
		if err != nil {
			return "", err
		}
		response.Body.Close()
		return response.Proto + " " + response.Status, nil
	}
	h1 := func(p *http.Protocols) { p.SetHTTP1(true) }
	h2 := func(p *http.Protocols) { p.SetHTTP2(true) }

	open := startTLS(t, false)
	for want, protocols := range map[string]func(*http.Protocols){"HTTP/1.1 200 OK": h1, "HTTP/2.0 200 OK": h2} {
		if got, err := get(open, trusting(open.ours), protocols); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	if _, err := get(open, trusting(authority.New(t, "theirs")), h2); err == nil {
		t.Error("a client of another authority takes the server's certificate")
	}

	mutual := startTLS(t, true)
	if got, err := get(mutual, trusting(mutual.ours), h2); err == nil {
		t.Errorf("without a certificate: %q", got)
	}
	if got, err := get(mutual, trusting(mutual.ours, mutual.ours.Sign(t, "alice", nil).TLS(t)), h2); err != nil {
		t.Errorf("with one: %q, %v", got, err)
	}
	if !strings.Contains(mutual.logged(), "alice") {
		t.Errorf("the log does not say who called:\n%s", mutual.logged())
	}
}

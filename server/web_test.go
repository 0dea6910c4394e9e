package server

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

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

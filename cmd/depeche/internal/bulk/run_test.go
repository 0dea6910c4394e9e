package bulk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
)

// A fault of the input is an error of the run, and what came before it is done.
func TestInputThatCannotBeRead(t *testing.T) {
	broken := errors.New("input/output error")
	var out bytes.Buffer
	source := io.MultiReader(strings.NewReader("{\"id\": \"a\"}\n"), failingReader{broken})
	config := Config{Extractor: echo{}, In: Standard, Out: Standard, Stdin: source, Stdout: &out}
	if _, err := Run(t.Context(), config); !errors.Is(err, broken) || !strings.Contains(err.Error(), "after line 1") {
		t.Errorf("got %v", err)
	}
	if out.String() != "{\"articleId\":\"a\",\"language\":\"fr\"}\n" {
		t.Errorf("output is %q", out.String())
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// A reader of the output that goes away ends the run, though the input has more.
func TestOutputThatCannotBeWritten(t *testing.T) {
	source, more := io.Pipe()
	defer more.Close()
	go more.Write([]byte("{\"id\": \"a\"}\n")) // and then nothing, for ever
	config := Config{Extractor: eager{}, In: Standard, Out: Standard, Stdin: source, Stdout: closedPipe{}}
	if _, err := Run(t.Context(), config); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Cancelling ends a run whose input is silent.
func TestCancelWhileTheInputIsSilent(t *testing.T) {
	source, more := io.Pipe()
	defer more.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		more.Write([]byte("{\"id\": \"a\"}\n"))
		cancel()
	}()
	var out bytes.Buffer
	if _, err := Run(ctx, Config{Extractor: echo{}, In: Standard, Out: Standard, Stdin: source, Stdout: &out}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The real client, over a connection, with lines of every kind.
func TestRunWithTheClient(t *testing.T) {
	c, stop := dial()
	defer stop()
	r := newRun(t, 2000)
	r.config.Extractor = c
	if _, err := Run(t.Context(), r.config); err != nil {
		t.Fatal(err)
	}
	r.complete()
}

func TestProgressOnATerminal(t *testing.T) {
	r := newRun(t, 200)
	var terminal, none bytes.Buffer
	r.config.Stderr, r.config.Terminal = &terminal, true
	if _, err := Run(t.Context(), r.config); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(terminal.String(), "remaining") || !strings.Contains(terminal.String(), " articles, ") {
		t.Errorf("the terminal shows %q", terminal.String())
	}
	quiet := newRun(t, 200)
	quiet.config.Stderr = &none
	if _, err := Run(t.Context(), quiet.config); err != nil {
		t.Fatal(err)
	}
	if none.Len() > 0 {
		t.Errorf("where there is no terminal: %q", none.String())
	}
}

// Whatever the bytes, every line that is not blank has one line in one file.
func FuzzRun(f *testing.F) {
	text, _, _ := sample(40)
	f.Add([]byte(text))
	f.Add([]byte("{}\n{\"raw\":\"\"}\n{\"text\":\"\\ud800\"}\n[[[[\nnull\n\"\"\n"))
	f.Add([]byte("\ufeff\n\r\n{\"id\":\"a\"}\r{\"id\":\"b\"}\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var out, failures bytes.Buffer
		config := Config{Extractor: echo{}, In: Standard, Out: Standard, Stdin: bytes.NewReader(text), Stdout: &out, Stderr: &failures}
		summary, err := Run(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		got := bytes.Count(out.Bytes(), []byte("\n")) + bytes.Count(failures.Bytes(), []byte("\n"))
		if got != want || int64(got) != summary.Articles {
			t.Errorf("%d lines in both, summary %+v, want %d", got, summary, want)
		}
	})
}

// eager answers each article before it pulls the next, as the client may.
type eager struct{ echo }

func (eager) Stream(ctx context.Context, articles iter.Seq[*depechev1.Article], options ...client.StreamOption) iter.Seq2[client.Result, error] {
	return func(yield func(client.Result, error) bool) {
		c, stop := dial()
		defer stop()
		c.Stream(ctx, articles, options...)(yield)
	}
}

// dial is the real client of a server in this process.
func dial() (c *client.Client, stop func()) {
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer()
	depechev1.RegisterExtractionServiceServer(server, namer{})
	go server.Serve(listener)
	c, err := client.Dial("passthrough:///test", client.WithInsecure(), client.WithDialOptions(
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithDisableHealthCheck(),
	))
	if err != nil {
		panic(err)
	}
	return c, func() {
		c.Close()
		server.Stop()
	}
}

// namer replies over a connection.
type namer struct {
	depechev1.UnimplementedExtractionServiceServer
}

func (namer) DescribeEngine(context.Context, *depechev1.DescribeEngineRequest) (*depechev1.DescribeEngineResponse, error) {
	return &depechev1.DescribeEngineResponse{}, nil
}

func (namer) StreamEvents(stream grpc.BidiStreamingServer[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse]) error {
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		response := &depechev1.StreamEventsResponse{}
		for _, numbered := range request.GetBatch().GetArticles() {
			outcome := &depechev1.Outcome{Sequence: numbered.GetSequence()}
			if extraction, err := reply(numbered.GetArticle()); err != nil {
				outcome.Result = &depechev1.Outcome_Error{Error: status.Convert(err).Proto()}
			} else {
				outcome.Result = &depechev1.Outcome_Extraction{Extraction: extraction}
			}
			response.Outcomes = append(response.Outcomes, outcome)
		}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
}

package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/depeche-events/depeche/worker/embedded"
)

// runWorker runs `depeche worker` until stop is called, and returns what it
// serves at which address.
func runWorker(t *testing.T, args ...string) (addresses map[string]string, stop func() exitCode) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	logs, log := io.Pipe()
	ended := make(chan exitCode, 1)
	go func() {
		ended <- run(ctx, append([]string{"worker"}, args...), console{nil, io.Discard, log}, engine)
		log.Close()
	}()
	working := make(chan map[string]string, 1)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		found := map[string]string{}
		for lines := json.NewDecoder(logs); ; {
			var entry struct{ Msg, What, Address string }
			if lines.Decode(&entry) != nil {
				io.Copy(io.Discard, logs)
				return
			}
			switch entry.Msg {
			case "serving":
				found[entry.What] = entry.Address
			case "working":
				working <- found
			}
		}
	}()
	stop = func() exitCode {
		cancel()
		defer func() { <-drained }()
		select {
		case code := <-ended:
			return code
		case <-time.After(serveTimeout):
			t.Error("worker does not end")
			return exitFault
		}
	}
	select {
	case found := <-working:
		return found, stop
	case <-time.After(serveTimeout):
		t.Fatal("worker does not start")
	}
	panic("unreachable")
}

// One process with its own NATS server gives the answer that `extract` gives,
// says how it is, and ends well.
func TestWorker(t *testing.T) {
	file := write(t, t.TempDir(), "1", sentence)
	want := depeche(t, nil, "extract", "--format", "jsonl", file).out

	at, stop := runWorker(t, "--embedded", t.TempDir(), "--embedded-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	conn, err := nats.Connect(at["nats"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]string{"id": file, "text": sentence})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), serveTimeout)
	defer cancel()
	if _, err := js.Publish(ctx, "depeche.articles", data); err != nil {
		t.Fatal(err)
	}
	answers, err := js.OrderedConsumer(ctx, "DEPECHE_EXTRACTIONS", jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := answers.Next(jetstream.FetchContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(answer.Data()) + "\n"; got != want {
		t.Errorf("the worker answers\n%s, extract\n%s", got, want)
	}

	for path, want := range map[string]string{"/healthz": "alive\n", "/readyz": "ready\n"} {
		if got := get(t, "http://"+at["admin"]+path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	// The article is counted when it is acknowledged, which comes after its answer.
	const counted = `depeche_worker_articles_total{outcome="answered",reason="OK"} 1`
	for got := ""; !strings.Contains(got, counted); got = get(t, "http://"+at["admin"]+"/metrics") {
		if ctx.Err() != nil {
			t.Fatalf("/metrics: %q, want %q", got, counted)
		}
	}
	if code := stop(); code != exitOK {
		t.Errorf("status %d", code)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := http.Client{Timeout: serveTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestWorkerCannotStart(t *testing.T) {
	broker, err := embedded.Start(embedded.Config{StoreDir: t.TempDir(), Listen: "127.0.0.1:0", Logger: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	for _, tt := range []struct {
		name string
		args []string
		code exitCode
		err  string
	}{
		{"no server", []string{"--nats", "nats://127.0.0.1:1"}, exitUnreachable, "no NATS server answers"},
		{"no such host", []string{"--nats", "nats://nobody.invalid:4222"}, exitUnreachable, "no NATS server answers"},
		{"no URL", []string{"--nats", "nats://desk:secret@:port"}, exitUsage, `nats has ":port": want nats://host:port`},
		{"no credentials", []string{"--nats-creds", "none.creds"}, exitUsage, "nats-creds cannot be read: open "},
		{"no authorities", []string{"--nats-ca", "none.pem"}, exitUsage, "nats-ca cannot be read: open "},
		{"no stream", []string{"--nats", broker.ClientURL()}, exitUsage, "there is no stream DEPECHE_ARTICLES: make it"},
		{"a loop", []string{"--subject", "depeche.>"}, exitUsage, "answers-subject is depeche.extractions"},
		{"options that nothing passes", []string{"--min-confidence", "2"}, exitUsage, "--min-confidence: "},
		{"embedded for other machines", []string{"--embedded", t.TempDir(), "--embedded-listen", "0.0.0.0:4222"}, exitUsage, "no address of the loopback"},
		{"a port in use", []string{"--nats", broker.ClientURL(), "--admin", broker.Addr().String()}, exitFault, "--admin: "},
		{"an embedded port in use", []string{"--embedded", t.TempDir(), "--embedded-listen", broker.Addr().String()}, exitFault, "--embedded: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := depeche(t, nil, append([]string{"worker", "--log-level", "error"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.err, tt.err) {
				t.Errorf("status %d, want %d with %q; said:\n%s", got.code, tt.code, tt.err, got.err)
			}
		})
	}
}

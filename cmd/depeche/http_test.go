package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/server"
)

// serveHTTP runs a server with an HTTP port until the test ends.
func serveHTTP(t *testing.T) (address string) {
	t.Helper()
	engine, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	config := server.Config{Engine: engine}
	config.SetDefaults()
	config.Listen, config.HTTP, config.DrainDelay = "127.0.0.1:0", "127.0.0.1:0", 0
	srv, err := config.Complete(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return srv.HTTPAddr().String()
}

// The commands of docs/http.md work as they stand there, and answer what stands
// below them.
func TestHTTPDocs(t *testing.T) {
	for _, program := range []string{"bash", "curl", "base64"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("NOT CHECKED: the examples need %s", program)
		}
	}
	text, err := os.ReadFile("../../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	address := serveHTTP(t)
	run := 0
	for _, part := range strings.Split(string(text), "```sh\n")[1:] {
		script, rest, _ := strings.Cut(part, "```\n")
		if !strings.Contains(script, "curl") {
			continue
		}
		run++
		rest, shown := strings.CutPrefix(rest, "\n```json\n")
		if !shown {
			t.Errorf("nothing is shown of the answer to\n%s", script)
			continue
		}
		want, _, _ := strings.Cut(rest, "```\n")
		command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.ReplaceAll(script, "localhost:8080", address))
		command.Dir, command.Stderr = "../..", os.Stderr
		out, err := command.Output()
		if err != nil {
			t.Errorf("%v:\n%s\n%s", err, script, out)
			continue
		}
		at := 0
		for _, piece := range strings.FieldsFunc(want, func(r rune) bool { return r == '…' || r == '\n' }) {
			found := strings.Index(string(out)[at:], piece)
			if found < 0 {
				t.Errorf("the answer to\n%s\nhas no\n%s\nin its place:\n%.2000s", script, piece, out)
				break
			}
			at += found + len(piece)
		}
	}
	if run < 6 {
		t.Errorf("only %d commands were run", run)
	}
}

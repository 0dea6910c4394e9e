package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

// An unreachable server ends the command at once, with a status of its own.
func TestUnreachable(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "a.txt", sentence)
	const nobody = "127.0.0.1:1"
	tests := []struct {
		name string
		args []string
		code exitCode
		err  string
	}{
		{"extract", []string{"extract", "--server", nobody, file, file}, exitUnreachable, "a.txt: the server cannot be reached: dial tcp 127.0.0.1:1"},
		{"stream", []string{"stream", "--server", nobody, "--in", file, "--out", filepath.Join(dir, "out.jsonl")}, exitUnreachable, "no server answers at " + nobody + ": dial tcp 127.0.0.1:1: "},
		{"healthcheck", []string{"healthcheck", "--server", nobody}, exitIncomplete, nobody + ": dial tcp 127.0.0.1:1"},
		{"healthcheck of a list", []string{"healthcheck", "--server", nobody + "," + nobody}, exitUsage, "--server: is a list"},
		{"malformed address", []string{"extract", "--server", "a:1,b", file}, exitUsage, "--server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := depeche(t, nil, tt.args...)
			if got.code != tt.code || !strings.Contains(got.err, tt.err) || got.out != "" {
				t.Errorf("got %+v, want status %d and %q", got, tt.code, tt.err)
			}
		})
	}
}

// An engine that cannot be loaded ends every command that needs one.
func TestEngineFault(t *testing.T) {
	broken := func(engineFlags) (server.Engine, error) { return nil, os.ErrInvalid }
	for _, args := range [][]string{{"extract", "-"}, {"serve"}, {"ontology"}, {"version"}} {
		got := depecheWith(t, broken, strings.NewReader(sentence), args...)
		if got.code != exitFault || !strings.Contains(got.err, os.ErrInvalid.Error()) {
			t.Errorf("%v: got %+v", args, got)
		}
	}
}

// What cannot be printed is not passed over.
func TestOutputFault(t *testing.T) {
	for _, args := range [][]string{{"extract", "-"}, {"extract", "--format", "json", "-"}, {"extract", "--format", "jsonl", "-"}, {"ontology"}, {"version"}} {
		var err bytes.Buffer
		code := run(t.Context(), args, console{strings.NewReader(sentence), fullDisk{}, &err}, engine)
		if code != exitFault || !strings.Contains(err.String(), "disk full") {
			t.Errorf("%v: got %d, %s", args, code, err.String())
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "out", Err: errDiskFull}
}

var errDiskFull = diskFull("disk full")

type diskFull string

func (d diskFull) Error() string { return string(d) }

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, err bytes.Buffer
	code := run(ctx, []string{"extract", "-"}, console{strings.NewReader(sentence), &out, &err}, engine)
	if code != exitInterrupted || out.Len() > 0 {
		t.Errorf("got %d, %s%s", code, out.String(), err.String())
	}
}

func TestOntology(t *testing.T) {
	text := depeche(t, nil, "ontology")
	if text.code != exitOK || !strings.Contains(text.out, "ARMED_CLASH ") || strings.Contains(text.out, "EVENT_TYPE_") {
		t.Errorf("got %+v", text)
	}
	asJSON := depeche(t, nil, "ontology", "--format", "json")
	d := new(depechev1.DescribeOntologyResponse)
	if err := protojson.Unmarshal([]byte(asJSON.out), d); err != nil || len(d.GetTypes()) == 0 {
		t.Errorf("got %+v: %v", asJSON, err)
	}
}

func TestVersion(t *testing.T) {
	got := depeche(t, nil, "version")
	for _, want := range []string{"engine ", "model ", "lexicon ", "gazetteer ", "ontology ", "languages  fr", "go         go1."} {
		if !strings.Contains(got.out, want) {
			t.Errorf("lacks %q: %s", want, got.out)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"extract", "--help"}, {"serve", "--help"}, {"stream", "--help"}, {"ontology", "--help"}, {"healthcheck", "--help"}, {"version", "--help"}} {
		got := depeche(t, nil, args...)
		if got.code != exitOK || got.err != "" || !strings.HasPrefix(got.out, "Usage: depeche") {
			t.Errorf("%v: got %+v", args, got)
		}
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protojson"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// loaded is the engine, loaded once for all tests.
var loaded = sync.OnceValues(func() (server.Engine, error) {
	return loadEngine(builtIn())
})

func engine(engineFlags) (server.Engine, error) { return loaded() }

// outcome is what a command line did.
type outcome struct {
	code     exitCode
	out, err string
}

// depeche runs a command line.
func depeche(t *testing.T, stdin io.Reader, args ...string) outcome {
	t.Helper()
	return depecheWith(t, engine, stdin, args...)
}

func depecheWith(t *testing.T, load engineLoader, stdin io.Reader, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, console{stdin, &out, &err}, load)
	return outcome{code, out.String(), err.String()}
}

// serveTimeout is how long a server may take to start or to end.
const serveTimeout = 30 * time.Second

// serve runs `depeche serve` on a port of the loopback until the test ends, and
// returns its address.
func serve(t *testing.T, load engineLoader, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	logs, log := io.Pipe()
	ended := make(chan exitCode, 1)
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--drain-delay", "0s"}, args...)
	go func() {
		ended <- run(ctx, args, console{nil, io.Discard, log}, load)
		log.Close()
	}()
	address := make(chan string, 1)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		defer close(address)
		for lines := json.NewDecoder(logs); ; {
			var entry struct{ Msg, Address string }
			if lines.Decode(&entry) != nil {
				io.Copy(io.Discard, logs)
				return
			}
			if entry.Msg == "serving" {
				address <- entry.Address
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		select {
		case code := <-ended:
			if code != exitOK {
				t.Errorf("serve ended with %d", code)
			}
		case <-time.After(serveTimeout):
			t.Error("serve does not end")
		}
		<-drained
	})
	select {
	case a := <-address:
		return a
	case <-time.After(serveTimeout):
		t.Fatal("serve does not start")
	}
	panic("unreachable")
}

// write puts a file into dir and returns its path.
func write(t *testing.T, dir, name, data string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const sentence = "L'armée malienne a repris dimanche la ville de Ménaka aux jihadistes, a annoncé le ministère de la Défense. "

func parse(t *testing.T, text string) *depechev1.Extraction {
	t.Helper()
	x := new(depechev1.Extraction)
	if err := protojson.Unmarshal([]byte(text), x); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return x
}

//go:build survival

package endtoend

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/depeche-events/depeche/client"
	"google.golang.org/grpc"
)

const (
	survivalBound = 10 * time.Minute
	// What the server promises after SIGTERM: its delay, its drain bound, and a
	// second for the workers.
	drainDelay, drainBound = 100 * time.Millisecond, 20 * time.Second
	exitBound              = drainDelay + drainBound + time.Second
)

// process runs the program at one address, again and again.
type process struct {
	program, address string
	command          *exec.Cmd
	said             *bytes.Buffer
}

// start returns when the server answers.
func (p *process) start(ctx context.Context, t *testing.T) {
	p.said = new(bytes.Buffer)
	p.command = exec.CommandContext(ctx, p.program, "serve", "--listen", p.address,
		"--drain-delay", drainDelay.String(), "--drain-timeout", drainBound.String())
	p.command.Stderr = p.said
	if err := p.command.Start(); err != nil {
		t.Error(err)
		return
	}
	c, err := client.Dial(p.address, client.WithInsecure(),
		client.WithDialOptions(grpc.WithDefaultCallOptions(grpc.WaitForReady(true))))
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	if _, err := c.DescribeEngine(ctx); err != nil {
		t.Errorf("server at %s does not start: %v\n%s", p.address, err, p.said)
	}
}

// terminate sends SIGTERM and expects a clean end in time.
func (p *process) terminate(t *testing.T) {
	start := time.Now()
	p.command.Process.Signal(syscall.SIGTERM)
	if err := p.command.Wait(); err != nil {
		t.Errorf("server at %s after SIGTERM: %v\n%s", p.address, err, p.said)
	}
	if took := time.Since(start); took > exitBound {
		t.Errorf("server at %s took %v to end, its bound is %v", p.address, took, exitBound)
	}
}

func (p *process) kill() {
	p.command.Process.Kill()
	p.command.Wait() // killed: no exit code to look at
}

// Eight streams of a thousand articles to two processes. In each round one gets
// SIGTERM or SIGKILL, in turn, and a new one takes its place: what is answered
// is what was sent, and SIGTERM ends with exit code 0 within its bound.
func TestSurvival(t *testing.T) {
	const streams, articles, rounds = 8, 1000, 30
	ctx, cancel := context.WithTimeout(t.Context(), survivalBound)
	defer cancel()
	program := filepath.Join(t.TempDir(), "depeche")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "../../cmd/depeche")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		t.Fatal(err)
	}
	var processes [2]*process
	for i := range processes {
		processes[i] = &process{program: program, address: freeAddress(t)}
		processes[i].start(ctx, t)
		defer func() { processes[i].terminate(t) }()
	}

	var delivered, drained, killed atomic.Int64
	var replacing sync.Mutex
	replaced := 0
	replace := func() {
		replacing.Lock()
		defer replacing.Unlock()
		p := processes[replaced%2]
		if replaced/2%2 == 0 {
			p.terminate(t)
			drained.Add(1)
		} else {
			p.kill()
			killed.Add(1)
		}
		replaced++
		p.start(ctx, t)
	}
	c, err := client.Dial(processes[0].address+","+processes[1].address, client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	start := time.Now()
	var group sync.WaitGroup
	for stream := range streams {
		group.Go(func() {
			check(t, articles, stream, c.Stream(ctx, corpus(stream, articles)), func() {
				if delivered.Add(1)%(streams*articles/(rounds+1)) == 0 {
					replace()
				}
			})
		})
	}
	group.Wait()
	if replaced < rounds {
		t.Errorf("%d servers replaced, want %d", replaced, rounds)
	}
	t.Logf("%d articles over %d SIGTERM and %d SIGKILL in %v",
		delivered.Load(), drained.Load(), killed.Load(), time.Since(start).Round(time.Millisecond))
}

// freeAddress is one that nobody listens at just now.
func freeAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

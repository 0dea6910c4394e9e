//go:build survival

package endtoend

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/depeche-events/depeche/client"
	"google.golang.org/grpc"
)

const (
	// What the server promises after SIGTERM: its delay, its drain bound, and a
	// second for the workers.
	drainDelay, drainBound = 100 * time.Millisecond, 20 * time.Second
	exitBound              = drainDelay + drainBound + time.Second
)

// build makes the program, for as long as the test runs.
func build(ctx context.Context, t *testing.T) (program string) {
	program = filepath.Join(t.TempDir(), "depeche")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "../../cmd/depeche")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		t.Fatal(err)
	}
	return program
}

// process runs the program at one address, again and again.
type process struct {
	program, address, admin string
	arguments, environment  []string
	command                 *exec.Cmd
	said                    *bytes.Buffer
}

// launch starts the program at a free address, until the test ends.
func launch(ctx context.Context, t *testing.T, program string, environment []string, arguments ...string) *process {
	p := &process{program: program, address: freeAddress(t), admin: freeAddress(t), environment: environment, arguments: arguments}
	p.start(ctx, t)
	t.Cleanup(func() {
		if p.command.ProcessState == nil {
			p.terminate(t)
		}
	})
	return p
}

// start returns when the server answers.
func (p *process) start(ctx context.Context, t *testing.T) {
	p.said = new(bytes.Buffer)
	p.command = exec.Command(p.program, append([]string{"serve", "--listen", p.address, "--admin", p.admin,
		"--drain-delay", drainDelay.String(), "--drain-timeout", drainBound.String(), "--log-level", "warn"}, p.arguments...)...)
	p.command.Env = append(os.Environ(), p.environment...)
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

// memory is what the process holds now, and held at most, in bytes.
func (p *process) memory(t *testing.T) (resident, peak int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); n == 1 {
			resident = kilobytes << 10
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			peak = kilobytes << 10
		}
	}
	return resident, peak
}

// metric is the sum of one of the process's metrics over those of its labels
// that hold the given one, such as `reason="OK"`.
func (p *process) metric(t *testing.T, name, label string) (sum float64) {
	response, err := http.Get("http://" + p.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for scan := bufio.NewScanner(response.Body); scan.Scan(); {
		line := scan.Text()
		if rest, ok := strings.CutPrefix(line, name); ok && (rest[0] == '{' || rest[0] == ' ') && strings.Contains(rest, label) {
			value, err := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += value
		}
	}
	http.DefaultClient.CloseIdleConnections()
	return sum
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

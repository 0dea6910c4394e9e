package bulk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// childDirectory is set in the environment of a process that runs in place of
// the tests, to be killed.
const (
	childDirectory = "BULK_TEST_CHILD"
	childIn        = "BULK_TEST_IN"
	childOut       = "BULK_TEST_OUT"
	childFormat    = "BULK_TEST_FORMAT"
	childServer    = "BULK_TEST_SERVER" // the address of a real one; else the child is its own
)

// child resumes the run in its directory. Before each result it says so and
// waits for leave, so that its parent knows how far it is.
func child() {
	directory := os.Getenv(childDirectory)
	leave := bufio.NewReader(os.Stdin)
	config := Config{
		Extractor: echo{before: func(uint64) error {
			if _, err := os.Stdout.Write([]byte(".")); err != nil {
				return err
			}
			_, err := leave.ReadByte()
			return err
		}},
		In:              filepath.Join(directory, os.Getenv(childIn)),
		Out:             filepath.Join(directory, os.Getenv(childOut)),
		OutFormat:       export.Format(os.Getenv(childFormat)),
		Resume:          true,
		checkpointEvery: 5,
	}
	if address := os.Getenv(childServer); address != "" {
		c, err := client.Dial(address, client.WithInsecure())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		config.Extractor, config.checkpointEvery = c, 0
	}
	if _, err := Run(context.Background(), config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if os.Getenv(childServer) != "" { // who asks how much memory it took
		status, _ := os.ReadFile("/proc/self/status")
		_, _ = os.Stdout.Write(status)
	}
}

// SIGKILL at any moment, as often as it takes: nothing is lost, nothing twice.
func TestKill(t *testing.T) {
	r := newRun(t, 1000)
	r.kill(10)
	r.complete()
}

// The same for every form of input and output: what comes of it is what an
// undisturbed run gives.
func TestKillFormats(t *testing.T) {
	for in, data := range inputs(t, 120) {
		t.Run(in, func(t *testing.T) { killed(t, in, data, "out.acled.csv", export.ACLED) })
	}
	text := inputs(t, 120)["in.jsonl"]
	for out, format := range map[string]export.Format{
		"out.jsonl.gz": export.JSONL, "out.jsonl.zst": export.JSONL, "out.geojson": export.GeoJSON, "out.geojson.gz": export.GeoJSON,
		"out.ucdp.csv": export.UCDP, "out.plover.csv.zst": export.PLOVER, "out.cameo.csv": export.CAMEO, "out.parquet": export.Parquet,
	} {
		t.Run(out, func(t *testing.T) { killed(t, "in.jsonl", text, out, format) })
	}
}

func killed(t *testing.T, in string, data []byte, out string, format export.Format) {
	undisturbed := newRun(t, 0)
	disturbed := newRun(t, 0)
	for _, r := range []*run{undisturbed, disturbed} {
		r.in, r.out = filepath.Join(filepath.Dir(r.in), in), filepath.Join(filepath.Dir(r.in), out)
		r.errors = ErrorsPath(r.out)
		r.write(r.in, string(data))
		r.config.In, r.config.Out, r.config.OutFormat, r.config.Resume = r.in, r.out, format, true
	}
	want, err := Run(t.Context(), undisturbed.config)
	if err != nil {
		t.Fatal(err)
	}
	if want.Extracted < 80 || want.Failed < 5 {
		t.Fatalf("%+v: that tests little", want)
	}
	disturbed.kill(2)
	if a, b := disturbed.unpacked(), undisturbed.unpacked(); a != b {
		t.Errorf("killed and resumed:\n%.3000s\nundisturbed:\n%.3000s", a, b)
	}
	if a, b := disturbed.read(disturbed.errors), undisturbed.read(undisturbed.errors); a != b {
		t.Errorf("failures killed and resumed:\n%.3000s\nundisturbed:\n%.3000s", a, b)
	}
	got, err := Run(t.Context(), disturbed.config) // nothing is left to do
	if err != nil {
		t.Fatal(err)
	}
	want.ThisRun, got.ThisRun = ThisRun{}, ThisRun{}
	want.Input, want.Output = got.Input, got.Output
	if a, b := fmt.Sprint(got), fmt.Sprint(want); a != b {
		t.Errorf("counted\n%s\nwant\n%s", a, b)
	}
}

// kill resumes the run and kills it until it is done, at least so many times.
func (r *run) kill(least int) {
	t := r.t
	t.Helper()
	const most = 100
	kills := 0
	for r.childKilledAfter(10+kills*7%53, kills) {
		if kills++; kills == most {
			t.Fatalf("not done after %d kills", kills)
		}
	}
	t.Logf("killed %d times", kills)
	if kills < least {
		t.Errorf("killed %d times: that tests little", kills)
	}
}

// childKilledAfter runs a child and kills it some results on, with so many more
// results allowed that it is busy when it dies. false: it was done before.
func (r *run) childKilledAfter(results, ahead int) (killed bool) {
	r.t.Helper()
	command := exec.CommandContext(r.t.Context(), os.Args[0])
	command.Env = append(os.Environ(), childDirectory+"="+filepath.Dir(r.in), childIn+"="+filepath.Base(r.in),
		childOut+"="+filepath.Base(r.out), childFormat+"="+string(r.config.OutFormat))
	var faults strings.Builder
	command.Stderr = &faults
	leave, err := command.StdinPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	said, err := command.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		r.t.Fatal(err)
	}
	for range results {
		if _, err := io.ReadFull(said, make([]byte, 1)); err != nil {
			if err := command.Wait(); err != nil {
				r.t.Fatalf("%v: %s", err, faults.String())
			}
			return false
		}
		leave.Write([]byte{'\n'})
	}
	leave.Write(make([]byte, ahead))
	command.Process.Kill()
	command.Wait() // killed: no exit code to look at
	return true
}

// dyingDisk dies at one of its steps, and so does everything after it, as if
// the machine had lost power: a write is torn, what was not synced is gone.
type dyingDisk struct {
	steps  int              // until it dies
	after  bool             // a rename still happens at the last step
	synced map[string]int64 // bytes, by path
	dead   bool
}

var errDead = errors.New("dead")

func (d *dyingDisk) step() (last bool, err error) {
	if d.dead {
		return false, errDead
	}
	d.steps--
	d.dead = d.steps < 0
	return d.dead, nil
}

func (d *dyingDisk) write(file *os.File, data []byte) (int, error) {
	last, err := d.step()
	switch {
	case err != nil:
		return 0, err
	case last:
		n, _ := file.Write(data[:len(data)/2])
		return n, errDead
	}
	return file.Write(data)
}

func (d *dyingDisk) sync(file *os.File) error {
	if last, err := d.step(); err != nil || last {
		return errDead
	}
	info, err := file.Stat()
	if err == nil {
		d.synced[file.Name()] = info.Size()
	}
	return err
}

func (d *dyingDisk) rename(from, to string) error {
	last, err := d.step()
	if err != nil || last && !d.after {
		return errDead
	}
	if err := os.Rename(from, to); err != nil || !last {
		return err
	}
	return errDead
}

// Power lost at every single step of the disk, and once more on resuming.
func TestPowerLoss(t *testing.T) {
	for _, after := range []bool{false, true} {
		deaths := 0
		for died := true; died; {
			r := newRun(t, 60)
			disk := &dyingDisk{after: after, synced: map[string]int64{}}
			r.config.disk, r.config.checkpointEvery, r.config.Resume = disk, 7, true
			die := func(steps int) (died bool) {
				disk.steps, disk.dead = steps, false
				_, err := Run(t.Context(), r.config)
				if died = disk.dead; died {
					if !errors.Is(err, errDead) {
						t.Fatalf("the disk died at step %d, and the run ended with %v", steps, err)
					}
					for path, size := range disk.synced {
						if path == r.out || path == r.errors {
							os.Truncate(path, size) // the file may be gone: it was empty
						}
					}
				} else if err != nil {
					t.Fatal(err)
				}
				return died
			}
			if died = die(deaths); died {
				die(deaths * 5 % 17)
				die(1 << 30)
				deaths++
			}
			r.complete()
			if t.Failed() {
				t.Fatalf("after a death at step %d", deaths)
			}
		}
		t.Logf("died at %d steps", deaths)
		if deaths < 20 {
			t.Errorf("died at %d steps: that tests little", deaths)
		}
	}
}

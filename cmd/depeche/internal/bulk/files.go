package bulk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"time"

	"github.com/depeche-events/depeche/cmd/depeche/internal/corpus"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// output is what a run writes answers to. What is written after the last commit
// may be lost, and is cut off by whoever goes on from there.
type output interface {
	// check says whether all that a commit's mark counts is still there.
	check(mark int64) error
	// begin cuts the output back to a mark. It is called once, before write.
	begin(mark int64) error
	write(done outcome) error
	// commit makes what is written survive a crash of the machine.
	commit() (mark int64, err error)
	// finish makes of what is committed a whole: it ends a list of JSON. What it
	// adds is cut off if the run goes on.
	finish() error
	// durable reports whether the output keeps what is committed: a file does, a
	// pipe does not.
	durable() bool
	close() error
}

// files are what a run writes.
type files struct {
	in     *corpus.Reader
	out    output
	errors *sink

	disk           disk
	checkpointPath string // empty: a run that cannot be resumed keeps none
	every          int
	interval       time.Duration
	saved          time.Time
	unsaved        int  // results
	broken         bool // a write failed: the last checkpoint stands

	state             checkpoint // of what is written
	extracted, failed int64      // by this run
}

// openFiles opens what a run writes, and goes to the place where it goes on.
// Nothing is changed before all is known to fit.
func openFiles(config Config, in *corpus.Reader, engine *depechev1.Versions) (_ *files, err error) {
	f := &files{in: in, disk: config.disk, saved: time.Now()}
	if f.disk == nil {
		f.disk = realDisk{}
	}
	f.every, f.interval = paceOf(config.OutFormat)
	if config.checkpointEvery > 0 {
		f.every = config.checkpointEvery
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	if f.state, err = newCheckpoint(config.settings(in), config.Extract, engine); err != nil {
		return nil, err
	}
	if err := f.open(config); err != nil {
		return nil, err
	}
	if config.Resume {
		if err := f.resume(config, engine); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(f.out.check(f.state.Out), f.errors.check(f.state.Errors)); err != nil {
		return nil, err
	}
	if err := in.Seek(f.state.In); err != nil {
		return nil, err
	}
	if err := errors.Join(f.out.begin(f.state.Out), f.errors.begin(f.state.Errors)); err != nil {
		return nil, err
	}
	// From here on the output is known to be this run's.
	return f, f.checkpoint()
}

// open opens and locks what is written.
func (f *files) open(config Config) (err error) {
	if config.durable() {
		f.checkpointPath = CheckpointPath(config.Out)
	}
	if f.out, err = openOutput(config, &f.state.Counts.Tally, f.disk); err != nil {
		return err
	}
	if f.errors, err = openSink(config.Errors, config.Stderr, plain, f.disk); err != nil {
		return err
	}
	if !f.out.durable() || !f.errors.durable() || !f.in.Seekable() {
		f.checkpointPath = ""
	}
	if config.Resume {
		return nil
	}
	for _, path := range []string{config.Out, config.Errors} {
		if used, err := inUse(path); err != nil {
			return err
		} else if used {
			return usage("%s exists and is not empty: resume the run it is from, or remove it", path)
		}
	}
	return nil
}

// inUse reports whether something is in a file, or in a directory.
func inUse(path string) (bool, error) {
	if path == Standard {
		return false, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case info.IsDir():
		entries, err := os.ReadDir(path)
		return len(entries) > 0, err
	}
	return info.Size() > 0, nil
}

// resume reads how far an earlier run came, and refuses to mix runs.
func (f *files) resume(config Config, engine *depechev1.Versions) error {
	if f.checkpointPath == "" {
		return usage("%s to %s cannot be resumed: give files", config.In, config.Out)
	}
	before, err := readCheckpoint(f.checkpointPath)
	if err != nil {
		return err
	}
	if before == nil {
		if used, err := inUse(config.Out); err != nil || used {
			return errors.Join(err, usage("%s cannot be resumed: there is no %s", config.Out, f.checkpointPath))
		}
		return nil
	}
	options := config.Extract
	if options == nil {
		options = &depechev1.ExtractOptions{}
	}
	if !sameMessage(before.Options, options) {
		return usage("%s was begun with other options: %s", config.Out, before.Options)
	}
	if now := f.state.Settings; !reflect.DeepEqual(before.Settings, now) {
		was, _ := json.Marshal(before.Settings)
		return usage("%s was begun with other formats or columns: %s", config.Out, was)
	}
	if !sameMessage(before.Engine, engine) && config.Stderr != nil {
		fmt.Fprintf(config.Stderr, "%s was begun with another engine, %s; now it is %s: each line names its own\n",
			config.Out, before.Engine, f.state.Engine)
	}
	engineNow := f.state.Engine
	f.state = *before
	f.state.Engine = engineNow
	return nil
}

// write puts a result where it belongs.
func (f *files) write(done outcome) (err error) {
	if done.err != nil {
		err = f.writeFailure(done)
	} else if err = f.out.write(done); err == nil {
		f.extracted++
		f.state.Counts.Extracted++
	}
	if err != nil {
		f.broken = true
		return err
	}
	f.state.In = done.record.End
	f.unsaved++
	if f.unsaved >= f.every || time.Since(f.saved) >= f.interval {
		return f.checkpoint()
	}
	return nil
}

func (f *files) writeFailure(failed outcome) error {
	why, err := newFailure(failed)
	if err != nil {
		return err
	}
	text, err := json.Marshal(why)
	if err == nil {
		err = f.errors.append(append(text, '\n'))
	}
	if err != nil {
		return err
	}
	f.failed++
	f.state.Counts.Failed++
	if f.state.Counts.FailedBy == nil {
		f.state.Counts.FailedBy = map[string]int64{}
	}
	f.state.Counts.FailedBy[why.Code]++
	return nil
}

// checkpoint makes what is written safe, and then says so.
func (f *files) checkpoint() (err error) {
	if f.broken {
		return nil // the last checkpoint stands
	}
	f.broken = true
	if f.state.Out, err = f.out.commit(); err != nil {
		return err
	}
	if f.state.Errors, err = f.errors.commit(); err != nil {
		return err
	}
	if f.checkpointPath != "" {
		if f.state.In, err = f.in.Mark(f.state.In); err != nil {
			return err
		}
		if err := f.state.save(f.checkpointPath, f.disk); err != nil {
			return fmt.Errorf("save the checkpoint: %w", err)
		}
	}
	f.broken = false
	f.saved, f.unsaved = time.Now(), 0
	return nil
}

// finish commits the last results and makes a whole of the output.
func (f *files) finish() error {
	if err := f.checkpoint(); err != nil || f.broken {
		return err
	}
	return f.out.finish()
}

func (f *files) close() error {
	var err error
	if f.out != nil {
		err = f.out.close()
	}
	if f.errors != nil {
		if f.errors.durable() && f.errors.empty() {
			err = errors.Join(err, os.Remove(f.errors.file.Name())) // nothing failed
		}
		err = errors.Join(err, f.errors.close())
	}
	return err
}

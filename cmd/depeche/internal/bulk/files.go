package bulk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/depeche-events/depeche/cmd/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// files are the input and what a run writes.
type files struct {
	lines       *lineReader
	inputSize   int64 // bytes; -1: not known
	inputFile   *os.File
	out, errors *sink

	disk           disk
	checkpointPath string // empty: a run that cannot be resumed keeps none
	every          int
	saved          time.Time
	unsaved        int // results

	state             checkpoint // of what is written
	extracted, failed int64      // by this run
}

// openFiles opens everything a run needs, at the place where it goes on.
func openFiles(ctx context.Context, config Config, engine *depechev1.Versions) (_ *files, err error) {
	f := &files{disk: config.disk, every: config.checkpointEvery, saved: time.Now()}
	if f.disk == nil {
		f.disk = realDisk{}
	}
	if f.every == 0 {
		f.every = defaultCheckpointEvery
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	if f.state, err = newCheckpoint(config.Extract, engine); err != nil {
		return nil, err
	}
	if config.Errors == "" {
		config.Errors = ErrorsPath(config.Out)
	}
	if config.Errors == config.Out && config.Out != Standard {
		return nil, fmt.Errorf("%s cannot take both extractions and failures", config.Out)
	}
	if config.Resume && (config.In == Standard || config.Out == Standard) {
		return nil, errors.New("standard input and output cannot be resumed: give files")
	}
	if config.Out != Standard && config.In != Standard {
		f.checkpointPath = CheckpointPath(config.Out)
	}
	if err := f.resume(config, engine); err != nil {
		return nil, err
	}
	if err := f.openInput(ctx, config); err != nil {
		return nil, err
	}
	if f.out, err = openSink(config.Out, config.Stdout, f.state.OutBytes, f.disk); err != nil {
		return nil, err
	}
	if f.errors, err = openSink(config.Errors, config.Stderr, f.state.ErrorsBytes, f.disk); err != nil {
		return nil, err
	}
	if !f.out.regular || !f.errors.regular {
		f.checkpointPath = ""
	}
	// From here on the output is known to be this run's.
	return f, f.save()
}

// resume reads how far an earlier run came, and refuses to mix runs.
func (f *files) resume(config Config, engine *depechev1.Versions) error {
	if !config.Resume {
		for _, path := range []string{config.Out, config.Errors} {
			if size, err := sizeOf(path); err != nil {
				return err
			} else if size > 0 {
				return fmt.Errorf("%s exists and is not empty: resume the run it is from, or remove it", path)
			}
		}
		return nil
	}
	before, err := readCheckpoint(f.checkpointPath)
	if err != nil {
		return err
	}
	if before == nil {
		if size, err := sizeOf(config.Out); err != nil || size > 0 {
			return errors.Join(err, fmt.Errorf("%s cannot be resumed: there is no %s", config.Out, f.checkpointPath))
		}
		return nil
	}
	options := config.Extract
	if options == nil {
		options = &depechev1.ExtractOptions{}
	}
	if !sameMessage(before.Options, options) {
		return fmt.Errorf("%s was begun with other options: %s", config.Out, before.Options)
	}
	if !sameMessage(before.Engine, engine) && config.Stderr != nil {
		fmt.Fprintf(config.Stderr, "%s was begun with another engine, %s; now it is %s: each line names its own\n",
			config.Out, before.Engine, f.state.Engine)
	}
	f.state = *before
	return nil
}

// sizeOf is 0 for a file that is not there.
func sizeOf(path string) (int64, error) {
	if path == Standard {
		return 0, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *files) openInput(ctx context.Context, config Config) error {
	if config.In == Standard {
		f.inputSize = -1
		f.lines = newLineReader("standard input", interruptible(ctx, config.Stdin), position{}, false)
		return nil
	}
	file, err := os.Open(config.In)
	if err != nil {
		return err
	}
	f.inputFile = file
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a directory", config.In)
	}
	f.inputSize = info.Size()
	if !info.Mode().IsRegular() {
		if config.Resume {
			return fmt.Errorf("%s is not a regular file and cannot be resumed", config.In)
		}
		f.inputSize, f.checkpointPath = -1, ""
	}
	at := position{number: f.state.Line, end: f.state.Offset}
	midLine, err := f.findPlace(config)
	if err != nil {
		return err
	}
	f.lines = newLineReader(config.In, file, at, midLine)
	return nil
}

// findPlace goes to the place in the input that the checkpoint names, if it is
// the same input. midLine: the line before the place has no ending.
func (f *files) findPlace(config Config) (midLine bool, err error) {
	offset := f.state.Offset
	if offset == 0 {
		return false, nil
	}
	if offset > f.inputSize {
		return false, fmt.Errorf("%s is not the file that %s was made from: it is shorter", config.In, config.Out)
	}
	digest, err := digestBefore(f.inputFile, offset)
	if err != nil {
		return false, err
	}
	if digest != f.state.InputDigest {
		return false, fmt.Errorf("%s is not the file that %s was made from: it differs before line %d", config.In, config.Out, f.state.Line+1)
	}
	var last [1]byte
	if _, err := f.inputFile.ReadAt(last[:], offset-1); err != nil {
		return false, err
	}
	_, err = f.inputFile.Seek(offset, io.SeekStart)
	return last[0] != '\n', err
}

// interruptible reads until ctx is done, also where the source has nothing to
// give: a terminal, or a pipe that nobody writes to.
func interruptible(ctx context.Context, source io.Reader) io.Reader {
	reader, writer := io.Pipe()
	go func() { // ends with the source or the process
		_, err := io.Copy(writer, source)
		writer.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { reader.CloseWithError(context.Cause(ctx)) })
	return reader
}

// write puts a result into the file it belongs to.
func (f *files) write(done outcome) error {
	if done.err != nil {
		text, err := marshalFailure(done)
		if err == nil {
			err = f.errors.writeLine(text)
		}
		if err != nil {
			return err
		}
		f.failed++
		f.state.Failed++
	} else {
		text, err := stablejson.Line(done.extraction)
		if err == nil {
			err = f.out.writeLine(text)
		}
		if err != nil {
			return err
		}
		f.extracted++
		f.state.Extracted++
	}
	f.state.Line, f.state.Offset = done.line.number, done.line.end
	f.unsaved++
	if f.unsaved >= f.every || time.Since(f.saved) >= checkpointInterval {
		return f.checkpoint()
	}
	return nil
}

// checkpoint makes what is written safe, and then says so.
func (f *files) checkpoint() error {
	if f.out.failed || f.errors.failed {
		return nil // the last checkpoint stands
	}
	if err := errors.Join(f.out.commit(), f.errors.commit()); err != nil {
		return err
	}
	return f.save()
}

func (f *files) save() error {
	if f.checkpointPath == "" {
		return nil
	}
	var err error
	if f.state.InputDigest, err = digestBefore(f.inputFile, f.state.Offset); err != nil {
		return err
	}
	f.state.OutBytes, f.state.ErrorsBytes = f.out.size, f.errors.size
	if err := f.state.save(f.checkpointPath, f.disk); err != nil {
		return fmt.Errorf("save the checkpoint: %w", err)
	}
	f.saved, f.unsaved = time.Now(), 0
	return nil
}

func (f *files) close() error {
	err := errors.Join(f.out.close(), f.errors.close())
	if f.inputFile != nil {
		err = errors.Join(err, f.inputFile.Close())
	}
	if f.errors != nil && f.errors.regular && f.errors.size == 0 {
		err = errors.Join(err, os.Remove(f.errors.file.Name())) // nothing failed
	}
	return err
}

// sink is a file that lines are appended to.
type sink struct {
	disk    disk
	file    *os.File // nil: a standard stream
	regular bool     // a file of the disk, not a pipe or a device
	buffer  *bufio.Writer
	size    int64 // bytes, with what is buffered
	failed  bool
}

// openSink opens path and cuts it to the length that is known to be good.
func openSink(path string, standard io.Writer, length int64, disk disk) (*sink, error) {
	if path == Standard {
		if standard == nil {
			standard = io.Discard
		}
		return &sink{buffer: bufio.NewWriter(standard)}, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	s := &sink{disk: disk, file: file, size: length}
	if err := s.cut(length); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	s.buffer = bufio.NewWriterSize(s, 64<<10)
	return s, nil
}

func (s *sink) cut(length int64) error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	if s.regular = info.Mode().IsRegular(); !s.regular {
		return nil // no length to cut to
	}
	if info.Size() < length {
		return fmt.Errorf("%s has %d bytes, its checkpoint says %d: it was changed", s.file.Name(), info.Size(), length)
	}
	if err := s.file.Truncate(length); err != nil {
		return err
	}
	_, err = s.file.Seek(length, io.SeekStart)
	return err
}

// Write is the buffer's way to the file.
func (s *sink) Write(data []byte) (int, error) { return s.disk.write(s.file, data) }

func (s *sink) writeLine(text []byte) error {
	_, err := s.buffer.Write(append(text, '\n'))
	s.size += int64(len(text)) + 1
	if err == nil && s.file == nil {
		err = s.buffer.Flush() // somebody is reading
	}
	s.failed = s.failed || err != nil
	return err
}

// commit makes what is written survive a crash of the machine.
func (s *sink) commit() error {
	err := s.buffer.Flush()
	if err == nil && s.regular {
		err = s.disk.sync(s.file)
	}
	s.failed = s.failed || err != nil
	return err
}

func (s *sink) close() error {
	if s == nil || s.file == nil {
		return nil
	}
	return s.file.Close()
}

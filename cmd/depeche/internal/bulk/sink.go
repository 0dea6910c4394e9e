package bulk

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compression is how a sink's bytes are compressed.
type compression int

const (
	plain compression = iota
	gzipped
	zstandard
)

// compressionOf tells it from a file's name.
func compressionOf(path string) compression {
	name := strings.ToLower(path)
	switch {
	case strings.HasSuffix(name, ".gz"):
		return gzipped
	case strings.HasSuffix(name, ".zst"), strings.HasSuffix(name, ".zstd"):
		return zstandard
	}
	return plain
}

// compressor is a gzip or zstd writer: after Close and Reset it writes another
// member or frame, which readers take for the same text.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// sink is a file that text is appended to. A compressed one is a member or frame
// for each commit, so that it can be cut at commits as a plain one can.
type sink struct {
	disk    disk
	file    *os.File // nil: a standard stream
	regular bool     // a file of the disk, not a pipe or a device
	to      *bufio.Writer
	packed  compressor // nil: plain
	within  bool       // a member or frame is begun
	size    int64      // bytes that went to the file
}

// openSink opens and locks path.
func openSink(path string, standard io.Writer, how compression, disk disk) (*sink, error) {
	if path == Standard {
		if standard == nil {
			standard = io.Discard
		}
		s := &sink{}
		s.to = bufio.NewWriter(&tracked{standard, &s.size})
		return s, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	s := &sink{disk: disk, file: file}
	if err := s.prepare(how); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func (s *sink) prepare(how compression) error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	if s.regular = info.Mode().IsRegular(); s.regular {
		if err := lock(s.file); err != nil {
			return err
		}
	}
	s.to = bufio.NewWriterSize(&tracked{diskWriter{s.disk, s.file}, &s.size}, 64<<10)
	switch how {
	case gzipped:
		s.packed = gzip.NewWriter(s.to)
	case zstandard:
		s.packed, err = zstd.NewWriter(s.to, zstd.WithEncoderConcurrency(1))
	}
	return err
}

func (s *sink) check(length int64) error {
	if !s.regular {
		return nil
	}
	info, err := s.file.Stat()
	if err == nil && info.Size() < length {
		err = usage("%s has %d bytes, its checkpoint says %d: it was changed", s.file.Name(), info.Size(), length)
	}
	return err
}

func (s *sink) begin(length int64) error {
	if !s.regular {
		return nil // no length to cut to
	}
	s.size = length
	if err := s.file.Truncate(length); err != nil {
		return err
	}
	_, err := s.file.Seek(length, io.SeekStart)
	return err
}

// append writes text, to whoever is reading at once.
func (s *sink) append(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if s.packed == nil {
		_, err := s.to.Write(text)
		if err == nil && s.file == nil {
			err = s.to.Flush()
		}
		return err
	}
	if !s.within {
		s.packed.Reset(s.to)
		s.within = true
	}
	_, err := s.packed.Write(text)
	return err
}

// commit makes what is written survive a crash of the machine, and returns how
// many bytes it is.
func (s *sink) commit() (int64, error) {
	if s.within {
		s.within = false
		if err := s.packed.Close(); err != nil {
			return 0, err
		}
	}
	err := s.to.Flush()
	if err == nil && s.regular {
		err = s.disk.sync(s.file)
	}
	return s.size, err
}

func (s *sink) durable() bool { return s.regular }

// empty reports whether nothing was ever written.
func (s *sink) empty() bool {
	info, err := s.file.Stat()
	return err == nil && info.Size() == 0
}

func (s *sink) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close() // and so unlock
}

// diskWriter is a file's way through the disk.
type diskWriter struct {
	disk disk
	file *os.File
}

func (w diskWriter) Write(data []byte) (int, error) { return w.disk.write(w.file, data) }

// tracked counts what is written.
type tracked struct {
	io.Writer
	n *int64
}

func (t *tracked) Write(data []byte) (int, error) {
	n, err := t.Writer.Write(data)
	*t.n += int64(n)
	return n, err
}

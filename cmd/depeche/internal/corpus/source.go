package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// sourceBuffer is how much is read of a file at once, in bytes.
const sourceBuffer = 256 << 10

// compression is how a text is compressed.
type compression string

const (
	plain     compression = ""
	gzipped   compression = "gzip"
	zstandard compression = "zstd"
)

// compressionOf tells a compression by its first bytes.
func compressionOf(head []byte) compression {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzipped
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return zstandard
	case len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18}):
		return zstandard // begins with a skippable frame
	}
	return plain
}

// agrees holds a file's name against its bytes. Only what claims to be
// compressed and is not is at fault: a name without an ending claims nothing.
func agrees(path string, is compression, size int) error {
	name := strings.ToLower(path)
	claimed := plain
	switch {
	case strings.HasSuffix(name, ".gz"):
		claimed = gzipped
	case strings.HasSuffix(name, ".zst"), strings.HasSuffix(name, ".zstd"):
		claimed = zstandard
	}
	if claimed != plain && is != claimed && size > 0 {
		return usage("%s does not begin as %s does", path, claimed)
	}
	return nil
}

// source is the text of a file, or of a stream that is read once.
type source struct {
	name     string
	method   compression
	file     *os.File // nil: a stream
	size     int64    // of the file
	stream   *bufio.Reader
	consumed *atomic.Int64 // bytes as they are in the file
	closer   func()        // of the decompressor
}

// head is the first bytes, which stay to be read.
func (s *source) head() ([]byte, error) {
	const enough = 4
	if s.file == nil {
		head, err := s.stream.Peek(enough)
		if err == io.EOF {
			err = nil
		}
		return head, err
	}
	head := make([]byte, enough)
	n, err := s.file.ReadAt(head, 0)
	if err == io.EOF {
		err = nil
	}
	return head[:n], err
}

// text reads decompressed bytes from the beginning. A stream can be read from
// there only once.
func (s *source) text() (io.Reader, error) {
	s.close()
	var raw io.Reader = s.stream
	if s.file != nil {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		raw = s.file
	}
	s.consumed.Store(0)
	raw = &counted{raw, s.consumed}
	switch s.method {
	case gzipped:
		reader, err := gzip.NewReader(bufio.NewReaderSize(raw, sourceBuffer))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", s.name, err)
		}
		return reader, nil
	case zstandard:
		// One goroutine, and never more memory than a sane file asks for.
		reader, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", s.name, err)
		}
		s.closer = reader.Close
		return reader, nil
	}
	return raw, nil
}

// maxWindow is the largest zstd window that is read, in bytes: that of
// `zstd --ultra`. A file made with --long=28 and above is refused.
const maxWindow = 128 << 20

// textAt reads decompressed bytes from a place, and reports whether the line
// before it has no ending. The place must be in this text.
func (s *source) textAt(at Position) (_ io.Reader, midLine bool, err error) {
	if s.method == plain {
		return s.plainAt(at)
	}
	reader, err := s.text()
	if err != nil {
		return nil, false, err
	}
	skipped := &digester{}
	n, err := io.CopyN(skipped, reader, at.Offset)
	if errors.Is(err, io.EOF) && n < at.Offset {
		return nil, false, s.differs("it is shorter")
	}
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", s.name, err)
	}
	if skipped.sum != at.Digest {
		return nil, false, s.differs("it differs before line %d", at.Line+1)
	}
	return reader, skipped.last != '\n', nil
}

func (s *source) plainAt(at Position) (_ io.Reader, midLine bool, err error) {
	if at.Offset > s.size {
		return nil, false, s.differs("it is shorter")
	}
	digest, err := s.digestBefore(at.Offset)
	if err != nil {
		return nil, false, err
	}
	if digest != at.Digest {
		return nil, false, s.differs("it differs before line %d", at.Line+1)
	}
	var last [1]byte
	if _, err := s.file.ReadAt(last[:], at.Offset-1); err != nil {
		return nil, false, err
	}
	_, err = s.file.Seek(at.Offset, io.SeekStart)
	s.consumed.Store(at.Offset)
	return &counted{s.file, s.consumed}, last[0] != '\n', err
}

// mark completes a place in this text with a digest.
func (s *source) mark(at Position) (_ Position, err error) {
	if s.method == plain {
		at.Digest, err = s.digestBefore(at.Offset)
	}
	return at, err
}

func (s *source) differs(format string, args ...any) error {
	return usage("%s is not the file that the run was begun with: "+format, append([]any{s.name}, args...)...)
}

func (s *source) close() {
	if s.closer != nil {
		s.closer()
		s.closer = nil
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// digestWindow is how much of a plain file before an offset is looked at to tell
// that it is still the same file: a big one need not be read again.
const digestWindow = 64 << 10

func (s *source) digestBefore(offset int64) (uint32, error) {
	begin := max(0, offset-digestWindow)
	window := make([]byte, offset-begin)
	if _, err := s.file.ReadAt(window, begin); err != nil {
		return 0, err
	}
	return crc32.Checksum(window, castagnoli), nil
}

// digester is a checksum of all that is written to it.
type digester struct {
	sum  uint32
	last byte
}

func (d *digester) Write(data []byte) (int, error) {
	if len(data) > 0 {
		d.sum = crc32.Update(d.sum, castagnoli, data)
		d.last = data[len(data)-1]
	}
	return len(data), nil
}

// counted counts what is read.
type counted struct {
	io.Reader
	n *atomic.Int64
}

func (c *counted) Read(data []byte) (int, error) {
	n, err := c.Reader.Read(data)
	c.n.Add(int64(n))
	return n, err
}

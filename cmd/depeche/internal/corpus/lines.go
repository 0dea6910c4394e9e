package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// MaxRecord is the longest line or row that is read, in bytes: an article of a
// whole message with every byte escaped. A longer one is no article.
const MaxRecord = 64 << 20

// line is a line of the text, with its ending.
type line struct {
	end     Position // of the text up to the line's end
	text    []byte   // valid until the next line is read
	tooLong bool     // longer than MaxRecord: text is cut short
}

// lineReader reads lines of any length and counts them.
type lineReader struct {
	name    string
	source  *bufio.Reader
	at      Position
	midLine bool // the line at.Line has no ending yet: it was the text's last
	digest  bool // keep a checksum of all that is read
	buffer  []byte
}

func newLineReader(name string, source io.Reader, at Position, midLine, digest bool) *lineReader {
	return &lineReader{name: name, source: bufio.NewReaderSize(source, sourceBuffer), at: at, midLine: midLine, digest: digest}
}

// next returns the next line, which holds at least a byte, or io.EOF.
func (r *lineReader) next() (line, error) {
	r.buffer = r.buffer[:0]
	var (
		size    int64
		tooLong bool
		err     error
	)
	for {
		var part []byte
		part, err = r.source.ReadSlice('\n')
		size += int64(len(part))
		if r.digest {
			r.at.Digest = crc32.Update(r.at.Digest, castagnoli, part)
		}
		if room := MaxRecord - len(r.buffer); len(part) > room {
			part, tooLong = part[:room], true
		}
		r.buffer = append(r.buffer, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
	}
	if err != nil && err != io.EOF {
		return line{}, fmt.Errorf("read %s after line %d: %w", r.name, r.at.Line, err)
	}
	if size == 0 {
		return line{}, io.EOF
	}
	if !r.midLine {
		r.at.Line++
	}
	if r.at.Offset == 0 {
		r.buffer = bytes.TrimPrefix(r.buffer, []byte("\ufeff"))
	}
	r.at.Offset += size
	r.midLine = false
	return line{end: r.at, text: r.buffer, tooLong: tooLong}, nil
}

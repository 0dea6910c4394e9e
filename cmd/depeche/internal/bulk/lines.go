package bulk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest line that is read, in bytes: an article of a whole
// message with every byte escaped. A longer one is no article.
const maxLine = 64 << 20

// position is where a line of the input ends.
type position struct {
	number int64 // of the line, from 1
	end    int64 // offset of the byte after it
}

// line is a line of the input that is not blank.
type line struct {
	position
	text    []byte // without its ending; valid until the next line is read
	tooLong bool   // longer than maxLine: text is cut short
}

// lineReader reads lines of any length and counts them.
type lineReader struct {
	name    string
	source  *bufio.Reader
	at      position
	midLine bool // the line at.number has no ending yet: it was the input's last
	buffer  []byte
}

func newLineReader(name string, source io.Reader, at position, midLine bool) *lineReader {
	return &lineReader{name: name, source: bufio.NewReaderSize(source, 256<<10), at: at, midLine: midLine}
}

// next returns the next line that is not blank, or io.EOF.
func (r *lineReader) next() (line, error) {
	for {
		text, tooLong, err := r.read()
		if err != nil && (err != io.EOF || len(text) == 0) {
			return line{}, err
		}
		if r.at.number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			return line{position: r.at, text: text, tooLong: tooLong}, nil
		}
	}
}

// read returns a line with its ending.
func (r *lineReader) read() (text []byte, tooLong bool, err error) {
	r.buffer = r.buffer[:0]
	var size int64
	for {
		var part []byte
		part, err = r.source.ReadSlice('\n')
		size += int64(len(part))
		if room := maxLine - len(r.buffer); len(part) > room {
			part, tooLong = part[:room], true
		}
		r.buffer = append(r.buffer, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
	}
	if err != nil && err != io.EOF {
		return nil, false, fmt.Errorf("read %s after line %d: %w", r.name, r.at.number, err)
	}
	if size > 0 && !r.midLine {
		r.at.number++
	}
	r.at.end += size
	r.midLine = false
	return r.buffer, tooLong, err
}

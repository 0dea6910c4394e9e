package corpus

import (
	"bytes"
	"regexp"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// jsonRecords are lines of protojson.
type jsonRecords struct {
	source *source
	lines  *lineReader
}

func newJSONL(from *source) (*jsonRecords, error) {
	text, err := from.text()
	if err != nil {
		return nil, err
	}
	return &jsonRecords{from, newLineReader(from.name, text, Position{}, false, from.method != plain)}, nil
}

func (r *jsonRecords) next() (Record, error) {
	for {
		line, err := r.lines.next()
		if err != nil {
			return Record{}, err
		}
		if text := bytes.TrimSpace(line.text); len(text) > 0 {
			article, fault := parseJSON(text, line.tooLong)
			return Record{Line: line.end.Line, End: line.end, Article: article, Fault: fault}, nil
		}
	}
}

func (r *jsonRecords) seek(to Position) error {
	text, midLine, err := r.source.textAt(to)
	if err != nil {
		return err
	}
	r.lines = newLineReader(r.source.name, text, to, midLine, r.source.method != plain)
	return nil
}

func (r *jsonRecords) mark(at Position) (Position, error) { return r.source.mark(at) }

func (r *jsonRecords) close() error {
	r.source.close()
	return nil
}

// parseJSON reads a line as an Article; nil where it is none, and why.
func parseJSON(text []byte, tooLong bool) (*depechev1.Article, error) {
	if tooLong {
		return nil, status.Errorf(codes.InvalidArgument, "the line is longer than %d MiB", MaxRecord>>20)
	}
	article := &depechev1.Article{}
	if err := protojson.Unmarshal(text, article); err != nil {
		return nil, status.Error(codes.InvalidArgument, "not a protojson Article: "+reason(err))
	}
	return article, nil
}

// reason is what protojson says of a line. It puts a no-break space into that now
// and then, counts the lines of a text that is one, and quotes it, however long
// and whatever its bytes.
func reason(err error) string {
	message := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	message = strings.TrimPrefix(message, "proto: ")
	message = position.ReplaceAllString(message, "at character $1")
	const most = 500
	if len(message) > most {
		message = message[:most] + "…"
	}
	if strings.Contains(message, "unknown field") {
		message += "; there are " + strings.Join(jsonFields(), ", ")
	}
	return strings.ToValidUTF8(message, "\ufffd")
}

var position = regexp.MustCompile(`\(line 1:(\d+)\)`)

// jsonFields are the names of an Article's fields in JSON, in order.
func jsonFields() []string {
	var names []string
	fields := (&depechev1.Article{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		names = append(names, fields.Get(i).JSONName())
	}
	return names
}

// Package stablejson writes messages in the JSON form of protobuf, in the same
// bytes always: protojson's own white space varies from build to build.
package stablejson

import (
	"bytes"
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Line returns the message without white space and without a line's end.
func Line(m proto.Message) ([]byte, error) {
	return marshal(m, json.Compact)
}

// Indented returns the message with a line for each field, two spaces to the
// level, and without a last line's end.
func Indented(m proto.Message) ([]byte, error) {
	return marshal(m, func(to *bytes.Buffer, text []byte) error { return json.Indent(to, text, "", "  ") })
}

func marshal(m proto.Message, lay func(*bytes.Buffer, []byte) error) ([]byte, error) {
	text, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var laid bytes.Buffer
	laid.Grow(len(text) + 1) // a caller's line end fits too
	if err := lay(&laid, text); err != nil {
		return nil, err
	}
	return laid.Bytes(), nil
}

package worker

import (
	"fmt"
	"mime"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Encoding is how a message is written; its text is the Content-Type header.
type Encoding string

// The encodings that are read and written.
const (
	Protobuf Encoding = "application/x-protobuf"
	JSON     Encoding = "application/json" // protojson
)

// ContentType is the header that names a message's encoding. Where it is absent
// a message is JSON, as people type it.
const ContentType = "Content-Type"

// encodingOf reads the header.
func encodingOf(contentType string) (Encoding, error) {
	if contentType == "" {
		return JSON, nil
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", fmt.Errorf("%s: %w", ContentType, err)
	}
	switch kind {
	case "application/x-protobuf", "application/protobuf", "application/vnd.google.protobuf":
		return Protobuf, nil
	case "application/json":
		return JSON, nil
	}
	return "", fmt.Errorf("%s is %q: want %s or %s", ContentType, kind, Protobuf, JSON)
}

// decode reads an article.
func (e Encoding) decode(data []byte) (*depechev1.Article, error) {
	article := new(depechev1.Article)
	if e == Protobuf {
		return article, proto.Unmarshal(data, article)
	}
	return article, protojson.Unmarshal(data, article)
}

// encode writes an extraction, in the same bytes always.
func (e Encoding) encode(extraction *depechev1.Extraction) ([]byte, error) {
	if e == Protobuf {
		return proto.MarshalOptions{Deterministic: true}.Marshal(extraction)
	}
	return stablejson.Line(extraction)
}

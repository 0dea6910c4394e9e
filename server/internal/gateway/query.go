package gateway

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// streamOptions reads a stream's options from its query: `ordered`, and the
// fields of ExtractOptions under their JSON names, a repeated one as often as it
// has values. What a value may be, protojson decides.
func streamOptions(query url.Values) (*depechev1.StreamOptions, *status.Status) {
	options := &depechev1.StreamOptions{Options: &depechev1.ExtractOptions{}}
	for _, name := range slices.Sorted(maps.Keys(query)) { // the same fault first, each time
		message := options.ProtoReflect().Interface()
		field := options.ProtoReflect().Descriptor().Fields().ByJSONName(name)
		if field == nil || field.Message() != nil {
			message = options.Options
			field = options.Options.ProtoReflect().Descriptor().Fields().ByJSONName(name)
		}
		if field == nil {
			return nil, invalid(depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, name, "is no option of a stream")
		}
		if len(query[name]) > 1 && !field.IsList() {
			return nil, invalid(depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, name, "is given more than once")
		}
		text, err := json.Marshal(map[string]any{name: fieldValue(field, query[name])})
		if err != nil {
			return nil, invalid(depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, name, "is not text")
		}
		// One field a time, so that a fault can be told by its name.
		read := message.ProtoReflect().New().Interface()
		if err := protojson.Unmarshal(text, read); err != nil {
			return nil, invalid(depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, name, "is "+quoted(query[name])+": "+expected(field))
		}
		message.ProtoReflect().Set(field, read.ProtoReflect().Get(field))
	}
	return options, nil
}

// fieldValue is what the field's JSON would hold.
func fieldValue(field protoreflect.FieldDescriptor, values []string) any {
	if field.IsList() {
		return values
	}
	if field.Kind() == protoreflect.BoolKind {
		switch values[0] {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return values[0] // protojson reads numbers and enums from strings too
}

func expected(field protoreflect.FieldDescriptor) string {
	switch field.Kind() {
	case protoreflect.BoolKind:
		return "want true or false"
	case protoreflect.EnumKind:
		return "want the name of a " + string(field.Enum().Name())
	default:
		return "want a number"
	}
}

func quoted(values []string) string {
	text, err := json.Marshal(values)
	if err != nil {
		return "not text"
	}
	return string(text)
}

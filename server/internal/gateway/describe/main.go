// Describe makes the OpenAPI description of the HTTP port from the contract:
//
//	describe IMAGE >openapi.yaml
//
// where IMAGE is what `buf build` makes of proto/, comments included.
// tools/generate runs it.
//
// The usual generators were tried: what they write refuses valid articles, since
// they close objects whose one-ofs stand outside them, and has 64-bit numbers as
// numbers, which protobuf's JSON has as strings.
package main

import (
	"fmt"
	"os"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: describe IMAGE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "describe:", err)
		os.Exit(1)
	}
}

func run(image string) error {
	wire, err := os.ReadFile(image)
	if err != nil {
		return err
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(wire, &set); err != nil {
		return fmt.Errorf("%s: %w", image, err)
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		return fmt.Errorf("%s: %w", image, err)
	}
	found, err := files.FindDescriptorByName("depeche.v1.ExtractionService")
	if err != nil {
		return fmt.Errorf("%s: %w", image, err)
	}
	service, ok := found.(protoreflect.ServiceDescriptor)
	if !ok {
		return fmt.Errorf("%s: %s is no service", image, found.FullName())
	}
	d, err := describe(service, files)
	if err != nil {
		return err
	}
	fmt.Println("# Made by tools/generate from proto/depeche/v1. Not to be edited.")
	encoder := yaml.NewEncoder(os.Stdout)
	encoder.SetIndent(2)
	return encoder.Encode(d)
}

// describe is the whole document.
func describe(service protoreflect.ServiceDescriptor, files *protoregistry.Files) (*document, error) {
	s := &schemas{all: map[string]*schema{}}
	extract, stream := method(service, "ExtractEvents"), method(service, "StreamEvents")
	ontology, engine := method(service, "DescribeOntology"), method(service, "DescribeEngine")
	options := stream.Input().Fields().ByName("open").Message()
	article := extract.Input().Fields().ByName("article").Message()
	outcome := stream.Output().Fields().ByName("outcomes").Message()
	reasons, err := files.FindDescriptorByName("depeche.v1.ErrorReason")
	if err != nil {
		return nil, err
	}
	s.addEnum(reasons.(protoreflect.EnumDescriptor))

	parameters := []parameter{s.parameter(options.Fields().ByName("ordered"))}
	each := options.Fields().ByName("options").Message().Fields()
	for i := range each.Len() {
		parameters = append(parameters, s.parameter(each.Get(i)))
	}
	d := &document{
		OpenAPI: "3.1.0",
		Info: info{
			Title: "depeche", Version: "v1", Description: comment(service) + "\n\n" + about,
			License: license{"Apache-2.0", "Apache-2.0"},
		},
		Servers: []server{{"/"}},
		Paths: map[string]path{
			"/v1/articles:extract": {Post: &operation{
				ID: "extractEvents", Summary: "Extract the events of one article", Description: comment(extract),
				RequestBody: &body{true, content(jsonType, s.ref(extract.Input(), true))},
				Responses:   answers(jsonType, s.ref(extract.Output(), false), "What was found.", "400", "401", "413", "415", "429", "500", "503", "504"),
			}},
			"/v1/articles:stream": {Post: &operation{
				ID: "streamEvents", Summary: "Extract the events of many articles", Description: aboutStream,
				Parameters:  parameters,
				RequestBody: &body{true, content(linesType, s.ref(article, true))},
				Responses:   answers(linesType, s.ref(outcome, false), "One outcome a line, as soon as it is there.", "400", "401", "415", "429", "503"),
			}},
			"/v1/ontology": {Get: &operation{
				ID: "describeOntology", Summary: "Describe the event types", Description: comment(ontology),
				Responses: answers(jsonType, s.ref(ontology.Output(), false), "The event types.", "401", "503"),
			}},
			"/v1/engine": {Get: &operation{
				ID: "describeEngine", Summary: "Describe the engine", Description: comment(engine),
				Responses: answers(jsonType, s.ref(engine.Output(), false), "What the engine is and bears.", "401", "503"),
			}},
		},
		Components: components{
			Schemas:         s.all,
			SecuritySchemes: map[string]security{"bearer": {"http", "bearer", "Where the server asks for it."}},
		},
		Security: []map[string][]string{{}, {"bearer": {}}},
	}
	s.all["Status"] = status
	return d, nil
}

const (
	jsonType  = "application/json"
	linesType = "application/x-ndjson"
)

const about = `JSON is protobuf's JSON form: names in lowerCamelCase, fields of default value left out, 64-bit
numbers as strings, enums by name. The same request gives the same bytes under the same versions.
Every answer has an X-Request-Id header, and takes the one of its request.

Generated clients can call the same methods by Connect, gRPC-Web and gRPC (HTTP/2) at
/depeche.v1.ExtractionService/{method}.`

const aboutStream = `One article in JSON a line, one outcome in JSON a line. An outcome's sequence is the number of its
article's line, from 1. A line that is not an article, or is too long, has an error for its outcome,
and the stream goes on; an empty line has none. A last line without a sequence tells why the stream
ended before all was answered: then the other lines can be sent again.

Outcomes come while articles are still being sent. The server reads only as far ahead as its
bound, so who does not read outcomes cannot send articles for ever.`

// status is google.rpc.Status in JSON.
var status = &schema{
	Type: "object", Description: "Why something was refused: google.rpc.Status.",
	Properties: map[string]*schema{
		"code":    {Type: "integer", Description: "The number of a gRPC code, such as 3, INVALID_ARGUMENT."},
		"message": {Type: "string", Description: "For people."},
		"details": {Type: "array", Items: &schema{
			Type: "object", Properties: map[string]*schema{"@type": {Type: "string"}}, Required: []string{"@type"},
			Description: "google.rpc.ErrorInfo, whose reason is the name of an ErrorReason without its prefix; and, where it fits, BadRequest, RetryInfo or RequestInfo.",
		}},
	},
}

// errors are what the HTTP statuses mean here.
var errors = map[string]string{
	"400": "The request breaks a rule; google.rpc.BadRequest names the field.",
	"401": "The server asks for credentials, and these are none of its.",
	"413": "The request is longer than the message limit.",
	"415": "The Content-Type is not the one that is read here.",
	"429": "There is no room; Retry-After and google.rpc.RetryInfo say when to come again.",
	"500": "A fault of the server's own; google.rpc.RequestInfo has its id.",
	"503": "The server is going away; another one may answer.",
	"504": "The article took longer than one article is given.",
}

func answers(kind string, of *schema, description string, refusals ...string) map[string]response {
	all := map[string]response{"200": {description, content(kind, of)}}
	for _, code := range refusals {
		all[code] = response{errors[code], content(jsonType, reference("Status"))}
	}
	return all
}

func content(kind string, of *schema) map[string]media { return map[string]media{kind: {of}} }

func method(service protoreflect.ServiceDescriptor, name protoreflect.Name) protoreflect.MethodDescriptor {
	return service.Methods().ByName(name)
}

// comment is what the contract says of a thing.
func comment(of protoreflect.Descriptor) string {
	lines := strings.Split(of.ParentFile().SourceLocations().ByDescriptor(of).LeadingComments, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// schemas are the messages and enums that are reached from the paths.
type schemas struct{ all map[string]*schema }

func reference(name string) *schema { return &schema{Ref: "#/components/schemas/" + name} }

// ref refers to a message. A request's may have no fields but the known ones: the
// server refuses them.
func (s *schemas) ref(message protoreflect.MessageDescriptor, request bool) *schema {
	switch message.FullName() {
	case "google.protobuf.Timestamp":
		return &schema{Type: "string", Format: "date-time"}
	case "google.rpc.Status":
		return reference("Status")
	}
	name := string(message.Name())
	known, ok := s.all[name]
	if !ok {
		known = &schema{Type: "object", Description: comment(message), Properties: map[string]*schema{}}
		s.all[name] = known // before its fields, which may lead back to it
	}
	if request {
		known.AdditionalProperties = new(bool)
	}
	if !ok || request {
		s.addFields(known, message, request)
	}
	return reference(name)
}

func (s *schemas) addFields(to *schema, message protoreflect.MessageDescriptor, request bool) {
	to.Required = nil
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		to.Properties[field.JSONName()] = s.field(field, request)
		if rules(field).GetRequired() {
			to.Required = append(to.Required, field.JSONName())
		}
	}
	to.OneOf = nil
	for i := range message.Oneofs().Len() {
		choice := message.Oneofs().Get(i)
		rule, _ := proto.GetExtension(choice.Options(), validate.E_Oneof).(*validate.OneofRules)
		if !rule.GetRequired() {
			continue
		}
		for j := range choice.Fields().Len() {
			to.OneOf = append(to.OneOf, &schema{Required: []string{choice.Fields().Get(j).JSONName()}})
		}
	}
}

func rules(field protoreflect.FieldDescriptor) *validate.FieldRules {
	found, _ := proto.GetExtension(field.Options(), validate.E_Field).(*validate.FieldRules)
	return found
}

// field is a field's value, with what the contract says and demands of it.
func (s *schemas) field(field protoreflect.FieldDescriptor, request bool) *schema {
	rule := rules(field)
	value := s.value(field, request)
	if field.IsList() {
		list := &schema{Type: "array", Items: value}
		if count := rule.GetRepeated(); count != nil {
			list.MinItems, list.MaxItems = count.MinItems, count.MaxItems
		}
		value = list
	}
	if text := rule.GetString(); text != nil {
		value.Pattern = text.GetPattern()
	}
	if number := rule.GetFloat(); number != nil {
		value.Minimum, value.Maximum = bound(number.GetGte()), bound(number.GetLte())
	}
	value.Description = comment(field)
	return value
}

func bound(f float32) *float64 { return proto.Float64(float64(f)) }

// value is one value of a field, as protobuf's JSON has it.
func (s *schemas) value(field protoreflect.FieldDescriptor, request bool) *schema {
	switch field.Kind() {
	case protoreflect.MessageKind:
		return s.ref(field.Message(), request)
	case protoreflect.EnumKind:
		return s.addEnum(field.Enum())
	case protoreflect.BoolKind:
		return &schema{Type: "boolean"}
	case protoreflect.StringKind:
		return &schema{Type: "string"}
	case protoreflect.BytesKind:
		return &schema{Type: "string", ContentEncoding: "base64"}
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return &schema{Type: "number", Format: field.Kind().String()}
	case protoreflect.Uint64Kind, protoreflect.Int64Kind:
		return &schema{Type: "string", Format: field.Kind().String()}
	default:
		return &schema{Type: "integer", Format: field.Kind().String()}
	}
}

func (s *schemas) addEnum(enum protoreflect.EnumDescriptor) *schema {
	name := string(enum.Name())
	if _, ok := s.all[name]; !ok {
		known := &schema{Type: "string"}
		text := comment(enum) + "\n"
		for i := range enum.Values().Len() {
			value := enum.Values().Get(i)
			known.Enum = append(known.Enum, string(value.Name()))
			text += "\n- " + string(value.Name()) + ": " + strings.ReplaceAll(comment(value), "\n", " ")
		}
		known.Description = text
		s.all[name] = known
	}
	return reference(name)
}

// parameter is a field as a query parameter.
func (s *schemas) parameter(field protoreflect.FieldDescriptor) parameter {
	value := s.field(field, true)
	description := value.Description
	value.Description = ""
	return parameter{Name: field.JSONName(), In: "query", Description: description, Schema: value}
}

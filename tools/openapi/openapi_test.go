// Package openapi checks the description of the HTTP port with a library that the
// service itself does not need, hence a module of its own. `.ci/run openapi` runs
// it.
package openapi

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	root        = "../.."
	description = root + "/server/internal/gateway/openapi.yaml"
)

// load reads the document with every reference resolved.
func load(t *testing.T) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile(description)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestDocumentIsOpenAPI(t *testing.T) {
	document := load(t)
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/articles:extract", "/v1/articles:stream", "/v1/ontology", "/v1/engine"} {
		if document.Paths.Value(path) == nil {
			t.Errorf("%s is not described", path)
		}
	}
}

// It allows the requests that the service answers, and not those that it refuses.
func TestRequests(t *testing.T) {
	content := load(t).Paths.Value("/v1/articles:extract").Post.RequestBody.Value.Content
	request := content["application/json"].Schema.Value
	for name, test := range map[string]struct {
		body    string
		allowed bool
	}{
		"text":            {`{"article": {"id": "1", "text": "Deux soldats ont été tués à Gao.", "publishDate": {"year": 2021, "month": 3, "day": 14}}}`, true},
		"html, options":   {`{"article": {"html": "<p>Deux soldats ont été tués.</p>"}, "options": {"offsetEncoding": "OFFSET_ENCODING_UTF16", "minConfidence": 0.5, "eventTypes": ["EVENT_TYPE_PROTEST"]}}`, true},
		"no body":         {`{"article": {"id": "1"}}`, false},
		"two bodies":      {`{"article": {"text": "a", "html": "b"}}`, false},
		"unknown field":   {`{"article": {"text": "a", "texte": "b"}}`, false},
		"wrong type":      {`{"article": {"text": 7}}`, false},
		"unknown enum":    {`{"article": {"text": "a"}, "options": {"eventTypes": ["WAR"]}}`, false},
		"out of range":    {`{"article": {"text": "a"}, "options": {"minConfidence": 1.5}}`, false},
		"no article":      {`{}`, false},
		"language no tag": {`{"article": {"text": "a", "language": "fr_FR"}}`, false},
	} {
		if err := request.VisitJSON(parse(t, []byte(test.body))); (err == nil) != test.allowed {
			t.Errorf("%s: allowed is %v, want %v: %v", name, err == nil, test.allowed, err)
		}
	}
}

// The program's answers hold what is described, and nothing else.
func TestAnswers(t *testing.T) {
	document := load(t)
	closed := false
	for name, schema := range document.Components.Schemas {
		if name != "Status" && schema.Value.Type.Is("object") {
			schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &closed}
		}
	}
	for name, arguments := range map[string][]string{
		"Extraction":               {"extract", "--format", "json", "--explain", "examples/mali-reprise.txt"},
		"DescribeOntologyResponse": {"ontology", "--format", "json"},
	} {
		command := exec.CommandContext(t.Context(), "go", append([]string{"run", "./cmd/depeche"}, arguments...)...)
		command.Dir, command.Stderr = root, os.Stderr
		answer, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		schema := document.Components.Schemas[name].Value
		if err := schema.VisitJSON(parse(t, answer)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		delete(schema.Properties, "events")
		delete(schema.Properties, "types")
		if schema.VisitJSON(parse(t, answer)) == nil {
			t.Errorf("%s: the answer is allowed also where what it holds is not described", name)
		}
	}
}

func parse(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

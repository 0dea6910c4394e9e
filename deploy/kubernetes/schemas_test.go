package kubernetes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// Where the schemas are: files of two Go modules, which the Go proxy serves.
// They are only read, so neither is a requirement of this module.
const (
	builtinModule = "sigs.k8s.io/kubectl-validate@v0.0.4"
	builtinFolder = "pkg/openapiclient/builtins/1.28"
	customModule  = "github.com/prometheus-operator/prometheus-operator@v0.85.0"
	customFolder  = "example/prometheus-operator-crd"
)

// schemas finds the schema of a manifest by its apiVersion and kind.
type schemas struct {
	compiler        *jsonschema.Compiler
	builtin, custom string // folders
	compiled        map[string]*jsonschema.Schema
}

func newSchemas(t *testing.T) *schemas {
	t.Helper()
	return &schemas{
		compiler: jsonschema.NewCompiler(),
		builtin:  filepath.Join(module(t, builtinModule), builtinFolder),
		custom:   filepath.Join(module(t, customModule), customFolder),
		compiled: map[string]*jsonschema.Schema{},
	}
}

// module downloads a module, checked as all are, and returns its folder.
func module(t *testing.T, name string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", name)
	cmd.Dir = t.TempDir() // outside every module: this is no requirement
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	var m struct{ Dir string }
	if err := json.Unmarshal(out, &m); err != nil || m.Dir == "" {
		t.Fatalf("%s: no folder in %s", name, out)
	}
	return m.Dir
}

// validate reports what is wrong with a manifest.
func (s *schemas) validate(manifest []byte) error {
	var head struct{ APIVersion, Kind string }
	if err := yaml.Unmarshal(manifest, &head); err != nil {
		return err
	}
	schema, err := s.of(head.APIVersion, head.Kind)
	if err != nil {
		return err
	}
	content, err := yaml.YAMLToJSON(manifest)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func (s *schemas) of(version, kind string) (*jsonschema.Schema, error) {
	key := version + " " + kind
	if have := s.compiled[key]; have != nil {
		return have, nil
	}
	read := s.readBuiltin
	if strings.HasPrefix(version, "monitoring.coreos.com/") {
		read = s.readCustom
	}
	document, at, err := read(version, kind)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	forbidUnknown(document)
	url := "schema:///" + strings.ReplaceAll(key, " ", "/")
	if err := s.compiler.AddResource(url, document); err != nil {
		return nil, err
	}
	schema, err := s.compiler.Compile(url + "#" + at)
	s.compiled[key] = schema
	return schema, err
}

// readBuiltin returns the OpenAPI document of a version of Kubernetes' own API,
// and the pointer to a kind in it.
func (s *schemas) readBuiltin(version, kind string) (any, string, error) {
	path := filepath.Join(s.builtin, "apis", version+".json")
	if !strings.Contains(version, "/") {
		path = filepath.Join(s.builtin, "api", version+".json")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return nil, "", err
	}
	for name := range document.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any) {
		if strings.HasPrefix(name, "io.k8s.api.") && strings.HasSuffix(name, "."+version[strings.LastIndex(version, "/")+1:]+"."+kind) {
			return document, "/components/schemas/" + name, nil
		}
	}
	return nil, "", fmt.Errorf("no such kind in %s", path)
}

// readCustom returns the schema of a custom resource.
func (s *schemas) readCustom(version, kind string) (any, string, error) {
	path := filepath.Join(s.custom, "monitoring.coreos.com_"+strings.ToLower(kind)+"s.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	if content, err = yaml.YAMLToJSON(content); err != nil {
		return nil, "", err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return nil, "", err
	}
	versions := document.(map[string]any)["spec"].(map[string]any)["versions"].([]any)
	for i, v := range versions {
		if strings.HasSuffix(version, "/"+v.(map[string]any)["name"].(string)) {
			return document, fmt.Sprintf("/spec/versions/%d/schema/openAPIV3Schema", i), nil
		}
	}
	return nil, "", fmt.Errorf("no version %s in %s", version, path)
}

// forbidUnknown lets every object of a schema have only the properties that it
// names, as the API server has it with strict field validation.
func forbidUnknown(v any) {
	switch v := v.(type) {
	case map[string]any:
		_, named := v["properties"].(map[string]any)
		_, said := v["additionalProperties"]
		if preserve, _ := v["x-kubernetes-preserve-unknown-fields"].(bool); named && !said && !preserve {
			v["additionalProperties"] = false
		}
		// A number that JSON Schema knows nothing of: int-or-string.
		if either, _ := v["x-kubernetes-int-or-string"].(bool); either {
			delete(v, "type")
		}
		for _, inner := range v {
			forbidUnknown(inner)
		}
	case []any:
		for _, inner := range v {
			forbidUnknown(inner)
		}
	}
}

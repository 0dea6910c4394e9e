package client

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	project  = "github.com/depeche-events/depeche"
	self     = project + "/client"
	contract = project + "/proto/depeche/v1"
)

// The client imports grpc, protobuf, the generated contract and the standard
// library; all else that is linked is what these import.
func TestImports(t *testing.T) {
	allowed := []string{
		"google.golang.org/grpc", "google.golang.org/protobuf", "google.golang.org/genproto/googleapis/rpc", contract,
	}
	for _, path := range strings.Fields(goTool(t, ".", nil, "list", "-f", `{{join .Imports "\n"}}`, ".")) {
		if isStandard(path) {
			continue
		}
		if !within(path, allowed) {
			t.Errorf("the client imports %s", path)
		}
	}
	linked := append(allowed, self,
		"golang.org/x/net", "golang.org/x/sys", "golang.org/x/text", // grpc's
		"buf.build/gen/go/bufbuild/protovalidate", // options of the contract: a generated file
	)
	packages := strings.Fields(goTool(t, ".", nil, "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "."))
	for _, path := range packages {
		if !within(path, linked) {
			t.Errorf("the client links %s", path)
		}
	}
	if len(packages) < 10 {
		t.Fatalf("go list knows only of %q", packages)
	}
}

// A module outside the repository that uses the client inherits neither the
// server nor what the server is built from.
func TestConsumerInheritsNoServer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	consumer := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": `module example.org/consumer

go 1.26.0

require (
	` + self + ` v0.0.0
	` + project + `/proto v0.0.0
)

replace (
	` + self + ` => ` + filepath.Join(root, "client") + `
	` + project + `/proto => ` + filepath.Join(root, "proto") + `
)
`,
		"main.go": `package main

import (
	"context"
	"fmt"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func main() {
	c, err := client.Dial("localhost:50051", client.WithInsecure())
	if err != nil {
		panic(err)
	}
	defer c.Close()
	fmt.Println(c.Extract(context.Background(), &depechev1.Article{}))
}
`,
	} {
		if err := os.WriteFile(filepath.Join(consumer, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// The checksums are those that the client's own tests run with, so that
	// nothing has to be fetched.
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(consumer, "go.sum"), sums, 0o644); err != nil {
		t.Fatal(err)
	}
	alone := []string{"GOWORK=off", "GOFLAGS=-mod=mod"}
	goTool(t, consumer, alone, "build", "-o", "consumer", ".")

	required := modules(goTool(t, consumer, alone, "list", "-m", "-f", "{{.Path}}", "all"))
	linked := modules(goTool(t, consumer, alone, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "."))
	t.Logf("linked: %s", strings.Join(linked, " "))
	t.Logf("in the module graph: %s", strings.Join(required, " "))
	for _, path := range append(required, linked...) {
		switch {
		case path == project,
			within(path, []string{
				"go.uber.org/zap", "github.com/alecthomas/kong", "github.com/grpc-ecosystem/go-grpc-middleware",
				"github.com/prometheus", "github.com/parquet-go", "github.com/vbauerster/mpb",
				"codeberg.org/readeck/go-readability", "buf.build/go/protovalidate", "cel.dev/cel-go",
			}):
			t.Errorf("a consumer inherits %s", path)
		}
	}
	if want := 9; len(linked) > want {
		t.Errorf("a consumer links %d modules, want at most %d: docs/modules.md names them", len(linked), want)
	}
	if !within(self, linked) || !within("google.golang.org/grpc", linked) {
		t.Fatalf("go list knows only of %q", linked)
	}
	info := goTool(t, consumer, alone, "version", "-m", "consumer")
	if !strings.Contains(info, self) || strings.Contains(info, "\t"+project+"\t") {
		t.Errorf("the program says that it is built from\n%s", info)
	}
}

func goTool(t *testing.T, directory string, environment []string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir = directory
	command.Env = append(os.Environ(), environment...)
	var out, errors bytes.Buffer
	command.Stdout, command.Stderr = &out, &errors
	if err := command.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, errors.String())
	}
	return out.String()
}

// modules are the different words of a list.
func modules(list string) []string {
	var paths []string
	seen := map[string]bool{}
	for _, path := range strings.Fields(list) {
		if !seen[path] {
			seen[path] = true
			paths = append(paths, path)
		}
	}
	return paths
}

// within says whether path is one of roots or lies below one.
func within(path string, roots []string) bool {
	for _, root := range roots {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

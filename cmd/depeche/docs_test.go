package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/cli.md quotes the help of every command. UPDATE_GOLDEN=1 rewrites it.
func TestDocs(t *testing.T) {
	const path = "../../docs/cli.md"
	t.Setenv("COLUMNS", "90")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc strings.Builder
	quoting, quoted := false, 0
	for line := range strings.Lines(string(old)) {
		if quoting && line != "```\n" {
			continue
		}
		quoting = false
		doc.WriteString(line)
		if args, ok := strings.CutPrefix(line, "$ depeche "); ok {
			doc.WriteString(depeche(t, nil, strings.Fields(args)...).out)
			quoting = true
			quoted++
		}
	}
	if quoted < 7 {
		t.Errorf("%s quotes the help of %d commands", path, quoted)
	}
	if doc.String() == string(old) {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") == "" {
		t.Fatalf("%s does not quote the help as it is: run UPDATE_GOLDEN=1 go test ./cmd/depeche", path)
	}
	if err := os.WriteFile(path, []byte(doc.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// eventsQuoted is how many events of the example README.md shows.
const eventsQuoted = 2

// README.md shows what the program really prints. UPDATE_GOLDEN=1 rewrites it.
func TestReadme(t *testing.T) {
	const path, command = "../../README.md", "$ go run ./cmd/depeche "
	t.Setenv("COLUMNS", "90")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(old), command)
	args, rest, ok2 := strings.Cut(rest, "\n")
	_, after, ok3 := strings.Cut(rest, "```\n")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("%s quotes no %q", path, command)
	}
	t.Chdir("../..")
	out := depeche(t, nil, strings.Fields(args)...).out
	shown, _, more := strings.Cut(out, fmt.Sprintf("\n%d. ", eventsQuoted+1))
	if !more {
		t.Fatalf("the example has no %d events", eventsQuoted+1)
	}
	doc := before + command + args + "\n" + shown + "\n…\n```\n" + after
	if doc == string(old) {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") == "" {
		t.Fatal("README.md does not show what the example gives: run UPDATE_GOLDEN=1 go test ./cmd/depeche")
	}
	if err := os.WriteFile("README.md", []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
}

// docs/security.md names a test for each threat: each is there.
func TestSecurityNamesTests(t *testing.T) {
	doc, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for line := range strings.Lines(string(doc)) {
		cells := strings.Split(strings.Trim(line, "|\n "), " | ")
		if len(cells) != 3 || !strings.HasPrefix(cells[2], "`") {
			continue
		}
		for group := range strings.SplitSeq(cells[2], "; ") {
			dir, names, _ := strings.Cut(group, " ")
			files, _ := filepath.Glob(filepath.Join("../..", strings.Trim(dir, "`"), "*_test.go"))
			var code strings.Builder
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				code.Write(data)
			}
			for name := range strings.SplitSeq(names, ", ") {
				named++
				if name = strings.Trim(name, "`"); !strings.Contains(code.String(), "\nfunc "+name+"(") {
					t.Errorf("%s has no %s, named for: %s", dir, name, cells[0])
				}
			}
		}
	}
	if named < 50 {
		t.Errorf("%d tests are named", named)
	}
}

// docs/reliability.md names a test for each case: each is there.
func TestReliabilityNamesTests(t *testing.T) {
	doc, err := os.ReadFile("../../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, dir := range []string{"server", "client", "internal/endtoend", "internal/extract"} {
		files, _ := filepath.Glob(filepath.Join("../..", dir, "*_test.go"))
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
	}
	named := testNames.FindAllStringSubmatch(string(doc), -1)
	for _, name := range named {
		function, part := "Test"+strings.TrimPrefix(name[1], "Test"), name[2]
		if !strings.Contains(code.String(), "\nfunc "+function+"(") || part != "" && !strings.Contains(code.String(), `"`+part+`"`) {
			t.Errorf("there is no %s", name[0])
		}
	}
	if len(named) < 30 {
		t.Errorf("%d tests are named", len(named))
	}
}

// testNames are tests as docs/reliability.md names them, and the parts of one.
var testNames = regexp.MustCompile("`((?:Test|Survival)[A-Z]?[A-Za-z0-9]*)(?:/([A-Za-z0-9]+))?`")

package main

import (
	"os"
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

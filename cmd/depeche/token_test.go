package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The token goes to its file alone, and the line to where it can be appended.
func TestToken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "desk.token")
	got := depeche(t, nil, "token", "desk", "--out", file)
	token, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := fmt.Sprintf("desk %x\n", sha256.Sum256(bytes.TrimSpace(token)))
	if got != (outcome{exitOK, line, ""}) {
		t.Errorf("%+v, want the line %q", got, line)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the token: %v, %v", info.Mode(), err)
	}
	if again := depeche(t, nil, "token", "desk", "--out", file); again.code != exitUsage {
		t.Errorf("a token is overwritten: %+v", again)
	}
	if bad := depeche(t, nil, "token", "two words", "--out", file+"2"); bad.code != exitUsage {
		t.Errorf("a bad name: %+v", bad)
	}
}

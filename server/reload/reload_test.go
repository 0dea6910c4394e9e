package reload

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// word takes one word and refuses «bad».
func word(contents [][]byte) (string, error) {
	if string(contents[0]) == "bad" {
		return "", errors.New("is bad")
	}
	return string(contents[0]), nil
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	core, logs := observer.New(zap.DebugLevel)
	path := filepath.Join(t.TempDir(), "word")
	write(t, path, "one")
	f, err := Open(zap.New(core), "word", []string{path}, word)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name    string
		change  func()
		want    string
		entries int // of the log, in all
	}{
		{"nothing changed", func() {}, "one", 0},
		{"written in place", func() { write(t, path, "two") }, "two", 1},
		{"at fault", func() { write(t, path, "bad") }, "two", 2},
		{"still at fault", func() {}, "two", 2},
		{"gone", func() { os.Remove(path) }, "two", 3},
		{"still gone", func() {}, "two", 3},
		{"back", func() { write(t, path, "three") }, "three", 4},
		{"gone again", func() { os.Remove(path) }, "three", 5},
		{"back as it was", func() { write(t, path, "three") }, "three", 6},
		{"too long", func() { write(t, path, string(make([]byte, maxFileBytes+1))) }, "three", 7},
	} {
		step.change()
		f.Check()
		if got := f.Value(); got != step.want || logs.Len() != step.entries {
			t.Errorf("%s: %q with %d log entries, want %q with %d", step.name, got, logs.Len(), step.want, step.entries)
		}
	}
}

// Kubernetes mounts a secret as links through «..data», which it swaps.
func TestCheckSeesSwappedLinks(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"one", "two"} {
		if err := os.Mkdir(filepath.Join(dir, version), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, version, "word"), version)
	}
	data, path := filepath.Join(dir, "..data"), filepath.Join(dir, "word")
	if err := errors.Join(os.Symlink("one", data), os.Symlink(filepath.Join("..data", "word"), path)); err != nil {
		t.Fatal(err)
	}
	f, err := Open(zap.NewNop(), "word", []string{path}, word)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("two", data+"_tmp"), os.Rename(data+"_tmp", data)); err != nil {
		t.Fatal(err)
	}
	f.Check()
	if got := f.Value(); got != "two" {
		t.Errorf("%q after the swap", got)
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "bad"), "bad")
	for _, name := range []string{"bad", "none"} {
		if _, err := Open(zap.NewNop(), "word", []string{filepath.Join(dir, name)}, word); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "word")
		write(t, path, "one")
		f, err := Open(zap.NewNop(), "word", []string{path}, word)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); f.Run(ctx) }()
		write(t, path, "two")
		time.Sleep(Interval + time.Second) // the test's own clock
		synctest.Wait()
		if got := f.Value(); got != "two" {
			t.Errorf("%q after an interval", got)
		}
		cancel()
		<-done
	})
}

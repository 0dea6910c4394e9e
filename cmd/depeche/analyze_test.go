package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnalyze(t *testing.T) {
	const body = "L'armée a repris la ville aux rebelles.\n"
	name := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	first := depeche(t, nil, "analyze", name).out
	for _, line := range []string{
		"# text = L'armée a repris la ville aux rebelles.",
		"2\tarmée\tarmée\tNOUN\t_\tGender=Fem|Number=Sing\t4\tnsubj\t_\tOffsets=2:8",
		"7-8\taux\t_\t_\t_\t_\t_\t_\t_\tOffsets=27:30",
		"7\tà\tà\tADP\t_\t_\t9\tcase\t_\t_",
		"9\trebelles\trebelle\tNOUN",
	} {
		if !strings.Contains(first, line) {
			t.Errorf("no %q in\n%s", line, first)
		}
	}
	// What was written can be read, and says the same of the same words.
	again := filepath.Join(t.TempDir(), "a.conllu")
	if err := os.WriteFile(again, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	if second := depeche(t, nil, "analyze", "--conllu", again).out; second != first {
		t.Errorf("read again\n%s\nfirst\n%s", second, first)
	}
}

// A file at fault is named and does not stop the others.
func TestAnalyzeBadInput(t *testing.T) {
	dir := t.TempDir()
	latin1 := write(t, dir, "latin1.txt", "L'arm\xe9e a repris la ville.")
	got := depeche(t, nil, "analyze", filepath.Join(dir, "none.txt"), latin1, write(t, dir, "good.txt", "L'armée a repris la ville."))
	if got.code != exitIncomplete || !strings.Contains(got.out, "# text = L'armée a repris la ville.") || strings.Count(got.out, "# text") != 1 {
		t.Errorf("got %+v", got)
	}
	for _, want := range []string{"none.txt: no such file", "latin1.txt: is not UTF-8", "2 of 3 files"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("standard error lacks %q: %s", want, got.err)
		}
	}
	got = depeche(t, strings.NewReader("1\tL'\n"), "analyze", "--conllu", "-")
	if got.code != exitIncomplete || !strings.Contains(got.err, "standard input:1: ") {
		t.Errorf("got %+v", got)
	}
}

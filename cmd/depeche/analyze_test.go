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

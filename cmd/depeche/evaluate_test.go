package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	ownGold = "../../internal/evaluate/testdata/gold"
	unseen  = "../../internal/evaluate/testdata/unseen.tsv"
)

func TestEvaluate(t *testing.T) {
	figures := filepath.Join(t.TempDir(), "figures.json")
	first := depeche(t, nil, "evaluate", "--gold", ownGold, "--json", figures)
	if first.code != exitOK || !strings.Contains(first.out, "\ntyped ") || !strings.Contains(first.out, "calibration error") {
		t.Fatalf("%+v", first)
	}
	again := depeche(t, nil, "evaluate", "--gold", ownGold, "--min", figures)
	if again != first {
		t.Errorf("the second time: %+v", again)
	}
	data, err := os.ReadFile(figures)
	if err != nil {
		t.Fatal(err)
	}
	raised := write(t, t.TempDir(), "raised.json", strings.Replace(string(data), `"acc": 0.`, `"acc": 1.`, 1))
	fell := depeche(t, nil, "evaluate", "--gold", ownGold, "--min", raised)
	if fell.code != exitIncomplete || !strings.Contains(fell.err, "is recorded") || !strings.Contains(fell.err, "1 figures are below") {
		t.Errorf("a figure fell: %+v", fell)
	}
	detail := depeche(t, nil, "evaluate", "--gold", ownGold, "--detail")
	if !strings.Contains(detail.out, "== sahel-convoi\n") {
		t.Errorf("detail: %+v", detail)
	}
	markdown := depeche(t, nil, "evaluate", "--gold", ownGold, "--markdown")
	if !strings.Contains(markdown.out, "\n| typed | 0.") {
		t.Errorf("Markdown: %+v", markdown)
	}
}

// The sentences are all read, and no fewer are read rightly than recorded.
func TestEvaluateUnseen(t *testing.T) {
	got := depeche(t, nil, "evaluate", "--sentences", unseen, "--min", "../../docs/accuracy/sentences.json")
	if got.code != exitOK {
		t.Errorf("status %d\n%s%s", got.code, got.out, got.err)
	}
	const types = 53
	if lines := strings.Count(got.out, "\n"); lines != types+3 { // heading, blank line, total
		t.Errorf("%d lines", lines)
	}
}

func TestEvaluateFaults(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", "Faya est prise.")
	write(t, dir, "a.json", `{"id": "a", "text_file": "a.txt", "events": [{"type": "ATTACK", "anchors": ["Largeau"]}]}`)
	late := t.TempDir()
	write(t, late, "a.txt", "Faya est prise.")
	write(t, late, "a.json", `{"id": "a", "text_file": "a.txt", "published": "hier"}`)
	tests := []struct {
		name string
		args []string
		code exitCode
		err  string
	}{
		{"nothing to measure", nil, exitUsage, "needs --gold DIR or --sentences FILE"},
		{"no annotations", []string{"--gold", t.TempDir()}, exitUsage, "no annotation"},
		{"faulty annotation", []string{"--gold", dir}, exitUsage, `anchor not in the text: "Largeau"`},
		{"faulty date", []string{"--gold", late}, exitIncomplete, "1 of 1 articles could not be scored"},
		{"faulty sentences", []string{"--sentences", write(t, dir, "s.tsv", "type\treports\tsentence\nATTACK\tmaybe\tUn.\n")}, exitUsage, "s.tsv:2: "},
		{"faulty record", []string{"--gold", ownGold, "--min", write(t, dir, "min.json", "{}")}, exitUsage, "no figure is recorded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := depeche(t, nil, append([]string{"evaluate"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.err, tt.err) {
				t.Errorf("%+v, want %d %q", got, tt.code, tt.err)
			}
		})
	}
}

package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A corpus goes through a server; what fails is kept beside the answers.
func TestStream(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", `{"id":"a","text":"`+sentence+`"}
{"id":"b","text":"  "}

{"id":"c","title":"Mali","text":"`+sentence+`"}
not JSON
`)
	out := filepath.Join(dir, "out.jsonl")
	got := depeche(t, nil, "stream", "--server", serve(t, engine), "--in", in, "--out", out)
	if got.code != exitIncomplete || !strings.Contains(got.err, "2 articles have no answer, see "+filepath.Join(dir, "out.errors.jsonl")) || got.out != "" {
		t.Errorf("got %+v", got)
	}
	answers, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(string(answers)) {
		ids = append(ids, parse(t, line).GetArticleId())
	}
	if strings.Join(ids, " ") != "a c" {
		t.Errorf("answered %q, want a and c", ids)
	}
	faults, err := os.ReadFile(filepath.Join(dir, "out.errors.jsonl"))
	if err != nil || !strings.Contains(string(faults), `"line":2,"id":"b","code":"INVALID_ARGUMENT"`) || strings.Count(string(faults), "\n") != 2 {
		t.Errorf("faults %s, %v", faults, err)
	}
	if again := depeche(t, nil, "stream", "--server", "127.0.0.1:1", "--in", filepath.Join(dir, "none"), "--out", out); again.code != exitUsage {
		t.Errorf("an input that is not there: %+v", again)
	}
}

// A corpus without articles is told as such.
func TestStreamNothing(t *testing.T) {
	dir := t.TempDir()
	got := depeche(t, nil, "stream", "--server", serve(t, engine), "--in", write(t, dir, "none.jsonl", "\n"), "--out", filepath.Join(dir, "out.jsonl"))
	if got.code != exitOK || !strings.HasPrefix(got.err, "0 articles ") {
		t.Errorf("got %+v", got)
	}
}

func TestStreamUsage(t *testing.T) {
	csv := write(t, t.TempDir(), "articles.csv", "id,mots\n1,x\n")
	for _, args := range [][]string{
		{"--in", "a", "--out", "b"},
		{"--server", "s:1", "--out", "b"},
		{"--server", "s:1", "--in", "a"},
		{"--server", "s:1", "--in", "a", "--out", "b", "--streams", "0"},
		{"--server", "s:1", "--in", "a", "--out", "b", "--in-format", "xml"},
		{"--server", "s:1", "--in", "a", "--out", "b", "--out-format", "xml"},
		{"--server", "s:1", "--in", "a", "--out", "b", "--column", "body=text"},
		{"--server", "s:1", "--in", "a", "--out", "b", "--separator", ";;"},
		{"--server", "s:1", "--in", "a", "--out", "b", "--min-confidence", "2"},
		{"--server", "s:1", "--in", "none", "--out", "b"},
		{"--server", "s:1", "--in", "-", "--out", "b", "--resume"},
		{"--server", "s:1", "--in", csv, "--out", "b"},
		{"--server", "s:1", "--in", csv, "--column", "text=texte", "--out", "b"},
	} {
		if got := depeche(t, nil, append([]string{"stream"}, args...)...); got.code != exitUsage {
			t.Errorf("%v: got %+v", args, got)
		}
	}
}

// A table goes through a server, its columns named by flags, compressed on both
// sides; the summary goes to a file.
func TestStreamTable(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.csv", "nr;corps;jour\na;"+sentence+";2021-03-14\nb;"+sentence+";demain\n")
	out, summary := filepath.Join(dir, "out.jsonl.gz"), filepath.Join(dir, "summary.json")
	got := depeche(t, nil, "stream", "--server", serve(t, engine), "--in", in, "--out", out, "--summary", summary,
		"--separator", ";", "--column", "id=nr", "--column", "published=jour", "--column", "text=corps")
	if got.code != exitIncomplete || !strings.Contains(got.err, "is read as csv: id from nr, text from corps, published from jour") {
		t.Errorf("got %+v", got)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if answer := parse(t, string(answers)); answer.GetArticleId() != "a" || answer.GetReferenceDate().GetDate().GetYear() != 2021 {
		t.Errorf("answered %s", answers)
	}
	var said struct {
		Articles, Extracted, Failed int
		FailedBy, Events            map[string]int
	}
	text, err := os.ReadFile(summary)
	if err == nil {
		err = json.Unmarshal(text, &said)
	}
	if err != nil || said.Articles != 2 || said.Extracted != 1 || said.Failed != 1 || said.FailedBy["INVALID_ARGUMENT"] != 1 || said.Events["TERRITORY_CAPTURE"] != 1 {
		t.Errorf("summary %s, %v", text, err)
	}
}

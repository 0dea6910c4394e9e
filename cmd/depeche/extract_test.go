package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

// Every bad file and flag gives the same message and status in process and
// over a connection.
func TestExtractBadInput(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.txt", strings.Repeat(sentence, 3))
	latin1 := strings.NewReplacer("é", "\xe9", "è", "\xe8").Replace(strings.Repeat(sentence, 3))
	tests := []struct {
		name string
		args []string
		code exitCode
		err  []string // what standard error must hold, with the file's name
		json []string // what standard output must hold
	}{
		{"empty file", []string{write(t, dir, "empty.txt", "")}, exitIncomplete,
			[]string{"empty.txt: is empty"}, nil},
		{"blank file", []string{write(t, dir, "blank.txt", " \n\t\n")}, exitIncomplete,
			[]string{"blank.txt: ", "blank"}, nil},
		{"body over the limit", []string{write(t, dir, "long.txt", strings.Repeat(sentence, 10_000))}, exitIncomplete,
			[]string{"long.txt: ", "1048576"}, nil},
		{"file over every limit", []string{write(t, dir, "huge.txt", strings.Repeat(sentence, 80_000))}, exitIncomplete,
			[]string{"huge.txt: is too large", "8388608"}, nil},
		{"not UTF-8", []string{write(t, dir, "latin1.txt", latin1)}, exitOK,
			[]string{"latin1.txt: warning: ", "windows-1252"}, []string{"WARNING_CODE_CHARSET_GUESSED", "L'armée malienne"}},
		{"not UTF-8, charset given", []string{"--charset", "latin1", write(t, dir, "given.txt", latin1)}, exitOK,
			nil, []string{"L'armée malienne"}},
		{"wrong charset given", []string{"--charset", "utf-8", write(t, dir, "wrong.txt", latin1)}, exitOK,
			[]string{"wrong.txt: warning: ", "utf-8", "windows-1252"}, []string{"L'armée malienne"}},
		{"unknown charset", []string{"--charset", "ebcdic-9", good}, exitUsage,
			[]string{"--charset", `"ebcdic-9" is not a charset`}, nil},
		{"HTML without --html", []string{write(t, dir, "page.txt", "<div><p>"+sentence+"</p><p>"+sentence+"</p></div>")}, exitOK,
			[]string{"page.txt: warning: ", "HTML tags"}, []string{"WARNING_CODE_MARKUP_IN_TEXT"}},
		{"HTML with --html", []string{"--html", write(t, dir, "page2.txt", "<div><p>"+sentence+"</p><p>"+sentence+"</p></div>")}, exitOK,
			nil, []string{`"text":`}},
		{"HTML by name", []string{write(t, dir, "page.html", "<div><p>"+sentence+"</p><p>"+sentence+"</p></div>")}, exitOK,
			nil, []string{`"text":`}},
		{"HTML without text", []string{"--html", write(t, dir, "void.txt", "<html><body></body></html>")}, exitIncomplete,
			[]string{"void.txt: ", "blank"}, nil},
		{"binary file", []string{write(t, dir, "photo.txt", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xd8")}, exitIncomplete,
			[]string{"photo.txt: ", "not text", "image/png"}, nil},
		{"binary file without a known look", []string{write(t, dir, "noise.txt", "\x00\x01\x02abc\x00\xfe\x00\x00\x07")}, exitIncomplete,
			[]string{"noise.txt: ", "not text"}, nil},
		{"empty standard input", []string{"-"}, exitIncomplete,
			[]string{"standard input: is empty"}, nil},
		{"directory", []string{dir}, exitIncomplete,
			[]string{dir + ": is a directory"}, nil},
		{"missing file", []string{filepath.Join(dir, "none.txt")}, exitIncomplete,
			[]string{"none.txt: no such file"}, nil},
		{"unsupported language", []string{write(t, dir, "english.txt", strings.Repeat("The army has retaken the town from the rebels after two days of fighting, the ministry said. ", 5))}, exitOK,
			[]string{"english.txt: warning: "}, []string{"WARNING_CODE_LANGUAGE_UNSUPPORTED"}},
		{"bad language tag", []string{"--language", "fr fr", good}, exitUsage,
			[]string{"--language"}, nil},
		{"bad date", []string{"--published", "2016-02-30", good}, exitUsage,
			[]string{"--published", "2016-02-30"}, nil},
		{"date in words", []string{"--published", "hier", good}, exitUsage,
			[]string{"--published", "hier"}, nil},
		{"unknown time zone", []string{"--published", "2016-12-11T23:30:00Z", "--time-zone", "Europe/Atlantide", good}, exitUsage,
			[]string{"--time-zone", "Europe/Atlantide"}, nil},
		{"local time zone", []string{"--time-zone", "Local", good}, exitUsage,
			[]string{"--time-zone", "Local"}, nil},
		{"title too long", []string{"--title", strings.Repeat("é", 2_100), good}, exitUsage,
			[]string{"--title", "4096"}, nil},
		{"title that is not UTF-8", []string{"--title", "d\xe9faite", good}, exitUsage,
			[]string{"--title", "UTF-8"}, nil},
		{"one title for two files", []string{"--title", "Mali", good, good}, exitUsage,
			[]string{"--title", "2 files"}, nil},
		{"standard input twice", []string{"-", "-"}, exitUsage,
			[]string{"standard input"}, nil},
		{"confidence out of range", []string{"--min-confidence", "1.5", good}, exitUsage,
			[]string{"--min-confidence"}, nil},
		{"unknown event type", []string{"--event-types", "MIRACLE", good}, exitUsage,
			[]string{"--event-types", "MIRACLE"}, nil},
		{"unknown format", []string{"--format", "xml", good}, exitUsage,
			[]string{"--format", "xml"}, nil},
		{"unknown flag", []string{"--frob", good}, exitUsage,
			[]string{"--frob"}, nil},
		{"no file", nil, exitUsage,
			[]string{"<file>"}, nil},
		{"file name that is not UTF-8", []string{write(t, dir, "d\xe9p\xeache, 1.txt", strings.Repeat(sentence, 3))}, exitOK,
			nil, []string{"d\uFFFDp\uFFFDche, 1.txt"}},
		{"one good file among bad ones", []string{filepath.Join(dir, "none.txt"), good, dir}, exitIncomplete,
			[]string{"none.txt: no such file", "is a directory", "2 of 3 articles"}, []string{"good.txt"}},
	}
	for _, how := range []struct {
		name string
		args []string
	}{
		{"in process", nil},
		{"by server", []string{"--server", serve(t, engine)}},
	} {
		for _, tt := range tests {
			t.Run(how.name+"/"+tt.name, func(t *testing.T) {
				args := append([]string{"extract", "--format", "json"}, how.args...)
				got := depeche(t, strings.NewReader(""), append(args, tt.args...)...)
				if got.code != tt.code {
					t.Errorf("status %d, want %d", got.code, tt.code)
				}
				for _, want := range tt.err {
					if !strings.Contains(got.err, want) {
						t.Errorf("standard error lacks %q", want)
					}
				}
				if tt.err == nil && got.err != "" {
					t.Error("standard error is not empty")
				}
				for _, want := range tt.json {
					if !strings.Contains(got.out, want) {
						t.Errorf("standard output lacks %q", want)
					}
				}
				if tt.json == nil && got.out != "" {
					t.Error("standard output is not empty")
				}
				for line := range strings.Lines(got.err) {
					if !strings.HasPrefix(line, "depeche: ") && !strings.HasPrefix(line, "Run `depeche") {
						t.Errorf("a line that does not say whose it is: %q", line)
					}
				}
				if t.Failed() {
					t.Logf("standard error:\n%s\nstandard output:\n%.2000s", got.err, got.out)
				}
			})
		}
	}
}

// A file, a page and bytes of another charset: the same bytes in process and
// by a server, and twice.
func TestExtractSameByEveryWay(t *testing.T) {
	dir := t.TempDir()
	files := []string{
		write(t, dir, "a.txt", strings.Repeat(sentence, 3)),
		write(t, dir, "b.html", "<html><body><article><h1>Mali</h1><p>"+strings.Repeat(sentence, 3)+"</p></article></body></html>"),
		write(t, dir, "c.txt", strings.NewReplacer("é", "\xe9", "è", "\xe8").Replace(sentence)),
	}
	address := serve(t, engine)
	for _, format := range []string{"text", "json", "jsonl"} {
		for _, more := range [][]string{nil, {"--published", "2021-03-14"}, {"--published", "2021-03-14T23:30:00Z", "--time-zone", "Africa/Bamako", "--language", "fr", "--offset-encoding", "utf16", "--min-confidence", "0.2"}} {
			args := append(append([]string{"extract", "--format", format}, more...), files...)
			inProcess := depeche(t, nil, args...)
			if inProcess.code != exitOK || inProcess.out == "" {
				t.Fatalf("%v: %+v", args, inProcess)
			}
			for name, got := range map[string]outcome{
				"again":     depeche(t, nil, args...),
				"by server": depeche(t, nil, append(args, "--server", address)...),
			} {
				if got != inProcess {
					t.Errorf("%s %v: got\n%+v\nin process\n%+v", name, args, got, inProcess)
				}
			}
		}
	}
}

func TestExtractFormats(t *testing.T) {
	dir := t.TempDir()
	one, two := write(t, dir, "one.txt", sentence), write(t, dir, "two.txt", sentence)

	t.Run("jsonl is a line per file in their order", func(t *testing.T) {
		got := depeche(t, nil, "extract", "--format", "jsonl", two, one, two)
		var ids []string
		for line := range strings.Lines(got.out) {
			ids = append(ids, parse(t, line).GetArticleId())
		}
		if want := []string{two, one, two}; strings.Join(ids, " ") != strings.Join(want, " ") {
			t.Errorf("got %q, want %q", ids, want)
		}
	})
	t.Run("json is indented by two spaces", func(t *testing.T) {
		got := depeche(t, nil, "extract", "--format", "json", one)
		if x := parse(t, got.out); x.GetArticleId() != one || !strings.HasPrefix(got.out, "{\n  \"articleId\": \"") {
			t.Errorf("got %s", got.out)
		}
	})
	t.Run("text is a report for each file", func(t *testing.T) {
		got := depeche(t, nil, "extract", one, two)
		if !strings.HasPrefix(got.out, one+"\n") || !strings.Contains(got.out, "───\n\n"+two+"\n") {
			t.Errorf("got %s", got.out)
		}
	})
	t.Run("standard input", func(t *testing.T) {
		got := depeche(t, strings.NewReader(sentence), "extract", "--format", "json", "-")
		if x := parse(t, got.out); x.GetArticleId() != "-" {
			t.Errorf("got id %q", x.GetArticleId())
		}
	})
	t.Run("flags from the environment", func(t *testing.T) {
		t.Setenv("DEPECHE_FORMAT", "jsonl")
		t.Setenv("DEPECHE_PUBLISHED", "2021-03-14")
		got := depeche(t, nil, "extract", one)
		if x := parse(t, got.out); x.GetReferenceDate().GetDate().GetDay() != 14 || strings.Count(got.out, "\n") != 1 {
			t.Errorf("got %s", got.out)
		}
	})
}

// An article that the engine cannot bear fails alone.
func TestEnginePanic(t *testing.T) {
	dir := t.TempDir()
	real, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	load := func(engineFlags) (server.Engine, error) { return fragile{real}, nil }
	got := depecheWith(t, load, nil, "extract", "--format", "jsonl",
		write(t, dir, "bad.txt", "Ne me lisez pas."), write(t, dir, "good.txt", sentence))
	if got.code != exitIncomplete || !strings.Contains(got.err, "bad.txt: the engine failed: cannot bear it") || parse(t, got.out).GetArticleId() != filepath.Join(dir, "good.txt") {
		t.Errorf("got %+v", got)
	}
}

// fragile is an engine that panics at a certain text.
type fragile struct{ server.Engine }

func (f fragile) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	if strings.HasPrefix(a.GetText(), "Ne me lisez pas") {
		panic("cannot bear it")
	}
	return f.Engine.Extract(ctx, a, o)
}

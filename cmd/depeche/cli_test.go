package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/depeche-events/depeche/internal/authority"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// loaded is the engine, loaded once for all tests.
var loaded = sync.OnceValues(func() (server.Engine, error) {
	return loadEngine(builtIn())
})

func engine(engineFlags) (server.Engine, error) { return loaded() }

// outcome is what a command line did.
type outcome struct {
	code     exitCode
	out, err string
}

// depeche runs a command line.
func depeche(t *testing.T, stdin io.Reader, args ...string) outcome {
	t.Helper()
	return depecheWith(t, engine, stdin, args...)
}

func depecheWith(t *testing.T, load engineLoader, stdin io.Reader, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, console{stdin, &out, &err}, load)
	return outcome{code, out.String(), err.String()}
}

// serveTimeout is how long a server may take to start or to end.
const serveTimeout = 30 * time.Second

// serve runs `depeche serve` on a port of the loopback until the test ends, and
// returns its address.
func serve(t *testing.T, load engineLoader, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	logs, log := io.Pipe()
	ended := make(chan exitCode, 1)
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--drain-delay", "0s"}, args...)
	go func() {
		ended <- run(ctx, args, console{nil, io.Discard, log}, load)
		log.Close()
	}()
	address := make(chan string, 1)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		defer close(address)
		for lines := json.NewDecoder(logs); ; {
			var entry struct{ Msg, Address string }
			if lines.Decode(&entry) != nil {
				io.Copy(io.Discard, logs)
				return
			}
			if entry.Msg == "serving" {
				address <- entry.Address
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		select {
		case code := <-ended:
			if code != exitOK {
				t.Errorf("serve ended with %d", code)
			}
		case <-time.After(serveTimeout):
			t.Error("serve does not end")
		}
		<-drained
	})
	select {
	case a := <-address:
		return a
	case <-time.After(serveTimeout):
		t.Fatal("serve does not start")
	}
	panic("unreachable")
}

// write puts a file into dir and returns its path.
func write(t *testing.T, dir, name, data string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const sentence = "L'armée malienne a repris dimanche la ville de Ménaka aux jihadistes, a annoncé le ministère de la Défense. "

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

func parse(t *testing.T, text string) *depechev1.Extraction {
	t.Helper()
	x := new(depechev1.Extraction)
	if err := protojson.Unmarshal([]byte(text), x); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return x
}

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

// An unreachable server ends the command at once, with a status of its own.
func TestUnreachable(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "a.txt", sentence)
	const nobody = "127.0.0.1:1"
	tests := []struct {
		name string
		args []string
		code exitCode
		err  string
	}{
		{"extract", []string{"extract", "--server", nobody, file, file}, exitUnreachable, "a.txt: the server cannot be reached: dial tcp 127.0.0.1:1"},
		{"stream", []string{"stream", "--server", nobody, "--in", file, "--out", filepath.Join(dir, "out.jsonl")}, exitUnreachable, "no server answers at " + nobody + ": dial tcp 127.0.0.1:1: "},
		{"healthcheck", []string{"healthcheck", "--server", nobody}, exitIncomplete, nobody + ": "},
		{"malformed address", []string{"extract", "--server", "a:1,b", file}, exitUsage, "--server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := depeche(t, nil, tt.args...)
			if got.code != tt.code || !strings.Contains(got.err, tt.err) || got.out != "" {
				t.Errorf("got %+v, want status %d and %q", got, tt.code, tt.err)
			}
		})
	}
}

func TestHealthcheck(t *testing.T) {
	address := serve(t, engine)
	if got := depeche(t, nil, "healthcheck", "--server", address); got != (outcome{exitOK, "SERVING\n", ""}) {
		t.Errorf("got %+v", got)
	}
	t.Setenv("DEPECHE_LISTEN", address)
	if got := depeche(t, nil, "healthcheck"); got.code != exitOK {
		t.Errorf("with DEPECHE_LISTEN: got %+v", got)
	}
	t.Setenv("DEPECHE_ADMIN", "127.0.0.1:1")
	if got := depeche(t, nil, "healthcheck"); got.code != exitIncomplete || !strings.Contains(got.err, "127.0.0.1:1") {
		t.Errorf("with DEPECHE_ADMIN: got %+v", got)
	}
}

func TestLocalAddress(t *testing.T) {
	for listen, want := range map[string]string{
		"":                "127.0.0.1:50051",
		":7000":           "127.0.0.1:7000",
		"0.0.0.0:7000":    "127.0.0.1:7000",
		"[::]:7000":       "127.0.0.1:7000",
		"[::1]:7000":      "[::1]:7000",
		"10.0.0.7:7000":   "10.0.0.7:7000",
		"host.local:7000": "host.local:7000",
	} {
		if got := localAddress(listen); got != want {
			t.Errorf("localAddress(%q) = %q, want %q", listen, got, want)
		}
	}
}

func TestServeFaults(t *testing.T) {
	taken := serve(t, engine)
	tests := []struct {
		name string
		args []string
		code exitCode
		err  []string
	}{
		{"every fault at once", []string{"--stream-window", "1KiB", "--max-calls", "0", "--listen", "here"}, exitUsage, []string{"stream-window", "max-calls", "listen"}},
		{"bad size", []string{"--stream-window", "64KB"}, exitUsage, []string{"--stream-window"}},
		{"bad level", []string{"--log-level", "loud"}, exitUsage, []string{"--log-level", "loud"}},
		{"port taken", []string{"--listen", taken}, exitFault, []string{taken, "in use"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := depeche(t, nil, append([]string{"serve"}, tt.args...)...)
			if got.code != tt.code {
				t.Errorf("status %d, want %d: %s", got.code, tt.code, got.err)
			}
			for _, want := range tt.err {
				if !strings.Contains(got.err, want) {
					t.Errorf("standard error lacks %q: %s", want, got.err)
				}
			}
		})
	}
}

// A server that asks for certificates and tokens is asked with both, by every
// command that asks one.
func TestSecured(t *testing.T) {
	dir, ours := t.TempDir(), authority.New(t, "ours")
	ca := authority.File(t, dir, "ca.crt", ours.PEM)
	cert, key := ours.Sign(t, "server", nil).Write(t, dir, "server")
	clientCert, clientKey := ours.Sign(t, "desk", nil).Write(t, dir, "client")
	token := filepath.Join(dir, "desk.token")
	tokens := write(t, dir, "tokens", depeche(t, nil, "token", "desk", "--out", token).out)
	address := serve(t, engine, "--tls-cert", cert, "--tls-key", key, "--tls-client-ca", ca, "--tokens", tokens)

	file := write(t, dir, "a.txt", "L'armée a repris la ville samedi, a annoncé le ministère.")
	corpus := write(t, dir, "corpus.jsonl", `{"id":"a","text":"L'armée a repris la ville samedi, a annoncé le ministère."}`+"\n")
	secure := []string{"--tls-ca", ca, "--tls-cert", clientCert, "--tls-key", clientKey}
	for name, args := range map[string][]string{
		"extract": {"extract", "--server", address, file},
		"stream":  {"stream", "--server", address, "--in", corpus, "--out", filepath.Join(dir, "out.jsonl")},
	} {
		args = append(args, secure...)
		if got := depeche(t, nil, args...); got.code == exitOK || !strings.Contains(got.err, "no authorization") {
			t.Errorf("%s without a token: %+v", name, got)
		}
		if got := depeche(t, nil, append(args, "--token-file", token)...); got.code != exitOK {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := depeche(t, nil, append([]string{"healthcheck", "--server", address}, secure...)...); got.code != exitOK {
		t.Errorf("healthcheck: %+v", got)
	}
	for name, args := range map[string][]string{
		"in the clear":          nil,
		"unknown authority":     {"--tls"},
		"without a certificate": {"--tls-ca", ca},
		"by another name":       append([]string{"--tls-server-name", "other.example.org"}, secure...),
	} {
		if got := depeche(t, nil, append([]string{"healthcheck", "--server", address}, args...)...); got.code != exitIncomplete {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, args := range map[string][]string{
		"token in the clear":   {"--token-file", token},
		"no such authorities":  {"--tls-ca", filepath.Join(dir, "none")},
		"certificate, no key":  {"--tls-cert", clientCert},
		"another's key":        {"--tls-cert", clientCert, "--tls-key", key},
		"authorities, no file": {"--tls-ca", token},
	} {
		if got := depeche(t, nil, append([]string{"extract", "--server", address, file}, args...)...); got.code != exitUsage {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

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

// An engine that cannot be loaded ends every command that needs one.
func TestEngineFault(t *testing.T) {
	broken := func(engineFlags) (server.Engine, error) { return nil, os.ErrInvalid }
	for _, args := range [][]string{{"extract", "-"}, {"serve"}, {"ontology"}, {"version"}} {
		got := depecheWith(t, broken, strings.NewReader(sentence), args...)
		if got.code != exitFault || !strings.Contains(got.err, os.ErrInvalid.Error()) {
			t.Errorf("%v: got %+v", args, got)
		}
	}
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

// What cannot be printed is not passed over.
func TestOutputFault(t *testing.T) {
	for _, args := range [][]string{{"extract", "-"}, {"extract", "--format", "json", "-"}, {"extract", "--format", "jsonl", "-"}, {"ontology"}, {"version"}} {
		var err bytes.Buffer
		code := run(t.Context(), args, console{strings.NewReader(sentence), fullDisk{}, &err}, engine)
		if code != exitFault || !strings.Contains(err.String(), "disk full") {
			t.Errorf("%v: got %d, %s", args, code, err.String())
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "out", Err: errDiskFull}
}

var errDiskFull = diskFull("disk full")

type diskFull string

func (d diskFull) Error() string { return string(d) }

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, err bytes.Buffer
	code := run(ctx, []string{"extract", "-"}, console{strings.NewReader(sentence), &out, &err}, engine)
	if code != exitInterrupted || out.Len() > 0 {
		t.Errorf("got %d, %s%s", code, out.String(), err.String())
	}
}

func TestOntology(t *testing.T) {
	text := depeche(t, nil, "ontology")
	if text.code != exitOK || !strings.Contains(text.out, "ARMED_CLASH ") || strings.Contains(text.out, "EVENT_TYPE_") {
		t.Errorf("got %+v", text)
	}
	asJSON := depeche(t, nil, "ontology", "--format", "json")
	d := new(depechev1.DescribeOntologyResponse)
	if err := protojson.Unmarshal([]byte(asJSON.out), d); err != nil || len(d.GetTypes()) == 0 {
		t.Errorf("got %+v: %v", asJSON, err)
	}
}

func TestVersion(t *testing.T) {
	got := depeche(t, nil, "version")
	for _, want := range []string{"engine ", "model ", "lexicon ", "gazetteer ", "ontology ", "languages  fr", "go         go1."} {
		if !strings.Contains(got.out, want) {
			t.Errorf("lacks %q: %s", want, got.out)
		}
	}
}

// A report is as wide as it is told to be, and in colour on terminals only.
func TestLayout(t *testing.T) {
	c := console{out: new(bytes.Buffer)}
	t.Setenv("COLUMNS", "")
	if got := c.layout(); got.Width != plainWidth || got.Colour {
		t.Errorf("got %+v", got)
	}
	t.Setenv("COLUMNS", "64")
	if got := c.layout(); got.Width != 64 || got.Colour {
		t.Errorf("with COLUMNS: got %+v", got)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"extract", "--help"}, {"serve", "--help"}, {"stream", "--help"}, {"ontology", "--help"}, {"healthcheck", "--help"}, {"version", "--help"}} {
		got := depeche(t, nil, args...)
		if got.code != exitOK || got.err != "" || !strings.HasPrefix(got.out, "Usage: depeche") {
			t.Errorf("%v: got %+v", args, got)
		}
	}
}

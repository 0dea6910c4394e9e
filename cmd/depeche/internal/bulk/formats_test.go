package bulk

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"

	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// inputs are the same n articles in every form of input, by file name: some are
// refused, some have a combat.
func inputs(t *testing.T, n int) map[string][]byte {
	t.Helper()
	type row struct {
		ID   string  `parquet:"id"`
		Text *string `parquet:"text"`
	}
	var lines, csv, packed bytes.Buffer
	var rows []row
	csv.WriteString("id,text\r\n")
	for i := range n {
		id, text := fmt.Sprintf("article-%d", i), "Une manifestation a eu lieu."
		switch {
		case i%10 == 3:
			id = fmt.Sprintf("refuse-%d", i)
		case i%4 == 1:
			text = "Un combat\na eu lieu."
		}
		fmt.Fprintf(&lines, "{\"id\": %q, \"text\": %q}\n", id, text)
		fmt.Fprintf(&csv, "%s,\"%s\"\r\n", id, text)
		rows = append(rows, row{id, &text})
	}
	w := parquet.NewGenericWriter[row](&packed, parquet.MaxRowsPerRowGroup(30))
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	g.Write(csv.Bytes())
	g.Close()
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(lines.Bytes())
	z.Close()
	return map[string][]byte{"in.jsonl": lines.Bytes(), "in.csv": csv.Bytes(), "in.parquet": packed.Bytes(), "in.csv.gz": gz.Bytes(), "in.jsonl.zst": zst.Bytes()}
}

// unpacked is the output as its readers see it.
func (r *run) unpacked() string {
	r.t.Helper()
	if r.config.OutFormat == export.Parquet {
		return r.rows()
	}
	var text io.Reader = strings.NewReader(r.read(r.out))
	var err error
	switch compressionOf(r.out) {
	case gzipped:
		text, err = gzip.NewReader(text)
	case zstandard:
		text, err = zstd.NewReader(text, zstd.WithDecoderConcurrency(1))
	}
	if err != nil {
		r.t.Fatal(err)
	}
	data, err := io.ReadAll(text)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(data)
}

// rows are those of all parts, of which no one is open.
func (r *run) rows() string {
	r.t.Helper()
	entries, err := os.ReadDir(r.out)
	if err != nil {
		r.t.Fatal(err)
	}
	var out strings.Builder
	for i, e := range entries {
		if e.Name() != fmt.Sprintf("part-%05d.parquet", i) {
			r.t.Errorf("part %d is %s", i, e.Name())
		}
		rows, err := parquet.ReadFile[export.Row](filepath.Join(r.out, e.Name()))
		if err != nil {
			r.t.Fatal(err)
		}
		for _, row := range rows {
			text, err := json.Marshal(row)
			if err != nil {
				r.t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s\n", text)
		}
	}
	return out.String()
}

// Parquet without a row has its columns; what is appended to the input later
// takes the place of the empty part.
func TestEmptyParquet(t *testing.T) {
	r := newRun(t, 0)
	r.out = filepath.Join(filepath.Dir(r.in), "out.parquet")
	r.config.Out, r.config.OutFormat, r.config.Resume = r.out, export.Parquet, true
	for _, text := range []string{"", "{\"id\": \"a\", \"text\": \"rien\"}\n", "{\"id\": \"a\", \"text\": \"rien\"}\n{\"id\": \"b\", \"text\": \"un combat\"}\n"} {
		r.write(r.in, text)
		if _, err := Run(t.Context(), r.config); err != nil {
			t.Fatal(err)
		}
		if want := strings.Count(text, "combat"); strings.Count(r.rows(), "\n") != want {
			t.Errorf("rows are %s, want %d", r.rows(), want)
		}
		if file, err := os.ReadFile(filepath.Join(r.out, "part-00000.parquet")); err != nil || !bytes.Contains(file, []byte("event_type")) {
			t.Errorf("part 0: %v", err)
		}
	}
}

// A FeatureCollection is valid JSON after an interruption, too, and after the
// run has been resumed.
func TestGeoJSONIsWhole(t *testing.T) {
	r := newRun(t, 0)
	r.write(r.in, string(inputs(t, 100)["in.jsonl"]))
	r.config.OutFormat, r.config.Resume = export.GeoJSON, true
	for _, stop := range []uint64{0, 20, 60} {
		broken := errors.New("interrupted")
		r.config.Extractor = echo{before: func(index uint64) error {
			if stop > 0 && index == stop {
				return broken
			}
			return nil
		}}
		if stop == 0 { // begins with nothing
			r.config.Extractor = echo{before: func(uint64) error { return broken }}
		}
		if _, err := Run(t.Context(), r.config); !errors.Is(err, broken) && err != nil {
			t.Fatal(err)
		}
		var collection struct{ Features []json.RawMessage }
		if err := json.Unmarshal([]byte(r.read(r.out)), &collection); err != nil {
			t.Fatalf("after %d: %v in\n%s", stop, err, r.read(r.out))
		}
	}
	r.config.Extractor = echo{}
	summary, err := Run(t.Context(), r.config)
	if err != nil {
		t.Fatal(err)
	}
	var collection struct{ Features []json.RawMessage }
	if err := json.Unmarshal([]byte(r.read(r.out)), &collection); err != nil || len(collection.Features) == 0 || int64(len(collection.Features)) != summary.Rows {
		t.Errorf("%d features, %d counted, %v", len(collection.Features), summary.Rows, err)
	}
}

// A second run to the same output is refused while the first one runs, and
// disturbs nothing.
func TestLock(t *testing.T) {
	for _, format := range export.Formats() {
		t.Run(string(format), func(t *testing.T) {
			r := newRun(t, 30)
			r.config.OutFormat, r.config.Resume = format, true
			if format == export.Parquet {
				r.out = strings.TrimSuffix(r.out, ".jsonl") + ".parquet"
				r.config.Out = r.out
			}
			second := r.config
			second.Extractor = echo{}
			refusals := 0
			r.config.Extractor = echo{before: func(uint64) error {
				_, err := Run(t.Context(), second)
				var refused *UsageError
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), "is being written by another run") {
					t.Errorf("the second run: %v", err)
				}
				refusals++
				return nil
			}}
			summary, err := Run(t.Context(), r.config)
			if err != nil || refusals == 0 || summary.Articles != int64(refusals) {
				t.Errorf("%d refusals, %+v, %v", refusals, summary, err)
			}
			if _, err := os.Stat(CheckpointPath(r.out)); err != nil {
				t.Error(err)
			}
			if _, err := Run(t.Context(), second); err != nil { // the lock is gone
				t.Error(err)
			}
		})
	}
}

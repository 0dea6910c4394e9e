package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// parquetRow has a column of each kind.
type parquetRow struct {
	Number int64     `parquet:"id"`
	Body   *string   `parquet:"body,dict,zstd"`
	HTML   string    `parquet:"html,optional"`
	Date   int32     `parquet:"date,date"`
	Moment time.Time `parquet:"moment,timestamp(microsecond)"`
	Tags   []string  `parquet:"tags,list"`
	Price  float64   `parquet:"price"`
}

// parquetFile is n rows in groups of a few, every third without a body.
func parquetFile(t testing.TB, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := parquet.NewGenericWriter[parquetRow](&out, parquet.MaxRowsPerRowGroup(7), parquet.PageBufferSize(64))
	for i := range n {
		row := parquetRow{Number: int64(i), Date: int32(17146 + i), Moment: time.Unix(int64(1_000_000*i), 0), Tags: []string{"a", "b"}}
		if i%3 != 0 {
			text := fmt.Sprintf("Une manifestation, la %de.", i%5)
			row.Body = &text
		}
		if _, err := w.Write([]parquetRow{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParquet(t *testing.T) {
	path := writeFile(t, "articles.parquet", parquetFile(t, 20))
	tests := []struct {
		name    string
		columns map[Field]string
		want    []string // the first rows
	}{
		{"usual names", nil, []string{
			`1: id:"0" publish_date:{year:2016 month:12 day:11}`,
			`2: id:"1" text:"Une manifestation, la 1e." publish_date:{year:2016 month:12 day:12}`,
		}},
		{"a moment", map[Field]string{"published": "moment"}, []string{
			`1: id:"0" publish_time:{}`,
			`2: id:"1" text:"Une manifestation, la 1e." publish_time:{seconds:1000000}`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Open(t.Context(), Config{Path: path, Columns: test.columns})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			got := rest(t, r)
			if len(got) != 20 || strings.Join(got[:2], "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got %d rows:\n%s", len(got), strings.Join(got, "\n"))
			}
			if done, total := r.Progress(); done != 20 || total != 20 {
				t.Errorf("progress is %d of %d", done, total)
			}
		})
	}
}

func TestParquetUsage(t *testing.T) {
	data := parquetFile(t, 5)
	path := writeFile(t, "articles.parquet", data)
	tests := []struct {
		name, path string
		columns    map[Field]string
		want       string
	}{
		{"a list", path, map[Field]string{"text": "tags"}, `no column "tags" for text: there are "id", "body", "html", "date", "moment", "price"`},
		{"a number for a text", path, map[Field]string{"text": "price"}, `column "price" is DOUBLE and cannot be text`},
		{"a number for a date", path, map[Field]string{"published": "id"}, "a number is no date"},
		{"cut short", writeFile(t, "short.parquet", data[:len(data)-1]), nil, "short.parquet"},
		{"compressed as a whole", writeFile(t, "a.parquet.gz", packed(t, string(data))[".gz"]), nil, "compressed as a whole"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(t.Context(), Config{Path: test.path, Columns: test.columns})
			var usage *UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a UsageError with %q", err, test.want)
			}
		})
	}
}

// Reading goes on after every row as if it had not been left.
func TestParquetSeek(t *testing.T) {
	path := writeFile(t, "articles", parquetFile(t, 30)) // told by its first bytes
	open := func() *Reader {
		r, err := Open(t.Context(), Config{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		return r
	}
	all := rest(t, open())
	for done := 1; done <= len(all); done++ {
		r := open()
		at, err := r.Mark(Position{Line: int64(done)})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Seek(at); err != nil {
			t.Fatal(err)
		}
		if got := rest(t, r); strings.Join(got, "\n") != strings.Join(all[done:], "\n") {
			t.Errorf("after row %d:\n%s\nwant\n%s", done, strings.Join(got, "\n"), strings.Join(all[done:], "\n"))
		}
	}
	at, err := open().Mark(Position{Line: 3})
	if err != nil {
		t.Fatal(err)
	}
	path = writeFile(t, "another.parquet", parquetFile(t, 31))
	if err := open().Seek(at); err == nil || !strings.Contains(err.Error(), "its footer differs") {
		t.Errorf("another file: %v", err)
	}
}

// Whatever the bytes: an error, or rows, and no panic.
func FuzzParquet(f *testing.F) {
	data := parquetFile(f, 12)
	f.Add(data)
	f.Add(data[:len(data)-20])
	f.Add([]byte("PAR1\x00\x00\x00\x00\x00\x00\x00\x00PAR1"))
	for at := 0; at < len(data); at += 97 {
		broken := bytes.Clone(data)
		broken[at] ^= 0xff
		f.Add(broken)
	}
	path := filepath.Join(f.TempDir(), "fuzz.parquet")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Open(t.Context(), Config{Path: path})
		if err != nil {
			return
		}
		defer r.Close()
		const most = 10_000 // a few bytes may claim any number of rows
		for range most {
			if _, err := r.Next(); err != nil {
				return
			}
		}
	})
}

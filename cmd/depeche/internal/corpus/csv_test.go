package corpus

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
)

// read reads a text as a format and returns a line for each record: its line,
// and its article or its fault.
func read(t *testing.T, config Config, text string) []string {
	t.Helper()
	config.Path, config.Stdin = Standard, strings.NewReader(text)
	r, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	return rest(t, r)
}

func rest(t *testing.T, r *Reader) []string {
	t.Helper()
	var out []string
	for {
		record, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d: %s", record.Line, shown(record)))
	}
}

func shown(record Record) string {
	if record.Fault != nil {
		said := strings.ReplaceAll(record.Fault.Error(), "rpc error: code = InvalidArgument desc = ", "! ")
		if record.ID != "" {
			said = fmt.Sprintf("id:%q %s", record.ID, said)
		}
		return said
	}
	return strings.Join(strings.Fields(prototext.MarshalOptions{}.Format(record.Article)), " ")
}

func TestCSV(t *testing.T) {
	big := strings.Repeat("Une manifestation a eu lieu. ", 100_000) // 2.9 MB
	tests := []struct {
		name   string
		config Config
		text   string
		want   []string
	}{
		{"header only", Config{}, "id,text\n", nil},
		{"plain", Config{}, "id,text\na,Bonjour\nb,Bonsoir", []string{`2: id:"a" text:"Bonjour"`, `3: id:"b" text:"Bonsoir"`}},
		{"byte order mark, CRLF, blank lines", Config{}, "\ufeffid,text\r\n\r\na,Bonjour\r\n\r\n", []string{`3: id:"a" text:"Bonjour"`}},
		{"quotes", Config{}, "id,text\na,\"un \"\"mot\"\", deux\"\n\"b\",\"\"\n", []string{`2: id:"a" text:"un \"mot\", deux"`, `3: id:"b"`}},
		{"a cell of several lines keeps its bytes", Config{}, "id,text\na,\"une\r\n\r\ndeux\n\"\nb,x\n", []string{`2: id:"a" text:"une\r\n\r\ndeux\n"`, `6: id:"b" text:"x"`}},
		{"semicolons", Config{Separator: ';'}, "id;text\na;un, deux\n", []string{`2: id:"a" text:"un, deux"`}},
		{"empty cells are absent", Config{}, "id,text,html,title\na,,<p>x</p>,\n", []string{`2: id:"a" html:"<p>x</p>"`}},
		{"too few and too many cells", Config{}, "id,text\na\nb,x,y\nc,z\n", []string{"2: ! the row has 1 cells, the header 2", "3: ! the row has 3 cells, the header 2", `4: id:"c" text:"z"`}},
		{"a quote inside a cell", Config{}, "id,text\na,12\" de pluie\nb,x\n", []string{"2: ! a quote inside a cell that does not begin with one", `3: id:"b" text:"x"`}},
		{"something after a quote", Config{}, "id,text\na,\"x\" y\nb,z\n", []string{"2: ! something after the quote that ends a cell; a quote inside is written \"\"", `3: id:"b" text:"z"`}},
		{"a quote that is never closed", Config{}, "id,text\na,\"x\nb,y\nc,z\n", []string{"2: ! a quote is opened and never closed", `3: id:"b" text:"y"`, `4: id:"c" text:"z"`}},
		{"a quote that the next row seems to close", Config{}, "id,text\na,\"x\nb,\"y\"\n", []string{"2: ! something after the quote that ends a cell; a quote inside is written \"\"", `3: id:"b" text:"y"`}},
		{"big cells", Config{}, "id,text\na,\"" + big + "\"\nb,x\n", []string{`2: id:"a" text:"` + big + `"`, `3: id:"b" text:"x"`}},
		{"names by flags", Config{Columns: map[Field]string{"text": "article", "published": "jour", "title": "text"}}, "nr,jour,article,text\n1,2016-12-11,x,y\n", []string{`2: text:"x" title:"y" publish_date:{year:2016 month:12 day:11}`}},
		{"usual names in any case", Config{}, "GUID,Headline,Body,Lang,Date,Outlet,Link\n1,T,x,fr,2016-12-11,AFP,http://a/\n", []string{`2: id:"1" text:"x" title:"T" language:"fr" publish_date:{year:2016 month:12 day:11} source:"AFP" url:"http://a/"`}},
		{"every field", Config{}, "id,raw,content_type,title,language,published,time_zone,source,url\na,x,text/plain,t,fr,2016-12-11T23:30:00+01:00,Europe/Paris,s,u\n", []string{`2: id:"a" raw:"x" content_type:"text/plain" title:"t" language:"fr" publish_time:{seconds:1481495400} time_zone:"Europe/Paris" source:"s" url:"u"`}},
		{"dates", Config{}, "text,date\na,2016-12-11 23:30:00\nb,2016-12-11 23:30:00+01:00\nc,hier\nd,2016-02-30\n", []string{
			`2: text:"a" publish_date:{year:2016 month:12 day:11}`,
			`3: text:"b" publish_time:{seconds:1481495400}`,
			`4: ! column "date": "hier" is neither a day such as 2016-12-11 nor a moment such as 2016-12-11T23:30:00+01:00`,
			`5: ! column "date": "2016-02-30" is neither a day such as 2016-12-11 nor a moment such as 2016-12-11T23:30:00+01:00`,
		}},
		{"two bodies", Config{}, "text,html\na,\nb,<p>b\n,<p>c\n", []string{`2: text:"a"`, "3: ! both text and html are given: an article has one body", `4: html:"<p>c"`}},
		{"a row at fault keeps its id", Config{}, "text,date,id\na,2016-02-30,x\n", []string{`2: id:"x" ! column "date": "2016-02-30" is neither a day such as 2016-12-11 nor a moment such as 2016-12-11T23:30:00+01:00`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.config.Format = CSV
			got := read(t, test.config, test.text)
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%.2000s\nwant\n%.2000s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name   string
		config Config
		want   string
	}{
		{"no file", Config{Path: filepath.Join(dir, "none")}, "no such file"},
		{"a directory", Config{Path: dir}, "is a directory"},
		{"empty CSV", Config{Path: write("empty.csv", "")}, "begins with a header"},
		{"no body", Config{Path: write("nobody.csv", "id,words\na,b\n")}, `there are "id", "words"`},
		{"a column that is not there", Config{Path: write("a.csv", "id,words\na,b\n"), Columns: map[Field]string{"text": "body"}}, `has no column "body" for text: there are "id", "words"`},
		{"a column twice", Config{Path: write("twice.csv", "words,words\na,b\n"), Columns: map[Field]string{"text": "words"}}, `two columns "words"`},
		{"a field that is none", Config{Path: write("b.csv", "id,text\na,b\n"), Columns: map[Field]string{"body": "text"}}, `"body" is no field`},
		{"another separator", Config{Path: write("semi.csv", "id;text\na;b\n")}, "another --separator?"},
		{"a header that is none", Config{Path: write("quote.csv", "id,\"text\na,b\n")}, "never closed"},
		{"a format that is none", Config{Path: write("a.txt", ""), Format: "xml"}, `"xml" is no format`},
		{"columns of JSONL", Config{Path: write("columns.jsonl", "{}\n"), Columns: map[Field]string{"text": "body"}}, "leave out --column"},
		{"a separator of JSONL", Config{Path: write("separator.jsonl", "{}\n"), Separator: ';'}, "leave out --separator"},
		{"not gzip", Config{Path: write("a.jsonl.gz", "{}\n")}, "does not begin as gzip does"},
		{"not zstd", Config{Path: write("a.jsonl.zst", "{}\n")}, "does not begin as zstd does"},
		{"not Parquet", Config{Path: write("a.parquet", "PAR1 and so on")}, "a.parquet"},
		{"Parquet of standard input", Config{Path: Standard, Format: Parquet, Stdin: strings.NewReader("PAR1")}, "give a file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Open(t.Context(), test.config)
			var usage *UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a UsageError with %q", err, test.want)
			}
			if err == nil {
				r.Close()
			}
		})
	}
}

// packed is a text in every compression, and in two members or frames.
func packed(t testing.TB, text string) map[string][]byte {
	t.Helper()
	half := len(text) / 2
	var gz, zst, gz2 bytes.Buffer
	for _, part := range []string{text[:half], text[half:]} {
		w := gzip.NewWriter(&gz2)
		io.WriteString(w, part)
		w.Close()
	}
	w := gzip.NewWriter(&gz)
	io.WriteString(w, text)
	w.Close()
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(z, text)
	z.Close()
	return map[string][]byte{"": []byte(text), ".gz": gz.Bytes(), ".zst": zst.Bytes(), "-2.gz": gz2.Bytes()}
}

// Reading goes on from every record's end as if it had not been left.
func TestSeek(t *testing.T) {
	csvText := "\ufeffid,text\r\n\r\na,Bonjour\r\nb,\"deux\nlignes\"\nc,\"x\nd,y\n\ne,fin"
	jsonText := "\ufeff{\"id\":\"a\"}\n\n{\"id\":\n{\"id\":\"c\"}\r\n{\"id\":\"d\"}"
	for kind, text := range map[string]string{".csv": csvText, ".jsonl": jsonText} {
		for ending, data := range packed(t, text) {
			t.Run(kind+ending, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "articles"+kind+ending)
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				open := func() *Reader {
					format := CSV
					if kind == ".jsonl" {
						format = JSONL
					}
					r, err := Open(context.Background(), Config{Path: path, Format: format})
					if err != nil {
						t.Fatal(err)
					}
					return r
				}
				r := open()
				defer r.Close()
				var ends []Position
				var all []string
				for {
					record, err := r.Next()
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					end, err := r.Mark(record.End)
					if err != nil {
						t.Fatal(err)
					}
					ends = append(ends, end)
					all = append(all, fmt.Sprintf("%d: %s", record.Line, shown(record)))
				}
				if len(all) < 4 {
					t.Fatalf("only %d records: that tests little", len(all))
				}
				for i, end := range ends {
					r := open()
					if err := r.Seek(end); err != nil {
						t.Fatal(err)
					}
					if got := rest(t, r); strings.Join(got, "\n") != strings.Join(all[i+1:], "\n") {
						t.Errorf("after record %d:\n%s\nwant\n%s", i+1, strings.Join(got, "\n"), strings.Join(all[i+1:], "\n"))
					}
					r.Close()
				}
				// The same place in another text.
				other := open()
				defer other.Close()
				last := ends[len(ends)-1]
				last.Digest++
				var usage *UsageError
				if err := other.Seek(last); !errors.As(err, &usage) || !strings.Contains(err.Error(), "it differs before line") {
					t.Errorf("another text: %v", err)
				}
			})
		}
	}
}

// A file that ends in the middle of its compression is an error, once what
// could be read of it is read.
func TestTruncated(t *testing.T) {
	text := strings.Repeat("{\"id\":\"a\",\"text\":\"Une manifestation a eu lieu.\"}\n", 1000)
	for ending, data := range packed(t, text) {
		if ending == "" {
			continue
		}
		r, err := Open(t.Context(), Config{Path: Standard, Stdin: bytes.NewReader(data[:len(data)-3])})
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = r.Next()
		}
		if err == io.EOF || !strings.Contains(err.Error(), "after line") {
			t.Errorf("%s: %v", ending, err)
		}
		r.Close()
	}
}

// Whatever the bytes: no panic, every record ends after the one before it, and
// what encoding/csv can read is read as it reads it.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("text\na\n\"b\"\"c\n\"\n\"d\ne\n"))
	f.Add([]byte("id,text\r\n1,\"x\r\ny\"\r\n2,z\"\r\n,,,\r\n"))
	f.Add([]byte("\ufefftext,date\n\xff,2016\n\"\n\n\"\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open(t.Context(), Config{Path: Standard, Format: CSV, Stdin: bytes.NewReader(data)})
		if err != nil {
			return
		}
		defer r.Close()
		var got []string
		faults := 0
		var last Position
		for {
			record, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if record.End.Offset <= last.Offset || record.End.Line < record.Line || record.Line <= last.Line {
				t.Fatalf("a record at %+v after %+v", record, last)
			}
			last = record.End
			if record.Fault != nil {
				faults++
				continue
			}
			got = append(got, strings.ReplaceAll(record.Article.GetText(), "\r\n", "\n"))
		}
		if faults > 0 || bytes.Contains(data, []byte("\r\r")) {
			return
		}
		theirs := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		theirs.FieldsPerRecord = -1
		rows, err := theirs.ReadAll()
		if err != nil {
			return // they are stricter: a carriage return alone, an empty line of blanks
		}
		column := -1
		for i, name := range rows[0] {
			if strings.EqualFold(strings.TrimSpace(name), "text") && column < 0 {
				column = i
			}
		}
		if column < 0 {
			return
		}
		var want []string
		for _, row := range rows[1:] {
			if strings.TrimSpace(strings.Join(row, "")) != "" || len(row) > 1 {
				want = append(want, row[column])
			}
		}
		blank := func(texts []string) (out []string) {
			for _, text := range texts {
				if strings.TrimSpace(text) != "" {
					out = append(out, text)
				}
			}
			return out
		}
		if a, b := fmt.Sprintf("%q", blank(got)), fmt.Sprintf("%q", blank(want)); a != b {
			t.Fatalf("got\n%s\nencoding/csv\n%s", a, b)
		}
	})
}

// Whatever the bytes, every line that is not blank is a record.
func FuzzJSONL(f *testing.F) {
	f.Add([]byte("{\"id\":\"a\"}\n\n[\nnull\n"))
	for _, data := range packed(f, "{\"id\":\"a\"}\n{\"id\":\"b\"}\n") {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open(t.Context(), Config{Path: Standard, Format: JSONL, Stdin: io.LimitReader(bytes.NewReader(data), 1<<20)})
		if err != nil {
			return
		}
		defer r.Close()
		const most = 10_000 // a small file may hold many lines, compressed
		for range most {
			record, err := r.Next()
			if err != nil {
				return
			}
			if (record.Article == nil) == (record.Fault == nil) {
				t.Fatalf("both or neither: %+v", record)
			}
			if record.Article != nil {
				if _, err := protojson.Marshal(record.Article); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

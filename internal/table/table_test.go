package table

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestRead(t *testing.T) {
	columns := []string{"id", "names"}
	for _, tt := range []struct {
		name, file string
		want       string   // id:names, joined by spaces
		faults     []string // each must be told
	}{
		{name: "comments and blank lines", file: "# of places\n\nid\tnames\na\tx | y|\n# b\tz\nc\n", want: "a:x,y c:"},
		{name: "windows line ends", file: "id\tnames\r\na\tx\r\n", want: "a:x"},
		{name: "wrong header", file: "id\tname\n", faults: []string{`t.tsv:1: header is ["id" "name"]`}},
		{name: "empty", file: "# nothing\n", faults: []string{"t.tsv: no header line"}},
		{name: "too many values", file: "id\tnames\na\tb\tc\nd\te\n", want: "d:e", faults: []string{"t.tsv:2: 3 values"}},
		{name: "refused rows", file: "id\tnames\nbad\nok\nbad\n", want: "ok:", faults: []string{"t.tsv:2: bad id", "t.tsv:4: bad id"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := Read(fstest.MapFS{"t.tsv": {Data: []byte(tt.file)}}, "t.tsv", columns, func(r Row) error {
				if r.Get("id") == "bad" {
					return r.Errorf("bad id")
				}
				got = append(got, r.Get("id")+":"+strings.Join(r.List("names"), ","))
				return nil
			})
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("rows %q, want %q", s, tt.want)
			}
			if err != nil && len(tt.faults) == 0 {
				t.Fatal(err)
			}
			for _, f := range tt.faults {
				if err == nil || !strings.Contains(err.Error(), f) {
					t.Errorf("error %v, want one that tells %q", err, f)
				}
			}
		})
	}
}

func TestReadMissingFile(t *testing.T) {
	if err := Read(fstest.MapFS{}, "t.tsv", nil, nil); err == nil || !strings.Contains(err.Error(), "t.tsv") {
		t.Errorf("error %v, want one that names the file", err)
	}
}

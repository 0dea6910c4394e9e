package language

import (
	"bufio"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
)

// The test flags -language-lines and -language-want measure the detector on the
// lines of a file, which may be gzipped; the first tab-separated column is left
// out where there is one:
//
//	go test ./internal/language -v -run Accuracy -language-lines $PWD/lines.txt.gz -language-want fr
var (
	linesFile = flag.String("language-lines", "", "measure on the lines of this file")
	linesWant = flag.String("language-want", "fr", "the language that they are in")
)

func TestAccuracy(t *testing.T) {
	if *linesFile == "" {
		t.Skip("no -language-lines file")
	}
	f, err := os.Open(*linesFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(*linesFile, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	d := detector(t)
	var lines []string
	for s := bufio.NewScanner(in); s.Scan(); {
		line := s.Text()
		if _, rest, ok := strings.Cut(line, "\t"); ok {
			line = rest
		}
		lines = append(lines, line)
	}
	for _, size := range []int{1, 3, 10} { // lines read together
		n, right, unsure, surelyWrong := 0, 0, 0, 0
		shown := 0
		for i := 0; i+size <= len(lines); i += size {
			text := strings.Join(lines[i:i+size], " ")
			g := d.Detect(text)
			n++
			switch {
			case g.Tag == *linesWant:
				right++
			case g.Tag == Undetermined:
				unsure++
			default:
				if g.Confidence >= 0.9 {
					surelyWrong++
				}
				if shown < 12 {
					shown++
					t.Logf("%s %.2f %.120s", g.Tag, g.Confidence, text)
				}
			}
		}
		t.Logf("%d lines together: %d of %d right (%.2f %%), %d undetermined, %d wrong, %d of them above 0.9",
			size, right, n, 100*float64(right)/float64(n), unsure, n-right-unsure, surelyWrong)
	}
}

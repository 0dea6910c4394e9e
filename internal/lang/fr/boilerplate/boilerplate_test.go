// Package boilerplate_test tests the French data of this folder on pages of
// many outlets' kinds.
package boilerplate_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
)

// The test flag -segment prints the segments of a file, to judge by eye:
//
//	go test ./internal/lang/fr/boilerplate -run ShowSegments -segment $PWD/article.txt
var segmentFile = flag.String("segment", "", "print the segments of this file")

func segmenter(t testing.TB) *article.Segmenter {
	t.Helper()
	s, err := article.ReadSignals(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	return article.NewSegmenter(s)
}

func kindName(k article.SegmentKind) string {
	return map[article.SegmentKind]string{
		article.Heading: "heading", article.Prose: "prose", article.Caption: "caption",
		article.Teaser: "teaser", article.Boilerplate: "boilerplate",
	}[k]
}

func TestShowSegments(t *testing.T) {
	if *segmentFile == "" {
		t.Skip("no -segment file")
	}
	body, err := os.ReadFile(*segmentFile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := article.Read("", body, article.Raw, "")
	if err != nil {
		t.Fatal(err)
	}
	d := segmenter(t).Segment(t.Context(), r)
	for _, s := range d.Segments {
		fmt.Printf("%-11s %-17s %s\n", kindName(s.Kind), s.Reason, d.Text(s.Span))
	}
}

// The test flag -segment-lines prints what is set aside of a file of the news'
// sentences, cut into articles of a dozen lines: nearly nothing should be.
//
//	go test ./internal/lang/fr/boilerplate -v -run SetAside -segment-lines $PWD/lines.txt
var linesFile = flag.String("segment-lines", "", "print what is set aside of the lines of this file")

func TestSetAside(t *testing.T) {
	if *linesFile == "" {
		t.Skip("no -segment-lines file")
	}
	all, err := os.ReadFile(*linesFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(all)), "\n")
	s := segmenter(t)
	words, aside := 0, 0
	for i := 0; i < len(lines); i += 12 {
		body := strings.Join(lines[i:min(i+12, len(lines))], "\n\n")
		r, err := article.Read("", []byte(body), article.PlainText, "")
		if err != nil {
			continue
		}
		d := s.Segment(t.Context(), r)
		for _, g := range d.Segments {
			n := len(strings.Fields(d.Text(g.Span)))
			words += n
			if !g.Kind.Told() {
				aside += n
				fmt.Printf("%-11s %-17s %s\n", kindName(g.Kind), g.Reason, d.Text(g.Span))
			}
		}
	}
	fmt.Printf("%d of %d words set aside (%.2f %%)\n", aside, words, 100*float64(aside)/float64(words))
}

// The pages of testdata are this project's own writing after the manner of
// outlets' pages. Each line has what it must be told as, a tab and its text: h
// heading, p prose, c caption, t teaser, b boilerplate, the last two with
// their reason; + goes on with the segment of the line before.
func TestPages(t *testing.T) {
	names, err := filepath.Glob("testdata/*.page")
	if err != nil || len(names) < 15 {
		t.Fatalf("%d pages, %v", len(names), err)
	}
	s := segmenter(t)
	tags := map[article.SegmentKind]string{
		article.Heading: "h", article.Prose: "p", article.Caption: "c", article.Teaser: "t", article.Boilerplate: "b",
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".page"), func(t *testing.T) {
			page, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var body strings.Builder
			type segment struct{ tag, text string }
			var want []segment
			for line := range strings.Lines(string(page)) {
				line = strings.TrimSuffix(line, "\n")
				tag, text, ok := strings.Cut(line, "\t")
				switch {
				case line == "":
				case !ok:
					t.Fatalf("no tab in %q", line)
				case tag == "+":
					want[len(want)-1].text += "\n" + text
				default:
					want = append(want, segment{tag, text})
				}
				body.WriteString(text + "\n")
			}
			r, err := article.Read("", []byte(body.String()), article.PlainText, "")
			if err != nil {
				t.Fatal(err)
			}
			d := s.Segment(t.Context(), r)
			var got []segment
			for _, g := range d.Segments {
				got = append(got, segment{strings.TrimSpace(tags[g.Kind] + " " + g.Reason), d.Text(g.Span)})
			}
			for i := 0; i < max(len(got), len(want)); i++ {
				switch {
				case i >= len(got):
					t.Fatalf("%q is missing", want[i].text)
				case i >= len(want) || got[i].text != want[i].text:
					t.Fatalf("segment %q, want %q", got[i], want[min(i, len(want)-1)])
				case got[i].tag != want[i].tag:
					t.Errorf("%s, want %s: %.90s", got[i].tag, want[i].tag, got[i].text)
				}
			}
		})
	}
}

// Whatever the page, segments are in order, apart and on rune boundaries, and
// only white space and what nobody sees stands between them.
func FuzzPages(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.page")
	for _, name := range names {
		page, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(page))
	}
	s := segmenter(f)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := article.Read("", []byte(body), article.PlainText, "")
		if err != nil {
			return
		}
		at := 0
		d := s.Segment(t.Context(), r)
		for _, g := range append(d.Segments, article.Segment{Span: article.Span{Begin: len(r.Body), End: len(r.Body)}}) {
			if g.Span.Begin < at || g.Span.End < g.Span.Begin || !utf8.ValidString(d.Text(g.Span)) {
				t.Fatalf("segment [%d,%d) after %d of %d bytes", g.Span.Begin, g.Span.End, at, len(r.Body))
			}
			for _, c := range r.Body[at:g.Span.Begin] {
				if !unicode.IsSpace(c) && !unicode.IsControl(c) && !unicode.Is(unicode.Cf, c) {
					t.Fatalf("%q stands in no segment", c)
				}
			}
			at = g.Span.End
		}
	})
}

func BenchmarkSegment(b *testing.B) {
	var body strings.Builder
	body.WriteString("Des inondations coupent la route du nord\n\nPar Awa Keïta\nPublié le 3 mars 2021 à 10h12\n\n")
	for i := 0; body.Len() < 3<<10; i++ {
		fmt.Fprintf(&body, "Le préfet de la région a annoncé mardi que %d familles avaient été relogées dans les écoles de la ville, où l'armée distribue de l'eau. « Nous attendons des renforts », a-t-il ajouté devant la presse.\n\n", 20+i)
	}
	body.WriteString("Lire aussi : Le fleuve monte encore\n\nPartager cet article\n")
	r, err := article.Read("", []byte(body.String()), article.PlainText, "")
	if err != nil {
		b.Fatal(err)
	}
	s := segmenter(b)
	b.SetBytes(int64(len(r.Body)))
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Segment(context.Background(), r); len(d.Segments) < 5 {
			b.Fatal("too few segments")
		}
	}
}

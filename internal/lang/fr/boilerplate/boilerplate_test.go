// Package boilerplate_test tests the French data of this folder on pages of
// many outlets' kinds.
package boilerplate_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

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
	d := segmenter(t).Segment(r)
	for _, s := range d.Segments {
		fmt.Printf("%-11s %-17s %s\n", kindName(s.Kind), s.Reason, d.Text(s.Span))
	}
}

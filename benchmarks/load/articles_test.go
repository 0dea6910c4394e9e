package main

import (
	"testing"
	"unicode/utf8"
)

func TestArticlesAreOfOneLengthAndDiffer(t *testing.T) {
	articles, err := readArticles("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	starts := map[string]bool{}
	for _, article := range articles {
		text := article.GetText()
		if len(text) < articleBytes || len(text) > articleBytes+1<<10 || !utf8.ValidString(text) {
			t.Errorf("%s has %d bytes", article.GetId(), len(text))
		}
		starts[text] = true
	}
	if len(articles) != distinct || len(starts) < 8 {
		t.Errorf("%d articles, %d of them distinct", len(articles), len(starts))
	}
	if _, err := readArticles(t.TempDir()); err == nil {
		t.Error("a folder without texts gives articles")
	}
}

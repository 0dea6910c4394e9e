package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

const (
	// distinct is how many articles there are: enough that no cache holds one's
	// answer, few enough to be made at once.
	distinct = 64
	// articleBytes is the length of a news article.
	articleBytes = 3 << 10
)

// readArticles makes articles of a common length from the texts of a folder:
// each begins at another paragraph and goes on through the others.
func readArticles(folder string) ([]*depechev1.Article, error) {
	paragraphs, err := readParagraphs(folder)
	if err != nil {
		return nil, err
	}
	if len(paragraphs) == 0 {
		return nil, fmt.Errorf("%s holds no text", folder)
	}
	articles := make([]*depechev1.Article, distinct)
	for i := range articles {
		var body strings.Builder
		for j := i; body.Len() < articleBytes; j++ {
			body.WriteString(paragraphs[j%len(paragraphs)] + "\n\n")
		}
		articles[i] = &depechev1.Article{
			Id:        fmt.Sprintf("load-%02d", i),
			Body:      &depechev1.Article_Text{Text: body.String()},
			Language:  "fr",
			Published: &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2017, Month: 3, Day: 4}},
		}
	}
	return articles, nil
}

// readParagraphs reads the UTF-8 texts and the "text" of each line of JSON.
func readParagraphs(folder string) (paragraphs []string, err error) {
	texts, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	for _, name := range texts {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if !utf8.Valid(text) {
			continue // of another charset
		}
		for paragraph := range strings.SplitSeq(string(text), "\n\n") {
			if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
				paragraphs = append(paragraphs, paragraph)
			}
		}
	}
	lines, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, name := range lines {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		for scan := bufio.NewScanner(f); scan.Scan(); {
			var line struct{ Text string }
			if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			paragraphs = append(paragraphs, line.Text)
		}
	}
	return paragraphs, nil
}

func meanLength(articles []*depechev1.Article) (bytes int) {
	for _, article := range articles {
		bytes += len(article.GetText())
	}
	return bytes / len(articles)
}

package extract

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
)

// What opens or ends a text has no neighbour on one side, whatever it is. So
// every few words in a row of the examples, as a text of their own, are read
// without a panic, and so are texts that once were not.
func TestAnyWordsInARow(t *testing.T) {
	texts := []string{
		"Sud de Gao : un poste a brûlé.",
		"35 morts et plus de 26.",
	}
	files, err := filepath.Glob("../../examples/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("examples: %v, %v", files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		const window = 9
		words := strings.Fields(strings.ToValidUTF8(string(data), "?"))
		for i := range words {
			s := strings.Join(words[i:min(i+window, len(words))], " ")
			texts = append(texts, capitalised(s), strings.Join(words[i:min(i+1+i%window, len(words))], " "))
		}
	}
	for _, s := range texts {
		readAny(t, s)
	}
}

// readAny reads s, and reports what a reader could not bear.
func readAny(t *testing.T, s string) {
	t.Helper()
	defer func() {
		if fault := recover(); fault != nil {
			t.Errorf("%q: %v", s, fault)
		}
	}()
	in := Input{Body: []byte(s), Form: article.PlainText, Language: "fr", Published: sunday}
	x, err := extractor().Extract(context.Background(), in, Options{Explain: true})
	if err != nil {
		t.Errorf("%q: %v", s, err)
		return
	}
	for _, e := range x.Events {
		if len(e.Mentions) == 0 {
			t.Errorf("%q: an event that nothing tells", s)
		}
	}
}

func capitalised(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

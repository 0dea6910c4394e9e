package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/cmd/depeche/internal/intake"
	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// analyzeCommand is `depeche analyze`.
type analyzeCommand struct {
	Files  []verbatim `arg:"" name:"file" help:"Texts; - is standard input."`
	Conllu bool       `env:"-" help:"The files are CoNLL-U: keep their sentences and words, annotate the words anew."`
}

func (analyzeCommand) Help() string {
	return `The output is CoNLL-U: a line for each word with lemma, part of speech, features, head and relation of Universal Dependencies. MISC holds the bytes of the file that a token comes from.

Examples:
  depeche analyze dispatch.txt
  depeche analyze --conllu fr_pud-ud-test.conllu >system.conllu`
}

func (a *analyzeCommand) Run(c console) error {
	model, err := fr.Syntax()
	if err != nil {
		return fail(exitFault, "%w", err)
	}
	language, err := fr.Text(nil)
	if err != nil {
		return fail(exitFault, "%w", err)
	}
	out := conllu.NewWriter(c.out)
	failed := 0
	for _, file := range a.Files {
		if err := a.analyze(out, model, language, file, c.in); err != nil {
			failed++
			c.complain("%v", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fail(exitFault, "%w", err)
	}
	if failed > 0 {
		return fail(exitIncomplete, "%d of %d files have no analysis", failed, len(a.Files))
	}
	return nil
}

// analyze writes the analysis of a file. Its error names the file.
func (a *analyzeCommand) analyze(out *conllu.Writer, model *syntax.Model, language *text.Language, file verbatim, stdin io.Reader) error {
	data, err := intake.Read(string(file), stdin)
	if err != nil {
		return fmt.Errorf("%s: %w", displayName(file), err)
	}
	if !utf8.Valid(data) {
		return fmt.Errorf("%s: is not UTF-8: convert it first, such as with iconv -f WINDOWS-1252 -t UTF-8", displayName(file))
	}
	if !a.Conllu {
		analyzeText(out, model, language, string(data))
		return nil
	}
	sentences, err := conllu.ReadAll(bytes.NewReader(data), displayName(file))
	if err != nil {
		return err
	}
	for _, s := range sentences {
		model.Annotate(s)
		out.Write(s)
	}
	return nil
}

// analyzeText writes the analysis of a text, all of it.
func analyzeText(out *conllu.Writer, model *syntax.Model, language *text.Language, body string) {
	end := len(strings.TrimRightFunc(body, unicode.IsSpace))
	begin := end - len(strings.TrimLeftFunc(body[:end], unicode.IsSpace))
	doc := &article.Document{Body: body, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{Begin: begin, End: end}}}}
	t := text.Split(context.Background(), doc, language)
	a := model.Analyze(context.Background(), t)
	for i := range t.Sentences {
		out.Write(a.Sentence(t, i))
	}
}

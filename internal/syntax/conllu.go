package syntax

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/text"
)

// Sentence returns sentence i of t with its analysis as CoNLL-U has it. MISC
// holds the place of each token in the text as submitted, "Offsets=begin:end" in
// bytes, with "Field=title" for the title's.
func (a *Analysis) Sentence(t *text.Text, i int) *conllu.Sentence {
	sent := t.Sentences[i]
	out := &conllu.Sentence{Comments: []string{
		"sent_id = " + strconv.Itoa(i+1),
		"text = " + oneLine(t.Document.Text(sent.Span)),
	}}
	for k := sent.Tokens.First; k < sent.Tokens.Last; k++ {
		token := &t.Tokens[k]
		misc := fmt.Sprintf("Offsets=%d:%d", token.Span.Begin, token.Span.End)
		if token.Span.Field == article.Title {
			misc = "Field=title|" + misc
		}
		if !token.SpaceAfter {
			misc += "|SpaceAfter=No"
		}
		many := token.Words.Len() > 1
		if many {
			out.Multi = append(out.Multi, conllu.Multi{
				First: token.Words.First - sent.Words.First, Last: token.Words.Last - sent.Words.First,
				Form: oneLine(t.TokenText(k)), Misc: misc,
			})
			misc = ""
		}
		for w := token.Words.First; w < token.Words.Last; w++ {
			out.Words = append(out.Words, a.Words[w].conllu(t.Words[w].Form, misc, sent.Words.First))
		}
	}
	return out
}

// conllu returns w as a line of CoNLL-U; first is the sentence's first word.
func (w *Word) conllu(form, misc string, first int) conllu.Word {
	c := conllu.Word{Form: oneLine(form), Lemma: oneLine(w.Lemma), UPOS: w.UPOS.String(), Feats: w.Feats.String(), Head: -1,
		Rel: w.Rel.String(), Misc: misc}
	if c.Feats == "_" {
		c.Feats = ""
	}
	if w.Head >= 0 {
		c.Head = int(w.Head) - first
	}
	return c
}

// oneLine replaces what CoNLL-U cannot hold in a column.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\t\n\r") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\t' || r == '\n' || r == '\r' }), " ")
}

// Annotate replaces the annotation of the words of s, which stay as they are.
func (m *Model) Annotate(s *conllu.Sentence) {
	forms := make([]string, len(s.Words))
	for i, w := range s.Words {
		forms[i] = w.Form
	}
	for i, w := range m.AnalyzeWords(forms) {
		s.Words[i] = w.conllu(forms[i], s.Words[i].Misc, 0)
	}
}

// Command agree measures how far the splitter cuts raw text as Universal
// Dependencies treebanks do:
//
//	go run ./internal/text/agree [-errors] [-sentences] [-tables DIR] FILE.conllu[.gz] ...
//
// The text of a treebank is its sentences joined with a space, a blank line
// before a new paragraph or document, as in the CoNLL 2018 shared task. For
// each file it prints the F1 of tokens, words and sentences, computed as that
// task's evaluation does.
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/text"
	"github.com/depeche-events/depeche/internal/text/treebank"
)

func main() {
	showTokens := flag.Bool("errors", false, "print the tokens and words that differ")
	showSentences := flag.Bool("sentences", false, "print the sentence ends that differ")
	tables := flag.String("tables", "", "read the tables from folder `DIR`/text instead of the embedded ones")
	flag.Parse()
	var files fs.FS
	if *tables != "" {
		files = os.DirFS(*tables)
	}
	lang, err := fr.Text(files)
	if err != nil {
		fatal(err)
	}
	fmt.Printf("%-28s %8s %8s %9s %9s %9s\n", "", "words", "tokens", "words", "sentences", "P/R")
	for _, name := range flag.Args() {
		sentences, err := conllu.ReadFile(name)
		if err != nil {
			fatal(err)
		}
		var gold, system treebank.Cut
		for _, s := range sentences {
			gold.Gold(s)
		}
		t := text.Split(context.Background(), treebank.Document(sentences), lang)
		for _, s := range t.Sentences {
			begin := system.Pos
			for k := s.Tokens.First; k < s.Tokens.Last; k++ {
				var forms []string
				for w := t.Tokens[k].Words.First; w < t.Tokens[k].Words.Last; w++ {
					forms = append(forms, t.Words[w].Form)
				}
				system.Token(t.TokenText(k), forms...)
			}
			system.Sentence(begin)
		}
		if gold.Pos != system.Pos {
			fatal(fmt.Errorf("%s: %d characters in the treebank, %d in the split", name, gold.Pos, system.Pos))
		}
		if *showTokens {
			tokenErrors(&gold, &system, sentences)
		}
		if *showSentences {
			sentenceErrors(&gold, &system, sentences)
		}
		sent := treebank.Common(gold.Sentences, system.Sentences)
		fmt.Printf("%-28s %8d %8.2f %9.2f %9.2f %5.1f/%.1f\n", strings.TrimSuffix(filepath.Base(name), ".gz"), len(gold.Words),
			treebank.Common(gold.Tokens, system.Tokens).F1(), treebank.Words(gold.Words, system.Words).F1(), sent.F1(),
			100*float64(sent.Correct)/float64(max(sent.System, 1)), 100*float64(sent.Correct)/float64(max(sent.Gold, 1)))
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "agree:", err)
	os.Exit(1)
}

// around returns the text around characters at, which stand between brackets.
func around(all []rune, at treebank.Chars) string {
	const reach = 40
	return fmt.Sprintf("%s ⟦%s⟧ %s", string(all[max(0, at.Begin-reach):at.Begin]),
		string(all[at.Begin:at.End]), string(all[at.End:min(len(all), at.End+reach)]))
}

func tokenErrors(gold, system *treebank.Cut, sentences []*conllu.Sentence) {
	all := treebank.Characters(sentences)
	g, s := 0, 0
	for g < len(gold.Words) || s < len(system.Words) {
		// runs of words that cover the same characters
		g0, s0 := g, s
		end := 0
		for {
			for g < len(gold.Words) && gold.Words[g].At.End <= end {
				g++
			}
			for s < len(system.Words) && system.Words[s].At.End <= end {
				s++
			}
			next := end
			if g < len(gold.Words) && (g == g0 || gold.Words[g].At.Begin < end) {
				next = max(next, gold.Words[g].At.End)
			}
			if s < len(system.Words) && (s == s0 || system.Words[s].At.Begin < end) {
				next = max(next, system.Words[s].At.End)
			}
			if next == end {
				break
			}
			end = next
		}
		if a, b := forms(gold.Words[g0:g]), forms(system.Words[s0:s]); a != b {
			fmt.Printf("token\tgold %s\tours %s\t%s\n", a, b, around(all, treebank.Chars{Begin: gold.Words[g0].At.Begin, End: end}))
		}
	}
}

func forms(ws []treebank.Word) string {
	var fs []string
	for _, w := range ws {
		fs = append(fs, w.Form)
	}
	return strings.Join(fs, "|")
}

func sentenceErrors(gold, system *treebank.Cut, sentences []*conllu.Sentence) {
	all := treebank.Characters(sentences)
	for g, s := 0, 0; g < len(gold.Sentences) && s < len(system.Sentences); {
		a, b := gold.Sentences[g].End, system.Sentences[s].End
		switch {
		case a < b:
			fmt.Printf("missed\t%s\n", around(all, treebank.Chars{Begin: a, End: a}))
			g++
		case b < a:
			fmt.Printf("false\t%s\n", around(all, treebank.Chars{Begin: b, End: b}))
			s++
		default:
			g++
			s++
		}
	}
}

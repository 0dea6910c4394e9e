// Compile writes the table of what people are called that depeche embeds, from
// Prolex, CasEN and Dicollecte as they lie in a data directory:
//
//	go run ./internal/mention/actor/compile -data ../shared/data -actors internal/lang/fr/actors
//
// The same data gives the same bytes.
package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/fold"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("compile: ")
	data := flag.String("data", "../shared/data", "directory of the source `files`")
	actors := flag.String("actors", "internal/lang/fr/actors", "directory that people.tsv is written to")
	flag.Parse()
	if err := run(*data, *actors); err != nil {
		log.Fatal(err)
	}
}

const head = `# What people are called, compiled by internal/mention/actor/compile: do not edit; words.tsv and a table of your own in
# its place are for that. All is folded: small letters without accents.
#   forename    given names, none of them a French word or a place
#   surname     the last or only name of somebody well known, none of them a French word, a place or a company
#   ambiguous   the same, of which something else is called too
#   profession  what stands before a name: «le chimiste X»
# Sources: CasEN_Dico and Prolex-Unitex BestOf 2.2 (LGPL-LR), less the words of Dicollecte 6.4.1 (MPL 2.0); see NOTICE.
class	words
`

func run(data, actors string) error {
	words, err := commonWords(filepath.Join(data, "lex-dicollecte", "fr-lexicon-expanded.tsv.gz"))
	if err != nil {
		return err
	}
	prolex, err := delaf(filepath.Join(data, "lex-prolex-casen", "Prolex-Unitex-BestOf_2_2_fra.dic.gz"))
	if err != nil {
		return err
	}
	casen, err := delaf(filepath.Join(data, "lex-prolex-casen", "CasEN_Dico.dic.gz"))
	if err != nil {
		return err
	}
	taken, stars := map[string]bool{}, map[string]bool{}
	for _, e := range prolex {
		if strings.Contains(e.codes, "Astronyme") {
			stars[fold.String(e.form)] = true
		}
		for _, c := range []string{"Toponyme", "Groupement", "Ethnonyme", "Dynastie", "Ergonyme", "Pragmonyme"} {
			if strings.Contains(e.codes, c) {
				taken[fold.String(e.form)] = true
			}
		}
	}
	forenames, surnames, ambiguous, professions := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range casen {
		switch f := fold.String(e.form); {
		case strings.Contains(e.codes, "Prenom"):
			switch {
			case !name(e.form) || stars[f]:
			case taken[f]:
			case words[f]:
				ambiguous[f] = true
			default:
				forenames[f] = true
			}
		case strings.Contains(e.codes, "Profession") && !strings.Contains(e.codes, "+f4") && !strings.ContainsAny(e.form, " =-'’") &&
			!strings.HasSuffix(e.codes, "p") && utf8.RuneCountInString(e.form) > 3:
			professions[f] = true
		}
	}
	for _, e := range prolex {
		if !strings.Contains(e.codes, "Celebrite") {
			continue
		}
		full, _, _ := strings.Cut(e.form, ",")
		pieces := strings.Fields(full)
		last := pieces[len(pieces)-1]
		switch f := fold.String(last); {
		case !name(last) || len(f) <= 3 || stars[f]:
		case words[f], taken[f] && len(pieces) == 1:
			ambiguous[f] = true
		case !taken[f] && !forenames[f]:
			surnames[f] = true
		}
	}
	var b strings.Builder
	b.WriteString(head)
	write(&b, "forename", forenames)
	write(&b, "surname", surnames)
	write(&b, "ambiguous", ambiguous)
	write(&b, "profession", professions)
	log.Printf("%d given names, %d surnames, %d ambiguous, %d professions, %d KB",
		len(forenames), len(surnames), len(ambiguous), len(professions), b.Len()>>10)
	return os.WriteFile(filepath.Join(actors, "people.tsv"), []byte(b.String()), 0o644)
}

// write writes a class, those that begin alike on one line.
func write(b *strings.Builder, class string, set map[string]bool) {
	first := ""
	for _, w := range slices.Sorted(maps.Keys(set)) {
		if w[:1] != first {
			if first != "" {
				b.WriteByte('\n')
			}
			first = w[:1]
			b.WriteString(class + "\t" + w)
			continue
		}
		b.WriteString("|" + w)
	}
	b.WriteByte('\n')
}

// name reports whether s is a capital and small letters, as a name of one word
// is written, parts of it joined by hyphens.
func name(s string) bool {
	letters := 0
	start := true
	for _, c := range s {
		switch {
		case c == '-' && !start:
			start = true
			continue
		case !unicode.IsLetter(c) || start && letters == 0 && !unicode.IsUpper(c):
			return false
		}
		start = false
		letters++
	}
	return letters > 2 && !start && strings.ToUpper(s) != s
}

type lexeme struct{ form, codes string }

// delaf reads a dictionary in the format of Unitex: form,lemma.codes.
func delaf(path string) ([]lexeme, error) {
	var out []lexeme
	err := lines(path, func(line string) error {
		const comma = "\x00"
		line = strings.ReplaceAll(line, `\,`, comma)
		form, rest, ok := strings.Cut(line, ",")
		if !ok {
			return nil
		}
		_, codes, ok := strings.Cut(strings.ReplaceAll(rest, `\.`, ""), ".")
		if !ok {
			return fmt.Errorf("%q has no codes", line)
		}
		form = strings.NewReplacer(comma, ",", `\.`, ".", "=", "-").Replace(form)
		out = append(out, lexeme{form, codes})
		return nil
	})
	return out, err
}

// commonWords returns the folded words that are written small.
func commonWords(path string) (map[string]bool, error) {
	out := map[string]bool{}
	err := lines(path, func(line string) error {
		form, _, _ := strings.Cut(line, "\t")
		if c, _ := utf8.DecodeRuneInString(form); unicode.IsLower(c) {
			out[fold.String(form)] = true
		}
		return nil
	})
	return out, err
}

// lines calls each for every line of a compressed file.
func lines(path string, each func(string) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	in := bufio.NewScanner(io.Reader(z))
	n := 0
	for in.Scan() {
		n++
		if err := each(in.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return in.Err()
}

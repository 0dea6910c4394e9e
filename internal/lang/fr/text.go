package fr

import (
	"fmt"
	"io/fs"
	"strconv"

	"github.com/depeche-events/depeche/internal/table"
	"github.com/depeche-events/depeche/internal/text"
)

// Text returns what French tells the splitter of texts, read from the folder
// text of fsys, or the embedded files where fsys is nil. Faults are told by
// file and line.
func Text(fsys fs.FS) (*text.Language, error) {
	if fsys == nil {
		fsys = knowledge
	}
	var t text.Tables
	for _, read := range []func(fs.FS, *text.Tables) error{
		readAbbreviations, readContractions, readParts, readWhole, readOpeners, readBoundaries, readSplits, readClasses,
	} {
		if err := read(fsys, &t); err != nil {
			return nil, err
		}
	}
	lang, err := text.NewLanguage(t)
	if err != nil {
		return nil, fmt.Errorf("text tables: %w", err)
	}
	return lang, nil
}

func readAbbreviations(fsys fs.FS, t *text.Tables) error {
	uses := map[string]text.AbbreviationUse{
		"leading": text.Leading, "trailing": text.Trailing, "counting": text.Counting, "beside": text.Beside,
	}
	return table.Read(fsys, "text/abbreviations.tsv", []string{"form", "use"}, func(r table.Row) error {
		use, ok := uses[r.Get("use")]
		if !ok {
			return r.Errorf("use %q", r.Get("use"))
		}
		t.Abbreviations = append(t.Abbreviations, text.Abbreviation{Form: r.Get("form"), Use: use})
		return nil
	})
}

func readContractions(fsys fs.FS, t *text.Tables) error {
	columns := []string{"surface", "first", "second", "choice"}
	return table.Read(fsys, "text/contractions.tsv", columns, func(r table.Row) error {
		choice := r.Get("choice")
		if choice != "always" && choice != "context" {
			return r.Errorf("choice %q", choice)
		}
		t.Contractions = append(t.Contractions, text.Contraction{
			Surface: r.Get("surface"), First: r.Get("first"), Second: r.Get("second"), Ambiguous: choice == "context",
		})
		return nil
	})
}

func readParts(fsys fs.FS, t *text.Tables) error {
	kinds := map[string]*[]string{
		"elision": &t.Elisions, "clitic": &t.Clitics, "unit": &t.Units,
		"ordinal": &t.Ordinals, "ending": &t.Endings, "domain": &t.Domains,
	}
	return table.Read(fsys, "text/parts.tsv", []string{"kind", "part"}, func(r table.Row) error {
		list, ok := kinds[r.Get("kind")]
		if !ok {
			return r.Errorf("kind %q", r.Get("kind"))
		}
		*list = append(*list, r.Get("part"))
		return nil
	})
}

func readWhole(fsys fs.FS, t *text.Tables) error { return readWords(fsys, "text/whole.tsv", &t.Whole) }

func readOpeners(fsys fs.FS, t *text.Tables) error {
	return readWords(fsys, "text/openers.tsv", &t.Openers)
}

func readBoundaries(fsys fs.FS, t *text.Tables) error {
	return readWeights(fsys, "text/boundary-weights.tsv", &t.Boundaries)
}

func readSplits(fsys fs.FS, t *text.Tables) error {
	return readWeights(fsys, "text/contraction-weights.tsv", &t.Splits)
}

func readWeights(fsys fs.FS, name string, into *[]text.Weight) error {
	return table.Read(fsys, name, []string{"feature", "a", "b", "c", "d", "weight"}, func(r table.Row) error {
		v, err := strconv.ParseInt(r.Get("weight"), 10, 32)
		if err != nil {
			return r.Errorf("weight %q", r.Get("weight"))
		}
		*into = append(*into, text.Weight{
			Feature: r.Get("feature"),
			Values:  [text.FeatureValues]string{r.Get("a"), r.Get("b"), r.Get("c"), r.Get("d")},
			Value:   int32(v),
		})
		return nil
	})
}

// readClasses reads the packed word classes, which internal/text/train makes.
func readClasses(fsys fs.FS, t *text.Tables) error {
	const name = "text/classes.bin"
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if t.Classes, err = text.ReadClasses(data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func readWords(fsys fs.FS, name string, into *[]string) error {
	return table.Read(fsys, name, []string{"word"}, func(r table.Row) error {
		*into = append(*into, r.Get("word"))
		return nil
	})
}

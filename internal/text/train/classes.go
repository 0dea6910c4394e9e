package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/depeche-events/depeche/internal/table"
	"github.com/depeche-events/depeche/internal/text"
)

// classesOrigin goes into the packed file.
const classesOrigin = "from the Dicollecte/Grammalecte dictionary 6.4.1 by Olivier R. and others, MPL 2.0, by internal/text/train"

// partOf is the letter of a class for a tag of the Dicollecte lexicon.
var partOf = map[string]string{
	"nom": "n", "adj": "a", "ppas": "p", "infi": "o", "ppre": "o",
	"ipre": "v", "iimp": "v", "ifut": "v", "cond": "v", "ipsi": "v", "spre": "v",
	"adv": "f", "mg": "f", "prep": "f", "det": "f", "prodem": "f", "proind": "f", "detind": "f", "properobj": "f",
	"propersuj": "f", "prorel": "f", "proint": "f", "detpos": "f", "cjco": "f", "cjsub": "f", "prepv": "f",
	"negadv": "f", "detneg": "f", "detdem": "f", "proneg": "f", "advint": "f", "detex": "f", "proadv": "f", "cj": "f",
}

// writeClasses packs the word classes of the lexicon into dir/classes.bin. The
// words of dir/verbs.tsv are verbs only.
func writeClasses(lexicon, dir string) error {
	f, err := os.Open(lexicon)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", lexicon, err)
	}
	parts := map[string]map[string]bool{}
	in := bufio.NewScanner(z)
	for in.Scan() {
		col := strings.Split(in.Text(), "\t")
		if len(col) < 3 {
			return fmt.Errorf("%s: line %q has no three columns", lexicon, in.Text())
		}
		form := strings.ReplaceAll(col[0], "’", "'")
		if form != strings.ToLower(form) || strings.Contains(form, " ") || rare(col[2]) {
			continue
		}
		for tag := range strings.FieldsSeq(col[2]) {
			if part, ok := partOf[strings.TrimPrefix(tag, "po:")]; ok && strings.HasPrefix(tag, "po:") {
				if parts[form] == nil {
					parts[form] = map[string]bool{}
				}
				parts[form][part] = true
			}
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("%s: %w", lexicon, err)
	}
	classes := make(map[string]string, len(parts))
	for form, ps := range parts {
		letters := "anopv"
		if ps["f"] {
			letters = "fnv" // the adjectives among them are determiners mostly
		}
		for _, p := range letters {
			if ps[string(p)] {
				classes[form] += string(p)
			}
		}
	}
	err = table.Read(os.DirFS(dir), "verbs.tsv", []string{"word"}, func(r table.Row) error {
		classes[r.Get("word")] = string(text.ClassFinite)
		return nil
	})
	if err != nil {
		return err
	}
	data, err := text.NewClasses(classes, classesOrigin)
	if err != nil {
		return err
	}
	log.Printf("classes.bin: %d words, %d bytes", len(classes), len(data))
	return os.WriteFile(filepath.Join(dir, "classes.bin"), data, 0o644)
}

// rare reports whether all tags of a form are persons and tenses that news
// does not use, which would double the table.
func rare(tags string) bool {
	finite, common := false, false
	for tag := range strings.FieldsSeq(tags) {
		switch tag {
		case "po:ipsi", "po:simp", "po:spre", "po:ifut", "po:cond", "po:iimp", "po:ipre", "po:impe":
			finite = true
		case "po:3sg", "po:3pl", "po:3pl!":
			common = true
		}
	}
	return finite && !common && !strings.Contains(tags, "po:ipre")
}

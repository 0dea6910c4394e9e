// Package fr is all that is French: lexicons, frames, names, the model of its
// syntax, and the little code that data cannot express.
package fr

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// Tag is the BCP 47 tag of French.
const Tag = "fr"

// Language is what the stages know of French.
type Language struct {
	Boilerplate *article.Signals
	Text        *text.Language
	Syntax      *syntax.Model
	Places      *place.Finder
	Actors      *actor.Lexicon
	Times       *TimeGrammar
	Quantities  *QuantityGrammar
	Events      *event.Lexicon
	// Digests of the files that were read: the model; events, times, numbers
	// and the tables of text; places and actors.
	ModelDigest, LexiconDigest, GazetteerDigest string
}

// Load reads French, with the files of dir in place of the embedded ones of
// the same name; dir may be nil, and else must hold one that is read. Its error
// tells all faults by file and line.
func Load(dir fs.FS, o *ontology.Ontology) (*Language, error) {
	var files fs.FS = knowledge
	if dir != nil {
		if !isRead(dir) {
			return nil, errors.New("none of its files is one that is read, such as " + Tag + "/events/battle.yaml or " + Tag + "/places/more.tsv")
		}
		files = layered{dir, knowledge}
	}
	var l Language
	var faults []error
	check := func(what string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", what, err))
		}
	}
	var err error
	l.Boilerplate, err = Boilerplate(files)
	check("boilerplate", err)
	l.Text, err = Text(files)
	check("text", err)
	l.Syntax, err = Syntax()
	check("syntax", err)
	l.Places, err = Places(dir)
	check("places", err)
	l.Actors, err = actor.ReadLexicon(folder(files, "actors"))
	check("actors", err)
	l.Times, err = Times(files)
	check("times", err)
	l.Quantities, err = Quantities(files)
	check("numbers", err)
	l.Events, err = event.ReadLexicon(folder(files, "events"), o)
	check("events", err)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	l.ModelDigest = digest(func(w io.Writer) error { _, err := w.Write(syntaxModel); return err })
	l.LexiconDigest = digest(func(w io.Writer) error {
		return errors.Join(hashFolder(w, files, "events"), hashFolder(w, files, "times"), hashFolder(w, files, "numbers"),
			hashFolder(w, files, "text"), hashFolder(w, files, "boilerplate"))
	})
	l.GazetteerDigest = digest(func(w io.Writer) error {
		if _, err := io.WriteString(w, compiledGazetteer); err != nil {
			return err
		}
		return errors.Join(hashFolder(w, files, "places"), hashFolder(w, files, "actors"))
	})
	return &l, nil
}

func folder(fsys fs.FS, name string) fs.FS {
	sub, err := fs.Sub(fsys, name)
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}

// digest returns twelve hexadecimal digits of what write writes.
func digest(write func(io.Writer) error) string {
	h := sha256.New()
	if err := write(h); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// hashFolder writes the files of a folder in order of their names.
func hashFolder(w io.Writer, fsys fs.FS, name string) error {
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		b, err := fs.ReadFile(fsys, name+"/"+e.Name())
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %d\n", e.Name(), len(b))
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

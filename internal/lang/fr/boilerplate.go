package fr

import (
	"embed"
	"io/fs"

	"github.com/depeche-events/depeche/internal/article"
)

//go:embed boilerplate/*.tsv
var boilerplateFS embed.FS

// BoilerplateFS is the embedded data of what tells a French page from the
// article on it.
func BoilerplateFS() fs.FS {
	sub, err := fs.Sub(boilerplateFS, "boilerplate")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}

// Boilerplate reads that data from fsys, such as BoilerplateFS.
func Boilerplate(fsys fs.FS) (*article.Signals, error) { return article.ReadSignals(fsys) }

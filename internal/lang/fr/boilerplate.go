package fr

import (
	"io/fs"

	"github.com/depeche-events/depeche/internal/article"
)

// Boilerplate is what tells a French page from the article on it. fsys holds the
// folder boilerplate; nil is the embedded one.
func Boilerplate(fsys fs.FS) (*article.Signals, error) {
	if fsys == nil {
		fsys = knowledge
	}
	return article.ReadSignals(folder(fsys, "boilerplate"))
}

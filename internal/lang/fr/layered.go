package fr

import (
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// layered is a folder over another: what the upper one lacks is the lower
// one's.
type layered struct{ upper, lower fs.FS }

func (l layered) Open(name string) (fs.File, error) {
	f, err := l.upper.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.lower.Open(name)
	}
	if err != nil {
		return nil, err
	}
	// A folder of both is listed by ReadDir; as a file it is the lower one's.
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return l.lower.Open(name)
	}
	return f, nil
}

// ReadDir lists a folder of both, each name once.
func (l layered) ReadDir(name string) ([]fs.DirEntry, error) {
	low, err := fs.ReadDir(l.lower, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	up, upErr := fs.ReadDir(l.upper, name)
	if upErr != nil && !errors.Is(upErr, fs.ErrNotExist) {
		return nil, upErr
	}
	if err != nil && upErr != nil {
		return nil, err
	}
	for _, e := range low {
		if !slices.ContainsFunc(up, func(u fs.DirEntry) bool { return u.Name() == e.Name() }) {
			up = append(up, e)
		}
	}
	slices.SortFunc(up, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return up, nil
}

// knowledge is all that is French as data, but for the model and the gazetteer:
// what every loader reads where no folder is given.
//
//go:embed actors/*.tsv events/*.yaml boilerplate/*.tsv text/*.tsv text/*.bin times/*.tsv numbers/*.tsv places/*.tsv
var knowledge embed.FS

// isRead reports whether anything in dir takes the place of an embedded file, or
// adds to them: a folder of another name would else be passed over in silence.
func isRead(dir fs.FS) bool {
	added, err := fs.Glob(dir, "events/*.yaml")
	if err == nil && len(added) > 0 {
		return true
	}
	for _, name := range []string{"places/more.tsv", "places/gazetteer.bin"} {
		if _, err := fs.Stat(dir, name); err == nil {
			return true
		}
	}
	found := false
	_ = fs.WalkDir(knowledge, ".", func(name string, entry fs.DirEntry, _ error) error { // it is in memory
		if entry.IsDir() {
			return nil
		}
		if _, err := fs.Stat(dir, name); err == nil {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

package bulk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// parts are Parquet files in a directory, one for each commit that has rows: a
// Parquet file can be read only when its footer is written, and cannot be
// continued then. A part is written under a hidden name and renamed when it is
// whole, so that every file that a reader sees is one.
type parts struct {
	disk      disk
	path      string
	directory *os.File // for its lock
	tally     *export.Tally
	done      int64 // parts
	// One that is being written.
	file   *os.File
	writer *parquet.GenericWriter[export.Row]
}

// rowsInMemory is the most rows of a part that are held until they are
// compressed and written.
const rowsInMemory = 5000

func openParts(path string, tally *export.Tally, disk disk) (*parts, error) {
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	directory, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := directory.Stat()
	switch {
	case err != nil:
	case !info.IsDir():
		err = usage("%s is a file: Parquet goes to a directory of part files", path)
	default:
		err = lock(directory)
	}
	if err != nil {
		return nil, errors.Join(err, directory.Close())
	}
	return &parts{disk: disk, path: path, directory: directory, tally: tally}, nil
}

// name is that of a part; hidden: of one that is being written.
func (p *parts) name(part int64, hidden bool) string {
	name := fmt.Sprintf("part-%05d.parquet", part)
	if hidden {
		name = "." + name
	}
	return filepath.Join(p.path, name)
}

func (p *parts) check(mark int64) error {
	for part := range mark {
		if _, err := os.Stat(p.name(part, false)); err != nil {
			return usage("%s is not there, but its checkpoint says so: it was changed", p.name(part, false))
		}
	}
	return nil
}

// begin removes the parts that no checkpoint knows.
func (p *parts) begin(mark int64) error {
	entries, err := os.ReadDir(p.path)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for part := range mark {
		known[p.name(part, false)] = true
	}
	for _, e := range entries {
		path := filepath.Join(p.path, e.Name())
		ours := strings.HasPrefix(strings.TrimPrefix(e.Name(), "."), "part-") && strings.HasSuffix(e.Name(), ".parquet")
		if ours && !known[path] {
			err = errors.Join(err, os.Remove(path))
		}
	}
	p.done = mark
	return err
}

func (p *parts) write(done outcome) error {
	rows := export.Rows(export.Answer{Article: done.article, Extraction: done.extraction}, p.tally)
	if len(rows) == 0 {
		return nil
	}
	if err := p.open(); err != nil {
		return err
	}
	_, err := p.writer.Write(rows)
	return err
}

// open begins a part, if none is begun.
func (p *parts) open() (err error) {
	if p.file != nil {
		return nil
	}
	if p.file, err = os.Create(p.name(p.done, true)); err != nil {
		return err
	}
	p.writer = parquet.NewGenericWriter[export.Row](diskWriter{p.disk, p.file},
		parquet.MaxRowsPerRowGroup(rowsInMemory), parquet.Compression(&parquet.Zstd))
	return nil
}

func (p *parts) commit() (int64, error) {
	if p.file == nil {
		return p.done, nil
	}
	file := p.file
	p.file = nil
	err := p.writer.Close()
	if err == nil {
		err = p.disk.sync(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, err
	}
	if err := renameSafely(p.disk, p.name(p.done, true), p.name(p.done, false)); err != nil {
		return 0, err
	}
	p.done++
	return p.done, nil
}

// finish leaves a part without rows where there is no other: its columns can be
// read. The next run removes it.
func (p *parts) finish() error {
	if p.done > 0 {
		return nil
	}
	if err := p.open(); err != nil {
		return err
	}
	_, err := p.commit()
	return err
}

func (p *parts) durable() bool { return true }

func (p *parts) close() error {
	var err error
	if p.file != nil { // what no commit will need
		err = errors.Join(p.file.Close(), os.Remove(p.name(p.done, true)))
	}
	return errors.Join(err, p.directory.Close())
}

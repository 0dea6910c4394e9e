// Package reload keeps what was made of files as the files change: a
// certificate that is renewed, a list of tokens that is edited.
//
// Files are read again every Interval, and what they hold is compared. That
// sees a file written in place, one renamed over the old one, and the symbolic
// links that Kubernetes swaps under a mounted secret, over every file system; an
// inotify watch misses some of these, and the files are small.
package reload

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

// Interval is how often files are read again.
const Interval = 10 * time.Second

// maxFileBytes is the longest file that is read: a wrong path must not fill the
// memory.
const maxFileBytes = 4 << 20

// Files is a value made of some files, which are read together. It is safe for
// concurrent use.
type Files[T any] struct {
	what   string
	paths  []string
	parse  func(contents [][]byte) (T, error)
	logger *zap.Logger

	value atomic.Pointer[T]
	mu    sync.Mutex // held by Check
	held  [][]byte   // the contents that were last parsed, well or not
	fault string     // what was last told; empty: all is well
}

// Open reads the files and makes the value. what names it in the log; parse is
// given the contents in the order of the paths and must not put them into its
// error, which is logged.
func Open[T any](logger *zap.Logger, what string, paths []string, parse func(contents [][]byte) (T, error)) (*Files[T], error) {
	f := &Files[T]{what: what, paths: paths, parse: parse, logger: logger}
	contents, err := f.read()
	if err != nil {
		return nil, err
	}
	value, err := parse(contents)
	if err != nil {
		return nil, err
	}
	f.held = contents
	f.value.Store(&value)
	return f, nil
}

// Value is what was made of the files when they were last in order.
func (f *Files[T]) Value() T { return *f.value.Load() }

// Run checks the files until ctx is done.
func (f *Files[T]) Run(ctx context.Context) {
	ticker := time.NewTicker(Interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			f.Check()
		case <-ctx.Done():
			return
		}
	}
}

// Check reads the files now. Where they have changed and are in order, the value
// is made anew; where they are not, it stays, and the log says why, once.
func (f *Files[T]) Check() {
	f.mu.Lock()
	defer f.mu.Unlock()
	contents, err := f.read()
	if err != nil {
		f.tell(err)
		return
	}
	if slices.EqualFunc(contents, f.held, bytes.Equal) && f.fault == "" {
		return
	}
	value, err := f.parse(contents)
	if err != nil {
		f.held = contents
		f.tell(err)
		return
	}
	changed := !slices.EqualFunc(contents, f.held, bytes.Equal)
	f.held, f.fault = contents, ""
	f.value.Store(&value)
	f.logger.Info("files read again", zap.String("what", f.what), zap.Strings("files", f.paths), zap.Bool("changed", changed))
}

// tell logs a fault, unless it was the last one told.
func (f *Files[T]) tell(err error) {
	if f.fault == err.Error() {
		return
	}
	f.fault = err.Error()
	f.logger.Error("files at fault: what was read before stays in use",
		zap.String("what", f.what), zap.Strings("files", f.paths), zap.Error(err))
}

func (f *Files[T]) read() ([][]byte, error) {
	contents := make([][]byte, len(f.paths))
	for i, path := range f.paths {
		var err error
		if contents[i], err = readFile(path); err != nil {
			return nil, err
		}
	}
	return contents, nil
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxFileBytes {
		return nil, fmt.Errorf("%s: longer than %d bytes", path, maxFileBytes)
	}
	return content, nil
}

package bulk

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/depeche-events/depeche/cmd/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

const checkpointVersion = 1

// checkpoint says how far a run came: the results of the first Line lines of the
// input, which end at Offset, are the first OutBytes of the output and the first
// ErrorsBytes of the failures.
type checkpoint struct {
	Version     int             `json:"version"`
	Line        int64           `json:"line"`
	Offset      int64           `json:"offset"`
	InputDigest uint32          `json:"inputDigest"` // of the bytes before Offset
	OutBytes    int64           `json:"outBytes"`
	ErrorsBytes int64           `json:"errorsBytes"`
	Extracted   int64           `json:"extracted"`
	Failed      int64           `json:"failed"`
	Options     json.RawMessage `json:"options"` // ExtractOptions
	Engine      json.RawMessage `json:"engine"`  // Versions
}

// disk is how files change, so that a test can let it fail at every step.
type disk interface {
	write(file *os.File, data []byte) (int, error)
	sync(file *os.File) error
	rename(from, to string) error
}

type realDisk struct{}

func (realDisk) write(file *os.File, data []byte) (int, error) { return file.Write(data) }
func (realDisk) sync(file *os.File) error                      { return file.Sync() }
func (realDisk) rename(from, to string) error                  { return os.Rename(from, to) }

// readCheckpoint returns nil where there is none.
func readCheckpoint(path string) (*checkpoint, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var state checkpoint
	if err := json.Unmarshal(text, &state); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if state.Version != checkpointVersion {
		return nil, fmt.Errorf("%s: version %d, this program knows %d", path, state.Version, checkpointVersion)
	}
	return &state, nil
}

// save puts the checkpoint in place of the last one, whole or not at all.
func (c *checkpoint) save(path string, disk disk) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	temporary := path + ".tmp"
	file, err := os.Create(temporary)
	if err != nil {
		return err
	}
	_, err = disk.write(file, append(text, '\n'))
	if err == nil {
		err = disk.sync(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := disk.rename(temporary, path); err != nil {
		return err
	}
	directory, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	// Some file systems cannot sync a directory; the rename is then as safe as
	// they make it.
	_ = directory.Sync()
	return directory.Close()
}

// digestWindow is how much of the input before an offset is looked at to tell
// that it is still the same input.
const digestWindow = 64 << 10

// digestBefore is a checksum of the bytes of a file before an offset.
func digestBefore(file io.ReaderAt, offset int64) (uint32, error) {
	begin := max(0, offset-digestWindow)
	window := make([]byte, offset-begin)
	if _, err := file.ReadAt(window, begin); err != nil {
		return 0, err
	}
	return crc32.Checksum(window, crc32.MakeTable(crc32.Castagnoli)), nil
}

// sameMessage compares a message with one that a checkpoint holds.
func sameMessage(held json.RawMessage, message proto.Message) bool {
	before := message.ProtoReflect().New().Interface()
	return protojson.Unmarshal(held, before) == nil && proto.Equal(before, message)
}

// newCheckpoint is the state of a run that has done nothing.
func newCheckpoint(options *depechev1.ExtractOptions, engine *depechev1.Versions) (checkpoint, error) {
	state := checkpoint{Version: checkpointVersion}
	var err error
	if state.Options, err = stablejson.Line(options); err != nil {
		return checkpoint{}, err
	}
	state.Engine, err = stablejson.Line(engine)
	return state, err
}

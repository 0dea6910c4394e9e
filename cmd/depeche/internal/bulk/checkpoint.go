package bulk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/depeche-events/depeche/cmd/depeche/internal/corpus"
	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

const checkpointVersion = 2

// checkpoint says how far a run came: the results of the input up to In are the
// first Out bytes of the output (or the first Out parts of Parquet) and the
// first Errors bytes of the failures.
type checkpoint struct {
	Version int             `json:"version"`
	In      corpus.Position `json:"in"`
	Out     int64           `json:"out"`
	Errors  int64           `json:"errors"`
	Counts  counts          `json:"counts"`

	Settings settings        `json:"settings"`
	Options  json.RawMessage `json:"options"` // ExtractOptions
	Engine   json.RawMessage `json:"engine"`  // Versions
}

// counts are of everything up to the checkpoint.
type counts struct {
	Extracted int64            `json:"extracted"`
	Failed    int64            `json:"failed"`
	FailedBy  map[string]int64 `json:"failedBy,omitempty"` // by code
	Tally     export.Tally     `json:"tally"`
}

// settings are what must not change between a run and its resumption, beside
// the extraction's options.
type settings struct {
	InFormat  corpus.Format           `json:"inFormat"`
	Columns   map[corpus.Field]string `json:"columns,omitempty"`
	Separator byte                    `json:"separator,omitempty"`
	OutFormat export.Format           `json:"outFormat"`
	CodedOnly bool                    `json:"codedOnly,omitempty"`
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

// renameSafely also makes the rename survive a crash of the machine.
func renameSafely(disk disk, from, to string) error {
	if err := disk.rename(from, to); err != nil {
		return err
	}
	directory, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	// Some file systems cannot sync a directory; the rename is then as safe as
	// they make it.
	_ = directory.Sync()
	return directory.Close()
}

// readCheckpoint returns nil where there is none.
func readCheckpoint(path string) (*checkpoint, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var version struct{ Version int }
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, usage("%s: %w", path, err)
	}
	if version.Version != checkpointVersion {
		return nil, usage("%s: version %d, this program knows %d", path, version.Version, checkpointVersion)
	}
	var state checkpoint
	if err := json.Unmarshal(text, &state); err != nil {
		return nil, usage("%s: %w", path, err)
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
	return renameSafely(disk, temporary, path)
}

// sameMessage compares a message with one that a checkpoint holds.
func sameMessage(held json.RawMessage, message proto.Message) bool {
	before := message.ProtoReflect().New().Interface()
	return protojson.Unmarshal(held, before) == nil && proto.Equal(before, message)
}

// newCheckpoint is the state of a run that has done nothing.
func newCheckpoint(settings settings, options *depechev1.ExtractOptions, engine *depechev1.Versions) (checkpoint, error) {
	state := checkpoint{Version: checkpointVersion, Settings: settings}
	var err error
	if state.Options, err = stablejson.Line(options); err != nil {
		return checkpoint{}, fmt.Errorf("options: %w", err)
	}
	state.Engine, err = stablejson.Line(engine)
	return state, err
}

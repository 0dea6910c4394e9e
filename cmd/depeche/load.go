package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"

	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/wire"
	"github.com/depeche-events/depeche/server"
)

// engineFlags say what the engine in this process is made from.
type engineFlags struct {
	Knowledge    string          `type:"existingdir" placeholder:"DIR" help:"Lexicons, places and actors that take the place of the built-in ones, in a folder for each language."`
	MaxBodyBytes server.ByteSize `default:"1MiB" help:"Longest body of one article."`
}

// engineLoader makes the engine. That takes a moment and the memory of the
// models, so only commands that need one call it.
type engineLoader func(engineFlags) (server.Engine, error)

// loadEngine makes the real engine.
func loadEngine(f engineFlags) (server.Engine, error) {
	if f.MaxBodyBytes < 1 || f.MaxBodyBytes > math.MaxInt32 {
		return nil, fail(exitUsage, "--max-body-bytes: is %s: want 1 to %s", f.MaxBodyBytes, server.ByteSize(math.MaxInt32))
	}
	var knowledge fs.FS
	if f.Knowledge != "" {
		knowledge = os.DirFS(f.Knowledge)
	}
	x, err := extract.New(extract.Config{Knowledge: knowledge, MaxBodyBytes: int(f.MaxBodyBytes), Version: engineVersion()})
	switch {
	case err != nil && knowledge != nil:
		return nil, fail(exitUsage, "--knowledge %s: %w", f.Knowledge, err)
	case err != nil:
		return nil, fmt.Errorf("load the engine: %w", err)
	}
	return wire.NewEngine(x), nil
}

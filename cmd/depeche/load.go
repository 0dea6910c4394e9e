package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"

	inprocess "github.com/depeche-events/depeche/engine"
	"github.com/depeche-events/depeche/server"
)

// engineFlags say what the engine in this process is made from.
type engineFlags struct {
	Knowledge    string          `type:"existingdir" placeholder:"DIR" help:"Lexicons, places and actors that take the place of the built-in ones, in a folder for each language."`
	Lexicon      string          `type:"existingdir" placeholder:"DIR" help:"Event lexicon files that add to the built-in French ones, or take the place of those of the same name; as DIR/fr/events under --knowledge."`
	MaxBodyBytes server.ByteSize `default:"1MiB" help:"Longest body of one article."`
	MaxEntities  int             `default:"500" help:"Events, actors and places that one answer has at most, of each; a warning tells of more."`
	MaxMentions  int             `default:"100" help:"Mentions of one event, actor or place that an answer has at most, and parts of one event."`
}

// builtIn are the flags of an engine as it is delivered.
func builtIn() engineFlags {
	return engineFlags{MaxBodyBytes: inprocess.DefaultMaxBodyBytes, MaxEntities: inprocess.DefaultMaxEntities, MaxMentions: inprocess.DefaultMaxMentions}
}

// given names the folders that were given in place of built-in knowledge.
func (f *engineFlags) given() string {
	var out []string
	if f.Knowledge != "" {
		out = append(out, "--knowledge "+f.Knowledge)
	}
	if f.Lexicon != "" {
		out = append(out, "--lexicon "+f.Lexicon)
	}
	return strings.Join(out, ", ")
}

// engineLoader makes the engine. That takes a moment and the memory of the
// models, so only commands that need one call it.
type engineLoader func(engineFlags) (server.Engine, error)

// loadEngine makes the real engine.
func loadEngine(f engineFlags) (server.Engine, error) {
	if f.MaxBodyBytes < 1 || f.MaxBodyBytes > math.MaxInt32 {
		return nil, fail(exitUsage, "--max-body-bytes: is %s: want 1 to %s", f.MaxBodyBytes, server.ByteSize(math.MaxInt32))
	}
	if f.MaxEntities < 1 || f.MaxEntities > math.MaxInt32 {
		return nil, fail(exitUsage, "--max-entities: is %d: want 1 to %d", f.MaxEntities, math.MaxInt32)
	}
	if f.MaxMentions < 1 || f.MaxMentions > math.MaxInt32 {
		return nil, fail(exitUsage, "--max-mentions: is %d: want 1 to %d", f.MaxMentions, math.MaxInt32)
	}
	var knowledge fs.FS
	if f.Knowledge != "" {
		knowledge = os.DirFS(f.Knowledge)
	}
	if f.Lexicon != "" {
		lexicon := os.DirFS(f.Lexicon)
		if files, err := fs.Glob(lexicon, "*.yaml"); err == nil && len(files) == 0 {
			return nil, fail(exitUsage, "--lexicon: %s holds no *.yaml", f.Lexicon)
		}
		knowledge = lexiconFS{lexicon, knowledge}
	}
	e, err := inprocess.New(inprocess.Config{Knowledge: knowledge, MaxBodyBytes: int(f.MaxBodyBytes),
		MaxEntities: f.MaxEntities, MaxMentions: f.MaxMentions, Version: engineVersion()})
	switch {
	case err != nil && knowledge != nil:
		return nil, fail(exitUsage, "%s: %w", f.given(), err)
	case err != nil:
		return nil, fmt.Errorf("load the engine: %w", err)
	}
	return e, nil
}

// lexiconFS is a folder of event lexicon files, seen where a knowledge folder
// has them, over another such folder, which may be nil.
type lexiconFS struct{ lexicon, knowledge fs.FS }

const lexiconFolder = "fr/events"

func (l lexiconFS) Open(name string) (fs.File, error) {
	within, ok := strings.CutPrefix(name, lexiconFolder)
	switch {
	case ok && within == "":
		return l.lexicon.Open(".")
	case ok && within[0] == '/':
		return l.lexicon.Open(within[1:])
	case l.knowledge == nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return l.knowledge.Open(name)
}

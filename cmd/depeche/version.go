package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// versionCommand is `depeche version`.
type versionCommand struct {
	engineFlags `embed:"" group:"engine"`
}

func (versionCommand) Help() string {
	return `Equal versions of engine, model, lexicon, gazetteer and ontology give equal answers.`
}

func (v *versionCommand) Run(c console, load engineLoader) error {
	engine, err := load(v.engineFlags)
	if err != nil {
		return err
	}
	d := engine.DescribeEngine()
	made := d.GetVersions()
	for _, row := range [][2]string{
		{"engine", made.GetEngine()},
		{"model", made.GetModel()},
		{"lexicon", made.GetLexicon()},
		{"gazetteer", made.GetGazetteer()},
		{"ontology", made.GetOntology()},
		{"languages", strings.Join(d.GetLanguages(), ", ")},
		{"revision", sourceRevision()},
		{"go", runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH},
	} {
		if _, err := fmt.Fprintf(c.out, "%-10s %s\n", row[0], cmp.Or(row[1], "none")); err != nil {
			return err
		}
	}
	return nil
}

// version is set by the linker where the build has no git at hand, as in the
// Dockerfile.
var version string

// engineVersion is the release, or the revision, that the binary was built
// from.
func engineVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return cmp.Or(version, info.Main.Version, "devel")
	}
	return cmp.Or(version, "devel")
}

// sourceRevision is the commit that the binary was built from, where the build
// knew; "-dirty" behind it tells of files that were changed.
func sourceRevision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var commit, dirty string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	if commit == "" {
		return ""
	}
	return commit + dirty
}

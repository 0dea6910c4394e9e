// Package evaluate measures extractions: against articles that people have
// annotated («gold»), and on single sentences that report an event or only
// seem to. It measures what the contract's messages say, so it stands at the
// end of the line, beside package wire.
package evaluate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Gold is one annotated article. docs/accuracy.md has the format.
type Gold struct {
	ID        string      `json:"id"`
	TextFile  string      `json:"text_file"` // relative to the annotation
	Published string      `json:"published"` // 2016-12-11; empty: not told to the engine
	Language  string      `json:"language"`
	Actors    []GoldName  `json:"actors"`
	Locations []GoldName  `json:"locations"`
	Events    []GoldEvent `json:"events"`

	Text string `json:"-"` // of TextFile
}

// GoldName is an actor or a place that an article names.
type GoldName struct {
	Key     string   `json:"key"`
	Names   []string `json:"names"` // every surface form, determiner left off
	Kind    string   `json:"kind"`
	Country string   `json:"country"` // ISO 3166-1 alpha-3; empty: not scored
	Lat     *float64 `json:"lat"`     // degrees; absent: not scored
	Lon     *float64 `json:"lon"`
}

// GoldEvent is one event that an article tells. Slots that are nil are not
// scored. A filler may be told as alternatives: "a|b".
type GoldEvent struct {
	Type       string         `json:"type"`
	Also       []string       `json:"also"`     // types that could be defended too
	Optional   bool           `json:"optional"` // need not be found
	Anchors    []string       `json:"anchors"`  // pieces of the text, each holding a trigger
	Agents     []string       `json:"agents"`
	Targets    []string       `json:"targets"`
	Allies     []string       `json:"allies"`
	Places     []string       `json:"places"`
	Sources    []string       `json:"sources"`
	Start      *string        `json:"start"` // "2016-12"; "": must be absent
	End        *string        `json:"end"`
	Factuality string         `json:"factuality"` // empty: not scored
	Timeframe  string         `json:"timeframe"`  // empty: not scored
	Quantities []GoldQuantity `json:"quantities"`
}

// GoldQuantity is a number that an event tells.
type GoldQuantity struct {
	Kind string   `json:"kind"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// types are those that the event may have been given.
func (e *GoldEvent) types() []string { return append([]string{e.Type}, e.Also...) }

// ReadGold reads the annotations (*.json) of a folder and their articles, in
// the order of their names. Its errors name every fault of every annotation.
func ReadGold(folder string) ([]*Gold, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no annotation (*.json)", folder)
	}
	slices.Sort(files)
	var all []*Gold
	var faults []error
	for _, file := range files {
		g, err := readGold(file)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", file, err))
		}
		all = append(all, g)
	}
	return all, errors.Join(faults...)
}

func readGold(file string) (*Gold, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g, err := parseGold(data)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(file), g.TextFile))
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("%s is not UTF-8", g.TextFile)
	}
	g.Text = string(text)
	return g, g.check()
}

func parseGold(data []byte) (*Gold, error) {
	g := new(Gold)
	if err := json.Unmarshal(data, g); err != nil {
		return nil, err
	}
	return g, nil
}

// check tells what an annotation says that cannot be: anchors and names that
// the text does not hold, keys and types that there are not.
func (g *Gold) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	keys := func(names []GoldName) map[string]bool {
		m := make(map[string]bool)
		for _, n := range names {
			m[n.Key] = true
			for _, form := range n.Names {
				if !strings.Contains(g.Text, form) {
					fault("name not in the text: %q", form)
				}
			}
		}
		return m
	}
	actors, places := keys(g.Actors), keys(g.Locations)
	known := func(slots [][]string, keys map[string]bool, what string) {
		for _, slot := range slots {
			for _, filler := range slot {
				for key := range strings.SplitSeq(filler, "|") {
					if !keys[key] {
						fault("no %s %q", what, key)
					}
				}
			}
		}
	}
	for _, e := range g.Events {
		if len(e.Anchors) == 0 {
			fault("an event of type %q has no anchor", e.Type)
		}
		for _, a := range e.Anchors {
			if a == "" || !strings.Contains(g.Text, a) {
				fault("anchor not in the text: %q", a)
			}
		}
		for _, t := range e.types() {
			if depechev1.EventType_value["EVENT_TYPE_"+t] == 0 {
				fault("no event type %q", t)
			}
		}
		known([][]string{e.Agents, e.Targets, e.Allies, e.Sources}, actors, "actor")
		known([][]string{e.Places}, places, "location")
	}
	return errors.Join(faults...)
}

// Package ontology knows the event types and what published codebooks call
// them.
package ontology

import (
	_ "embed"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed ontology.yaml
var source []byte

// Ontology is every event type with its codes. It is immutable.
type Ontology struct {
	Version  string
	Families []string
	Rules    []string // how types that meet are told apart
	// Types stand in the order of Type, from 1 at index 0.
	Types      []Description
	conditions map[Condition]string
}

// Load reads the built-in ontology. Its error tells every fault of the file.
func Load() (*Ontology, error) { return parse(source) }

// Describe returns what t means.
func (o *Ontology) Describe(t Type) *Description { return &o.Types[t-1] }

// Meaning returns a condition in words, and whether there is such a condition.
func (o *Ontology) Meaning(c Condition) (string, bool) {
	m, ok := o.conditions[c]
	return m, ok
}

// Codings returns t's code in each codebook that has one, where holds tells
// which conditions are true of the event.
func (o *Ontology) Codings(t Type, holds func(Condition) bool) []Coding {
	var out []Coding
	var done Codebook
	for _, c := range o.Types[t-1].Codings {
		if c.Codebook != done && (c.When == "" || holds(c.When)) {
			out = append(out, c.Coding)
			done = c.Codebook
		}
	}
	return out
}

type yamlOntology struct {
	Version    string
	Families   []string
	Conditions map[Condition]string
	Rules      []string
	Types      []yamlType
}

type yamlType struct {
	Name, Family, Means  string
	Symmetric            bool
	ACLED, PLOVER, CAMEO []yamlCoding
}

type yamlCoding struct {
	When              Condition
	Event, Mode, Code string
	Match, Loss       string
	line              int
}

func (c *yamlCoding) UnmarshalYAML(n *yaml.Node) error {
	type plain yamlCoding
	c.line = n.Line
	return n.Decode((*plain)(c))
}

var matches = map[string]Match{"exact": Exact, "narrow": Narrow, "broad": Broad, "lossy": Lossy}

func parse(src []byte) (*Ontology, error) {
	var y yamlOntology
	if err := yaml.Unmarshal(src, &y); err != nil {
		return nil, fmt.Errorf("ontology.yaml: %w", err)
	}
	o := &Ontology{Version: y.Version, Families: y.Families, Rules: y.Rules, conditions: y.Conditions}
	families := make(map[string]bool, len(y.Families))
	for _, f := range y.Families {
		families[f] = true
	}
	var faults []error
	if len(y.Types) != int(typeEnd)-1 {
		faults = append(faults, fmt.Errorf("ontology.yaml: %d types, the contract has %d", len(y.Types), typeEnd-1))
	}
	for i, t := range y.Types {
		d := Description{Type: Type(i + 1), Family: t.Family, Meaning: t.Means, Symmetric: t.Symmetric}
		if d.Type >= typeEnd || typeNames[d.Type] != t.Name {
			faults = append(faults, fmt.Errorf("ontology.yaml: type %d is %q, not the contract's", i+1, t.Name))
		}
		if !families[t.Family] {
			faults = append(faults, fmt.Errorf("ontology.yaml: %s: no family %q", t.Name, t.Family))
		}
		for _, b := range []struct {
			book  Codebook
			codes []yamlCoding
		}{{ACLED, t.ACLED}, {PLOVER, t.PLOVER}, {CAMEO, t.CAMEO}} {
			for _, c := range b.codes {
				if err := o.check(c); err != nil {
					faults = append(faults, fmt.Errorf("ontology.yaml:%d: %w", c.line, err))
				}
				d.Codings = append(d.Codings, ConditionalCoding{When: c.When, Coding: Coding{
					Codebook: b.book, Event: c.Event, Mode: c.Mode, Code: c.Code, Match: matches[c.Match], Loss: c.Loss}})
			}
		}
		o.Types = append(o.Types, d)
	}
	return o, errors.Join(faults...)
}

func (o *Ontology) check(c yamlCoding) error {
	switch _, ok := o.conditions[c.When]; {
	case c.When != "" && !ok:
		return fmt.Errorf("no condition %q", c.When)
	case matches[c.Match] == 0:
		return fmt.Errorf("no match %q", c.Match)
	case (c.Match == "lossy") != (c.Loss != ""):
		return errors.New("a loss goes with match lossy, and only with it")
	case c.Event == "" && c.Code == "":
		return errors.New("neither event nor code")
	}
	return nil
}

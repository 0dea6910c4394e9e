package main

import "github.com/depeche-events/depeche/cmd/depeche/internal/report"

// ontologyCommand is `depeche ontology`.
type ontologyCommand struct {
	Format string `env:"-" enum:"text,json" default:"text" help:"text, for people, or json, one DescribeOntologyResponse."`
}

func (o *ontologyCommand) Run(c console, load engineLoader) error {
	engine, err := load(builtIn())
	if err != nil {
		return err
	}
	if o.Format == formatJSON {
		return printJSON(c.out, engine.DescribeOntology())
	}
	return report.WriteOntology(c.out, engine.DescribeOntology(), c.layout())
}

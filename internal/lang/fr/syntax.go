package fr

import (
	_ "embed"
	"fmt"

	"github.com/depeche-events/depeche/internal/syntax"
)

//go:embed model/syntax.model
var syntaxModel []byte

// Syntax loads the model of French syntax that the program was built with. It
// takes some 0.1 s; load it once and share it.
func Syntax() (*syntax.Model, error) {
	m, err := syntax.Load(syntaxModel)
	if err != nil {
		return nil, fmt.Errorf("embedded model/syntax.model: %w", err)
	}
	m.Amend(amend)
	return m, nil
}

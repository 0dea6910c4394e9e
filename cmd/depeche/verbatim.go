package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// verbatim is an argument byte for byte. Kong takes strings through JSON, in
// which bytes that are not UTF-8 are lost, and with them a file's name.
type verbatim string

// Decode takes the next value of the command line.
func (v *verbatim) Decode(ctx *kong.DecodeContext) error {
	token, err := ctx.Scan.PopValue("string")
	if err != nil {
		return err
	}
	s, ok := token.Value.(string)
	if !ok {
		return fmt.Errorf("expected a string but got %v", token.Value)
	}
	*v = verbatim(s)
	return nil
}

package main

import (
	"bytes"
	"testing"
)

// A report is as wide as it is told to be, and in colour on terminals only.
func TestLayout(t *testing.T) {
	c := console{out: new(bytes.Buffer)}
	t.Setenv("COLUMNS", "")
	if got := c.layout(); got.Width != plainWidth || got.Colour {
		t.Errorf("got %+v", got)
	}
	t.Setenv("COLUMNS", "64")
	if got := c.layout(); got.Width != 64 || got.Colour {
		t.Errorf("with COLUMNS: got %+v", got)
	}
}

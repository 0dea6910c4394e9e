package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"

	"github.com/depeche-events/depeche/cmd/depeche/internal/report"
)

// console is where a command reads and prints.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// complain tells on standard error what went wrong.
func (c console) complain(format string, args ...any) { c.say("depeche: "+format, args...) }

// say prints a line on standard error. Control characters, which file names
// and messages from elsewhere may hold, are not printed as such.
func (c console) say(format string, args ...any) {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, fmt.Sprintf(format, args...))
	fmt.Fprintln(c.err, strings.TrimRight(line, "\n"))
}

// plainWidth is the width of a report that is not printed on a terminal.
const plainWidth = 100

// layout is how reports are printed on c.out: as wide as the terminal, or as
// COLUMNS says; in colour on a terminal, unless NO_COLOR is set
// (https://no-color.org).
func (c console) layout() report.Options {
	o := report.Options{Width: plainWidth}
	if f, ok := c.out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			o.Width = width
		}
		o.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		o.Width = width
	}
	return o
}

package main

import (
	"io"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/cmd/depeche/internal/report"
	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// printer returns what prints an extraction.
func (f *answerFlags) printer(c console) func(*depechev1.Extraction) error {
	switch f.Format {
	case formatJSON:
		return func(x *depechev1.Extraction) error { return printJSON(c.out, x) }
	case formatJSONL:
		return func(x *depechev1.Extraction) error { return printLine(c.out, x) }
	}
	layout, first := c.layout(), true
	layout.Explain = f.Explain
	return func(x *depechev1.Extraction) error {
		if !first {
			if _, err := io.WriteString(c.out, "\n"+strings.Repeat("─", layout.Width)+"\n\n"); err != nil {
				return err
			}
		}
		first = false
		return report.Write(c.out, x, layout)
	}
}

// printJSON prints m indented.
func printJSON(w io.Writer, m proto.Message) error { return printLayout(w, m, stablejson.Indented) }

// printLine prints m on a line of its own.
func printLine(w io.Writer, m proto.Message) error { return printLayout(w, m, stablejson.Line) }

func printLayout(w io.Writer, m proto.Message, layout func(proto.Message) ([]byte, error)) error {
	text, err := layout(m)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// readingWarnings are those about how a file was read: whoever chose the file
// and the flags is told of them at once, whatever becomes of the answer.
var readingWarnings = map[depechev1.WarningCode]bool{
	depechev1.WarningCode_WARNING_CODE_LANGUAGE_UNSUPPORTED: true,
	depechev1.WarningCode_WARNING_CODE_LANGUAGE_MISMATCH:    true,
	depechev1.WarningCode_WARNING_CODE_CHARSET_GUESSED:      true,
	depechev1.WarningCode_WARNING_CODE_CHARSET_REPLACED:     true,
	depechev1.WarningCode_WARNING_CODE_MARKUP_IN_TEXT:       true,
	depechev1.WarningCode_WARNING_CODE_NO_BODY:              true,
}

func tellWarnings(c console, name string, x *depechev1.Extraction) {
	for _, w := range x.GetWarnings() {
		if readingWarnings[w.GetCode()] {
			c.complain("%s: warning: %s", name, w.GetMessage())
		}
	}
}

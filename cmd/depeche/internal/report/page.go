package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// page is lines of text within a width.
type page struct {
	strings.Builder
	width  int // columns
	colour bool
}

// style is how a piece of text is set off.
type style byte

// The styles. In a line being made, a style is a control character before the
// text and `plain` one after it; they take no room and no text holds them, see
// clean.
const (
	plain   style = 0x01
	heading style = 0x02
	faint   style = 0x03
	caution style = 0x04
	trigger style = 0x05
)

// ansi are the styles' escape sequences.
var ansi = map[style]string{
	plain:   "\x1b[0m",
	heading: "\x1b[1m",
	faint:   "\x1b[2m",
	caution: "\x1b[33m",
	trigger: "\x1b[1;4m",
}

// paint sets s off, where there are colours.
func (p *page) paint(st style, s string) string {
	if !p.colour || s == "" || st == plain {
		return s
	}
	return string(rune(st)) + s + string(rune(plain))
}

// mark sets a trigger off, also where there are no colours.
func (p *page) mark(s string) string {
	if !p.colour {
		return "[" + s + "]"
	}
	return p.paint(trigger, s)
}

func (p *page) blank() { p.WriteByte('\n') }

// labelWidth is the room for a row's label, the indentation before it and the
// space behind it.
const labelWidth = 13

// row prints a labelled value of an event, its further lines under the first.
func (p *page) row(label, value string) {
	const indent = 3
	gap := strings.Repeat(" ", labelWidth-indent-len(label))
	p.wrap(strings.Repeat(" ", indent)+p.paint(faint, label)+gap, labelWidth, value)
}

// line prints s, indented, its further lines indented by two more.
func (p *page) line(indent int, s string) {
	p.wrap(strings.Repeat(" ", indent), indent+2, s)
}

// wrap prints s behind prefix in lines of at most the page's width, unless a
// word is longer; all but the first are indented by hang.
func (p *page) wrap(prefix string, hang int, s string) {
	var line strings.Builder
	line.WriteString(prefix)
	room, st := p.width-columns(prefix), plain
	first := true
	for word := range strings.FieldsFuncSeq(s, breaks) {
		if n := columns(word); first {
			room -= n
			first = false
		} else if n+1 <= room {
			line.WriteByte(' ')
			room -= n + 1
		} else {
			st = p.flush(&line, st)
			line.WriteString(strings.Repeat(" ", hang))
			room = p.width - hang - n
		}
		line.WriteString(word)
	}
	p.flush(&line, st)
}

// flush ends the line, its styles as escape sequences, and returns the style
// that goes on behind it. Indentation is never styled.
func (p *page) flush(line *strings.Builder, st style) style {
	s := strings.TrimRight(line.String(), " ")
	line.Reset()
	text := strings.TrimLeft(s, " ")
	p.WriteString(s[:len(s)-len(text)])
	if st != plain {
		p.WriteString(ansi[st])
	}
	for _, r := range text {
		if escape, ok := ansi[style(r)]; ok && r < ' ' {
			st = style(r)
			p.WriteString(escape)
			continue
		}
		p.WriteRune(r)
	}
	if st != plain {
		p.WriteString(ansi[plain])
	}
	p.WriteByte('\n')
	return st
}

// breaks reports whether a line may break at r. No-break spaces hold.
func breaks(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// columns is the room that s takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cc, unicode.Cf) {
			n++
		}
	}
	return n
}

// clean makes text that somebody else wrote safe to print on a terminal: its
// control characters, and those that turn the direction of writing, are
// replaced, so that an article can neither move the cursor nor pose as ours.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case breaks(r):
			return ' '
		case unicode.Is(unicode.Cc, r), '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
			return utf8.RuneError
		}
		return r
	}, s)
}

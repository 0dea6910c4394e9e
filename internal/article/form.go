package article

// Form is the form of a submitted body.
type Form uint8

// The forms. The zero Form is plain text.
const (
	PlainText Form = iota
	HTML
	// Raw is bytes in any charset, text or HTML.
	Raw
)

package extract

import "fmt"

// Reason says why an input is refused.
type Reason uint8

// The reasons.
const (
	EmptyBody Reason = iota + 1
	BodyTooLarge
	NotText
	InvalidField
)

// InputError is an input that is refused. Field is the contract's path of the
// field, such as "article.text"; Description says what is wrong with it.
type InputError struct {
	Field       string
	Reason      Reason
	Description string
}

func (e *InputError) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Description) }

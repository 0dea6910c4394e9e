package extract

import (
	"fmt"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
)

func (x *Extraction) warn(code WarningCode, message string, span *article.Span) {
	x.Warnings = append(x.Warnings, Warning{Code: code, Message: message, Span: span})
}

func (x *Extraction) warnPlace(n place.Notice) {
	words := x.Document.Text(n.Span)
	if n.Code == place.Fuzzy {
		x.warn(FuzzyPlace, fmt.Sprintf("«%s» was taken for %s", words, n.Detail), &n.Span)
		return
	}
	x.warn(AmbiguousPlace, fmt.Sprintf("«%s» may also be %s", words, n.Detail), &n.Span)
}

func (x *Extraction) warnReference() {
	switch r := x.Reference; {
	case r == nil:
		x.warn(ReferenceDateMissing, "no publication date was given and none was found: relative dates have no time", nil)
	case r.Basis == timex.StatedInText:
		x.warn(ReferenceDateAssumed, fmt.Sprintf("no publication date was given: the text states %s", r.Date), &r.Span)
	case r.Basis == timex.Inferred:
		x.warn(ReferenceDateAssumed, fmt.Sprintf("no publication date was given: %s is the latest date of the text", r.Date), &r.Span)
	}
}

// sortWarnings puts those about the whole article first, then by position.
func (x *Extraction) sortWarnings() {
	slices.SortStableFunc(x.Warnings, func(a, b Warning) int {
		switch {
		case a.Span != nil && b.Span != nil:
			return a.Span.Compare(*b.Span)
		case a.Span != nil:
			return 1
		case b.Span != nil:
			return -1
		}
		return 0
	})
}

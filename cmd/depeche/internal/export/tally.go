package export

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Tally counts what was written, and what was not. Its zero value is ready.
type Tally struct {
	// Events are the events of all extractions, by type.
	Events map[string]int64 `json:"events,omitempty"`
}

func (t *Tally) count(x *depechev1.Extraction) {
	for _, e := range x.GetEvents() {
		add(&t.Events, typeName(e.GetType()))
	}
}

func add(to *map[string]int64, key string) {
	if *to == nil {
		*to = map[string]int64{}
	}
	(*to)[key]++
}

func typeName(t depechev1.EventType) string {
	return strings.TrimPrefix(t.String(), "EVENT_TYPE_")
}

// Listed is counts in a line, the largest first.
func Listed(counts map[string]int64) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	var out []string
	for _, name := range names {
		out = append(out, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(out, ", ")
}

// Print writes the counts for people, a line for each kind.
func (t *Tally) Print(to io.Writer) {
	var events int64
	for _, n := range t.Events {
		events += n
	}
	if events > 0 {
		fmt.Fprintf(to, "%d events: %s\n", events, Listed(t.Events))
	}
}

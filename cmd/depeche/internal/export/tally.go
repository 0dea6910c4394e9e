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
	// WithoutPoint are those of them that have no place with coordinates.
	WithoutPoint int64 `json:"withoutPoint"`
	// Rows are the rows or features written; 0 for JSONL.
	Rows int64 `json:"rows"`
	// Uncoded are the events, by type, that the codebook has no code for.
	Uncoded map[string]int64 `json:"uncoded,omitempty"`
	// LeftOut are the events that were not written, by reason.
	LeftOut map[string]int64 `json:"leftOut,omitempty"`
	// Empty are the empty cells, by column, but for columns that always are.
	Empty map[string]int64 `json:"empty,omitempty"`
}

func (t *Tally) count(x *depechev1.Extraction) {
	points := map[string]bool{}
	for _, l := range x.GetLocations() {
		points[l.GetId()] = l.GetPoint() != nil
	}
	for _, e := range x.GetEvents() {
		add(&t.Events, typeName(e.GetType()))
		if !slices.ContainsFunc(e.GetLocations(), func(p *depechev1.EventPlace) bool { return points[p.GetLocationId()] }) {
			t.WithoutPoint++
		}
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
		fmt.Fprintf(to, "%d events, %d without a point: %s\n", events, t.WithoutPoint, Listed(t.Events))
	}
	if t.Rows > 0 || len(t.LeftOut) > 0 {
		fmt.Fprintf(to, "%d rows\n", t.Rows)
	}
	for _, kind := range []struct {
		what   string
		counts map[string]int64
	}{{"without a code", t.Uncoded}, {"left out", t.LeftOut}, {"empty cells", t.Empty}} {
		if len(kind.counts) > 0 {
			fmt.Fprintf(to, "%s: %s\n", kind.what, Listed(kind.counts))
		}
	}
}

package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/parquet-go/parquet-go"
	"google.golang.org/protobuf/encoding/protojson"
)

// answers are two articles: one with an event of each kind that the shapes
// treat in a way of their own, one with nothing.
func answers(t *testing.T) []Answer {
	t.Helper()
	text, err := os.ReadFile("testdata/answers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var out []Answer
	for line := range strings.Lines(string(text)) {
		var both struct{ Article, Extraction json.RawMessage }
		if err := json.Unmarshal([]byte(line), &both); err != nil {
			t.Fatal(err)
		}
		a := Answer{Article: &depechev1.Article{}, Extraction: &depechev1.Extraction{}}
		if err := protojson.Unmarshal(both.Article, a.Article); err != nil {
			t.Fatal(err)
		}
		if err := protojson.Unmarshal(both.Extraction, a.Extraction); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// encode is the answers in a format, and what was counted.
func encode(t *testing.T, format Format, codedOnly bool) (string, Tally) {
	t.Helper()
	var tally Tally
	e, err := NewEncoder(format, codedOnly, &tally)
	if err != nil {
		t.Fatal(err)
	}
	text := e.Head()
	for _, a := range answers(t) {
		if text, err = e.Append(text, a); err != nil {
			t.Fatal(err)
		}
	}
	return string(append(text, e.Tail()...)), tally
}

// Every format is as its golden file has it: as lines of column and cell for
// CSV, which people can read. UPDATE_GOLDEN=1 rewrites them.
func TestGolden(t *testing.T) {
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) {
			if format == Parquet {
				golden(t, "parquet.golden", parquetText(t))
				return
			}
			text, tally := encode(t, format, false)
			counts, err := json.MarshalIndent(tally, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			switch format {
			case JSONL:
				text = ""
			case GeoJSON:
				var collection any
				if err := json.Unmarshal([]byte(text), &collection); err != nil {
					t.Fatal(err)
				}
				indented, _ := json.MarshalIndent(collection, "", "  ")
				text = string(indented) + "\n"
			default:
				text = unfolded(t, text)
			}
			golden(t, string(format)+".golden", text+string(counts)+"\n")
		})
	}
}

// unfolded is CSV with a line for each cell that is not empty.
func unfolded(t *testing.T, text string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, cells := range rows[1:] {
		for i, c := range cells {
			if c != "" {
				out.WriteString(rows[0][i] + ": " + c + "\n")
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as it was; got\n%s", path, got)
	}
}

// Coded only, no row has an empty code.
func TestCodedOnly(t *testing.T) {
	for format, column := range map[Format]string{ACLED: "event_type", PLOVER: "Event Type", CAMEO: "EventCode"} {
		all, counted := encode(t, format, false)
		coded, _ := encode(t, format, true)
		rows := unfolded(t, coded)
		if n := strings.Count(rows, "\n\n"); n == 0 || n != strings.Count(rows, "\n"+column+": ") {
			t.Errorf("%s: a row without a code:\n%s", format, rows)
		}
		var uncoded int64
		for _, n := range counted.Uncoded {
			uncoded += n
		}
		if uncoded == 0 || len(coded) >= len(all) {
			t.Errorf("%s: %d uncoded: that tests little", format, uncoded)
		}
	}
}

func TestDeaths(t *testing.T) {
	n := func(x float64) *float64 { return &x }
	killed := func(low, high *float64, actor string) *depechev1.Quantity {
		q := &depechev1.Quantity{Kind: depechev1.QuantityKind_QUANTITY_KIND_KILLED, Low: low, High: high}
		if actor != "" {
			q.ActorId = &actor
		}
		return q
	}
	claim := func(source string, quantities ...uint32) *depechev1.Claim {
		return &depechev1.Claim{SourceActorId: &source, QuantityIndexes: quantities}
	}
	tests := []struct {
		name   string
		of     []*depechev1.Quantity
		claims []*depechev1.Claim
		want   string // best low high, agents targets civilians others
	}{
		{"none", nil, nil, "- - -, - - - -"},
		{"one number", []*depechev1.Quantity{killed(n(30), n(30), "")}, nil, "30 30 30, - - - 30"},
		{"at least", []*depechev1.Quantity{killed(n(60), nil, "")}, nil, "60 60 -, - - - 60"},
		{"up to", []*depechev1.Quantity{killed(nil, n(30), "")}, nil, "- - 30, - - - -"},
		{"two sides", []*depechev1.Quantity{killed(n(12), n(12), "army"), killed(n(30), n(30), "rebels")}, nil, "42 42 42, 12 30 - -"},
		{"of whom civilians", []*depechev1.Quantity{killed(n(30), n(30), ""), killed(n(12), n(12), "civilians")}, nil, "30 30 30, - - 12 18"},
		{"two sources", []*depechev1.Quantity{killed(n(10), n(10), ""), killed(n(25), n(25), "")}, []*depechev1.Claim{claim("army", 0), claim("rebels", 1)}, "10 10 25, - - - 10"},
		{"the publication before its sources", []*depechev1.Quantity{killed(n(10), n(10), ""), killed(n(25), n(25), "")}, []*depechev1.Claim{claim("army", 0)}, "25 10 25, - - - 25"},
		{"each side by its own source", []*depechev1.Quantity{killed(n(12), n(12), "army"), killed(n(30), n(30), "rebels"), killed(n(5), n(5), "rebels")}, []*depechev1.Claim{claim("army", 1), claim("rebels", 2)}, "17 17 42, 12 5 - -"},
		{"wounded are not killed", []*depechev1.Quantity{{Kind: depechev1.QuantityKind_QUANTITY_KIND_INJURED, Low: n(3), High: n(3)}}, nil, "- - -, - - - -"},
	}
	actor := func(id string, kind depechev1.ActorKind) *depechev1.Actor {
		return &depechev1.Actor{Id: id, Name: id, Kind: kind}
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := &depechev1.Extraction{
				Actors: []*depechev1.Actor{actor("army", depechev1.ActorKind_ACTOR_KIND_STATE_FORCES), actor("rebels", depechev1.ActorKind_ACTOR_KIND_REBEL_GROUP), actor("civilians", depechev1.ActorKind_ACTOR_KIND_CIVILIANS)},
				Events: []*depechev1.Event{{Quantities: test.of, Claims: test.claims, Participants: []*depechev1.Participant{
					{Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_AGENT, ActorId: "army"}, {Role: depechev1.ParticipantRole_PARTICIPANT_ROLE_TARGET, ActorId: "rebels"}}}},
			}
			d := happenings(Answer{Extraction: x})[0].deaths()
			said := func(n *float64) string {
				if n == nil {
					return "-"
				}
				return number(n)
			}
			got := said(d.best) + " " + said(d.low) + " " + said(d.high) + ", " + said(d.agents) + " " + said(d.targets) + " " + said(d.civilians) + " " + said(d.others)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestPriogrid(t *testing.T) {
	for want, at := range map[string][2]float64{"1": {-90, -180}, "720": {-90, 180}, "721": {-89.5, -180}, "259200": {90, 180}, "149405": {13.51, 2.11}} {
		if got := priogrid(at[0], at[1]); got != want {
			t.Errorf("%v: got %s, want %s", at, got, want)
		}
	}
}

// parquetText is the rows as they are read back from Parquet, a line for each
// column that is not null.
func parquetText(t *testing.T) string {
	t.Helper()
	var tally Tally
	var file bytes.Buffer
	w := parquet.NewGenericWriter[Row](&file)
	for _, a := range answers(t) {
		if _, err := w.Write(Rows(a, &tally)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.Read[Row](bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, r := range rows {
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if !strings.Contains(line, ": null") {
				out.WriteString(line)
			}
		}
		out.WriteString("\n\n")
	}
	return out.String()
}

// An article's words are no formulas of whoever opens the table; numbers stay.
func TestCellsAreInert(t *testing.T) {
	const formula = `=HYPERLINK("https://example.org")`
	given := answers(t)
	for _, a := range given {
		a.Article.Title = formula
		for _, actor := range a.Extraction.GetActors() {
			actor.Name = formula
		}
		for _, event := range a.Extraction.GetEvents() {
			event.Summary = formula
		}
		for _, place := range a.Extraction.GetLocations() {
			place.Name = "@" + formula
		}
	}
	for _, format := range []Format{ACLED, UCDP, PLOVER, CAMEO} {
		e, err := NewEncoder(format, false, new(Tally))
		if err != nil {
			t.Fatal(err)
		}
		text := e.Head()
		for _, a := range given {
			if text, err = e.Append(text, a); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		kept := false
		for _, row := range rows {
			for i, cell := range row {
				kept = kept || strings.HasPrefix(cell, "'=")
				if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
					t.Errorf("%s: %s is %q", format, rows[0][i], cell)
				}
			}
		}
		if !kept && format != CAMEO { // whose cells are codes
			t.Errorf("%s: no cell holds what was told", format)
		}
	}
	for _, number := range []string{"-0.0447", "+3", "-12"} {
		if got := inert(number); got != number {
			t.Errorf("%s becomes %s", number, got)
		}
	}
}

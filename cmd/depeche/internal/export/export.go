// Package export writes extractions in the forms that other programs read:
// lines of JSON, rows of Parquet, GeoJSON, and CSV in the shape of the published codebooks.
//
// An event is written where the form has a place for it, and counted where it
// has none; a cell for which there is no code stays empty. docs/bulk.md says
// where each column is from and what is lost.
package export

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Format is a form of output.
type Format string

const (
	// JSONL is one protojson Extraction per line.
	JSONL Format = "jsonl"
	// Parquet is a row for each event, in part files of a directory.
	Parquet Format = "parquet"
	// GeoJSON is a FeatureCollection of events with points.
	GeoJSON Format = "geojson"
	// ACLED is CSV in the shape of ACLED's export.
	ACLED Format = "acled"
	// UCDP is CSV in the shape of UCDP GED.
	UCDP Format = "ucdp"
	// PLOVER is CSV in the shape of POLECAT, which is coded in PLOVER.
	PLOVER Format = "plover"
	// CAMEO is CSV in the shape of Phoenix, which is coded in CAMEO.
	CAMEO Format = "cameo"
)

// Formats are all there are.
func Formats() []Format { return []Format{JSONL, Parquet, GeoJSON, ACLED, UCDP, PLOVER, CAMEO} }

// FormatOf tells a format from a file's name; empty: the name does not say.
func FormatOf(path string) Format {
	name := strings.ToLower(path)
	for _, ending := range []string{".gz", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, ending)
	}
	switch filepath.Ext(name) {
	case ".jsonl", ".ndjson", ".json":
		return JSONL
	case ".geojson":
		return GeoJSON
	case ".parquet", ".pq":
		return Parquet
	}
	return ""
}

// Answer is an article and what was found in it.
type Answer struct {
	Article    *depechev1.Article
	Extraction *depechev1.Extraction
}

// Encoder makes text of answers, one after the other.
type Encoder struct {
	shape shape
	tally *Tally
}

// shape is how a form looks.
type shape interface {
	// head stands before everything, tail after it.
	head() []byte
	tail() []byte
	// rows appends what stands for an answer, and counts it.
	rows(to []byte, answer Answer, tally *Tally) ([]byte, error)
}

// NewEncoder makes an encoder of a format of text that counts in tally, which
// may hold counts of the same output already. codedOnly: events that ACLED,
// PLOVER or CAMEO have no code for get no row; else their codes are empty.
func NewEncoder(format Format, codedOnly bool, tally *Tally) (*Encoder, error) {
	e := &Encoder{tally: tally}
	switch format {
	case JSONL:
		e.shape = jsonLines{}
	case GeoJSON:
		e.shape = geoJSON{}
	case ACLED:
		e.shape = acled(codedOnly)
	case UCDP:
		e.shape = ucdp()
	case PLOVER:
		e.shape = plover(codedOnly)
	case CAMEO:
		e.shape = cameo(codedOnly)
	default:
		return nil, fmt.Errorf("%q is no format of text", format)
	}
	return e, nil
}

// Head is what the text begins with.
func (e *Encoder) Head() []byte { return e.shape.head() }

// Tail is what the text ends with.
func (e *Encoder) Tail() []byte { return e.shape.tail() }

// Append appends what stands for an answer, which may be nothing.
func (e *Encoder) Append(to []byte, answer Answer) ([]byte, error) {
	e.tally.count(answer.Extraction)
	return e.shape.rows(to, answer, e.tally)
}

type jsonLines struct{}

func (jsonLines) head() []byte { return nil }
func (jsonLines) tail() []byte { return nil }

func (jsonLines) rows(to []byte, answer Answer, _ *Tally) ([]byte, error) {
	text, err := stablejson.Line(answer.Extraction)
	return append(append(to, text...), '\n'), err
}

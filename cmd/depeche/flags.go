package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/depeche-events/depeche/cmd/depeche/internal/intake"
	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// articleFlags tell of articles what their files do not.
type articleFlags struct {
	Published publication `placeholder:"DATE" help:"Day of publication (2016-12-11) or moment (2016-12-11T23:30:00+01:00); «samedi» is read from it."`
	TimeZone  timeZone    `placeholder:"ZONE" help:"Zone, such as Europe/Paris, in which a moment of publication is read as a day; UTC by default."`
	Language  string      `placeholder:"TAG" help:"Language, such as fr; told from the text by default."`
	Title     verbatim    `placeholder:"TEXT" help:"Headline, where the file does not hold it; for one file."`
	HTML      bool        `name:"html" help:"Read the files as pages, whatever they are called."`
	Charset   charsetName `placeholder:"NAME" help:"Charset of the files, such as windows-1252."`
}

// article is what the flags say of every file.
func (f *articleFlags) article(files []verbatim) (*depechev1.Article, error) {
	if f.Title != "" && len(files) > 1 {
		return nil, fail(exitUsage, "--title: there are %d files, and a headline is one article's", len(files))
	}
	if !utf8.ValidString(string(f.Title)) {
		return nil, fail(exitUsage, "--title: must be UTF-8")
	}
	if i := slices.Index(files, intake.Stdin); i >= 0 && slices.Contains(files[i+1:], intake.Stdin) {
		return nil, fail(exitUsage, "-: standard input holds one article, and cannot be read twice")
	}
	a := &depechev1.Article{Title: string(f.Title), Language: f.Language, TimeZone: string(f.TimeZone)}
	switch {
	case f.Published.date != nil:
		a.Published = &depechev1.Article_PublishDate{PublishDate: f.Published.date}
	case f.Published.time != nil:
		a.Published = &depechev1.Article_PublishTime{PublishTime: f.Published.time}
	}
	return a, nil
}

func (f *articleFlags) form() intake.Form {
	return intake.Form{HTML: f.HTML, Charset: string(f.Charset)}
}

// publication is the value of --published: a day or a moment.
type publication struct {
	date *depechev1.Date
	time *timestamppb.Timestamp
}

func (p *publication) UnmarshalText(text []byte) error {
	if day, err := time.Parse(time.DateOnly, string(text)); err == nil {
		p.date = civil(day)
		return nil
	}
	moment, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("%q is neither a day such as 2016-12-11 nor a moment such as 2016-12-11T23:30:00+01:00", text)
	}
	p.time = timestamppb.New(moment)
	return nil
}

func civil(t time.Time) *depechev1.Date {
	return &depechev1.Date{Year: int32(t.Year()), Month: int32(t.Month()), Day: int32(t.Day())}
}

// timeZone is the value of --time-zone: an IANA name.
type timeZone string

func (z *timeZone) UnmarshalText(text []byte) error {
	// Local is this machine's zone, not a server's.
	if _, err := time.LoadLocation(string(text)); err != nil || string(text) == "Local" {
		return fmt.Errorf("%q is not an IANA time zone such as Europe/Paris", text)
	}
	*z = timeZone(text)
	return nil
}

// charsetName is the value of --charset: a name that the web knows.
type charsetName string

func (n *charsetName) UnmarshalText(text []byte) error {
	if e, _ := charset.Lookup(string(text)); e == nil {
		return fmt.Errorf("%q is not a charset such as windows-1252", text)
	}
	*n = charsetName(text)
	return nil
}

// The values of --format.
const (
	formatText  = "text"
	formatJSON  = "json"
	formatJSONL = "jsonl"
)

// selectionFlags say which events are answered.
type selectionFlags struct {
	MinConfidence     *float32    `placeholder:"0..1" help:"Leave out events of lower confidence."`
	EventTypes        []eventType `placeholder:"TYPE" help:"Only these types; depeche ontology lists them."`
	ExcludeBackground bool        `help:"Leave out what the articles only recall."`
}

func (f *selectionFlags) options() *depechev1.ExtractOptions {
	o := &depechev1.ExtractOptions{MinConfidence: f.MinConfidence, ExcludeBackground: f.ExcludeBackground}
	for _, t := range f.EventTypes {
		o.EventTypes = append(o.EventTypes, depechev1.EventType(t))
	}
	return o
}

// orNil is nil for options that are all as they are by default.
func orNil(o *depechev1.ExtractOptions) *depechev1.ExtractOptions {
	if proto.Size(o) == 0 {
		return nil
	}
	return o
}

// checkOptions refuses options that would have every article refused.
func checkOptions(options *depechev1.ExtractOptions) error {
	rules, err := rejection.NewRules()
	if err != nil {
		return err
	}
	if err := rules.CheckArticle(&depechev1.Article{Body: &depechev1.Article_Text{Text: "any"}}, options); err != nil {
		return fail(exitUsage, "%s", explain(err))
	}
	return nil
}

// offsetEncoding is the contract's of a value of --offset-encoding.
func offsetEncoding(name string) depechev1.OffsetEncoding {
	return depechev1.OffsetEncoding(depechev1.OffsetEncoding_value["OFFSET_ENCODING_"+strings.ToUpper(name)])
}

// answerFlags say what is printed, and how.
type answerFlags struct {
	Format string `enum:"text,json,jsonl" default:"text" help:"text, a report for people; json, one indented Extraction per file; jsonl, one per line."`

	selectionFlags `embed:""`

	Explain        bool   `help:"Say what decided each role, place, time and factuality, and what was considered and not reported."`
	OffsetEncoding string `enum:"utf8,utf16,utf32" default:"utf8" help:"Unit of the spans in json and jsonl: utf8 (bytes), utf16 (Java, JavaScript) or utf32 (Python)."`
}

func (f *answerFlags) options() *depechev1.ExtractOptions {
	o := f.selectionFlags.options()
	o.Explain = f.Explain
	if f.Format != formatText { // a report is made from bytes
		o.OffsetEncoding = offsetEncoding(f.OffsetEncoding)
	}
	return orNil(o)
}

// eventType is a value of --event-types: its name in the contract, the prefix
// left off, in any case.
type eventType depechev1.EventType

func (t *eventType) UnmarshalText(text []byte) error {
	const prefix = "EVENT_TYPE_"
	name := prefix + strings.TrimPrefix(strings.ToUpper(strings.ReplaceAll(string(text), "-", "_")), prefix)
	value := depechev1.EventType_value[name]
	if value == 0 {
		return fmt.Errorf("%q is no event type; `depeche ontology` lists them", text)
	}
	*t = eventType(value)
	return nil
}

// serverFlags say which server is asked.
type serverFlags struct {
	Server string `placeholder:"ADDR" help:"Server to ask: host:port, a list host:port,host:port, dns:///name:port or unix:///path."`

	credentialFlags `embed:""`
}

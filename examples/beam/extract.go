package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	beamregister "github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	codepb "google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/depeche-events/depeche/engine"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// articleBudget is how long one article may take; most take a few milliseconds.
const articleBudget = 30 * time.Second

// register tells Beam of our types. Every process of the pipeline has to call it
// before beam.Init.
func register() {
	beamregister.DoFn4x1[context.Context, string, func(string), func(string), error](&extractFn{})
	beamregister.Emitter1[string]()
}

// Extract reads articles, a line of protojson each, and returns extractions, a
// line each, and a DeadLetter as JSON for each line that has none. Blank lines are
// skipped.
func Extract(s beam.Scope, lines beam.PCollection, minConfidence float32) (extractions, deadLetters beam.PCollection) {
	return beam.ParDo2(s.Scope("Extract"), &extractFn{MinConfidence: minConfidence}, lines)
}

// DeadLetter is a line that has no extraction, and why. Code and Reason are those
// of the service: INVALID_ARGUMENT, EMPTY_BODY.
type DeadLetter struct {
	ID      string   `json:"id,omitempty"`
	Code    string   `json:"code"`
	Reason  string   `json:"reason,omitempty"`
	Fields  []string `json:"fields,omitempty"`
	Message string   `json:"message"`
	Article string   `json:"article"` // the line as it came
}

// loaded is the one engine of this process. Beam makes many DoFns in a process,
// and an engine takes a second and 200 MB.
var loaded = sync.OnceValues(func() (*engine.Engine, error) { return engine.New(engine.Config{}) })

var (
	answered = beam.NewCounter("depeche", "answered")
	failed   = beam.NewCounter("depeche", "failed")
)

// reader is what a DoFn needs of an engine.
type reader interface {
	Extract(context.Context, *depechev1.Article, *depechev1.ExtractOptions) (*depechev1.Extraction, error)
}

// extractFn is the DoFn. What it emits depends on the line alone, so a bundle can
// be tried again as often as its runner likes; one bad article fails alone, and
// not its bundle.
type extractFn struct {
	MinConfidence float32

	engine  reader
	options *depechev1.ExtractOptions
}

// Setup is called once for each DoFn, before its first bundle.
func (f *extractFn) Setup() error {
	e, err := loaded()
	if err != nil {
		return fmt.Errorf("load the engine: %w", err)
	}
	f.engine = e
	if f.MinConfidence != 0 {
		f.options = &depechev1.ExtractOptions{MinConfidence: &f.MinConfidence}
	}
	return nil
}

// ProcessElement reads one line. An error fails the bundle, which is tried again:
// it is for what is not the line's fault.
func (f *extractFn) ProcessElement(ctx context.Context, line string, extraction, deadLetter func(string)) error {
	if strings.TrimSpace(line) == "" {
		return nil
	}
	article := new(depechev1.Article)
	text, err := f.extract(ctx, line, article)
	if err == nil {
		answered.Inc(ctx, 1)
		extraction(text)
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	letter, err := json.Marshal(deadLetterOf(line, article, err))
	if err != nil {
		return err
	}
	failed.Inc(ctx, 1)
	deadLetter(string(letter))
	return nil
}

// extract decodes the line into article and answers it. It does not panic.
func (f *extractFn) extract(ctx context.Context, line string, article *depechev1.Article) (text string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = status.Error(codes.Internal, "the engine panicked") // what it said could quote the article
		}
	}()
	if err := protojson.Unmarshal([]byte(line), article); err != nil {
		return "", status.Errorf(codes.InvalidArgument, "no article: %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, articleBudget)
	defer cancel()
	x, err := f.engine.Extract(ctx, article, f.options)
	if err != nil {
		return "", err
	}
	spaced, err := protojson.Marshal(x)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = json.Compact(&out, spaced) // protojson's own white space varies from build to build
	return out.String(), err
}

func deadLetterOf(line string, article *depechev1.Article, err error) DeadLetter {
	if errors.Is(err, context.DeadlineExceeded) {
		err = status.Errorf(codes.DeadlineExceeded, "the article took longer than %v", articleBudget)
	}
	s := status.Convert(err)
	letter := DeadLetter{ID: article.GetId(), Code: codepb.Code(s.Code()).String(), Message: s.Message(), Article: line}
	for _, detail := range s.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			letter.Reason = detail.GetReason()
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				letter.Fields = append(letter.Fields, violation.GetField())
			}
		}
	}
	return letter
}

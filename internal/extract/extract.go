package extract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/language"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// DefaultMaxBodyBytes is Config.MaxBodyBytes where it is 0.
const DefaultMaxBodyBytes = 1 << 20

// Config says what an Extractor is made from.
type Config struct {
	// Knowledge holds a folder for each language («fr») whose files take the
	// place of the built-in ones of the same name. nil: all is built in.
	Knowledge fs.FS
	// MaxBodyBytes is the longest body that is read, in bytes. 0:
	// DefaultMaxBodyBytes.
	MaxBodyBytes int
	// MaxEntities are the events, the actors, the places and the discarded
	// triggers that an answer has at most, of each; MaxMentions the mentions of
	// one of them, and the participants, places, quantities and claims of one
	// event, of each. 0: DefaultMaxEntities, DefaultMaxMentions.
	MaxEntities, MaxMentions int
	// Version is what Versions.Engine says.
	Version string
}

// Extractor reads articles. It is immutable and safe for concurrent use.
type Extractor struct {
	maxBody, maxEntities, maxMentions int

	versions  Versions
	ontology  *ontology.Ontology
	segmenter *article.Segmenter
	detector  *language.Detector
	french    *reader
}

// reader is the stages of one language.
type reader struct {
	text       *text.Language
	syntax     *syntax.Model
	places     *place.Finder
	actors     *actor.Finder
	times      *timex.Finder
	grammar    timex.Grammar
	quantities *quantity.Finder
	events     *event.Finder
}

// New builds an Extractor, which takes some tenths of a second. Its error tells
// all faults of the knowledge by file and line.
func New(c Config) (*Extractor, error) {
	o, err := ontology.Load()
	if err != nil {
		return nil, err
	}
	var dir fs.FS
	if c.Knowledge != nil {
		if dir, err = fs.Sub(c.Knowledge, fr.Tag); err != nil {
			return nil, err
		}
	}
	l, err := fr.Load(dir, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", fr.Tag, err)
	}
	detector, err := language.New(language.WordsFS())
	if err != nil {
		return nil, err
	}
	return &Extractor{
		maxBody:     cmp.Or(c.MaxBodyBytes, DefaultMaxBodyBytes),
		maxEntities: cmp.Or(c.MaxEntities, DefaultMaxEntities),
		maxMentions: cmp.Or(c.MaxMentions, DefaultMaxMentions),

		ontology: o,
		versions: Versions{Engine: c.Version, Model: l.ModelDigest, Lexicon: l.LexiconDigest, Gazetteer: l.GazetteerDigest,
			Ontology: o.Version},
		segmenter: article.NewSegmenter(l.Boilerplate),
		detector:  detector,
		french: &reader{
			text:       l.Text,
			syntax:     l.Syntax,
			places:     l.Places,
			actors:     actor.NewFinder(l.Actors),
			times:      timex.NewFinder(l.Times),
			grammar:    l.Times,
			quantities: quantity.NewFinder(l.Quantities),
			events:     event.NewFinder(l.Events, o, l.Actors.Demonym, l.Places.CountryName),
		},
	}, nil
}

// Description is what an Extractor is.
type Description struct {
	Versions  Versions
	Languages []string // BCP 47 tags, in order
	Ontology  *ontology.Ontology

	// As in Config.
	MaxBodyBytes, MaxEntities, MaxMentions int
}

// Describe says what x is.
func (x *Extractor) Describe() Description {
	return Description{Versions: x.versions, Languages: []string{fr.Tag}, Ontology: x.ontology,
		MaxBodyBytes: x.maxBody, MaxEntities: x.maxEntities, MaxMentions: x.maxMentions}
}

// Extract reads one article. Every stage looks at ctx as it goes, at least once
// a sentence. The error is an *InputError for an article that is refused, else
// ctx's.
func (x *Extractor) Extract(ctx context.Context, in Input, opts Options) (*Extraction, error) {
	watch := newStopwatch(opts.Observe)
	reading, err := x.read(in)
	if err != nil {
		return nil, err
	}
	out := &Extraction{
		ArticleID: in.ID,
		Document:  x.segmenter.Segment(ctx, reading),
		Converted: reading.Converted,
		Versions:  x.versions,
	}
	for _, n := range reading.Notices {
		out.warn(noticeCodes[n.Kind], n.Message, nil)
	}
	watch.end(stageArticle)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := x.gate(in, out); err != nil {
		return nil, err
	}
	watch.end(stageLanguage)
	if !slices.ContainsFunc(out.Document.Segments, func(s article.Segment) bool { return s.Kind.Told() }) {
		out.warn(NoBody, "nothing of the article was told apart from the page around it", nil)
		return out, nil
	}
	if !out.Supported {
		return out, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := x.french.read(ctx, in, opts, out, &watch); err != nil {
		return nil, err
	}
	out.bound(x.maxEntities, x.maxMentions)
	watch.end(stageEvents)
	return out, nil
}

// read reads the submitted body.
func (x *Extractor) read(in Input) (*article.Reading, error) {
	field := bodyFields[in.Form]
	if len(in.Body) > x.maxBody {
		return nil, &InputError{field, BodyTooLarge, fmt.Sprintf("%d bytes; the limit is %d", len(in.Body), x.maxBody)}
	}
	reading, err := article.Read(in.Title, in.Body, in.Form, in.ContentType)
	if notText := (*article.NotTextError)(nil); errors.As(err, &notText) {
		return nil, &InputError{field, NotText, err.Error()}
	}
	if err != nil {
		return nil, &InputError{field, EmptyBody, err.Error()}
	}
	return reading, nil
}

var bodyFields = map[article.Form]string{article.PlainText: "article.text", article.HTML: "article.html", article.Raw: "article.raw"}

var noticeCodes = map[article.NoticeKind]WarningCode{
	article.CharsetGuessed: CharsetGuessed, article.CharsetReplaced: CharsetReplaced, article.MarkupInText: MarkupInText}

// gateConfidence is how sure a detected language must be to contradict the one
// that was given.
const gateConfidence = 0.8

// gate decides in which language the article is read, and whether it can be.
func (x *Extractor) gate(in Input, out *Extraction) error {
	guess := x.detector.DetectDocument(out.Document)
	out.Language = guess.Tag
	if in.Language != "" {
		tag, err := language.Normalize(in.Language)
		if err != nil {
			return &InputError{"article.language", InvalidField, fmt.Sprintf("%q is not a BCP 47 tag", in.Language)}
		}
		out.Language = tag
		if guess.Tag != language.Undetermined && guess.Confidence >= gateConfidence && !language.Same(guess.Tag, tag) {
			out.warn(LanguageMismatch, fmt.Sprintf("given as %s, the text seems to be in %s", tag, guess.Tag), nil)
		}
	} else if guess.Tag == language.Undetermined {
		// Too short to tell is no reason to answer nothing.
		out.Language = fr.Tag
		out.warn(LanguageUncertain, "the language could not be told and was taken for "+fr.Tag, nil)
	}
	out.Supported = language.Same(out.Language, fr.Tag)
	if !out.Supported {
		out.warn(LanguageUnsupported, fmt.Sprintf("%s is not a language that this engine reads", out.Language), nil)
	}
	return nil
}

// read runs the stages of a language in their order.
func (r *reader) read(ctx context.Context, in Input, opts Options, out *Extraction, watch *stopwatch) error {
	t := text.Split(ctx, out.Document, r.text)
	for i := range t.Sentences {
		if s := &t.Sentences[i]; s.Truncated {
			out.warn(SentenceTooLong, "a sentence is longer than the engine reads whole", &s.Span)
		}
	}
	watch.end(stageText)
	if err := ctx.Err(); err != nil {
		return err
	}
	a := r.syntax.Analyze(ctx, t)
	watch.end(stageSyntax)
	if err := ctx.Err(); err != nil {
		return err
	}
	places, notices := r.places.Find(ctx, t, a)
	out.Places = places
	for _, n := range notices {
		out.warnPlace(n)
	}
	watch.end(stagePlaces)
	if err := ctx.Err(); err != nil {
		return err
	}
	out.Reference = timex.FindReference(in.Published, t, r.grammar)
	out.warnReference()
	times := r.times.Find(ctx, t, a, out.Reference)
	var day timex.Date
	if out.Reference != nil {
		day = out.Reference.Date
	}
	watch.end(stageTimes)
	if err := ctx.Err(); err != nil {
		return err
	}
	actors := r.actors.Find(ctx, t, a, places, day)
	watch.end(stageActors)
	if err := ctx.Err(); err != nil {
		return err
	}
	quantities := r.quantities.Find(ctx, t, a, timex.Words(times))
	watch.end(stageQuantities)
	if err := ctx.Err(); err != nil {
		return err
	}
	found := r.events.Find(ctx, &event.Layers{Text: t, Syntax: a, Actors: actors, Places: places, Times: times,
		Quantities: quantities, Reference: out.Reference, Explain: opts.Explain})
	if err := ctx.Err(); err != nil {
		return err
	}
	out.Actors, out.Discarded = found.Actors, found.Discarded
	out.Events = slices.DeleteFunc(found.Events, func(e event.Event) bool { return !opts.keep(&e) })
	return nil
}

// keep reports whether the options let e be reported.
func (o *Options) keep(e *event.Event) bool {
	return e.Confidence >= o.MinConfidence &&
		(len(o.EventTypes) == 0 || slices.Contains(o.EventTypes, e.Type)) &&
		!(o.ExcludeBackground && e.Timeframe == event.Background)
}

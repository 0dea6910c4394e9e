package wire

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/depeche-events/depeche/internal/extract"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

const maxBody = 8 << 10

var engine = sync.OnceValue(func() *Engine {
	x, err := extract.New(extract.Config{MaxBodyBytes: maxBody, Version: "test"})
	if err != nil {
		panic(err)
	}
	return NewEngine(x)
})

const sample = "Tchad : l’armée reprend Faya 🕊 aux rebelles\n\n" +
	"L’armée tchadienne a repris samedi la ville de Faya aux rebelles, a annoncé le ministère de la Défense. " +
	"Au moins douze soldats ont été tués dans les combats.\n\n" +
	"Nous utilisons des cookies pour mesurer l’audience. En cliquant sur « Tout accepter », vous consentez à leur dépôt.\n"

func text(s string) *depechev1.Article {
	return &depechev1.Article{Id: "a", Body: &depechev1.Article_Text{Text: s},
		Published: &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2009, Month: 5, Day: 10}}}
}

func extractOne(t *testing.T, a *depechev1.Article, o *depechev1.ExtractOptions) *depechev1.Extraction {
	t.Helper()
	x, err := engine().Extract(context.Background(), a, o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestExtraction(t *testing.T) {
	x := extractOne(t, text(sample), nil)
	if x.ArticleId != "a" || x.Language != "fr" || !x.LanguageSupported || x.Text != nil {
		t.Errorf("article %q, language %q %v, text %v", x.ArticleId, x.Language, x.LanguageSupported, x.Text)
	}
	if v := x.Versions; v.GetEngine() != "test" || v.GetModel() == "" || v.GetLexicon() == "" || v.GetGazetteer() == "" || v.GetOntology() == "" {
		t.Errorf("versions %v", v)
	}
	if len(x.Events) == 0 || x.Events[0].Type != depechev1.EventType_EVENT_TYPE_TERRITORY_CAPTURE {
		t.Fatalf("the headline's event does not come first: %v", x.Events)
	}
	e := x.Events[0]
	if len(e.Codings) != 3 || len(e.Mentions) < 2 || e.Summary == "" || e.Id == "" {
		t.Errorf("event %v", e)
	}
	if got := x.ReferenceDate.GetBasis(); got != depechev1.ReferenceDateBasis_REFERENCE_DATE_BASIS_GIVEN {
		t.Errorf("basis %v", got)
	}
	for _, e := range x.Events {
		for _, m := range e.Mentions {
			if strings.Contains(m.Sentence.Text, "cookies") {
				t.Errorf("event in boilerplate: %v", m)
			}
		}
	}
}

// Every span's text must be its field's text sliced at its offsets, whatever
// they count in.
func TestSpansInEveryEncoding(t *testing.T) {
	for _, tt := range []struct {
		encoding depechev1.OffsetEncoding
		slice    func(s string, begin, end uint32) string
	}{
		{depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8, func(s string, b, e uint32) string { return s[b:e] }},
		{depechev1.OffsetEncoding_OFFSET_ENCODING_UTF16, func(s string, b, e uint32) string {
			return string(utf16.Decode(utf16.Encode([]rune(s))[b:e]))
		}},
		{depechev1.OffsetEncoding_OFFSET_ENCODING_UTF32, func(s string, b, e uint32) string { return string([]rune(s)[b:e]) }},
	} {
		t.Run(tt.encoding.String(), func(t *testing.T) {
			a := text(sample)
			a.Title = "Tchad 🕊 : Faya reprise par l’armée"
			x := extractOne(t, a, &depechev1.ExtractOptions{OffsetEncoding: tt.encoding})
			if x.OffsetEncoding != tt.encoding {
				t.Errorf("encoding %v", x.OffsetEncoding)
			}
			fields := map[depechev1.Field]int{}
			eachSpan(x.ProtoReflect(), func(s *depechev1.Span) {
				fields[s.Field]++
				from := sample
				if s.Field == depechev1.Field_FIELD_TITLE {
					from = a.Title
				}
				if got := tt.slice(from, s.Begin, s.End); got != s.Text {
					t.Errorf("span %v is %q", s, got)
				}
			})
			if fields[depechev1.Field_FIELD_TITLE] == 0 || fields[depechev1.Field_FIELD_UNSPECIFIED] == 0 {
				t.Errorf("spans by field: %v, want some of both", fields)
			}
		})
	}
}

func eachSpan(m protoreflect.Message, do func(*depechev1.Span)) {
	if s, ok := m.Interface().(*depechev1.Span); ok {
		do(s)
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				eachSpan(v.List().Get(i).Message(), do)
			}
		default:
			eachSpan(v.Message(), do)
		}
		return true
	})
}

func TestRefused(t *testing.T) {
	date := func(y, m, d int32) *depechev1.Article_PublishDate {
		return &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: y, Month: m, Day: d}}
	}
	body := &depechev1.Article_Text{Text: sample}
	for _, tt := range []struct {
		name    string
		article *depechev1.Article
		options *depechev1.ExtractOptions
		field   string
		reason  string
	}{
		{name: "no body", article: &depechev1.Article{}, field: "article.body", reason: "EMPTY_BODY"},
		{name: "blank", article: text(" \n\t"), field: "article.text", reason: "EMPTY_BODY"},
		{name: "too long", article: text(strings.Repeat("é", maxBody)), field: "article.text", reason: "BODY_TOO_LARGE"},
		{name: "empty page", article: &depechev1.Article{Body: &depechev1.Article_Html{Html: "<p></p>"}}, field: "article.html", reason: "EMPTY_BODY"},
		{name: "binary", article: &depechev1.Article{Body: &depechev1.Article_Raw{Raw: []byte("%PDF-1.7\x00\x01\x02\xff")}}, field: "article.raw", reason: "NOT_TEXT"},
		{name: "time zone", article: &depechev1.Article{Body: body, TimeZone: "Europe/Lutece"}, field: "article.time_zone", reason: "UNKNOWN_TIME_ZONE"},
		{name: "the server's own zone", article: &depechev1.Article{Body: body, TimeZone: "Local"}, field: "article.time_zone", reason: "UNKNOWN_TIME_ZONE"},
		{name: "30 February", article: &depechev1.Article{Body: body, Published: date(2012, 2, 30)}, field: "article.publish_date", reason: "INVALID_DATE"},
		{name: "no day", article: &depechev1.Article{Body: body, Published: date(2012, 2, 0)}, field: "article.publish_date", reason: "INVALID_DATE"},
		{name: "time out of range", article: &depechev1.Article{Body: body,
			Published: &depechev1.Article_PublishTime{PublishTime: &timestamppb.Timestamp{Seconds: 1 << 60}}}, field: "article.publish_time", reason: "INVALID_DATE"},
		{name: "language", article: &depechev1.Article{Body: body, Language: "f"}, field: "article.language", reason: "INVALID_FIELD"},
		{name: "event type", article: text(sample), options: &depechev1.ExtractOptions{EventTypes: []depechev1.EventType{1, 9999}},
			field: "options.event_types[1]", reason: "INVALID_FIELD"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := engine().Extract(context.Background(), tt.article, tt.options)
			s, ok := status.FromError(err)
			if !ok || s.Code() != codes.InvalidArgument {
				t.Fatalf("error %v, want INVALID_ARGUMENT", err)
			}
			var field, reason string
			for _, d := range s.Details() {
				switch d := d.(type) {
				case *errdetails.BadRequest:
					field = d.FieldViolations[0].Field
				case *errdetails.ErrorInfo:
					reason = d.Reason
					if d.Domain != "depeche.v1" {
						t.Errorf("domain %q", d.Domain)
					}
				}
			}
			if field != tt.field || reason != tt.reason {
				t.Errorf("field %q reason %q, want %q %q", field, reason, tt.field, tt.reason)
			}
			if _, ok := depechev1.ErrorReason_value["ERROR_REASON_"+reason]; !ok {
				t.Errorf("reason %q is none of the contract's", reason)
			}
		})
	}
}

func TestPublishTimeIsReadInItsZone(t *testing.T) {
	a := text(sample)
	// 23:30 UTC on Saturday is Sunday in Paris.
	a.Published = &depechev1.Article_PublishTime{PublishTime: &timestamppb.Timestamp{Seconds: 1241911800}}
	a.TimeZone = "Europe/Paris"
	if got := extractOne(t, a, nil).ReferenceDate.GetDate(); got.GetDay() != 10 {
		t.Errorf("in Paris: %v, want the 10th", got)
	}
	a.TimeZone = ""
	if got := extractOne(t, a, nil).ReferenceDate.GetDate(); got.GetDay() != 9 {
		t.Errorf("in UTC: %v, want the 9th", got)
	}
}

func TestOptions(t *testing.T) {
	all := extractOne(t, text(sample), nil)
	only := extractOne(t, text(sample), &depechev1.ExtractOptions{EventTypes: []depechev1.EventType{depechev1.EventType_EVENT_TYPE_TERRITORY_CAPTURE}})
	if len(only.Events) == 0 || len(only.Events) >= len(all.Events) {
		t.Errorf("%d events of one type, %d of all", len(only.Events), len(all.Events))
	}
	for _, e := range only.Events {
		if e.Type != depechev1.EventType_EVENT_TYPE_TERRITORY_CAPTURE {
			t.Errorf("event of type %v", e.Type)
		}
	}
	if sure := extractOne(t, text(sample), &depechev1.ExtractOptions{MinConfidence: proto.Float32(1)}); len(sure.Events) != 0 {
		t.Errorf("%d events of confidence 1", len(sure.Events))
	}
}

func TestUnsupportedLanguage(t *testing.T) {
	x := extractOne(t, text("The army has retaken the town from the rebels on Saturday, the ministry of defence said in a statement."), nil)
	if x.LanguageSupported || x.Language != "en" || len(x.Events) != 0 || len(x.Warnings) == 0 ||
		x.Warnings[0].Code != depechev1.WarningCode_WARNING_CODE_LANGUAGE_UNSUPPORTED {
		t.Errorf("language %q %v, %d events, warnings %v", x.Language, x.LanguageSupported, len(x.Events), x.Warnings)
	}
}

func TestConvertedBodyIsReturned(t *testing.T) {
	page := "<html><body><article><h1>Faya reprise</h1><p>L’armée tchadienne a repris samedi la ville de Faya aux rebelles, " +
		"a annoncé le ministère. Douze soldats ont été tués.</p></article></body></html>"
	for name, a := range map[string]*depechev1.Article{
		"html": {Body: &depechev1.Article_Html{Html: page}},
		"raw":  {Body: &depechev1.Article_Raw{Raw: []byte("L'arm\xe9e tchadienne a repris samedi la ville de Faya aux rebelles, a annonc\xe9 le minist\xe8re.")}},
	} {
		x := extractOne(t, a, nil)
		if x.Text == nil || !utf8.ValidString(*x.Text) || !strings.Contains(*x.Text, "armée tchadienne") {
			t.Errorf("%s: text %v", name, x.Text)
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	marshal := func() []byte {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(extractOne(t, text(sample), nil))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := marshal()
	for range 20 {
		if !bytes.Equal(first, marshal()) {
			t.Fatal("two extractions of one article differ")
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := engine().Extract(ctx, text(sample), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestDescribe(t *testing.T) {
	o := engine().DescribeOntology()
	if len(o.Types) != 53 || len(o.Rules) == 0 {
		t.Fatalf("%d types, %d rules", len(o.Types), len(o.Rules))
	}
	for _, d := range o.Types {
		if d.Family == depechev1.EventFamily_EVENT_FAMILY_UNSPECIFIED || d.Definition == "" {
			t.Errorf("%v: family %v, definition %q", d.Type, d.Family, d.Definition)
		}
		for _, c := range d.Codings {
			if c.Coding.Match == depechev1.CodingMatch_CODING_MATCH_UNSPECIFIED || c.Coding.Codebook == depechev1.Codebook_CODEBOOK_UNSPECIFIED {
				t.Errorf("%v: coding %v", d.Type, c)
			}
		}
	}
	if d := engine().DescribeEngine(); d.Limits.MaxBodyBytes != maxBody || len(d.Languages) != 1 || d.Languages[0] != "fr" {
		t.Errorf("engine %v", d)
	}
}

// FuzzArticle holds that any bytes are answered or refused, that every span
// lies in its text, and that the same bytes come twice.
func FuzzArticle(f *testing.F) {
	f.Add([]byte(sample), "Tchad", uint8(0))
	f.Add([]byte("<p>L’armée a tué 300 personnes.</p>"), "", uint8(1))
	f.Add([]byte("Le 30 f\xe9vrier, \xff\xfe à 20 km de Paris"), "«", uint8(2))
	f.Fuzz(func(t *testing.T, body []byte, title string, form uint8) {
		a := &depechev1.Article{Title: strings.ToValidUTF8(title, "?")}
		switch form % 3 {
		case 0:
			a.Body = &depechev1.Article_Text{Text: strings.ToValidUTF8(string(body), "?")}
		case 1:
			a.Body = &depechev1.Article_Html{Html: strings.ToValidUTF8(string(body), "?")}
		default:
			a.Body = &depechev1.Article_Raw{Raw: body}
		}
		x, err := engine().Extract(context.Background(), a, nil)
		if err != nil {
			if refused := (*FieldError)(nil); !errors.As(err, &refused) {
				t.Fatalf("error %v", err)
			}
			return
		}
		from := a.GetText()
		if x.Text != nil {
			from = *x.Text
		}
		eachSpan(x.ProtoReflect(), func(s *depechev1.Span) {
			in := from
			if s.Field == depechev1.Field_FIELD_TITLE {
				in = a.Title
			}
			if s.Begin > s.End || int(s.End) > len(in) || in[s.Begin:s.End] != s.Text || !utf8.ValidString(s.Text) {
				t.Fatalf("span %v of %q", s, in)
			}
		})
		again, err := engine().Extract(context.Background(), a, nil)
		if err != nil || !proto.Equal(x, again) {
			t.Fatalf("not the same twice: %v", err)
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	e := engine()
	a := text(strings.Repeat(sample, 6))
	b.SetBytes(int64(len(a.GetText())))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Extract(context.Background(), a, nil); err != nil {
			b.Fatal(err)
		}
	}
}

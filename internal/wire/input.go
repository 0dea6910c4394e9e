package wire

import (
	"fmt"
	"time"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/extract"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// input reads a submitted article. Its errors are *FieldError.
func input(a *depechev1.Article) (extract.Input, error) {
	in := extract.Input{
		ID:          a.GetId(),
		Title:       a.GetTitle(),
		ContentType: a.GetContentType(),
		Language:    a.GetLanguage(),
	}
	switch b := a.GetBody().(type) {
	case *depechev1.Article_Text:
		in.Form, in.Body = article.PlainText, []byte(b.Text)
	case *depechev1.Article_Html:
		in.Form, in.Body = article.HTML, []byte(b.Html)
	case *depechev1.Article_Raw:
		in.Form, in.Body = article.Raw, b.Raw
	default:
		return in, &FieldError{"article.body", depechev1.ErrorReason_ERROR_REASON_EMPTY_BODY, rejection.NoBody}
	}
	zone := time.UTC
	if name := a.GetTimeZone(); name != "" {
		var err error
		// "Local" would make the answer depend on the server's own zone.
		if zone, err = time.LoadLocation(name); err != nil || name == "Local" {
			return in, &FieldError{"article.time_zone", depechev1.ErrorReason_ERROR_REASON_UNKNOWN_TIME_ZONE,
				fmt.Sprintf("%q is not an IANA time zone such as \"Europe/Paris\"", name)}
		}
	}
	switch p := a.GetPublished().(type) {
	case *depechev1.Article_PublishTime:
		if err := p.PublishTime.CheckValid(); err != nil {
			return in, &FieldError{"article.publish_time", depechev1.ErrorReason_ERROR_REASON_INVALID_DATE, err.Error()}
		}
		y, m, d := p.PublishTime.AsTime().In(zone).Date()
		in.Published = timex.Date{Year: y, Month: m, Day: d}
	case *depechev1.Article_PublishDate:
		d := p.PublishDate
		in.Published = timex.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
		if !isDay(in.Published) {
			return in, &FieldError{"article.publish_date", depechev1.ErrorReason_ERROR_REASON_INVALID_DATE,
				fmt.Sprintf("%04d-%02d-%02d is not a day of the calendar", d.GetYear(), d.GetMonth(), d.GetDay())}
		}
	}
	return in, nil
}

func isDay(d timex.Date) bool {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return d.Year >= 1 && d.Year <= 9999 && t.Year() == d.Year && t.Month() == d.Month && t.Day() == d.Day
}

// options reads how to answer. A nil o is the defaults.
func options(o *depechev1.ExtractOptions) (extract.Options, error) {
	opts := extract.Options{MinConfidence: o.GetMinConfidence(), ExcludeBackground: o.GetExcludeBackground(), Explain: o.GetExplain()}
	for i, t := range o.GetEventTypes() {
		if t == depechev1.EventType_EVENT_TYPE_UNSPECIFIED || depechev1.EventType_name[int32(t)] == "" {
			return opts, &FieldError{fmt.Sprintf("options.event_types[%d]", i), depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD,
				fmt.Sprintf("%d is no event type", t)}
		}
		opts.EventTypes = append(opts.EventTypes, ontology.Type(t))
	}
	return opts, nil
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
)

// canary is a word of the articles that must be in no log and no error.
const canary = "Zanzibarnaki"

// troubled is the real engine, with troubles by the article's id.
type troubled struct{ server.Engine }

func (e troubled) Extract(ctx context.Context, a *depechev1.Article, o *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	text := a.GetText() + a.GetTitle()
	switch a.GetId() {
	case "panics":
		panic("at " + text)
	case "panics with an error":
		panic(fmt.Errorf("at %s", text))
	case "breaks a bound":
		_ = []rune(text)[1<<20+len(text)]
	case "fails":
		return nil, errors.New("the model is broken")
	}
	return e.Engine.Extract(ctx, a, o)
}

// locked is a buffer that the server's goroutines share.
type locked struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

// Whatever becomes of an article, by call and by stream, the log has none of its
// words at any level, nor has what the caller is told of a fault.
func TestNoArticleTextInLogsAndErrors(t *testing.T) {
	real, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	const sentence = "L'armée a repris la ville de " + canary + " samedi, a annoncé le ministère de la Défense de " + canary + ". "
	text := func(s string) *depechev1.Article_Text { return &depechev1.Article_Text{Text: s} }
	raw := func(s string) *depechev1.Article_Raw { return &depechev1.Article_Raw{Raw: []byte(s)} }
	var articles []*depechev1.Article
	for id, a := range map[string]*depechev1.Article{
		"good":                 {Body: text(sentence)},
		"a page":               {Body: &depechev1.Article_Html{Html: "<html><title>" + canary + "</title><body><p>" + strings.Repeat(sentence, 20) + "</p></body></html>"}},
		"raw":                  {Body: raw(sentence)},
		"raw, broken":          {Body: raw("\xff\xfe" + sentence + "\xc3")},
		"binary":               {Body: raw("PK\x03\x04\x00\x00\x00" + sentence + "\x00\x00\x01\x02")},
		"another language":     {Body: text("The army of " + canary + " said on Monday that it had retaken the town of " + canary + " from the rebels.")},
		"wrong language":       {Language: "de", Body: text(sentence)},
		"no language":          {Language: "français", Body: text(sentence)},
		"no time zone":         {TimeZone: "Europe/Nulle", Body: text(sentence)},
		"no day":               {Published: &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2017, Month: 2, Day: 30}}, Body: text(sentence)},
		"no charset":           {ContentType: "text/plain; charset=none", Body: raw(sentence)},
		"title too long":       {Body: text(sentence)},
		"blank":                {Body: text(" \n")},
		"body too long":        {Body: text(strings.Repeat(sentence, 1<<20/len(sentence)+1))},
		"panics":               {Body: text(sentence)},
		"panics with an error": {Body: text(sentence)},
		"breaks a bound":       {Body: text(sentence)},
		"fails":                {Body: text(sentence)},
	} {
		a.Id, a.Title, a.Source, a.Url = id, canary, canary, "https://example.org/"+canary
		if id == "title too long" {
			a.Title = strings.Repeat(canary+" ", 400)
		}
		articles = append(articles, a)
	}

	log := new(locked)
	config := server.Config{
		Engine: troubled{real},
		Logger: zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(log), zapcore.DebugLevel)),
	}
	config.SetDefaults()
	config.Listen, config.DrainDelay, config.ClientRate = "127.0.0.1:0", 0, 1000
	running, err := config.Complete(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- running.Run(ctx) }()
	c, err := client.Dial(running.Addrs()[0].String(), client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	tell := func(way string, a *depechev1.Article, err error) {
		if err == nil {
			return
		}
		failed++
		if told := err.Error() + fmt.Sprint(status.Convert(err).Details()...); strings.Contains(told, canary) {
			t.Errorf("%s, %s: the error quotes the article: %s", a.GetId(), way, told)
		}
	}
	for _, a := range articles {
		_, err := c.Extract(t.Context(), a)
		tell("by call", a, err)
	}
	corpus := func(yield func(*depechev1.Article) bool) {
		for _, a := range articles {
			if !yield(a) {
				return
			}
		}
	}
	for result, err := range c.Stream(t.Context(), corpus) {
		if err != nil {
			t.Fatal(err)
		}
		tell("by stream", articles[result.Index], result.Err)
	}
	c.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}

	if failed < 20 {
		t.Errorf("%d articles failed: the test has lost its troubles", failed)
	}
	entries := log.buffer.String()
	for line := range strings.Lines(entries) {
		if strings.Contains(line, canary) {
			t.Errorf("the log quotes an article: %s", line)
		}
	}
	for _, want := range []string{"panic in worker", "finished call", "engine failed", "the model is broken"} {
		if !strings.Contains(entries, want) {
			t.Errorf("the log lacks %q: the test has lost its troubles", want)
		}
	}
}

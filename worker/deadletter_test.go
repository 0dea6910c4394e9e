package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// refused is what an engine says of an article that it does not take.
func refused() error {
	s, _ := status.New(codes.InvalidArgument, "article.time_zone: is unknown").WithDetails(
		&errdetails.ErrorInfo{Domain: "depeche.v1", Reason: "UNKNOWN_TIME_ZONE"},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "article.time_zone", Description: "is unknown"}}})
	return s.Err()
}

func TestDeadLetters(t *testing.T) {
	const text = "Mot qui ne doit figurer nulle part."
	small, _ := protojson.Marshal(article("1", text))
	for _, tt := range []struct {
		name                            string
		contentType                     string
		data                            string
		engine                          fakeEngine
		code, reason, field, deliveries string
	}{
		{"JSON that is none", "application/json", `{"id": `, echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"JSON of something else", "", `{"headline": "Mali"}`, echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"empty", "", "", echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"protobuf that is none", "application/x-protobuf", "\xff\xff\xff", echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"protobuf that is not UTF-8", "application/x-protobuf", "\x0a\x01\xe9", echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"another encoding", "text/plain", "Mali", echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"no encoding", "/", "Mali", echo, "INVALID_ARGUMENT", "UNDECODABLE", "", "1"},
		{"refused", "", string(small), func(context.Context, *depechev1.Article) (*depechev1.Extraction, error) {
			return nil, refused()
		}, "INVALID_ARGUMENT", "UNKNOWN_TIME_ZONE", "article.time_zone", "1"},
		{"answer too large", "", string(small), func(context.Context, *depechev1.Article) (*depechev1.Extraction, error) {
			return &depechev1.Extraction{Text: proto.String(strings.Repeat("a", 9<<20))}, nil
		}, "OUT_OF_RANGE", "ANSWER_TOO_LARGE", "", "1"},
		{"engine fails", "", string(small), func(_ context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
			return nil, errors.New("cannot read " + a.GetText())
		}, "INTERNAL", "INTERNAL", "", "3"},
		{"engine panics", "", string(small), func(_ context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
			panic("cannot read " + a.GetText())
		}, "INTERNAL", "INTERNAL", "", "3"},
		{"neither answer nor error", "", string(small), func(context.Context, *depechev1.Article) (*depechev1.Extraction, error) {
			return nil, nil
		}, "INTERNAL", "INTERNAL", "", "3"},
		{"too slow", "", string(small), func(ctx context.Context, _ *depechev1.Article) (*depechev1.Extraction, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, "DEADLINE_EXCEEDED", "BUDGET_EXCEEDED", "", "3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBroker(t)
			c := b.config(tt.engine)
			c.MaxDeliver = 3
			c.ArticleBudget = 20 * time.Millisecond
			b.create(c)
			in := &nats.Msg{Subject: "depeche.articles", Data: []byte(tt.data), Header: nats.Header{"X-Mine": {"kept"}}}
			if tt.contentType != "" {
				in.Header.Set(ContentType, tt.contentType)
			}
			b.publish(in, jetstream.WithMsgID("mine"))
			r := b.run(c)
			msg := b.messages("DEPECHE_DEAD_LETTERS", 1)[0]
			b.emptied()
			r.end(t)
			for header, want := range map[string]string{
				HeaderCode: tt.code, HeaderReason: tt.reason, HeaderField: tt.field, HeaderDeliveries: tt.deliveries,
				HeaderStream: "DEPECHE_ARTICLES", HeaderSequence: "1", HeaderSubject: "depeche.articles",
				HeaderArticleMsgID: "mine", "X-Mine": "kept", ContentType: tt.contentType,
			} {
				if got := msg.Header.Get(header); got != want {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
			if msg.Header.Get(HeaderMessage) == "" {
				t.Error("no message")
			}
			if string(msg.Data) != tt.data {
				t.Errorf("data %q", msg.Data)
			}
			if n := r.count(t, deadLetter, tt.reason); n != 1 {
				t.Errorf("%d counted", n)
			}
			if n := len(b.messages("DEPECHE_EXTRACTIONS", 0)); n != 0 {
				t.Errorf("%d answers", n)
			}
			if log := r.logged(); strings.Contains(log, text) || strings.Contains(log, "Mot") {
				t.Errorf("the log has the article's text:\n%s", log)
			}
		})
	}
}

// An article that leaves no room for the headers is left out of its dead letter.
func TestDeadLetterTooLarge(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	b.create(c)
	long := bytes.Repeat([]byte("{"), int(b.conn.MaxPayload())-len("NATS/1.0\r\n\r\n")-10)
	b.publish(&nats.Msg{Subject: "depeche.articles", Data: long})
	b.run(c)
	msg := b.messages("DEPECHE_DEAD_LETTERS", 1)[0]
	if got := msg.Header.Get(HeaderOmitted); got != fmt.Sprint(len(long)) || len(msg.Data) != 0 {
		t.Errorf("omitted %q, data of %d bytes", got, len(msg.Data))
	}
	b.emptied()
}

// deadLetters are the ids of the dead letters of a reason.
func (b *broker) deadLetters(reason string) map[string]int {
	b.Helper()
	ids := map[string]int{}
	for _, msg := range b.messages("DEPECHE_DEAD_LETTERS", 0) {
		a, err := JSON.decode(msg.Data)
		if err != nil {
			b.Fatal(err)
		}
		if got := msg.Header.Get(HeaderReason); got != reason {
			b.Errorf("%s: reason %s", a.GetId(), got)
		}
		ids[a.GetId()]++
	}
	return ids
}

package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// An answer is in its article's encoding, and says which article it is about.
func TestAnswers(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	b.create(c)
	binary, err := proto.Marshal(article("binary", "Deux soldats ont été tués à Gao."))
	if err != nil {
		t.Fatal(err)
	}
	text, err := protojson.Marshal(article("text", "Deux soldats ont été tués à Gao."))
	if err != nil {
		t.Fatal(err)
	}
	b.publish(&nats.Msg{Subject: "depeche.articles", Data: binary, Header: nats.Header{"Content-Type": {"application/protobuf"}}})
	b.publish(&nats.Msg{Subject: "depeche.articles", Data: text, Header: nats.Header{"Content-Type": {"application/json; charset=utf-8"}}}, jetstream.WithMsgID("mine"))
	b.publish(&nats.Msg{Subject: "depeche.articles", Data: text})
	r := b.run(c)
	b.await(func() bool { return r.Ready() == nil }, "readiness")

	wantBinary, _ := Protobuf.encode(&depechev1.Extraction{ArticleId: "binary", Language: "fr"})
	const wantText = `{"articleId":"text","language":"fr"}`
	got := map[string]*jetstream.RawStreamMsg{}
	for _, msg := range b.messages("DEPECHE_EXTRACTIONS", 3) {
		got[msg.Header.Get(HeaderSequence)] = msg
	}
	for _, want := range []struct {
		sequence, contentType, msgID, data string
	}{
		{"1", "application/x-protobuf", "", string(wantBinary)},
		{"2", "application/json", "mine", wantText},
		{"3", "application/json", "", wantText},
	} {
		msg := got[want.sequence]
		if msg == nil {
			t.Fatalf("no answer to article %s", want.sequence)
		}
		if h := msg.Header; msg.Subject != "depeche.extractions" || h.Get(ContentType) != want.contentType ||
			h.Get(HeaderArticleMsgID) != want.msgID || h.Get(HeaderStream) != "DEPECHE_ARTICLES" {
			t.Errorf("article %s: subject %s, header %v", want.sequence, msg.Subject, h)
		}
		if string(msg.Data) != want.data {
			t.Errorf("article %s: answer %q, want %q", want.sequence, msg.Data, want.data)
		}
	}
	b.emptied()
	r.end(t)
	if n := r.count(t, answered, "OK"); n != 3 {
		t.Errorf("%d counted as answered", n)
	}
	if err := r.Ready(); err == nil {
		t.Error("ready after its end")
	}
}

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

// A worker that died after it published and before it acknowledged: the second
// answer is dropped.
func TestAnsweredBefore(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	b.create(c)
	b.put("1", "Mali")
	articles, err := b.js.Stream(b.context(), c.Stream)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := articles.GetMsg(b.context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	p := place{stream: c.Stream, sequence: 1, nanos: stored.Time.UnixNano()}
	b.publish(&nats.Msg{Subject: c.AnswersSubject, Data: []byte(`{"articleId":"1"}`)}, jetstream.WithMsgID(p.id()))
	r := b.run(c)
	b.emptied()
	r.end(t)
	if got := b.answered(1); got["1"] != 1 {
		t.Errorf("answers %v", got)
	}
	if n := testutil.ToFloat64(r.metrics.duplicates); n != 1 {
		t.Errorf("%v duplicates counted", n)
	}
}

// What the stream of answers does not take comes again as often as it must, and
// is nobody's fault.
func TestPublishFails(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	c.MaxDeliver = 2
	answers, err := b.js.CreateStream(b.context(), jetstream.StreamConfig{
		Name: c.AnswersStream, Subjects: []string{c.AnswersSubject}, MaxMsgs: 1, Discard: jetstream.DiscardNew, Duplicates: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.publish(&nats.Msg{Subject: c.AnswersSubject, Data: []byte(`{"articleId":"before"}`)})
	b.create(c)
	b.put("1", "Mali")
	r := b.run(c)
	b.await(func() bool { return r.count(t, retried, "OK") > 2*c.MaxDeliver }, "more deliveries than an article may be begun")
	if err := answers.Purge(b.context()); err != nil {
		t.Fatal(err)
	}
	b.emptied()
	if got := b.answered(1); got["1"] != 1 {
		t.Errorf("answers %v", got)
	}
	if n := len(b.messages(c.DeadLetterStream, 0)); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}

// The server lets no more articles out than the consumer says, however many
// workers have room.
func TestMaxAckPending(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	defer g.release()
	c := b.config(g)
	c.Workers = 8
	c.MaxAckPending = 3
	b.create(c)
	for i := range 20 {
		b.put(fmt.Sprint(i), "Mali")
	}
	b.run(c)
	b.run(c)
	for range c.MaxAckPending {
		receive(t, g.entered, "article")
	}
	consumer, err := b.js.Consumer(b.context(), c.Stream, c.Durable)
	if err != nil {
		t.Fatal(err)
	}
	b.await(func() bool {
		info, err := consumer.Info(b.context())
		return err == nil && info.NumWaiting > 0 // both workers ask for more
	}, "pull that waits")
	info, err := consumer.Info(b.context())
	if err != nil {
		t.Fatal(err)
	}
	if info.NumAckPending != c.MaxAckPending || len(g.entered) != 0 {
		t.Errorf("%d articles are out, %d more are read, want %d", info.NumAckPending, len(g.entered), c.MaxAckPending)
	}
	g.release()
	b.emptied()
	if n := len(b.answered(20)); n != 20 {
		t.Errorf("%d answers", n)
	}
}

// A worker takes no more than it has room for.
func TestInFlight(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	defer g.release()
	c := b.config(g)
	c.Workers, c.InFlight = 2, 5
	b.create(c)
	for i := range 20 {
		b.put(fmt.Sprint(i), "Mali")
	}
	r := b.run(c)
	receive(t, g.entered, "article")
	receive(t, g.entered, "article")
	consumer, err := b.js.Consumer(b.context(), c.Stream, c.Durable)
	if err != nil {
		t.Fatal(err)
	}
	b.await(func() bool {
		info, err := consumer.Info(b.context())
		return err == nil && info.NumAckPending == c.InFlight
	}, "%d articles in hand", c.InFlight)
	if len(g.entered) != 0 || testutil.ToFloat64(r.metrics.inFlight) != float64(c.InFlight) {
		t.Errorf("%d more are read", len(g.entered))
	}
	g.release()
	b.emptied()
}

// A long article stays with its worker: signs of life take the place of the
// acknowledgement.
func TestLongArticle(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	defer g.release()
	c := b.config(g)
	c.AckWait = time.Second
	b.create(c)
	signs := make(chan struct{}, 100)
	watch, err := b.conn.Subscribe("$JS.ACK.>", func(m *nats.Msg) {
		if string(m.Data) == "+WPI" {
			signs <- struct{}{}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Unsubscribe()
	b.put("long", "Mali")
	b.run(c)
	for range 5 { // more than the wait for an acknowledgement, three of which are in it
		receive(t, signs, "sign of life")
	}
	g.release()
	b.emptied()
	if got := len(g.entered); got != 1 {
		t.Errorf("read %d times", got)
	}
	if got := b.answered(1); got["long"] != 1 {
		t.Errorf("answers %v", got)
	}
}

// Told to end, a worker takes nothing more and ends what it has in hand.
func TestDrain(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	defer g.release()
	c := b.config(g)
	c.InFlight = 2
	b.create(c)
	for i := range 10 {
		b.put(fmt.Sprint(i), "Mali")
	}
	r := b.run(c)
	receive(t, g.entered, "article")
	receive(t, g.entered, "article")
	r.stop()
	b.await(func() bool { return r.Ready() != nil }, "drain")
	g.release()
	r.end(t)
	if n := len(b.answered(2)); n != 2 {
		t.Errorf("%d answers, want those in hand", n)
	}
	consumer, err := b.js.Consumer(b.context(), c.Stream, c.Durable)
	if err != nil {
		t.Fatal(err)
	}
	if info := consumer.CachedInfo(); info.NumAckPending != 0 || info.NumPending != 8 {
		t.Errorf("%d in hand, %d wait; want 0 and 8", info.NumAckPending, info.NumPending)
	}
}

// What does not end within the drain bound is given back at once, and costs the
// article no attempt.
func TestDrainBound(t *testing.T) {
	b := newBroker(t)
	g := newGate()
	c := b.config(g)
	c.DrainTimeout = time.Millisecond
	c.MaxDeliver = 2
	b.create(c)
	b.put("slow", "Mali")
	for range 4 {
		r := b.run(c)
		receive(t, g.entered, "article")
		r.end(t)
		if n := r.count(t, retried, "OK"); n != 1 {
			t.Errorf("%d given back", n)
		}
	}
	g.release()
	b.run(c)
	if got := b.answered(1); got["slow"] != 1 {
		t.Errorf("answers %v", got)
	}
	b.emptied()
}

// The NATS server goes away and comes back in the middle.
func TestServerRestarts(t *testing.T) {
	const articles = 300
	b := newBroker(t)
	var read atomic.Int64
	restart := make(chan struct{})
	c := b.config(fakeEngine(func(ctx context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
		if read.Add(1) == articles/3 {
			close(restart)
		}
		return echo(ctx, a)
	}))
	c.AckWait = time.Second
	b.create(c)
	var ids []string
	for i := range articles {
		ids = append(ids, fmt.Sprint(i))
		b.put(ids[i], "Mali")
	}
	r := b.run(c)
	receive(t, restart, "third of the articles")
	b.restart()
	b.exactlyOnce(b.answered(articles), ids)
	b.emptied()
	if testutil.ToFloat64(r.metrics.reconnects) == 0 || testutil.ToFloat64(r.metrics.connected) != 1 {
		t.Error("no reconnect was counted")
	}
	if log := r.logged(); !strings.Contains(log, "NATS is gone") || !strings.Contains(log, "NATS is back") {
		t.Errorf("the log does not tell:\n%s", log)
	}
	b.await(func() bool { return r.Ready() == nil }, "readiness")
}

// A worker that asks in vain while the server is away leaves nothing behind.
func TestServerAway(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	b.create(c)
	r := b.run(c)
	b.await(func() bool { return r.Ready() == nil }, "readiness")
	b.server.Close()
	const inVain = "no articles can be had"
	b.await(func() bool { return r.logs.FilterMessage(inVain).Len() >= 1 }, "failure")
	before := r.conn.NumSubscriptions()
	b.await(func() bool { return r.logs.FilterMessage(inVain).Len() >= 2 }, "second failure")
	if after := r.conn.NumSubscriptions(); after > before {
		t.Errorf("%d subscriptions, and %d after another failure", before, after)
	}
}

// crash ends a worker as a kill does: nothing is acknowledged, nothing given
// back.
func (r *running) crash() { r.conn.Close() }

// Workers die at random, of articles or without a cause. Every article is
// answered once, and the dead letters are those that kill.
func TestWorkersDie(t *testing.T) {
	const articles, killers = 400, 3
	b := newBroker(t)
	var alive []*running
	var read atomic.Int64
	crash := make(chan struct{}, articles)
	start := func() {
		me := make(chan *running, 1)
		c := b.config(fakeEngine(func(ctx context.Context, a *depechev1.Article) (*depechev1.Extraction, error) {
			if strings.HasPrefix(a.GetId(), "killer") {
				r := <-me
				r.crash()
				me <- r
				crash <- struct{}{}
				return nil, errors.New("dead")
			}
			if read.Add(1)%97 == 0 {
				crash <- struct{}{}
			}
			return echo(ctx, a)
		}))
		c.AckWait = 300 * time.Millisecond
		c.MaxDeliver = 3
		c.DrainTimeout = 10 * time.Millisecond
		r := b.run(c)
		me <- r
		alive = append(alive, r)
	}
	c := b.config(fakeEngine(echo))
	c.AckWait = 300 * time.Millisecond
	b.create(c)
	var ids, dead []string
	for i := range articles {
		if i%(articles/killers) == 50 {
			dead = append(dead, fmt.Sprint("killer-", i))
			b.put(dead[len(dead)-1], "Mali")
			continue
		}
		ids = append(ids, fmt.Sprint(i))
		b.put(ids[len(ids)-1], "Mali")
	}
	start()
	start()
	deaths := 0
	b.await(func() bool {
		for {
			select {
			case <-crash:
			default:
				return b.count("DEPECHE_ARTICLES") == 0
			}
			deaths++
			victim := 0
			if i := slices.IndexFunc(alive, func(r *running) bool { return r.conn.IsClosed() }); i >= 0 {
				victim = i
			}
			alive[victim].crash()
			alive[victim].stop()
			alive = slices.Delete(alive, victim, victim+1)
			start()
		}
	}, "end of the articles")
	b.exactlyOnce(b.answered(len(ids)), ids)
	b.exactlyOnce(b.deadLetters(ReasonTooManyDeliveries), dead)
	t.Logf("%d deaths", deaths)
	if deaths < 3*len(dead) {
		t.Errorf("%d deaths: that tests little", deaths)
	}
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

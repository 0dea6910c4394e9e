package worker

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"
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

package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/protobuf/encoding/protojson"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/worker/embedded"
)

// testTimeout ends a test that hangs; no test depends on its length.
const testTimeout = 60 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(childURL) != "" {
		child()
		return
	}
	goleak.VerifyTestMain(m)
}

// fakeEngine answers every article with its id, unless extract says otherwise.
type fakeEngine func(ctx context.Context, article *depechev1.Article) (*depechev1.Extraction, error)

func (e fakeEngine) Extract(ctx context.Context, article *depechev1.Article, _ *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	return e(ctx, article)
}

func echo(_ context.Context, article *depechev1.Article) (*depechev1.Extraction, error) {
	return &depechev1.Extraction{ArticleId: article.GetId(), Language: "fr"}, nil
}

// broker is a real NATS server and a client of it.
type broker struct {
	testing.TB
	dir    string
	server *embedded.Server
	conn   *nats.Conn
	js     jetstream.JetStream
}

func newBroker(t testing.TB) *broker {
	t.Helper()
	b := &broker{TB: t, dir: t.TempDir()}
	b.start("127.0.0.1:0")
	t.Cleanup(func() { b.server.Close() })
	conn, err := nats.Connect(b.server.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectWait(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	b.conn = conn
	if b.js, err = jetstream.New(conn); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *broker) start(address string) {
	b.Helper()
	s, err := embedded.Start(embedded.Config{StoreDir: b.dir, Listen: address})
	if err != nil {
		b.Fatal(err)
	}
	b.server = s
}

// restart ends the server and starts it again at the same address, on what it
// has stored. It returns when the test itself is connected again: what it asked
// before it noticed would be lost, and never be answered.
func (b *broker) restart() {
	b.Helper()
	back := b.conn.StatusChanged(nats.CONNECTED)
	defer b.conn.RemoveStatusListener(back)
	address := b.server.Addr().String()
	b.server.Close()
	b.start(address)
	receive(b, back, "connection after the restart")
}

// config is the production configuration, with delays that suit a test.
func (b *broker) config(engine Engine) Config {
	c := Config{Engine: engine}
	c.SetDefaults()
	c.NATS = b.server.ClientURL()
	c.Create = true
	c.Workers = 2
	c.RetryDelay = 10 * time.Millisecond
	return c
}

// create makes the streams before a worker does, so that articles can be put in.
func (b *broker) create(c Config) {
	b.Helper()
	c.Logger = zap.NewNop()
	w, err := c.Complete(b.context())
	if err != nil {
		b.Fatal(err)
	}
	w.Close()
}

// running is a worker under test.
type running struct {
	*Worker
	registry *prometheus.Registry
	logs     *observer.ObservedLogs
	stop     context.CancelFunc // begins the drain
	ended    <-chan error       // what Run returned
}

// run runs a worker until the test ends.
func (b *broker) run(c Config) *running {
	b.Helper()
	core, logs := observer.New(zap.DebugLevel)
	c.Logger = zap.New(core)
	c.Registry = prometheus.NewRegistry()
	w, err := c.Complete(b.context())
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	r := &running{w, c.Registry, logs, stop, ended}
	b.Cleanup(func() { r.end(b) })
	return r
}

// end drains the worker and waits for it.
func (r *running) end(t testing.TB) {
	t.Helper()
	r.stop()
	select {
	case err, open := <-r.ended:
		if err != nil {
			t.Errorf("run: %v", err)
		}
		if open {
			done := make(chan error)
			close(done) // also for the cleanup
			r.ended = done
		}
	case <-time.After(testTimeout):
		t.Error("the worker does not end")
	}
}

// logged are all entries so far as text.
func (r *running) logged() string {
	var b strings.Builder
	for _, entry := range r.logs.All() {
		fmt.Fprintln(&b, entry.Level, entry.Message, entry.ContextMap())
	}
	return b.String()
}

func (r *running) count(t testing.TB, outcome, reason string) int {
	t.Helper()
	return int(testutil.ToFloat64(r.metrics.articles.WithLabelValues(outcome, reason)))
}

func (b *broker) context() context.Context {
	ctx, cancel := context.WithTimeout(b.Context(), testTimeout)
	b.Cleanup(cancel)
	return ctx
}

// put publishes an article in protojson.
func (b *broker) put(id, text string) {
	b.Helper()
	data, err := protojson.Marshal(article(id, text))
	if err != nil {
		b.Fatal(err)
	}
	b.publish(&nats.Msg{Subject: "depeche.articles", Data: data, Header: nats.Header{}}, jetstream.WithMsgID(id))
}

// putWithKillers puts articles into the stream, so many of them evenly spread
// ones whose id begins with "killer-", and returns the ids of both.
func (b *broker) putWithKillers(articles, killers int) (ids, dead []string) {
	every := articles / killers
	for i := range articles {
		if i%every == every/2 {
			dead = append(dead, fmt.Sprint("killer-", i))
			b.put(dead[len(dead)-1], "Mali")
			continue
		}
		ids = append(ids, fmt.Sprint(i))
		b.put(ids[len(ids)-1], "Mali")
	}
	return ids, dead
}

func (b *broker) publish(msg *nats.Msg, options ...jetstream.PublishOpt) {
	b.Helper()
	if _, err := b.js.PublishMsg(b.context(), msg, options...); err != nil {
		b.Fatal(err)
	}
}

func article(id, text string) *depechev1.Article {
	return &depechev1.Article{Id: id, Body: &depechev1.Article_Text{Text: text}}
}

// messages waits until the stream has at least n messages and returns all.
func (b *broker) messages(stream string, n uint64) []*jetstream.RawStreamMsg {
	b.Helper()
	ctx := b.context()
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		b.Fatal(err)
	}
	var state jetstream.StreamState
	b.await(func() bool {
		info, err := s.Info(ctx)
		if err != nil {
			return false // the server may be away
		}
		state = info.State
		return state.Msgs >= n
	}, "%d messages in %s", n, stream)
	var all []*jetstream.RawStreamMsg
	for sequence := max(state.FirstSeq, 1); sequence <= state.LastSeq; sequence++ {
		msg, err := s.GetMsg(ctx, sequence)
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			b.Fatal(err)
		}
		if err == nil {
			all = append(all, msg)
		}
	}
	return all
}

// answered are the ids of the answers, when there are n, with how often each is
// there.
func (b *broker) answered(n int) map[string]int {
	b.Helper()
	ids := map[string]int{}
	for _, msg := range b.messages("DEPECHE_EXTRACTIONS", uint64(n)) {
		x := new(depechev1.Extraction)
		if err := protojson.Unmarshal(msg.Data, x); err != nil {
			b.Fatal(err)
		}
		ids[x.GetArticleId()]++
	}
	return ids
}

// emptied waits until every article is acknowledged.
func (b *broker) emptied() {
	b.Helper()
	b.await(func() bool { return b.count("DEPECHE_ARTICLES") == 0 }, "end of the articles")
}

// count is how many messages the stream has; -1: nobody can tell.
func (b *broker) count(stream string) int {
	b.Helper()
	s, err := b.js.Stream(b.Context(), stream)
	if err != nil {
		return -1
	}
	return int(s.CachedInfo().State.Msgs)
}

// await looks until the condition holds: for states that nothing announces.
// What it asks takes a while itself.
func (b *broker) await(holds func() bool, what string, args ...any) {
	b.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(testTimeout); !holds(); <-look.C {
		if time.Now().After(deadline) {
			b.Fatalf("no "+what, args...)
		}
	}
}

// receive waits for a value, or fails the test.
func receive[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(testTimeout):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// once is a set of ids of which each is to be there once.
func (b *broker) exactlyOnce(got map[string]int, want []string) {
	b.Helper()
	for _, id := range want {
		if got[id] != 1 {
			b.Errorf("%s is there %d times", id, got[id])
		}
		delete(got, id)
	}
	for id, n := range got {
		b.Errorf("%s is there %d times, and should not be", id, n)
	}
}

// gate holds articles up until it is opened.
type gate struct {
	entered chan string
	open    chan struct{}
	opening sync.Once
}

func newGate() *gate { return &gate{entered: make(chan string, 1000), open: make(chan struct{})} }

func (g *gate) release() { g.opening.Do(func() { close(g.open) }) }

func (g *gate) Extract(ctx context.Context, article *depechev1.Article, _ *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	g.entered <- article.GetId()
	select {
	case <-g.open:
		return echo(ctx, article)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

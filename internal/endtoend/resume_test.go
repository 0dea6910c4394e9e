package endtoend

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engine answers an article with its id.
type engine struct{}

func (engine) Extract(ctx context.Context, article *depechev1.Article, _ *depechev1.ExtractOptions) (*depechev1.Extraction, error) {
	return &depechev1.Extraction{ArticleId: article.GetId()}, ctx.Err()
}

func (engine) DescribeOntology() *depechev1.DescribeOntologyResponse {
	return &depechev1.DescribeOntologyResponse{}
}

func (engine) DescribeEngine() *depechev1.DescribeEngineResponse {
	return &depechev1.DescribeEngineResponse{Limits: &depechev1.Limits{MaxBodyBytes: 1 << 20}}
}

// host runs the production server at one address, again and again.
type host struct {
	address string
	stop    context.CancelFunc
	ended   chan error
}

// start runs a server; an empty address takes a free port, which stays the
// host's. adjust may be nil.
func (h *host) start(t *testing.T, adjust func(*server.Config)) {
	config := server.Config{Engine: engine{}}
	config.SetDefaults()
	config.DrainDelay = 0
	if config.Listen = h.address; h.address == "" {
		config.Listen = "127.0.0.1:0"
	}
	if adjust != nil {
		adjust(&config)
	}
	running, err := config.Complete(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	h.address = running.Addrs()[0].String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	h.stop, h.ended = stop, ended
	go func() { ended <- running.Run(ctx) }()
}

// dial returns a client of the server, until the test ends.
func (h *host) dial(t *testing.T) *client.Client {
	c, err := client.Dial(h.address, client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// drain ends the server as SIGTERM does.
func (h *host) drain(t *testing.T) {
	h.stop()
	if err := <-h.ended; err != nil {
		t.Errorf("server at %s: %v", h.address, err)
	}
}

// Eight streams of a thousand articles to two servers. In each round one drains
// and a new one takes its place: what is answered is what was sent.
func TestDrainsLoseNothing(t *testing.T) {
	const streams, articles, rounds = 8, 1000, 10
	hosts := [2]*host{{}, {}}
	for _, h := range hosts {
		h.start(t, nil)
		defer func() { h.drain(t) }()
	}
	var delivered atomic.Int64
	var replacing sync.Mutex
	replaced := 0
	replace := func() {
		replacing.Lock()
		defer replacing.Unlock()
		h := hosts[replaced%2]
		replaced++
		h.drain(t)
		h.start(t, nil)
	}
	c, err := client.Dial(hosts[0].address+","+hosts[1].address, client.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	start := time.Now()
	var group sync.WaitGroup
	for stream := range streams {
		group.Go(func() {
			check(t, articles, stream, c.Stream(t.Context(), corpus(stream, articles)), func() {
				// In the loop, so that every round falls into the run.
				if delivered.Add(1)%(streams*articles/(rounds+1)) == 0 {
					replace()
				}
			})
		})
	}
	group.Wait()
	if replaced < rounds {
		t.Errorf("%d servers drained, want %d", replaced, rounds)
	}
	t.Logf("%d articles over %d drains in %v", streams*articles, replaced, time.Since(start).Round(time.Millisecond))
}

// corpus is what one stream sends.
func corpus(stream, articles int) iter.Seq[*depechev1.Article] {
	return func(yield func(*depechev1.Article) bool) {
		for i := range articles {
			if !yield(&depechev1.Article{
				Id:       name(stream, i),
				Body:     &depechev1.Article_Text{Text: "Des milliers de personnes ont manifesté samedi à Montréal. La police a arrêté trois d'entre elles."},
				Language: "fr",
			}) {
				return
			}
		}
	}
}

func name(stream, i int) string { return fmt.Sprintf("%d-%04d", stream, i) }

// check takes the results of a stream and compares them with what it sent.
func check(t *testing.T, articles, stream int, results iter.Seq2[client.Result, error], each func()) {
	seen := make([]int, articles)
	for result, err := range results {
		if err != nil {
			t.Errorf("stream %d: %v", stream, err)
			return
		}
		if result.Err != nil {
			t.Errorf("article %s: %v", result.Article.GetId(), result.Err)
		} else if want := name(stream, int(result.Index)); result.Extraction.GetArticleId() != want {
			t.Errorf("the answer to %s is %s's", want, result.Extraction.GetArticleId())
		}
		seen[result.Index]++
		each()
	}
	var wrong []string
	for i, times := range seen {
		if times != 1 {
			wrong = append(wrong, fmt.Sprintf("%s %d times", name(stream, i), times))
		}
	}
	if len(wrong) > 0 {
		t.Errorf("delivered %s", strings.Join(wrong, ", "))
	}
}

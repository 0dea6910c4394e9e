package worker

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// What is missing is named, and made only if the worker may.
func TestMissing(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	c.Create = false
	js := b.js
	for _, step := range []struct {
		want string
		make func() error
	}{
		{"stream DEPECHE_ARTICLES", func() error {
			_, err := js.CreateStream(b.context(), jetstream.StreamConfig{Name: c.Stream, Subjects: []string{"depeche.articles.>", c.Subject}})
			return err
		}},
		{"stream DEPECHE_EXTRACTIONS", func() error {
			_, err := js.CreateStream(b.context(), jetstream.StreamConfig{Name: c.AnswersStream, Subjects: []string{c.AnswersSubject}})
			return err
		}},
		{"stream DEPECHE_DEAD_LETTERS", func() error {
			_, err := js.CreateStream(b.context(), jetstream.StreamConfig{Name: c.DeadLetterStream, Subjects: []string{c.DeadLetterSubject}})
			return err
		}},
		{"key-value bucket depeche-attempts", func() error {
			_, err := js.CreateKeyValue(b.context(), jetstream.KeyValueConfig{Bucket: c.AttemptsBucket})
			return err
		}},
		{"consumer depeche-workers", func() error {
			_, err := js.CreateConsumer(b.context(), c.Stream, jetstream.ConsumerConfig{Durable: c.Durable, AckPolicy: jetstream.AckExplicitPolicy})
			return err
		}},
	} {
		_, err := c.Complete(b.context())
		if missing := (*TopologyError)(nil); !errors.As(err, &missing) || !strings.Contains(err.Error(), "no "+step.want) {
			t.Fatalf("error %v, want one about %s", err, step.want)
		}
		if err := step.make(); err != nil {
			t.Fatal(err)
		}
	}
	b.put("1", "Mali")
	b.run(c)
	if got := b.answered(1); got["1"] != 1 {
		t.Errorf("answers %v", got)
	}
}

// Streams and consumer that are there in a form that would lose, double or loop
// articles.
func TestIncompatible(t *testing.T) {
	articles := jetstream.StreamConfig{Name: "DEPECHE_ARTICLES", Subjects: []string{"depeche.articles"}}
	explicit := jetstream.ConsumerConfig{Durable: "depeche-workers", AckPolicy: jetstream.AckExplicitPolicy}
	for _, tt := range []struct {
		name     string
		stream   func(*jetstream.StreamConfig)
		answers  *jetstream.StreamConfig
		consumer func(*jetstream.ConsumerConfig)
		config   func(*Config)
		want     []string
	}{
		{name: "other subjects", stream: func(s *jetstream.StreamConfig) { s.Subjects = []string{"news.*"} },
			want: []string{"stream DEPECHE_ARTICLES has the subjects", "want depeche.articles among them"}},
		{name: "a stream that acknowledges nothing", stream: func(s *jetstream.StreamConfig) { s.NoAck = true },
			want: []string{"no_ack"}},
		{name: "a short window", answers: &jetstream.StreamConfig{Name: "DEPECHE_EXTRACTIONS", Subjects: []string{"depeche.extractions"}, Duplicates: time.Second},
			want: []string{"stream DEPECHE_EXTRACTIONS knows message ids for 1s", "at least the wait for an acknowledgement, 30s"}},
		{name: "no acknowledgement", consumer: func(c *jetstream.ConsumerConfig) { c.AckPolicy = jetstream.AckNonePolicy },
			want: []string{"consumer depeche-workers has the ack policy", "want explicit"}},
		{name: "one acknowledgement for all before", consumer: func(c *jetstream.ConsumerConfig) { c.AckPolicy = jetstream.AckAllPolicy },
			want: []string{"want explicit"}},
		{name: "gives up by itself", consumer: func(c *jetstream.ConsumerConfig) { c.MaxDeliver = 4 },
			want: []string{"gives up an article after 4 deliveries"}},
		{name: "backoff", consumer: func(c *jetstream.ConsumerConfig) { c.BackOff = []time.Duration{time.Second} },
			want: []string{"has a backoff"}},
		{name: "short wait", consumer: func(c *jetstream.ConsumerConfig) { c.AckWait = time.Millisecond },
			want: []string{"waits 1ms for an acknowledgement"}},
		{name: "pushes", consumer: func(c *jetstream.ConsumerConfig) { c.DeliverSubject = "push" },
			want: []string{"pushes articles"}},
		{name: "its own answers", stream: func(s *jetstream.StreamConfig) { s.Subjects = []string{"depeche.>"} },
			config: func(c *Config) { c.AnswersStream, c.DeadLetterStream = c.Stream, c.Stream },
			want:   []string{"consumer depeche-workers takes depeche.extractions too"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBroker(t)
			stream, consumer := articles, explicit
			if tt.stream != nil {
				tt.stream(&stream)
			}
			if _, err := b.js.CreateStream(b.context(), stream); err != nil {
				t.Fatal(err)
			}
			if tt.answers != nil {
				if _, err := b.js.CreateStream(b.context(), *tt.answers); err != nil {
					t.Fatal(err)
				}
			}
			if tt.consumer != nil {
				tt.consumer(&consumer)
			}
			var err error
			if consumer.DeliverSubject != "" {
				_, err = b.js.CreatePushConsumer(b.context(), stream.Name, consumer)
			} else {
				_, err = b.js.CreateConsumer(b.context(), stream.Name, consumer)
			}
			if err != nil {
				t.Fatal(err)
			}
			c := b.config(fakeEngine(echo))
			if tt.config != nil {
				tt.config(&c)
			}
			w, err := c.Complete(b.context())
			if err == nil {
				w.Close()
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q, want %q", err, want)
				}
			}
		})
	}
}

// Workers that start together make everything once.
func TestCreateTogether(t *testing.T) {
	b := newBroker(t)
	c := b.config(fakeEngine(echo))
	const workers = 6
	errs := make(chan error, workers)
	for range workers {
		go func() {
			w, err := c.Complete(b.Context())
			if err == nil {
				w.Close()
			}
			errs <- err
		}()
	}
	for range workers {
		if err := receive(t, errs, "worker"); err != nil {
			t.Error(err)
		}
	}
	s, err := b.js.Stream(b.context(), c.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if is := s.CachedInfo().Config; is.Retention != jetstream.WorkQueuePolicy || is.Discard != jetstream.DiscardNew ||
		is.Storage != jetstream.FileStorage || is.Duplicates != c.DedupeWindow {
		t.Errorf("made %+v", is)
	}
}

func TestUnreachable(t *testing.T) {
	c := Config{Engine: fakeEngine(echo)}
	c.SetDefaults()
	c.NATS = "nats://127.0.0.1:1"
	_, err := c.Complete(t.Context())
	if unreachable := (*UnreachableError)(nil); !errors.As(err, &unreachable) {
		t.Errorf("error %v", err)
	}
}

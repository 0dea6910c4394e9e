package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// attemptsKept is how long the count of an article's attempts is kept, after
// which it begins again: long enough for the tries of a day, so that the bucket
// does not grow for ever.
const attemptsKept = 24 * time.Hour

// topology is what the worker needs to be there.
type topology struct {
	consumer jetstream.Consumer
	ackWait  time.Duration
	attempts jetstream.KeyValue
}

// prepare finds the streams, the consumer and the bucket, makes what is missing
// if it may, and checks that all will work with this worker.
func (c *Config) prepare(ctx context.Context, js jetstream.JetStream) (*topology, error) {
	if _, err := js.AccountInfo(ctx); err != nil {
		return nil, fmt.Errorf("JetStream: %w", err)
	}
	articles, err := c.stream(ctx, js, jetstream.StreamConfig{
		Name: c.Stream, Subjects: []string{c.Subject}, Description: "Articles to read: depeche.v1.Article.",
		Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardNew,
	})
	if err != nil {
		return nil, err
	}
	var published []jetstream.Stream
	for _, config := range []jetstream.StreamConfig{
		{Name: c.AnswersStream, Subjects: []string{c.AnswersSubject}, Description: "What was found: depeche.v1.Extraction.", Discard: jetstream.DiscardNew},
		{Name: c.DeadLetterStream, Subjects: []string{c.DeadLetterSubject}, Description: "Articles that cannot be answered.", Discard: jetstream.DiscardNew},
	} {
		stream, err := c.stream(ctx, js, config)
		if err != nil {
			return nil, err
		}
		published = append(published, stream)
	}
	t := new(topology)
	if t.attempts, err = c.bucket(ctx, js); err != nil {
		return nil, err
	}
	if t.consumer, err = c.consumer(ctx, articles); err != nil {
		return nil, err
	}
	t.ackWait = t.consumer.CachedInfo().Config.AckWait
	for _, stream := range published {
		if is := stream.CachedInfo().Config; is.Duplicates < t.ackWait {
			return nil, fmt.Errorf("stream %s knows message ids for %v: want at least the wait for an acknowledgement, %v, so that an article that comes again is not answered twice", is.Name, is.Duplicates, t.ackWait)
		}
	}
	return t, nil
}

// stream finds the stream, or makes it as wanted.
func (c *Config) stream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if !c.Create {
			return nil, missing("stream", want.Name)
		}
		want.Storage = jetstream.FileStorage
		want.Replicas = c.Replicas
		want.MaxAge = c.MaxAge
		want.MaxBytes = c.StreamBytes
		want.Duplicates = c.DedupeWindow
		if want.MaxBytes == 0 {
			want.MaxBytes = -1
		}
		if want.MaxAge > 0 { // the server wants no longer window than that
			want.Duplicates = min(want.Duplicates, want.MaxAge)
		}
		// Another worker may make it at the same time: both have the same wish.
		stream, err = js.CreateStream(ctx, want)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			stream, err = js.Stream(ctx, want.Name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", want.Name, err)
	}
	return stream, checkStream(stream.CachedInfo().Config, want.Name, want.Subjects[0])
}

// checkStream reports in what the stream that is there cannot serve.
func checkStream(is jetstream.StreamConfig, name, subject string) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("stream "+name+" "+format, args...))
	}
	if !slices.ContainsFunc(is.Subjects, func(s string) bool { return covers(s, subject) }) {
		fault("has the subjects %q: want %s among them", is.Subjects, subject)
	}
	if is.NoAck {
		fault("acknowledges nothing (no_ack)")
	}
	if is.Sealed {
		fault("is sealed")
	}
	return errors.Join(faults...)
}

// consumer finds the durable consumer, or makes it.
func (c *Config) consumer(ctx context.Context, articles jetstream.Stream) (jetstream.Consumer, error) {
	consumer, err := articles.Consumer(ctx, c.Durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		if !c.Create {
			return nil, missing("consumer", c.Durable)
		}
		// Made anew it is the same one, where another worker was faster.
		consumer, err = articles.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: c.Durable, Description: "The workers that read articles.",
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: c.AckWait, MaxAckPending: c.MaxAckPending,
			MaxDeliver: -1, FilterSubject: c.Subject,
		})
	}
	if errors.Is(err, jetstream.ErrNotPullConsumer) {
		return nil, fmt.Errorf("consumer %s: pushes articles: want one that is pulled from", c.Durable)
	}
	if err != nil {
		return nil, fmt.Errorf("consumer %s: %w", c.Durable, err)
	}
	return consumer, c.checkConsumer(consumer.CachedInfo().Config)
}

// checkConsumer reports in what the consumer that is there cannot serve.
func (c *Config) checkConsumer(is jetstream.ConsumerConfig) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("consumer "+c.Durable+" "+format, args...))
	}
	if is.AckPolicy != jetstream.AckExplicitPolicy {
		fault("has the ack policy %v: want explicit", is.AckPolicy)
	}
	// The server would give up an article in silence; the worker sends it to the
	// dead letters.
	if is.MaxDeliver > 0 {
		fault("gives up an article after %d deliveries: want max_deliver -1, the worker counts", is.MaxDeliver)
	}
	if is.AckWait < minAckWait {
		fault("waits %v for an acknowledgement: want at least %v", is.AckWait, minAckWait)
	}
	if len(is.BackOff) > 0 {
		fault("has a backoff, which takes the place of its ack wait: want none")
	}
	filters := is.FilterSubjects
	if is.FilterSubject != "" {
		filters = append(filters, is.FilterSubject)
	}
	if len(filters) == 0 {
		filters = []string{">"}
	}
	for _, filter := range filters {
		for _, ours := range []string{c.AnswersSubject, c.DeadLetterSubject} {
			if c.inArticles(ours) && overlap(filter, ours) {
				fault("takes %s too, which this worker publishes to", ours)
			}
		}
	}
	return errors.Join(faults...)
}

// inArticles reports whether the subject is kept in the stream of articles.
func (c *Config) inArticles(subject string) bool {
	return subject == c.AnswersSubject && c.AnswersStream == c.Stream ||
		subject == c.DeadLetterSubject && c.DeadLetterStream == c.Stream
}

// bucket finds the key-value bucket of the attempts, or makes it.
func (c *Config) bucket(ctx context.Context, js jetstream.JetStream) (jetstream.KeyValue, error) {
	bucket, err := js.KeyValue(ctx, c.AttemptsBucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		if !c.Create {
			return nil, missing("key-value bucket", c.AttemptsBucket)
		}
		bucket, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: c.AttemptsBucket, Description: "Attempts at articles that came before.",
			TTL: attemptsKept, Replicas: c.Replicas, Storage: jetstream.FileStorage,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("key-value bucket %s: %w", c.AttemptsBucket, err)
	}
	return bucket, nil
}

// TopologyError says that something is missing which the worker may not make.
type TopologyError struct{ kind, name string }

func missing(kind, name string) error { return &TopologyError{kind, name} }

func (e *TopologyError) Error() string {
	return "there is no " + e.kind + " " + e.name + ": make it, or let the worker make it with --create"
}

package worker

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Config is all that a worker can be told. The tags are for kong: embedded in a
// command, the fields are its flags and environment variables. SetDefaults and
// the tags give the same defaults.
type Config struct {
	// Engine reads the articles. Required.
	Engine Engine `kong:"-"`
	// Options say how every article is answered. nil: the defaults.
	Options *depechev1.ExtractOptions `kong:"-"`
	// Logger takes what happens to the connection and to articles that have no
	// answer, never an article's text. nil: nothing is logged.
	Logger *zap.Logger `kong:"-"`
	// Registry is where the metrics are registered. nil: nowhere.
	Registry *prometheus.Registry `kong:"-"`
	// Server is a NATS server in this process, taken in place of the URL.
	Server nats.InProcessConnProvider `kong:"-"`

	// NATS is one or more URLs, the first of which that answers is used; with
	// tls:// the connection is encrypted.
	NATS string `name:"nats" help:"NATS servers: nats://HOST:PORT or tls://HOST:PORT, several with commas." env:"DEPECHE_NATS" default:"nats://127.0.0.1:4222"`
	// Creds is a NATS credentials file (JWT and seed), read at each connect.
	Creds string `name:"nats-creds" help:"Credentials file for NATS, read at each connect." env:"DEPECHE_NATS_CREDS" type:"path" placeholder:"FILE"`
	// CA is a PEM file of the authorities that the server's certificate is checked
	// against; Cert and Key are what the worker shows of itself. Each encrypts.
	CA   string `name:"nats-ca" help:"PEM file of authorities for NATS; this machine's when empty." env:"DEPECHE_NATS_CA" type:"path" placeholder:"FILE"`
	Cert string `name:"nats-cert" help:"PEM file of the certificate to show to NATS." env:"DEPECHE_NATS_CERT" type:"path" placeholder:"FILE"`
	Key  string `name:"nats-key" help:"PEM file of its key." env:"DEPECHE_NATS_KEY" type:"path" placeholder:"FILE"`

	// Stream holds the articles, under Subject, which may have wildcards; Durable
	// is the consumer that all workers share.
	Stream  string `help:"Stream of the articles." env:"DEPECHE_STREAM" default:"DEPECHE_ARTICLES"`
	Subject string `help:"Subject of the articles; wildcards are taken." env:"DEPECHE_SUBJECT" default:"depeche.articles"`
	Durable string `help:"Durable consumer that all workers share." env:"DEPECHE_DURABLE" default:"depeche-workers"`
	// AnswersStream holds what was found, under AnswersSubject.
	AnswersStream  string `help:"Stream of the extractions." env:"DEPECHE_ANSWERS_STREAM" default:"DEPECHE_EXTRACTIONS"`
	AnswersSubject string `help:"Subject of the extractions." env:"DEPECHE_ANSWERS_SUBJECT" default:"depeche.extractions"`
	// DeadLetterStream holds the articles that cannot be answered, under
	// DeadLetterSubject.
	DeadLetterStream  string `help:"Stream of the articles that cannot be answered." env:"DEPECHE_DEAD_LETTER_STREAM" default:"DEPECHE_DEAD_LETTERS"`
	DeadLetterSubject string `help:"Subject of the articles that cannot be answered." env:"DEPECHE_DEAD_LETTER_SUBJECT" default:"depeche.dead-letters"`
	// AttemptsBucket is the key-value bucket in which attempts at articles that
	// were delivered before are counted.
	AttemptsBucket string `help:"Key-value bucket that counts attempts at articles that came before." env:"DEPECHE_ATTEMPTS_BUCKET" default:"depeche-attempts"`

	// Create makes what is missing of streams, consumer and bucket. What is there
	// is checked and never changed.
	Create bool `help:"Make the streams, the consumer and the bucket that are missing." env:"DEPECHE_CREATE"`
	// Replicas, StreamBytes, MaxAge, DedupeWindow, AckWait and MaxAckPending are
	// of what Create makes. A stream that is full refuses what is published to it.
	Replicas    int           `help:"Replicas of what --create makes." env:"DEPECHE_REPLICAS" default:"1"`
	StreamBytes int64         `kong:"-"` // 0: as large as the server allows
	MaxAge      time.Duration `help:"How long the streams that --create makes keep messages; 0 is for ever." env:"DEPECHE_MAX_AGE" default:"0s"`
	// DedupeWindow is how long a stream knows the message ids that it has seen. An
	// article that is delivered again later than that after its first answer is
	// answered a second time.
	DedupeWindow time.Duration `help:"How long the streams that --create makes know a message id." env:"DEPECHE_DEDUPE_WINDOW" default:"10m"`
	// AckWait is after what silence of its worker an article goes to another one.
	AckWait time.Duration `help:"Silence of a worker after which an article goes to another one (--create)." env:"DEPECHE_ACK_WAIT" default:"30s"`
	// MaxAckPending bounds the articles that all workers together have in hand.
	MaxAckPending int `help:"Articles that all workers together have in hand (--create)." env:"DEPECHE_MAX_ACK_PENDING" default:"1000"`

	// Workers is how many articles are read at once. 0: as many as GOMAXPROCS.
	Workers int `help:"Articles read at once; 0 is one per CPU." env:"DEPECHE_WORKERS" default:"0"`
	// InFlight bounds the articles that this worker has in hand, also those that
	// wait or whose answer is on its way. 0: four for each that is read.
	InFlight int `help:"Articles in hand at once; 0 is four for each that is read." env:"DEPECHE_IN_FLIGHT" default:"0"`
	// MaxDeliver is how often an article is begun before it goes to the dead
	// letters.
	MaxDeliver int `help:"Times that an article is begun before it goes to the dead letters." env:"DEPECHE_MAX_DELIVER" default:"5"`
	// ArticleBudget is how long one article may take.
	ArticleBudget time.Duration `help:"Longest time for one article." env:"DEPECHE_ARTICLE_BUDGET" default:"10s"`
	// PublishTimeout is how long a stream may take to acknowledge an answer.
	PublishTimeout time.Duration `help:"Longest wait for a stream to take an answer." env:"DEPECHE_PUBLISH_TIMEOUT" default:"10s"`
	// RetryDelay is after how long an article comes again that failed for a reason
	// that may pass.
	RetryDelay time.Duration `help:"When an article comes again that failed for a reason that may pass." env:"DEPECHE_RETRY_DELAY" default:"5s"`
	// DrainTimeout bounds how long articles in hand may take when the worker is
	// told to end.
	DrainTimeout time.Duration `help:"Time for articles in hand when the worker ends." env:"DEPECHE_DRAIN_TIMEOUT" default:"20s"`
}

// SetDefaults sets every field that has a default, whatever it held. Call it
// before setting fields.
func (c *Config) SetDefaults() {
	c.NATS = nats.DefaultURL
	c.Stream, c.Subject, c.Durable = "DEPECHE_ARTICLES", "depeche.articles", "depeche-workers"
	c.AnswersStream, c.AnswersSubject = "DEPECHE_EXTRACTIONS", "depeche.extractions"
	c.DeadLetterStream, c.DeadLetterSubject = "DEPECHE_DEAD_LETTERS", "depeche.dead-letters"
	c.AttemptsBucket = "depeche-attempts"
	c.Create = false
	c.Replicas = 1
	c.MaxAge = 0
	c.DedupeWindow = 10 * time.Minute
	c.AckWait = 30 * time.Second
	c.MaxAckPending = 1000
	c.Workers = 0
	c.InFlight = 0
	c.MaxDeliver = 5
	c.ArticleBudget = 10 * time.Second
	c.PublishTimeout = 10 * time.Second
	c.RetryDelay = 5 * time.Second
	c.DrainTimeout = 20 * time.Second
}

// Validate reports every fault of the settings at once, each on a line of its
// own that starts with the flag's name.
func (c *Config) Validate() error {
	var f faults
	if c.NATS == "" && c.Server == nil {
		f.add("nats", "is empty")
	}
	for address := range strings.SplitSeq(c.NATS, ",") {
		f.url("nats", strings.TrimSpace(address))
	}
	if (c.Cert == "") != (c.Key == "") {
		f.add("nats-cert", "and nats-key go together")
	}
	f.name("stream", c.Stream)
	f.name("durable", c.Durable)
	f.name("answers-stream", c.AnswersStream)
	f.name("dead-letter-stream", c.DeadLetterStream)
	f.name("attempts-bucket", c.AttemptsBucket)
	f.subject("subject", c.Subject, true)
	f.subject("answers-subject", c.AnswersSubject, false)
	f.subject("dead-letter-subject", c.DeadLetterSubject, false)
	if overlap(c.Subject, c.AnswersSubject) {
		f.add("answers-subject", "is %s, which is among the articles' (%s): answers would be read as articles", c.AnswersSubject, c.Subject)
	}
	if overlap(c.Subject, c.DeadLetterSubject) {
		f.add("dead-letter-subject", "is %s, which is among the articles' (%s): dead letters would be read again for ever", c.DeadLetterSubject, c.Subject)
	}
	if c.AnswersSubject == c.DeadLetterSubject {
		f.add("dead-letter-subject", "is that of the extractions")
	}
	f.count("replicas", c.Replicas, 1, 5)
	f.count("max-ack-pending", c.MaxAckPending, 1, 1<<20)
	f.count("workers", c.Workers, 0, 1<<16)
	f.count("in-flight", c.InFlight, 0, 1<<16)
	f.count("max-deliver", c.MaxDeliver, 2, 1<<10)
	f.duration("max-age", c.MaxAge, 0)
	f.duration("ack-wait", c.AckWait, minAckWait)
	f.duration("dedupe-window", c.DedupeWindow, c.AckWait)
	f.duration("article-budget", c.ArticleBudget, time.Millisecond)
	f.duration("publish-timeout", c.PublishTimeout, time.Millisecond)
	f.duration("retry-delay", c.RetryDelay, 0)
	f.duration("drain-timeout", c.DrainTimeout, time.Millisecond)
	return errors.Join(f...)
}

// validateFiles reports the files that cannot be read. NATS would say so too, but
// not of which flag, nor told apart from a server that refuses.
func (c *Config) validateFiles() error {
	var f faults
	f.file("nats-creds", c.Creds)
	f.file("nats-ca", c.CA)
	f.file("nats-cert", c.Cert)
	f.file("nats-key", c.Key)
	return errors.Join(f...)
}

// ConfigError says that a configuration cannot be worked with: a setting is out of
// its range or does not go with another one, or a file that it names cannot be
// read.
type ConfigError struct{ err error }

func (e *ConfigError) Error() string { return e.err.Error() }
func (e *ConfigError) Unwrap() error { return e.err }

// minAckWait leaves time for the sign of life that a worker gives three times in
// it.
const minAckWait = 100 * time.Millisecond

// faults are what is wrong with a configuration.
type faults []error

func (f *faults) add(flag, format string, args ...any) {
	*f = append(*f, fmt.Errorf("%s "+format, append([]any{flag}, args...)...))
}

// url refuses what is no URL of a NATS server, which may lack its scheme. None is
// left to be told as empty.
func (f *faults) url(flag, address string) {
	if address == "" {
		return
	}
	full := address
	if !strings.Contains(full, "://") {
		full = "nats://" + full
	}
	if parsed, err := url.Parse(full); err != nil || parsed.Host == "" {
		f.add(flag, "has %q: want nats://host:port or tls://host:port", redacted(address))
	}
}

// redacted is an address without the name and the password that it may hold.
func redacted(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

func (f *faults) file(flag, path string) {
	if path == "" {
		return
	}
	file, err := os.Open(path)
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		f.add(flag, "cannot be read: %w", err)
	}
}

// plainName is what may name a stream, a consumer and a bucket alike.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

func (f *faults) name(flag, name string) {
	if !plainName.MatchString(name) {
		f.add(flag, "is %q: want letters, digits, _ and -", name)
	}
}

func (f *faults) subject(flag, subject string, wildcards bool) {
	tokens := strings.Split(subject, ".")
	for i, token := range tokens {
		wild := token == "*" || token == ">" && i == len(tokens)-1
		if wild && wildcards {
			continue
		}
		if token == "" || wild || strings.ContainsAny(token, " \t\r\n*>") {
			f.add(flag, "is %q: want a subject such as depeche.articles", subject)
			return
		}
	}
}

func (f *faults) count(flag string, n, low, high int) {
	if n < low || n > high {
		f.add(flag, "is %d: want %d to %d", n, low, high)
	}
}

func (f *faults) duration(flag string, d, low time.Duration) {
	if d < low {
		f.add(flag, "is %v: want at least %v", d, low)
	}
}

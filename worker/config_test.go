package worker

import (
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// The flags' defaults are those of SetDefaults.
func TestDefaults(t *testing.T) {
	var flags, code Config
	parser, err := kong.New(&flags)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	code.SetDefaults()
	if !reflect.DeepEqual(code, flags) {
		t.Errorf("flags give\n%+v, SetDefaults\n%+v", flags, code)
	}
}

func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		adjust func(*Config)
		want   []string
	}{
		{"defaults", func(*Config) {}, nil},
		{"wildcards", func(c *Config) { c.Subject = "news.*.fr.>" }, nil},
		{"no server", func(c *Config) { c.NATS = "" }, []string{"nats is empty"}},
		{"half a certificate", func(c *Config) { c.Cert = "a.pem" }, []string{"nats-cert and nats-key"}},
		{"names", func(c *Config) { c.Stream, c.Durable, c.AttemptsBucket = "a.b", "", "a b" },
			[]string{`stream is "a.b"`, `durable is ""`, `attempts-bucket is "a b"`}},
		{"subjects", func(c *Config) { c.Subject, c.AnswersSubject, c.DeadLetterSubject = "a..b", "c.>", "d e" },
			[]string{`subject is "a..b"`, `answers-subject is "c.>"`, `dead-letter-subject is "d e"`}},
		{"> in the middle", func(c *Config) { c.Subject = "a.>.b" }, []string{`subject is "a.>.b"`}},
		{"a loop of answers", func(c *Config) { c.Subject = "depeche.>" }, []string{"answers-subject is depeche.extractions, which is among", "dead-letter-subject is depeche.dead-letters, which is among"}},
		{"one subject for both", func(c *Config) { c.DeadLetterSubject = c.AnswersSubject }, []string{"dead-letter-subject is that of the extractions"}},
		{"numbers", func(c *Config) { c.Workers, c.InFlight, c.MaxDeliver, c.MaxAckPending, c.Replicas = -1, -1, 1, 0, 6 },
			[]string{"replicas is 6", "max-ack-pending is 0", "workers is -1", "in-flight is -1", "max-deliver is 1"}},
		{"times", func(c *Config) {
			c.AckWait, c.ArticleBudget, c.PublishTimeout, c.DrainTimeout, c.RetryDelay, c.MaxAge = 1, 0, 0, 0, -1, -1
		},
			[]string{"max-age is", "ack-wait is 1ns", "article-budget is", "publish-timeout is", "retry-delay is", "drain-timeout is"}},
		{"window shorter than the wait", func(c *Config) { c.DedupeWindow = c.AckWait - 1 }, []string{"dedupe-window is"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c Config
			c.SetDefaults()
			tt.adjust(&c)
			var got []string
			if err := c.Validate(); err != nil {
				got = strings.Split(err.Error(), "\n")
			}
			if len(got) != len(tt.want) {
				t.Fatalf("faults %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("fault %q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestSubjects(t *testing.T) {
	for _, tt := range []struct {
		a, b             string
		overlap, aCovers bool
	}{
		{"a.b", "a.b", true, true},
		{"a.b", "a.c", false, false},
		{"a.b", "a.b.c", false, false},
		{"a.*", "a.b", true, true},
		{"a.*", "a.>", true, false},
		{"a.*", "a.*", true, true},
		{"a.*.c", "a.b.*", true, false},
		{"a.>", "a.b.c", true, true},
		{"a.>", "a", false, false},
		{"a.>", "a.*", true, true},
		{">", "a.>", true, true},
		{"*", ">", true, false},
	} {
		t.Run(tt.a+" "+tt.b, func(t *testing.T) {
			if overlap(tt.a, tt.b) != tt.overlap || overlap(tt.b, tt.a) != tt.overlap {
				t.Errorf("overlap is not %v", tt.overlap)
			}
			if covers(tt.a, tt.b) != tt.aCovers {
				t.Errorf("covers is not %v", tt.aCovers)
			}
		})
	}
}

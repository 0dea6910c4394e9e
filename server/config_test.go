package server

import (
	"errors"
	"math"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// A command that embeds Config and a program that calls SetDefaults serve alike.
func TestFlagsAndDefaultsAgree(t *testing.T) {
	var flags struct {
		Config `embed:""`
	}
	parser, err := kong.New(&flags, kong.Name("serve"), kong.Exit(func(int) { t.Fatal("kong exits") }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	var want Config
	want.SetDefaults()
	if !reflect.DeepEqual(flags.Config, want) {
		t.Errorf("flags give\n%+v, SetDefaults\n%+v", flags.Config, want)
	}
	for _, flag := range parser.Model.Flags {
		if flag.Name == "help" {
			continue
		}
		if flag.Help == "" || len(flag.Envs) != 1 || flag.Envs[0] != "DEPECHE_"+strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_")) {
			t.Errorf("flag %s: help %q, environment %v", flag.Name, flag.Help, flag.Envs)
		}
	}
}

func TestFlagsAreRead(t *testing.T) {
	var flags struct {
		Config `embed:""`
	}
	parser, err := kong.New(&flags)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DEPECHE_STREAM_ARTICLES", "7")
	if _, err := parser.Parse([]string{"--stream-bytes=3MiB", "--drain-delay=0", "--article-budget=2s"}); err != nil {
		t.Fatal(err)
	}
	if flags.StreamArticles != 7 || flags.StreamBytes != 3<<20 || flags.DrainDelay != 0 || flags.ArticleBudget != 2*time.Second {
		t.Errorf("read %+v", flags.Config)
	}
}

// Every field with a flag has bounds, and all faults are told at once, each by
// the flag's name.
func TestValidateTellsAllFaults(t *testing.T) {
	var none Config
	_, err := none.Complete(t.Context())
	if err == nil {
		t.Fatal("an empty configuration is valid")
	}
	for _, flag := range []string{"engine is required", "listen is empty", "queue-calls is 0", "stream-bytes is 0",
		"max-response-bytes is 0", "article-budget is 0s", "drain-timeout is 0s", "stream-window is 0"} {
		if !strings.Contains(err.Error(), flag) {
			t.Errorf("%q is not told in:\n%v", flag, err)
		}
	}

	tests := []struct {
		fault  string
		change func(*Config)
	}{
		{`listen is "50051": want host:port`, func(c *Config) { c.Listen = "50051" }},
		{`http is "8080": want host:port`, func(c *Config) { c.HTTP = "8080" }},
		{`http-origins has "example.org": want scheme://host[:port], or *`, func(c *Config) { c.HTTPOrigins = []string{"*", "https://example.com:8443", "example.org"} }},
		{`http-origins has "https://example.org/": want scheme://host[:port], or *`, func(c *Config) { c.HTTPOrigins = []string{"https://example.org/"} }},
		{`admin is "nowhere": want host:port`, func(c *Config) { c.Admin = "nowhere" }},
		{"tls-cert and tls-key are set together", func(c *Config) { c.TLSCert = "server.crt" }},
		{"tls-client-ca needs tls-cert", func(c *Config) { c.TLSClientCA = "clients.crt" }},
		{"jwt-issuer and jwt-audience are set together", func(c *Config) { c.JWTIssuer = "https://issuer.example.org" }},
		{"jwt-keys needs jwt-issuer", func(c *Config) { c.JWTKeys = "keys.json" }},
		{"client-rate is 0.01: want 0, or 0.1 and more", func(c *Config) { c.ClientRate = 0.01 }},
		{"client-rate is NaN", func(c *Config) { c.ClientRate = math.NaN() }},
		{"client-burst needs client-rate", func(c *Config) { c.ClientBurst = 5 }},
		{"client-calls is -1", func(c *Config) { c.ClientCalls = -1 }},
		{"client-streams is -1", func(c *Config) { c.ClientStreams = -1 }},
		{"workers is -1: want 0 to 65536", func(c *Config) { c.Workers = -1 }},
		{"stream-window is 32KiB: want at least 64KiB", func(c *Config) { c.StreamWindow = 32 << 10 }},
		{"drain-delay is -1s: want at least 0s", func(c *Config) { c.DrainDelay = -time.Second }},
		{"keepalive-time is 1ms: want at least 1s", func(c *Config) { c.KeepaliveTime = time.Millisecond }},
		{"max-message-bytes is 1MiB: want at least the body limit", func(c *Config) { c.MaxMessageBytes = 1 << 20 }},
		{"max-message-bytes is 2GiB: want at most 1GiB", func(c *Config) { c.MaxMessageBytes = 2 << 30 }},
	}
	var all Config
	all.SetDefaults()
	all.Engine = &fakeEngine{body: 1 << 20}
	if err := errors.Join(all.Validate(), all.validateEngine()); err != nil {
		t.Errorf("the defaults are not valid: %v", err)
	}
	for _, test := range tests {
		config := all
		test.change(&config)
		if _, err := config.Complete(t.Context()); err == nil || !strings.HasPrefix(err.Error(), test.fault) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want %q alone, got: %v", test.fault, err)
		}
	}
}

// A server that cannot be built leaves no port open behind it.
func TestCompleteUnwinds(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()

	config := testConfig(&fakeEngine{})
	config.Listen, config.Admin = free.Addr().String(), taken.Addr().String()
	if _, err := config.Complete(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "admin: listen tcp "+config.Admin) {
		t.Fatalf("complete: %v", err)
	}
	again, err := net.Listen("tcp", config.Listen)
	if err != nil {
		t.Fatalf("the service's port is still open: %v", err)
	}
	again.Close()
}

func TestServerThatIsNotRun(t *testing.T) {
	config := testConfig(&fakeEngine{})
	config.Listen, config.Admin = "127.0.0.1:0", "127.0.0.1:0"
	server, err := config.Complete(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	for _, addr := range []net.Addr{server.Addrs()[0], server.AdminAddr()} {
		listener, err := net.Listen("tcp", addr.String())
		if err != nil {
			t.Fatalf("still open: %v", err)
		}
		listener.Close()
	}
}

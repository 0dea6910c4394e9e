package embedded

import (
	"errors"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What was acknowledged is there after a restart, over either way to connect.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		s, err := Start(Config{StoreDir: dir, Listen: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		for _, option := range []nats.Option{nats.InProcessServer(s), nats.Name("over TCP")} {
			conn, err := nats.Connect(s.ClientURL(), option)
			if err != nil {
				t.Fatal(err)
			}
			js, err := jetstream.New(conn)
			if err != nil {
				t.Fatal(err)
			}
			stream, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}})
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				if _, err := js.Publish(t.Context(), "s", []byte("kept")); err != nil {
					t.Fatal(err)
				}
			} else if n := stream.CachedInfo().State.Msgs; n != 2 {
				t.Errorf("%d messages", n)
			}
			conn.Close()
		}
		s.Close()
	}
}

func TestConfigAtFault(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []Config{
		{Listen: "127.0.0.1:0"},
		{StoreDir: dir, Listen: "127.0.0.1"},
		{StoreDir: dir, Listen: "127.0.0.1:port"},
		{StoreDir: dir, Listen: "127.0.0.1:70000"},
		{StoreDir: dir, Listen: ":4222"},
		{StoreDir: dir, Listen: "0.0.0.0:4222"},
		{StoreDir: dir, Listen: "192.0.2.1:4222"},
		{StoreDir: dir, Listen: "example.org:4222"},
	} {
		t.Run(c.Listen, func(t *testing.T) {
			s, err := Start(c)
			if fault := (*ConfigError)(nil); !errors.As(err, &fault) {
				t.Errorf("server %v, error %v", s, err)
			}
		})
	}
}

package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/depeche-events/depeche/internal/authority"
)

func TestOpenRefuses(t *testing.T) {
	dir, ours := t.TempDir(), authority.New(t, "ours")
	good, other := ours.Sign(t, "server", nil), ours.Sign(t, "other", nil)
	cert, key := good.Write(t, dir, "good")
	_, otherKey := other.Write(t, dir, "other")
	expired, expiredKey := ours.Sign(t, "server", authority.Expired).Write(t, dir, "expired")
	for _, test := range []struct {
		name  string
		paths Paths
		want  string
	}{
		{"no file", Paths{dir + "/none", key, ""}, "no such file"},
		{"another's key", Paths{cert, otherKey, ""}, "does not match"},
		{"expired", Paths{expired, expiredKey, ""}, "not now"},
		{"no certificate", Paths{key, key, ""}, "certificate"},
		{"authorities: none", Paths{cert, key, authority.File(t, dir, "empty", nil)}, "holds no certificate"},
		{"authorities: a key", Paths{cert, key, key}, "PRIVATE KEY"},
		{"authorities: broken", Paths{cert, key, authority.File(t, dir, "broken",
			[]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))}, "x509"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Open(zap.NewNop(), test.paths); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// current is the common name of the certificate that a new connection would be
// shown.
func current(t *testing.T, s *Server) string {
	t.Helper()
	config, err := s.Config("h2").GetConfigForClient(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	if !config.SessionTicketsDisabled {
		t.Error("connections could be resumed past a change of authorities")
	}
	return config.Certificates[0].Leaf.Subject.CommonName
}

func TestCheckKeepsWhatIsGood(t *testing.T) {
	dir, ours := t.TempDir(), authority.New(t, "ours")
	cert, key := ours.Sign(t, "first", nil).Write(t, dir, "server")
	s, err := Open(zap.NewNop(), Paths{Cert: cert, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	second := ours.Sign(t, "second", nil)
	for _, step := range []struct {
		name   string
		change func()
		want   string
	}{
		{"as it was", func() {}, "first"},
		{"certificate without its key", func() { authority.File(t, dir, "server.crt", second.Cert) }, "first"},
		{"both", func() { second.Write(t, dir, "server") }, "second"},
		{"expired", func() { ours.Sign(t, "third", authority.Expired).Write(t, dir, "server") }, "second"},
	} {
		step.change()
		s.Check()
		if got := current(t, s); got != step.want {
			t.Errorf("%s: %s is shown, want %s", step.name, got, step.want)
		}
	}
}

func TestName(t *testing.T) {
	ours := authority.New(t, "ours")
	for _, test := range []struct {
		change func(*x509.Certificate)
		want   string
	}{
		{nil, "common"},
		{func(c *x509.Certificate) { c.EmailAddresses = []string{"desk@example.org"} }, "desk@example.org"},
		{func(c *x509.Certificate) { c.DNSNames = []string{"desk.example.org", "b"} }, "desk.example.org"},
		{func(c *x509.Certificate) {
			c.DNSNames, c.URIs = []string{"a"}, []*url.URL{{Scheme: "spiffe", Host: "example.org", Path: "/desk"}}
		}, "spiffe://example.org/desk"},
	} {
		if got := Name(ours.Sign(t, "common", test.change).TLS(t).Leaf); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

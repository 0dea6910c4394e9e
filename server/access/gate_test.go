package access

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"testing"

	"go.uber.org/zap"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/depeche-events/depeche/internal/authority"
)

func hashed(token string) string {
	hash := sha256.Sum256([]byte(token))
	return hex.EncodeToString(hash[:])
}

// sent is the context of a call with these authorization headers.
func sent(t testing.TB, headers ...string) context.Context {
	return metadata.NewIncomingContext(t.Context(), metadata.MD{"authorization": headers})
}

// checkRefused wants a *Refusal with these words and nothing of the secrets.
func checkRefused(t testing.TB, err error, want string, secrets ...string) {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Description, want) {
		t.Errorf("refusal is %v, want %q", err, want)
		return
	}
	for _, secret := range secrets {
		if strings.Contains(refusal.Description, secret) {
			t.Errorf("the refusal quotes what was sent: %v", err)
		}
	}
}

func TestTokens(t *testing.T) {
	file := authority.File(t, t.TempDir(), "tokens", []byte("# the desk has two\ndesk "+hashed("one")+"\ndesk\t"+
		strings.ToUpper(hashed("two"))+" # the new one\n\narchive/2 "+hashed("three")))
	gate, err := Open(zap.NewNop(), Config{Tokens: file})
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{"one": "token:desk", "two": "token:desk", "three": "token:archive/2"} {
		client, err := gate.Admit(sent(t, "Bearer "+token))
		if err != nil || client.Name != want || !client.Valid() {
			t.Errorf("%s is %q, %v; want %q", token, client.Name, err, want)
		}
	}
	if _, err := gate.Admit(sent(t, "bearer one")); err != nil {
		t.Errorf("the scheme in small letters: %v", err)
	}
	for _, test := range []struct {
		name    string
		headers []string
		want    string
	}{
		{"nothing", nil, "no authorization"},
		{"unknown", []string{"Bearer geheim"}, "not valid"},
		{"the hash itself", []string{"Bearer " + hashed("one")}, "not valid"},
		{"no scheme", []string{"one"}, "another form"},
		{"another scheme", []string{"Basic one"}, "another form"},
		{"empty", []string{"Bearer "}, "another form"},
		{"two words", []string{"Bearer one two"}, "another form"},
		{"twice", []string{"Bearer one", "Bearer two"}, "twice"},
		{"a JWT, where none are taken", []string{"Bearer a.b.c"}, "not valid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := gate.Admit(sent(t, test.headers...))
			checkRefused(t, err, test.want, "geheim")
		})
	}
}

func TestTokensChange(t *testing.T) {
	dir := t.TempDir()
	file := authority.File(t, dir, "tokens", []byte("desk "+hashed("one")))
	gate, err := Open(zap.NewNop(), Config{Tokens: file})
	if err != nil {
		t.Fatal(err)
	}
	client, err := gate.Admit(sent(t, "Bearer one"))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name, content string
		valid         bool
	}{
		{"another beside it", "desk " + hashed("one") + "\ndesk " + hashed("two"), true},
		{"at fault: the old list stays", "desk", true},
		{"given to somebody else", "archive " + hashed("one"), false},
		{"back", "desk " + hashed("one"), true},
		{"emptied: nobody is admitted", "", false},
	} {
		authority.File(t, dir, "tokens", []byte(step.content))
		gate.Check()
		if client.Valid() != step.valid {
			t.Errorf("%s: the client is still valid: %v", step.name, client.Valid())
		}
	}
	if _, err := gate.Admit(sent(t, "Bearer one")); err == nil {
		t.Error("admitted by an empty list")
	}
}

func TestParseTokensRefuses(t *testing.T) {
	hash := hashed("one")
	for name, test := range map[string]struct{ content, want string }{
		"a token in place of its hash": {"desk geheim", "line 1: want the SHA-256"},
		"no hash":                      {"\ndesk", "line 2: want a name and a hash"},
		"three words":                  {"desk " + hash + " more", "line 1: want a name and a hash"},
		"no hexadecimal":               {"desk " + strings.Repeat("g", 64), "line 1: want the SHA-256"},
		"the same token twice":         {"desk " + hash + "\narchive " + hash, "line 2: the token of"},
		"a name with a colon":          {"a:b " + hash, "line 1: the name"},
		"a long name":                  {strings.Repeat("a", 65) + " " + hash, "line 1: the name"},
	} {
		_, err := parseTokens([]byte(test.content))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// What NewToken makes is what the file takes.
func TestNewToken(t *testing.T) {
	token, line, err := NewToken("desk")
	if err != nil || len(token) < 43 {
		t.Fatalf("%d characters, %v", len(token), err)
	}
	entries, err := parseTokens([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := find(entries, sha256.Sum256([]byte(token))); !ok || e.name != "desk" {
		t.Errorf("its own line does not admit it")
	}
	if other, _, _ := NewToken("desk"); other == token {
		t.Error("the same token twice")
	}
	if _, _, err := NewToken("two words"); err == nil {
		t.Error("a name that the file refuses is taken")
	}
}

// Where nothing is asked for, a client is known by its connection.
func TestOfConnection(t *testing.T) {
	gate, err := Open(zap.NewNop(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	ours := authority.New(t, "ours")
	leaf := ours.Sign(t, "desk", nil).TLS(t).Leaf
	verified := credentials.TLSInfo{State: tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{leaf}}}}
	shown := credentials.TLSInfo{State: tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}}}
	tcp := func(ip string) *net.TCPAddr { return &net.TCPAddr{IP: net.ParseIP(ip), Port: 4711} }
	for name, test := range map[string]struct {
		peer *peer.Peer
		want string
	}{
		"certificate":         {&peer.Peer{Addr: tcp("192.0.2.7"), AuthInfo: verified}, "certificate:desk"},
		"not verified":        {&peer.Peer{Addr: tcp("192.0.2.7"), AuthInfo: shown}, "address:192.0.2.7"},
		"IPv4":                {&peer.Peer{Addr: tcp("192.0.2.7")}, "address:192.0.2.7"},
		"IPv4 in IPv6":        {&peer.Peer{Addr: tcp("::ffff:192.0.2.7")}, "address:192.0.2.7"},
		"IPv6: the network":   {&peer.Peer{Addr: tcp("2001:db8:1:2:3:4:5:6")}, "address:2001:db8:1:2::/64"},
		"IPv6: the loopback":  {&peer.Peer{Addr: tcp("::1")}, "address:::1"},
		"a socket":            {&peer.Peer{Addr: &net.UnixAddr{Net: "unix", Name: "@"}}, "address:unix"},
		"nobody knows where":  {&peer.Peer{}, "address:unknown"},
		"nothing at all":      {nil, "address:unknown"},
		"the other of a /64":  {&peer.Peer{Addr: tcp("2001:db8:1:2::1")}, "address:2001:db8:1:2::/64"},
		"link-local, by zone": {&peer.Peer{Addr: &net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0", Port: 1}}, "address:fe80::/64"},
	} {
		ctx := t.Context()
		if test.peer != nil {
			ctx = peer.NewContext(ctx, test.peer)
		}
		client, err := gate.Admit(ctx)
		if err != nil || client.Name != test.want || !client.Valid() {
			t.Errorf("%s: %q, %v; want %q", name, client.Name, err, test.want)
		}
		if FromContext(NewContext(ctx, client)).Name != client.Name {
			t.Errorf("%s: the client is lost on the way", name)
		}
	}
}

// FuzzTokens: any file is read or refused, and what is read admits what it
// says.
func FuzzTokens(f *testing.F) {
	f.Add([]byte("desk " + hashed("one") + " # ours\n"))
	f.Add([]byte("# none\n\n\t\n"))
	f.Add([]byte("a b\r\nc d"))
	f.Add([]byte("desk " + strings.Repeat("zz", 32)))
	f.Fuzz(func(t *testing.T, content []byte) {
		entries, err := parseTokens(content)
		if err != nil {
			if len(entries) > 0 {
				t.Error("entries beside an error")
			}
			return
		}
		for _, e := range entries {
			if got, ok := find(entries, e.hash); !ok || got != e || !tokenName.MatchString(e.name) {
				t.Errorf("entry %q is found as %q, %v", e.name, got.name, ok)
			}
		}
	})
}

// FuzzBearer: any headers give a token without blanks, or a refusal.
func FuzzBearer(f *testing.F) {
	f.Add("Bearer abc", "", false)
	f.Add("bearer  abc ", "", false)
	f.Add("Bearer", "", false)
	f.Add("Bearer\tabc", "Bearer x", true)
	f.Add("Basic YTpi", "", false)
	f.Fuzz(func(t *testing.T, first, second string, both bool) {
		headers := []string{first}
		if both {
			headers = append(headers, second)
		}
		token, err := bearer(headers)
		if err == nil && (both || token == "" || strings.ContainsAny(token, " \t") || !strings.Contains(first, token)) {
			t.Errorf("%q gives %q", headers, token)
		}
		if err != nil && len(token) > 0 {
			t.Errorf("%q gives %q and %v", headers, token, err)
		}
	})
}

// What can be told of a call without waiting is told, and a JWT whose keys the
// issuer has is not asked about.
func TestRefuses(t *testing.T) {
	token, line, err := NewToken("desk")
	if err != nil {
		t.Fatal(err)
	}
	file := authority.File(t, t.TempDir(), "tokens", []byte(line+"\n"))
	open, tokens := openGate(t, Config{}), openGate(t, Config{Tokens: file})
	issued := openGate(t, Config{Tokens: file, Issuer: "https://issuer.invalid", Audience: "depeche"})
	for name, test := range map[string]struct {
		gate *Gate
		sent []string
		want bool
	}{
		"nothing is asked for":       {open, nil, false},
		"no token":                   {tokens, nil, true},
		"a good one":                 {tokens, []string{"Bearer " + token}, false},
		"another one":                {tokens, []string{"Bearer " + token + "x"}, true},
		"the same one twice":         {tokens, []string{"Bearer " + token, "Bearer " + token}, true},
		"a JWT that none is for":     {tokens, []string{"Bearer a.b.c"}, true},
		"a JWT, and nobody is asked": {issued, []string{"Bearer a.b.c"}, false},
		"no JWT, beside an issuer":   {issued, []string{"Bearer abc"}, true},
		"a token beside an issuer":   {issued, []string{"Bearer " + token}, false},
	} {
		if got := test.gate.Refuses(sent(t, test.sent...)); got != test.want {
			t.Errorf("%s: refused is %v", name, got)
		}
	}
}

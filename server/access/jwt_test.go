package access

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/depeche-events/depeche/internal/authority"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const audience = "depeche"

// signer is a key of an issuer.
type signer struct {
	id        string
	algorithm jose.SignatureAlgorithm
	key       any // private
}

func newSigner(t testing.TB, id string) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{id, jose.ES256, key}
}

// claims are what a token says.
type claims map[string]any

// good are the claims of a token that is admitted.
func good(issuer string) claims {
	return claims{"iss": issuer, "aud": []string{"other", audience}, "sub": "desk", "exp": time.Now().Add(time.Hour).Unix()}
}

func (c claims) with(key string, value any) claims {
	changed := maps.Clone(c)
	changed[key] = value
	if value == nil {
		delete(changed, key)
	}
	return changed
}

func (s signer) sign(t testing.TB, c claims) string {
	t.Helper()
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	using := jose.SigningKey{Algorithm: s.algorithm, Key: jose.JSONWebKey{KeyID: s.id, Key: s.key}}
	signing, err := jose.NewSigner(using, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signing.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// jwks are the public halves.
func jwks(t testing.TB, signers ...signer) []byte {
	t.Helper()
	var set jose.JSONWebKeySet
	for _, s := range signers {
		public := s.key.(interface{ Public() crypto.PublicKey }).Public()
		set.Keys = append(set.Keys, jose.JSONWebKey{KeyID: s.id, Key: public, Algorithm: string(s.algorithm), Use: "sig"})
	}
	content, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// localIssuer is an OpenID Connect issuer on the loopback.
type localIssuer struct {
	url   string
	asked atomic.Int64 // questions for keys
	mu    sync.Mutex
	keys  []byte // nil: it fails
}

func (i *localIssuer) set(keys []byte) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

func (i *localIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.keys == nil:
		http.Error(w, "out of order", http.StatusServiceUnavailable)
	case r.URL.Path == "/.well-known/openid-configuration":
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.url, "jwks_uri": i.url + "/keys"})
	case r.URL.Path == "/keys":
		i.asked.Add(1)
		_, _ = w.Write(i.keys)
	default:
		http.NotFound(w, r)
	}
}

func newLocalIssuer(t testing.TB) *localIssuer {
	i := new(localIssuer)
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func openGate(t testing.TB, c Config) *Gate {
	t.Helper()
	gate, err := Open(zap.NewNop(), c)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

// unsigned is a token of the algorithm «none».
func unsigned(t testing.TB, c claims) string {
	t.Helper()
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode(payload) + "."
}

// The same tokens are judged in the same way by a file of keys and by those that
// the issuer gives.
func TestJWT(t *testing.T) {
	issuer := newLocalIssuer(t)
	ours, theirs := newSigner(t, "ours"), newSigner(t, "theirs")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	second := signer{"second", jose.PS256, rsaKey}
	keys := jwks(t, ours, second)
	issuer.set(keys)
	file := authority.File(t, t.TempDir(), "keys.json", keys)
	c := good(issuer.url)
	hour := func(n int) int64 { return time.Now().Add(time.Duration(n) * time.Hour).Unix() }

	for way, gate := range map[string]*Gate{
		"keys of a file":    openGate(t, Config{Issuer: issuer.url, Audience: audience, Keys: file}),
		"keys by discovery": openGate(t, Config{Issuer: issuer.url, Audience: audience}),
	} {
		t.Run(way, func(t *testing.T) {
			for name, token := range map[string]string{
				"ours":                    ours.sign(t, c),
				"by another algorithm":    second.sign(t, c),
				"one audience":            ours.sign(t, c.with("aud", audience)),
				"expired within the skew": ours.sign(t, c.with("exp", time.Now().Add(-skew/2).Unix())),
			} {
				client, err := gate.Admit(sent(t, "Bearer "+token))
				if err != nil || client.Name != "jwt:desk" || !client.Valid() {
					t.Errorf("%s: %q, %v", name, client.Name, err)
				}
			}
			for name, test := range map[string]struct{ token, want string }{
				"another issuer's":        {ours.sign(t, c.with("iss", "https://other.example.org")), "not valid"},
				"no issuer":               {ours.sign(t, c.with("iss", nil)), "not valid"},
				"for another audience":    {ours.sign(t, c.with("aud", "other")), "not valid"},
				"for no audience":         {ours.sign(t, c.with("aud", nil)), "not valid"},
				"expired":                 {ours.sign(t, c.with("exp", hour(-1))), "expired"},
				"without expiry":          {ours.sign(t, c.with("exp", nil)), "expired"},
				"not yet valid":           {ours.sign(t, c.with("nbf", hour(1))), "not valid"},
				"without subject":         {ours.sign(t, c.with("sub", nil)), "subject"},
				"a subject without end":   {ours.sign(t, c.with("sub", strings.Repeat("a", maxSubject+1))), "subject"},
				"of an unknown key":       {theirs.sign(t, c), "not valid"},
				"of a key by ours's name": {signer{"ours", jose.ES256, theirs.key}.sign(t, c), "not valid"},
				"not signed":              {unsigned(t, c), "not valid"},
				"signed by the public key as a secret": {signer{"ours", jose.HS256, append(make([]byte, 32), keys...)}.sign(t, c),
					"not valid"},
				"cut off":    {strings.TrimRight(ours.sign(t, c), "AQgw") + ".", "not valid"},
				"no JWT":     {"a.b.c", "not valid"},
				"four parts": {ours.sign(t, c) + ".x", "not valid"},
			} {
				t.Run(name, func(t *testing.T) {
					_, err := gate.Admit(sent(t, "Bearer "+test.token))
					checkRefused(t, err, test.want, test.token, issuer.url)
				})
			}
		})
	}
}

// A file of tokens and an issuer may both be set.
func TestTokensBesideJWT(t *testing.T) {
	ours := newSigner(t, "ours")
	dir := t.TempDir()
	gate := openGate(t, Config{
		Tokens: authority.File(t, dir, "tokens", []byte("archive "+hashed("one"))),
		Issuer: "https://issuer.example.org", Audience: audience, Keys: authority.File(t, dir, "keys", jwks(t, ours)),
	})
	for token, want := range map[string]string{"one": "token:archive", ours.sign(t, good("https://issuer.example.org")): "jwt:desk"} {
		if client, err := gate.Admit(sent(t, "Bearer "+token)); err != nil || client.Name != want {
			t.Errorf("%q, %v; want %q", client.Name, err, want)
		}
	}
}

// The client is valid until its token expires, and no longer.
func TestJWTExpires(t *testing.T) {
	ours := newSigner(t, "ours")
	gate := openGate(t, Config{Issuer: "https://issuer.example.org", Audience: audience,
		Keys: authority.File(t, t.TempDir(), "keys", jwks(t, ours))})
	token := ours.sign(t, good("https://issuer.example.org"))
	client, err := gate.Admit(sent(t, "Bearer "+token))
	if err != nil {
		t.Fatal(err)
	}
	for after, valid := range map[time.Duration]bool{59 * time.Minute: true, time.Hour + skew/2: true, time.Hour + 2*skew: false} {
		now := time.Now().Add(after)
		gate.jwt.now = func() time.Time { return now }
		if client.Valid() != valid {
			t.Errorf("after %v: valid %v, want %v", after, client.Valid(), valid)
		}
		if _, err := gate.Admit(sent(t, "Bearer "+token)); (err == nil) != valid {
			t.Errorf("after %v: %v", after, err)
		}
	}
}

// Keys change: by the file, and where the issuer is asked, when a token of a new
// key comes.
func TestKeysChange(t *testing.T) {
	issuer := newLocalIssuer(t)
	before, after := newSigner(t, "before"), newSigner(t, "after")
	issuer.set(jwks(t, before))
	dir := t.TempDir()
	file := authority.File(t, dir, "keys", jwks(t, before))
	byFile := openGate(t, Config{Issuer: issuer.url, Audience: audience, Keys: file})
	byIssuer := openGate(t, Config{Issuer: issuer.url, Audience: audience})
	old, renewed := sent(t, "Bearer "+before.sign(t, good(issuer.url))), sent(t, "Bearer "+after.sign(t, good(issuer.url)))
	for _, gate := range []*Gate{byFile, byIssuer} {
		if _, err := gate.Admit(old); err != nil {
			t.Error(err)
		}
		_, err := gate.Admit(renewed)
		checkRefused(t, err, "not valid")
	}
	issuer.set(jwks(t, after))
	authority.File(t, dir, "keys", []byte("{"))
	byFile.Check()
	if _, err := byFile.Admit(old); err != nil {
		t.Errorf("a file at fault takes the place of the one before: %v", err)
	}
	authority.File(t, dir, "keys", jwks(t, after))
	byFile.Check()
	for _, gate := range []*Gate{byFile, byIssuer} {
		if _, err := gate.Admit(renewed); err != nil {
			t.Error(err)
		}
	}
	_, err := byFile.Admit(old)
	checkRefused(t, err, "not valid")
}

// Tokens of keys that nobody knows do not make the server ask the issuer for
// ever, and do not keep the others out.
func TestIssuerIsNotFlooded(t *testing.T) {
	issuer := newLocalIssuer(t)
	ours := newSigner(t, "ours")
	issuer.set(jwks(t, ours))
	gate := openGate(t, Config{Issuer: issuer.url, Audience: audience})
	for range 20 {
		_, err := gate.Admit(sent(t, "Bearer "+newSigner(t, "nobody's").sign(t, good(issuer.url))))
		checkRefused(t, err, "not valid")
		if _, err := gate.Admit(sent(t, "Bearer "+ours.sign(t, good(issuer.url)))); err != nil {
			t.Error(err)
		}
	}
	if asked := issuer.asked.Load(); asked > askBurst {
		t.Errorf("the issuer was asked %d times", asked)
	}
}

// An issuer that is away makes tokens that may be good UNAVAILABLE, and is asked
// again later.
func TestIssuerIsAway(t *testing.T) {
	issuer := newLocalIssuer(t)
	ours := newSigner(t, "ours")
	gate := openGate(t, Config{Issuer: issuer.url, Audience: audience})
	token := sent(t, "Bearer "+ours.sign(t, good(issuer.url)))
	for range 2 {
		_, err := gate.Admit(token)
		var refusal *Refusal
		if !errors.As(err, &refusal) || !refusal.Unavailable {
			t.Errorf("%v, want one that is unavailable", err)
		}
	}
	issuer.set(jwks(t, ours))
	if _, err := gate.Admit(token); err != nil {
		t.Errorf("when the issuer is back: %v", err)
	}
}

func TestQuestionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		r := newRemote(zap.NewNop(), "https://issuer.example.org")
		r.client.Transport.(*questions).next = roundTrip(func(*http.Request) (*http.Response, error) {
			asked++
			return nil, context.DeadlineExceeded
		})
		ask := func(n int) int {
			before := asked
			for range n {
				if _, err := r.keys(t.Context()); err == nil {
					t.Error("keys of nobody")
				}
			}
			return asked - before
		}
		if n := ask(20); n != askBurst {
			t.Errorf("asked %d times at once, want %d", n, askBurst)
		}
		time.Sleep(askInterval) // the test's own clock
		if n := ask(20); n != 1 {
			t.Errorf("asked %d times after an interval, want 1", n)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	secret := newSigner(t, "ours")
	private, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: secret.key}}})
	if err != nil {
		t.Fatal(err)
	}
	symmetric, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: make([]byte, 32)}}})
	if err != nil {
		t.Fatal(err)
	}
	keys := func(name string, content []byte) Config {
		return Config{Issuer: "https://issuer.example.org", Audience: audience, Keys: authority.File(t, dir, name, content)}
	}
	for name, test := range map[string]struct {
		config Config
		want   string
	}{
		"no audience":       {Config{Issuer: "https://issuer.example.org"}, "audience"},
		"issuer by http":    {Config{Issuer: "http://issuer.example.org", Audience: audience}, "https"},
		"issuer no URL":     {Config{Issuer: "issuer", Audience: audience}, "no URL"},
		"no file of tokens": {Config{Tokens: dir + "/none"}, "no such file"},
		"bad tokens":        {Config{Tokens: authority.File(t, dir, "tokens", []byte("desk"))}, "line 1"},
		"no file of keys":   {Config{Issuer: "https://issuer.example.org", Audience: audience, Keys: dir + "/none"}, "no such file"},
		"no JWKS":           {keys("no JWKS", []byte("keys")), "no JWKS"},
		"no key":            {keys("no key", []byte(`{"keys":[]}`)), "no key"},
		"a private key":     {keys("private", private), "secret"},
		"a shared secret":   {keys("symmetric", symmetric), "key 0 is"},
	} {
		if _, err := Open(zap.NewNop(), test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// FuzzKeys: any file is read as public keys, or refused.
func FuzzKeys(f *testing.F) {
	f.Add(jwks(f, newSigner(f, "ours")))
	f.Add([]byte(`{"keys":[{"kty":"oct","k":"AAAA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`))
	f.Add([]byte(`{"keys":null}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		keys, err := parseKeys(content)
		if (err == nil) != (len(keys) > 0) {
			t.Errorf("%d keys, %v", len(keys), err)
		}
		for _, key := range keys {
			if _, ok := key.([]byte); ok {
				t.Error("a shared secret is taken for a public key")
			}
		}
	})
}

// FuzzJWT: any token is refused without a crash, since nobody can sign one.
func FuzzJWT(f *testing.F) {
	const issuer = "https://issuer.example.org"
	ours := newSigner(f, "ours")
	gate := openGate(f, Config{Issuer: issuer, Audience: audience, Keys: authority.File(f, f.TempDir(), "keys", jwks(f, ours))})
	f.Add(newSigner(f, "ours").sign(f, good(issuer)))
	f.Add(unsigned(f, good(issuer)))
	f.Add("a.b.c")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if client, err := gate.Admit(sent(t, "Bearer "+token)); err == nil {
			t.Errorf("%q is admitted as %s", token, client.Name)
		}
	})
}

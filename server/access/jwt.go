package access

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/depeche-events/depeche/server/reload"
)

// algorithms are those by which a JWT may be signed: asymmetric ones only. With
// HMAC the issuer's public key would be the secret.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512,
	oidc.PS256, oidc.PS384, oidc.PS512,
	oidc.ES256, oidc.ES384, oidc.ES512,
	oidc.EdDSA,
}

// skew is how far the issuer's clock may stand before ours: a token is good for
// that much longer than it says.
const skew = 30 * time.Second

// maxSubject is the longest subject in bytes: it is a client's name in the log.
const maxSubject = 256

// issuer admits JWTs of one OpenID Connect issuer.
type issuer struct {
	logger        *zap.Logger
	url, audience string
	now           func() time.Time

	file   *reload.Files[*oidc.StaticKeySet] // nil: the issuer is asked
	remote *remote
}

func newIssuer(logger *zap.Logger, c Config) (*issuer, error) {
	i := &issuer{logger: logger, url: c.Issuer, audience: c.Audience, now: time.Now}
	if c.Audience == "" {
		return nil, errors.New("an issuer needs an audience: without one, a token that it made for any other service would be good here")
	}
	if c.Keys == "" {
		if err := checkURL(c.Issuer); err != nil {
			return nil, err
		}
		i.remote = newRemote(logger, c.Issuer)
		return i, nil
	}
	var err error
	i.file, err = reload.Open(logger, "keys", []string{c.Keys}, func(contents [][]byte) (*oidc.StaticKeySet, error) {
		keys, err := parseKeys(contents[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Keys, err)
		}
		return &oidc.StaticKeySet{PublicKeys: keys}, nil
	})
	return i, err
}

// checkURL wants keys to come over TLS, but from this machine.
func checkURL(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is no URL such as https://login.example.org", issuer)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "https" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s must be an https URL: who stands between could give keys of his own", issuer)
	}
	return nil
}

// parseKeys reads a JWKS of public keys for signatures.
func parseKeys(content []byte) ([]crypto.PublicKey, error) {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(content, &set); err != nil {
		return nil, errors.New("is no JWKS") // the fault could quote a key
	}
	var keys []crypto.PublicKey
	for i, key := range set.Keys {
		switch {
		case key.Use != "" && key.Use != "sig":
			continue
		case !key.Valid():
			return nil, fmt.Errorf("key %d is not valid", i)
		case !key.IsPublic():
			return nil, fmt.Errorf("key %d is secret: want public keys only", i)
		}
		keys = append(keys, key.Key)
	}
	if len(keys) == 0 {
		return nil, errors.New("holds no key for signatures")
	}
	return keys, nil
}

// admit tells whom a JWT is for. The reason of a refusal is logged at the debug
// level alone: callers would learn from it, and strangers would fill the log.
func (i *issuer) admit(ctx context.Context, token string) (Client, error) {
	var keys oidc.KeySet
	if i.file != nil {
		keys = i.file.Value()
	} else {
		var err error
		if keys, err = i.remote.keys(ctx); err != nil {
			i.logger.Debug("keys not found", zap.Error(err))
			return Client{}, unreachable()
		}
	}
	verifier := oidc.NewVerifier(i.url, keys, &oidc.Config{
		ClientID:             i.audience,
		SupportedSigningAlgs: algorithms,
		Now:                  func() time.Time { return i.now().Add(-skew) },
	})
	verified, err := verifier.Verify(ctx, token)
	var expired *oidc.TokenExpiredError
	switch {
	case errors.As(err, &expired):
		return Client{}, &Refusal{Description: "the token has expired"}
	case err != nil && ctx.Err() == nil && i.remote != nil && !i.remote.reached():
		return Client{}, unreachable() // it may be signed by a key that is new
	case err != nil:
		i.logger.Debug("token refused", zap.Error(err))
		return Client{}, &Refusal{Description: "the token is not valid here"}
	case verified.Subject == "" || len(verified.Subject) > maxSubject:
		return Client{}, &Refusal{Description: "the token has no subject, or too long a one"}
	}
	return Client{Name: "jwt:" + verified.Subject, valid: func() bool {
		return !verified.Expiry.Before(i.now().Add(-skew))
	}}, nil
}

func unreachable() *Refusal {
	return &Refusal{Description: "the keys to judge the token by cannot be had now", Unavailable: true}
}

// remote is an issuer's keys, had from itself. Who sends tokens with keys that
// nobody knows makes the server ask for them, so how often it asks is bounded.
type remote struct {
	issuer string
	client *http.Client

	asking chan struct{}                     // holds one while somebody finds out where the keys are
	found  atomic.Pointer[oidc.RemoteKeySet] // nil: not found out yet
	ok     atomic.Bool                       // the last question was answered
}

const (
	askTimeout = 5 * time.Second
	// At most askBurst questions at once, and one each askInterval.
	askInterval   = 10 * time.Second
	askBurst      = 4
	maxAnswerSize = 1 << 20
)

func newRemote(logger *zap.Logger, issuer string) *remote {
	r := &remote{issuer: issuer, asking: make(chan struct{}, 1)}
	r.client = &http.Client{
		Timeout: askTimeout,
		Transport: &questions{
			limit:  rate.NewLimiter(rate.Every(askInterval), askBurst),
			logger: logger,
			ok:     &r.ok,
			next:   &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		},
	}
	return r
}

// keys are the issuer's; the first call finds out where they are.
func (r *remote) keys(ctx context.Context) (oidc.KeySet, error) {
	if found := r.found.Load(); found != nil {
		return found, nil
	}
	select {
	case r.asking <- struct{}{}:
		defer func() { <-r.asking }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if found := r.found.Load(); found != nil {
		return found, nil
	}
	// Not the call's context: the keys outlive the call.
	own := oidc.ClientContext(context.Background(), r.client)
	provider, err := oidc.NewProvider(own, r.issuer)
	if err != nil {
		return nil, err
	}
	var told struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&told); err != nil {
		return nil, err
	}
	if err := checkURL(told.Keys); err != nil {
		return nil, err
	}
	r.found.Store(oidc.NewRemoteKeySet(own, told.Keys))
	return r.found.Load(), nil
}

// reached reports whether the issuer last answered.
func (r *remote) reached() bool { return r.ok.Load() }

var errTooOften = errors.New("the issuer was asked too often")

// questions bounds and logs the questions to an issuer.
type questions struct {
	limit  *rate.Limiter
	logger *zap.Logger
	ok     *atomic.Bool
	next   http.RoundTripper
}

func (q *questions) RoundTrip(request *http.Request) (*http.Response, error) {
	if !q.limit.Allow() {
		return nil, errTooOften
	}
	response, err := q.next.RoundTrip(request)
	q.ok.Store(err == nil && response.StatusCode == http.StatusOK)
	switch {
	case err != nil:
		q.logger.Warn("issuer not reached", zap.String("url", request.URL.Redacted()), zap.Error(err))
		return nil, err
	case response.StatusCode != http.StatusOK:
		q.logger.Warn("issuer refused", zap.String("url", request.URL.Redacted()), zap.Int("status", response.StatusCode))
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswerSize), response.Body}
	return response, nil
}

package access

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"go.uber.org/zap"
	"google.golang.org/grpc/metadata"

	"github.com/depeche-events/depeche/server/reload"
)

// Config says whose calls are admitted. The zero value admits everybody.
type Config struct {
	// Tokens is a file of names and hashed tokens; empty: none.
	Tokens string
	// Issuer is the OpenID Connect issuer whose JWTs are admitted, an https URL;
	// empty: none. Audience is what they must be for, and required then.
	Issuer, Audience string
	// Keys is a file of the issuer's public keys (JWKS). Empty: the issuer is
	// asked for them.
	Keys string
}

// Set reports whether a call needs a token.
func (c Config) Set() bool { return c.Tokens != "" || c.Issuer != "" }

// Refusal is why a call is not admitted. It quotes nothing of what was sent.
type Refusal struct {
	Description string
	// Unavailable is true where the credentials could not be judged, and may be
	// good.
	Unavailable bool
}

func (r *Refusal) Error() string { return r.Description }

// Gate admits calls. It is safe for concurrent use.
type Gate struct {
	logger *zap.Logger
	tokens *reload.Files[[]entry] // nil: none
	jwt    *issuer                // nil: none
}

// Open reads the files. The issuer is asked for its keys when a call first
// needs them, so that the server starts without it.
func Open(logger *zap.Logger, c Config) (*Gate, error) {
	g := &Gate{logger: logger}
	var err error
	if c.Tokens != "" {
		g.tokens, err = reload.Open(logger, "tokens", []string{c.Tokens}, func(contents [][]byte) ([]entry, error) {
			entries, err := parseTokens(contents[0])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.Tokens, err)
			}
			return entries, nil
		})
		if err != nil {
			return nil, fmt.Errorf("tokens: %w", err)
		}
	}
	if c.Issuer != "" {
		if g.jwt, err = newIssuer(logger, c); err != nil {
			return nil, fmt.Errorf("tokens of an issuer: %w", err)
		}
	}
	return g, nil
}

// Run looks at the files, as they may change, until ctx is done.
func (g *Gate) Run(ctx context.Context) {
	var watching sync.WaitGroup
	if g.tokens != nil {
		watching.Go(func() { g.tokens.Run(ctx) })
	}
	if g.jwt != nil && g.jwt.file != nil {
		watching.Go(func() { g.jwt.file.Run(ctx) })
	}
	watching.Wait()
}

// Check looks at the files now.
func (g *Gate) Check() {
	if g.tokens != nil {
		g.tokens.Check()
	}
	if g.jwt != nil && g.jwt.file != nil {
		g.jwt.file.Check()
	}
}

// Admit tells whose call ctx is; the error is a *Refusal. A token counts for
// more than the connection's certificate, which may be that of a proxy.
func (g *Gate) Admit(ctx context.Context) (Client, error) {
	if g.tokens == nil && g.jwt == nil {
		return ofConnection(ctx), nil
	}
	token, err := bearer(metadata.ValueFromIncomingContext(ctx, "authorization"))
	if err != nil {
		return Client{}, err
	}
	if g.tokens != nil {
		hash := sha256.Sum256([]byte(token))
		if e, ok := find(g.tokens.Value(), hash); ok {
			return Client{Name: "token:" + e.name, valid: func() bool {
				now, ok := find(g.tokens.Value(), hash)
				return ok && now.name == e.name
			}}, nil
		}
	}
	if g.jwt != nil && isJWT(token) {
		return g.jwt.admit(ctx, token)
	}
	return Client{}, &Refusal{Description: "the token is not valid here"}
}

// Refuses reports whether Admit refuses the call, as far as that can be told
// without waiting: not of a JWT whose keys the issuer has.
func (g *Gate) Refuses(ctx context.Context) bool {
	if g.jwt != nil && g.jwt.remote != nil {
		if token, err := bearer(metadata.ValueFromIncomingContext(ctx, "authorization")); err == nil && isJWT(token) {
			return false
		}
	}
	_, err := g.Admit(ctx)
	return err != nil
}

// isJWT holds for what may be one, and for no token of ours.
func isJWT(token string) bool { return strings.Count(token, ".") == 2 }

// bearer is the token of the authorization headers. Two of them are refused:
// a proxy might have looked at the other one.
func bearer(headers []string) (string, error) {
	switch len(headers) {
	case 0:
		return "", &Refusal{Description: "no authorization was sent: want Bearer and a token"}
	case 1:
	default:
		return "", &Refusal{Description: "authorization was sent twice"}
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	token = strings.Trim(token, " ")
	if !strings.EqualFold(scheme, "bearer") || token == "" || strings.ContainsAny(token, " \t") {
		return "", &Refusal{Description: "authorization was sent in another form: want Bearer and a token"}
	}
	return token, nil
}

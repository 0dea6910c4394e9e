// Package quota is each client's own share of a server: how many articles a
// second, how many calls and streams at once. It holds one client back before
// it takes the room of the others.
package quota

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are every client's. The zero value of each is no limit.
type Limits struct {
	// Rate is articles a second, by calls and streams together.
	Rate float64
	// Burst is how many articles may come at once after a pause; at least 1
	// where there is a rate.
	Burst int
	// Calls and Streams are how many of each may run at once.
	Calls, Streams int
}

// Set reports whether there is any limit.
func (l Limits) Set() bool { return l.Rate > 0 || l.Calls > 0 || l.Streams > 0 }

// maxClients bounds the memory: some 200 bytes each. Clients that come when
// there are as many have one share together until others have been forgotten.
const maxClients = 1 << 14

// forgetInterval is how often, at most, it is looked for clients to forget: a
// flood of new ones must not make every call look through all.
const forgetInterval = time.Second

// Clients are the shares in use. It is safe for concurrent use.
type Clients struct {
	limits Limits
	max    int

	mu     sync.Mutex
	shares map[string]*share
	rest   *share    // of those for whom there is no room
	looked time.Time // when it was last looked for clients to forget
}

// New makes shares of the limits.
func New(limits Limits) *Clients {
	c := &Clients{limits: limits, max: maxClients, shares: make(map[string]*share)}
	c.rest = c.newShare()
	return c
}

// share is what one client has in use.
type share struct {
	calls, streams int
	bucket         *rate.Limiter // nil: no limit
}

func (c *Clients) newShare() *share {
	s := new(share)
	if c.limits.Rate > 0 {
		s.bucket = rate.NewLimiter(rate.Limit(c.limits.Rate), max(c.limits.Burst, 1))
	}
	return s
}

// Use is a call or stream that runs. A nil Use has no limit.
type Use struct {
	clients *Clients
	share   *share
	running *int // of the share: its calls or its streams
}

// Call counts in a call of the client's; nil, false: it has as many as it may.
func (c *Clients) Call(client string) (*Use, bool) {
	return c.enter(client, c.limits.Calls, func(s *share) *int { return &s.calls })
}

// Stream counts in a stream of the client's; nil, false: it has as many as it
// may.
func (c *Clients) Stream(client string) (*Use, bool) {
	return c.enter(client, c.limits.Streams, func(s *share) *int { return &s.streams })
}

func (c *Clients) enter(client string, limit int, count func(*share) *int) (*Use, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.of(client)
	running := count(s)
	if limit > 0 && *running >= limit {
		return nil, false
	}
	*running++
	return &Use{c, s, running}, true
}

// of is the client's share; c.mu is held.
func (c *Clients) of(client string) *share {
	if s := c.shares[client]; s != nil {
		return s
	}
	if len(c.shares) >= c.max {
		c.forget()
	}
	if len(c.shares) >= c.max {
		return c.rest
	}
	s := c.newShare()
	c.shares[client] = s
	return s
}

// forget drops the clients that a new share would treat no differently: nothing
// of theirs runs, and they could have a full burst.
func (c *Clients) forget() {
	now := time.Now()
	if now.Sub(c.looked) < forgetInterval {
		return
	}
	c.looked = now
	for client, s := range c.shares {
		full := s.bucket == nil || s.bucket.TokensAt(now) >= float64(s.bucket.Burst())
		if s.calls == 0 && s.streams == 0 && full {
			delete(c.shares, client)
		}
	}
}

// Leave counts the call or stream out. It is to be called once.
func (u *Use) Leave() {
	if u == nil {
		return
	}
	u.clients.mu.Lock()
	defer u.clients.mu.Unlock()
	*u.running--
}

// Take takes one article of the rate and returns 0, or returns how long to wait
// before trying again. It reserves nothing, so that a stream that waits leaves
// the client's other calls their chance.
func (u *Use) Take() time.Duration {
	if u == nil || u.share.bucket == nil {
		return 0
	}
	now := time.Now()
	// Two may each be told of the same article; one of them is told again.
	if u.share.bucket.AllowN(now, 1) {
		return 0
	}
	missing := 1 - u.share.bucket.TokensAt(now)
	return max(time.Duration(missing/u.clients.limits.Rate*float64(time.Second)), time.Millisecond)
}

type useKey struct{}

// NewContext says that ctx is the call's.
func NewContext(ctx context.Context, u *Use) context.Context {
	return context.WithValue(ctx, useKey{}, u)
}

// FromContext is the call that ctx is of; nil: one without limit.
func FromContext(ctx context.Context) *Use {
	u, _ := ctx.Value(useKey{}).(*Use)
	return u
}

package endtoend

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/client"
	"github.com/depeche-events/depeche/internal/authority"
	"github.com/depeche-events/depeche/server"
	"github.com/depeche-events/depeche/server/access"
)

// A stream outlives its token many times over: each time it is resumed with the
// one that the file then holds, over mutual TLS, and loses nothing.
func TestStreamOutlivesItsTokens(t *testing.T) {
	const articles, renewals = 2000, 8
	dir, ours := t.TempDir(), authority.New(t, "ours")
	ca := authority.File(t, dir, "ca.crt", ours.PEM)
	cert, key := ours.Sign(t, "server", nil).Write(t, dir, "server")
	clientCert, clientKey := ours.Sign(t, "desk", nil).Write(t, dir, "client")

	// A token is a number. It keeps a stream until a higher one is wanted, and
	// opens one for a little longer, as tokens overlap where they are renewed.
	var wanted, used atomic.Int64
	h := &host{}
	h.start(t, func(c *server.Config) {
		c.TLSCert, c.TLSKey, c.TLSClientCA = cert, key, ca
		c.Authenticate = func(ctx context.Context) (context.Context, error) {
			headers := metadata.ValueFromIncomingContext(ctx, "authorization")
			n, err := strconv.ParseInt(strings.TrimPrefix(strings.Join(headers, ","), "Bearer "), 10, 64)
			if err != nil || n < wanted.Load()-1 {
				return nil, status.Error(codes.Unauthenticated, "no token that is good")
			}
			if name := access.FromContext(ctx).Name; name != "certificate:desk" {
				return nil, status.Error(codes.Unauthenticated, name)
			}
			used.Store(n)
			return access.NewContext(ctx, access.NewClient("jwt:desk", func() bool { return n >= wanted.Load() })), nil
		}
	})
	defer h.drain(t)

	token := authority.File(t, dir, "token", []byte("0\n"))
	transport, err := client.TLSFiles{CA: ca, Cert: clientCert, Key: clientKey}.Credentials()
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.Dial(h.address, client.WithTransportCredentials(transport), client.WithTokenFile(token))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	delivered := 0
	check(t, articles, 0, c.Stream(t.Context(), corpus(0, articles), client.WithStreams(1)), func() {
		// In the loop, so that every renewal falls into the run.
		if delivered++; delivered > articles/(renewals+2)*int(wanted.Load()+1) && used.Load() == wanted.Load() {
			next := wanted.Load() + 1
			authority.File(t, dir, "token", fmt.Append(nil, next))
			wanted.Store(next)
		}
	})
	if used.Load() < renewals/2 { // what is in flight at one may be most of the next
		t.Errorf("the stream was resumed over %d tokens", used.Load())
	}

	// A token that is not good any more is told as what it is, at once.
	authority.File(t, dir, "token", []byte("0"))
	for _, err := range c.Stream(t.Context(), corpus(0, 1)) {
		if status.Code(err) != codes.Unauthenticated {
			t.Errorf("an old token: %v", err)
		}
	}
}

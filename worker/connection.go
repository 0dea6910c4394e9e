package worker

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
)

const (
	connectTimeout = 5 * time.Second
	// A connection that is gone without a word is noticed after three pings.
	pingInterval = 20 * time.Second
	// Reconnecting goes on for ever, at first quickly.
	reconnectFirst = 250 * time.Millisecond
	reconnectMost  = 30 * time.Second
)

// connect makes the first connection, which has to succeed; from then on it is
// made again for as long as it takes. reconnected is called each time.
func (c *Config) connect(m *metrics, reconnected func()) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name("depeche worker"),
		nats.Timeout(connectTimeout),
		nats.PingInterval(pingInterval),
		nats.MaxReconnects(-1),
		nats.CustomReconnectDelay(reconnectDelay),
		// Credentials that expired are replaced while the worker runs.
		nats.IgnoreAuthErrorAbort(),
		// An answer that cannot be sent is a failure now, not a success later.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			m.connected.Set(0)
			if err != nil { // nil: closed by us
				c.Logger.Warn("NATS is gone: reconnecting", zap.Error(err))
			}
		}),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) {
			c.Logger.Warn("NATS does not answer", zap.Error(err))
		}),
		nats.ReconnectHandler(func(conn *nats.Conn) {
			m.connected.Set(1)
			m.reconnects.Inc()
			c.Logger.Info("NATS is back", zap.String("url", conn.ConnectedUrlRedacted()))
			reconnected()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			c.Logger.Warn("NATS reports", zap.Error(err))
		}),
	}
	if c.Server != nil {
		options = append(options, nats.InProcessServer(c.Server))
	}
	if c.Creds != "" {
		options = append(options, nats.UserCredentials(c.Creds))
	}
	if c.CA != "" {
		options = append(options, nats.RootCAs(c.CA))
	}
	if c.Cert != "" {
		options = append(options, nats.ClientCert(c.Cert, c.Key))
	}
	conn, err := nats.Connect(c.NATS, options...)
	switch {
	case errors.Is(err, nats.ErrNoServers), errors.As(err, new(*net.OpError)): // a name that is not known is the latter
		return nil, &UnreachableError{err}
	case err != nil:
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	m.connected.Set(1)
	return conn, nil
}

// UnreachableError says that no NATS server answered.
type UnreachableError struct{ err error }

func (e *UnreachableError) Error() string { return "no NATS server answers: " + e.err.Error() }
func (e *UnreachableError) Unwrap() error { return e.err }

// reconnectDelay doubles with every round over the servers, and is never the
// same for all workers that lost the same server.
func reconnectDelay(rounds int) time.Duration {
	delay := reconnectFirst
	for range rounds - 1 {
		if delay *= 2; delay >= reconnectMost {
			delay = reconnectMost
			break
		}
	}
	return delay/2 + rand.N(delay/2+1)
}

package access

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"github.com/depeche-events/depeche/server/certificates"
)

// Client is who calls.
type Client struct {
	// Name is how logs and limits know it, with the way by which it is known:
	// "token:NAME", "jwt:SUBJECT", "certificate:NAME" or "address:IP". It is no
	// secret.
	Name  string
	valid func() bool // nil: always
}

// NewClient names a client whose credentials are good as long as valid says
// so; nil is for ever.
func NewClient(name string, valid func() bool) Client { return Client{name, valid} }

// Valid reports whether the credentials are still good: a long stream is opened
// once, and outlives a token that expires or is taken off the list.
func (c Client) Valid() bool { return c.valid == nil || c.valid() }

type clientKey struct{}

// NewContext says whose call ctx is.
func NewContext(ctx context.Context, client Client) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

// FromContext is whose call ctx is; the zero Client where nobody said.
func FromContext(ctx context.Context) Client {
	client, _ := ctx.Value(clientKey{}).(Client)
	return client
}

// ofConnection is whom the connection itself is from.
func ofConnection(ctx context.Context) Client {
	caller, ok := peer.FromContext(ctx)
	if !ok {
		return Client{Name: "address:unknown"}
	}
	if info, ok := caller.AuthInfo.(credentials.TLSInfo); ok {
		if name := certified(info.State); name != "" {
			return Client{Name: "certificate:" + name}
		}
	}
	return Client{Name: "address:" + address(caller.Addr)}
}

// certified is the name of a certificate that was verified.
func certified(state tls.ConnectionState) string {
	if len(state.VerifiedChains) == 0 {
		return ""
	}
	return certificates.Name(state.VerifiedChains[0][0])
}

// homeBits is the part of an IPv6 address that a network is given as one: who
// has it has all its addresses, and counts once.
const homeBits = 64

func address(from net.Addr) string {
	if from == nil {
		return "unknown"
	}
	at, err := netip.ParseAddrPort(from.String())
	if err != nil {
		return from.Network() // a socket, or a connection in memory
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is6() && !ip.IsLoopback() {
		return netip.PrefixFrom(ip, homeBits).Masked().String()
	}
	return ip.String()
}

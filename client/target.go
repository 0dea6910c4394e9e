package client

import (
	"fmt"
	"net"
	"strings"

	"google.golang.org/grpc/resolver"
)

const staticScheme = "static"

// parseTarget returns the target for gRPC and, for a list of addresses, its
// resolver.
func parseTarget(target string) (string, resolver.Builder, error) {
	list, explicit := strings.CutPrefix(target, staticScheme+":///")
	if !explicit && (strings.Contains(target, "://") || !strings.Contains(target, ",")) {
		return target, nil, nil
	}
	var servers static
	for address := range strings.SplitSeq(list, ",") {
		address = strings.TrimSpace(address)
		if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
			return "", nil, fmt.Errorf("%q is not host:port", address)
		}
		servers = append(servers, address)
	}
	return staticScheme + ":///" + strings.Join(servers, ","), servers, nil
}

// static resolves to a list that never changes: host:port of each server.
type static []string

func (s static) Scheme() string { return staticScheme }

func (s static) Build(_ resolver.Target, conn resolver.ClientConn, _ resolver.BuildOptions) (resolver.Resolver, error) {
	endpoints := make([]resolver.Endpoint, len(s))
	for i, address := range s {
		// A certificate is checked against its own server's name.
		endpoints[i].Addresses = []resolver.Address{{Addr: address, ServerName: address}}
	}
	if err := conn.UpdateState(resolver.State{Endpoints: endpoints}); err != nil {
		return nil, err
	}
	return s, nil
}

// OverrideAuthority names one server: the list itself is no host name.
func (s static) OverrideAuthority(resolver.Target) string { return s[0] }

func (static) ResolveNow(resolver.ResolveNowOptions) {}
func (static) Close()                                {}

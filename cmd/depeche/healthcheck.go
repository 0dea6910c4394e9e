package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// healthcheckCommand is `depeche healthcheck`.
type healthcheckCommand struct {
	Server  string        `placeholder:"ADDR" help:"The server; by default the one that DEPECHE_ADMIN tells of, or DEPECHE_LISTEN, or 127.0.0.1:50051."`
	Timeout time.Duration `env:"DEPECHE_HEALTHCHECK_TIMEOUT" default:"2s" help:"Longest wait for an answer."`

	credentialFlags `embed:"" group:"server"`
}

func (healthcheckCommand) Help() string {
	return `For a container's HEALTHCHECK: the image needs no other program. The private port answers too, in the clear and without a certificate; the service's own port asks for no token.

Examples:
  depeche healthcheck
  depeche healthcheck --server 10.0.0.7:50051 --timeout 1s`
}

func (h *healthcheckCommand) Run(ctx context.Context, c console) error {
	address := cmp.Or(h.Server, localAddress(cmp.Or(os.Getenv("DEPECHE_ADMIN"), os.Getenv("DEPECHE_LISTEN"))))
	if strings.Contains(h.Server, ",") {
		return fail(exitUsage, "--server: is a list of servers, and one is asked: %s", h.Server)
	}
	security, err := h.dial()
	if err != nil {
		return err
	}
	conn, err := grpc.NewClient(address, security)
	if err != nil {
		return fail(exitUsage, "--server %s: %w", address, err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	answer, err := healthpb.NewHealthClient(conn).Check(ctx, &healthpb.HealthCheckRequest{})
	if err != nil {
		return fail(exitIncomplete, "%s: %s", address, dialFault(status.Convert(err).Message()))
	}
	if answer.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		return fail(exitIncomplete, "%s: %s", address, answer.GetStatus())
	}
	_, err = fmt.Fprintln(c.out, answer.GetStatus())
	return err
}

// localAddress is where a server that listens on the address is reached from
// its own machine: ":50051" is every interface, the loopback among them.
func localAddress(listen string) string {
	host, port, err := net.SplitHostPort(cmp.Or(listen, "127.0.0.1:50051"))
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

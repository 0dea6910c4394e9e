package server

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	grpcpeer "google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/authority"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Credentials and the real caller reach the auth slot; who is refused is told how.
func TestWebAuthenticates(t *testing.T) {
	callers := make(chan string, 10)
	server := startWeb(t, &fakeEngine{}, func(c *Config) {
		c.Authenticate = func(ctx context.Context) (context.Context, error) {
			caller, _ := grpcpeer.FromContext(ctx)
			callers <- caller.Addr.String()
			if got := metadata.ValueFromIncomingContext(ctx, "authorization"); len(got) != 1 || got[0] != "Bearer sesame" {
				return nil, status.Error(codes.Unauthenticated, "who are you?")
			}
			return ctx, nil
		}
	})
	local := make(chan string, 10)
	transport := server.http.Transport.(*http.Transport)
	transport.DisableKeepAlives = true
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			local <- conn.LocalAddr().String()
		}
		return conn, err
	}
	for _, path := range []string{extractPath, streamPath, depechev1.ExtractionService_ExtractEvents_FullMethodName} {
		for _, credentials := range []string{"Bearer sesame", "Bearer x", ""} {
			body, kind := lineOf(t, request("x")), jsonType
			if path == streamPath {
				body, kind = lineOf(t, article("x")), linesType
			}
			request, err := http.NewRequestWithContext(contextFor(t), http.MethodPost, server.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", kind)
			request.Header.Set("Depeche-Gateway-Caller", "1") // of nobody's concern
			want := http.StatusUnauthorized
			if credentials != "" {
				request.Header.Set("Authorization", credentials)
			}
			if credentials == "Bearer sesame" {
				want = http.StatusOK
			}
			response, text := send(t, server.http, request)
			if response.StatusCode != want {
				t.Errorf("%s with %q: %s %s", path, credentials, response.Status, text)
			}
			if want == http.StatusUnauthorized && !strings.HasPrefix(path, "/depeche") && response.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %q: %v", path, credentials, response.Header)
			}
			if got, want := receive(t, callers, "caller"), receive(t, local, "connection"); got != want {
				t.Errorf("%s: the caller is %s, want %s", path, got, want)
			}
		}
	}
}

// A browser is told that a page may call only where the page's origin was named.
func TestWebOrigins(t *testing.T) {
	preflight := func(server *webRunning, origin string) string {
		request, err := http.NewRequestWithContext(contextFor(t), http.MethodOptions, server.url+depechev1.ExtractionService_ExtractEvents_FullMethodName, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		request.Header.Set("Access-Control-Request-Method", "POST")
		request.Header.Set("Access-Control-Request-Headers", "authorization,connect-protocol-version,content-type")
		response, _ := send(t, server.http, request)
		return response.Header.Get("Access-Control-Allow-Origin")
	}
	closed := startWeb(t, &fakeEngine{}, nil)
	if got := preflight(closed, "https://example.org"); got != "" {
		t.Errorf("by default %s may call", got)
	}
	named := startWeb(t, &fakeEngine{}, func(c *Config) { c.HTTPOrigins = []string{"https://example.org"} })
	if got := preflight(named, "https://example.org"); got != "https://example.org" {
		t.Errorf("the named origin gets %q", got)
	}
	if got := preflight(named, "https://example.com"); got != "" {
		t.Errorf("another origin gets %q", got)
	}
}

// The HTTP port has the certificate of the gRPC port, asks for a client's as that
// does, and knows a client by it.
func TestWebTLS(t *testing.T) {
	get := func(server *secured, config *tls.Config, protocols func(*http.Protocols)) (string, error) {
		transport := &http.Transport{TLSClientConfig: config, Protocols: new(http.Protocols)}
		protocols(transport.Protocols)
		defer transport.CloseIdleConnections()
		response, err := (&http.Client{Transport: transport}).Get("https://" + server.server.HTTPAddr().String() + "/v1/engine")
		if err != nil {
			return "", err
		}
		response.Body.Close()
		return response.Proto + " " + response.Status, nil
	}
	h1 := func(p *http.Protocols) { p.SetHTTP1(true) }
	h2 := func(p *http.Protocols) { p.SetHTTP2(true) }

	open := startTLS(t, false)
	for want, protocols := range map[string]func(*http.Protocols){"HTTP/1.1 200 OK": h1, "HTTP/2.0 200 OK": h2} {
		if got, err := get(open, trusting(open.ours), protocols); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	if _, err := get(open, trusting(authority.New(t, "theirs")), h2); err == nil {
		t.Error("a client of another authority takes the server's certificate")
	}

	mutual := startTLS(t, true)
	if got, err := get(mutual, trusting(mutual.ours), h2); err == nil {
		t.Errorf("without a certificate: %q", got)
	}
	if got, err := get(mutual, trusting(mutual.ours, mutual.ours.Sign(t, "alice", nil).TLS(t)), h2); err != nil {
		t.Errorf("with one: %q, %v", got, err)
	}
	if !strings.Contains(mutual.logged(), "alice") {
		t.Errorf("the log does not say who called:\n%s", mutual.logged())
	}
}

package server

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"google.golang.org/grpc"
	channelzpb "google.golang.org/grpc/channelz/grpc_channelz_v1"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"google.golang.org/grpc/codes"
)

func TestAdmin(t *testing.T) {
	server := start(t, &fakeEngine{}, func(c *Config) { c.Admin = "127.0.0.1:0" })
	if _, err := server.ExtractEvents(contextFor(t), request("x")); err != nil {
		t.Fatal(err)
	}
	address := server.server.AdminAddr().String()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for path, want := range map[string]string{
		"/metrics":                       `depeche_articles_total{call="unary",reason="OK"} 1`,
		"/debug/pprof/":                  "goroutine",
		"/debug/pprof/goroutine?debug=1": "goroutine profile",
		"/debug/pprof/cmdline":           os.Args[0],
	} {
		body, code := get(t, client, "http://"+address+path)
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, %q is missing", path, code, want)
		}
	}
	if _, code := get(t, client, "http://"+address+"/"); code != http.StatusNotFound {
		t.Errorf("/: %d", code)
	}

	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	servers, err := channelzpb.NewChannelzClient(conn).GetServers(contextFor(t), &channelzpb.GetServersRequest{})
	if err != nil || len(servers.GetServer()) == 0 {
		t.Errorf("channelz tells of %v, %v", servers, err)
	}
	answer, err := healthpb.NewHealthClient(conn).Check(contextFor(t), &healthpb.HealthCheckRequest{})
	if err != nil || answer.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		t.Errorf("health is %v, %v", answer, err)
	}
	// The public port tells nothing of channelz.
	_, err = channelzpb.NewChannelzClient(server.conn).GetServers(contextFor(t), &channelzpb.GetServersRequest{})
	if status.Code(err) != codes.Unimplemented {
		t.Errorf("channelz on the public port: %v", err)
	}
}

func get(t testing.TB, client *http.Client, url string) (body string, code int) {
	t.Helper()
	request, err := http.NewRequestWithContext(contextFor(t), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil && !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Fatal(err)
	}
	return string(data), response.StatusCode
}

func TestAdminIsOffByDefault(t *testing.T) {
	server := start(t, &fakeEngine{}, nil)
	if addr := server.server.AdminAddr(); addr != nil {
		t.Errorf("admin is served on %v", addr)
	}
}

package main

import (
	"strings"
	"testing"
)

func TestHealthcheck(t *testing.T) {
	address := serve(t, engine)
	if got := depeche(t, nil, "healthcheck", "--server", address); got != (outcome{exitOK, "SERVING\n", ""}) {
		t.Errorf("got %+v", got)
	}
	t.Setenv("DEPECHE_LISTEN", address)
	if got := depeche(t, nil, "healthcheck"); got.code != exitOK {
		t.Errorf("with DEPECHE_LISTEN: got %+v", got)
	}
	t.Setenv("DEPECHE_ADMIN", "127.0.0.1:1")
	if got := depeche(t, nil, "healthcheck"); got.code != exitIncomplete || !strings.Contains(got.err, "127.0.0.1:1") {
		t.Errorf("with DEPECHE_ADMIN: got %+v", got)
	}
}

func TestLocalAddress(t *testing.T) {
	for listen, want := range map[string]string{
		"":                "127.0.0.1:50051",
		":7000":           "127.0.0.1:7000",
		"0.0.0.0:7000":    "127.0.0.1:7000",
		"[::]:7000":       "127.0.0.1:7000",
		"[::1]:7000":      "[::1]:7000",
		"10.0.0.7:7000":   "10.0.0.7:7000",
		"host.local:7000": "host.local:7000",
	} {
		if got := localAddress(listen); got != want {
			t.Errorf("localAddress(%q) = %q, want %q", listen, got, want)
		}
	}
}

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/authority"
)

// A server that asks for certificates and tokens is asked with both, by every
// command that asks one.
func TestSecured(t *testing.T) {
	dir, ours := t.TempDir(), authority.New(t, "ours")
	ca := authority.File(t, dir, "ca.crt", ours.PEM)
	cert, key := ours.Sign(t, "server", nil).Write(t, dir, "server")
	clientCert, clientKey := ours.Sign(t, "desk", nil).Write(t, dir, "client")
	token := filepath.Join(dir, "desk.token")
	tokens := write(t, dir, "tokens", depeche(t, nil, "token", "desk", "--out", token).out)
	address := serve(t, engine, "--tls-cert", cert, "--tls-key", key, "--tls-client-ca", ca, "--tokens", tokens)

	file := write(t, dir, "a.txt", "L'armée a repris la ville samedi, a annoncé le ministère.")
	corpus := write(t, dir, "corpus.jsonl", `{"id":"a","text":"L'armée a repris la ville samedi, a annoncé le ministère."}`+"\n")
	secure := []string{"--tls-ca", ca, "--tls-cert", clientCert, "--tls-key", clientKey}
	for name, args := range map[string][]string{
		"extract": {"extract", "--server", address, file},
		"stream":  {"stream", "--server", address, "--in", corpus, "--out", filepath.Join(dir, "out.jsonl")},
	} {
		args = append(args, secure...)
		if got := depeche(t, nil, args...); got.code == exitOK || !strings.Contains(got.err, "no authorization") {
			t.Errorf("%s without a token: %+v", name, got)
		}
		if got := depeche(t, nil, append(args, "--token-file", token)...); got.code != exitOK {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := depeche(t, nil, append([]string{"healthcheck", "--server", address}, secure...)...); got.code != exitOK {
		t.Errorf("healthcheck: %+v", got)
	}
	for name, args := range map[string][]string{
		"in the clear":          nil,
		"unknown authority":     {"--tls"},
		"without a certificate": {"--tls-ca", ca},
		"by another name":       append([]string{"--tls-server-name", "other.example.org"}, secure...),
	} {
		if got := depeche(t, nil, append([]string{"healthcheck", "--server", address}, args...)...); got.code != exitIncomplete {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, args := range map[string][]string{
		"token in the clear":   {"--token-file", token},
		"no such authorities":  {"--tls-ca", filepath.Join(dir, "none")},
		"certificate, no key":  {"--tls-cert", clientCert},
		"another's key":        {"--tls-cert", clientCert, "--tls-key", key},
		"authorities, no file": {"--tls-ca", token},
	} {
		if got := depeche(t, nil, append([]string{"extract", "--server", address, file}, args...)...); got.code != exitUsage {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

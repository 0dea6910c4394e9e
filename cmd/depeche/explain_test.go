package main

import "testing"

// The messages are gRPC's own; what of them a person can use is kept.
func TestDialFault(t *testing.T) {
	for message, want := range map[string]string{
		`connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused"`:  "dial tcp 127.0.0.1:1: connect: connection refused",
		"max retries exhausted: failed after 5 attempts: rpc error: code = Unavailable desc = no children to pick from": "no address is known by that name",
		"name resolver error: produced zero addresses":                                                                  "no address is known by that name",
		"the server is going away: another one may answer":                                                              "the server is going away: another one may answer",
	} {
		if got := dialFault(message); got != want {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}

package client

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/credentials/insecure"
)

func TestParseTarget(t *testing.T) {
	tests := []struct {
		target string
		want   []string // nil: a target for gRPC
		fault  string
	}{
		{target: "localhost:50051"},
		{target: "dns:///depeche.example.org:443"},
		{target: "unix:///run/depeche.sock"},
		{target: "dns:///a,b:443"}, // as odd as it is: what has a scheme is gRPC's
		{target: "a:1,b:2", want: []string{"a:1", "b:2"}},
		{target: " a:1, [::1]:2 ", want: []string{"a:1", "[::1]:2"}},
		{target: "static:///a:1", want: []string{"a:1"}},
		{target: "a:1,", fault: `"" is not host:port`},
		{target: "a,b:1", fault: `"a" is not host:port`},
		{target: "a:1,b:", fault: `"b:" is not host:port`},
	}
	for _, test := range tests {
		t.Run(test.target, func(t *testing.T) {
			c, err := Dial(test.target, WithInsecure())
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) {
					t.Errorf("got %v, want %s", err, test.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			_, list, _ := parseTarget(test.target)
			if servers, _ := list.(static); !slices.Equal(servers, test.want) {
				t.Errorf("servers are %v, want %v", servers, test.want)
			}
		})
	}
}

// Nothing goes in the clear unless that was asked for.
func TestSecurityHasToBeChosen(t *testing.T) {
	if _, err := Dial("localhost:1"); err == nil || !strings.Contains(err.Error(), "transport security") {
		t.Errorf("got %v, want a refusal", err)
	}
	c, err := Dial("localhost:1", WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

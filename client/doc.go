// Package client calls a depeche server.
package client

import (
	_ "github.com/depeche-events/depeche/proto/depeche/v1"
	_ "google.golang.org/grpc"
)

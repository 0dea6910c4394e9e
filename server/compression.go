package server

// What clients may compress their messages with; answers come in the same.
// gRPC keeps its compressors in a registry of the process and offers no other
// way. s2 costs a few microseconds per message, zstd 30, gzip 70.
import (
	_ "github.com/mostynb/go-grpc-compression/experimental/s2"
	_ "github.com/mostynb/go-grpc-compression/nonclobbering/zstd"
	_ "google.golang.org/grpc/encoding/gzip"
)

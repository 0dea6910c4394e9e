// Package gateway is the service over HTTP: JSON at paths of its own, articles
// and outcomes as lines of JSON (NDJSON), and the protocols Connect, gRPC-Web and
// gRPC for generated clients. It answers nothing itself: each call goes on, as a
// gRPC call over memory, to a server with the interceptors and the limits of the
// gRPC port.
//
// A caller stays who it is: Callers hands its address and its TLS state on, and
// its credentials travel as metadata.
package gateway

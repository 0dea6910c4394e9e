// Package endtoend tests the client and the server together, as a user has
// them: what each promises holds only if the other does its part. It has no
// code of its own.
//
// The tests here run servers in this process. Under the build tag survival they
// run the real program as processes, send it signals and look at what it costs;
// docs/reliability.md has what they found:
//
//	go test -tags survival -run Survival -timeout 30m -v ./internal/endtoend
package endtoend

// Package server is the depeche gRPC server: wiring, interceptors, limits, the
// bulk stream and the drain. It knows the contract and an Engine, nothing of
// linguistics.
//
// A server is made in three steps, each of which does one thing:
//
//	config := server.Config{Engine: engine}
//	config.SetDefaults()
//	srv, err := config.Complete(ctx) // checks and builds everything, or nothing
//	err = srv.Run(ctx)               // serves until ctx is done, then drains
//
// What bounds it: calls per connection, calls and connections in all
// (Config.MaxCalls, MaxOpenCalls, MaxConnections), bytes per message and per
// stream window, bytes of requests on their way in, articles and bytes that a
// stream may have in flight, how long a stream may stand still, streams in the
// process, unary calls that wait for a worker. Past a bound the server sheds
// (RESOURCE_EXHAUSTED with RetryInfo) or stops reading; it never queues without
// end.
package server

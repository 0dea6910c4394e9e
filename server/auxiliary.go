package server

import (
	"google.golang.org/grpc"

	"go.uber.org/zap"
)

// auxiliary registers the services besides ours (health, reflection), whose
// streams know nothing of the drain: a client that watches health would hold up
// the end of the server for ever. Their streams are ended when stop is closed.
type auxiliary struct {
	*grpc.Server
	stop   <-chan struct{}
	logger *zap.Logger
}

// RegisterService registers a service with streams that end.
func (a auxiliary) RegisterService(desc *grpc.ServiceDesc, implementation any) {
	ending := *desc
	ending.Streams = nil
	for _, stream := range desc.Streams {
		stream.Handler = a.ending(stream.Handler)
		ending.Streams = append(ending.Streams, stream)
	}
	a.Server.RegisterService(&ending, implementation)
}

// ending wraps a stream's handler. The handler is left behind when the stream
// is ended and returns by itself, since its context is done then.
func (a auxiliary) ending(handler grpc.StreamHandler) grpc.StreamHandler {
	return func(service any, wire grpc.ServerStream) error {
		done := make(chan error, 1)
		go func() {
			defer func() {
				if value := recover(); value != nil {
					done <- panicked(wire.Context(), a.logger, "handler", value).Err()
				}
			}()
			done <- handler(service, wire)
		}()
		select {
		case err := <-done:
			return err
		case <-a.stop:
			return draining().Err()
		}
	}
}

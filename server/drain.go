package server

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"
)

// workerGrace is how long workers may go on after the last call has ended: an
// engine that looks at its context needs milliseconds.
const workerGrace = time.Second

// drain ends the service so that nothing taken is lost: balancers are told and
// given time, then nothing new is taken, what was taken is answered, and what
// is not answered within the bound is cut off.
func (s *Server) drain() {
	s.logger.Info("draining", zap.Duration("delay", s.drainDelay), zap.Duration("bound", s.drainBound))
	s.health.Shutdown()
	select {
	case <-time.After(s.drainDelay):
	case <-s.hurried.Done():
	}

	bound, cancel := context.WithTimeout(s.hurried, s.drainBound)
	defer cancel()
	s.service.stopTaking()
	if !within(bound, s.endCalls(bound)) {
		s.logger.Warn("drain bound reached: calls are cut off")
		s.grpc.Stop() // ends GracefulStop too
	}
	if s.web != nil {
		s.web.close() //nolint:errcheck // it is gone either way
	}
	// The workers have nothing left but articles whose callers have gone.
	last, cancel := context.WithTimeout(context.Background(), workerGrace)
	defer cancel()
	if !within(last, s.service.pool.close) {
		s.logger.Warn("articles whose callers have gone are still being read")
	}
	if s.admin != nil {
		s.admin.Close()
		s.adminGRPC.Stop()
	}
	s.logger.Info("drained")
}

// endCalls returns what waits for the calls of both ports that run.
func (s *Server) endCalls(bound context.Context) func() {
	return func() {
		var ports sync.WaitGroup
		ports.Go(s.grpc.GracefulStop)
		if s.web != nil {
			ports.Go(func() { s.web.drain(bound) })
		}
		ports.Wait()
	}
}

// Hurry cuts a drain short, running or to come: no delay, and calls that run are
// cut off. It is for the second signal of someone who does not want to wait.
func (s *Server) Hurry() { s.hurry() }

// within runs f and reports whether it returned before ctx was done; else f
// goes on by itself.
func within(ctx context.Context, f func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

package server

import (
	"context"
	"time"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/auth"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/selector"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// interceptor is one link of both chains.
type interceptor struct {
	name   string
	unary  grpc.UnaryServerInterceptor
	stream grpc.StreamServerInterceptor
}

// chain is every interceptor, outermost first. All know the call's id; metrics see all that happens to
// a call, also its refusal; recovery stands innermost, so that the others see a
// panic as the INTERNAL that the caller gets.
func chain(m *metrics, logger *zap.Logger, authenticate auth.AuthFunc, g *guard, retry time.Duration) []interceptor {
	authenticate = recoverAuth(logger, authenticate)
	options := []logging.Option{
		logging.WithLogOnEvents(logging.FinishCall),
		logging.WithErrorFields(errorFields),
		logging.WithFieldsFromContext(identity),
		logging.WithDurationField(durationField),
	}
	recovered := recovery.WithRecoveryHandlerContext(func(ctx context.Context, value any) error {
		return panicked(ctx, logger, "handler", value).Err()
	})
	exemplars := grpcprom.WithExemplarFromContext(exemplarOf)
	guarded := selector.MatchFunc(notProbe)
	return []interceptor{
		{
			"request id",
			requestIDUnary,
			requestIDStream,
		},
		{
			"metrics",
			m.calls.UnaryServerInterceptor(exemplars),
			m.calls.StreamServerInterceptor(exemplars),
		},
		{
			"failures",
			m.failedUnary,
			m.failedStream,
		},
		{
			"logging",
			selector.UnaryServerInterceptor(logging.UnaryServerInterceptor(callLogger(logger), options...), guarded),
			selector.StreamServerInterceptor(logging.StreamServerInterceptor(callLogger(logger), options...), guarded),
		},
		{
			"auth",
			selector.UnaryServerInterceptor(auth.UnaryServerInterceptor(authenticate), guarded),
			selector.StreamServerInterceptor(auth.StreamServerInterceptor(authenticate), guarded),
		},
		{
			"quota",
			selector.UnaryServerInterceptor(g.unaryQuota(m, retry), guarded),
			selector.StreamServerInterceptor(g.streamQuota(retry), guarded),
		},
		{
			"recovery",
			recovery.UnaryServerInterceptor(recovered),
			recovery.StreamServerInterceptor(recovered),
		},
	}
}

// chains are the server options that put the interceptors in place.
func chains(links []interceptor) []grpc.ServerOption {
	var unary []grpc.UnaryServerInterceptor
	var stream []grpc.StreamServerInterceptor
	for _, link := range links {
		unary = append(unary, link.unary)
		stream = append(stream, link.stream)
	}
	return []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(unary...),
		grpc.ChainStreamInterceptor(stream...),
	}
}

// recoverAuth makes INTERNAL of a panic in the auth slot, which stands outside
// recovery and reads what strangers send.
func recoverAuth(logger *zap.Logger, authenticate auth.AuthFunc) auth.AuthFunc {
	return func(ctx context.Context) (admitted context.Context, err error) {
		defer func() {
			if value := recover(); value != nil {
				admitted, err = nil, panicked(ctx, logger, "auth", value).Err()
			}
		}()
		return authenticate(ctx)
	}
}

// notProbe leaves out health, which whoever probes may ask: it comes every few
// seconds and tells nothing else.
func notProbe(_ context.Context, call interceptors.CallMeta) bool {
	return call.Service != healthpb.Health_ServiceDesc.ServiceName
}

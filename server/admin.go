package server

import (
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc"
	channelz "google.golang.org/grpc/channelz/service"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
)

// adminHeaderTimeout bounds how long a caller of the private port may take to
// say what it wants.
const adminHeaderTimeout = 5 * time.Second

// newAdmin makes the private port's server: metrics and profiles over HTTP and
// channelz and health over gRPC, on one port; who probes health here needs no
// certificate. grpcServer is stopped with it.
func newAdmin(registry *prometheus.Registry, healthy healthpb.HealthServer) (admin *http.Server, grpcServer *grpc.Server) {
	grpcServer = grpc.NewServer()
	channelz.RegisterChannelzServiceToServer(grpcServer)
	healthpb.RegisterHealthServer(grpcServer, healthy)
	reflection.Register(grpcServer)

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)

	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	admin = &http.Server{
		Protocols:         protocols,
		ReadHeaderTimeout: adminHeaderTimeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
				grpcServer.ServeHTTP(w, r)
				return
			}
			mux.ServeHTTP(w, r)
		}),
	}
	return admin, grpcServer
}

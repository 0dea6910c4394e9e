package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"
)

// adminHeaderTimeout bounds how long a caller of the private port may take to
// say what it wants.
const adminHeaderTimeout = 5 * time.Second

// serveAdmin serves metrics, health and profiles of a command that is no server,
// until stop is called. /healthz answers as long as the process does, /readyz
// when ready gives no reason why not.
func serveAdmin(listener net.Listener, registry *prometheus.Registry, ready func() error, logger *zap.Logger) (stop func()) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	admin := &http.Server{Handler: mux, ReadHeaderTimeout: adminHeaderTimeout}

	logger.Info("serving", zap.String("what", "admin"), zap.Stringer("address", listener.Addr()))
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := admin.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("admin port", zap.Error(err))
		}
	})
	return func() {
		admin.Close()
		serving.Wait()
	}
}

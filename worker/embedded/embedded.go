// Package embedded runs a NATS server in this process, for one machine that has
// none: the worker's streams are kept in a folder, and whoever puts articles in
// and takes answers out connects over the loopback.
package embedded

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"
)

// startTimeout is how long the server may take to read its store.
const startTimeout = time.Minute

// ConfigError is a Config that no server can be started with.
type ConfigError struct{ error }

func (e *ConfigError) Unwrap() error { return e.error }

// Config says where the server listens and what it keeps.
type Config struct {
	// StoreDir is the folder of the streams. Required; one server at a time.
	StoreDir string
	// Listen is a TCP address of the loopback, since nobody has to say who he is;
	// port 0 is any free one.
	Listen string
	// Logger takes what the server has to say. nil: nothing is logged.
	Logger *zap.Logger
}

// Server is a running NATS server.
type Server struct{ *server.Server }

// Start returns when the server is ready.
func Start(c Config) (*Server, error) {
	if c.StoreDir == "" {
		return nil, &ConfigError{errors.New("a folder for the store is required")}
	}
	host, port, err := loopback(c.Listen)
	if err != nil {
		return nil, &ConfigError{err}
	}
	// The server would end the process if it could not listen.
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, err
	}
	listener.Close()
	s, err := server.NewServer(&server.Options{
		ServerName: "depeche-embedded",
		Host:       host,
		Port:       port,
		JetStream:  true,
		StoreDir:   c.StoreDir,
		NoSigs:     true, // the process has its own way to end
		MaxPayload: maxPayload,
	})
	if err != nil {
		return nil, fmt.Errorf("NATS server: %w", err)
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	s.SetLoggerV2(logger{c.Logger.Named("nats").Sugar()}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTimeout) {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("NATS server: not ready on %s within %v", c.Listen, startTimeout)
	}
	if !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("NATS server: no streams can be kept in %s", c.StoreDir)
	}
	return &Server{s}, nil
}

// maxPayload is the longest message, in bytes. The server's default of 1 MiB is
// the engine's body limit, which leaves nothing for the rest of an article.
const maxPayload = 8 << 20

// Close ends the server; what it has acknowledged is in its store.
func (s *Server) Close() {
	s.Shutdown()
	s.WaitForShutdown()
}

// loopback takes an address apart.
func loopback(address string) (host string, port int, err error) {
	host, number, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("%q: want host:port", address)
	}
	port, err = strconv.Atoi(number)
	if err != nil || port < 0 || port > 1<<16-1 {
		return "", 0, fmt.Errorf("%q: want a port from 0 to 65535", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", 0, fmt.Errorf("%q is no address of the loopback: the server asks nobody who he is; run nats-server for other machines", address)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// logger gives the server's entries to zap.
type logger struct{ to *zap.SugaredLogger }

func (l logger) Noticef(format string, v ...any) { l.to.Debugf(format, v...) }
func (l logger) Warnf(format string, v ...any)   { l.to.Warnf(format, v...) }
func (l logger) Fatalf(format string, v ...any)  { l.to.Errorf(format, v...) }
func (l logger) Errorf(format string, v ...any)  { l.to.Errorf(format, v...) }
func (l logger) Debugf(format string, v ...any)  { l.to.Debugf(format, v...) }
func (l logger) Tracef(string, ...any)           {} // could hold what is published

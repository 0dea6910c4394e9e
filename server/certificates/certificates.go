// Package certificates is TLS for a listener, from files that may change while
// it is served.
package certificates

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/depeche-events/depeche/server/reload"
)

// Paths name PEM files.
type Paths struct {
	// Cert holds the server's certificate, with what leads from it to its
	// authority; Key its private key.
	Cert, Key string
	// ClientCA holds the authorities whose certificates clients must show.
	// Empty: clients show none.
	ClientCA string
}

// Server is a server's certificate and the authorities of its clients, kept as
// their files change. It is safe for concurrent use.
type Server struct {
	files *reload.Files[*tls.Config]
}

// Open reads the files. They are at fault if the key is not the certificate's
// or the certificate is not valid now; files at fault that come later are
// logged, and change nothing.
func Open(logger *zap.Logger, paths Paths) (*Server, error) {
	read := []string{paths.Cert, paths.Key}
	if paths.ClientCA != "" {
		read = append(read, paths.ClientCA)
	}
	files, err := reload.Open(logger, "certificates", read, func(contents [][]byte) (*tls.Config, error) {
		config := &tls.Config{
			// Every gRPC library of the last years speaks 1.3, and it leaves
			// nothing to choose wrongly.
			MinVersion: tls.VersionTLS13,
			// A resumed connection would be let in by the authorities of the
			// day when it was first made. Ours last for hours, so that
			// resuming gains nothing.
			SessionTicketsDisabled: true,
		}
		pair, err := tls.X509KeyPair(contents[0], contents[1])
		if err != nil {
			return nil, fmt.Errorf("%s and %s: %w", paths.Cert, paths.Key, err)
		}
		if now := time.Now(); now.Before(pair.Leaf.NotBefore) || now.After(pair.Leaf.NotAfter) {
			return nil, fmt.Errorf("%s: valid from %s to %s, not now", paths.Cert,
				pair.Leaf.NotBefore.Format(time.RFC3339), pair.Leaf.NotAfter.Format(time.RFC3339))
		}
		config.Certificates = []tls.Certificate{pair}
		if paths.ClientCA != "" {
			if config.ClientCAs, err = pool(contents[2]); err != nil {
				return nil, fmt.Errorf("%s: %w", paths.ClientCA, err)
			}
			config.ClientAuth = tls.RequireAndVerifyClientCert
		}
		return config, nil
	})
	if err != nil {
		return nil, err
	}
	return &Server{files}, nil
}

// pool makes authorities of PEM. AddCertsFromPEM would pass over what it cannot
// read.
func pool(content []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	n := 0
	for {
		var block *pem.Block
		if block, content = pem.Decode(content); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("holds a %s, want certificates only", block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		pool.AddCert(certificate)
		n++
	}
	if n == 0 {
		return nil, errors.New("holds no certificate")
	}
	return pool, nil
}

// Config is for listeners that speak the protocols, such as "h2". Each new
// connection has the certificate and the authorities of its day; those that are
// open go on.
func (s *Server) Config(protocols ...string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: protocols,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			config := s.files.Value().Clone()
			config.NextProtos = protocols
			return config, nil
		},
	}
}

// Run looks at the files until ctx is done.
func (s *Server) Run(ctx context.Context) { s.files.Run(ctx) }

// Check looks at the files now.
func (s *Server) Check() { s.files.Check() }

// Name is whom a client's certificate is for: its first URI (as SPIFFE has it),
// DNS name or mail address, else its common name.
func Name(certificate *x509.Certificate) string {
	switch {
	case len(certificate.URIs) > 0:
		return certificate.URIs[0].String()
	case len(certificate.DNSNames) > 0:
		return certificate.DNSNames[0]
	case len(certificate.EmailAddresses) > 0:
		return certificate.EmailAddresses[0]
	default:
		return certificate.Subject.CommonName
	}
}

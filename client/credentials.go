package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc/credentials"
)

// TLSFiles are the PEM files of a client that speaks TLS.
type TLSFiles struct {
	// CA holds the authorities that sign servers. Empty: the system's.
	CA string
	// Cert and Key are what the client shows to servers that ask for a
	// certificate. They are read for each connection, so that they can be
	// renewed under way. Empty: it shows none.
	Cert, Key string
	// ServerName is the name in the servers' certificates, where it is not the
	// host that is dialled.
	ServerName string
}

// Credentials are for [WithTransportCredentials]. TLS is 1.3, as depeche's
// server speaks it, or 1.2 with what may stand before one.
func (f TLSFiles) Credentials() (credentials.TransportCredentials, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: f.ServerName}
	if f.CA != "" {
		content, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(content) {
			return nil, fmt.Errorf("%s: holds no certificate", f.CA)
		}
	}
	if (f.Cert == "") != (f.Key == "") {
		return nil, errors.New("a certificate needs its key, and a key its certificate")
	}
	if f.Cert != "" {
		if _, err := tls.LoadX509KeyPair(f.Cert, f.Key); err != nil {
			return nil, err
		}
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
			return &pair, err
		}
	}
	return credentials.NewTLS(config), nil
}

// WithTokenFile sends the token that the file holds with every call and stream,
// as "authorization: Bearer". The file is read each time, so that the token can
// be renewed under way: a stream that outlives its token is resumed with the new
// one. Tokens travel over TLS only; Dial fails without.
func WithTokenFile(path string) Option {
	return WithPerRPCCredentials(&tokenFile{path: path})
}

type tokenFile struct {
	path string
	last atomic.Pointer[string]
}

// GetRequestMetadata sends the token before where the file holds none: it may
// be half written.
func (f *tokenFile) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	token, err := f.read()
	if err == nil {
		f.last.Store(&token)
	} else if last := f.last.Load(); last != nil {
		token = *last
	} else {
		return nil, err
	}
	return map[string]string{"authorization": "Bearer " + token}, nil
}

func (f *tokenFile) read() (string, error) {
	content, err := os.ReadFile(f.path)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(content))
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("%s: want one token", f.path)
	}
	return token, nil
}

func (*tokenFile) RequireTransportSecurity() bool { return true }

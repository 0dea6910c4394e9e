package main

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/depeche-events/depeche/client"
)

// credentialFlags say how a server is believed, and how it believes us.
type credentialFlags struct {
	TLS           bool     `name:"tls" help:"Encrypt, and check the server's certificate against this machine's authorities."`
	TLSCA         verbatim `name:"tls-ca" placeholder:"FILE" help:"Authorities (PEM) to check the server's certificate against; implies --tls."`
	TLSServerName string   `name:"tls-server-name" placeholder:"NAME" help:"Name in the server's certificate, where it is not the host of --server; implies --tls."`
	TLSCert       verbatim `name:"tls-cert" env:"DEPECHE_CLIENT_TLS_CERT" placeholder:"FILE" help:"Certificate (PEM) to show to the server; implies --tls."`
	TLSKey        verbatim `name:"tls-key" env:"DEPECHE_CLIENT_TLS_KEY" placeholder:"FILE" help:"Private key of the certificate."`
	TokenFile     verbatim `placeholder:"FILE" help:"File of the token to send; needs TLS."`
}

// secure reports whether TLS is spoken.
func (f *credentialFlags) secure() bool {
	return f.TLS || f.TLSCA != "" || f.TLSServerName != "" || f.TLSCert != "" || f.TLSKey != ""
}

func (f *credentialFlags) transport() (credentials.TransportCredentials, error) {
	if !f.secure() {
		if f.TokenFile != "" {
			return nil, fail(exitUsage, "--token-file: needs --tls or --tls-ca: a token is not sent in the clear")
		}
		return insecure.NewCredentials(), nil
	}
	files := client.TLSFiles{CA: string(f.TLSCA), Cert: string(f.TLSCert), Key: string(f.TLSKey), ServerName: f.TLSServerName}
	transport, err := files.Credentials()
	if err != nil {
		return nil, fail(exitUsage, "TLS: %w", err)
	}
	return transport, nil
}

// client are the options of a client.
func (f *credentialFlags) client() ([]client.Option, error) {
	transport, err := f.transport()
	if err != nil {
		return nil, err
	}
	options := []client.Option{client.WithTransportCredentials(transport)}
	if f.TokenFile != "" {
		options = append(options, client.WithTokenFile(string(f.TokenFile)))
	}
	return options, nil
}

// dial is the option of a connection that asks health alone, which needs no
// token.
func (f *credentialFlags) dial() (grpc.DialOption, error) {
	transport, err := f.transport()
	return grpc.WithTransportCredentials(transport), err
}

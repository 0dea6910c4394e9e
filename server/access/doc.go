// Package access tells who calls: by the certificate of the connection, by a
// bearer token from a file, or by a JWT of an OpenID Connect issuer.
//
// A Gate is made from the settings and admits calls:
//
//	gate, err := access.Open(logger, access.Config{Tokens: "tokens"})
//	client, err := gate.Admit(ctx)
//
// Where neither tokens nor an issuer are set, whoever can connect is admitted,
// and is known by its certificate or else by its address.
package access

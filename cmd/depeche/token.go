package main

import (
	"fmt"
	"io"
	"os"

	"github.com/depeche-events/depeche/server/access"
)

// tokenCommand is `depeche token`.
type tokenCommand struct {
	Name string   `arg:"" help:"Whose token it is: 1 to 64 letters, digits and ._@/-; logs and limits know the client by it."`
	Out  verbatim `required:"" placeholder:"FILE" help:"Gets the token, for the client's --token-file; it must not be there yet."`
}

func (tokenCommand) Help() string {
	return `The token is random. It goes into FILE, which only you may read; the line for the server's --tokens, which holds its hash, goes to standard output. A name may have several tokens: add the new line, give the client its new token, remove the old line.

Examples:
  depeche token desk --out desk.token >>tokens
  depeche serve --tokens tokens --tls-cert server.crt --tls-key server.key`
}

func (t *tokenCommand) Run(c console) error {
	token, line, err := access.NewToken(t.Name)
	if err != nil {
		return fail(exitUsage, "%w", err)
	}
	file, err := os.OpenFile(string(t.Out), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fail(exitUsage, "--out: %w", err)
	}
	if _, err = io.WriteString(file, token+"\n"); err == nil {
		err = file.Close()
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, line)
	return err
}

// Command depeche extracts events from French news articles: as a gRPC
// service, or of files at once. `depeche --help` tells more.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones are known wherever the binary runs
)

func main() {
	// The first signal asks for an end; what is under way is finished as far as
	// the command promises that. The second one ends the process at once.
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, restore)
	os.Exit(int(run(ctx, os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr}, loadEngine)))
}

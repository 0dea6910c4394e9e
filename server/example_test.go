package server_test

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/depeche-events/depeche/server"
)

// engine stands for wire.NewEngine.
var engine server.Engine

// A server that drains when it is told to stop.
func Example() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	config := server.Config{Engine: engine}
	config.SetDefaults()
	config.Listen = ":50051"
	srv, err := config.Complete(ctx)
	if err != nil {
		log.Fatal(err)
	}
	context.AfterFunc(ctx, func() {
		again := make(chan os.Signal, 1)
		signal.Notify(again, os.Interrupt)
		<-again
		srv.Hurry() // somebody does not want to wait
	})
	if err := srv.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// commandLine is every command and, in its tags, every flag.
type commandLine struct {
	Serve       serveCommand       `cmd:"" help:"Serve the gRPC service until SIGTERM or SIGINT."`
	Extract     extractCommand     `cmd:"" help:"Print what happened in articles: who did what to whom, where, when, how many, and who says so."`
	Worker      workerCommand      `cmd:"" help:"Read articles from a NATS JetStream stream and publish what is found, beside any number of other workers."`
	Stream      streamCommand      `cmd:"" help:"Send a file of articles through servers and keep every answer."`
	Evaluate    evaluateCommand    `cmd:"" help:"Measure the engine against annotated articles and sentences."`
	Analyze     analyzeCommand     `cmd:"" help:"Print texts as sentences, words and dependency trees, in CoNLL-U."`
	Ontology    ontologyCommand    `cmd:"" help:"Print the event types, what they mean and their codes in published codebooks."`
	Token       tokenCommand       `cmd:"" help:"Make a token for a client of a server that asks for one."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a server whether it serves; exit 0 if it does, 1 if not."`
	Version     versionCommand     `cmd:"" help:"Print what makes the answers: engine, model, lexicon, gazetteer, ontology."`
}

const description = `Depeche reads French news articles and tells who did what to whom, where, when, how many, and who says so.

Exit status: 0 all went well; 1 some articles have no answer, a figure fell, or the server is not healthy; 2 the command line or configuration is at fault; 3 no server could be reached; 4 the engine, an output or a port failed; 130 interrupted.

Flags can also be set in the environment, by the names in brackets.`

// exitCode is the status of the process, part of its interface.
type exitCode int

const (
	exitOK          exitCode = 0
	exitIncomplete  exitCode = 1   // some articles have no answer; a figure fell; not healthy
	exitUsage       exitCode = 2   // the command line or configuration is at fault
	exitUnreachable exitCode = 3   // no server could be reached
	exitFault       exitCode = 4   // the engine, an output or a port failed
	exitInterrupted exitCode = 130 // by a signal, as shells count
)

// failure is an error that ends the command with a certain status.
type failure struct {
	code exitCode
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code exitCode, format string, args ...any) error {
	return &failure{code, fmt.Errorf(format, args...)}
}

// run runs one command line. An engine is loaded only for commands that need
// one.
func run(ctx context.Context, args []string, c console, load engineLoader) exitCode {
	var cli commandLine
	helped := false
	parser, err := kong.New(&cli,
		kong.Name("depeche"),
		kong.Description(description),
		kong.Writers(c.out, c.err),
		kong.Exit(func(int) { helped = true }), // kong exits after printing help only
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: helpWidth}),
		kong.ExplicitGroups(flagGroups),
		kong.DefaultEnvars("DEPECHE"),
		kong.Vars{"outFormats": list(export.Formats())},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(c, load),
	)
	if err != nil {
		c.complain("%v", err)
		return exitFault
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return exitOK
	case err != nil:
		c.complain("%v", err)
		c.say("Run `%s --help` for what there is.", strings.TrimSpace("depeche "+commandOf(err)))
		return exitUsage
	}
	err = parsed.Run()
	var ended *failure
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		c.complain("interrupted")
		return exitInterrupted
	case errors.As(err, &ended):
		c.complain("%v", err)
		return ended.code
	}
	c.complain("%v", err)
	return exitFault
}

// helpWidth is the most columns that help is laid out in: longer lines are
// hard to read.
const helpWidth = 100

// commandOf is the command that a parse error is about; empty: none.
func commandOf(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil && parse.Context.Selected() != nil {
		return parse.Context.Selected().Path()
	}
	return ""
}

// flagGroups are the headings of --help.
var flagGroups = []kong.Group{
	{Key: "article", Title: "About the articles"},
	{Key: "answer", Title: "About the answers"},
	{Key: "server", Title: "Server"},
	{Key: "engine", Title: "Engine in this process"},
	{Key: "tracing", Title: "Traces"},
	{Key: "log", Title: "Log"},
	{Key: "limits", Title: "Service"},
	{Key: "access", Title: "Access"},
	{Key: "worker", Title: "Worker"},
}

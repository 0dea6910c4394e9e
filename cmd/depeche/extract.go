package main

import (
	"context"
	"fmt"
	"runtime"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/cmd/depeche/internal/intake"
	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// extractCommand is `depeche extract`.
type extractCommand struct {
	Files []verbatim `arg:"" name:"file" help:"Articles, one per file; - is standard input. The file's name is the article's id."`

	articleFlags `embed:"" group:"article"`
	answerFlags  `embed:"" group:"answer"`
	serverFlags  `embed:"" group:"server"`
	engineFlags  `embed:"" group:"engine"`
}

func (extractCommand) Help() string {
	return `Without --server the articles are read in this process; the answers are the same.

A file that is not UTF-8 is read in the charset that its bytes look like, with a warning that names it; --charset says otherwise. Files called .html, .htm or .xhtml are pages, others are with --html only.

Faults and warnings go to standard error, with the file's name. A file at fault does not stop the others.

Examples:
  depeche extract --published 2016-12-11 dispatch.txt
  depeche extract --format jsonl articles/*.html >events.jsonl
  curl -s https://example.org/news/1 | depeche extract --html -
  depeche extract --server localhost:50051 dispatch.txt`
}

// remoteCalls is how many articles are with a server at once. How many of them
// it reads at once is its own affair.
const remoteCalls = 16

// answer is what came of one file.
type answer struct {
	extraction *depechev1.Extraction
	err        error
}

func (e *extractCommand) Run(ctx context.Context, c console, load engineLoader) error {
	rules, err := rejection.NewRules()
	if err != nil {
		return err
	}
	article, options, err := e.request(rules)
	if err != nil {
		return err
	}
	engine, calls, err := e.engine(load)
	if err != nil {
		return err
	}
	defer engine.Close()
	work := func(file verbatim) answer {
		name := string(file)
		data, err := intake.Read(name, c.in)
		if err != nil {
			return answer{err: err}
		}
		article := proto.CloneOf(article)
		intake.SetBody(article, name, data, e.form())
		x, err := engine.Extract(ctx, article, options)
		return answer{x, err}
	}
	print := e.printer(c)
	done, failed := 0, 0
	for file, a := range inOrder(e.Files, calls, work) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done++
		name := displayName(file)
		if a.err != nil {
			failed++
			c.complain("%s: %s", name, explain(a.err))
			if status.Code(a.err) == codes.Unavailable {
				return fail(exitUnreachable, "no server answers at %s; %d of %d articles have no answer", e.Server, failed+len(e.Files)-done, len(e.Files))
			}
			continue
		}
		tellWarnings(c, name, a.extraction)
		if err := print(a.extraction); err != nil {
			return fmt.Errorf("cannot print: %w", err)
		}
	}
	if failed > 0 {
		return fail(exitIncomplete, "%d of %d articles have no answer", failed, len(e.Files))
	}
	return nil
}

// displayName is how messages call a file.
func displayName(file verbatim) string {
	if file == intake.Stdin {
		return "standard input"
	}
	return string(file)
}

// request is what every file's request has in common, checked before any file
// is read.
func (e *extractCommand) request(rules rejection.Rules) (*depechev1.Article, *depechev1.ExtractOptions, error) {
	article, err := e.article(e.Files)
	if err != nil {
		return nil, nil, err
	}
	options := e.options()
	sample := proto.CloneOf(article)
	intake.SetBody(sample, "", []byte("any"), e.form())
	if err := rules.CheckArticle(sample, options); err != nil {
		return nil, nil, fail(exitUsage, "%s", explain(err))
	}
	return article, options, nil
}

// engine is the server, if one is named, else an engine in this process, and
// how many articles it is given at once.
func (e *extractCommand) engine(load engineLoader) (extractor, int, error) {
	if e.Server != "" {
		conn, err := e.dial()
		return remote{conn}, remoteCalls, err
	}
	engine, err := load(e.engineFlags)
	return local{engine}, runtime.GOMAXPROCS(0), err
}

// Command beam reads news articles in an Apache Beam pipeline: a line of JSON for
// each article in, a line for each extraction out, and the articles that have none
// in a file of their own with the reason.
//
//	go run . --in ../corpus.jsonl --out /tmp/extractions.jsonl --dead-letters /tmp/failed.jsonl
//
// It runs in this process (Beam's prism runner). With --runner universal and
// --endpoint it runs on a cluster that has a Beam job service, such as Flink's or
// Spark's; the files then have to be where its machines can reach them. For
// Dataflow and files in buckets, add their imports: they bring a cloud's libraries,
// which this example does without.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"

	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"
)

func main() {
	in := flag.String("in", "", "articles: one protojson depeche.v1.Article per line")
	out := flag.String("out", "", "gets one protojson depeche.v1.Extraction per line, in any order")
	dead := flag.String("dead-letters", "", "gets one line of JSON for each article without an extraction; not made where there is none")
	minConfidence := flag.Float64("min-confidence", 0, "leave out events of lower confidence, from 0 to 1")
	runner := flag.String("runner", "prism", "prism or universal")
	register()
	flag.Parse()
	beam.Init() // a worker does not return from here
	if *in == "" || *out == "" || *dead == "" {
		fmt.Fprintln(os.Stderr, "--in, --out and --dead-letters are required")
		os.Exit(2)
	}
	if _, err := beam.Run(context.Background(), *runner, pipeline(*in, *out, *dead, float32(*minConfidence))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pipeline is the whole of it; Extract is the step to take into one's own.
func pipeline(in, out, dead string, minConfidence float32) *beam.Pipeline {
	p, s := beam.NewPipelineWithRoot()
	extractions, failures := Extract(s, textio.Read(s, in), minConfidence)
	textio.Write(s.Scope("Extractions"), out, extractions)
	textio.Write(s.Scope("DeadLetters"), dead, failures)
	return p
}

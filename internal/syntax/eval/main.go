// Command eval scores a model on treebanks with the metrics of CoNLL 2018.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/depeche-events/depeche/internal/conllu"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/syntax/conll18"
)

func main() {
	file := flag.String("model", "internal/lang/fr/model/syntax.model", "model `file`")
	flag.Parse()
	data, err := os.ReadFile(*file)
	if err != nil {
		fail(err)
	}
	start := time.Now()
	m, err := syntax.Load(data)
	if err != nil {
		fail(err)
	}
	fmt.Printf("model of %.1f MB loaded in %d ms\n", float64(len(data))/1e6, time.Since(start).Milliseconds())
	for _, name := range flag.Args() {
		ss, err := conllu.ReadFile(name)
		if err != nil {
			fail(err)
		}
		start := time.Now()
		score := conll18.Gold(m, ss)
		fmt.Printf("%s: %v (%.0f words/s)\n", name, score, float64(score.Words)/time.Since(start).Seconds())
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "eval:", err)
	os.Exit(1)
}

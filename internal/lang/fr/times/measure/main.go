// Measure compares how depeche reads French times and numbers with what
// Duckling's French corpus expects of them, and prints the agreement and the
// classes of difference; and how many of the dates and numbers of annotated
// events it finds told in their articles:
//
//	go run ./internal/lang/fr/times/measure -phrases ../shared/data/time-duckling-fr/examples.tsv
//	go run ./internal/lang/fr/times/measure -gold ../shared/gold/dev
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/text"
)

func main() {
	phrases := flag.String("phrases", "", "the corpus: kind, expected value and phrase, separated by tabs")
	class := flag.String("list", "", "print the phrases of this class")
	gold := flag.String("gold", "", "a directory of annotated articles")
	verbose := flag.Bool("v", false, "print what is not told in them")
	flag.Parse()
	r, err := newReader()
	if err == nil && *phrases != "" {
		err = r.phrases(*phrases, *class)
	}
	if err == nil && *gold != "" {
		err = r.gold(*gold, *verbose)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// The day that the corpus's relative times are read against.
var reference = timex.Date{Year: 2013, Month: time.February, Day: 12}

// The classes of outcome, as the report orders them.
const (
	agree    = "agree"
	ahead    = "agree when told in the future tense"
	narrower = "same time, other extent"
	inside   = "ours holds theirs"
	other    = "another time"
	partly   = "part of the phrase read"
	missed   = "not read"
)

var classes = []string{agree, ahead, narrower, inside, other, partly, missed}

type reader struct {
	lang       *text.Language
	grammar    *fr.TimeGrammar
	now, later *timex.Finder
	quantities *quantity.Finder
}

// inFuture reads every clause as one in the future tense.
type inFuture struct{ timex.Grammar }

func (g inFuture) Append(dst []timex.Expr, words []text.Word) []timex.Expr {
	dst = g.Grammar.Append(dst, words)
	for i := range dst {
		dst[i].Cue = timex.Future
	}
	return dst
}

func newReader() (*reader, error) {
	lang, err := fr.Text(nil)
	if err != nil {
		return nil, err
	}
	times, err := fr.Times(nil)
	if err != nil {
		return nil, err
	}
	numbers, err := fr.Quantities(nil)
	if err != nil {
		return nil, err
	}
	return &reader{
		lang: lang, grammar: times,
		now: timex.NewFinder(times), later: timex.NewFinder(inFuture{times}), quantities: quantity.NewFinder(numbers),
	}, nil
}

func (r *reader) phrases(name, list string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	counts := map[string]map[string]int{}
	var kinds []string
	in := bufio.NewScanner(f)
	for in.Scan() {
		cols := strings.Split(in.Text(), "\t")
		if len(cols) != 3 || cols[0] == "kind" {
			continue
		}
		kind := cols[0]
		var outcome, got string
		switch kind {
		case "time":
			kind = "time, " + grain(cols[1])
			outcome, got = r.time(cols[1], cols[2])
		case "duration":
			outcome = r.duration(cols[2])
		case "numeral":
			outcome, got = r.numeral(cols[1], cols[2])
		default:
			continue // ordinals are no quantities of ours
		}
		if counts[kind] == nil {
			counts[kind] = map[string]int{}
			kinds = append(kinds, kind)
		}
		counts[kind][outcome]++
		if outcome == list {
			fmt.Printf("%-40s %-90s %s\n", cols[2], cols[1], got)
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		total := 0
		for _, n := range counts[k] {
			total += n
		}
		fmt.Printf("%s: %d\n", k, total)
		for _, c := range classes {
			if n := counts[k][c]; n > 0 {
				fmt.Printf("  %4d  %3.0f %%  %s\n", n, 100*float64(n)/float64(total), c)
			}
		}
	}
	return nil
}

var numbers = regexp.MustCompile(`-?\d+`)

// grain groups what is expected by whether a day or more is told, or hours.
func grain(expected string) string {
	words := strings.Fields(expected)
	switch g := strings.Trim(words[len(words)-1], ")"); g {
	case "Hour", "Minute", "Second":
		return "of the clock"
	}
	return "days and longer"
}

// expectedSpan reads the first and the last day that the corpus expects.
func expectedSpan(s string) (first, last timex.Date) {
	var n []int
	for _, d := range numbers.FindAllString(s, -1) {
		v, _ := strconv.Atoi(d) // the pattern has digits only
		n = append(n, v)
	}
	at := func(i int) time.Time {
		return time.Date(n[i], time.Month(max(n[i+1], 1)), max(n[i+2], 1), n[i+3], n[i+4], n[i+5], 0, time.UTC)
	}
	date := func(t time.Time) timex.Date { return timex.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()} }
	start := at(0)
	switch {
	case strings.HasPrefix(s, "(datetimeInterval"):
		return date(start), date(at(6).Add(-time.Second))
	case strings.Contains(s, "After"):
		return date(start), timex.Date{}
	case strings.Contains(s, "Before"):
		return timex.Date{}, date(start)
	case strings.HasSuffix(s, "Year)"):
		return date(start), date(start.AddDate(1, 0, -1))
	case strings.HasSuffix(s, "Month)"):
		return date(start), date(start.AddDate(0, 1, -1))
	case strings.HasSuffix(s, "Week)"):
		return date(start), date(start.AddDate(0, 0, 6))
	}
	return date(start), date(start)
}

func (r *reader) text(phrase string) *text.Text {
	doc := &article.Document{Body: phrase, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(phrase)}}}}
	return text.Split(context.Background(), doc, r.lang)
}

func (r *reader) time(expected, phrase string) (outcome, got string) {
	t := r.text(phrase)
	ref := &timex.Reference{Date: reference, Basis: timex.Given}
	times := r.now.Find(context.Background(), t, nil, ref)
	outcome = judge(expected, phrase, times)
	if outcome != agree {
		switch judge(expected, phrase, r.later.Find(context.Background(), t, nil, ref)) {
		case agree:
			outcome = ahead
		case inside:
			outcome = inside
		}
	}
	for _, x := range times {
		got += fmt.Sprintf("[%s] %v..%v ", t.Document.Text(x.Span), x.Start, x.End)
	}
	return outcome, got
}

func judge(expected, phrase string, times []timex.Time) string {
	first, last := expectedSpan(expected)
	if len(times) == 0 {
		return missed
	}
	best := partly
	for i := range times {
		x := &times[i]
		if x.Kind != timex.Point {
			continue
		}
		start, end := x.Start.First(), x.End.Last()
		held := (start.IsZero() || !first.IsZero() && start.Compare(first) <= 0) && (end.IsZero() || !last.IsZero() && end.Compare(last) >= 0)
		switch {
		case start == first && end == last:
			return agree
		case held && x.Resolved():
			best = inside
		case start == first || end == last:
			if best != inside {
				best = narrower
			}
		case best == partly && x.Span.End-x.Span.Begin > len(phrase)/2:
			best = other
		}
	}
	return best
}

func (r *reader) duration(phrase string) (outcome string) {
	for _, x := range r.now.Find(context.Background(), r.text(phrase), nil, nil) {
		if x.Kind == timex.Duration {
			return agree
		}
	}
	return missed
}

// numeral puts what is counted behind the number, without which it is none.
func (r *reader) numeral(expected, phrase string) (outcome, got string) {
	want, err := strconv.ParseFloat(strings.Trim(strings.TrimPrefix(expected, "(NumeralValue "), "()"), 64)
	if err != nil {
		return missed, err.Error()
	}
	for _, q := range r.quantities.Find(context.Background(), r.text(phrase+" soldats"), nil, nil) {
		switch {
		case q.Low == nil || q.High == nil:
			got = "open"
		case *q.Low == want && *q.High == want:
			return agree, ""
		default:
			got = fmt.Sprint(*q.Low)
		}
	}
	if got == "" {
		return missed, got
	}
	return other, got
}

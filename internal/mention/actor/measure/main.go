// Command measure compares persons, organisations and places with the Fenec
// corpus (Quaero types, WebAnno TSV 3.2), which is for evaluation only:
//
//	go run ./internal/mention/actor/measure [-v] ../shared/data/ner-fenec/*.webanno.tsv
//
// A mention is right if it overlaps one of its class; each is matched once.
// Quaero annotates names: mentions by common nouns and pronouns are left out.
// Every line of a text is read: what is an article's and what is the page's is
// told by another stage, which has its own measure.
// Quaero has classes that our kinds of actor and place cut otherwise: groups of
// persons (pers.coll), which are persons to it and organisations to us, media
// (prod.media), which are products to it, and addresses (loc.add). They are not
// asked for, so a mention that overlaps one and nothing else is neither right
// nor wrong.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/text"
)

// named is a name in a text, in bytes.
type named struct {
	class      string // pers, org or loc; aside: not asked for
	begin, end int
}

type tally struct{ right, said, gold int }

func (t *tally) String() string {
	return fmt.Sprintf("P %.3f  R %.3f  F1 %.3f  (n=%d)", ratio(t.right, t.said), ratio(t.right, t.gold), ratio(2*t.right, t.said+t.gold), t.gold)
}

func ratio(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

var classes = []string{"pers", "org", "loc"}

func main() {
	verbose := flag.Bool("v", false, "print what is missed and what is wrong")
	flag.Parse()
	o, err := ontology.Load()
	if err != nil {
		log.Fatal(err)
	}
	french, err := fr.Load(nil, o)
	if err != nil {
		log.Fatal(err)
	}
	sums := map[string]*tally{}
	for _, c := range append(classes, "all") {
		sums[c] = &tally{}
	}
	for _, path := range flag.Args() {
		body, gold, err := read(path)
		if err != nil {
			log.Fatal(err)
		}
		said := names(french, body)
		of := tally{}
		for _, c := range classes {
			t := compare(body, c, said, gold, *verbose)
			for _, sum := range []*tally{sums[c], sums["all"], &of} {
				sum.right, sum.said, sum.gold = sum.right+t.right, sum.said+t.said, sum.gold+t.gold
			}
		}
		fmt.Printf("%-36s %v\n", filepath.Base(path), &of)
	}
	for _, c := range append(classes, "all") {
		fmt.Printf("%-36s %v\n", c, sums[c])
	}
}

// names returns the names that are found in body, whose lines are read apart.
func names(french *fr.Language, body string) []named {
	doc := &article.Document{Body: body}
	at := 0
	for line := range strings.SplitAfterSeq(body, "\n") {
		if end := at + len(strings.TrimRight(line, " \n")); end > at {
			doc.Segments = append(doc.Segments, article.Segment{Kind: article.Prose, Span: article.Span{Begin: at, End: end}})
		}
		at += len(line)
	}
	t := text.Split(context.Background(), doc, french.Text)
	a := french.Syntax.Analyze(context.Background(), t)
	places, _ := french.Places.Find(context.Background(), t, a)
	actors := actor.NewFinder(french.Actors).Find(context.Background(), t, a, places, timex.Date{})
	return classed(actors, places)
}

// classed returns actors and places as Quaero's classes.
func classed(actors []actor.Actor, places []place.Place) []named {
	var out []named
	seen := map[article.Span]bool{}
	add := func(class string, s article.Span) {
		if !seen[s] {
			out = append(out, named{class, s.Begin, s.End})
			seen[s] = true
		}
	}
	// The European Union is a place to the gazetteer and an organisation to Quaero.
	for i := range actors {
		for _, m := range actors[i].Mentions {
			if actors[i].Kind == actor.IGO && m.Form == actor.Proper {
				add("org", m.Span)
			}
		}
	}
	for i := range places {
		if places[i].Relation != nil {
			continue // «à 10 km au nord de X» is no name
		}
		for _, m := range places[i].Mentions {
			add("loc", m.Span)
		}
	}
	for i := range actors {
		class := "org"
		switch actors[i].Kind {
		case actor.Person:
			class = "pers"
		case actor.Country, actor.Civilians, actor.Protesters:
			continue
		}
		for _, m := range actors[i].Mentions {
			if m.Form == actor.Proper {
				add(class, m.Span)
			}
		}
	}
	return out
}

func compare(text, class string, said, gold []named, verbose bool) tally {
	var t tally
	used := make([]bool, len(said))
	for _, g := range gold {
		if g.class != class {
			continue
		}
		t.gold++
		hit := false
		for i, s := range said {
			if s.class == class && !used[i] && s.begin < g.end && g.begin < s.end {
				used[i], hit = true, true
				t.right++
				break
			}
		}
		if !hit && verbose {
			fmt.Printf("  missed %s %q\n", class, text[g.begin:g.end])
		}
	}
	for i, s := range said {
		if s.class != class || !used[i] && aside(s, gold) {
			continue
		}
		t.said++
		if !used[i] && verbose {
			fmt.Printf("  wrong %s %q\n", class, text[s.begin:s.end])
		}
	}
	return t
}

// aside reports whether s overlaps only names that are not asked for.
func aside(s named, gold []named) bool {
	found := false
	for _, g := range gold {
		if s.begin < g.end && g.begin < s.end {
			if g.class != "aside" {
				return false
			}
			found = true
		}
	}
	return found
}

// read returns the text of a WebAnno file and its names. Tokens keep their
// distance; sentences stand on lines of their own.
func read(path string) (string, []named, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	var b strings.Builder
	var out []named
	open := map[string]int{} // label with its id -> index in out
	layer := 2
	last := -1 // where the token before ended, in UTF-16 units
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		// The entities are the last layer that the header names.
		if strings.HasPrefix(in.Text(), "#T_SP=") {
			layer++
		}
		cols := strings.Split(in.Text(), "\t")
		if len(cols) <= layer || strings.HasPrefix(cols[0], "#") {
			if last >= 0 && in.Text() == "" {
				b.WriteString("\n")
				last = -1
			}
			continue
		}
		from, to, _ := strings.Cut(cols[1], "-")
		begin, err1 := strconv.Atoi(from)
		end, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil {
			continue // a part of a token
		}
		if last >= 0 && begin > last {
			b.WriteByte(' ')
		}
		at := b.Len()
		b.WriteString(cols[2])
		last = end
		for label := range strings.SplitSeq(cols[layer], "|") {
			class, _, _ := strings.Cut(label, ".")
			switch {
			case strings.HasPrefix(label, "pers.coll"), strings.HasPrefix(label, "loc.add"), strings.HasPrefix(label, "prod.media"):
				class = "aside"
			case class != "pers" && class != "org" && class != "loc":
				continue
			}
			if i, ok := open[label]; ok && strings.Contains(label, "[") {
				out[i].end = b.Len()
				continue
			}
			open[label] = len(out)
			out = append(out, named{class, at, b.Len()})
		}
	}
	return b.String(), out, in.Err()
}

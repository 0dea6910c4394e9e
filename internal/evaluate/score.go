package evaluate

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// Scorer gathers figures over articles. The zero value is ready.
//
// A predicted event matches a gold event when its type is one of that event's
// and a trigger overlaps an anchor; each is matched once. What is left over is
// a duplicate where it overlaps a gold event, else spurious.
type Scorer struct {
	Detail io.Writer // gets every miss, false alarm and wrong slot; nil: none

	counts      Counts
	share       [shares]Share
	accuracy    [accuracies]Accuracy
	reliability reliability
	failed      []string
}

func (s *Scorer) say(format string, args ...any) {
	if s.Detail != nil {
		fmt.Fprintf(s.Detail, format+"\n", args...)
	}
}

// Fail counts all events of an article as missed: it has no answer, or none
// that can be scored.
func (s *Scorer) Fail(g *Gold, why error) {
	s.failed = append(s.failed, fmt.Sprintf("%s: %v", g.ID, why))
	s.say("  ERROR     %v", why)
	for _, e := range g.Events {
		if !e.Optional {
			s.counts.Gold++
			s.miss()
		}
	}
}

func (s *Scorer) miss()       { s.events(0, 0, 1) }
func (s *Scorer) falseAlarm() { s.events(0, 1, 0) }
func (s *Scorer) events(right, wrong, missed int) {
	for _, f := range []share{trigger, typed, complete} {
		s.share[f].add(right, wrong, missed)
	}
}

// Add scores what the engine answered to the text of g. The answer's offsets
// must count bytes. An answer that cannot be scored counts as by Fail.
func (s *Scorer) Add(g *Gold, x *depechev1.Extraction) {
	s.say("== %s", g.ID)
	if err := s.add(g, x); err != nil {
		s.Fail(g, err)
	}
}

func (s *Scorer) add(g *Gold, x *depechev1.Extraction) error {
	if e := x.GetOffsetEncoding(); e != depechev1.OffsetEncoding_OFFSET_ENCODING_UTF8 {
		return fmt.Errorf("offsets are %v, want bytes", e)
	}
	names, err := s.align(g, x)
	if err != nil {
		return err
	}
	found, err := predictions(g.Text, x)
	if err != nil {
		return err
	}
	s.counts.Predicted += len(found)
	m := match(g, found, names)
	for i := range g.Events {
		s.event(g, i, m, found, names)
	}
	for i := range found {
		p := &found[i]
		pair, used := m.ofFound[i]
		s.reliability.add(p.event.GetConfidence(), used && pair.typed)
		if used {
			continue
		}
		s.falseAlarm()
		if m.overlaps[i] {
			s.counts.Duplicates++
			s.say("  DUPLICATE %-22s %q", p.typ, p.around(g.Text))
		} else {
			s.counts.Spurious++
			s.say("  SPURIOUS  %-22s %q", p.typ, p.around(g.Text))
		}
	}
	return nil
}

// event scores one gold event.
func (s *Scorer) event(g *Gold, i int, m matching, found []prediction, names aligned) {
	e := &g.Events[i]
	if e.Optional {
		s.counts.Optional++
	} else {
		s.counts.Gold++
	}
	pair, ok := m.ofGold[i]
	if !ok {
		if !e.Optional {
			s.miss()
			s.say("  MISS      %-22s %q", e.Type, e.Anchors[0])
		}
		return
	}
	p := &found[pair.found]
	if e.Optional {
		if !pair.typed {
			s.share[typed].add(0, 1, 0)
			s.share[complete].add(0, 1, 0)
			s.say("  TYPE      %s for optional %s %q", p.typ, e.Type, e.Anchors[0])
		}
		return
	}
	s.share[trigger].add(1, 0, 0)
	if !pair.typed {
		s.share[typed].add(0, 1, 1)
		s.share[complete].add(0, 1, 1)
		s.say("  TYPE      %s for %s %q", p.typ, e.Type, e.Anchors[0])
		return
	}
	s.share[typed].add(1, 0, 0)
	anchors := anchorsOf(g.Text, e)
	right := overlapping(p.triggers, anchors)
	s.share[mention].add(right, len(p.triggers)-right, len(anchors)-overlapping(anchors, p.triggers))

	c := compare(e, p.event, names)
	s.slots(c)
	if c.complete() {
		s.share[complete].add(1, 0, 0)
	} else {
		s.share[complete].add(0, 1, 1)
	}
	for _, wrong := range c.wrong {
		s.say("  SLOT      %-22s %s   in %q", p.typ, wrong, e.Anchors[0])
	}
}

// span is a piece of the article, in bytes.
type span struct{ begin, end int }

func (a span) overlaps(b span) bool { return a.begin < b.end && b.begin < a.end }

// overlapping is how many of a overlap any of b.
func overlapping(a, b []span) int {
	n := 0
	for _, x := range a {
		if slices.ContainsFunc(b, x.overlaps) {
			n++
		}
	}
	return n
}

// spanOf checks a span of an answer against the article.
func spanOf(text string, p *depechev1.Span) (span, error) {
	s := span{int(p.GetBegin()), int(p.GetEnd())}
	if s.begin > s.end || s.end > len(text) || text[s.begin:s.end] != p.GetText() {
		return s, fmt.Errorf("span %v is not the article's", p)
	}
	return s, nil
}

// anchorsOf are all places where the text holds one of the event's anchors.
func anchorsOf(text string, e *GoldEvent) []span {
	var out []span
	for _, anchor := range e.Anchors {
		for at := 0; ; {
			i := strings.Index(text[at:], anchor)
			if i < 0 {
				break
			}
			out = append(out, span{at + i, at + i + len(anchor)})
			at += i + 1
		}
	}
	return out
}

// prediction is one event of an answer.
type prediction struct {
	event    *depechev1.Event
	typ      string // in the words of the ontology
	triggers []span // in the body
}

// maxTriggerWords is how long a trigger may be: an answer whose triggers are
// whole sentences would match everything.
const maxTriggerWords = 6

func predictions(text string, x *depechev1.Extraction) ([]prediction, error) {
	var out []prediction
	for _, e := range x.GetEvents() {
		p := prediction{event: e, typ: strings.TrimPrefix(e.GetType().String(), "EVENT_TYPE_")}
		for _, m := range e.GetMentions() {
			if m.GetTrigger() == nil || m.GetTrigger().GetField() == depechev1.Field_FIELD_TITLE {
				continue
			}
			t, err := spanOf(text, m.GetTrigger())
			if err != nil {
				return nil, err
			}
			if words := text[t.begin:t.end]; len(strings.Fields(words)) > maxTriggerWords || strings.Contains(words, "\n") {
				return nil, fmt.Errorf("a trigger is a word or a short phrase, not %q", words)
			}
			p.triggers = append(p.triggers, t)
		}
		out = append(out, p)
	}
	return out, nil
}

// around is the text around the first trigger.
func (p *prediction) around(text string) string {
	if len(p.triggers) == 0 {
		return ""
	}
	t := p.triggers[0]
	const margin = 20
	piece := text[max(0, t.begin-margin):min(len(text), t.end+margin)]
	return strings.ToValidUTF8(strings.ReplaceAll(piece, "\n", " "), "")
}

// pair is a gold event and a predicted one that speak of the same words.
type pair struct {
	gold, found int
	typed       bool // the type is right
	slots       int  // how many slots agree
	mentions    int  // how many triggers overlap anchors
}

// matching is which events are the same. Each is in one pair at most.
type matching struct {
	ofGold, ofFound map[int]pair
	overlaps        map[int]bool // predictions that overlap any gold event
}

// match pairs best first: of the right type, not optional, with most slots and
// mentions in common, first told.
func match(g *Gold, found []prediction, names aligned) matching {
	m := matching{make(map[int]pair), make(map[int]pair), make(map[int]bool)}
	var pairs []pair
	for gi := range g.Events {
		e := &g.Events[gi]
		anchors, types := anchorsOf(g.Text, e), e.types()
		for fi := range found {
			p := &found[fi]
			if n := overlapping(p.triggers, anchors); n > 0 {
				pairs = append(pairs, pair{gi, fi, slices.Contains(types, p.typ), compare(e, p.event, names).agree, n})
				m.overlaps[fi] = true
			}
		}
	}
	first := func(a, b bool) int { // true before false
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(first(a.typed, b.typed), first(!g.Events[a.gold].Optional, !g.Events[b.gold].Optional),
			cmp.Compare(b.slots, a.slots), cmp.Compare(b.mentions, a.mentions))
	})
	for _, p := range pairs {
		_, goldUsed := m.ofGold[p.gold]
		_, foundUsed := m.ofFound[p.found]
		if !goldUsed && !foundUsed {
			m.ofGold[p.gold], m.ofFound[p.found] = p, p
		}
	}
	return m
}

package client

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// filled is a ledger whose input of n articles is over.
func filled(n int, adjust func(*streamSettings)) *ledger {
	settings := defaultStreamSettings()
	settings.streams = 2
	if adjust != nil {
		adjust(&settings)
	}
	l := newLedger(settings)
	for a := range numbered(n) {
		l.add(a, nil)
	}
	l.endInput()
	return l
}

func outcome(entry *item) *depechev1.Outcome {
	return &depechev1.Outcome{Sequence: entry.Index, Result: &depechev1.Outcome_Extraction{
		Extraction: &depechev1.Extraction{ArticleId: entry.Article.GetId()},
	}}
}

// indexes are the articles of a batch, as text.
func indexes(batch []*item) string {
	var text []string
	for _, entry := range batch {
		text = append(text, fmt.Sprint(entry.Index))
	}
	return strings.Join(text, " ")
}

func TestBatches(t *testing.T) {
	l := filled(100, func(s *streamSettings) { s.batch = 10 })
	for i := 20; i < 24; i++ {
		l.queue[i].size = batchBytes / 2
	}
	l.queue[24].size = 3 * batchBytes
	on := l.open(40)
	for _, want := range []string{
		"0 1 2 3 4 5 6 7 8 9",
		"10 11 12 13 14 15 16 17 18 19",
		"20 21", // as large as a message should be
		"22 23",
		"24", // larger: alone
		"25 26 27 28 29 30 31 32 33 34",
		"35 36 37 38 39", // the lease
		"",
	} {
		if got := indexes(l.take(on)); got != want {
			t.Errorf("took %q, want %q", got, want)
		}
	}
}

// A lane takes its share of the window and no more, so that others have work.
func TestShares(t *testing.T) {
	l := filled(100, func(s *streamSettings) { s.window, s.batch = 101, 64 })
	first, second := l.open(1000), l.open(1000)
	if got := len(l.take(first)); got != 50 {
		t.Errorf("the first of two lanes took %d of a window of 101, want 50", got)
	}
	if l.pick(first) != nil {
		t.Error("the first lane took more than its share")
	}
	if got := len(l.take(second)); got != 50 {
		t.Errorf("the second lane took %d, want 50", got)
	}
}

// A lane whose server has work waits for a fuller batch; one whose server soon
// has none does not.
func TestBatchesAreFull(t *testing.T) {
	l := filled(60, func(s *streamSettings) { s.streams, s.batch = 1, 8 })
	l.settings.window = 40
	on := l.open(1000)
	for _, want := range []int{8, 8, 8, 8, 8} {
		if got := len(l.take(on)); got != want {
			t.Fatalf("took %d, want %d", got, want)
		}
	}
	answerOne := func() {
		for _, entry := range on.flight {
			l.answer(on, []*depechev1.Outcome{outcome(entry)})
			return
		}
	}
	for answered := range 9 {
		want := 0
		if answered == 8 {
			want = 8
		}
		if got := l.most(on); got != want {
			t.Errorf("after %d answers there are %d to send, want %d", answered, got, want)
		}
		answerOne()
	}
	l.queue = l.queue[:1]
	for ; len(on.flight) > 20; answerOne() {
		if l.most(on) > 0 {
			t.Errorf("one article is to be sent beside %d in flight", len(on.flight))
		}
	}
	if got := l.most(on); got != 1 {
		t.Errorf("%d articles are to be sent beside %d in flight, want the last one", got, len(on.flight))
	}
}

// An answer wakes one idle lane, the one with the least to do, and an end all.
func TestWakes(t *testing.T) {
	l := filled(4, func(s *streamSettings) { s.batch = 2 })
	l.settings.window = 4
	busy, free, other := l.open(100), l.open(100), l.open(100)
	l.take(busy)
	l.idle = []*lane{busy, free, other}
	l.mu.Lock()
	l.wake()
	l.mu.Unlock()
	if len(l.idle) != 2 || l.idle[0] != busy || l.idle[1] != other {
		t.Errorf("%d lanes are left asleep, want the busy one and one of the free", len(l.idle))
	}
	l.stop(nil)
	if len(l.idle) != 0 {
		t.Errorf("%d lanes sleep after the end", len(l.idle))
	}
}

// Outcomes that were never asked for, or come twice, are nobody's.
func TestStrayOutcomes(t *testing.T) {
	l := filled(3, nil)
	on := l.open(100)
	batch := l.take(on)
	l.answer(on, []*depechev1.Outcome{
		outcome(batch[1]), outcome(batch[1]), {Sequence: 99}, outcome(batch[0]), {Sequence: batch[2].Index},
	})
	results := newTally(t)
	for {
		result, err := l.next(t.Context())
		if err == errDone {
			break
		}
		results.add(result)
	}
	results.complete(3)
	if status.Code(results.errs[2]) != codes.Internal || len(results.errs) != 1 {
		t.Errorf("errors are %v, want INTERNAL for the outcome that has no result", results.errs)
	}
}

// What is delivered is forgotten.
func TestLedgerForgets(t *testing.T) {
	for _, ordered := range []bool{false, true} {
		l := filled(100, func(s *streamSettings) { s.ordered = ordered })
		on := l.open(1000)
		for batch := l.take(on); batch != nil; batch = l.take(on) {
			for _, entry := range batch {
				l.answer(on, []*depechev1.Outcome{outcome(entry)})
			}
		}
		for _, err := l.next(t.Context()); err == nil; _, err = l.next(t.Context()) {
		}
		if n := len(on.flight) + len(l.queue) + len(l.waiting) + len(l.answered) + l.flying + l.held + l.heldBytes; n != 0 {
			t.Errorf("ordered %v: something is left: %+v", ordered, l)
		}
	}
}

// A suspect waits until nothing else is in flight, and all else waits for it.
func TestSuspectsFlyAlone(t *testing.T) {
	l := filled(3, func(s *streamSettings) { s.batch = 1 })
	dying, busy, next, idle := l.open(100), l.open(100), l.open(100), l.open(100)
	suspect, other := l.take(dying), l.take(busy)
	suspect[0].deaths = suspectAfter - 1
	l.close(dying, errors.New("connection reset"))
	if got := indexes(l.pick(next)); got != "" {
		t.Errorf("%s left beside a busy lane", got)
	}
	l.answer(busy, []*depechev1.Outcome{outcome(other[0])})
	if got := indexes(l.take(next)); got != "0" {
		t.Errorf("%q left, want the suspect", got)
	}
	if got := indexes(l.pick(idle)); got != "" {
		t.Errorf("%s left beside the suspect", got)
	}
	l.answer(next, []*depechev1.Outcome{outcome(suspect[0])})
	if got := indexes(l.take(idle)); got != "2" {
		t.Errorf("%q left after the suspect, want the last one", got)
	}
}

// Of two articles that end streams together, and others that were in flight with
// them, only the guilty are convicted: a suspect flies alone.
func TestOnlyTheGuiltyAreConvicted(t *testing.T) {
	const guilty1, guilty2, articles = 2, 5, 8
	l := filled(articles, nil)
	died := errors.New("connection reset")
	for range 1000 {
		first, second := l.open(100), l.open(100)
		l.mu.Lock()
		batches := map[*lane][]*item{}
		for _, on := range []*lane{first, second} {
			if batch := l.pick(on); batch != nil {
				batches[on] = batch
				l.flying += len(batch)
				for _, entry := range batch {
					on.flight[entry.Index] = entry
				}
			}
		}
		probing := l.probed != nil
		over := l.allAnswered()
		l.mu.Unlock()
		if over {
			break
		}
		if probing && (len(batches) != 1 || l.flying != 1) {
			t.Fatalf("a suspect flies with others: %v", batches)
		}
		for on, batch := range batches {
			deadly := false
			for _, entry := range batch {
				deadly = deadly || entry.Index == guilty1 || entry.Index == guilty2
			}
			if deadly {
				l.close(on, died)
				continue
			}
			for _, entry := range batch {
				l.answer(on, []*depechev1.Outcome{outcome(entry)})
			}
		}
	}
	results := newTally(t)
	for {
		result, err := l.next(t.Context())
		if err == errDone {
			break
		}
		results.add(result)
	}
	results.complete(articles)
	if len(results.errs) != 2 || results.errs[guilty1] == nil || results.errs[guilty2] == nil {
		t.Errorf("convicted: %v", results.errs)
	}
}

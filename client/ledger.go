package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	// An article in flight on this many streams that died is suspected of having
	// killed them, and sent alone from then on.
	suspectAfter = 3
	// A suspect that this many streams died of while nothing else was in flight
	// anywhere is convicted. Fewer could be chance: of runs with a server killed
	// every 2 ms, 3 failed an innocent article in one of 300.
	convictAfter = 5
)

// errDone says that every article has been delivered.
var errDone = errors.New("done")

// ledger is the account of one Stream: it knows of every article whether it is
// queued, in flight, answered or delivered. It is the only state that the input,
// the senders and the loop share, and it does no work of its own.
type ledger struct {
	settings streamSettings

	mu    sync.Mutex
	room  sync.Cond // the input waits here for room in the window
	ready sync.Cond // the loop waits here for results
	idle  []*lane   // whose senders wait for articles, or for an end

	taken     uint64 // articles pulled from the input
	inputOver bool
	held      int // articles pulled and not delivered
	heldBytes int // of these articles, and of their answers

	queue    []*item // to be sent, in the order of the input
	suspects []*item // to be sent alone
	probed   *item   // the suspect in flight
	flying   int     // articles in flight, on every lane
	progress uint64  // answers received

	answered []*item          // to be delivered as they came
	waiting  map[uint64]*item // to be delivered in order: by index
	due      uint64           // index of the next one in order

	stopped bool
	err     error // why, where the loop has to be told
}

// item is one article on its way to its result.
type item struct {
	Result
	size   int
	deaths int // streams that died with it in flight
	lonely int // of these, with nothing else in flight
}

// lane is the account of one gRPC stream.
type lane struct {
	flight   map[uint64]*item
	lease    int // articles it may still take
	answered int
	ended    bool      // nothing more is received
	work     sync.Cond // its sender waits here while the lane is idle
}

func newLedger(settings streamSettings) *ledger {
	l := &ledger{settings: settings, waiting: map[uint64]*item{}}
	l.room.L, l.ready.L = &l.mu, &l.mu
	return l
}

// add enters an article, or the refusal of one, and waits until there is room
// for another; false: no more is wanted.
func (l *ledger) add(article *depechev1.Article, refused error) bool {
	size := proto.Size(article)
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := &item{Result: Result{Index: l.taken, Article: article}, size: size}
	l.taken++
	l.held++
	l.heldBytes += size
	if refused != nil {
		entry.Err = refused
		l.deliver(entry)
	} else {
		l.queue = append(l.queue, entry)
		l.wake()
	}
	if !l.hasRoom(1) {
		for !l.stopped && !l.hasRoom(l.refill()) {
			l.room.Wait()
		}
	}
	return !l.stopped
}

// hasRoom reports whether the window has room for so many articles.
func (l *ledger) hasRoom(articles int) bool {
	return l.held+articles <= l.settings.window && l.heldBytes < l.settings.windowBytes
}

// refill is how many articles a full window takes at once: waking the input and
// sending a message for each one would cost more than its bytes.
func (l *ledger) refill() int { return max(1, min(l.settings.batch, l.settings.window/4)) }

// endInput says that no more articles come.
func (l *ledger) endInput() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inputOver = true
	l.wake()
	l.ready.Signal()
}

// stop ends everything; only the first one counts. The loop is told of err.
func (l *ledger) stop(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	l.stopped, l.err = true, err
	l.room.Broadcast()
	l.wake()
	l.ready.Broadcast()
}

// next waits for a result. What is answered is delivered before a failure is
// told, but for that of ctx.
func (l *ledger) next(ctx context.Context) (Result, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if ctx.Err() != nil {
			return Result{}, contextError(ctx)
		}
		if entry := l.popAnswered(); entry != nil {
			l.held--
			l.heldBytes -= entry.size
			if l.hasRoom(l.refill()) {
				l.room.Signal()
			}
			return entry.Result, nil
		}
		if l.stopped {
			return Result{}, l.err
		}
		if l.inputOver && l.held == 0 {
			return Result{}, errDone
		}
		l.ready.Wait()
	}
}

// contextError is why ctx is done; it is context.Canceled or DeadlineExceeded
// whatever cause was given besides.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

func (l *ledger) popAnswered() *item {
	if l.settings.ordered {
		entry := l.waiting[l.due]
		if entry != nil {
			delete(l.waiting, l.due)
			l.due++
		}
		return entry
	}
	if len(l.answered) == 0 {
		return nil
	}
	entry := l.answered[0]
	l.answered[0] = nil
	l.answered = l.answered[1:]
	return entry
}

// deliver hands an entry that has its result to the loop.
func (l *ledger) deliver(entry *item) {
	if l.settings.ordered {
		l.waiting[entry.Index] = entry
	} else {
		l.answered = append(l.answered, entry)
	}
	l.ready.Signal()
}

// open makes the account of a stream that may take as many articles as lease.
func (l *ledger) open(lease int) *lane {
	return &lane{flight: map[uint64]*item{}, lease: lease, work: sync.Cond{L: &l.mu}}
}

// take waits for articles to send on a lane. None: the lane has ended, used up
// its lease, or nothing is left to do.
func (l *ledger) take(on *lane) []*item {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if l.isOver(on) {
			return nil
		}
		if batch := l.pick(on); batch != nil {
			for _, entry := range batch {
				on.flight[entry.Index] = entry
			}
			on.lease -= len(batch)
			l.flying += len(batch)
			l.wake() // of a queue that holds more than one batch, the next lane has its own
			return batch
		}
		l.idle = append(l.idle, on)
		on.work.Wait()
	}
}

// isOver reports whether a lane takes nothing any more.
func (l *ledger) isOver(on *lane) bool {
	return l.stopped || on.ended || on.lease == 0 || l.allAnswered()
}

// wake wakes the idle lanes that are over and, of those that may take articles,
// the one with the least in flight: to wake all for each article would cost as
// much as an article.
func (l *ledger) wake() {
	var next *lane
	for _, on := range l.idle {
		if !l.isOver(on) && l.most(on) > 0 && (next == nil || len(on.flight) < len(next.flight)) {
			next = on
		}
	}
	l.idle = slices.DeleteFunc(l.idle, func(on *lane) bool {
		if on != next && !l.isOver(on) {
			return false
		}
		on.work.Signal()
		return true
	})
}

func (l *ledger) allAnswered() bool {
	return l.inputOver && len(l.queue) == 0 && len(l.suspects) == 0 && l.flying == 0
}

// pick removes what a lane may send now.
func (l *ledger) pick(on *lane) []*item {
	most := l.most(on)
	if most == 0 {
		return nil
	}
	if len(l.suspects) > 0 {
		l.probed = l.suspects[0]
		l.suspects = l.suspects[1:]
		return []*item{l.probed}
	}
	bytes := 0
	for i := range most {
		if bytes += l.queue[i].size; bytes > batchBytes && i > 0 {
			most = i
			break
		}
	}
	batch := slices.Clone(l.queue[:most])
	clear(l.queue[:most])
	l.queue = l.queue[most:]
	return batch
}

// most is how many articles a lane may take now. While there are suspects
// nothing else leaves, so that only the guilty can be convicted.
func (l *ledger) most(on *lane) int {
	if l.probed != nil || len(l.suspects) > 0 && l.flying > 0 {
		return 0
	}
	if len(l.suspects) > 0 {
		return 1
	}
	// An even share of the window: no lane takes what another could work on.
	share := max(1, l.settings.window/l.settings.streams)
	most := max(0, min(share-len(on.flight), l.settings.batch, on.lease, len(l.queue)))
	if most < l.settings.batch && 2*len(on.flight) > share {
		return 0 // its server has work; a fuller batch is sent soon
	}
	return most
}

// answer enters the outcomes that a lane received.
func (l *ledger) answer(on *lane, outcomes []*depechev1.Outcome) {
	sizes := make([]int, len(outcomes))
	for i, outcome := range outcomes {
		sizes[i] = proto.Size(outcome)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, outcome := range outcomes {
		entry := on.flight[outcome.GetSequence()]
		if entry == nil {
			continue // answered before, or never asked: not ours to deliver
		}
		switch result := outcome.GetResult().(type) {
		case *depechev1.Outcome_Extraction:
			entry.Extraction = result.Extraction
		case *depechev1.Outcome_Error:
			entry.Err = status.ErrorProto(result.Error)
		}
		if entry.Extraction == nil && entry.Err == nil {
			entry.Err = status.Error(codes.Internal, "the server's outcome has neither an extraction nor an error")
		}
		entry.size += sizes[i]
		l.heldBytes += sizes[i]
		l.land(on, entry)
		on.answered++
		l.progress++
		l.deliver(entry)
	}
	l.wake()
}

// land takes an entry out of flight.
func (l *ledger) land(on *lane, entry *item) {
	delete(on.flight, entry.Index)
	l.flying--
	if l.probed == entry {
		l.probed = nil
	}
}

// end says that a lane receives nothing more; its sender need not wait for
// articles.
func (l *ledger) end(on *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	on.ended = true
	l.wake()
}

// flightOf is the number of articles that a lane owes answers to.
func (l *ledger) flightOf(on *lane) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(on.flight)
}

// close gives the unanswered articles of a lane back to the queue and returns
// how many there were. cause is set where they may have killed the stream.
func (l *ledger) close(on *lane, cause error) (unanswered int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	unanswered = len(on.flight)
	var back []*item
	for _, entry := range on.flight {
		alone := entry == l.probed
		l.land(on, entry)
		if cause != nil {
			entry.deaths++
			if alone {
				entry.lonely++
			}
		}
		switch {
		case entry.lonely >= convictAfter:
			died := status.Convert(cause)
			entry.Err = status.Errorf(died.Code(), "%d streams ended with this article in flight, %d of them with no other: %s",
				entry.deaths, entry.lonely, died.Message())
			l.deliver(entry)
		case entry.deaths >= suspectAfter:
			l.suspects = append(l.suspects, entry)
		default:
			back = append(back, entry)
		}
	}
	byIndex := func(a, b *item) int { return cmp.Compare(a.Index, b.Index) }
	l.queue = append(back, l.queue...)
	slices.SortFunc(l.queue, byIndex)
	slices.SortFunc(l.suspects, byIndex)
	l.wake()
	return unanswered
}

// answers is the number of answers received so far, on every lane.
func (l *ledger) answers() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.progress
}

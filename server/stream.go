package server

import (
	"context"
	"errors"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/logging"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/depeche-events/depeche/internal/rejection"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/server/access"
	"github.com/depeche-events/depeche/server/quota"
)

// exchange is the wire of one bulk stream.
type exchange = grpc.BidiStreamingServer[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse]

// StreamEvents answers any number of articles. One goroutine takes them from
// the wire, as far ahead as the in-flight bound; the workers read them; another
// one sends the answers; this one watches that they get on.
func (s *service) StreamEvents(wire exchange) error {
	if s.isDraining() {
		return draining().Err()
	}
	if !s.enterStream() {
		wire.SetTrailer(pushback(s.retry))
		return saturated("no more streams can be served", s.retry).Err()
	}
	defer s.leaveStream()

	ctx, cancel := context.WithCancel(wire.Context())
	defer cancel()
	b := &bulk{
		service: s,
		ctx:     ctx,
		lane:    s.pool.newLane(),
		wake:    make(chan struct{}, 1),
		room:    make(chan struct{}, 1),
		moved:   time.Now(),
	}
	defer b.abandon()
	// The receiver is not waited for: it may stand in Recv, which returns only
	// once this handler has. It takes nothing more then, since ctx is done.
	go b.receive(wire)
	err := b.watch(wire)
	b.mu.Lock()
	defer b.mu.Unlock()
	logging.AddFields(ctx, logging.Fields{"depeche.articles", b.taken, "depeche.refused", b.refused})
	return err
}

// bulk is one stream's articles on their way.
type bulk struct {
	service *service
	ctx     context.Context // done when the handler returns
	lane    *lane
	wake    chan struct{} // tells the sender that an answer is ready, or the end
	room    chan struct{} // tells the receiver that something was sent

	// Set by the receiver before it takes the first article.
	options *depechev1.ExtractOptions
	ordered bool
	seen    sequences

	mu       sync.Mutex
	taken    int       // articles taken
	refused  int       // of them, answered with an error
	inFlight int       // taken and not yet sent
	owed     int       // of them, not yet answered
	held     int64     // bytes of those in flight
	unsent   int64     // of them, bytes of workers' answers
	full     bool      // so many that no article is to be read
	order    []*item   // ordered: taken and not yet ready, oldest first
	ready    []*item   // answered and not yet sent, next first
	ended    bool      // nothing more is taken
	err      error     // how the stream ends
	gone     bool      // the handler has returned
	moved    time.Time // when something was last received, answered or sent
}

// item is one article in flight.
type item struct {
	outcome []byte // on the wire; nil until answered
	size    int64  // bytes: the article's, then the outcome's
	read    bool   // a worker answers it
}

// watch sends the answers and returns how the stream ends: as sending does, or
// for having stood still. A sender that stands in Send then is left there, which
// returns only once this handler has.
func (b *bulk) watch(wire exchange) error {
	sent := make(chan error, 1)
	go func() {
		defer func() {
			if value := recover(); value != nil {
				sent <- panicked(b.ctx, b.service.logger, "sender", value).Err()
			}
		}()
		sent <- b.send(wire)
	}()
	if b.service.streamIdle == 0 {
		return <-sent
	}
	idle := time.NewTimer(b.service.streamIdle)
	defer idle.Stop()
	for {
		select {
		case err := <-sent:
			return err
		case <-idle.C:
			left := b.patience()
			if left <= 0 {
				return streamIdle(b.service.streamIdle).Err()
			}
			idle.Reset(left)
		}
	}
}

// patience is how long the stream may still stand as it does. While it owes an
// answer it is the server that takes its time, each article within its budget.
func (b *bulk) patience() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.owed > 0 && !b.full {
		return b.service.streamIdle
	}
	return b.service.streamIdle - time.Since(b.moved)
}

// receive takes articles until the stream ends one way or another.
func (b *bulk) receive(wire exchange) {
	defer func() {
		if value := recover(); value != nil {
			b.end(panicked(b.ctx, b.service.logger, "receiver", value).Err())
		}
	}()
	b.end(b.take(wire))
}

// take returns nil when the client has sent all, else why it stopped.
func (b *bulk) take(wire exchange) error {
	first, err := wire.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if first.GetOpen() == nil {
		return streamProtocol("must be the first message").Err()
	}
	if refusal := b.service.broken(b.ctx, first); refusal != nil {
		return refusal.Err()
	}
	b.options, b.ordered = first.GetOpen().GetOptions(), first.GetOpen().GetOrdered()

	for {
		if err := b.awaitRoom(); err != nil {
			return err
		}
		request, err := wire.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := b.takeMessage(request); err != nil {
			return err
		}
	}
}

func (b *bulk) takeMessage(request *depechev1.StreamEventsRequest) error {
	if request.GetOpen() != nil {
		return streamProtocol("came a second time").Err()
	}
	b.touch()
	articles := request.GetBatch().GetArticles()
	if len(articles) == 0 {
		return rejection.Field(depechev1.ErrorReason_ERROR_REASON_INVALID_FIELD, "batch.articles",
			"must hold 1 to "+strconv.Itoa(maxBatchArticles)+" articles").Err()
	}
	for i, numbered := range articles {
		if err := b.awaitRoom(); err != nil {
			return err
		}
		if err := b.awaitTurn(); err != nil {
			return err
		}
		b.admit(numbered)
		articles[i] = nil // the batch must not keep what has been answered
	}
	return nil
}

// awaitRoom returns when one more article may be taken, or why none will be.
func (b *bulk) awaitRoom() error {
	for {
		if b.service.isDraining() {
			return draining().Err()
		}
		if b.ctx.Err() != nil {
			return fromContext(b.ctx).Err()
		}
		if b.hasRoom() {
			return nil
		}
		select {
		case <-b.room:
		case <-b.service.drain:
		case <-b.ctx.Done():
		}
	}
}

// awaitTurn returns when the client's rate allows one more article, or why none
// will be taken. An accepted stream waits; a call would be refused.
func (b *bulk) awaitTurn() error {
	if !access.FromContext(b.ctx).Valid() {
		return credentialsExpired().Err()
	}
	use := quota.FromContext(b.ctx)
	for wait := use.Take(); wait > 0; wait = use.Take() {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-b.service.drain:
			timer.Stop()
			return draining().Err()
		case <-b.ctx.Done():
			timer.Stop()
			return fromContext(b.ctx).Err()
		}
	}
	return nil
}

// hasRoom holds where nothing is in flight, so that a stream always gets on,
// however much the others hold.
func (b *bulk) hasRoom() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.inFlight == 0 ||
		b.inFlight < b.service.streamItems &&
			b.held < b.service.streamBytes &&
			b.service.bulkHeld.Load() < b.service.bulkBytes
}

// admit takes one article. From here it has its outcome, unless the connection
// or the drain bound ends first.
func (b *bulk) admit(numbered *depechev1.NumberedArticle) {
	sequence := numbered.GetSequence()
	it := &item{size: int64(proto.Size(numbered)), read: b.seen.add(sequence)}
	if !b.enter(it) {
		return
	}
	if !it.read {
		b.answer(it, sequence, nil, repeatedSequence(sequence))
		return
	}
	from := origin{streamCall, time.Now()}
	b.lane.add(&job{run: func() {
		extraction, refusal := b.extract(from, sequence, numbered.GetArticle())
		b.answer(it, sequence, extraction, refusal)
	}})
}

// extract answers an article as ExtractEvents would, in a worker.
func (b *bulk) extract(from origin, sequence uint64, article *depechev1.Article) (extraction *depechev1.Extraction, refusal *status.Status) {
	ctx := withSequence(b.ctx, sequence)
	defer b.service.recoverWorker(ctx, &extraction, &refusal)
	if refusal := b.service.broken(ctx, &depechev1.ExtractEventsRequest{Article: article}); refusal != nil {
		return nil, refusal
	}
	return b.service.read(ctx, from, article, b.options)
}

// enter counts an article in; false: the stream has ended meanwhile, and the
// article was never taken.
func (b *bulk) enter(it *item) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended || b.gone {
		return false
	}
	b.taken++
	b.inFlight++
	b.owed++
	b.hold(it.size)
	if b.ordered {
		b.order = append(b.order, it)
	}
	return true
}

// answer gives an item its outcome and hands on what may be sent.
func (b *bulk) answer(it *item, sequence uint64, extraction *depechev1.Extraction, refusal *status.Status) {
	b.service.metrics.answered(streamCall, extraction, refusal)
	outcome := &depechev1.Outcome{Sequence: sequence}
	if refusal != nil {
		outcome.Result = &depechev1.Outcome_Error{Error: refusal.Proto()}
	} else {
		outcome.Result = &depechev1.Outcome_Extraction{Extraction: extraction}
	}
	encoded, err := proto.Marshal(outcome)
	if err != nil { // a text that is not UTF-8: it fails alone
		refusal = fault(b.ctx, b.service.logger, "outcome that cannot be encoded", zap.Error(err))
		encoded, _ = proto.Marshal(&depechev1.Outcome{Sequence: sequence, Result: &depechev1.Outcome_Error{Error: refusal.Proto()}})
	}
	size := int64(len(encoded))

	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return
	}
	if refusal != nil {
		b.refused++
	}
	b.hold(size - it.size)
	b.owed--
	b.moved = time.Now()
	it.outcome, it.size = encoded, size
	if it.read {
		b.unsent += size
		b.pace()
	}
	if !b.ordered {
		b.ready = append(b.ready, it)
	}
	for len(b.order) > 0 && b.order[0].outcome != nil {
		b.ready = append(b.ready, popFront(&b.order))
	}
	notify(b.wake)
}

// send sends the outcomes as they become ready and returns how the stream ends.
func (b *bulk) send(wire exchange) error {
	drain := b.service.drain
	for {
		for {
			response, sent := b.collect()
			if sent.items == 0 {
				break
			}
			if err := wire.Send(response); err != nil {
				return err
			}
			b.release(sent)
		}
		if over, err := b.over(); over {
			return err
		}
		select {
		case <-b.wake:
		case <-drain:
			b.end(draining().Err())
			drain = nil
		case <-b.ctx.Done():
			return fromContext(b.ctx).Err()
		}
	}
}

// collect makes one message of what is ready, as much of it as fits: nothing is
// held back for a fuller one.
func (b *bulk) collect() (response *depechev1.StreamEventsResponse, sent tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	// The outcomes are on the wire already, each from the worker that had it at
	// hand: a field that is not known is written as it is.
	var outcomes protoreflect.RawFields
	for len(b.ready) > 0 {
		next := b.ready[0]
		if sent.items > 0 && len(outcomes)+protowire.SizeTag(outcomesField)+protowire.SizeBytes(len(next.outcome)) > b.service.responseBytes {
			break
		}
		outcomes = protowire.AppendTag(outcomes, outcomesField, protowire.BytesType)
		outcomes = protowire.AppendBytes(outcomes, popFront(&b.ready).outcome)
		sent.items++
		sent.held += next.size
		if next.read {
			sent.unsent += next.size
		}
	}
	response = &depechev1.StreamEventsResponse{}
	response.ProtoReflect().SetUnknown(outcomes)
	return response, sent
}

// tally is what a message's outcomes are in the stream's account.
type tally struct {
	items        int
	held, unsent int64
}

// outcomesField is the number of StreamEventsResponse.outcomes.
const outcomesField = 1

// release frees what was sent, so that as much can be taken.
func (b *bulk) release(sent tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return
	}
	b.inFlight -= sent.items
	b.hold(-sent.held)
	b.unsent -= sent.unsent
	b.moved = time.Now()
	b.pace()
	notify(b.room)
}

// pace lets no further article be read while too many answers are unsent: small
// articles can have answers a thousand times their size. b.mu is held. Articles
// are read in the order in which they came, so the next to be sent is always
// one that is read or being read; and a stream with nothing unsent gets on,
// however much the others hold.
func (b *bulk) pace() {
	b.full = b.unsent > 0 && (b.unsent >= b.service.streamBytes || b.service.bulkHeld.Load() >= b.service.bulkBytes)
	b.lane.hold(b.full)
}

// touch notes that something was received.
func (b *bulk) touch() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.moved = time.Now()
}

// over reports whether nothing more is to be taken or sent, and how the stream
// ends then.
func (b *bulk) over() (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ended && b.inFlight == 0, b.err
}

// end stops the taking; what was taken is still answered. The first reason
// stands.
func (b *bulk) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		b.ended, b.err = true, err
		notify(b.wake)
	}
}

// abandon gives back what the stream holds when its handler returns.
func (b *bulk) abandon() {
	b.mu.Lock()
	b.gone = true
	b.hold(-b.held)
	b.order, b.ready = nil, nil
	b.mu.Unlock()
	b.lane.drop()
}

// hold counts bytes in flight, of this stream and of all; b.mu is held.
func (b *bulk) hold(bytes int64) {
	b.held += bytes
	b.service.bulkHeld.Add(bytes)
}

// notify wakes the one that waits on the channel, now or when it next looks.
func notify(signal chan<- struct{}) {
	select {
	case signal <- struct{}{}:
	default:
	}
}

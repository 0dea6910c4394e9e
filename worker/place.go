package worker

import (
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// place is where an article is kept. The time tells it from the one that had the
// same number before its stream was deleted and made again.
type place struct {
	stream     string
	sequence   uint64
	nanos      int64 // since 1970, when it was stored
	deliveries uint64
}

func placeOf(m *jetstream.MsgMetadata) place {
	return place{m.Stream, m.Sequence.Stream, m.Timestamp.UnixNano(), m.NumDelivered}
}

// again reports whether the article was delivered before: a worker may have died
// of it.
func (p place) again() bool { return p.deliveries > 1 }

// id is the message id of all that is published about the article.
func (p place) id() string { return fmt.Sprintf("%s:%d:%d", p.stream, p.sequence, p.nanos) }

// key is the article's in the bucket of attempts.
func (p place) key() string { return fmt.Sprintf("%s.%d.%d", p.stream, p.sequence, p.nanos) }

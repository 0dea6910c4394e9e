package worker

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"
	"unicode"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"google.golang.org/grpc/status"

	"github.com/depeche-events/depeche/internal/rejection"
)

// The headers of what the worker publishes. All but the first three are of dead
// letters alone.
const (
	// HeaderStream, HeaderSequence and HeaderArticleMsgID say which article it is
	// about: its stream, its number there, and the Nats-Msg-Id that it was
	// published with, if any.
	HeaderStream       = "Depeche-Stream"
	HeaderSequence     = "Depeche-Sequence"
	HeaderArticleMsgID = "Depeche-Article-Msg-Id"

	// HeaderCode and HeaderReason are the status: INVALID_ARGUMENT, EMPTY_BODY.
	HeaderCode   = "Depeche-Code"
	HeaderReason = "Depeche-Reason"
	// HeaderField is the field at fault, once for each; HeaderMessage is for
	// people.
	HeaderField   = "Depeche-Field"
	HeaderMessage = "Depeche-Message"
	// HeaderSubject and HeaderDeliveries: where the article was published, and how
	// often it was delivered.
	HeaderSubject    = "Depeche-Subject"
	HeaderDeliveries = "Depeche-Deliveries"
	// HeaderOmitted is the size of an article that is left out, since with these
	// headers it is longer than the stream takes.
	HeaderOmitted = "Depeche-Omitted-Bytes"
)

// maxHeader bounds a header whose text comes from an error, in bytes.
const maxHeader = 512

// about begins a message about an article.
func about(msg jetstream.Msg, p place, subject string) *nats.Msg {
	out := nats.NewMsg(subject)
	out.Header.Set(HeaderStream, p.stream)
	out.Header.Set(HeaderSequence, strconv.FormatUint(p.sequence, 10))
	if id := msg.Headers().Get(jetstream.MsgIDHeader); id != "" {
		out.Header.Set(HeaderArticleMsgID, id)
	}
	return out
}

// deadLetter is the article as it came, with its own headers, and why it has no
// answer.
func (w *Worker) deadLetter(msg jetstream.Msg, p place, refusal *status.Status) *nats.Msg {
	out := about(msg, p, w.config.DeadLetterSubject)
	for name, values := range msg.Headers() {
		// Those of the server mean something to it.
		if key := textproto.CanonicalMIMEHeaderKey(name); !strings.HasPrefix(key, "Nats-") && !strings.HasPrefix(key, "Depeche-") {
			out.Header[name] = values
		}
	}
	reason, fields := reasonOf(refusal), rejection.FieldsOf(refusal)
	out.Header.Set(HeaderCode, codeName(refusal))
	out.Header.Set(HeaderReason, reason)
	out.Header.Set(HeaderMessage, oneLine(refusal.Message()))
	for _, field := range fields {
		out.Header.Add(HeaderField, oneLine(field))
	}
	out.Header.Set(HeaderSubject, msg.Subject())
	out.Header.Set(HeaderDeliveries, strconv.FormatUint(p.deliveries, 10))
	out.Data = msg.Data()
	return out
}

// bury publishes the dead letter.
func (w *Worker) bury(ctx context.Context, msg jetstream.Msg, p place, refusal *status.Status) error {
	letter := w.deadLetter(msg, p, refusal)
	err := w.publish(ctx, letter, p, w.config.DeadLetterStream)
	if isTooLarge(err) {
		letter.Header.Set(HeaderOmitted, strconv.Itoa(len(letter.Data)))
		letter.Data = nil
		err = w.publish(ctx, letter, p, w.config.DeadLetterStream)
	}
	if err != nil {
		return err
	}
	reason, fields := reasonOf(refusal), rejection.FieldsOf(refusal)
	w.logger.Warn("article goes to the dead letters", zap.Uint64("sequence", p.sequence), zap.Uint64("deliveries", p.deliveries),
		zap.String("code", codeName(refusal)), zap.String("reason", reason), zap.Strings("fields", fields))
	return nil
}

// publish waits until the stream has the message, or knows it from before.
func (w *Worker) publish(ctx context.Context, out *nats.Msg, p place, stream string) error {
	ctx, cancel := context.WithTimeout(ctx, w.config.PublishTimeout)
	defer cancel()
	ack, err := w.js.PublishMsg(ctx, out, jetstream.WithMsgID(p.id()), jetstream.WithExpectStream(stream))
	if err != nil {
		return fmt.Errorf("publish to %s: %w", out.Subject, err)
	}
	if ack.Duplicate {
		w.metrics.duplicates.Inc()
	}
	return nil
}

// isTooLarge reports that a message will never be taken: it is longer than the
// server or the stream allows.
func isTooLarge(err error) bool {
	return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum)
}

// oneLine is text that a header can hold.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if len(s) > maxHeader {
		s = strings.ToValidUTF8(s[:maxHeader], "") + "…"
	}
	return strings.TrimSpace(s)
}

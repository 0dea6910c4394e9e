package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/internal/stablejson"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// stream answers articles, one in JSON a line, with outcomes, one a line. An
// outcome's sequence is the number of its article's line, from 1; a last line
// without a sequence tells why the stream ended early. Lines are read as fast as
// the call behind takes articles, so what bounds that call bounds this one.
func (g *gateway) stream(w http.ResponseWriter, r *http.Request) {
	if !hasType(w, r, typeNDJSON, "application/jsonl", "application/json-lines") {
		return
	}
	options, refusal := streamOptions(r.URL.Query())
	if refusal != nil {
		writeError(w, refusal)
		return
	}
	control := http.NewResponseController(w)
	// HTTP/1.1 would else wait for the last article before the first outcome.
	if err := control.EnableFullDuplex(); err != nil {
		writeError(w, status.New(codes.Internal, "the connection cannot carry a stream"))
		return
	}
	_ = control.SetReadDeadline(time.Time{}) // there is no end to wait for
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	call, err := g.client.StreamEvents(ctx)
	if err != nil {
		writeError(w, status.Convert(err))
		return
	}

	f := &feeder{call: call, maxBytes: g.maxBytes, faults: map[uint64]*status.Status{}}
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		if f.feed(options, r.Body) != nil {
			cancel() // the rest will not come: nobody waits for outcomes
		}
	}()
	defer func() {
		cancel()
		select {
		case <-fed:
		default: // it may stand in a read, which must end before this handler does
			// Where there is no body, net/http reads on for the next request
			// meanwhile: cut off, that read would end the next request too.
			if r.Body != http.NoBody {
				_ = control.SetReadDeadline(time.Now())
			}
			<-fed
		}
	}()
	writeOutcomes(w, control, f, g.idle)
}

// writeOutcomes writes the call's outcomes until it ends. A caller that leaves them
// for longer than idle is not waited for.
func writeOutcomes(w http.ResponseWriter, control *http.ResponseController, f *feeder, idle time.Duration) {
	begun := false
	begin := func() {
		if !begun {
			begun = true
			header, _ := f.call.Header() // it is there, or the call has ended
			copyRequestID(w.Header(), header)
			w.Header().Set("Content-Type", typeNDJSON)
		}
	}
	for {
		response, err := f.call.Recv()
		switch {
		case errors.Is(err, io.EOF):
			begin() // a stream of no articles has no outcomes
			return
		case err != nil && !begun: // refused: there is still a status to answer with
			copyRequestID(w.Header(), f.call.Trailer())
			writeError(w, status.Convert(err))
			return
		case err != nil:
			_, _ = w.Write(outcomeLine(&depechev1.Outcome{Result: &depechev1.Outcome_Error{Error: status.Convert(err).Proto()}}))
			return
		}
		begin()
		takeWithin(control, idle)
		for _, outcome := range response.GetOutcomes() {
			if fault := f.takeFault(outcome.GetSequence()); fault != nil {
				outcome.Result = &depechev1.Outcome_Error{Error: fault.Proto()}
			}
			if _, err := w.Write(outcomeLine(outcome)); err != nil {
				return
			}
		}
		if control.Flush() != nil {
			return
		}
		takeWithin(control, 0)
	}
}

// outcomeLine is an outcome in JSON, with the line's end.
func outcomeLine(outcome *depechev1.Outcome) []byte {
	text, err := stablejson.Line(outcome)
	if err != nil { // an error's detail of a type that this program does not know
		refusal := outcome.GetError()
		text, _ = stablejson.Line(&depechev1.Outcome{
			Sequence: outcome.GetSequence(),
			Result:   &depechev1.Outcome_Error{Error: status.New(codes.Code(refusal.GetCode()), refusal.GetMessage()).Proto()},
		})
	}
	return append(text, '\n')
}

// feeder sends the articles of a stream's lines.
type feeder struct {
	call     depechev1.ExtractionService_StreamEventsClient
	maxBytes int

	mu     sync.Mutex
	faults map[uint64]*status.Status // of lines sent and not yet answered
}

// feed sends each line's article; nil: all has been sent, or the call has ended.
//
// A line that holds no article is sent as one without a body. So it has its
// place among the others, in their order and within their bounds, and only what
// is said of it is put right when its outcome comes.
func (f *feeder) feed(options *depechev1.StreamOptions, body io.Reader) error {
	open := &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Open{Open: options}}
	if !sent(f.call, open) {
		return nil
	}
	lines := newLineReader(body, f.maxBytes)
	for {
		text, err := lines.next()
		if errors.Is(err, io.EOF) {
			return f.call.CloseSend()
		}
		if err != nil && !errors.Is(err, errLineTooLong) {
			return err
		}
		if err == nil && len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		request, fault := f.request(lines.number, text, err)
		if fault != nil {
			f.mu.Lock()
			f.faults[lines.number] = fault
			f.mu.Unlock()
		}
		if !sent(f.call, request) {
			return nil
		}
	}
}

// sent sends a message, or reports that the call has ended: Recv tells why.
func sent(call depechev1.ExtractionService_StreamEventsClient, request *depechev1.StreamEventsRequest) bool {
	return call.Send(request) == nil
}

// request is the message for a line, and what is wrong with the line.
func (f *feeder) request(number uint64, text []byte, fault error) (*depechev1.StreamEventsRequest, *status.Status) {
	article, refusal := parseArticle(text, fault, f.maxBytes)
	request := batchOf(number, article)
	if size := proto.Size(request); refusal == nil && size > f.maxBytes { // it would end the whole stream
		refusal = tooLong("the line", f.maxBytes)
	}
	if refusal != nil {
		return batchOf(number, &depechev1.Article{}), refusal
	}
	return request, nil
}

func parseArticle(text []byte, fault error, maxBytes int) (*depechev1.Article, *status.Status) {
	if fault != nil {
		return nil, tooLong("the line", maxBytes)
	}
	article := &depechev1.Article{}
	if err := protojson.Unmarshal(text, article); err != nil {
		return nil, malformed(reasonOf(err))
	}
	return article, nil
}

func batchOf(number uint64, article *depechev1.Article) *depechev1.StreamEventsRequest {
	return &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Batch{Batch: &depechev1.ArticleBatch{
		Articles: []*depechev1.NumberedArticle{{Sequence: number, Article: article}},
	}}}
}

// takeFault is what was wrong with a line; nil for an article's.
func (f *feeder) takeFault(number uint64) *status.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	fault := f.faults[number]
	delete(f.faults, number)
	return fault
}

// errLineTooLong is the fault of one line; the next ones can be read.
var errLineTooLong = errors.New("line too long")

// lineReader reads lines of bounded length.
type lineReader struct {
	source *bufio.Reader
	limit  int
	line   []byte
	number uint64 // of the line that was read last, from 1
}

func newLineReader(source io.Reader, limit int) *lineReader {
	return &lineReader{source: bufio.NewReaderSize(source, 64<<10), limit: limit}
}

// next returns the next line without its end, valid until the next call; the
// last one needs no end. The error is io.EOF after it, errLineTooLong for a line
// that was passed over, or the source's own.
func (l *lineReader) next() ([]byte, error) {
	if cap(l.line) > keepLine {
		l.line = nil
	}
	l.line = l.line[:0]
	length := 0 // with the line's end
	for {
		part, err := l.source.ReadSlice('\n')
		length += len(part)
		if length <= l.limit+1 { // what is longer is counted and let go
			l.line = append(l.line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || length == 0) {
			return nil, err
		}
		l.number++
		if err == nil {
			length--
		}
		if length > l.limit {
			return nil, errLineTooLong
		}
		return l.line[:length], nil
	}
}

// keepLine is how much room a stream keeps for its next line.
const keepLine = 256 << 10

package server

import (
	"google.golang.org/grpc/encoding"
	encodingproto "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// maxBatchArticles is how many articles one message may hold. An article of two
// bytes takes eighty when decoded: without a bound, one message of 8 MiB took
// half a gigabyte.
const maxBatchArticles = 1024

// The numbers of the fields on the way to a batch's articles.
const (
	batchField    protowire.Number = 2 // StreamEventsRequest.batch
	articlesField protowire.Number = 1 // ArticleBatch.articles
)

// codec is gRPC's own, but counts a batch's articles before it decodes them. A
// batch that holds too many arrives empty, which the handler refuses by name.
type codec struct{ encoding.CodecV2 }

func newCodec() codec { return codec{encoding.GetCodecV2(encodingproto.Name)} }

// Unmarshal decodes a message.
func (c codec) Unmarshal(data mem.BufferSlice, message any) error {
	request, ok := message.(*depechev1.StreamEventsRequest)
	if !ok {
		return c.CodecV2.Unmarshal(data, message)
	}
	buffer := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer buffer.Free()
	return decode(buffer.ReadOnlyData(), request)
}

// decode decodes a message from one piece.
func decode(wire []byte, message proto.Message) error {
	request, ok := message.(*depechev1.StreamEventsRequest)
	if ok && countArticles(wire) > maxBatchArticles {
		request.Message = &depechev1.StreamEventsRequest_Batch{Batch: &depechev1.ArticleBatch{}}
		return nil
	}
	return proto.Unmarshal(wire, message)
}

// countArticles counts the articles of a StreamEventsRequest on the wire, up to
// the first fault in it. Several batches in one message count together, as they
// are decoded together.
func countArticles(wire []byte) (n int) {
	for batch := range fields(wire, batchField) {
		for range fields(batch, articlesField) {
			n++
		}
	}
	return n
}

// fields yields the values of a length-delimited field, up to the first fault.
func fields(wire []byte, want protowire.Number) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(wire) > 0 {
			number, kind, n := protowire.ConsumeTag(wire)
			if n < 0 {
				return
			}
			wire = wire[n:]
			length := protowire.ConsumeFieldValue(number, kind, wire)
			if length < 0 {
				return
			}
			if number == want && kind == protowire.BytesType {
				value, _ := protowire.ConsumeBytes(wire)
				if !yield(value) {
					return
				}
			}
			wire = wire[length:]
		}
	}
}

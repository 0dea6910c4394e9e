package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// rawCodec carries bytes as they are, under the name of the codec that the
// server expects.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(message any) ([]byte, error) {
	frame, ok := message.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("%T is no frame", message)
	}
	return *frame, nil
}

func (rawCodec) Unmarshal(data []byte, message any) error {
	frame, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is no frame", message)
	}
	*frame = append([]byte(nil), data...)
	return nil
}

func marshal(t testing.TB, message proto.Message) []byte {
	t.Helper()
	data, err := proto.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// rawUnary calls ExtractEvents with any bytes for a request.
func (r *running) rawUnary(ctx context.Context, frame []byte) error {
	var answer []byte
	return r.conn.Invoke(ctx, depechev1.ExtractionService_ExtractEvents_FullMethodName, &frame, &answer, grpc.ForceCodec(rawCodec{}))
}

// rawSender is a stream whose client's messages are any bytes.
type rawSender struct {
	grpc.ClientStream
	t testing.TB
}

func (r *running) rawStream(t testing.TB, ctx context.Context) rawSender {
	t.Helper()
	stream, err := r.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true},
		depechev1.ExtractionService_StreamEvents_FullMethodName, grpc.ForceCodec(rawCodec{}))
	if err != nil {
		t.Fatal(err)
	}
	return rawSender{stream, t}
}

func (s rawSender) send(frame []byte) {
	s.t.Helper()
	if err := s.SendMsg(&frame); err != nil && !errors.Is(err, io.EOF) {
		s.t.Fatalf("send: %v", err)
	}
}

func (s rawSender) rest() (outcomes []*depechev1.Outcome, err error) {
	s.t.Helper()
	for {
		var frame []byte
		err := s.RecvMsg(&frame)
		if errors.Is(err, io.EOF) {
			return outcomes, nil
		}
		if err != nil {
			return outcomes, err
		}
		var response depechev1.StreamEventsResponse
		if err := proto.Unmarshal(frame, &response); err != nil {
			s.t.Fatalf("answer: %v", err)
		}
		outcomes = append(outcomes, response.GetOutcomes()...)
	}
}

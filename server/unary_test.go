package server

import (
	"testing"

	"google.golang.org/protobuf/proto"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestUnaryAnswers(t *testing.T) {
	for name, start := range map[string]func(testing.TB, Engine, func(*Config)) *running{"memory": start, "tcp": startTCP} {
		t.Run(name, func(t *testing.T) {
			server := start(t, &fakeEngine{}, nil)
			response, err := server.ExtractEvents(contextFor(t), request("Palmyre"))
			if err != nil {
				t.Fatal(err)
			}
			want := &depechev1.ExtractEventsResponse{Extraction: answerTo(article("Palmyre"))}
			if !proto.Equal(response, want) {
				t.Errorf("answer is %v, want %v", response, want)
			}
		})
	}
}

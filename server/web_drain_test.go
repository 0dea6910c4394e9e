package server

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/status"
)

// The drain answers what was taken, says why it takes no more, and ends.
func TestWebDrains(t *testing.T) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(version, func(t *testing.T) {
			engine := newBusy()
			server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
				c.Workers = 2
				c.DrainTimeout = testTimeout // never reached
			})
			client := server.http
			if version == "HTTP/2" {
				client = server.h2
			}
			stream := server.lines(t, client)
			stream.send(article("taken"))
			receive(t, engine.started, "article")
			type answer struct {
				status int
				text   string
			}
			called := make(chan answer, 1)
			go func() {
				response, err := client.Post(server.url+extractPath, jsonType, strings.NewReader(lineOf(t, request("call"))))
				if err != nil {
					called <- answer{text: err.Error()}
					return
				}
				defer response.Body.Close()
				text, _ := io.ReadAll(response.Body)
				called <- answer{response.StatusCode, string(text)}
			}()
			receive(t, engine.started, "article")

			server.stop()
			eventually(t, server.server.service.isDraining, "drain")
			close(engine.release)
			stream.begin()
			if outcome := stream.next(); outcome.GetSequence() != 1 || outcome.GetExtraction().GetArticleId() != "taken" {
				t.Errorf("what was taken: %v", outcome)
			}
			last := stream.next()
			if got := failureOf(status.FromProto(last.GetError())); got != goingAway || last.GetSequence() != 0 {
				t.Errorf("last line is %v", last)
			}
			if outcome := stream.next(); outcome != nil {
				t.Errorf("after the last line: %v", outcome)
			}
			if got := receive(t, called, "answer"); got.status != http.StatusOK || !strings.Contains(got.text, `"articleId":"call"`) {
				t.Errorf("a call that was taken: %+v", got)
			}
			server.wait(t)
			if response, err := client.Get(server.url + "/v1/engine"); err == nil {
				response.Body.Close()
				t.Errorf("after the drain: %s", response.Status)
			}
		})
	}
}

// What does not end within the bound is cut off.
func TestWebDrainIsBounded(t *testing.T) {
	engine := newBusy()
	server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) { c.DrainTimeout = 10 * time.Millisecond })
	stream := server.lines(t, server.http)
	stream.send(article("x"))
	receive(t, engine.started, "article")
	server.stop()
	server.wait(t)
	receive(t, engine.ended, "end of the article")
}

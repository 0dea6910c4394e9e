package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func TestWebShedsWhenSaturated(t *testing.T) {
	engine := newBusy()
	server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
		c.Workers, c.QueueCalls, c.MaxStreams, c.RetryDelay = 1, 1, 1, 1500*time.Millisecond
	})
	first := server.background(contextFor(t), "running")
	receive(t, engine.started, "first article")
	second := server.background(contextFor(t), "waiting")
	awaitLoad(t, server.running, load{running: 1, calls: 1})
	open := server.openStream(t, contextFor(t), false)
	eventually(t, func() bool { return server.server.service.streams.Load() == 1 }, "stream")

	for path, kind := range map[string]string{extractPath: jsonType, streamPath: linesType, depechev1.ExtractionService_ExtractEvents_FullMethodName: jsonType} {
		response, text := server.call(t, http.MethodPost, path, kind, strings.NewReader(lineOf(t, request("too many"))))
		if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") != "2" {
			t.Errorf("%s: %s %v %s", path, response.Status, response.Header, text)
		}
	}
	close(engine.release)
	receive(t, first, "answer")
	receive(t, second, "answer")
	open.CloseSend()
	open.rest()
}

// Bodies wait for room, and are refused if there is none in time; and so are
// requests that are too many.
func TestWebBoundsWhatItReceives(t *testing.T) {
	tests := map[string]struct {
		adjust func(*Config)
		open   int // requests whose bodies do not come
	}{
		"bytes": {func(c *Config) {
			c.MaxMessageBytes, c.ReceiveBytes, c.ReceiveTimeout = 64<<10, 128<<10, 20*time.Millisecond
		}, 2},
		"calls": {func(c *Config) { c.MaxOpenCalls = 3 }, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			engine := newBusy()
			server := startWeb(t, &fakeEngine{extract: engine.extract}, func(c *Config) {
				c.Workers, c.RetryDelay = 8, 1500*time.Millisecond
				test.adjust(c)
			})
			var calls []chan reply
			for range test.open {
				called := make(chan reply, 1)
				calls = append(calls, called)
				request, err := http.NewRequestWithContext(contextFor(t), http.MethodPost, server.url+extractPath,
					io.MultiReader(strings.NewReader(lineOf(t, request("x"))))) // its length is not told
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", jsonType)
				go func() {
					answer, _ := send(t, server.http, request)
					called <- answer
				}()
				receive(t, engine.started, "article")
			}
			for _, path := range []string{extractPath, depechev1.ExtractionService_ExtractEvents_FullMethodName} {
				response, text := server.call(t, http.MethodPost, path, jsonType, strings.NewReader(lineOf(t, request("too many"))))
				if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") != "2" || !strings.Contains(text, "SATURATED") {
					t.Errorf("%s: %s %v %s", path, response.Status, response.Header, text)
				}
			}
			close(engine.release)
			for _, called := range calls {
				if answer := receive(t, called, "answer"); answer.StatusCode != http.StatusOK {
					t.Errorf("a call that was taken: %s", answer.Status)
				}
			}
			if response, text := server.call(t, http.MethodPost, extractPath, jsonType, strings.NewReader(lineOf(t, request("next")))); response.StatusCode != http.StatusOK {
				t.Errorf("the next call: %s %s", response.Status, text)
			}
		})
	}
}

// A caller that does not read its outcomes stops the reading of its lines, in
// spite of all that stands between.
func TestWebSlowReaderStopsTheReading(t *testing.T) {
	const bound = 4 << 20 // windows and buffers on the way, and what is in flight
	synctest.Test(t, func(t *testing.T) {
		s, w := webInMemory(t, &fakeEngine{}, func(c *Config) { c.StreamArticles = 8 })

		ctx, cancel := context.WithCancel(t.Context())
		body := &endless{line: []byte(lineOf(t, article(strings.Repeat("x", 1000))) + "\n"), end: ctx.Done()}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://x"+streamPath, body)
		if err != nil {
			t.Fatal(err)
		}
		request.RemoteAddr = "192.0.2.1:1"
		request.Header.Set("Content-Type", linesType)
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.http.Handler.ServeHTTP(&deaf{header: http.Header{}, gone: ctx.Done()}, request)
		}()
		synctest.Wait()
		if body.read == 0 || body.read > bound {
			t.Errorf("%d bytes are read while nothing is taken, want some, and at most %d", body.read, bound)
		}
		cancel()
		<-done
		if held := s.bulkHeld.Load(); held != 0 {
			synctest.Wait()
			if held := s.bulkHeld.Load(); held != 0 {
				t.Errorf("%d bytes are held after the caller went", held)
			}
		}
		w.end(t)
	})
}

// A caller that never takes its answer, or the outcomes of its stream, is not
// waited for: what it holds is for others.
func TestWebAnswersMustBeTaken(t *testing.T) {
	open := &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Open{Open: &depechev1.StreamOptions{}}}
	batch := &depechev1.StreamEventsRequest{Message: &depechev1.StreamEventsRequest_Batch{Batch: &depechev1.ArticleBatch{
		Articles: []*depechev1.NumberedArticle{{Article: article("x")}},
	}}}
	for name, test := range map[string]struct{ path, contentType, body string }{
		"one article":            {extractPath, jsonType, lineOf(t, request("x"))},
		"one article by Connect": {depechev1.ExtractionService_ExtractEvents_FullMethodName, jsonType, lineOf(t, request("x"))},
		"stream":                 {streamPath, linesType, lineOf(t, article("x")) + "\n"},
		"stream by Connect":      {depechev1.ExtractionService_StreamEvents_FullMethodName, "application/connect+json", enveloped(lineOf(t, open)) + enveloped(lineOf(t, batch))},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, w := webInMemory(t, &fakeEngine{}, nil)
				gone := make(chan struct{})
				body, rest := io.Pipe() // of which nothing more comes
				go func() {
					_, _ = io.WriteString(rest, test.body)
					if test.path == extractPath || strings.HasSuffix(test.path, "ExtractEvents") {
						rest.Close()
					}
				}()
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x"+test.path, body)
				if err != nil {
					t.Fatal(err)
				}
				r.RemoteAddr, r.ProtoMajor = "192.0.2.1:1", 2
				r.Header.Set("Content-Type", test.contentType)
				done := make(chan struct{})
				go func() {
					defer close(done)
					w.http.Handler.ServeHTTP(&deaf{header: http.Header{}, gone: gone, endRead: func() { rest.CloseWithError(net.ErrClosed) }}, r)
				}()
				time.Sleep(time.Hour)
				synctest.Wait()
				select {
				case <-done:
				default:
					t.Error("after an hour the caller is still waited for")
				}
				close(gone)
				rest.CloseWithError(net.ErrClosed)
				<-done
				w.end(t)
			})
		})
	}
}

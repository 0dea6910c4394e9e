package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"

	"github.com/depeche-events/depeche/client"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
)

func Example() {
	serve, stop := exampleServer() // in your program: a server somewhere
	defer stop()

	c, err := client.Dial("passthrough:///depeche", client.WithInsecure(), serve)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	extraction, err := c.Extract(context.Background(), &depechev1.Article{
		Id:        "afp-1",
		Body:      &depechev1.Article_Text{Text: "Des milliers de personnes ont manifesté samedi à Montréal."},
		Published: &depechev1.Article_PublishDate{PublishDate: &depechev1.Date{Year: 2024, Month: 5, Day: 5}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range extraction.GetEvents() {
		fmt.Println(event.GetType(), event.GetMentions()[0].GetTrigger().GetText())
	}
	// Output: EVENT_TYPE_PROTEST manifesté
}

func ExampleClient_Stream() {
	serve, stop := exampleServer()
	defer stop()
	c, err := client.Dial("passthrough:///depeche", client.WithInsecure(), serve)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	// Any iterator: rows of a table, lines of a file, messages of a queue.
	corpus := slices.Values([]*depechev1.Article{
		{Id: "a", Body: &depechev1.Article_Text{Text: "Ils ont manifesté à Lyon."}},
		{Id: "b", Body: &depechev1.Article_Text{Text: "Une s\xe9ance lev\xe9e."}}, // Latin-1
		{Id: "c", Body: &depechev1.Article_Text{Text: "Ils ont manifesté à Brest."}},
	})
	for result, err := range c.Stream(context.Background(), corpus, client.WithOrder()) {
		if err != nil {
			log.Fatal(err) // the stream as a whole; it is over
		}
		if result.Err != nil {
			fmt.Println(result.Article.GetId(), "failed:", status.Convert(result.Err).Message())
			continue
		}
		fmt.Println(result.Article.GetId(), len(result.Extraction.GetEvents()), "event")
	}
	// Output:
	// a 1 event
	// b failed: article.text: is not UTF-8 at byte 5; text of another charset belongs in raw
	// c 1 event
}

func ExampleClient_Extract_refused() {
	serve, stop := exampleServer()
	defer stop()
	c, err := client.Dial("passthrough:///depeche", client.WithInsecure(), serve)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	_, err = c.Extract(context.Background(), &depechev1.Article{Title: "caf\xe9"})
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			fmt.Println(status.Code(err), bad.GetFieldViolations()[0].GetField())
		}
	}
	// Output: InvalidArgument article.title
}

// exampleServer finds a protest in everything.
func exampleServer() (serve client.Option, stop func()) {
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer()
	depechev1.RegisterExtractionServiceServer(server, protests{})
	go server.Serve(listener)
	dial := func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }
	return client.WithDialOptions(grpc.WithContextDialer(dial), grpc.WithDisableHealthCheck()), server.Stop
}

type protests struct {
	depechev1.UnimplementedExtractionServiceServer
}

func extract(article *depechev1.Article) *depechev1.Extraction {
	return &depechev1.Extraction{ArticleId: article.GetId(), Events: []*depechev1.Event{{
		Type:     depechev1.EventType_EVENT_TYPE_PROTEST,
		Mentions: []*depechev1.EventMention{{Trigger: &depechev1.Span{Text: "manifesté"}}},
	}}}
}

func (protests) ExtractEvents(_ context.Context, request *depechev1.ExtractEventsRequest) (*depechev1.ExtractEventsResponse, error) {
	return &depechev1.ExtractEventsResponse{Extraction: extract(request.GetArticle())}, nil
}

func (protests) StreamEvents(stream grpc.BidiStreamingServer[depechev1.StreamEventsRequest, depechev1.StreamEventsResponse]) error {
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, numbered := range request.GetBatch().GetArticles() {
			if err := stream.Send(&depechev1.StreamEventsResponse{Outcomes: []*depechev1.Outcome{{
				Sequence: numbered.GetSequence(),
				Result:   &depechev1.Outcome_Extraction{Extraction: extract(numbered.GetArticle())},
			}}}); err != nil {
				return err
			}
		}
	}
}

package worker_test

import (
	"context"
	"fmt"
	"os"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/depeche-events/depeche/engine"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"github.com/depeche-events/depeche/worker"
	"github.com/depeche-events/depeche/worker/embedded"
)

// A program puts an article in and takes what was found out, while a worker, here
// in the same process, works on it. `depeche worker --embedded DIR` is the same
// in a process of its own.
func Example() {
	if err := example(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// EVENT_TYPE_TERRITORY_CAPTURE in article ap-1
}

func example(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "depeche-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server, err := embedded.Start(embedded.Config{StoreDir: dir, Listen: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	defer server.Close()

	var config worker.Config
	config.SetDefaults()
	config.NATS, config.Create = server.ClientURL(), true
	if config.Engine, err = engine.New(engine.Config{}); err != nil {
		return err
	}
	w, err := config.Complete(ctx)
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- w.Run(working) }()
	defer func() { stop(); <-ended }()

	conn, err := nats.Connect(server.ClientURL())
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	data, err := proto.Marshal(&depechev1.Article{
		Id:   "ap-1",
		Body: &depechev1.Article_Text{Text: "L'armée malienne a repris dimanche la ville de Ménaka aux jihadistes."},
	})
	if err != nil {
		return err
	}
	// The id keeps an article that is published twice from being read twice.
	article := &nats.Msg{Subject: "depeche.articles", Data: data, Header: nats.Header{worker.ContentType: {string(worker.Protobuf)}}}
	if _, err := js.PublishMsg(ctx, article, jetstream.WithMsgID("ap-1")); err != nil {
		return err
	}

	answers, err := js.CreateOrUpdateConsumer(ctx, "DEPECHE_EXTRACTIONS", jetstream.ConsumerConfig{Durable: "database"})
	if err != nil {
		return err
	}
	answer, err := answers.Next()
	if err != nil {
		return err
	}
	x := new(depechev1.Extraction)
	if answer.Headers().Get(worker.ContentType) == string(worker.JSON) {
		err = protojson.Unmarshal(answer.Data(), x)
	} else {
		err = proto.Unmarshal(answer.Data(), x)
	}
	if err != nil {
		return err
	}
	for _, event := range x.GetEvents() {
		fmt.Println(event.GetType(), "in article", x.GetArticleId())
	}
	return answer.Ack() // when it is stored
}

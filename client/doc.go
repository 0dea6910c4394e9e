// Package client calls depeche servers: one article at a time with
// [Client.Extract], a corpus with [Client.Stream].
//
//	c, err := client.Dial("dns:///depeche.example.org:443",
//		client.WithTransportCredentials(credentials.NewTLS(nil)))
//	if err != nil {
//		return err
//	}
//	defer c.Close()
//	for result, err := range c.Stream(ctx, articles) {
//		if err != nil {
//			return err // the stream as a whole failed; it is over
//		}
//		if result.Err != nil {
//			log.Print(result.Article.GetId(), result.Err) // this article failed alone
//			continue
//		}
//		use(result.Extraction)
//	}
//
// A bad article fails alone: what a server could only answer by breaking the
// connection (a message over the limit, a string that is not UTF-8) is refused
// here, with the status a server would give. A server that goes away costs
// nothing but time: the client knows which articles are unanswered and sends
// them to another.
//
// The package imports grpc and the generated contract, and nothing else of the
// project.
package client

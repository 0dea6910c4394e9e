// Package worker reads articles from a NATS JetStream stream and publishes what
// was found in them. It moves articles and knows nothing of what is in them: an
// Engine reads them.
//
// An article is acknowledged only after the stream of answers has acknowledged
// its answer, so a worker can die at any moment and nothing is lost; the answer
// carries a message id made of the article's place in its stream, so that the
// second answer to an article answered before its worker died is dropped as a
// duplicate. What cannot be answered goes to a dead-letter subject with the
// reason in its headers: articles that cannot be decoded, that the engine refuses,
// whose answer is too large, or that were begun too often without coming to an
// end.
//
// A file each: Config, the connection, the streams (topology), one article's way
// (article), the count of its attempts, what is sent (answer, dead letter), and
// the loop that pulls (worker).
package worker

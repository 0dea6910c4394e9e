// Package bulk runs a corpus through a server: a file of articles in, a file of
// extractions and a file of failures out, and an interrupted run continued
// without loss or repeat.
//
// # How a run can be killed at any moment
//
// Results are written in the order of the input, so that what is done is always
// a prefix of it and one number tells how far a run came. From time to time both
// files are synced, and then a checkpoint is renamed into place which says: up to
// this line of the input everything is in the first so many bytes of the output
// and the first so many of the failures. To resume, both files are cut to these
// lengths and reading goes on after that line. Whatever was written after the
// checkpoint, a torn line included, is cut off and made again; extraction is
// deterministic, so nothing differs. A run that ends by itself, by a signal or
// by an error, writes a last checkpoint and loses nothing.
//
// Order costs little: an article that takes long holds back only the delivery of
// what overtakes it, within the client's window. It buys an output whose lines
// stand as those of the input and that is the same bytes in every run.
package bulk

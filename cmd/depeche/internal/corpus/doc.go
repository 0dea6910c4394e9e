// Package corpus reads files of articles: lines of JSON, CSV and Parquet, the
// first two also compressed with gzip or zstd.
//
// # What a fault costs
//
// A record that is no article is a Record with its Fault, and reading goes on
// after it: a broken line of JSON, a row of CSV with a stray quote or too few
// cells, a date that is none. An error of Next is one of the file as a whole: a
// disk, a truncated gzip, a Parquet page that cannot be decoded.
//
// # Where a record is
//
// Each record says where it ends, as a Position, and reading can go on from any
// of them. An offset counts the bytes of the decompressed text, so that a
// compressed file is read again up to it, and a plain one is not. A Position
// holds a checksum of what stands before it: another file is noticed.
//
// # How much memory it takes
//
// A line or a row of at most MaxRecord bytes, the window of the decompressor,
// and for Parquet a page of each column that is read.
package corpus

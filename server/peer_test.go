package server

import (
	"net"
	"strconv"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc/codes"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// peer is a client that speaks HTTP/2 by hand, so that it can do what gRPC's own
// never does. Its streams are numbered 1, 3, 5...
type peer struct {
	t      testing.TB
	conn   net.Conn
	framer *http2.Framer
	next   uint32
}

// peer connects to a server that listens on TCP, until the test ends.
func (r *running) peer(t testing.TB) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", r.server.Addrs()[0].String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return newPeer(t, conn)
}

func newPeer(t testing.TB, conn net.Conn) *peer {
	p := &peer{t: t, conn: conn, framer: http2.NewFramer(conn, conn), next: 1}
	p.framer.ReadMetaHeaders = hpack.NewDecoder(4<<10, nil)
	_, err := conn.Write([]byte(http2.ClientPreface))
	p.must(err)
	p.must(p.framer.WriteSettings())
	return p
}

func (p *peer) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// call sends the headers of a unary call.
func (p *peer) call() (stream uint32) {
	p.t.Helper()
	stream = p.next
	p.next += 2
	p.must(p.headers(stream))
	return stream
}

func (p *peer) headers(stream uint32) error {
	var block headerBlock
	for _, field := range [][2]string{
		{":method", "POST"}, {":scheme", "http"}, {":authority", "depeche"},
		{":path", depechev1.ExtractionService_ExtractEvents_FullMethodName},
		{"content-type", "application/grpc"}, {"te", "trailers"},
	} {
		block.add(field[0], field[1])
	}
	return p.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block, EndHeaders: true})
}

// headerBlock is a header list without compression.
type headerBlock []byte

func (b *headerBlock) add(name, value string) {
	*b = append(*b, 0, byte(len(name))) // literal, not indexed, both shorter than 127 bytes
	*b = append(append(*b, name...), byte(len(value)))
	*b = append(*b, value...)
}

// message sends a request, or so much of it as data holds of its length.
func (p *peer) message(stream uint32, length int, data []byte) {
	p.t.Helper()
	prefix := []byte{0, byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)}
	p.must(p.framer.WriteData(stream, len(data) == length, append(prefix, data...)))
}

// read gives the next frame.
func (p *peer) read() http2.Frame {
	p.t.Helper()
	p.must(p.conn.SetReadDeadline(time.Now().Add(testTimeout)))
	frame, err := p.framer.ReadFrame()
	p.must(err)
	return frame
}

// ended reads until a call ends, and gives its status.
func (p *peer) ended() codes.Code {
	p.t.Helper()
	for {
		headers, ok := p.read().(*http2.MetaHeadersFrame)
		if !ok || !headers.StreamEnded() {
			continue
		}
		for _, field := range headers.Fields {
			if field.Name == "grpc-status" {
				code, err := strconv.Atoi(field.Value)
				p.must(err)
				return codes.Code(code)
			}
		}
	}
}

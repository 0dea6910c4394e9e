//go:build survival && linux

package bulk

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"google.golang.org/grpc"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// The memory of a run is flat: a gibibyte of input takes what 100 MiB do, and what
// the collector leaves. The server is a stub on this machine, so that the client
// is what works.
//
//	go test -tags survival -run SurvivalMemory -v ./cmd/depeche/internal/bulk
func TestSurvivalMemory(t *testing.T) {
	const (
		small, big = 100 << 20, 1 << 30 // bytes of articles, before compression
		most       = 128 << 20          // of the process
		growth     = 24 << 20           // over that of the small input
	)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	depechev1.RegisterExtractionServiceServer(server, namer{})
	go server.Serve(listener)
	defer server.Stop()

	for _, c := range []struct{ in, out, format string }{
		{"in.jsonl.zst", "out.jsonl", "jsonl"},
		{"in.csv.gz", "out.csv", "acled"},
		{"in.parquet", "out.jsonl", "jsonl"},
		{"in.jsonl.zst", "out.parquet", "parquet"},
		{"in.parquet", "out.parquet", "parquet"},
	} {
		t.Run(c.in+" to "+c.format, func(t *testing.T) {
			var peak [2]int64
			for i, size := range []int{small, big} {
				dir := t.TempDir()
				articles := generate(t, filepath.Join(dir, c.in), size)
				begin := time.Now()
				peak[i] = peakOf(t, dir, c.in, c.out, c.format, listener.Addr().String())
				t.Logf("%s to %s, %d MiB in %d articles: peak RSS %d MiB, %v", c.in, c.format, size>>20, articles, peak[i]>>20, time.Since(begin).Round(time.Second))
				state, err := readCheckpoint(CheckpointPath(filepath.Join(dir, c.out)))
				if err != nil || state == nil || state.Counts.Extracted != int64(articles) {
					t.Fatalf("%d articles, and the checkpoint says %+v, %v", articles, state, err)
				}
			}
			if peak[1] > most || peak[1] > peak[0]+growth {
				t.Errorf("peak RSS is %d MiB for %d MiB, %d MiB for %d MiB", peak[0]>>20, small>>20, peak[1]>>20, big>>20)
			}
		})
	}
}

// peakOf runs a corpus in a process of its own and returns its peak RSS, as the
// child reads it of itself: getrusage counts to a child what its parent held when
// it was started.
func peakOf(t *testing.T, dir, in, out, format, address string) int64 {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), childDirectory+"="+dir, childIn+"="+in, childOut+"="+out, childFormat+"="+format, childServer+"="+address)
	var said strings.Builder
	command.Stderr = &said
	status, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	for line := range strings.Lines(string(status)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	t.Fatalf("no VmHWM in %q", status)
	return 0
}

// generate writes articles of about 3 kB, some of them with an event, until
// they are so many bytes, and returns how many there are.
func generate(t *testing.T, path string, size int) (articles int) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	to := bufio.NewWriterSize(file, 1<<20)
	write, finish := generator(t, to, path)
	random := rand.New(rand.NewPCG(1, 2))
	from := prose(random)
	for written := 0; written < size; articles++ {
		text := generated(random, from)
		write(fmt.Sprintf("article-%d", articles), text)
		written += len(text)
	}
	finish()
	if err := to.Flush(); err != nil {
		t.Fatal(err)
	}
	return articles
}

type generatedRow struct {
	ID   string `parquet:"id"`
	Text string `parquet:"text"`
}

func generator(t *testing.T, to io.Writer, path string) (write func(id, text string), finish func()) {
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case strings.HasSuffix(path, ".jsonl.zst"):
		packed, err := zstd.NewWriter(to)
		must(err)
		lines := json.NewEncoder(packed)
		return func(id, text string) { must(lines.Encode(map[string]string{"id": id, "text": text})) }, func() { must(packed.Close()) }
	case strings.HasSuffix(path, ".csv.gz"):
		packed, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
		must(err)
		rows := csv.NewWriter(packed)
		must(rows.Write([]string{"id", "text"}))
		return func(id, text string) { must(rows.Write([]string{id, text})) }, func() {
			rows.Flush()
			must(rows.Error())
			must(packed.Close())
		}
	}
	rows := parquet.NewGenericWriter[generatedRow](to, parquet.MaxRowsPerRowGroup(10_000), parquet.Compression(&parquet.Zstd))
	return func(id, text string) {
		_, err := rows.Write([]generatedRow{{id, text}})
		must(err)
	}, func() { must(rows.Close()) }
}

// prose is text that does not compress away, made once: what is measured is
// not the making of it.
func prose(random *rand.Rand) string {
	words := strings.Fields("une manifestation a eu lieu dans la ville hier matin devant le ministère où des habitants demandaient de l'eau et du travail selon un témoin joint par téléphone le maire a promis une réponse avant la fin du mois pendant que la route restait coupée aux camions")
	var b strings.Builder
	for b.Len() < 16<<20 {
		fmt.Fprintf(&b, "%s %d ", words[random.IntN(len(words))], random.IntN(100_000))
	}
	return b.String()
}

// generated is an article's text out of the prose.
func generated(random *rand.Rand, prose string) string {
	const length = 3000
	at := random.IntN(len(prose) - length)
	text := strings.ToValidUTF8(prose[at:at+length], "")
	if random.IntN(3) == 0 {
		return "Un combat a eu lieu. " + text
	}
	return text
}

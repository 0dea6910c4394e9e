//go:build survival && linux

package extract

import (
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// An article takes time in proportion to its length, whatever it repeats: one of
// eight times the length, no more than three times as long for each byte. What is
// counted is the CPU of this thread, so that others may have the cores.
//
//	go test -tags survival -run SurvivalLinear -v ./internal/extract
func TestSurvivalLinear(t *testing.T) {
	const short, long, worse = 32 << 10, 256 << 10, 3
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	texts := map[string]func(size int) Input{}
	for name, unit := range hostileUnits {
		texts[name] = func(size int) Input { return hostile(unit, size) }
	}
	for name, sentence := range hostileRuns {
		texts[name] = func(size int) Input { return hostileRun(sentence, size) }
	}
	for name, text := range texts {
		a, b := cpuOf(t, text(short)), cpuOf(t, text(long))
		t.Logf("%-14s %4d KiB %7.1f ms, %4d KiB %7.1f ms: %.1f times for each byte", name, short>>10, a.Seconds()*1e3, long>>10, b.Seconds()*1e3,
			b.Seconds()/a.Seconds()*short/long)
		if enough := 20 * time.Millisecond; b > enough && b > worse*(long/short)*max(a, enough/8) {
			t.Errorf("%s: %v for %d bytes, %v for %d", name, a, short, b, long)
		}
	}
}

// cpuOf is the least CPU of three that an article takes on this thread.
func cpuOf(t *testing.T, in Input) time.Duration {
	t.Helper()
	took := make([]time.Duration, 3)
	for i := range took {
		before := threadCPU(t)
		if _, err := extractor().Extract(t.Context(), in, Options{}); err != nil {
			t.Fatal(err)
		}
		took[i] = threadCPU(t) - before
	}
	return slices.Min(took)
}

func threadCPU(t *testing.T) time.Duration {
	t.Helper()
	const thread = 1 // RUSAGE_THREAD
	var used syscall.Rusage
	if err := syscall.Getrusage(thread, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

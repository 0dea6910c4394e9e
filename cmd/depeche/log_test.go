package main

import (
	"math"
	"os"
	"runtime/debug"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// The cgroup's limit is the process's, but for what GOMEMLIMIT says.
func TestMemoryLimit(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	for _, test := range []struct {
		name, set string
		cgroup    memlimit.Provider
		want      int64
		logged    string
	}{
		{"a cgroup's", "", memlimit.Limit(1000 << 20), 900 << 20, "900MiB"},
		{"GOMEMLIMIT is stronger", "2GiB", memlimit.Limit(1000 << 20), math.MaxInt64, "none"}, // the runtime read it at the start
		{"no cgroup", "", func() (uint64, error) { return 0, memlimit.ErrNoCgroup }, math.MaxInt64, "none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			debug.SetMemoryLimit(math.MaxInt64)
			t.Setenv("GOMEMLIMIT", test.set)
			if test.set == "" {
				os.Unsetenv("GOMEMLIMIT") // until Setenv's end
			}
			core, logs := observer.New(zap.InfoLevel)
			limitMemory(zap.New(core), test.cgroup)
			if got := debug.SetMemoryLimit(-1); got != test.want {
				t.Errorf("limit is %d, want %d", got, test.want)
			}
			if logs.Len() != 1 || logs.All()[0].ContextMap()["memory_limit"] != test.logged {
				t.Errorf("logged %v", logs.All()[0].ContextMap())
			}
		})
	}
}

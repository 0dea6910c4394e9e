package server

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSequences(t *testing.T) {
	tests := []struct {
		name  string
		add   []uint64
		isNew []bool
		runs  []run
	}{
		{"counting up", []uint64{0, 1, 2, 3}, []bool{true, true, true, true}, []run{{0, 3}}},
		{"counting down", []uint64{3, 2, 1, 0}, []bool{true, true, true, true}, []run{{0, 3}}},
		{"repeated", []uint64{7, 7, 8, 7, 8}, []bool{true, false, true, false, false}, []run{{7, 8}}},
		{"a gap is filled", []uint64{1, 3, 2}, []bool{true, true, true}, []run{{1, 3}}},
		{"scattered", []uint64{5, 1, 9, 1, 5, 9}, []bool{true, true, true, false, false, false}, []run{{1, 1}, {5, 5}, {9, 9}}},
		{"ends of the range", []uint64{math.MaxUint64, 0, math.MaxUint64, 0, math.MaxUint64 - 1}, []bool{true, true, false, false, true}, []run{{0, 0}, {math.MaxUint64 - 1, math.MaxUint64}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s sequences
			for i, n := range test.add {
				if got := s.add(n); got != test.isNew[i] {
					t.Errorf("add %d, %d. time: new is %v", n, i, got)
				}
			}
			if !slices.Equal(s.runs, test.runs) {
				t.Errorf("runs are %v, want %v", s.runs, test.runs)
			}
		})
	}
}

func TestSequencesAgreeWithASet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var s sequences
		set := map[uint64]bool{}
		for range 500 {
			n := random.Uint64N(300)
			if got := s.add(n); got == set[n] {
				t.Fatalf("add %d: new is %v; runs %v", n, got, s.runs)
			}
			set[n] = true
		}
	}
}

func TestSequencesAreBounded(t *testing.T) {
	var s sequences
	for i := range uint64(3 * maxRuns) {
		if !s.add(2 * i) {
			t.Fatalf("%d is not new", 2*i)
		}
		if len(s.runs) > maxRuns {
			t.Fatalf("%d runs", len(s.runs))
		}
	}
	last := uint64(2 * (3*maxRuns - 1))
	if s.add(last) || s.add(last-maxRuns/2) {
		t.Error("a late number was forgotten")
	}
	if !s.add(0) {
		t.Error("0 is still known: the bound was not reached")
	}
}

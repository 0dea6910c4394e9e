package server

import "slices"

// maxRuns bounds the memory of a stream's sequence numbers: 1 MiB.
const maxRuns = 64 << 10

// sequences remembers which sequence numbers a stream has used, as runs of
// consecutive numbers: a client that counts up costs one run, however many
// articles it sends. Numbers that are scattered cost a run each; past maxRuns
// the lower half is forgotten, and a repeat of one of those is answered again
// instead of refused, which is harmless: extraction is pure.
type sequences struct {
	runs []run // ascending, neither overlapping nor adjacent
}

// run is the numbers from first to last, both included.
type run struct{ first, last uint64 }

// add notes n and reports whether it is new.
func (s *sequences) add(n uint64) bool {
	// i is the first run that ends at n or after it. Clients count up, so it is
	// nearly always past the end.
	i := len(s.runs)
	if i > 0 && n <= s.runs[i-1].last {
		i, _ = slices.BinarySearchFunc(s.runs, n, func(r run, n uint64) int {
			if r.last < n {
				return -1
			}
			return 1
		})
		if s.runs[i].first <= n {
			return false
		}
	}

	follows := i > 0 && s.runs[i-1].last+1 == n
	precedes := i < len(s.runs) && n+1 == s.runs[i].first
	switch {
	case follows && precedes:
		s.runs[i-1].last = s.runs[i].last
		s.runs = slices.Delete(s.runs, i, i+1)
	case follows:
		s.runs[i-1].last = n
	case precedes:
		s.runs[i].first = n
	default:
		s.runs = slices.Insert(s.runs, i, run{n, n})
		if len(s.runs) > maxRuns {
			s.runs = slices.Delete(s.runs, 0, maxRuns/2)
		}
	}
	return true
}

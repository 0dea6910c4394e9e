package worker

import "strings"

// overlap reports whether a message could have a subject that both patterns
// take.
func overlap(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		switch {
		case as[i] == ">" || bs[i] == ">":
			return true
		case as[i] != "*" && bs[i] != "*" && as[i] != bs[i]:
			return false
		}
	}
	return len(as) == len(bs)
}

// covers reports whether the pattern takes every subject that the other one
// takes.
func covers(pattern, other string) bool {
	ps, os := strings.Split(pattern, "."), strings.Split(other, ".")
	for i, p := range ps {
		switch {
		case i >= len(os):
			return false
		case p == ">":
			return true
		case os[i] == ">" || p != "*" && p != os[i]:
			return false
		}
	}
	return len(ps) == len(os)
}

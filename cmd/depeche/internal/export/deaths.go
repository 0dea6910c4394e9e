package export

import (
	"math"
	"slices"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// deaths are how many people were killed, as the sources together tell it. A
// nil is not told.
type deaths struct {
	best, low, high *float64
	// By side, where the best estimate tells it.
	agents, targets, civilians, others *float64
}

// side is who is counted.
type side int

const (
	unknownSide side = iota
	agentSide
	targetSide
	civilianSide
	sides
)

// deaths weighs the numbers of killed people. For each side the best estimate is
// the publication's own number, else the lowest of its sources'; low and high are
// the lowest and the highest that anybody gives. A side that one source numbers
// twice has the greater number. In all it is the sum of the sides, or the number
// of no side in particular if that is greater: it may hold the others («30 morts,
// dont 12 civils»). «plus de 60» is 60 at least and has no high; «jusqu'à 30» is a
// high alone.
func (h *happening) deaths() deaths {
	const publication = ""
	var (
		lows, highs  [sides]map[string]*float64 // by source
		best, lowest [sides]*float64
		highest      [sides]*float64
		open         bool // a number without a high
	)
	for i, q := range h.GetQuantities() {
		if q.GetKind() != depechev1.QuantityKind_QUANTITY_KIND_KILLED {
			continue
		}
		s := h.sideOf(q)
		open = open || q.High == nil
		for _, source := range h.sourcesOf(uint32(i)) {
			if q.Low != nil {
				raise(&lows[s], source, q.GetLow())
			}
			if q.High != nil {
				raise(&highs[s], source, q.GetHigh())
			}
		}
	}
	for s := range sides {
		for _, n := range lows[s] {
			if lowest[s] == nil || *n < *lowest[s] {
				lowest[s] = n
			}
		}
		for _, n := range highs[s] {
			highest[s] = larger(highest[s], *n)
		}
		if best[s] = lows[s][publication]; best[s] == nil {
			best[s] = lowest[s]
		}
	}
	out := deaths{best: sum(best), low: sum(lowest), agents: best[agentSide], targets: best[targetSide], civilians: best[civilianSide]}
	if !open {
		out.high = sum(highest)
	}
	if out.best != nil {
		told := 0.0
		for s := agentSide; s < sides; s++ {
			if best[s] != nil {
				told += *best[s]
			}
		}
		if rest := *out.best - told; rest > 0 {
			out.others = &rest
		}
	}
	return out
}

// raise keeps the greater of what a source says.
func raise(of *map[string]*float64, source string, n float64) {
	if *of == nil {
		*of = map[string]*float64{}
	}
	(*of)[source] = larger((*of)[source], n)
}

// sourcesOf are the ids of those who give a number; empty is the publication.
func (h *happening) sourcesOf(quantity uint32) []string {
	var out []string
	for _, c := range h.GetClaims() {
		if slices.Contains(c.GetQuantityIndexes(), quantity) {
			out = append(out, c.GetSourceActorId())
		}
	}
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

func (h *happening) sideOf(q *depechev1.Quantity) side {
	if q.ActorId == nil {
		return unknownSide
	}
	is := func(a *depechev1.Actor) bool { return a.GetId() == q.GetActorId() }
	actor := h.actor(q.GetActorId())
	switch {
	case actor.GetKind() == depechev1.ActorKind_ACTOR_KIND_CIVILIANS:
		return civilianSide
	case slices.ContainsFunc(h.agents, is), slices.ContainsFunc(h.agentAllies, is):
		return agentSide
	case slices.ContainsFunc(h.targets, is), slices.ContainsFunc(h.targetAllies, is):
		return targetSide
	}
	return unknownSide
}

// sum is the number in all: that of the sides, or the one of no side if it is
// greater.
func sum(of [sides]*float64) *float64 {
	var told *float64
	for s := agentSide; s < sides; s++ {
		if of[s] != nil {
			if told == nil {
				told = new(float64)
			}
			*told += *of[s]
		}
	}
	if of[unknownSide] != nil && (told == nil || *of[unknownSide] > *told) {
		return of[unknownSide]
	}
	return told
}

func larger(than *float64, n float64) *float64 {
	if than != nil {
		n = math.Max(*than, n)
	}
	return &n
}

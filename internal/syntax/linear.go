package syntax

import "math"

// table is a linear model over hashed features: each row holds one weight for
// every outcome (lane) side by side, so that a feature costs one cache line or
// two whatever the number of outcomes. Features that collide share a row; the
// model is trained with the collisions, so they cost little (the "hash kernel"
// of Bohnet 2010).
type table struct {
	lanes int
	shift uint // 32 - log2 of the number of rows
	w     []int16
}

func newTable(bits uint, lanes int) table {
	return table{lanes: lanes, shift: 32 - bits, w: make([]int16, lanes<<bits)}
}

// add adds the rows of features to scores.
func (t *table) add(features []uint32, scores []int32) {
	lanes := t.lanes
	scores = scores[:lanes]
	for _, f := range features {
		row := t.w[int(f>>t.shift)*lanes:][:lanes]
		for i, v := range row {
			scores[i] += int32(v)
		}
	}
}

// mix hashes a feature: the number of its template and up to three values.
func mix(template, a, b, c uint32) uint32 {
	h := (uint64(a) + uint64(template)<<32) * 0x9E3779B97F4A7C15
	h ^= h >> 32
	h = (h + uint64(b)) * 0xC2B2AE3D27D4EB4F
	h ^= h >> 29
	h = (h + uint64(c)) * 0xD6E8FEB86659FD93
	return uint32(h >> 32)
}

// trainer is a table that is being learnt: an averaged perceptron.
type trainer struct {
	table
	bits uint
	// sum[i] is the sum over updates of (time of update * change): the average
	// over the whole training is w - sum/time (Daumé 2006).
	sum  []int64
	time int64
}

func newTrainer(bits uint, lanes int) *trainer {
	return &trainer{table: newTable(bits, lanes), bits: bits, sum: make([]int64, lanes<<bits), time: 1}
}

// update moves the weights of lane by change for all features.
func (t *trainer) update(features []uint32, lane int, change int16) {
	for _, f := range features {
		t.move(int(f>>t.shift)*t.lanes+lane, change)
	}
}

// move moves one weight. Weights don't leave the range of int16: that would
// take tens of thousands of mistakes in one direction.
func (t *trainer) move(i int, change int16) {
	if w := int(t.w[i]) + int(change); w == int(int16(w)) {
		t.w[i] = int16(w)
		t.sum[i] += t.time * int64(change)
	}
}

// averaged returns the table of averaged weights, scaled to a maximum of
// maxWeight.
func (t *trainer) averaged() table {
	out := newTable(t.bits, t.lanes)
	average := func(i int) float64 { return float64(t.w[i]) - float64(t.sum[i])/float64(t.time) }
	var largest float64
	for i := range t.w {
		largest = max(largest, math.Abs(average(i)))
	}
	if largest == 0 {
		return out
	}
	for i := range t.w {
		out.w[i] = int16(math.Round(average(i) * maxWeight / largest))
	}
	return out
}

// maxWeight is the largest weight of a table.
const maxWeight = 4095

package syntax

import (
	"math"
	"math/bits"
)

// Features are hashes. The values that templates put together are well mixed 64
// bits each, so a feature needs no multiplication: values are rotated by their
// place, added up with the number of the template, and the upper bits say the
// row (tabulation hashing).

const golden = 0x9E3779B97F4A7C15

// spread mixes a small number into 64 bits.
func spread(x uint32) uint64 {
	h := (uint64(x) + 1) * golden
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>29
}

func feature1(template uint32, a uint64) uint32 {
	return uint32((uint64(template)*golden + a) >> 32)
}

func feature2(template uint32, a, b uint64) uint32 {
	return uint32((uint64(template)*golden + a + bits.RotateLeft64(b, 23)) >> 32)
}

func feature3(template uint32, a, b, c uint64) uint32 {
	return uint32((uint64(template)*golden + a + bits.RotateLeft64(b, 23) + bits.RotateLeft64(c, 41)) >> 32)
}

// table is a linear model over hashed features: each row holds one weight for
// every outcome (lane) side by side. Features that collide share a row; the
// model is trained with the collisions, so they cost little (the hash kernel of
// Bohnet 2010). Rows may be longer than the stride between them: they overlap
// then, which is a collision like others.
//
// Four lanes are packed into a word as the number Σ wᵢ·2^16ⁱ: adding words adds
// all lanes at once, and the lanes of the sum come out right as long as each
// total fits 16 bits, borrows and all.
type table struct {
	stride int // words from row to row
	shift  uint
	w      []uint64
}

const (
	lanesPerWord = 4
	// maxRow is the largest number of words of a row.
	maxRow = 16
)

// stride returns how many words a row of so many lanes takes.
func stride(lanes int) int {
	switch words := (lanes + lanesPerWord - 1) / lanesPerWord; {
	case words <= 1:
		return 1
	case words <= 4:
		return 4
	default:
		return (words + 7) / 8 * 8
	}
}

// tableWords is the number of words of a table.
func tableWords(bits uint, stride int) int { return stride<<bits + maxRow }

// pack makes the words of lanes, of which there are lanesPerWord for each.
func pack(words []uint64, lanes []int16) {
	for k := range words {
		l := lanes[k*lanesPerWord:][:lanesPerWord]
		words[k] = uint64(int64(l[0])) + uint64(int64(l[1]))<<16 + uint64(int64(l[2]))<<32 + uint64(int64(l[3]))<<48
	}
}

// unpack writes up to four lanes of v.
func unpack(v uint64, lanes []int16) {
	for i := range min(lanesPerWord, len(lanes)) {
		lanes[i] = int16(v)
		v = uint64(int64(v-uint64(int64(int16(v)))) >> 16)
	}
}

// score1 sums the rows of features, of one word each.
func (t *table) score1(features []uint32) uint64 {
	var sum uint64
	shift := t.shift & 31
	for _, f := range features {
		sum += t.w[f>>shift]
	}
	return sum
}

// score sums the rows of features into scores: as many lanes as scores has.
func (t *table) score(features []uint32, scores []int16) {
	shift := t.shift & 31
	for k := 0; k*lanesPerWord < len(scores); {
		var s0, s1, s2, s3, s4, s5, s6, s7 uint64
		if len(scores)-k*lanesPerWord <= 4*lanesPerWord {
			for _, f := range features {
				row := (*[4]uint64)(t.w[int(f>>shift)*t.stride+k:])
				s0 += row[0]
				s1 += row[1]
				s2 += row[2]
				s3 += row[3]
			}
		} else {
			for _, f := range features {
				row := (*[8]uint64)(t.w[int(f>>shift)*t.stride+k:])
				s0 += row[0]
				s1 += row[1]
				s2 += row[2]
				s3 += row[3]
				s4 += row[4]
				s5 += row[5]
				s6 += row[6]
				s7 += row[7]
			}
		}
		for _, v := range [8]uint64{s0, s1, s2, s3, s4, s5, s6, s7} {
			if at := k * lanesPerWord; at < len(scores) {
				unpack(v, scores[at:])
			}
			k++
		}
	}
}

// best returns the lane of the largest of scores[from:]; the first of equals.
func best(scores []int16, from int) int {
	b := from
	for i := from + 1; i < len(scores); i++ {
		if scores[i] > scores[b] {
			b = i
		}
	}
	return b
}

// trainer is a table that is being learnt: an averaged perceptron.
type trainer struct {
	bits   uint
	shift  uint
	stride int // lanes from row to row
	w      []int16
	// sum[i] is the sum over updates of (time of update * change): the average
	// over the whole training is w - sum/time (Daumé 2006).
	sum  []int64
	time int64
	peak int32 // largest sum so far, either side of zero
}

// newTrainer returns a trainer of rows of that many lanes.
func newTrainer(bits uint, lanes int) *trainer { return newOverlapping(bits, stride(lanes)) }

// newOverlapping returns a trainer whose rows begin every stride words.
func newOverlapping(bits uint, stride int) *trainer {
	n := tableWords(bits, stride) * lanesPerWord
	return &trainer{bits: bits, shift: 32 - bits, stride: stride * lanesPerWord, w: make([]int16, n), sum: make([]int64, n), time: 1}
}

func (t *trainer) score(features []uint32, scores []int32) {
	clear(scores)
	for _, f := range features {
		row := t.w[int(f>>t.shift)*t.stride:][:len(scores)]
		for i, v := range row {
			scores[i] += int32(v)
		}
	}
	for _, v := range scores {
		t.peak = max(t.peak, v, -v)
	}
}

func bestOf(scores []int32, from int) int {
	b := from
	for i := from + 1; i < len(scores); i++ {
		if scores[i] > scores[b] {
			b = i
		}
	}
	return b
}

// update moves the weights of lane by change for all features. Weights don't
// leave the range of int16: that would take tens of thousands of mistakes in
// one direction.
func (t *trainer) update(features []uint32, lane int, change int16) {
	for _, f := range features {
		i := int(f>>t.shift)*t.stride + lane
		if w := int(t.w[i]) + int(change); w == int(int16(w)) {
			t.w[i] = int16(w)
			t.sum[i] += t.time * int64(change)
		}
	}
}

// mean returns the table of the mean of trainings alike in shape, of weights
// averaged over each, and its scale.
func mean(ts []*trainer) (t table, scale float64) {
	sum := make([]float64, len(ts[0].w))
	var peak int32
	for _, t := range ts {
		peak = max(peak, t.peak)
		for i, w := range t.w {
			if w != 0 || t.sum[i] != 0 {
				sum[i] += (float64(w) - float64(t.sum[i])/float64(t.time)) / float64(len(ts))
			}
		}
	}
	return ts[0].quantise(sum, peak), scaleOf(peak)
}

// headroom is how many times larger than any sum met in training a sum may be
// before it leaves int16. If one did, a wrong score would be all.
const headroom = 1

// scaleOf returns how many units of a table a unit of training becomes.
func scaleOf(peak int32) float64 { return float64(math.MaxInt16/headroom) / float64(max(peak, 1)) }

// quantise makes a table of weights that stand as in t, the largest sum of which
// was peak.
func (t *trainer) quantise(weights []float64, peak int32) table {
	out := table{stride: t.stride / lanesPerWord, shift: t.shift, w: make([]uint64, len(weights)/lanesPerWord)}
	scale := scaleOf(peak)
	lanes := make([]int16, len(weights))
	for i, w := range weights {
		lanes[i] = int16(max(-math.MaxInt16, min(math.MaxInt16, math.Round(w*scale))))
	}
	pack(out.w, lanes)
	return out
}

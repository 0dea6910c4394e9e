package main

import "math"

// ftrl learns a sparse logistic model: follow the regularised leader,
// proximal, with a rate for each feature (McMahan et al. 2013, "Ad click
// prediction: a view from the trenches", algorithm 1).
type ftrl struct {
	rate, l1, l2 float64
	z, n         []float64 // by feature
}

func (m *ftrl) weight(i int) float64 {
	z := m.z[i]
	if math.Abs(z) <= m.l1 {
		return 0
	}
	return (math.Copysign(m.l1, z) - z) / ((1+math.Sqrt(m.n[i]))/m.rate + m.l2)
}

// learn takes a step towards yes for an example of that weight.
func (m *ftrl) learn(features []int, yes bool, weight float64) {
	sum := 0.0
	for _, i := range features {
		sum += m.weight(i)
	}
	g := 1 / (1 + math.Exp(-sum))
	if yes {
		g--
	}
	g *= weight
	for _, i := range features {
		w := m.weight(i)
		step := (math.Sqrt(m.n[i]+g*g) - math.Sqrt(m.n[i])) / m.rate
		m.z[i] += g - step*w
		m.n[i] += g * g
	}
}

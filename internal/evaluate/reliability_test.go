package evaluate

import (
	"math"
	"testing"
)

func TestReliability(t *testing.T) {
	var r reliability
	for _, e := range []struct {
		confidence float32
		right      bool
	}{{0.95, true}, {1, true}, {0.92, false}, {0.55, true}, {0, false}} {
		r.add(e.confidence, e.right)
	}
	if b := r[9]; b.Events != 3 || b.Right != 2 || math.Abs(b.Mean()-0.9567) > 1e-3 {
		t.Errorf("bin %+v", b)
	}
	// (3*|0.957-0.667| + |0.55-1| + |0-0|) / 5
	if got := r.calibrationError(); math.Abs(got-0.264) > 1e-3 {
		t.Errorf("calibration error %.3f", got)
	}
	if got := (&reliability{}).calibrationError(); got != 0 {
		t.Errorf("calibration error of nothing %v", got)
	}
}

package evaluate

// bins is into how many parts the range of confidence is cut.
const bins = 10

// Bin are the events whose confidence lies in one part of the range.
type Bin struct {
	Events     int     // predicted
	Right      int     // that match a gold event, optional ones too, of their type
	Confidence float64 // sum over the events
}

// Share is the share of events that are right. A calibrated confidence is near
// it.
func (b Bin) Share() float64 { return ratio(b.Right, b.Events) }

// Mean is the mean confidence of the events.
func (b Bin) Mean() float64 {
	if b.Events == 0 {
		return 0
	}
	return b.Confidence / float64(b.Events)
}

// reliability is how often events are right, by confidence.
type reliability [bins]Bin

func (r *reliability) add(confidence float32, right bool) {
	b := &r[min(max(int(confidence*bins), 0), bins-1)]
	b.Events++
	b.Confidence += float64(confidence)
	if right {
		b.Right++
	}
}

// calibrationError is the mean distance between confidence and share of right
// events, weighted by events: the expected calibration error of Naeini, Cooper
// and Hauskrecht (2015), «Obtaining well calibrated probabilities using
// Bayesian binning».
func (r *reliability) calibrationError() float64 {
	sum, n := 0.0, 0
	for _, b := range r {
		sum += max(b.Mean()-b.Share(), b.Share()-b.Mean()) * float64(b.Events)
		n += b.Events
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

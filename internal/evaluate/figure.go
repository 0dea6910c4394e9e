package evaluate

// Share measures what was found against what there is: precision, recall and
// their harmonic mean, from counts.
type Share struct{ Right, Wrong, Missed int }

func (s *Share) add(right, wrong, missed int) {
	s.Right += right
	s.Wrong += wrong
	s.Missed += missed
}

// Precision is the share of what was found that is right; 0 if nothing was.
func (s Share) Precision() float64 { return ratio(s.Right, s.Right+s.Wrong) }

// Recall is the share of what there is that was found; 0 if there is nothing.
func (s Share) Recall() float64 { return ratio(s.Right, s.Right+s.Missed) }

// F1 is the harmonic mean of precision and recall.
func (s Share) F1() float64 {
	p, r := s.Precision(), s.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// Total is how many there are to find.
func (s Share) Total() int { return s.Right + s.Missed }

// Accuracy measures how many of Total answers are right.
type Accuracy struct{ Right, Total int }

func (a *Accuracy) add(right bool) {
	if right {
		a.Right++
	}
	a.Total++
}

// Value is the share of right answers; 0 if there is none.
func (a Accuracy) Value() float64 { return ratio(a.Right, a.Total) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// share is a figure told as precision, recall and F1.
type share int

const (
	trigger  share = iota // an event is found, whatever its type
	typed                 // and its type is right
	complete              // and its agents, targets and places
	mention               // every place where the article tells it
	agent
	target
	ally
	place
	source
	quantity
	nonActual // factuality other than ACTUAL
	actors    // one id for each
	locations
	shares // how many there are
)

var shareNames = [shares]string{"trigger", "typed", "complete", "mention", "agent", "target", "ally", "place", "source",
	"quantity", "non_actual", "actors", "locations"}

// accuracy is a figure told as the share of right answers.
type accuracy int

const (
	start accuracy = iota
	end
	factuality
	timeframe
	geocoded // within 25 km
	country
	actorKind
	actorCountry
	accuracies // how many there are
)

var accuracyNames = [accuracies]string{"start", "end", "factuality", "timeframe", "geocoded_25km", "country", "actor_kind",
	"actor_country"}

// Counts are the events that were compared.
type Counts struct {
	Gold       int `json:"gold"`       // to be found
	Optional   int `json:"optional"`   // that need not be found
	Predicted  int `json:"predicted"`  // that were found
	Duplicates int `json:"duplicates"` // found a second time
	Spurious   int `json:"spurious"`   // that match nothing
}

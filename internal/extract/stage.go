package extract

import "time"

// Observer is told of a stage that has ended: when it began and how long it
// took. It is called on the goroutine of Extract and counts to its time.
type Observer func(stage string, began time.Time, took time.Duration)

// The stages, as an Observer is told of them.
const (
	stageArticle    = "article" // reading and segments
	stageLanguage   = "language"
	stageText       = "text"
	stageSyntax     = "syntax"
	stagePlaces     = "places"
	stageTimes      = "times" // and the reference date
	stageActors     = "actors"
	stageQuantities = "quantities"
	stageEvents     = "events"
)

// Stages names the stages in their order. An article that is refused, or that
// is not read to its end, goes through the first ones only.
func Stages() []string {
	return []string{stageArticle, stageLanguage, stageText, stageSyntax, stagePlaces, stageTimes, stageActors,
		stageQuantities, stageEvents}
}

// stopwatch tells an observer of stages that follow on each other. Without one
// it does not look at the clock.
type stopwatch struct {
	observe Observer
	began   time.Time // when the running stage began
}

func newStopwatch(observe Observer) stopwatch {
	w := stopwatch{observe: observe}
	if observe != nil {
		w.began = time.Now()
	}
	return w
}

// end ends the running stage, and the next one begins.
func (w *stopwatch) end(stage string) {
	if w.observe == nil {
		return
	}
	now := time.Now()
	w.observe(stage, w.began, now.Sub(w.began))
	w.began = now
}

package extract

import (
	"context"
	"slices"
	"testing"
	"time"
)

// observed extracts an article and returns the stages that were told of.
func observed(t *testing.T, in Input) (stages []string) {
	t.Helper()
	start, end := time.Now(), time.Time{}
	_, _ = extractor().Extract(context.Background(), in, Options{Observe: func(stage string, began time.Time, took time.Duration) {
		if began.Before(start) || took < 0 {
			t.Errorf("%s began %v before the article and took %v", stage, start.Sub(began), took)
		}
		if !end.IsZero() && !began.Equal(end) {
			t.Errorf("%s does not begin where the stage before it ended", stage)
		}
		end = began.Add(took)
		stages = append(stages, stage)
	}})
	if end.After(time.Now()) {
		t.Error("the stages end after the article")
	}
	return stages
}

func TestStagesAreTold(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   Input
		want []string
	}{
		{"an article goes through all", Input{Body: []byte("L'armée a repris samedi la ville de Gao."), Language: "fr"}, Stages()},
		{"one in another language is not read", Input{Body: []byte("The army took the town back on Saturday."), Language: "en"},
			[]string{stageArticle, stageLanguage}},
		{"one with a wrong tag is refused", Input{Body: []byte("L'armée a repris Gao."), Language: "!"}, []string{stageArticle}},
		{"an empty one is refused at once", Input{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := observed(t, tt.in); !slices.Equal(got, tt.want) {
				t.Errorf("told of %v, want %v", got, tt.want)
			}
		})
	}
}

// Observing a stage allocates nothing.
func TestObservingAllocatesNothing(t *testing.T) {
	var sum time.Duration
	observe := func(_ string, _ time.Time, took time.Duration) { sum += took }
	if n := testing.AllocsPerRun(100, func() {
		watch := newStopwatch(observe)
		watch.end(stageText)
		watch.end(stageSyntax)
	}); n != 0 {
		t.Errorf("two stages allocate %v times", n)
	}
}

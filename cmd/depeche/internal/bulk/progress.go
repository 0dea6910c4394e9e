package bulk

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/depeche-events/depeche/cmd/depeche/internal/corpus"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a run is, on a terminal.
type progress struct {
	bars  *mpb.Progress // nil: quiet
	bar   *mpb.Bar
	in    *corpus.Reader
	begin int64         // what of the input was read before
	done  *atomic.Int64 // results of this run
}

func newProgress(config Config, in *corpus.Reader) *progress {
	begin, end := in.Progress()
	p := &progress{in: in, begin: begin, done: new(atomic.Int64)}
	if !config.Terminal || config.Stderr == nil || config.Errors == Standard {
		return p
	}
	start := time.Now()
	counts := decor.Any(func(decor.Statistics) string {
		done := p.done.Load()
		return fmt.Sprintf("%d articles, %.0f/s", done, float64(done)/max(time.Since(start).Seconds(), 1e-3))
	})
	p.bars = mpb.New(mpb.WithOutput(config.Stderr), mpb.WithAutoRefresh(), mpb.WithWidth(72))
	if total := end - begin; total > 0 {
		p.bar = p.bars.AddBar(total,
			mpb.PrependDecorators(decor.Percentage(decor.WCSyncSpace)),
			mpb.AppendDecorators(counts, decor.Name(", remaining "), decor.AverageETA(decor.ET_STYLE_GO)))
	} else {
		p.bar = p.bars.AddSpinner(0, mpb.AppendDecorators(counts)) // who knows how much is to come
	}
	return p
}

// advance shows one more result.
func (p *progress) advance() {
	if p.bars == nil {
		return
	}
	p.done.Add(1)
	read, _ := p.in.Progress() // a little ahead of the results
	p.bar.SetCurrent(read - p.begin)
}

// stop leaves the last state on the terminal.
func (p *progress) stop() {
	if p.bars == nil {
		return
	}
	p.bar.Abort(false)
	p.bars.Wait()
}

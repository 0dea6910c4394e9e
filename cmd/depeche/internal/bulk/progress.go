package bulk

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a run is, on a terminal.
type progress struct {
	bars  *mpb.Progress // nil: quiet
	bar   *mpb.Bar
	begin int64         // offset in the input
	done  *atomic.Int64 // results of this run
}

func newProgress(config Config, files *files) *progress {
	p := &progress{begin: files.state.Offset, done: new(atomic.Int64)}
	if !config.Terminal || config.Stderr == nil || files.errors.file == nil {
		return p
	}
	start := time.Now()
	counts := decor.Any(func(decor.Statistics) string {
		done := p.done.Load()
		return fmt.Sprintf("%d articles, %.0f/s", done, float64(done)/max(time.Since(start).Seconds(), 1e-3))
	})
	p.bars = mpb.New(mpb.WithOutput(config.Stderr), mpb.WithAutoRefresh(), mpb.WithWidth(72))
	if total := files.inputSize - files.state.Offset; total > 0 {
		p.bar = p.bars.AddBar(total,
			mpb.PrependDecorators(decor.Percentage(decor.WCSyncSpace)),
			mpb.AppendDecorators(counts, decor.Name(", remaining "), decor.AverageETA(decor.ET_STYLE_GO)))
	} else {
		p.bar = p.bars.AddSpinner(0, mpb.AppendDecorators(counts)) // who knows how much is to come
	}
	return p
}

// advance shows one more result.
func (p *progress) advance(state checkpoint) {
	if p.bars == nil {
		return
	}
	p.done.Add(1)
	p.bar.SetCurrent(state.Offset - p.begin)
}

// stop leaves the last state on the terminal.
func (p *progress) stop() {
	if p.bars == nil {
		return
	}
	p.bar.Abort(false)
	p.bars.Wait()
}

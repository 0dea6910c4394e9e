package bulk

import (
	"time"

	"github.com/depeche-events/depeche/cmd/depeche/internal/export"
)

// paceOf says how much work is done again after a kill, at most: so many
// results, or so long, whichever comes first.
func paceOf(format export.Format) (results int, interval time.Duration) {
	if format == export.Parquet { // a file each time: not too many
		return 50_000, time.Minute
	}
	return 1000, 5 * time.Second
}

// openOutput opens what answers are written to.
func openOutput(config Config, tally *export.Tally, disk disk) (output, error) {
	if config.OutFormat == export.Parquet {
		parts, err := openParts(config.Out, tally, disk)
		if err != nil {
			return nil, err
		}
		return parts, nil
	}
	encoder, err := export.NewEncoder(config.OutFormat, config.CodedOnly, tally)
	if err != nil {
		return nil, &UsageError{err}
	}
	file, err := openSink(config.Out, config.Stdout, compressionOf(config.Out), disk)
	if err != nil {
		return nil, err
	}
	return &text{sink: file, encoder: encoder}, nil
}

// text is an output in a format of text.
type text struct {
	*sink
	encoder *export.Encoder
	buffer  []byte
}

func (t *text) begin(length int64) error {
	err := t.sink.begin(length)
	if err == nil && length == 0 {
		err = t.append(t.encoder.Head())
	}
	return err
}

func (t *text) write(done outcome) (err error) {
	t.buffer, err = t.encoder.Append(t.buffer[:0], export.Answer{Article: done.article, Extraction: done.extraction})
	if err != nil {
		return err
	}
	return t.append(t.buffer)
}

func (t *text) finish() error {
	if err := t.append(t.encoder.Tail()); err != nil {
		return err
	}
	_, err := t.commit()
	return err
}

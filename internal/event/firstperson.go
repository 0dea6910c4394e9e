package event

import (
	"context"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/syntax"
)

// findFirstPersons finds who «je» and «nous» are where they are subjects in a
// quotation: who speaks it. «Nous exigeons leur libération», a dit le ministre.
func (r *reading) findFirstPersons(ctx context.Context) {
	speakers := map[int32]int32{}
	for si := range interrupt.Range(ctx, len(r.Text.Sentences)) {
		s := r.Text.Sentences[si].Words
		for w := s.First; w < s.Last; w++ {
			q := r.quoted[w]
			if q < 0 || !r.long(q) || r.actorAt[w] >= 0 || r.a.Words[w].Rel.Base() != syntax.Nsubj || !r.lex.is(wordsSpeaker, r.folded[w]) {
				continue
			}
			speaker, known := speakers[q]
			if !known {
				speaker = -1
				if src, ok := r.quotation(si, q); ok {
					speaker = int32(src.actor)
				}
				speakers[q] = speaker
			}
			if speaker >= 0 {
				r.actorAt[w], r.actorSpan[w] = speaker, r.span(w, w+1)
			}
		}
	}
}

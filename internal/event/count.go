package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/ontology"
)

// countsOf returns the numbers of f: of what its object is, of what its
// subject is where the type counts who takes part, and of the trigger itself
// («60 raids»).
func (r *reading) countsOf(f *found) []Quantity {
	var out []Quantity
	add := func(at int, kind QuantityKind) {
		q := &r.Quantities[at]
		for _, have := range out {
			if have.Span == q.Span {
				return
			}
		}
		switch {
		case q.Unit == quantity.Percent:
			kind = Share
		case q.Unit == quantity.SquareKilometres:
			kind = Area
		case q.Unit != quantity.Count:
			return
		}
		if kind == 0 {
			return
		}
		eq := Quantity{Kind: kind, Quantity: *q, Actor: -1}
		if q.Head >= 0 {
			if a := r.actorAt[r.core(q.Head)]; a >= 0 {
				eq.Actor = int(a)
			}
		}
		out = append(out, eq)
		// «14 morts, dont 5 enfants»: a part counts the same. It stands before the
		// next whole.
		for j := at + 1; j < len(r.Quantities); j++ {
			if r.Quantities[j].PartOf < 0 && r.Quantities[j].Unit == quantity.Count {
				break
			}
			if r.Quantities[j].PartOf == at && r.Quantities[j].Unit == quantity.Count {
				part := Quantity{Kind: kind, Quantity: r.Quantities[j], Actor: -1}
				if h := r.Quantities[j].Head; h >= 0 && r.actorAt[h] >= 0 {
					part.Actor = int(r.actorAt[h])
				}
				out = append(out, part)
			}
		}
	}
	if i := r.countAt[f.head]; i >= 0 && f.form == nominal {
		switch {
		case f.sense.typ == ontology.AirStrike:
			add(int(i), Sorties)
		case f.sense.self:
			add(int(i), f.sense.counts)
		}
	}
	for _, g := range f.fillers {
		fills := r.fillsOf(f, r.slotName(f, g))
		if !counted(f.sense.counts, fills) && g.slot != slotOf {
			continue
		}
		for _, i := range r.countsIn(g.word) {
			// «quatre morts et onze blessés»: each counts for itself.
			if h := r.Quantities[i].Head; h >= 0 && h != f.head && r.countsItself(h) {
				continue
			}
			if g.slot == slotOf && r.Quantities[i].Unit == quantity.Count && !counted(f.sense.counts, fills) {
				continue
			}
			add(i, r.kindOf(f.sense.counts, i))
		}
	}
	return r.rivals(f, out)
}

// rivals adds the numbers that stand alone before another source for what f has
// counted: «20 000 personnes selon les syndicats, 5 000 selon la police».
func (r *reading) rivals(f *found, out []Quantity) []Quantity {
	if len(out) == 0 {
		return nil
	}
	s := r.Text.Sentences[f.sentence].Words
	told := out[0]
	from, _ := slices.BinarySearchFunc(r.Quantities, told.Last, func(q quantity.Quantity, w int) int { return q.First - w })
	for i := from; i < len(r.Quantities) && r.Quantities[i].First < s.Last; i++ {
		q := r.Quantities[i]
		if q.First < told.Last || q.Last >= s.Last || q.Unit != quantity.Count || q.PartOf >= 0 || !r.cited[q.Last] || r.cited[q.Last-1] {
			continue
		}
		q.Head, q.Object, q.Span = -1, "", r.span(q.First, q.Last)
		out = append(out, Quantity{Kind: told.Kind, Quantity: q, Actor: told.Actor})
	}
	return out
}

// counted reports whether a number in a slot that fills these roles is what
// the kind counts: who takes part is an agent, what is suffered is not.
func counted(kind QuantityKind, fills filling) bool {
	switch kind {
	case 0:
		return fills&fillTheme != 0
	case Participants, Displaced:
		return fills&fillAgent != 0
	}
	return fills&(fillTarget|fillTheme|fillSite) != 0
}

// countsIn returns the quantities whose head is w or the core of its phrase.
func (r *reading) countsIn(w int) []int {
	var out []int
	if i := r.countAt[w]; i >= 0 {
		out = append(out, int(i))
	}
	if c := r.core(w); c != w && r.countAt[c] >= 0 {
		out = append(out, int(r.countAt[c]))
	}
	return out
}

// kindOf tells apart what a number at the object of a destroying or capturing
// verb counts, by the class of the noun.
func (r *reading) kindOf(kind QuantityKind, i int) QuantityKind {
	class, head := r.Quantities[i].Class, r.Quantities[i].Head
	switch {
	case (kind == Killed || kind == Injured) && head >= 0 && r.lex.is(wordsMissing, r.lemmas[head]):
		return Missing
	case kind == MaterielDestroyed && class == quantity.Site:
		return SitesDestroyed
	case kind == MaterielDestroyed && class == quantity.People:
		return Killed
	case kind == Captured && class == quantity.Materiel:
		return MaterielCaptured
	case kind == MaterielCaptured && class == quantity.People:
		return Captured
	case (kind == Killed || kind == Injured) && (class == quantity.Materiel || class == quantity.Site):
		return MaterielDestroyed
	}
	return kind
}

// countsItself reports whether the noun at w is one that counts by itself:
// «mort», «blessé».
func (r *reading) countsItself(w int) bool {
	for _, t := range r.lex.nouns[r.lemmas[w]] {
		if r.lex.senses[t.sense].self {
			return true
		}
	}
	return false
}

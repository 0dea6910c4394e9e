package event

import (
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
	}
	if i := r.countAt[f.head]; i >= 0 && f.form == nominal {
		if f.sense.typ == ontology.AirStrike {
			add(int(i), Sorties)
		}
	}
	for _, g := range f.fillers {
		slot := r.slotName(f, g)
		for _, i := range r.countsIn(g.word) {
			switch {
			case slot == slotObject:
				add(i, r.kindOf(f.sense.counts, i))
			case slot == slotSubject && (f.sense.counts == Participants || f.sense.counts == Displaced):
				add(i, f.sense.counts)
			case slot == "de" && r.Quantities[i].Unit != quantity.Count:
				add(i, f.sense.counts)
			}
		}
	}
	return out
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
	class := r.Quantities[i].Class
	switch {
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

package event

import (
	"slices"

	"github.com/depeche-events/depeche/internal/mention/quantity"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// countsOf returns the numbers of f: of what its object is, of what its
// subject is where the type counts who takes part, and of the trigger itself
// («60 raids»).
func (r *reading) countsOf(f *found) []Quantity {
	var out []Quantity
	add := func(at int, kind QuantityKind) {
		if r.onlyArticle(f, at) {
			return
		}
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
		case q.Unit != quantity.Count, kind == Area, kind == Share:
			return
		}
		if kind == 0 || (kind == Participants || kind == Displaced) && (q.Class == quantity.Materiel || q.Class == quantity.Site) {
			return // «150 tracteurs ont bloqué la route»
		}
		eq := Quantity{Kind: kind, Quantity: *q, Actor: -1}
		if q.Head >= 0 {
			if a := r.actorAt[r.core(q.Head)]; a >= 0 {
				eq.Actor = int(a)
			}
		}
		out = append(out, eq)
		// «14 morts, dont 5 enfants»: a part counts the same. It stands before the
		// next whole. «Dont un policier, un élu et deux élèves» says who they were.
		for j := at + 1; !r.names(at) && j < len(r.Quantities); j++ {
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
		case f.sense.self && f.sense.counts == Participants && r.suffers(f.head):
			// «douze manifestants tués» counts the dead, not who came.
		case f.sense.self:
			add(int(i), f.sense.counts)
		case len(f.rest) == 0:
			add(int(i), suffererOf(f.sense.typ))
		}
	}
	if f.form == verbal {
		// «envoyer des renforts»: the trigger holds its own object.
		for _, w := range f.rest {
			if i := r.countAt[w]; i >= 0 && (f.sense.counts == Participants || f.sense.counts == MaterielCaptured) {
				add(int(i), r.kindOf(f.sense.counts, int(i)))
			}
		}
	}
	for _, g := range f.fillers {
		if f.sense.counts != Participants && r.gathers(f, g) {
			for _, i := range r.countsIn(g.word) {
				add(i, Participants)
			}
		}
		fills := r.fillsOf(f, r.slotName(f, g))
		counts := counted(f.sense, fills)
		if !counts && g.slot != slotOf {
			continue
		}
		for _, i := range r.countsIn(g.word) {
			// «quatre morts et onze blessés»: each counts for itself.
			if h := r.Quantities[i].Head; h >= 0 && h != f.head && r.countsItself(h) {
				continue
			}
			if g.slot == slotOf && r.Quantities[i].Unit == quantity.Count && !counts {
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
	return r.rivalsOf(out[0], f.sentence, out)
}

// rivalsOf adds to out the numbers of the sentence that others give for told.
func (r *reading) rivalsOf(told Quantity, sentence int, out []Quantity) []Quantity {
	s := r.Text.Sentences[sentence].Words
	from, _ := slices.BinarySearchFunc(r.Quantities, told.Last, func(q quantity.Quantity, w int) int { return q.First - w })
	for i := from; i < len(r.Quantities) && r.Quantities[i].First < s.Last; i++ {
		if q := r.Quantities[i]; q.First >= told.Last && q.PartOf < 0 && q.Unit == quantity.Count && r.rival(&q) {
			q.Head, q.Object, q.Span = -1, "", r.span(q.First, q.Last)
			out = append(out, Quantity{Kind: told.Kind, Quantity: q, Actor: told.Actor})
		}
	}
	return out
}

// rival reports whether nothing but a number stands before «selon».
func (r *reading) rival(q *quantity.Quantity) bool {
	last := r.Text.Sentences[r.Text.SentenceOf(q.First)].Words.Last
	return q.Last < last && r.cited[q.Last] && !r.cited[q.Last-1]
}

// names reports whether the parts of a quantity name who they were more than
// they count: one of them is a person with an article.
func (r *reading) names(at int) bool {
	for j := at + 1; j < len(r.Quantities) && (r.Quantities[j].PartOf >= 0 || r.Quantities[j].Unit != quantity.Count); j++ {
		if r.Quantities[j].PartOf == at && r.Quantities[j].Indefinite {
			return true
		}
	}
	return false
}

// gathers reports whether g says who came to a protest or riot, or who attacked
// in numbers, whatever else the sense counts: «des heurts entre des centaines de
// manifestants et la police».
func (r *reading) gathers(f *found, g filler) bool {
	if r.fillsOf(f, r.slotName(f, g))&fillAgent == 0 || g.slot == slotOf {
		return false
	}
	switch f.sense.typ {
	case ontology.Protest, ontology.Riot, ontology.StrikeAction, ontology.Attack, ontology.Offensive, ontology.MobViolence:
		return true
	}
	return false
}

// suffererOf returns what a number of the nouns of a type counts where each of
// them is done to one: «47 interpellations», «quatre assassinats»; 0: nothing.
func suffererOf(typ ontology.Type) QuantityKind {
	switch typ {
	case ontology.Arrest, ontology.Abduction:
		return Captured
	case ontology.Killing, ontology.Execution:
		return Killed
	}
	return 0
}

// onlyArticle reports whether the number is an article that counts nobody: «un
// homme a été tué» says who, not how many. Beside another number, or of what
// is called dead or wounded, it counts: «un policier et deux civils», «un mort».
func (r *reading) onlyArticle(f *found, at int) bool {
	q := &r.Quantities[at]
	if !q.Indefinite || q.Head >= 0 && r.countsItself(q.Head) {
		return false
	}
	for w := q.First; w < q.Head; w++ {
		if r.lemmas[w] == "autre" || r.lemmas[w] == "de" { // «un autre soldat», «un de ses soldats»
			return false
		}
	}
	s := r.Text.Sentences[f.sentence].Words
	from, _ := slices.BinarySearchFunc(r.Quantities, s.First, func(q quantity.Quantity, w int) int { return q.First - w })
	for i := from; i < len(r.Quantities) && r.Quantities[i].First < s.Last; i++ {
		o := &r.Quantities[i]
		if i != at && o.Unit == quantity.Count && o.Class == q.Class && (!o.Indefinite || r.countsItself(o.Head)) {
			return false
		}
	}
	return true
}

// counted reports whether a number in a slot that fills these roles is what
// the sense counts: who takes part is an agent, what is suffered is not; who is
// sent is told as what is sent.
func counted(s *sense, fills filling) bool {
	switch s.counts {
	case 0:
		return fills&fillTheme != 0
	case Participants:
		if s.typ == ontology.Mobilization || s.typ == ontology.Withdrawal {
			return fills&(fillAgent|fillTheme) != 0
		}
		return fills&fillAgent != 0
	case Displaced:
		return fills&fillAgent != 0
	}
	return fills&(fillTarget|fillTheme|fillSite) != 0
}

// countsIn returns the quantities whose head is w or the core of its phrase,
// or that measure it: «un territoire de 22 km2», «un contingent de 200 hommes».
func (r *reading) countsIn(w int) []int {
	var out []int
	if i := r.countAt[w]; i >= 0 {
		out = append(out, int(i))
	}
	if c := r.core(w); c != w && r.countAt[c] >= 0 {
		out = append(out, int(r.countAt[c]))
	}
	if len(out) > 0 {
		return out
	}
	for c := range r.a.Children(w) {
		i := r.countAt[c]
		if i < 0 || c < w || r.a.Words[c].Rel.Base() != syntax.Nmod || r.preposition(c) != "de" {
			continue
		}
		if q := &r.Quantities[i]; q.Unit == quantity.SquareKilometres ||
			q.Class == quantity.People && (r.lex.is(wordsPart, r.lemmas[w]) || r.lex.is(wordsCrowd, r.lemmas[w])) {
			return append(out, int(i))
		}
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

// countsItself reports whether the noun at w is one that counts by itself what
// is suffered: «mort», «blessé».
func (r *reading) countsItself(w int) bool {
	for _, t := range r.lex.nouns[r.lemmas[w]] {
		if s := &r.lex.senses[t.sense]; s.self && s.counts != Participants {
			return true
		}
	}
	return false
}

// suffers reports whether something is done to those whom w counts, one by one:
// «douze manifestants tués», «a arrêté trente manifestants».
func (r *reading) suffers(w int) bool {
	harms := func(v int) bool {
		if v < 0 || r.foundAt[v] < 0 {
			return false
		}
		switch s := r.found[r.foundAt[v]].sense; s.counts {
		case Killed, Injured, Captured, Missing:
			return true
		}
		return false
	}
	if h := int(r.a.Words[w].Head); h >= 0 && r.a.Words[w].Rel.Base() == syntax.Nmod && r.lex.is(wordsPart, r.lemmas[h]) {
		w = h // «une dizaine de manifestants»
	}
	word := &r.a.Words[w]
	if v := int(word.Head); harms(v) && (word.Rel.Base() == syntax.Obj || word.Rel.Base() == syntax.Nsubj && (r.passive(v) || r.fillsOf(&r.found[r.foundAt[v]], slotSubject)&fillTarget != 0)) {
		return true
	}
	for c := range r.a.Children(w) {
		if r.a.Words[c].Rel.Base() == syntax.ACL && harms(c) {
			return true
		}
	}
	return false
}

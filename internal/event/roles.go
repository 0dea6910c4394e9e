package event

import (
	"cmp"
	"slices"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/ontology"
	"github.com/depeche-events/depeche/internal/syntax"
)

// How sure a filler is, by how it was found.
const (
	sureDirect    = 0.9 // a dependent of the trigger
	sureInherited = 0.75
	surePart      = 0.6 // a place inside another filler's phrase
	sureSentence  = 0.5 // told in the sentence
	sureBefore    = 0.4 // told in the sentence before
	sureFocus     = 0.3 // where the article plays
)

// roles are an event mention's fillers, by what they are.
type roles struct {
	participants []Participant
	places       []Place
	theme        *article.Span
}

// fillRoles gives the fillers of f their roles.
func (r *reading) fillRoles(f *found) {
	for _, g := range f.fillers {
		sure := float32(sureDirect)
		if g.inherited {
			sure = sureInherited
		}
		switch g.slot {
		case slotAdjective:
			r.fillAdjective(f, g.word)
			continue
		case slotPossessive:
			// «leur offensive», but «sa libération»: as «de» would.
			name := slotSubject
			if f.sense.of != "" {
				name = f.sense.of
			}
			if i, s := r.possessor(g.word); i >= 0 && (name == slotSubject || r.bodily(i)) {
				f.addParticipant(r.fillsOf(f, name), Participant{Actor: i, Span: s, Confidence: sureInherited, Rule: name + ": possessive"})
			}
			continue
		}
		rule := r.slotName(f, g) + ": " + r.path(f.head, g.word)
		fills := r.fillsOf(f, r.slotName(f, g))
		if fills == 0 && f.form == nominal && g.slot == slotOf {
			fills = r.fillsOf(f, slotObject) | r.fillsOf(f, slotSubject)
		}
		if fills == 0 && (r.lex.is(wordsSite, g.slot)) {
			fills = fillSite
		}
		if fills == 0 && r.lex.is(wordsAlly, g.slot) {
			fills = fillAgentAlly
		}
		if r.setting(f, g) {
			fills = fillSite
		}
		if of := r.ofKind(f, g); of != "" {
			fills = r.fillsOf(f, of)
		}
		if r.together(f, g) {
			fills = fillTarget
		}
		if g.slot == "a" && r.a.Words[g.word].UPOS == syntax.PRON && fills&(fillAgent|fillTarget) == 0 {
			// «des policiers lui ont tiré dessus»: a person, whatever «à» is to others.
			fills = (r.fillsOf(f, slotObject) | r.fillsOf(f, "contre") | r.fillsOf(f, "sur")) & fillTarget
		}
		r.fill(f, g.word, fills, sure, rule)
	}
	r.fillFighter(f)
	r.fillAllies(f)
	r.keepVoters(f)
	r.policeRiot(f)
	if r.describe(f.sense.typ).Symmetric {
		for i := range f.participants {
			if f.participants[i].Role == Target {
				f.participants[i].Role = Agent
			}
		}
	}
}

// ofKind returns the slot that a noun's complement with «de» fills by what it
// is, against what the sense says; empty: as it says. A court judges («le mandat
// d'arrêt de la cour»), and civilians suffer where nobody else is said to («des
// attaques de civils»).
func (r *reading) ofKind(f *found, g filler) string {
	if f.form != nominal || g.slot != slotOf {
		return ""
	}
	w := r.core(g.word)
	switch f.sense.of {
	case slotObject:
		if a := r.actorAt[w]; a >= 0 && f.sense.typ == ontology.Attack && (!r.bodily(int(a)) || r.against(f)) {
			return slotSubject // «l'agression de la Russie», «l'agression d'un policier contre»
		}
		if (f.sense.typ == ontology.LegalAction || f.sense.typ == ontology.Arrest) && (r.lex.is(wordsCourt, r.lemmas[w]) || r.lex.is(wordsCourt, r.folded[w])) {
			return slotSubject
		}
	case slotSubject:
		if a := r.actorAt[w]; a >= 0 && r.Actors[a].Kind == actor.Civilians && r.describe(f.sense.typ).Family == "VIOLENCE_AGAINST_PEOPLE" &&
			r.fillsOf(f, slotObject)&fillTarget != 0 && !r.against(f) {
			return slotObject
		}
	}
	return ""
}

// together reports whether g suffers what the subject of a passive suffers:
// «enlevés avec leur chauffeur», «inculpé aux côtés de l'ancien président».
func (r *reading) together(f *found, g filler) bool {
	if g.slot != "avec" && g.slot != slotBeside || f.form == nominal || r.fillsOf(f, slotObject)&fillTarget == 0 || r.fillsOf(f, "avec") != 0 {
		return false
	}
	if f.form == verbal && !r.passive(f.head) {
		return false
	}
	a := r.actorAt[r.core(g.word)]
	return a >= 0 && r.bodily(int(a))
}

// against reports whether f tells whom it is directed at: «contre», «sur», or
// an object.
func (r *reading) against(f *found) bool {
	for _, g := range f.fillers {
		switch g.slot {
		case slotObject, "contre", "sur", "envers", "a le encontre":
			return true
		}
	}
	return false
}

// keepVoters drops from an election the states and bodies that it is of: «les
// élections du Parlement européen», «la présidentielle américaine».
func (r *reading) keepVoters(f *found) {
	if f.sense.typ != ontology.Election {
		return
	}
	f.participants = slices.DeleteFunc(f.participants, func(p Participant) bool {
		switch r.Actors[p.Actor].Kind {
		case actor.Country, actor.Government, actor.IGO, actor.Media:
			return true
		}
		return false
	})
}

// policeRiot makes the police of a riot «entre manifestants et policiers» what
// the others riot against.
func (r *reading) policeRiot(f *found) {
	if f.sense.typ != ontology.Riot {
		return
	}
	police := func(p Participant) bool {
		k := r.Actors[p.Actor].Kind
		return p.Role == Agent && (k == actor.Police || k == actor.StateForces)
	}
	if !slices.ContainsFunc(f.participants, func(p Participant) bool { return p.Role == Agent && !police(p) }) {
		return
	}
	for i := range f.participants {
		if police(f.participants[i]) {
			f.participants[i].Role = Target
		}
	}
}

// setting reports whether g is a country set before the clause to say where it
// plays: «Au Kenya, des accrochages ont eu lieu».
func (r *reading) setting(f *found, g filler) bool {
	p := r.placeAt[g.word]
	return p >= 0 && r.Places[p].Kind == place.Country && g.word < f.head && r.a.Words[g.word].Rel.Base() == syntax.Obl && r.lex.is(wordsSite, g.slot)
}

// fillFighter gives a fight that is told as a noun and without agent the armed
// subject of its clause: «après de violents combats, l'armée a repris la ville».
func (r *reading) fillFighter(f *found) {
	if f.form != nominal || f.support >= 0 || f.has(Agent) || f.sense.typ != ontology.ArmedClash && f.sense.typ != ontology.Offensive {
		return
	}
	v := r.clause(f.head)
	if v == f.head || r.a.Words[v].UPOS != syntax.VERB || r.passive(v) {
		return
	}
	for _, g := range r.verbFillers(v) {
		if w := r.core(g.word); g.slot == slotSubject && w != f.head && r.natureOf(w)&isArmed != 0 {
			f.addParticipant(fillAgent, Participant{Actor: int(r.actorAt[w]), Span: r.actorSpan[w], Confidence: sureSentence,
				Rule: "the clause's subject"})
			return
		}
	}
}

func (r *reading) describe(t ontology.Type) *ontology.Description { return r.ontology.Describe(t) }

// fillsOf returns what a slot of the sense fills; 0: the sense has no such
// slot.
func (r *reading) fillsOf(f *found, name string) filling {
	for _, s := range f.sense.slots {
		if s.name == name {
			return s.fills
		}
	}
	return 0
}

// fill gives the phrase headed by w the role that its nature allows.
func (r *reading) fill(f *found, w int, fills filling, sure float32, rule string) {
	if fills == 0 {
		return
	}
	w = r.core(w)
	if r.placeAt[w] >= 0 && r.dateline(w) {
		fills, sure = fillSite, sureBefore
	}
	if p := r.placeAt[w]; p >= 0 && r.Places[p].Kind == place.Country && fills&fillTarget != 0 && r.preposition(w) == "contre" {
		fills &^= fillSite // «une attaque contre l'Ukraine» is against a state
	}
	p, a := r.placeAt[w], r.actorAt[w]
	if p >= 0 && a < 0 && r.naming[w] {
		return // the parser hangs «au Maghreb islamique» on the verb now and then
	}
	places := fills & (fillSite | fillOrigin | fillDestination)
	people := fills & (fillAgent | fillTarget | fillAgentAlly | fillTargetAlly)
	if places == fillDestination && r.fled(f, w) {
		places = fillOrigin
	}
	switch {
	case p >= 0 && places != 0 && !(r.acting[w] && people != 0):
		f.addPlace(places, Place{Place: int(p), Span: r.placeSpan[w], Confidence: sure, Rule: rule})
		r.fillNested(f, w, places, sure, rule)
	case a >= 0 && people != 0:
		f.addParticipant(people, Participant{Actor: int(a), Span: r.actorSpan[w], Confidence: sure, Rule: rule})
		r.fillInside(f, w, places, rule)
	case p >= 0 && people != 0:
		// A country or capital that acts or suffers stands for its state.
		if i := r.stateActor(int(p), r.placeSpan[w]); i >= 0 {
			f.addParticipant(people, Participant{Actor: i, Span: r.placeSpan[w], Confidence: sure, Rule: rule})
		}
	case p >= 0 && !r.acting[w] && fills&fillTheme != 0 && r.sited(f):
		// «la démolition des monuments de Palmyre»: no theme, but where.
		f.addPlace(fillSite, Place{Place: int(p), Span: r.placeSpan[w], Confidence: surePart, Rule: rule})
	case fills&fillTheme != 0 && f.theme == nil:
		s := r.phrase(w)
		f.theme = &s
		r.fillInside(f, w, fillSite, rule)
		r.fillOwner(f, w, people, rule)
	default:
		r.fillInside(f, w, places, rule)
		if people != 0 {
			r.fillOwner(f, w, people, rule)
		}
	}
}

// fled reports whether the place w stands right behind what f is told to flee:
// «ont fui les combats à Goma».
func (r *reading) fled(f *found, w int) bool {
	n := w - 1
	for n > f.head && (r.a.Words[n].UPOS == syntax.ADP || r.a.Words[n].UPOS == syntax.DET) {
		n--
	}
	return slices.Contains(f.rest, n) && r.natureOf(n)&isEvent != 0
}

// fillInside gives places inside the phrase of w («les habitants de Gao») to
// an event that has a place for them.
func (r *reading) fillInside(f *found, w int, fills filling, rule string) {
	if fills == 0 {
		fills = fillSite
	}
	for c := range r.a.Children(w) {
		if rel := r.a.Words[c].Rel.Base(); rel != syntax.Nmod && rel != syntax.Obl && rel != syntax.Appos {
			continue
		}
		for _, g := range r.distribute([]filler{{word: c}}) {
			if p := r.placeAt[g.word]; p >= 0 && r.Places[p].Kind != place.Country && !r.acting[g.word] && !r.cited[g.word] {
				f.addPlace(fills&(fillSite|fillOrigin|fillDestination), Place{Place: int(p), Span: r.placeSpan[g.word], Confidence: surePart, Rule: rule + ", inside it"})
			}
		}
	}
}

// fillNested gives the places that say where the place at w is («une école à
// Toulouse», «la place Tahrir du Caire», «le comté de Rebkong») the same role.
func (r *reading) fillNested(f *found, w int, places filling, sure float32, rule string) {
	add := func(c int) {
		p := r.placeAt[c]
		if p < 0 || p == r.placeAt[w] || r.acting[c] || r.insideName(c) {
			return
		}
		if k := r.Places[p].Kind; k == place.Country || k == place.Region || r.setApart(r.placeSpan[w], r.placeSpan[c]) {
			return
		}
		f.addPlace(places, Place{Place: int(p), Span: r.placeSpan[c], Confidence: sure, Rule: rule + ", where it is"})
	}
	for c := range r.a.Children(w) {
		switch r.a.Words[c].Rel.Base() {
		case syntax.Nmod, syntax.Appos:
			add(c)
		}
	}
	for c := w + 1; c < len(r.placeAt) && r.placeSpan[w].Contains(r.Text.WordSpan(c)); c++ {
		add(c)
	}
}

// fillOwner takes the owner for a thing that suffers («les positions de
// Daesh», «les chars russes»): the actor that its phrase names.
func (r *reading) fillOwner(f *found, w int, people filling, rule string) {
	if people&fillAgent != 0 {
		r.fillDoer(f, w, rule)
	}
	if people&fillTarget == 0 {
		return
	}
	for c := range r.a.Children(w) {
		switch r.a.Words[c].Rel.Base() {
		case syntax.Nmod:
			if a := r.actorAt[r.core(c)]; a >= 0 && r.preposition(c) == "de" {
				f.addParticipant(fillTarget, Participant{Actor: int(a), Span: r.actorSpan[r.core(c)], Confidence: surePart, Rule: rule + ", its owner"})
			}
		case syntax.Amod:
			if i := r.demonymActor(c); i >= 0 {
				f.addParticipant(fillTarget, Participant{Actor: i, Span: r.span(c, c+1), Confidence: surePart, Rule: rule + ", its owner"})
			}
		}
	}
}

// fillAdjective gives a demonym («les frappes russes») the subject's role, or
// the object's where the subject is told.
func (r *reading) fillAdjective(f *found, w int) {
	i := r.demonymActor(w)
	if i < 0 {
		return
	}
	fills := r.fillsOf(f, slotSubject) & (fillAgent | fillTarget)
	if f.has(Agent) {
		fills = r.fillsOf(f, slotObject) & fillTarget
	}
	f.addParticipant(fills, Participant{Actor: i, Span: r.span(w, w+1), Confidence: sureDirect, Rule: "adjective"})
}

// demonymActor returns the actor that the adjective w stands for: the armed
// forces of its country where the article names them, else its government,
// else the country; -1 for none.
func (r *reading) demonymActor(w int) int {
	c := r.demonym(r.folded[w])
	if c == "" {
		return -1
	}
	return r.actorOfCountry(c, r.span(w, w+1))
}

func (r *reading) actorOfCountry(country string, at article.Span) int {
	best, rank := -1, 0
	for i := range r.Actors {
		a := &r.Actors[i]
		if a.Country != country {
			continue
		}
		n := 0
		switch a.Kind {
		case actor.StateForces, actor.ExternalForces:
			n = 3
		case actor.Government:
			n = 1
		case actor.Country:
			n = 2
		}
		if n > rank {
			best, rank = i, n
		}
	}
	if best < 0 {
		r.Actors = append(r.Actors, actor.Actor{KnowledgeID: "iso:" + country, Name: cmp.Or(r.nameOf(country), r.Document().Text(at)), Kind: actor.Country,
			Country: country, Mentions: []actor.Mention{{Span: at, Form: actor.Nominal}}})
		best = len(r.Actors) - 1
	}
	return best
}

// stateActor returns the state that a country or capital stands for; -1 for
// other places.
func (r *reading) stateActor(p int, at article.Span) int {
	pl := &r.Places[p]
	if pl.Country == "" || pl.Kind != place.Country && !pl.Capital {
		return -1
	}
	for i := range r.Actors {
		if r.Actors[i].Kind == actor.Country && r.Actors[i].Country == pl.Country {
			return i
		}
	}
	if pl.Kind != place.Country {
		return -1
	}
	r.Actors = append(r.Actors, actor.Actor{KnowledgeID: "iso:" + pl.Country, Name: pl.Name, Kind: actor.Country,
		Country: pl.Country, Mentions: []actor.Mention{{Span: at, Form: actor.Proper}}})
	return len(r.Actors) - 1
}

// bodily reports whether actor i has a body to be taken, hurt or freed: in «le
// Japon dénonce son enlèvement» it is not Japan's.
func (r *reading) bodily(i int) bool {
	switch r.Actors[i].Kind {
	case actor.Country, actor.Government, actor.IGO, actor.NGO, actor.Party, actor.Media, actor.Business:
		return false
	}
	return true
}

// possessor returns the actor that «leur», «son» at w stands for: the nearest
// subject before it.
func (r *reading) possessor(w int) (int, article.Span) {
	s := r.Text.SentenceOf(w)
	for si := s; si >= max(0, s-1); si-- {
		words := r.Text.Sentences[si].Words
		best := -1
		for v := min(w, words.Last) - 1; v >= words.First; v-- {
			if r.actorAt[v] < 0 {
				continue
			}
			if r.a.Words[v].Rel.Base() == syntax.Nsubj {
				return int(r.actorAt[v]), r.actorSpan[v]
			}
			if best < 0 {
				best = v
			}
		}
		if best >= 0 {
			return int(r.actorAt[best]), r.actorSpan[best]
		}
	}
	return -1, article.Span{}
}

// fillAllies reads «appuyés par X», «avec l'aide de X», «aux côtés de X» in the
// clause of f and on its agent, and on its target.
func (r *reading) fillAllies(f *found) {
	r.fillAlliesOf(f, f.head, fillAgentAlly)
	if f.support >= 0 {
		r.fillAlliesOf(f, f.support, fillAgentAlly)
	}
	for _, g := range f.fillers {
		switch slot := r.slotName(f, g); {
		case g.slot == slotSubject || f.form == nominal && g.slot == slotOf && slot != slotObject:
			r.fillAlliesOf(f, g.word, fillAgentAlly)
		case r.fillsOf(f, slot)&fillTarget != 0:
			r.fillAlliesOf(f, g.word, fillTargetAlly)
		}
	}
}

// fillAlliesOf gives what hangs on h and names an ally that role.
func (r *reading) fillAlliesOf(f *found, h int, role filling) {
	for c := range r.a.Children(h) {
		w := &r.a.Words[c]
		if !r.lex.is(wordsAlly, r.lemmas[c]) {
			continue
		}
		rule := "ally: " + r.lemmas[c]
		switch {
		case w.UPOS == syntax.VERB || w.UPOS == syntax.ADJ:
			for _, g := range r.distribute(r.obliques(c, nil)) {
				if g.slot == slotSubject || g.slot == "par" || g.slot == "de" {
					r.fill(f, g.word, role, sureDirect, rule)
				}
			}
		case w.Rel.Base() == syntax.Obl || w.Rel.Base() == syntax.Nmod:
			// «avec l'aide de X»: a noun of help and whose it is.
			for d := range r.a.Children(c) {
				switch {
				case r.a.Words[d].Rel.Base() == syntax.Nmod && (r.preposition(d) == "de" || r.preposition(d) == "par"):
					for _, g := range r.distribute([]filler{{word: d}}) {
						r.fill(f, g.word, role, sureDirect, rule)
					}
				case r.a.Words[d].Rel.Base() == syntax.Amod:
					if i := r.demonymActor(d); i >= 0 {
						f.addParticipant(role, Participant{Actor: i, Span: r.span(d, d+1), Confidence: sureDirect, Rule: rule})
					}
				}
			}
		}
	}
}

func (f *found) has(role Role) bool {
	for _, p := range f.participants {
		if p.Role == role {
			return true
		}
	}
	return false
}

// addParticipant adds p in the first role of fills, unless its actor takes
// part already.
func (f *found) addParticipant(fills filling, p Participant) {
	switch {
	case fills&fillAgent != 0:
		p.Role = Agent
	case fills&fillTarget != 0:
		p.Role = Target
	case fills&fillAgentAlly != 0:
		p.Role = AgentAlly
	case fills&fillTargetAlly != 0:
		p.Role = TargetAlly
	default:
		return
	}
	for _, have := range f.participants {
		if have.Actor == p.Actor {
			return
		}
	}
	f.participants = append(f.participants, p)
}

// addPlace adds p in the first role of fills, unless the place is there.
func (f *found) addPlace(fills filling, p Place) {
	switch {
	case fills&fillSite != 0:
		p.Role = Site
	case fills&fillOrigin != 0:
		p.Role = Origin
	case fills&fillDestination != 0:
		p.Role = Destination
	default:
		return
	}
	for _, have := range f.places {
		if have.Place == p.Place {
			return
		}
	}
	f.places = append(f.places, p)
}

// path tells the way in the tree from the trigger at head to w: the relations
// upward from w, and the word that they reach where that is not the trigger.
func (r *reading) path(head, w int) string {
	out := ""
	for steps := 0; w != head && steps < 6; steps++ {
		if out != "" {
			out += "<"
		}
		out += r.a.Words[w].Rel.String()
		w = int(r.a.Words[w].Head)
		if w < 0 {
			return out
		}
		if w != head && r.dominates(w, head) {
			return out + " of «" + r.Text.Words[w].Form + "»"
		}
	}
	return out
}

package extract

import (
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
)

// A name that is part of another name says nothing of where, and of nobody.
func TestNamesInsideNames(t *testing.T) {
	x := read(t, "Des centaines d'habitants ont manifesté samedi à Bamako contre l'accord d'Alger.")
	if e := find(x, ontology.Protest); e == nil || len(e.Places) != 1 || x.Places[e.Places[0].Place].Name != "Bamako" {
		t.Errorf("the protest's place is not where it was: %+v", e)
	}
	x = read(t, "Trois ingénieurs retenus par Al-Qaïda au Maghreb islamique ont été libérés mardi.")
	for i := range x.Events {
		for _, p := range x.Events[i].Places {
			t.Errorf("%v at %q, which is part of a name", x.Events[i].Type, x.Places[p.Place].Name)
		}
	}
	x = read(t, "Après le coup d'État militaire, l'Union africaine a condamné les putschistes.")
	if e := find(x, ontology.Coup); e != nil && names(x, e, event.Agent) != "" {
		t.Errorf("the state made its own coup: %q", names(x, e, event.Agent))
	}
	for _, a := range x.Actors {
		if a.Name == "État militaire" || a.Name == "État" {
			t.Errorf("%q is an actor", a.Name)
		}
	}
}

// «son enlèvement» is done to somebody, «leur offensive» by somebody.
func TestPossessiveIsWhatTheNounMakesIt(t *testing.T) {
	x := read(t, "L'ingénieur Kenji Mori a disparu ; son enlèvement par des hommes armés a été filmé.")
	e := find(x, ontology.Abduction)
	if e == nil {
		t.Fatal("no abduction")
	}
	if a, g := names(x, e, event.Agent), names(x, e, event.Target); a != "hommes armés" || g != "Kenji Mori" {
		t.Errorf("agent %q, target %q", a, g)
	}
	x = read(t, "Le Japon dénonce son enlèvement.")
	if e := find(x, ontology.Abduction); e != nil && names(x, e, event.Target) != "" {
		t.Errorf("a state was abducted: %q", names(x, e, event.Target))
	}
}

func TestNobodyInParticular(t *testing.T) {
	if x := read(t, "Toute personne arrêtée doit être présentée à un juge."); find(x, ontology.Arrest) != nil {
		t.Error("a rule is told as an arrest")
	}
	if x := read(t, "Toute la population a été évacuée de la ville de Gao."); find(x, ontology.Displacement) == nil {
		t.Error("the whole town left, and it is not told")
	}
}

// A town that is no capital does not stand for its state.
func TestTownsAreNoStates(t *testing.T) {
	x := read(t, "Burkina Faso : huit morts dans l'attaque d'un convoi près de Dori")
	e := find(x, ontology.Attack)
	if e == nil {
		t.Fatal("no attack")
	}
	for _, p := range e.Participants {
		t.Errorf("%s takes part", x.Actors[p.Actor].Name)
	}
}

// Who acts for the state of the headline acts with it, and is no second agent.
func TestOfficialsActForTheirState(t *testing.T) {
	x := read(t, "Le Tchad rompt ses relations diplomatiques avec le Soudan\n\nLe ministre tchadien des Affaires étrangères a annoncé jeudi la rupture des relations diplomatiques avec le Soudan.")
	e := find(x, ontology.Sanction)
	if e == nil {
		t.Fatal("no sanction")
	}
	for _, p := range e.Participants {
		if name := x.Actors[p.Actor].Name; p.Role == event.Agent && name != "Tchad" {
			t.Errorf("%s breaks off relations", name)
		}
	}
}

// Where something is announced is not whom it is done to.
func TestWhereItIsAnnouncedIsNoTarget(t *testing.T) {
	x := read(t, "Le ministre tchadien des Affaires étrangères a annoncé jeudi à N'Djamena la rupture des relations diplomatiques avec le Soudan.")
	e := find(x, ontology.Sanction)
	if e == nil {
		t.Fatal("no sanction")
	}
	for _, p := range e.Participants {
		if a := &x.Actors[p.Actor]; p.Role == event.Target && a.Country == "TCD" {
			t.Errorf("%s is a target", a.Name)
		}
	}
}

// What is told by several words of one clause is one event.
func TestToldTwiceIsOneEvent(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		typ        ontology.Type
	}{
		{"by who has it done", "L'ancien président est accusé d'avoir fait tuer des opposants.", ontology.Killing},
		{"by means and end", "La police a fait usage de gaz lacrymogène pour disperser les manifestants lundi à Cotonou.", ontology.ProtestCrackdown},
		{"by two participles", "Les armes retrouvées et saisies par la gendarmerie ont été présentées à la presse.", ontology.WeaponsDisruption},
		{"by the headline for its state", "Le Tchad rompt ses relations diplomatiques avec le Soudan\n\n" +
			"Le ministre tchadien des Affaires étrangères a annoncé jeudi la rupture des relations diplomatiques avec le Soudan.", ontology.Sanction},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, tt.text)
			n := 0
			for i := range x.Events {
				if x.Events[i].Type == tt.typ {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d of %s, want one", n, tt.typ)
			}
		})
	}
}

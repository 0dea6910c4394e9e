package extract

import (
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
)

// What one verb of two says of both: subject, object, auxiliary.
func TestCoordinatedVerbsShare(t *testing.T) {
	x := read(t, "La police a interpellé puis relâché deux journalistes à Dakar.")
	for _, typ := range []ontology.Type{ontology.Arrest, ontology.Release} {
		e := find(x, typ)
		if e == nil {
			t.Errorf("no %s", typ)
			continue
		}
		if a, g := names(x, e, event.Agent), names(x, e, event.Target); a != "police" || g != "journalistes" {
			t.Errorf("%s: agent %q, target %q", typ, a, g)
		}
	}
}

func TestAlliesOfBothSides(t *testing.T) {
	x := read(t, "L'armée congolaise, appuyée par l'Angola, a attaqué samedi près de Goma les rebelles soutenus par le Rwanda.")
	e := find(x, ontology.Attack)
	if e == nil {
		t.Fatal("no attack")
	}
	if a, g := names(x, e, event.AgentAlly), names(x, e, event.TargetAlly); a != "Angola" || g != "Rwanda" {
		t.Errorf("the agent's ally %q, the target's %q", a, g)
	}
}

// A country before a colon says where, whatever its name is made of.
func TestDatelineIsTheSite(t *testing.T) {
	for _, country := range []string{"Mali", "Burkina Faso", "République démocratique du Congo"} {
		x := read(t, country+" : dix morts dans l'attaque d'un convoi militaire")
		e := find(x, ontology.Attack)
		if e == nil {
			t.Errorf("%s: no attack", country)
			continue
		}
		if a := names(x, e, event.Agent); a != "" || len(e.Places) != 1 {
			t.Errorf("%s: agent %q, %d places", country, a, len(e.Places))
		}
	}
}

// Who repels an attack does not make it, even where «des» is read as «de les».
func TestWhoRepelsIsAttacked(t *testing.T) {
	x := read(t, "Au cours de la nuit, des soldats nigériens ont mis en échec toutes les attaques terroristes à Diffa.")
	if e := find(x, ontology.Attack); e != nil && names(x, e, event.Agent) != "" {
		t.Errorf("%q attacked", names(x, e, event.Agent))
	}
	if e := find(x, ontology.ArmedClash); e == nil || names(x, e, event.Agent) != "soldats nigériens" {
		t.Errorf("nobody repelled them: %+v", e)
	}
}

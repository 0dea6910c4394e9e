package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
)

// told writes the numbers of an event: "killed 12.. injured 3".
func told(e *event.Event) string {
	kinds := map[event.QuantityKind]string{event.Killed: "killed", event.Injured: "injured", event.Captured: "captured",
		event.Missing: "missing", event.Displaced: "displaced", event.Participants: "participants", event.MaterielDestroyed: "materiel",
		event.SitesDestroyed: "sites", event.Area: "area", event.Share: "share"}
	var out []string
	for _, q := range e.Quantities {
		s := kinds[q.Kind] + " "
		switch {
		case q.High == nil:
			s += fmt.Sprint(*q.Low, "..")
		case q.Low == nil:
			s += fmt.Sprint("..", *q.High)
		case *q.Low == *q.High:
			s += fmt.Sprint(*q.Low)
		default:
			s += fmt.Sprint(*q.Low, "..", *q.High)
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestWhatEventsCount(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		typ        ontology.Type
		want       string
	}{
		{"the noun itself", "La police a procédé à 47 interpellations à Sfax.", ontology.Arrest, "captured 47"},
		{"an article is no number", "Un homme a été tué à Sfax.", ontology.Killing, ""},
		{"but beside one it is", "Un policier et deux civils ont été tués à Sfax.", ontology.Killing, "killed 1, killed 2"},
		{"and of who is called dead", "L'attaque a fait un mort et deux blessés.", ontology.Attack, "injured 2, killed 1"},
		{"who is sent", "La France a envoyé 500 soldats à Bangui.", ontology.Mobilization, "participants 500"},
		{"near so many", "Près d'un millier d'étudiants ont manifesté samedi à Sfax.", ontology.Protest, "participants 1000"},
		{"near so many, behind the day", "Samedi à Sfax, près de 2 000 étudiants ont défilé.", ontology.Protest, "participants 2000"},
		{"up to so many", "Jusqu'à 300 personnes auraient été tuées lundi à Sfax.", ontology.Killing, "killed ..300"},
		{"what they were", "Ils étaient 4 000 à manifester samedi à Sfax.", ontology.Protest, "participants 4000"},
		{"who of the crowd was killed", "Douze manifestants ont été tués à Sfax par la police.", ontology.Killing, "killed 12"},
		{"who of it was arrested", "La police a arrêté une dizaine de manifestants à Sfax.", ontology.Arrest, "captured 10"},
		{"nobody of it was killed", "La police a dispersé 300 manifestants à Sfax.", ontology.ProtestCrackdown, ""},
		{"two nouns with one number", "L'armée fait état de 40 soldats et policiers tués à Sfax.", ontology.Killing, "killed 40"},
		{"what a force is made of", "Un contingent de 1 200 soldats a été déployé à Bangui.", ontology.Mobilization, "participants 1200"},
		{"how wide", "L'armée a repris aux rebelles un territoire de 22 kilomètres carrés.", ontology.TerritoryCapture, "area 22"},
		{"villages are no area", "Les rebelles ont pris cinq villages près de Gao.", ontology.TerritoryCapture, ""},
		{"who attacked", "Une centaine d'hommes armés ont attaqué le village de Sola.", ontology.Attack, "participants 100"},
		{"tractors are nobody", "Quelque 150 tracteurs ont manifesté à Rennes.", ontology.Protest, ""},
		{"figures repeated in brackets", "L'attaque a fait cinq (05) morts et trois (03) blessés.", ontology.Attack, "injured 3, killed 5"},
		{"the toll that rose", "Le bilan de l'attaque est passé de 15 à 19 morts.", ontology.Attack, "killed 19"},
		{"parts of the second", "L'attaque a fait neuf morts, dont deux enfants, et sept blessés, parmi lesquels trois policiers.",
			ontology.Attack, "injured 3, injured 7, killed 2, killed 9"},
		{"who they were", "L'attaque a fait cinq morts, dont un policier, un élu et deux élèves.", ontology.Attack, "killed 5"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := find(read(t, tt.text), tt.typ)
			if e == nil {
				t.Fatalf("no %s", tt.typ)
			}
			if got := told(e); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// A toll that says neither by whom nor when belongs to the violence told before.
func TestTollsBelongToTheViolenceBefore(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		typ        ontology.Type
		want       string
		killings   int
	}{
		{"by a source", "Des avions ont bombardé jeudi le port de Bassora. Le gouverneur a protesté. Selon les secours, 52 personnes ont été tuées et 102 blessées.",
			ontology.AirStrike, "injured 102, killed 52", 0},
		{"by two", "Des avions ont bombardé jeudi le port de Bassora, faisant 12 morts. La Croix-Rouge avance un bilan de 15 morts.",
			ontology.AirStrike, "killed 12, killed 15", 0},
		{"history", "Des avions ont bombardé jeudi le port de Bassora. En 1991, l'armée avait tué 300 personnes.", ontology.AirStrike, "", 1},
		{"by somebody else", "Des avions ont bombardé jeudi le port de Bassora. Les rebelles ont tué 12 soldats.", ontology.AirStrike, "", 1},
		{"in another country", "Des avions ont bombardé jeudi le port de Bassora. Niger : plus de huit morts et dix blessés.", ontology.AirStrike, "", 1},
		{"elsewhere", "Des avions ont bombardé jeudi le port de Bassora. A Mossoul, huit personnes ont été tuées.", ontology.AirStrike, "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, tt.text)
			e := find(x, tt.typ)
			if e == nil {
				t.Fatalf("no %s", tt.typ)
			}
			if got := told(e); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			n := 0
			for i := range x.Events {
				if x.Events[i].Type == ontology.Killing {
					n++
				}
			}
			if n != tt.killings {
				t.Errorf("%d killings, want %d", n, tt.killings)
			}
		})
	}
}

package extract

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/ontology"
)

var extractor = sync.OnceValue(func() *Extractor {
	x, err := New(Config{Version: "test"})
	if err != nil {
		panic(err)
	}
	return x
})

// sunday is the publication day of the tests' articles.
var sunday = timex.Date{Year: 2014, Month: time.June, Day: 15}

func read(t *testing.T, body string) *Extraction {
	t.Helper()
	x, err := extractor().Extract(context.Background(), Input{Body: []byte(body), Language: "fr", Published: sunday}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// find returns the event of a type, nil for none.
func find(x *Extraction, typ ontology.Type) *event.Event {
	for i := range x.Events {
		if x.Events[i].Type == typ {
			return &x.Events[i]
		}
	}
	return nil
}

// names returns the names of who has a role in e.
func names(x *Extraction, e *event.Event, role event.Role) string {
	var out []string
	for _, p := range e.Participants {
		if p.Role == role {
			out = append(out, x.Actors[p.Actor].Name)
		}
	}
	return strings.Join(out, ", ")
}

func TestRoles(t *testing.T) {
	for _, tt := range []struct {
		name, text            string
		typ                   ontology.Type
		agent, target, allies string
		place                 string
	}{
		{"active", "L'armée nigériane a repris la ville de Bama aux islamistes de Boko Haram.",
			ontology.TerritoryCapture, "armée nigériane", "Boko Haram", "", "Bama"},
		{"passive with agent", "Bama a été reprise par l'armée nigériane.",
			ontology.TerritoryCapture, "armée nigériane", "", "", "Bama"},
		{"headline participle", "Bama reprise par l'armée nigériane",
			ontology.TerritoryCapture, "armée nigériane", "", "", "Bama"},
		{"reflexive", "Les rebelles se sont emparés de Bangui.",
			ontology.TerritoryCapture, "rebelles", "", "", "Bangui"},
		{"fall into hands", "Mossoul est tombée aux mains de l'Etat islamique.",
			ontology.TerritoryCapture, "Etat islamique", "", "", "Mossoul"},
		{"support verb", "L'aviation française a mené plusieurs raids sur Gao.",
			ontology.AirStrike, "aviation française", "", "", "Gao"},
		{"allies", "L'armée malienne, appuyée par les forces françaises, a repris Gao.",
			ontology.TerritoryCapture, "armée malienne", "", "forces françaises", "Gao"},
		{"control", "Les rebelles ont été contraints de se retirer de Goma.",
			ontology.Withdrawal, "rebelles", "", "", "Goma"},
		{"passive of people", "Trois policiers ont été tués samedi à Kidal.",
			ontology.Killing, "", "policiers", "", "Kidal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, tt.text)
			e := find(x, tt.typ)
			if e == nil {
				t.Fatalf("no %s in %v", tt.typ, x.Events)
			}
			if got := names(x, e, event.Agent); got != tt.agent {
				t.Errorf("agent %q, want %q", got, tt.agent)
			}
			if got := names(x, e, event.Target); got != tt.target {
				t.Errorf("target %q, want %q", got, tt.target)
			}
			if got := names(x, e, event.AgentAlly); got != tt.allies {
				t.Errorf("allies %q, want %q", got, tt.allies)
			}
			if len(e.Places) == 0 || x.Places[e.Places[0].Place].Name != tt.place {
				t.Errorf("places %v of %v, want %s", e.Places, x.Places, tt.place)
			}
		})
	}
}

func TestFactuality(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		typ        ontology.Type
		want       event.Factuality
	}{
		{"told", "L'armée a repris la ville de Gao.", ontology.TerritoryCapture, event.Actual},
		{"according to", "Selon l'ONU, l'armée a repris la ville de Gao.", ontology.TerritoryCapture, event.Actual},
		{"hearsay conditional", "L'armée aurait repris la ville de Gao.", ontology.TerritoryCapture, event.Unconfirmed},
		{"hearsay, then asserted", "L'armée aurait repris la ville de Gao. Les soldats ont repris la ville de Gao samedi, a confirmé l'ONU.", ontology.TerritoryCapture, event.Actual},
		{"negated", "L'armée n'a pas repris la ville de Gao.", ontology.TerritoryCapture, event.Negated},
		{"not only", "Les rebelles n'ont pas seulement repris la ville de Gao.", ontology.TerritoryCapture, event.Actual},
		{"intended", "L'armée espère reprendre la ville de Gao cette année.", ontology.TerritoryCapture, event.Planned},
		{"future", "Les rebelles quitteront la ville de Gao lundi.", ontology.Withdrawal, event.Planned},
		{"implicative", "L'armée a réussi à reprendre la ville de Gao.", ontology.TerritoryCapture, event.Actual},
		{"possible", "L'armée pourrait reprendre la ville de Gao.", ontology.TerritoryCapture, event.Hypothetical},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := find(read(t, tt.text), tt.typ)
			if e == nil {
				t.Fatalf("no %s", tt.typ)
			}
			if e.Factuality != tt.want {
				t.Errorf("factuality %d, want %d", e.Factuality, tt.want)
			}
		})
	}
}

func TestClaims(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"according to", "Selon l'Observatoire syrien des droits de l'Homme, l'armée a repris Alep.", "Observatoire syrien des droits de l'homme"},
		{"incise", "L'armée a repris Alep, a annoncé l'agence Sana.", "Sana"},
		{"governing verb", "L'ONU a annoncé que l'armée avait repris Alep.", "Organisation des Nations unies"},
		{"none", "L'armée a repris Alep.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, tt.text)
			e := find(x, ontology.TerritoryCapture)
			if e == nil {
				t.Fatal("no event")
			}
			var got []string
			for _, c := range e.Claims {
				if c.Source >= 0 {
					got = append(got, x.Actors[c.Source].Name)
				}
			}
			if s := strings.Join(got, ", "); !strings.EqualFold(s, tt.want) {
				t.Errorf("sources %q, want %q", s, tt.want)
			}
		})
	}
}

func TestMentionsOfOneEventAreMerged(t *testing.T) {
	x := read(t, "Nigeria : l'armée reprend Bama\n\nL'armée nigériane a repris samedi la ville de Bama à Boko Haram. "+
		"La reprise de Bama a coûté la vie à douze soldats.\n")
	var captures []*event.Event
	for i := range x.Events {
		if x.Events[i].Type == ontology.TerritoryCapture {
			captures = append(captures, &x.Events[i])
		}
	}
	if len(captures) != 1 {
		t.Fatalf("%d captures, want one", len(captures))
	}
	e := captures[0]
	if len(e.Mentions) != 4 || len(e.Quantities) != 1 {
		t.Errorf("%d mentions and %d numbers, want the capture's three, its dead and their number", len(e.Mentions), len(e.Quantities))
	}
	saturday := timex.Date{Year: 2014, Month: time.June, Day: 14}
	if e.Time == nil || e.Time.Start != saturday || e.Time.End != saturday {
		t.Errorf("time %+v, want %v", e.Time, saturday)
	}
	if x.Events[0].ID != e.ID {
		t.Error("the headline's event does not come first")
	}
}

func TestQuantities(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		kind       event.QuantityKind
		low, high  float64 // 0: open
	}{
		{"killed", "Au moins 40 civils ont été tués à Alep.", event.Killed, 40, 0},
		{"killed by a strike", "Les raids russes ont tué plus de 300 djihadistes à Alep.", event.Killed, 300, 0},
		{"dead as a noun", "L'attentat de Bagdad a fait 14 morts.", event.Killed, 14, 14},
		{"wounded as a noun", "L'attentat de Bagdad a fait 14 morts et 30 blessés.", event.Injured, 30, 30},
		{"missing", "Quarante soldats ont été tués et 130 portés disparus, selon l'armée. L'armée fait état de 40 soldats tués et de 130 disparus.", event.Missing, 130, 130},
		{"sorties", "L'aviation russe a mené 60 raids sur Alep.", event.Sorties, 60, 60},
		{"protesters", "Quelque 5 000 personnes ont manifesté samedi à Tunis.", event.Participants, 5000, 5000},
		{"area", "L'armée syrienne a repris 20 kilomètres carrés de territoire à Daesh.", event.Area, 20, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, tt.text)
			for i := range x.Events {
				for _, q := range x.Events[i].Quantities {
					if q.Kind != tt.kind {
						continue
					}
					if q.Low == nil || *q.Low != tt.low || (q.High == nil) != (tt.high == 0) || q.High != nil && *q.High != tt.high {
						t.Errorf("low %v high %v, want %v %v", q.Low, q.High, tt.low, tt.high)
					}
					return
				}
			}
			t.Errorf("no such quantity in %v", x.Events)
		})
	}
}

func TestActorsAreOneWhereTheyAreOne(t *testing.T) {
	x := read(t, "Le président français François Hollande a reçu Mahmoud Abbas. M. Hollande a salué l'accord. "+
		"L'Observatoire tchadien des libertés (OTL) a critiqué la rencontre. L'OTL demande des excuses.\n\n"+
		"Les djihadistes de l'Etat islamique ont attaqué Kobané. Daesh contrôle déjà trois villages. L'EI a perdu cent hommes.\n")
	for _, tt := range []struct {
		name     string
		kind     actor.Kind
		mentions int // at least
	}{
		{"François Hollande", actor.Person, 2},
		{"Etat islamique", actor.RebelGroup, 3},
	} {
		n := 0
		for _, a := range x.Actors {
			if a.Name == tt.name {
				n++
				if a.Kind != tt.kind || len(a.Mentions) < tt.mentions {
					t.Errorf("%s: kind %d, %d mentions", a.Name, a.Kind, len(a.Mentions))
				}
			}
		}
		if n != 1 {
			t.Errorf("%s is %d actors", tt.name, n)
		}
	}
}

// A name's holder of office changes with the day of the article.
func TestOfficesHaveDates(t *testing.T) {
	for _, tt := range []struct {
		year int
		want string
	}{{2010, "Nicolas Sarkozy"}, {2014, "François Hollande"}, {2019, "Emmanuel Macron"}} {
		x, err := extractor().Extract(context.Background(), Input{Body: []byte("Le président français a condamné l'attaque de Gao."),
			Published: timex.Date{Year: tt.year, Month: time.March, Day: 1}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		e := find(x, ontology.Accusation)
		if e == nil || names(x, e, event.Agent) != tt.want {
			t.Errorf("in %d: %v", tt.year, x.Actors)
		}
	}
}

func TestKnowledgeCanBeReplaced(t *testing.T) {
	names := "id\tkind\tcountry\tnames\tcodes\ttags\toffice\tfrom\tto\nzorg\tREBEL_GROUP\tTCD\tFront Zorg\t\t\t\t\t\n"
	x, err := New(Config{Knowledge: fstest.MapFS{"fr/actors/names.tsv": {Data: []byte(names)}}})
	if err != nil {
		t.Fatal(err)
	}
	if x.Describe().Versions.Gazetteer == extractor().Describe().Versions.Gazetteer {
		t.Error("other knowledge, same version")
	}
	got, err := x.Extract(context.Background(), Input{Body: []byte("Le Front Zorg a attaqué Abéché samedi.")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Actors) == 0 || got.Actors[0].KnowledgeID != "zorg" {
		t.Errorf("actors %v", got.Actors)
	}
}

func TestFaultsOfKnowledgeAreTold(t *testing.T) {
	_, err := New(Config{Knowledge: fstest.MapFS{
		"fr/actors/demonyms.tsv": {Data: []byte("country\tforms\nTchad\ttchadien\n")},
		"fr/events/more.yaml":    {Data: []byte("senses:\n  - rule: x\n    type: NO_SUCH\n    verbs: [zorguer]\n")},
	}})
	if err == nil {
		t.Fatal("faulty knowledge is taken")
	}
	for _, want := range []string{`demonyms.tsv:2: country "Tchad"`, `more.yaml:2: x: no event type "NO_SUCH"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not tell %q", err, want)
		}
	}
}

func TestNothingOfThePageAround(t *testing.T) {
	x := read(t, "Les deux ministres se sont rencontrés à Paris mardi pour parler de commerce, selon un communiqué.\n\n"+
		"À lire aussi\n\nDix morts dans un attentat à Kaboul\n\nUn soldat tué à Gao\n")
	for _, e := range x.Events {
		if e.Type == ontology.Killing || e.Type == ontology.Attack {
			t.Errorf("event from a teaser: %+v", e)
		}
	}
}

func TestCancelledBetweenStages(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := extractor().Extract(ctx, Input{Body: []byte("L'armée a repris la ville de Gao.")}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

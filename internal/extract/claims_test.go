package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
)

// Who says so, by class of construction. A source is written with «-» before
// it where it denies, with «?» where it expects.
func TestSourcesByConstruction(t *testing.T) {
	const (
		capture  = ontology.TerritoryCapture
		withdraw = ontology.Withdrawal
		attack   = ontology.Attack
		killing  = ontology.Killing
		strike   = ontology.AirStrike
		offense  = ontology.Offensive
	)
	for _, tt := range []struct {
		text string
		typ  ontology.Type
		want string
	}{
		// Nobody's word but the paper's.
		{"L'armée a repris la ville de Gao.", capture, ""},
		{"Les rebelles ont attaqué la ville de Goma. Le gouvernement congolais a annoncé une enquête.", attack, ""},
		{"Après la reprise de la ville de Gao par l'armée, le ministère de la Défense a annoncé une enquête.", capture, ""},
		{"L'ONU, qui a quitté le pays, est absente. L'armée a repris la ville de Gao.", capture, ""},

		// «selon» and its kin.
		{"Selon l'ONU, l'armée a repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"L'armée a repris la ville de Gao, selon l'ONU.", capture, "Organisation des Nations unies"},
		{"D'après l'ONU, l'armée a repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"Selon un rapport de l'ONU, l'armée a repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"Selon un communiqué du ministère de la Défense, l'armée a repris la ville de Gao.", capture, "ministère de la Défense"},
		{"Un grand nombre de rebelles ont quitté Goma, selon l'ONU...", withdraw, "Organisation des Nations unies"},
		{"Selon l'ONU, l'armée a repris la ville de Gao. Les rebelles ont quitté la ville de Kidal.", withdraw, "Organisation des Nations unies"},
		{"Selon l'ONU, l'armée a perdu la ville de Gao ; le gouvernement a parlé de rumeurs. Les rebelles ont quitté la ville de Kidal.", withdraw, ""},
		{"Le Caire - Un tribunal a condamné douze hommes reconnus coupables d'avoir tué trois policiers à Gizeh.", killing, ""},
		{"Dix soldats ont été tués mercredi par des rebelles, a affirmé New Delhi.", killing, "New Delhi"},
		{"Selon l'ONU, l'armée a repris la ville de Gao.\n\nLes rebelles ont quitté la ville de Kidal.", withdraw, ""},
		{"Selon l'ONU et la Croix-Rouge, l'armée a repris la ville de Gao.", capture, "Comité international de la Croix-Rouge, Organisation des Nations unies"},

		{"Dix soldats ont été tués près de Goma, selon un bilan provisoire communiqué par l'ONU.", killing, "Organisation des Nations unies"},

		{"Dix soldats ont été tués à Goma, selon la police et des témoins.", killing, "police, témoins"},
		{"L'armée a attaqué la ville de Gao, aux mains d'un groupe armé affilié, selon les Etats-Unis, à Al-Qaïda.", attack, ""},

		// Heard from somebody.
		{"Dix soldats ont été tués à Goma, a-t-on appris auprès de la police locale.", killing, "police locale"},
		{"Dix soldats ont été tués à Goma, indique-t-on au ministère de la Défense.", killing, "ministère de la Défense"},

		// Who describes says nothing of it.
		{"L'ONU a déclaré que les rebelles qui ont attaqué la ville de Goma sont partis.", attack, ""},
		{"Le chef rebelle, poursuivi par l'ONU, a attaqué la ville de Goma.", attack, ""},

		// Verbs of saying over a clause.
		{"L'ONU fait état de dix soldats tués près de Goma.", killing, "Organisation des Nations unies"},
		{"L'ONU a annoncé que l'armée avait repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"L'ONU annonce que les rebelles ont attaqué la ville de Goma.", attack, "Organisation des Nations unies"},
		{"L'armée a annoncé avoir repris la ville de Gao.", capture, "armée"},
		{"L'armée affirme avoir repris la ville de Gao.", capture, "armée"},
		{"Les rebelles ont assuré s'être emparés de la ville de Gao.", capture, "rebelles"},
		{"L'ONU a confirmé la reprise de la ville de Gao par l'armée.", capture, "Organisation des Nations unies"},
		{"L'ONU a tenu à préciser que l'armée avait repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"L'ONU a fait savoir que l'armée avait repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"Le ministère de la Défense a confirmé que l'armée avait repris la ville de Gao.", capture, "ministère de la Défense"},
		{"Un communiqué de l'ONU indique que l'armée a repris la ville de Gao.", capture, "Organisation des Nations unies"},
		{"L'ONU, qui affirme que l'armée a repris la ville de Gao, reste prudente.", capture, "Organisation des Nations unies"},

		// Asides.
		{"L'armée a repris la ville de Gao, a annoncé l'ONU.", capture, "Organisation des Nations unies"},
		{"L'armée a repris la ville de Gao, a annoncé dimanche l'ONU.", capture, "Organisation des Nations unies"},
		{"L'armée a repris la ville de Gao, annonce l'ONU.", capture, "Organisation des Nations unies"},
		{"L'armée a repris la ville de Gao, a fait savoir l'ONU.", capture, "Organisation des Nations unies"},
		{"L'armée a repris la ville de Gao, comme l'a annoncé l'ONU.", capture, "Organisation des Nations unies"},
		{"L'armée a repris la ville de Gao, rapporte l'AFP citant l'ONU.", capture, "Agence France-Presse, Organisation des Nations unies"},
		{"Les rebelles ont quitté la ville de Goma, a annoncé l'ONU, précisant que l'armée avait repris la ville de Gao.", capture, "Organisation des Nations unies"},

		{"Dix soldats ont été tués à Goma, a annoncé, dimanche, à l'AFP, le porte-parole de l'ONU, Jean Dupont.", killing, "Jean Dupont"},
		{"Dix soldats ont été tués à Goma, nous a confié un élu local.", killing, "élu local"},
		{"Les rebelles ont tué dix civils à Goma, ce que dément la France.", killing, "-France"},
		{"L'ONU accuse les rebelles d'avoir tué dix civils à Goma.", killing, "Organisation des Nations unies"},
		{"L'ONU a annoncé l'envoi de 500 soldats à Goma.", ontology.Mobilization, "?Organisation des Nations unies"},

		// Quotations.
		{"« Les rebelles ont attaqué la ville de Goma », s'alarme Jean Dupont.", attack, "Jean Dupont"},
		{"Jean Dupont : « Les rebelles ont attaqué la ville de Goma »", attack, "Jean Dupont"},
		{"« L'armée a repris la ville de Gao », a déclaré l'ONU.", capture, "Organisation des Nations unies"},
		{"\"L'armée a repris la ville de Gao\", a déclaré l'ONU.", capture, "Organisation des Nations unies"},
		{"L'ONU a déclaré : « L'armée a repris la ville de Gao ».", capture, "Organisation des Nations unies"},
		{"« La situation est grave. L'armée a repris la ville de Gao », a déclaré l'ONU.", capture, "Organisation des Nations unies"},
		{"« La situation est grave », a déclaré l'ONU. « L'armée a repris la ville de Gao. »", capture, "Organisation des Nations unies"},
		{"L'ONU s'est exprimée lundi et a déclaré :\n\n« L'armée a repris la ville de Gao. »", capture, "Organisation des Nations unies"},
		{"D'après l'ONU, « l'armée a repris la ville de Gao ».", capture, "Organisation des Nations unies"},

		// Whoever spoke last.
		{"L'ONU a condamné les combats, a déclaré son porte-parole. Le ministère de la Défense a annoncé un bilan. Il a précisé que l'armée avait repris la ville de Gao.", capture, "ministère de la Défense"},
		{"Le ministère de la Défense a annoncé un bilan. L'armée a repris la ville de Gao, a-t-il précisé.", capture, "ministère de la Défense"},
		{"L'ONU a annoncé un bilan. L'armée a repris la ville de Gao, a-t-elle ajouté.", capture, "Organisation des Nations unies"},
		{"Le ministère de la Défense a annoncé un bilan. L'armée a repris la ville de Gao, précise le communiqué.", capture, "ministère de la Défense"},
		{"Le ministère de la Défense a annoncé un bilan. Selon le communiqué, l'armée a repris la ville de Gao.", capture, "ministère de la Défense"},
		{"Le ministère de la Défense a annoncé un bilan. L'armée a repris la ville de Gao, selon la même source.", capture, "ministère de la Défense"},
		{"Le ministère de la Défense a annoncé un bilan. Selon lui, l'armée a repris la ville de Gao.", capture, "ministère de la Défense"},
		{"Le ministre dit que la guerre est finie. Il insiste sur un accord qui est selon lui en panne, le processus de paix. L'armée a repris la ville de Gao.", capture, ""},
		{"L'ONU a annoncé un bilan. Toujours selon l'ONU, l'armée a repris la ville de Gao.", capture, "Organisation des Nations unies"},

		// Denials.
		{"Les rebelles démentent avoir attaqué la ville de Goma.", attack, "-rebelles"},
		{"Les rebelles nient avoir tué dix otages.", killing, "-rebelles"},
		{"L'ONU a démenti que l'armée ait repris la ville de Gao.", capture, "-Organisation des Nations unies"},

		// Expectations.
		{"L'ONU craint une offensive de l'armée sur Gao.", offense, "?Organisation des Nations unies"},
		{"L'ONU s'attend à une offensive de l'armée sur Gao.", offense, "?Organisation des Nations unies"},
		{"L'ONU a annoncé que les rebelles quitteraient la ville de Goma.", withdraw, "?Organisation des Nations unies"},
		{"L'armée espère reprendre la ville de Gao.", capture, ""},

		// Told by what happened, not claimed.
		{"Selon l'ONU, dix civils ont été tués à Kidal depuis le début de l'offensive de l'armée sur Gao.", offense, ""},

		// A speech act is not its own source.
		{"L'ONU a déclaré condamner l'attaque de Goma.", ontology.Accusation, ""},
		{"La France a dit condamner l'attaque de Goma.", ontology.Accusation, ""},
		{"L'ONU appelle les rebelles à quitter Goma, a déclaré la France.", ontology.Demand, "France"},

		// Sources side by side, and in brackets.
		{"L'armée a repris la ville de Gao, a annoncé l'ONU. L'armée a repris la ville de Gao, a confirmé la France.", capture, "Organisation des Nations unies, France"},
		{"L'armée reprend la ville de Gao (ONU)", capture, "Organisation des Nations unies"},
		{"L'aviation française a mené 60 raids sur Gao, a annoncé l'ONU.", strike, "Organisation des Nations unies"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			x := read(t, tt.text)
			e := find(x, tt.typ)
			if e == nil {
				t.Fatal("no event")
			}
			var got []string
			for _, c := range e.Claims {
				if c.Source >= 0 {
					got = append(got, map[event.Stance]string{event.Denies: "-", event.Expects: "?"}[c.Stance]+x.Actors[c.Source].Name)
				}
			}
			want := strings.Split(tt.want, ", ")
			slices.Sort(got)
			slices.Sort(want)
			if s := strings.Join(got, ", "); s != strings.Join(want, ", ") {
				t.Errorf("sources %q, want %q", s, tt.want)
			}
		})
	}
}

// Each source keeps the number that it gives.
func TestQuantitiesStandUnderTheirSources(t *testing.T) {
	x := read(t, "L'ONU a affirmé que l'attaque de Goma avait fait 40 morts. L'attaque de Goma a fait 60 morts, selon la Croix-Rouge.")
	e := find(x, ontology.Attack)
	if e == nil || len(e.Claims) != 2 || len(e.Quantities) != 2 {
		t.Fatalf("event %+v, want two claims and two quantities", e)
	}
	for i, c := range e.Claims {
		if !slices.Equal(c.Quantities, []int{i}) {
			t.Errorf("claim %d gives quantities %v, want %d", i, c.Quantities, i)
		}
	}
}

// The figures of those who march and of those who police them: each with who
// gives it.
func TestNumbersBesideTheirSources(t *testing.T) {
	const march = "Des enseignants ont défilé jeudi à Sfax. "
	for _, tt := range []struct{ name, text, want string }{
		{"one behind the other", "La manifestation de Sfax a rassemblé 20 000 personnes selon les syndicats, 5 000 selon la police.", "20000 syndicats, 5000 police"},
		{"coordinated", "La marche de Sfax a réuni 800 personnes selon la police et 3 000 d'après les syndicats.", "800 police, 3000 syndicats"},
		{"who called for it", "Près de 2 000 étudiants ont manifesté jeudi à Sfax selon les organisateurs, 500 selon la police.", "2000 organisateurs, 500 police"},
		{"the first before it", "Selon la police, 5 000 personnes ont défilé à Sfax, 12 000 selon les organisateurs.", "5000 police, 12000 organisateurs"},
		{"in brackets", "Quelque 5 000 personnes (12 000 selon les syndicats) ont défilé à Sfax.", "5000 -, 12000 syndicats"},
		{"the dead", "L'attentat de Sfax a fait 12 morts selon l'armée, 30 selon l'opposition.", "12 armée, 30 opposition"},
		{"they were", march + "Ils étaient 4 000 selon les syndicats, 900 selon la préfecture.", "4000 syndicats, 900 préfecture"},
		{"they were, by one", march + "Ils étaient plus de 4 000, selon la préfecture.", "4000 préfecture"},
		{"they were, of two", march + "Selon les organisateurs, ils étaient 50 000 dans la capitale ; la préfecture a parlé de 8 000 personnes.", "50000 organisateurs, 8000 préfecture"},
		{"they were, doing so", "Ils étaient 12 000 selon les organisateurs, 5 000 selon la police, à défiler jeudi à Sfax.", "12000 organisateurs, 5000 police"},
		{"counted", march + "La police a compté 800 manifestants.", "800 police"},
		{"claimed, and counted", march + "Les organisateurs revendiquent 12 000 participants, la préfecture en a dénombré 4 000.", "12000 organisateurs, 4000 préfecture"},
		{"of something else", march + "L'agence a recensé 12 000 personnes touchées par la sécheresse.", ""},
		{"of others", "L'armée a bombardé jeudi Sfax. Ils étaient 4 000 selon les syndicats.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, tt.text)
			if len(x.Events) == 0 {
				t.Fatal("no event")
			}
			e := &x.Events[0]
			var got []string
			for i, q := range e.Quantities {
				by := "-"
				for _, c := range e.Claims {
					if slices.Contains(c.Quantities, i) {
						by = x.Actors[c.Source].Name
					}
				}
				got = append(got, fmt.Sprint(*q.Low, " ", by))
			}
			if got := strings.Join(got, ", "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestWhoTellsTakesNoPart: the subject that the parser finds in «selon X» is
// none.
func TestWhoTellsTakesNoPart(t *testing.T) {
	x := read(t, "D'après la radio La Voix du Nord, dix mille habitants auraient quitté Goma.")
	e := find(x, ontology.Displacement)
	if e == nil {
		t.Fatal("no displacement")
	}
	for _, p := range e.Participants {
		if name := x.Actors[p.Actor].Name; strings.Contains(name, "Voix") {
			t.Errorf("%s takes part", name)
		}
	}
}

// TestTollOfTheNextSentence: who was hurt and by nobody said is hurt by what
// the sentence before tells.
func TestTollOfTheNextSentence(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       int // events
	}{
		{"its own", "Des échauffourées ont éclaté samedi à Rennes entre manifestants et CRS. Deux policiers ont été blessés.", 1},
		{"elsewhere", "Des échauffourées ont éclaté samedi à Rennes entre manifestants et CRS. A Nantes, deux policiers ont été blessés.", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if x := read(t, tt.text); len(x.Events) != tt.want {
				t.Errorf("%d events, want %d: %+v", len(x.Events), tt.want, x.Events)
			}
		})
	}
}

// TestHoursAreOfTheDayThatTheNewsHasComeTo: an hour without a day is not of the
// day of publication, a Sunday.
func TestHoursAreOfTheDayThatTheNewsHasComeTo(t *testing.T) {
	x := read(t, "Jeudi, des éleveurs ont manifesté à Rennes. Des échauffourées ont éclaté vers midi.")
	e := find(x, ontology.Riot)
	if e == nil || e.Time == nil {
		t.Fatalf("event %+v, want a time", e)
	}
	if want := sunday.AddDays(-3); e.Time.Start != want {
		t.Errorf("start %v, want %v", e.Time.Start, want)
	}
}

package extract

import (
	"testing"

	"github.com/depeche-events/depeche/internal/ontology"
)

// The articles came out on Sunday 15 June 2014.
func TestWhenEventsHappen(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		typ        ontology.Type
		want       string
	}{
		{"the day goes on in the next paragraph",
			"Vendredi, dès 6 h, des éleveurs ont bloqué la gare de Quimper.\n\nEn fin de matinée, la police a arrêté cinq éleveurs.", ontology.Arrest, "2014-06-13"},
		{"and later in the day", "Vendredi, des éleveurs ont manifesté à Quimper.\n\nPlus tard dans la journée, la police a arrêté cinq éleveurs.",
			ontology.Arrest, "2014-06-13"},
		{"history ends it", "Vendredi, des éleveurs ont manifesté à Quimper.\n\nEn 2003, la préfecture avait brûlé.\n\nLa police a arrêté cinq éleveurs.",
			ontology.Arrest, ""},
		{"when it was told is not when it was", "Un attentat a visé vendredi un marché de Bagdad, a annoncé samedi la police.\n\nLes kamikazes ont attaqué deux mosquées à Bassora.",
			ontology.SuicideBombing, "2014-06-13"},
		{"nor is what went before", "Des rebelles ont attaqué vendredi la ville de Sola, qu'ils avaient encerclée jeudi.\n\nLa police a arrêté cinq passants.",
			ontology.Arrest, "2014-06-13"},
		{"history goes on", "En mars 2012, des mutins avaient pris la radio de Sola.\n\nIls n'avaient été suivis par personne.\n\nDeux mutins avaient été tués par la garde.",
			ontology.Killing, "2012-03"},
		{"a heading is of the day below", "Cinq éleveurs arrêtés\n\nQUIMPER, 15 juin 2014 (Ouest-Presse)\n\nLa police a arrêté vendredi cinq éleveurs à Quimper.",
			ontology.Arrest, "2014-06-13"},
		{"as long after", "Un an après la chute du régime, des milliers de Tunisiens ont manifesté vendredi.", ontology.LeadershipChange, "2013"},
		{"the protest itself", "Un an après la chute du régime, des milliers de Tunisiens ont manifesté vendredi.", ontology.Protest, "2014-06-13"},
		{"the day after", "Au lendemain de l'attaque d'un convoi par des rebelles, le ministre a promis des renforts.", ontology.Attack, "2014-06-14"},
		{"the date itself, so long ago", "Deux ans après le référendum du 20 mai, les partis se déchirent.", ontology.Election, "2012-05-20"},
		{"what has been done is over", "Le bilan de l'attentat de mercredi à Bagdad s'élève à 27 morts.", ontology.Attack, "2014-06-11"},
		{"what is planned is not", "La manifestation de mercredi à Bagdad s'annonce importante.", ontology.Protest, "2014-06-18"},
		{"a day behind what is taken", "L'armée a pris le pouvoir mercredi à Sola.", ontology.Coup, "2014-06-11"},
		{"a year behind its month", "En octobre, l'an dernier, des rebelles ont attaqué la ville de Sola.", ontology.Attack, "2013-10"},
		{"of what is wanted", "L'opposition appelle à une marche samedi prochain.", ontology.Demand, ""},
		{"of who is in power", "Les étudiants ont réclamé la démission du président, au pouvoir depuis 1982.", ontology.Demand, ""},
		{"nor is what tells somebody apart", "L'otage allemand, enlevé jeudi près de Sola, a été libéré. La police a arrêté cinq passants.", ontology.Arrest, ""},
		{"and of the abduction it is", "L'otage allemand, enlevé jeudi près de Sola, a été libéré. La police a arrêté cinq passants.", ontology.Abduction, "2014-06-12"},
		{"a state has no day", "Des avions ont bombardé vendredi Bassora.\n\nLes rebelles, qui contrôlent la ville de Sola, ont protesté.", ontology.TerritoryCapture, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := find(read(t, tt.text), tt.typ)
			if e == nil {
				t.Fatalf("no %s", tt.typ)
			}
			got := ""
			if e.Time != nil {
				got = e.Time.Start.String()
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

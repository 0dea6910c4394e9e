package extract

import (
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
)

// Whether it is the news or what came before it, by class of construction;
// the articles are of a Sunday in December 2016.
func TestTimeframeByConstruction(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		typ        ontology.Type
		want       event.Timeframe
	}{
		{"the news", "L'armée a repris samedi la ville de Gao.", ontology.TerritoryCapture, event.Current},
		{"a month that is over", "L'Allemagne a rappelé en novembre ses soldats du Mali.", ontology.Withdrawal, event.Background},
		{"the pluperfect, days ago", "Les rebelles avaient attaqué la ville de Goma lundi dernier.", ontology.Attack, event.Background},
		{"the pluperfect, yesterday", "Les rebelles avaient attaqué la ville de Goma samedi.", ontology.Attack, event.Current},
		{"a tense shifted by saying", "Le ministre a annoncé que les rebelles avaient attaqué la ville de Goma.", ontology.Attack, event.Current},
		{"counted up for years", "Plus de 3 000 civils ont été tués au Mali depuis 2012.", ontology.Killing, event.Background},
		{"a siege of years", "Les rebelles assiègent la ville de Goma depuis 2012.", ontology.Siege, event.Current},
		{"what describes a person", "Le ministre a reçu Jean Dupont, enlevé par les rebelles à Gao.", ontology.Abduction, event.Background},
		{"a headline's participle", "Mali : la ville de Gao reprise par l'armée", ontology.TerritoryCapture, event.Current},
		{"a relative clause that goes on", "La police, qui a arrêté trois hommes à Gao, a ouvert une enquête.", ontology.Arrest, event.Current},
		{"what had already happened", "Le Panama a rompu samedi avec Taïwan. Les rebelles avaient déjà attaqué la ville de Goma.", ontology.Attack, event.Background},
		{"a pluperfect with «être»", "Les mutins avaient chassé le président en mars 2012. La ville de Goma était alors tombée aux mains des rebelles.",
			ontology.TerritoryCapture, event.Background},
		{"in the past", "Il participa dans le passé à la libération de trois otages à Goma.", ontology.Release, event.Background},
		{"commemorated", "Le pays a célébré l'anniversaire de l'attaque de Goma par les rebelles.", ontology.Attack, event.Background},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := find(read(t, tt.text), tt.typ)
			if e == nil {
				t.Fatal("no event")
			}
			if e.Timeframe != tt.want {
				t.Errorf("timeframe %d (%s), want %d", e.Timeframe, e.TimeframeRule, tt.want)
			}
		})
	}
}

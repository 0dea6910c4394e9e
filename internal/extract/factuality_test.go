package extract

import (
	"testing"

	"github.com/depeche-events/depeche/internal/event"
	"github.com/depeche-events/depeche/internal/ontology"
)

// none is the factuality of what is no event at all.
const none event.Factuality = 0

// Whether it happened, by class of construction.
func TestFactualityByConstruction(t *testing.T) {
	const (
		capture  = ontology.TerritoryCapture
		withdraw = ontology.Withdrawal
		attack   = ontology.Attack
		offense  = ontology.Offensive
		strike   = ontology.AirStrike
		killing  = ontology.Killing
		release  = ontology.Release
		deal     = ontology.Agreement
		truce    = ontology.Ceasefire
		move     = ontology.Mobilization
		arrest   = ontology.Arrest
		protest  = ontology.Protest
		blast    = ontology.Explosion
		meeting  = ontology.Meeting
		kidnap   = ontology.Abduction
	)
	for _, tt := range []struct {
		text string
		typ  ontology.Type
		want event.Factuality
	}{
		// Told.
		{"L'armée reprend la ville de Gao.", capture, event.Actual},
		{"Après avoir repris la ville de Gao, les soldats ont fouillé les maisons.", capture, event.Actual},
		{"Les rebelles présumés ont attaqué le village de Dori.", attack, event.Actual},
		{"L'armée est accusée par l'ONU d'avoir tué dix civils à Gao.", killing, event.Actual},
		{"L'armée, accusée d'avoir tué dix civils à Gao, se tait.", killing, event.Unconfirmed},
		{"Trois rebelles présumés ont été arrêtés samedi à Bamako.", arrest, event.Actual},
		{"Cette bataille, qui aura vu les rebelles s'emparer de Goma, est terminée.", capture, event.Actual},
		{"Les rebelles n'ont attaqué que le village de Dori.", attack, event.Actual},
		{"Le ministre a annoncé que l'armée avait repris la ville de Gao.", capture, event.Actual},
		{"L'armée a annoncé avoir repris la ville de Gao.", capture, event.Actual},
		{"L'armée affirme avoir repris la ville de Gao.", capture, event.Actual},
		{"L'attentat de Bagdad a été revendiqué par Al-Qaïda.", ontology.Explosion, none},

		// The conditional: hearsay, future in the past, hypothesis.
		{"L'armée aurait repris la ville de Gao, selon des témoins.", capture, event.Unconfirmed},
		{"Les rebelles auraient été chassés de Goma et l'armée aurait repris la ville de Goma.", capture, event.Unconfirmed},
		{"Dix soldats auraient été tués à Kidal.", killing, event.Unconfirmed},
		{"Les rebelles contrôleraient désormais la ville de Goma.", capture, event.Unconfirmed},
		{"Les rebelles seraient partis vers Goma après avoir attaqué le village de Dori.", attack, event.Actual},
		{"Le porte-parole a annoncé que l'armée se retirerait de Goma.", withdraw, event.Planned},
		{"Le président a promis que les troupes se retireraient de Goma.", withdraw, event.Planned},
		{"Les rebelles ont déclaré qu'ils libéreraient les otages lundi.", release, event.Planned},
		{"Le ministre a indiqué hier que les deux pays signeraient un accord de paix en mai.", deal, event.Planned},
		{"L'agence indique que les rebelles auraient quitté Goma et que l'armée aurait repris la ville de Goma.", capture, event.Unconfirmed},
		{"Le ministre a indiqué que l'armée aurait repris la ville de Gao.", capture, event.Unconfirmed},
		{"Si les négociations échouaient, l'armée attaquerait la ville de Goma.", attack, event.Hypothetical},
		{"Sans cet accord, les troupes se retireraient de Goma.", withdraw, event.Hypothetical},
		{"Si l'armée avait attaqué la ville, les rebelles se seraient retirés de Goma.", withdraw, event.Hypothetical},
		{"L'armée pourrait attaquer la ville de Goma.", attack, event.Hypothetical},
		{"Les troupes pourraient se retirer de Goma.", withdraw, event.Hypothetical},
		{"Les soldats peuvent désormais se retirer de Goma.", withdraw, event.Hypothetical},
		{"Les rebelles ont pu s'emparer de Goma.", capture, event.Actual},
		{"L'armée devrait reprendre la ville de Gao cette semaine.", capture, event.Planned},
		{"Les deux présidents doivent se rencontrer mardi à Genève.", meeting, event.Planned},
		{"Les rebelles ont dû se retirer de Goma.", withdraw, event.Actual},

		{"Les habitants ont dû être évacués de Goma.", ontology.Displacement, event.Actual},
		{"Les otages pourraient être libérés lundi à Gao.", release, event.Hypothetical},
		{"Le ministre a indiqué que, lorsque les troupes se retireraient de Goma, la paix serait proche.", withdraw, event.Planned},
		{"Pas moins de dix soldats ont été tués à Kidal.", killing, event.Actual},

		// Made known before it comes, and after it came.
		{"L'opposition a annoncé une manifestation à Bamako.", protest, event.Planned},
		{"La France a annoncé l'envoi de 500 soldats au Mali.", move, event.Planned},
		{"La police a annoncé l'arrestation de trois rebelles à Bamako.", arrest, event.Actual},
		{"Une attaque en préparation contre la ville de Goma a été éventée.", attack, event.Planned},

		// The future.
		{"L'armée reprendra la ville de Gao.", capture, event.Planned},
		{"Les troupes vont se retirer de Goma.", withdraw, event.Planned},
		{"Les troupes françaises ne vont pas se retirer de Goma.", withdraw, event.Negated},
		{"Les troupes ne se retireront pas de Goma.", withdraw, event.Negated},
		{"L'ONU prévoit de retirer ses troupes du Mali en juin.", withdraw, event.Planned},
		{"La France compte déployer 500 soldats au Mali.", move, event.Planned},
		{"Les rebelles s'apprêtent à attaquer la ville de Goma.", attack, event.Planned},
		{"La France est prête à déployer 500 soldats au Mali.", move, event.Planned},
		{"Le gouvernement a décidé de déployer 500 soldats au Mali.", move, event.Planned},
		{"Les rebelles ont accepté de se retirer de Goma.", withdraw, event.Planned},
		{"Les rebelles se sont engagés à libérer les otages.", release, event.Planned},
		{"L'armée veut reprendre la ville de Gao.", capture, event.Planned},
		{"Le projet de déploiement de 500 soldats au Mali divise les députés.", move, event.Planned},
		{"Le plan de retrait de l'armée française du Mali a été présenté lundi.", withdraw, event.Planned},
		{"Le retrait de l'armée française du Mali est prévu en juin.", withdraw, event.Planned},
		{"Le retrait de l'armée française du Mali est programmé pour juin.", withdraw, event.Planned},
		{"Le retrait prévu des troupes françaises du Mali inquiète Bamako.", withdraw, event.Planned},
		{"Le retrait de l'armée française du Mali aura lieu en juin.", withdraw, event.Planned},
		{"Les préparatifs d'une offensive de l'armée sur Gao se poursuivent.", offense, event.Planned},
		{"L'armée a envoyé des chars pour reprendre la ville de Gao.", capture, event.Planned},
		{"Des renforts sont arrivés afin de reprendre la ville de Gao.", capture, event.Planned},

		// Hypothesis, threat, question.
		{"Si l'armée reprend la ville de Gao, la guerre sera finie.", capture, event.Hypothetical},
		{"En cas d'attaque de l'armée contre Goma, les civils fuiront.", attack, event.Hypothetical},
		{"En cas d'offensive de l'armée sur Gao, les civils fuiront.", offense, event.Hypothetical},
		{"Les rebelles ont menacé d'attaquer la ville de Goma.", attack, event.Hypothetical},
		{"Les habitants craignent une attaque des rebelles contre Goma.", attack, event.Hypothetical},
		{"La menace d'une attaque des rebelles contre Goma grandit.", attack, event.Hypothetical},
		{"Le risque d'une offensive de l'armée sur Gao est réel.", offense, event.Hypothetical},
		{"L'armée a-t-elle repris la ville de Gao ?", capture, event.Hypothetical},
		{"L'armée reprendra-t-elle la ville de Gao ?", capture, event.Hypothetical},
		{"Les rebelles ont-ils attaqué la ville de Goma ?", attack, event.Hypothetical},
		{"Une éventuelle offensive de l'armée sur Gao inquiète les habitants.", offense, event.Hypothetical},
		{"À moins que l'armée ne reprenne la ville de Gao, les civils resteront.", capture, event.Hypothetical},
		{"L'éventualité d'un retrait de l'armée française du Mali inquiète Bamako.", withdraw, event.Hypothetical},
		{"Il est possible que l'armée reprenne la ville de Gao.", capture, event.Hypothetical},
		{"L'armée est capable de reprendre la ville de Gao.", capture, event.Hypothetical},

		// Implicatives.
		{"L'armée est parvenue à reprendre la ville de Gao.", capture, event.Actual},
		{"L'armée a fini par reprendre la ville de Gao.", capture, event.Actual},
		{"L'armée a achevé de reprendre la ville de Gao.", capture, event.Actual},
		{"Les rebelles continuent d'attaquer la ville de Goma.", attack, event.Actual},
		{"Les rebelles ont commencé à se retirer de Goma.", withdraw, event.Actual},
		{"L'armée vient de reprendre la ville de Gao.", capture, event.Actual},
		{"Les rebelles ont cessé d'attaquer la ville de Goma.", attack, event.Actual},
		{"L'armée n'a pas réussi à reprendre la ville de Gao.", capture, event.Negated},
		{"L'armée n'est pas parvenue à reprendre la ville de Gao.", capture, event.Negated},
		{"L'armée a échoué à reprendre la ville de Gao.", capture, event.Negated},
		{"L'armée a tenté de reprendre la ville de Gao.", capture, event.Negated},
		{"L'armée a tenté en vain de reprendre la ville de Gao.", capture, event.Negated},
		{"L'armée tente de reprendre la ville de Gao.", capture, event.Planned},
		{"Les rebelles ont refusé de se retirer de Goma.", withdraw, event.Negated},
		{"L'armée a renoncé à attaquer la ville de Goma.", attack, event.Negated},
		{"L'armée a évité d'attaquer la ville de Goma.", attack, event.Negated},
		{"L'armée a empêché les rebelles de s'emparer de Goma.", capture, event.Negated},
		{"Les rebelles n'ont pas renoncé à attaquer la ville de Goma.", attack, event.Planned},
		{"L'armée n'a pas pu reprendre la ville de Gao.", capture, event.Negated},
		{"La police a déjoué un attentat à Bruxelles.", blast, none},
		{"La police a déjoué une attaque de djihadistes contre une église de Paris.", attack, event.Negated},
		{"Le président a annulé le déploiement de 500 soldats au Mali.", move, event.Negated},

		// Negation.
		{"L'armée n'a jamais repris la ville de Gao.", capture, event.Negated},
		{"L'armée n'a pas encore repris la ville de Gao.", capture, event.Negated},
		{"L'armée n'a toujours pas repris la ville de Gao.", capture, event.Negated},
		{"Les rebelles n'ont ni attaqué la ville de Goma ni pillé ses maisons.", attack, event.Negated},
		{"Aucun soldat n'a été tué à Kidal.", killing, event.Negated},
		{"Les rebelles sont partis sans attaquer la ville de Goma.", attack, event.Negated},
		{"Les soldats ont traversé le pays sans que les rebelles attaquent la ville de Goma.", attack, event.Negated},
		{"Aucune attaque contre Goma n'a été signalée.", attack, event.Negated},
		{"Il n'y a pas eu d'attaque des rebelles contre Goma.", attack, event.Negated},
		{"Aucun accord de paix n'a été signé entre les deux pays.", deal, event.Negated},
		{"Le ministre a démenti que l'armée ait repris la ville de Gao.", capture, event.Negated},
		{"Les rebelles démentent avoir attaqué la ville de Goma.", attack, event.Negated},
		{"Les rebelles nient avoir tué les otages.", killing, event.Negated},
		{"L'armée est partie avant que les rebelles n'attaquent la ville de Goma.", attack, event.Actual},
		{"Le gouvernement a démenti une attaque des rebelles contre Goma.", attack, event.Negated},

		// Hedges.
		{"L'armée a apparemment repris la ville de Gao.", capture, event.Unconfirmed},
		{"L'armée a, semble-t-il, repris la ville de Gao.", capture, event.Unconfirmed},
		{"L'armée a peut-être repris la ville de Gao.", capture, event.Unconfirmed},
		{"L'armée prétend avoir repris la ville de Gao.", capture, event.Unconfirmed},
		{"Il semble que l'armée ait repris la ville de Gao.", capture, event.Unconfirmed},
		{"L'armée semble avoir repris la ville de Gao.", capture, event.Unconfirmed},
		{"Selon des informations non confirmées, l'armée a repris la ville de Gao.", capture, event.Unconfirmed},
		{"Les rebelles sont soupçonnés d'avoir attaqué la ville de Goma.", attack, event.Unconfirmed},
		{"L'attaque présumée contre la ville de Goma a surpris les habitants.", attack, event.Unconfirmed},

		// Called for: a demand, and no event of its own.
		{"L'ONU appelle les rebelles à libérer les otages.", release, none},
		{"L'ONU a demandé le retrait des troupes du Mali.", withdraw, none},
		{"L'ONU a exigé que les rebelles se retirent de Goma.", withdraw, none},
		{"Le président a appelé à un cessez-le-feu immédiat.", truce, none},
		{"Les manifestants réclament la libération des prisonniers.", release, none},
		{"Les otages ont été libérés après l'appel de l'ONU.", release, event.Actual},
		{"Des habitants ont manifesté à Bamako pour exiger la libération des otages.", protest, event.Actual},
		{"Les rebelles ont enlevé deux humanitaires pour exiger une rançon.", kidnap, event.Actual},
		{"Deux raids aériens français ont été menés sur Gao pour empêcher l'avancée des rebelles.", strike, event.Actual},
	} {
		t.Run(tt.text, func(t *testing.T) {
			got, why := none, ""
			if e := find(read(t, tt.text), tt.typ); e != nil {
				got, why = e.Factuality, e.FactualityRule
			}
			if got != tt.want {
				t.Errorf("factuality %d (%s), want %d", got, why, tt.want)
			}
		})
	}
}

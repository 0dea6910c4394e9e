package actors_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/lang/fr"
	"github.com/depeche-events/depeche/internal/mention/actor"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// engine is the stages up to the actors.
type engine struct {
	text   *text.Language
	syntax *syntax.Model
	places *place.Finder
	actors *actor.Finder
	pages  *article.Segmenter
}

var load = sync.OnceValues(func() (*engine, error) {
	var e engine
	var err error
	if e.text, err = fr.Text(nil); err != nil {
		return nil, err
	}
	if e.syntax, err = fr.Syntax(); err != nil {
		return nil, err
	}
	if e.places, err = fr.Places(nil); err != nil {
		return nil, err
	}
	signals, err := fr.Boilerplate(nil)
	if err != nil {
		return nil, err
	}
	e.pages = article.NewSegmenter(signals)
	lexicon, err := actor.ReadLexicon(os.DirFS("."))
	if err != nil {
		return nil, err
	}
	e.actors = actor.NewFinder(lexicon)
	return &e, nil
})

// layers are what the actors are found in.
func (e *engine) layers(tb testing.TB, body string) (*text.Text, *syntax.Analysis, []place.Place) {
	tb.Helper()
	reading, err := article.Read("", []byte(body), article.PlainText, "")
	if err != nil {
		tb.Skip(err)
	}
	t := text.Split(context.Background(), e.pages.Segment(context.Background(), reading), e.text)
	a := e.syntax.Analyze(context.Background(), t)
	places, _ := e.places.Find(context.Background(), t, a)
	return t, a, places
}

func TestFind(t *testing.T) {
	e, err := load()
	if err != nil {
		t.Fatal(err)
	}
	day := func(y int) timex.Date { return timex.Date{Year: y, Month: 6, Day: 15} }
	for _, tt := range []struct {
		name, text string
		day        timex.Date
		// who is an actor by one of its mentions; the others are its further ones,
		// which must be there too.
		who     []string
		id      string
		kind    actor.Kind
		country string
	}{
		{"acronym is the name", "Le Parti des travailleurs du Kurdistan a revendiqué l'attentat. Le PKK a menacé la Turquie.", day(2016),
			[]string{"Parti des travailleurs du Kurdistan", "PKK"}, "parti-des-travailleurs-du-kurdistan", actor.RebelGroup, "TUR"},
		{"small letters", "Les shebabs ont attaqué un poste de police en Somalie.", day(2015), []string{"shebabs"}, "al-shabaab", actor.RebelGroup, "SOM"},
		{"acronym of two actors, by country", "Au Soudan, les RSF ont attaqué El-Obeid.", day(2024), []string{"RSF"}, "forces-de-soutien-rapide", actor.RebelGroup, "SDN"},
		{"acronym of two actors, elsewhere", "RSF a dénoncé l'arrestation d'un journaliste au Mexique.", day(2012), []string{"RSF"}, "reporters-sans-frontieres", actor.NGO, ""},
		{"office on the day", "Le président français a rencontré ses ministres à Paris.", day(2013), []string{"président français"}, "francois-hollande", actor.Person, "FRA"},
		{"office on another day", "Le président français a rencontré ses ministres à Paris.", day(2019), []string{"président français"}, "emmanuel-macron", actor.Person, "FRA"},
		{"office of an organisation", "Le secrétaire général de l'ONU a condamné l'attaque.", day(2011), []string{"secrétaire général de l'ONU"}, "ban-ki-moon", actor.Person, ""},
		{"former office", "L'ancien président français a été entendu par la justice.", day(2013), []string{"ancien président français"}, "", actor.Person, "FRA"},
		{"title set off by a comma", "L'ambassadeur d'Italie en Tunisie, Marcello Rossi, a quitté le pays.", day(2014),
			[]string{"Marcello Rossi", "ambassadeur d'Italie"}, "", actor.Person, "ITA"},
		{"short name", "Le député Karim Belhadj a parlé lundi. Belhadj a demandé une enquête.", day(2014), []string{"Karim Belhadj", "Belhadj"}, "", actor.Person, ""},
		{"organisation by its noun", "Le collectif Terre Vivante a manifesté à Lyon. Terre Vivante refuse le projet.", day(2014), []string{"Terre Vivante"}, "", actor.NGO, ""},
		{"definition of an acronym", "La Coordination Nationale des Enseignants (CNE) appelle à la grève. La CNE a réuni ses membres.", day(2014),
			[]string{"Coordination Nationale des Enseignants", "CNE"}, "", actor.Other, ""},
		{"nationality", "L'armée tchadienne a repris la ville de Faya.", day(2014), []string{"armée tchadienne"}, "", actor.StateForces, "TCD"},
		{"ministry with its country inside", "Le ministère ukrainien de la Défense a démenti. Le ministère a publié une liste.", day(2015),
			[]string{"ministère ukrainien de la Défense", "ministère"}, "", actor.Government, "UKR"},
		{"noun for a named group", "Boko Haram a attaqué Maiduguri. Les djihadistes ont brûlé un marché.", day(2015), []string{"Boko Haram", "djihadistes"}, "boko-haram", actor.RebelGroup, "NGA"},
		{"people without a state", "Les Touaregs ont quitté Kidal.", day(2012), []string{"Touaregs"}, "", actor.Civilians, "MLI"},
		{"pronoun", "Le général Ousmane Diarra a parlé à la presse. Il a promis des élections.", day(2012), []string{"Ousmane Diarra", "Il"}, "", actor.Person, ""},
		{"forces from elsewhere", "Les forces internationales ont ouvert le feu près de Kaboul.", day(2012), []string{"forces internationales"}, "", actor.ExternalForces, ""},
		{"full name at the beginning, by what follows", "Shen Bowei, le frère du compositeur, dirige la troupe.", day(2012), []string{"Shen Bowei"}, "", actor.Person, ""},
		{"full name at the beginning, by its given name", "Radegonde Kerleau ouvrait la boutique à six heures.", day(2012), []string{"Radegonde Kerleau"}, "", actor.Person, ""},
		{"surname in capitals", "Le docteur Chantal KERVOAL est née à Quimper.", day(2012), []string{"Chantal KERVOAL"}, "", actor.Person, "FRA"},
		{"surname in capitals first", "KERVOAL Mohamed dirige le comité.", day(2012), []string{"KERVOAL Mohamed"}, "", actor.Person, ""},
		{"name after a profession", "Le chimiste allemand Brauhoff a reçu une médaille. La théorie de Brauhoff a vieilli.", day(2012), []string{"Brauhoff"}, "", actor.Person, ""},
		{"name after kinship", "Leur oncle Ozanne tenait une auberge.", day(2012), []string{"Ozanne"}, "", actor.Person, ""},
		{"name after an adjective said of people", "La pauvre Tranchart cherchait sa clé.", day(2012), []string{"Tranchart"}, "", actor.Person, ""},
		{"name after a minister's portfolio", "Le ministre du Tourisme Sylvain Cardoul a ouvert le salon.", day(2012), []string{"Sylvain Cardoul"}, "", actor.Person, ""},
		{"somebody well known", "Les lettres de Spinoza furent publiées à Amsterdam.", day(2012), []string{"Spinoza"}, "", actor.Person, ""},
		{"beside somebody well known", "Des savants comme Spinoza ou Tervagne ont poli des verres.", day(2012), []string{"Tervagne"}, "", actor.Person, ""},
		{"subject of a verb that people alone do", "Broquard navigue depuis trente ans.", day(2012), []string{"Broquard"}, "", actor.Person, ""},
		{"owner of what people alone have", "On expose les toiles de Vandrille.", day(2012), []string{"Vandrille"}, "", actor.Person, ""},
		{"presented by a profession", "Vandrille, peintre et graveur, expose au musée.", day(2012), []string{"Vandrille"}, "", actor.Person, ""},
		{"a maker's name", "L'avionneur Delmarque a livré dix appareils.", day(2012), []string{"Delmarque"}, "", actor.Business, ""},
		{"name that begins with its noun", "La salle est prêtée au Comité des sports de Trélon.", day(2012), []string{"Comité des sports de Trélon"}, "", actor.NGO, ""},
		{"name with a country in it", "Il siège au Conseil supérieur tchadien de la pêche.", day(2012), []string{"Conseil supérieur tchadien de la pêche"}, "", actor.Other, "TCD"},
		{"bank of a country is not the country", "Il a dirigé la Banque d'Islande.", day(2012), []string{"Banque d'Islande"}, "", actor.Business, "ISL"},
		{"head alone is the one named before", "Elle a saisi la Commission des titres miniers. Hier la Commission a refusé.", day(2012),
			[]string{"Commission des titres miniers", "Commission"}, "", actor.Other, ""},
		{"acronym before its name", "Elle travaille à la RBVL (Régie des bateaux et voies lacustres). La RBVL recrute.", day(2012),
			[]string{"Régie des bateaux et voies lacustres", "RBVL"}, "", actor.Government, ""},
		{"name beside a noun that bears one", "Le lobby WXC refuse la réforme.", day(2012), []string{"WXC"}, "", actor.Other, ""},
		{"who arranges something", "Un bal est organisé par Les Tilleuls samedi.", day(2012), []string{"Les Tilleuls"}, "", actor.Other, ""},
		{"capitalised organ of a state", "Elle a parlé devant le Sénat chilien.", day(2012), []string{"Sénat chilien"}, "", actor.Government, "CHL"},
		{"aircraft of somebody", "Les avions kenyans ont survolé la ville.", day(2012), []string{"avions kenyans"}, "", actor.StateForces, "KEN"},
		{"the country of a regime's head", "Le régime Kadhafi a nié les faits en Italie. Le gouvernement italien a protesté.", day(2011), []string{"régime Kadhafi"}, "", actor.Government, "LBY"},
		{"ministries together", "Les ministères de la Défense et de l'Intérieur ont réagi à Kampala.", day(2012), []string{"ministères de la Défense et de l'Intérieur"}, "", actor.Government, "UGA"},
		{"capital for its country", "Le Chili a rappelé son ambassadeur. Santiago a condamné le coup d'État.", day(2012), []string{"Chili", "Santiago"}, "iso:CHL", actor.Country, "CHL"},
		{"city for an organisation", "Bruxelles a condamné la décision du Danemark.", day(2012), []string{"Bruxelles"}, "union-europeenne", actor.IGO, ""},
		{"soldiers that an adjective makes rebels", "Un commando séparatiste a attaqué un poste à Bangui.", day(2014), []string{"commando séparatiste"}, "", actor.RebelGroup, "CAF"},
		{"group of whom", "Un groupe de mutins a occupé le port de Mombasa.", day(2014), []string{"groupe de mutins"}, "", actor.StateForces, "KEN"},
		{"a broadcaster is no armed group", "Boko Haram a attaqué Maiduguri. La télévision a montré le marché.", day(2015), []string{"télévision"}, "", actor.Media, ""},
		{"soldiers of an organisation", "L'OTAN a réagi. L'aviation de l'OTAN a bombardé un dépôt à Pristina.", day(1999), []string{"OTAN", "aviation de l'OTAN"}, "organisation-du-traite-de-atlantique-nord", actor.IGO, ""},
		{"army by its own name", "Tsahal est entrée dans Rafah. L'armée israélienne a démenti.", day(2024), []string{"Tsahal", "armée israélienne"}, "tsahal", actor.ExternalForces, "ISR"},
		{"people of many countries", "À Nairobi, les Européens ont protesté.", day(2012), []string{"Européens"}, "", actor.Civilians, "-"},
		{"nationality of two states", "À Goma, un soldat congolais a été tué.", day(2012), []string{"soldat congolais"}, "", actor.StateForces, "COD"},
		{"nationality of the other state", "À Brazzaville, un soldat congolais a été tué.", day(2012), []string{"soldat congolais"}, "", actor.StateForces, "COG"},
		{"two titles of one", "Le porte-parole de la force, le lieutenant-colonel Marcello Rossi, a parlé à Nairobi.", day(2012),
			[]string{"Marcello Rossi", "porte-parole de la force"}, "", actor.Person, ""},
		{"two qualities of one", "L'ancien ministre et chef de file de l'opposition Karim Belhadj a parlé à Nairobi.", day(2012),
			[]string{"Karim Belhadj", "ancien ministre"}, "", actor.Person, "KEN"},
		{"the accused by name", "L'accusé, Karim Belhadj, a été condamné à Lomé.", day(2012), []string{"Karim Belhadj", "accusé"}, "", actor.Person, "TGO"},
		{"one person told twice", "Le suspect, un lycéen de 16 ans, a été arrêté à Lomé.", day(2012), []string{"suspect", "lycéen de 16 ans"}, "", actor.Person, "TGO"},
		{"uniformed men", "À Abidjan, trois corps habillés ont été blessés.", day(2012), []string{"corps habillés"}, "", actor.StateForces, "CIV"},
		{"one each of two states", "Les présidents russe et turc ont parlé à Sotchi.", day(2019), []string{"turc"}, "recep-tayyip-erdogan", actor.Person, "TUR"},
		{"an organ of each of two states", "Les armées malienne et nigérienne ont avancé vers Gao.", day(2019), []string{"nigérienne"}, "", actor.ExternalForces, "NER"},
		{"many of two states", "Les dirigeants turc et allemand ont parlé à Berlin.", day(2019), []string{"dirigeants turc et allemand"}, "", actor.Government, "-"},
		{"who is told by a stance, again", "Des manifestants anti-Kabila ont défilé à Goma. Les manifestants ont crié.", day(2012),
			[]string{"manifestants anti-Kabila", "manifestants"}, "", actor.Protesters, "COD"},
		{"a relative of somebody well known", "Track Palin, le fils de l'ancienne gouverneure Sarah Palin, a parlé à Wasilla. Palin a menti.", day(2018),
			[]string{"Track Palin", "Palin"}, "", actor.Person, ""},
		{"the president, not a relative", "Le sénateur Ali Trump a répondu au président Donald Trump. Trump a menti.", day(2018),
			[]string{"Donald Trump", "Trump"}, "donald-trump", actor.Person, "USA"},
		{"a fighter by name", "Le djihadiste Karim Belhadj a fui Kidal.", day(2012), []string{"Karim Belhadj", "djihadiste Karim Belhadj"}, "", actor.Person, "MLI"},
		{"somebody of a leader's surname", "La chanteuse Brenda Biya a protesté à Douala.", day(2012), []string{"Brenda Biya"}, "", actor.Person, ""},
		{"agency of its country", "L'agence libyenne Zolva a annoncé la nouvelle à Malte.", day(2012), []string{"Zolva"}, "", actor.Other, "LBY"},
		{"others told again", "Un soldat et deux autres gendarmes ont fui Nairobi. Les autres gendarmes ont été jugés.", day(2012), []string{"autres gendarmes", "autres gendarmes"}, "", actor.Police, "KEN"},
		{"state of the past", "Le gouvernement yougoslave a refusé.", day(1991), []string{"gouvernement yougoslave"}, "", actor.Government, "SRB"},
		{"the state's head, by the article", "La grève paralyse Lyon et Nantes. Le chef de l'Etat a reçu les syndicats.", day(2018), []string{"chef de l'Etat"}, "emmanuel-macron", actor.Person, "FRA"},
		{"family name first", "Le dirigeant Ryu Chol-su a parlé à Pyongyang. M. Ryu a promis des réformes.", day(2018), []string{"Ryu Chol-su", "Ryu"}, "", actor.Person, ""},
		{"a name more", "Marcello Rossi a été inculpé. Marcello Antonio Rossi a nié à Rome.", day(2018), []string{"Marcello Rossi", "Marcello Antonio Rossi"}, "", actor.Person, ""},
		{"name that goes on", "Le Panaméen Juan Carlos Barreda a gagné la course.", day(2018), []string{"Juan Carlos Barreda"}, "", actor.Person, ""},
		{"fighters of an unknown front", "Des combattants du Front Zolva ont attaqué Faya.", day(2018), []string{"Front Zolva"}, "", actor.RebelGroup, ""},
		{"nobody's name in the press", "Un journaliste a filmé la scène à Lima.", day(2018), []string{"journaliste"}, "", actor.Media, ""},
		{"a union of the past", "L'URSS a dénoncé l'accord.", day(1985), []string{"URSS"}, "", actor.Country, "-"},
		{"who talks to an armed group abroad", "Le gouvernement et les FARC ont parlé à La Havane.", day(2015), []string{"gouvernement"}, "", actor.Government, "COL"},
		{"what it is accused of is the verb's", "L'ONG accuse l'armée nigériane d'exactions.", day(2015), []string{"armée nigériane"}, "", actor.StateForces, "NGA"},
		{"whose troops, not where", "La France retire ses troupes du Niger.", day(2023), []string{"troupes"}, "", actor.StateForces, "FRA"},
		{"a paper needs its article", "Selon Le Monde, le ministre démissionne.", day(2012), []string{"Monde"}, "le-monde", actor.Media, "FRA"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, a, places := e.layers(t, tt.text)
			actors := e.actors.Find(t.Context(), x, a, places, tt.day)
			got := by(x, actors, tt.who[0])
			if got == nil {
				t.Fatalf("no actor %q; there are %s", tt.who[0], told(x, actors))
			}
			if got.KnowledgeID != tt.id || got.Kind != tt.kind || tt.country != "" && got.Country != strings.TrimSuffix(tt.country, "-") {
				t.Errorf("%q is %q, kind %d, of %q; want %q, %d, %q", tt.who[0], got.KnowledgeID, got.Kind, got.Country, tt.id, tt.kind, tt.country)
			}
			for _, w := range tt.who[1:] {
				if by(x, actors, w) != got {
					t.Errorf("%q is another than %q; there are %s", w, tt.who[0], told(x, actors))
				}
			}
		})
	}
}

func TestNotFound(t *testing.T) {
	e, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text, who string }{
		{"the world is no paper", "Le tour du Monde a duré trois ans.", "Monde"},
		{"small letters are no acronym", "Il a dit eta puis lra.", "eta"},
		{"local name far from its country", "Le Canard a publié un Care de trop en Norvège.", "Care"},
		{"a party's acronym far from its country", "Le FDC a réuni ses cadres à Douala.", "FDC"},
		{"the surname of another", "Le peintre Ernesto Putin expose à Quito.", "Putin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, a, places := e.layers(t, tt.text)
			actors := e.actors.Find(t.Context(), x, a, places, timex.Date{})
			if got := by(x, actors, tt.who); got != nil && got.KnowledgeID != "" {
				t.Errorf("%q is taken for %s", tt.who, got.KnowledgeID)
			}
		})
	}
}

// TestApart holds that a noun is not resolved to who it cannot be.
func TestApart(t *testing.T) {
	e, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text, who, other string }{
		{"another one", "Un douanier a été tué à Lille. Les secours ont soigné un autre douanier.", "douanier", "autre douanier"},
		{"fighters of a people", "Le M23 a pris un village. Les combattants touaregs sont restés à Kidal.", "M23", "combattants touaregs"},
		{"fighters told of first now", "Le M23 a pris un village au Congo. Des combattants ont fui.", "M23", "combattants"},
		{"nor are they who is named next", "Le M23 a pris un village au Congo. Deux cents rebelles sont restés. Les ADF ont brûlé Beni.", "ADF", "rebelles"},
		{"authorities of a people", "Le gouvernement turc a protesté. Les autorités kurdes ont répondu.", "gouvernement turc", "autorités kurdes"},
		{"soldiers of where the sentence is", "Les troupes kényanes ont défilé à Nairobi. La foule a applaudi. À Mogadiscio, les soldats avaient fui.", "troupes kényanes", "soldats"},
		{"soldiers of the people between", "L'armée malienne tient Gao. Des forces danoises aident les Maliens à garder Kidal, d'où les soldats avaient fui.",
			"forces danoises", "soldats"},
		{"who follows a person", "La police a arrêté à Lomé douze partisans de Karim Belhadj.", "partisans de Karim Belhadj", "Karim Belhadj"},
		{"two sources", "Une source sécuritaire parle de dix morts à Gao. Une source hospitalière en compte douze.", "source sécuritaire", "source hospitalière"},
		{"two stances", "Des manifestants anti-Kabila ont défilé à Goma. Des manifestants pro-Kabila ont crié.", "manifestants anti-Kabila", "manifestants pro-Kabila"},
		{"two persons", "Le ministre et le général Karim Belhadj ont parlé à Lomé.", "ministre", "Karim Belhadj"},
		{"ministries and one of them", "Les ministères de la Défense et de l'Intérieur ont réagi à Kampala. Le ministère de la Défense a démenti.",
			"ministères de la Défense et de l'Intérieur", "ministère de la Défense"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, a, places := e.layers(t, tt.text)
			actors := e.actors.Find(t.Context(), x, a, places, timex.Date{})
			who, other := by(x, actors, tt.who), by(x, actors, tt.other)
			if who == nil || other == nil || who == other {
				t.Errorf("%q and %q are not two; there are %s", tt.who, tt.other, told(x, actors))
			}
		})
	}
}

// TestSetPhrases holds that words name nobody in phrases that say how, whether
// somebody governs, or for or against whom.
func TestSetPhrases(t *testing.T) {
	e, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, who string }{
		{"Le pays rapatrie souvent de force les réfugiés.", "force"},
		{"L'ascension au pouvoir de Karim Belhadj a surpris Lomé.", "pouvoir de Karim Belhadj"},
		{"Des milliers de marcheurs anti-Belhadj ont défilé à Lomé.", "anti-Belhadj"},
		{"C'est l'une des attaques les plus meurtrières de l'année à Lomé.", "meurtrières"},
		{"La junte a cédé le pouvoir à des civils à Lomé.", "pouvoir à des civils"},
		{"Le coup de force de mars a surpris Lomé.", "force de mars"},
		{"Il est au pouvoir depuis dix ans à Lomé.", "pouvoir"},
	} {
		x, a, places := e.layers(t, tt.text)
		if actors := e.actors.Find(t.Context(), x, a, places, timex.Date{}); by(x, actors, tt.who) != nil {
			t.Errorf("%s: %q is an actor", tt.text, tt.who)
		}
	}
}

func TestNoPerson(t *testing.T) {
	e, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text, who string }{
		{"a storm, by its noun", "L'ouragan Lisa a touché la côte. Le passage de Lisa a fait des dégâts.", "Lisa"},
		{"a machine with an article", "Les pilotes ont suivi le Voltrex Pilot jusqu'au sol.", "Voltrex Pilot"},
		{"where something is", "Elle est employée en Isaure depuis un an.", "Isaure"},
		{"who is called upon", "Les hommes ont crié Allah et ont cassé la porte.", "Allah"},
		{"a single unknown subject at the beginning", "Zolvatrix recommence à vendre des jeux.", "Zolvatrix"},
		{"the federation of a champion", "Le champion QXF a perdu à Nairobi.", "QXF"},
		{"an aircraft is materiel", "Un avion s'est écrasé près de Nairobi.", "avion"},
		{"a street", "Elle habite Rue Zolva depuis un an.", "Rue Zolva"},
		{"a telephone number", "Un loto est organisé par les Tilleuls Bleus 03 45 67.", "Tilleuls Bleus 03 45 67"},
		{"who arranges something, a person", "Un stage est organisé par Radegonde Kerleau samedi.", "Radegonde"},
		{"taken hostage", "Deux touristes ont été pris en otage à Jolo.", "otage"},
		{"a state that is a province", "Un raid a eu lieu dans l'État de Borno, au Nigeria.", "État de Borno"},
		{"the state of something", "On ignore l'état de santé du malade.", "état de santé"},
		{"what something is like", "Une avalanche meurtrière a coupé la route.", "meurtrière"},
		{"a first", "C'est une première pour la ville de Lyon.", "première"},
		{"a noun that is part of a verb", "Le rapport fait état de douze morts.", "état"},
		{"a pension is no pensioner", "Les retraites ont augmenté en janvier.", "retraites"},
		{"a medicine", "Chez ces malades, Zolvatrix a été plus efficace.", "Zolvatrix"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, a, places := e.layers(t, tt.text)
			actors := e.actors.Find(t.Context(), x, a, places, timex.Date{})
			if got := by(x, actors, tt.who); got != nil {
				t.Errorf("%q is an actor; there are %s", tt.who, told(x, actors))
			}
		})
	}
}

// by returns the actor that has a mention of these words.
func by(t *text.Text, actors []actor.Actor, words string) *actor.Actor {
	for i := range actors {
		for _, m := range actors[i].Mentions {
			if t.Document.Text(m.Span) == words {
				return &actors[i]
			}
		}
	}
	return nil
}

func told(t *text.Text, actors []actor.Actor) string {
	var b strings.Builder
	for i := range actors {
		b.WriteString("[")
		for _, m := range actors[i].Mentions {
			b.WriteString(t.Document.Text(m.Span) + "; ")
		}
		b.WriteString("]")
	}
	return b.String()
}

func TestFaultsAreTold(t *testing.T) {
	const actors, leaders = "id\tkind\tcountry\tnames\tcodes\ttags\n", "id\tcountry\tnames\toffice\tof\tfrom\tto\n"
	for _, tt := range []struct{ name, file, data, want string }{
		{"kind", "parties.tsv", actors + "x\tCLUB\tFRA\tX\n", `parties.tsv:2: no kind of actor "CLUB"`},
		{"country", "media.tsv", actors + "x\tMEDIA\tFR\tX\n", `media.tsv:2: country "FR"`},
		{"name", "states.tsv", actors + "x\tGOVERNMENT\tFRA\t\n", "states.tsv:2: an actor needs an id and a name"},
		{"letters", "states.tsv", actors + "x\tGOVERNMENT\tFRA\t!!\n", `states.tsv:2: name "!!" has no letters`},
		{"tag", "armed-groups.tsv", actors + "x\tREBEL_GROUP\tMLI\tX\t\tbig\n", `armed-groups.tsv:2: no tag "big"`},
		{"date", "leaders.tsv", leaders + "x\tFRA\tX Y\tpresident\t\t2012-13\n", "leaders.tsv:2: from"},
		{"term", "leaders.tsv", leaders + "x\tFRA\tX Y\tpresident\t\t2012\t2010\n", "leaders.tsv:2: the term ends before it begins"},
		{"office", "leaders.tsv", leaders + "x\tFRA\tX Y\temperor\t\t2012\n", `class "emperor"`},
		{"organisation", "leaders.tsv", leaders + "x\t\tX Y\tpresident\tnowhere\t2012\n", `leaders.tsv:2: no organisation "nowhere"`},
		{"noun", "nouns.tsv", "noun\tkind\tclass\tflags\nsoldat\tSTATE_FORCES\tarmy\ttall\n", `nouns.tsv:2: no flag "tall"`},
		{"two countries", "demonyms.tsv", "country\tforms\nFRA\tfrançais\nBEL\tfrançais\n", "demonyms.tsv:3"},
		{"words", "words.tsv", "class\twords\nverbs\tdire\n", `words.tsv:2: no class of words "verbs"`},
		{"header", "territories.tsv", "state\tterritory\n", "territories.tsv:1: header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for _, name := range []string{"names", "states", "armed-groups", "organisations", "parties", "media", "leaders", "nouns", "demonyms",
				"peoples", "territories", "words"} {
				b, err := os.ReadFile(name + ".tsv")
				if err != nil {
					t.Fatal(err)
				}
				files[name+".tsv"] = &fstest.MapFile{Data: b}
			}
			files[tt.file] = &fstest.MapFile{Data: []byte(tt.data)}
			_, err := actor.ReadLexicon(files)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	e, err := load()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"Le parti X (ABC), l'ex-président Y Z, M. Ban et (", "RSF. L'AFCA « La » Le Monde ONU) (ONU)", "\xff\u0301Le groupe \u00a0 É", "(A) (BB) BB ("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		x, a, places := e.layers(t, body)
		check(t, x, e.actors.Find(t.Context(), x, a, places, timex.Date{Year: 2015}))
	})
}

// FuzzTrees gives the finder trees that no parser makes.
func FuzzTrees(f *testing.F) {
	e, err := load()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Le président du parti Nouvelle Voie (NV), Ali Traoré, et les rebelles du M23 qui ont fui. Ils ont attaqué l'armée congolaise.", []byte{1, 9, 4, 0, 200, 33, 7})
	f.Fuzz(func(t *testing.T, body string, noise []byte) {
		x, a, places := e.layers(t, body)
		words := make([]syntax.Word, len(a.Words))
		copy(words, a.Words)
		for i := range words {
			if len(noise) == 0 {
				break
			}
			n := int(noise[i%len(noise)])
			s := x.Sentences[x.SentenceOf(i)].Words
			if h := s.First + (n+i)%s.Len(); h != i && n%3 > 0 {
				words[i].Head = int32(h)
			} else {
				words[i].Head = -1
			}
			words[i].UPOS, words[i].Rel = syntax.UPOS(n%17), syntax.Rel(n%40)
		}
		check(t, x, e.actors.Find(t.Context(), x, syntax.NewAnalysis(words), places, timex.Date{Year: 2015}))
	})
}

// check finds spans outside of their sentence or between runes.
func check(t *testing.T, x *text.Text, actors []actor.Actor) {
	t.Helper()
	for i := range actors {
		if len(actors[i].Mentions) == 0 || actors[i].Kind == 0 || actors[i].Name == "" {
			t.Fatalf("actor %d: %+v", i, actors[i])
		}
		for _, m := range actors[i].Mentions {
			s := x.Sentences[x.SentenceOf(m.First)].Words
			if m.First < s.First || m.Last > s.Last || m.First >= m.Last || m.Head < m.First || m.Head >= m.Last {
				t.Fatalf("mention %+v in the sentence %+v", m, s)
			}
			if !utf8.ValidString(x.Document.Text(m.Span)) {
				t.Fatalf("mention %q cuts a rune", x.Document.Text(m.Span))
			}
		}
	}
}

func BenchmarkFind(b *testing.B) {
	e, err := load()
	if err != nil {
		b.Fatal(err)
	}
	const story = "Les rebelles du M23 ont attaqué samedi un poste de l'armée congolaise près de Goma, a annoncé le gouverneur Julien Paluku. " +
		"« Nos soldats ont repoussé les assaillants », a déclaré le porte-parole des FARDC, le colonel Olivier Hamuli. Selon l'ONU, des milliers de " +
		"civils ont fui les combats vers l'Ouganda. Le président Joseph Kabila a demandé l'aide de l'Union africaine. Le groupe a démenti. "
	x, a, places := e.layers(b, strings.Repeat(story, 7))
	b.SetBytes(int64(7 * len(story)))
	b.ReportAllocs()
	for b.Loop() {
		e.actors.Find(context.Background(), x, a, places, timex.Date{Year: 2013, Month: 6, Day: 1})
	}
}

func BenchmarkReadLexicon(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := actor.ReadLexicon(os.DirFS(".")); err != nil {
			b.Fatal(err)
		}
	}
}

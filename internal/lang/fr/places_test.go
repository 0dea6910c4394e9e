package fr

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

// placeText is a text whose first line is its heading.
func placeText(tb testing.TB, body string) *text.Text {
	tb.Helper()
	lang, err := Text(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return text.Split(context.Background(), placeDocument(body), lang)
}

func placeDocument(body string) *article.Document {
	d := &article.Document{Body: body}
	for begin := 0; begin < len(body); {
		end := begin + strings.IndexByte(body[begin:]+"\n", '\n')
		if s := body[begin:end]; strings.TrimSpace(s) != "" {
			b := begin + len(s) - len(strings.TrimLeft(s, " \t\r"))
			kind := article.Prose
			if begin == 0 && end < len(body) {
				kind = article.Heading
			}
			d.Segments = append(d.Segments, article.Segment{Kind: kind, Span: article.Span{Begin: b, End: begin + len(strings.TrimRight(s, " \t\r"))}})
		}
		begin = end + 1
	}
	return d
}

func placeFinder(tb testing.TB) *place.Finder {
	tb.Helper()
	f, err := Places(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// told writes places as «mention|mention = Name KIND ISO», in order.
func told(t *text.Text, places []place.Place) []string {
	var out []string
	for _, p := range places {
		var m []string
		for _, x := range p.Mentions {
			m = append(m, t.Document.Text(x.Span))
		}
		country := p.Country
		if country == "" {
			country = "-"
		}
		out = append(out, fmt.Sprintf("%s = %s %s %s", strings.Join(m, "|"), p.Name, p.Kind, country))
	}
	return out
}

func TestPlaces(t *testing.T) {
	f := placeFinder(t)
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		// Spellings.
		{"spellings of one place", "Les combats de Deir Ezzor ont gagné les abords de l'aéroport. À Deir ez-Zor, Deir-ez-Zor et Deir al-Zor, on fuit.",
			[]string{"Deir Ezzor|Deir ez-Zor|Deir-ez-Zor|Deir al-Zor = Deir ez-Zor CITY SYR"}},
		{"apostrophes and accents", "De N’Djamena à Ndjamena, de Khan Younès à Khan Younis.",
			[]string{"N’Djamena|Ndjamena = N'Djamena CITY TCD", "Khan Younès|Khan Younis = Khan Younès CITY PSE"}},
		{"old and new name", "Ils sont allés de Kharkov à Kiev, puis de Kyiv à Kharkiv.",
			[]string{"Kharkov|Kharkiv = Kharkiv CITY UKR", "Kiev|Kyiv = Kiev CITY UKR"}},
		{"contracted article", "Des tirs ont été entendus au Caire et au Havre.",
			[]string{"Caire = Le Caire CITY EGY", "Havre = Le Havre CITY FRA"}},
		{"countries by all their names", "La RDC, la RD Congo et le Congo-Kinshasa sont un pays.",
			[]string{"RDC|RD Congo|Congo-Kinshasa = République démocratique du Congo COUNTRY COD"}},
		{"capitals that are given names too", "Washington négocie avec Pékin. Kiev attend.",
			[]string{"Washington = Washington CITY USA", "Pékin = Pékin CITY CHN", "Kiev = Kiev CITY UKR"}},
		{"unaccented capitals", "Les Etats-Unis et l'Egypte discutent. Les États-Unis partent.",
			[]string{"Etats-Unis|États-Unis = États-Unis COUNTRY USA", "Egypte = Égypte COUNTRY EGY"}},
		{"a quarter named like a far city", "Au Sénégal, on a dansé dans le quartier de la Médina, à Dakar.",
			[]string{"Sénégal = Sénégal COUNTRY SEN", "quartier de la Médina = quartier de la Médina NEIGHBOURHOOD SEN", "Dakar = Dakar CITY SEN"}},
		{"a village named like a far town", "Des hommes ont pillé le village de Tondi, dans le nord du Burkina Faso. L'Inde a protesté.",
			[]string{"village de Tondi = Tondi CITY BFA", "nord du Burkina Faso = nord du Burkina Faso REGION BFA", "Burkina Faso = Burkina Faso COUNTRY BFA", "Inde = Inde COUNTRY IND"}},
		{"a town in a province", "La Russie livre du blé à Pensa, dans la province du Sanmatenga.",
			[]string{"Russie = Russie COUNTRY RUS", "Pensa = Pensa CITY BFA", "province du Sanmatenga = Sanmatenga ADMIN2 BFA"}},
		// What is no place.
		{"persons named like places", "Victoria Nuland a rencontré François Hollande et M. Lourdes Tours.", nil},
		{"media and clubs", "Selon France 24 et le New York Times, le Paris Saint-Germain a perdu.", nil},
		{"demonyms", "L'armée syrienne et les Maliens combattent les forces russes.", nil},
		{"organisations' acronyms", "L'agence SANA cite l'OSDH.", nil},
		{"a word that opens a sentence", "Grenade à la main, il a crié. Tours de garde et patrouilles se succèdent.", nil},
		{"a speaker after a dative", "Il l'a déclaré à Mandanga, puis répété à Orlov.", nil},
		// Words that are places where they stand as such.
		{"a word with a preposition", "Des manifestants ont défilé à Nice et à Tours.", []string{"Nice = Nice CITY FRA", "Tours = Tours CITY FRA"}},
		// Resolution.
		{"type word", "Dans la province de Homs, à l'est de la ville de Homs, on se bat en Syrie.",
			[]string{"province de Homs = gouvernorat de Homs ADMIN1 SYR", "est de la ville de Homs = est de la ville de Homs NEIGHBOURHOOD SYR",
				"ville de Homs = Homs CITY SYR", "Syrie = Syrie COUNTRY SYR"}},
		{"country context", "Au Liban, l'armée est entrée dans Tripoli.", []string{"Liban = Liban COUNTRY LBN", "Tripoli = Tripoli (Liban) CITY LBN"}},
		{"a capital before a town nearby", "Partis de Tripoli, en Libye, ils sont arrivés à Beyrouth, au Liban.",
			[]string{"Tripoli = Tripoli CITY LBY", "Libye = Libye COUNTRY LBY", "Beyrouth = Beyrouth CITY LBN", "Liban = Liban COUNTRY LBN"}},
		{"the larger by default", "Une bombe a explosé à Tripoli.", []string{"Tripoli = Tripoli CITY LBY"}},
		{"nested", "Une fusillade a fait deux morts à Paris, au Texas.", []string{"Paris = Paris CITY USA", "Texas = Texas ADMIN1 USA"}},
		{"city of a country's name", "Il est arrivé à Djibouti hier.", []string{"Djibouti = Djibouti COUNTRY DJI"}},
		{"departments go by their article", "Un car a versé dans la Creuse, un autre en Ardèche.",
			[]string{"Creuse = Creuse ADMIN2 FRA", "Ardèche = Ardèche ADMIN2 FRA"}},
		{"a province's article is not its name", "Un convoi a sauté dans la province de l'Oudalan.", []string{"province de l'Oudalan = Oudalan ADMIN2 BFA"}},
		{"a small town that French knows", "Le sommet de Pau, en France, a déçu.", []string{"Pau = Pau CITY FRA", "France = France COUNTRY FRA"}},
		{"rivers, mountains and provinces of the past", "De Picardie, la Saône et l'Etna semblent loin.",
			[]string{"Picardie = Picardie REGION FRA", "Saône = Saône WATER FRA", "Etna = Etna TERRAIN ITA"}},
		{"a sea that is a word", "Un cargo a coulé dans la Manche, manche retroussée.", []string{"Manche = Manche WATER -"}},
		{"by a river of several countries", "Au Cameroun, le parc de la Bénoué ferme.",
			[]string{"Cameroun = Cameroun COUNTRY CMR", "parc de la Bénoué = parc de la Bénoué TERRAIN CMR", "Bénoué = Bénoué WATER -"}},
		{"a firework", "Un feu de Bengale a brûlé.", nil},
		{"a department in a race's name", "Le départ du Vendée Globe approche.", nil},
		// Unknown places.
		{"unknown village", "Des hommes armés ont attaqué le village de Tamboulé, près de Gao, au Mali.",
			[]string{"village de Tamboulé = Tamboulé CITY MLI", "Gao = Gao CITY MLI", "Mali = Mali COUNTRY MLI"}},
		{"a namesake of elsewhere", "Des rebelles ont attaqué la caserne de Miraflores, dans le département du Guaviare, en Colombie.",
			[]string{"caserne de Miraflores = caserne de Miraflores FACILITY COL", "département du Guaviare = Guaviare ADMIN1 COL", "Colombie = Colombie COUNTRY COL"}},
		{"where a place lies", "Au Mali, le village de Tamboulé, situé à 40 km de Gao, a brûlé. Fassirou (50 km au nord de Gao) aussi.",
			[]string{"Mali = Mali COUNTRY MLI", "village de Tamboulé = Tamboulé CITY MLI", "Gao|Gao = Gao CITY MLI", "Fassirou = Fassirou CITY MLI"}},
		{"two states of one name", "À Goma, au Congo, on vote.", []string{"Goma = Goma CITY COD", "Congo = République démocratique du Congo COUNTRY COD"}},
		{"the other of two states", "À Pointe-Noire, au Congo, on vote.", []string{"Pointe-Noire = Pointe-Noire CITY COG", "Congo = Congo COUNTRY COG"}},
		{"unknown in a list", "Les rebelles ont pris Goma, puis sont entrés à Rutshuru, Kibirango et Masisi.",
			[]string{"Goma = Goma CITY COD", "Rutshuru = Rutshuru CITY COD", "Kibirango = Kibirango CITY COD", "Masisi = Masisi CITY COD"}},
		{"unknown mosque", "La mosquée Abou Nasser de Mossoul a brûlé.",
			[]string{"mosquée Abou Nasser = mosquée Abou Nasser FACILITY IRQ", "Mossoul = Mossoul CITY IRQ"}},
		{"unknown among examples", "La ville compte des quartiers tels que La Butte, Hazouméga, L'Estaquet et Les Salins-d'Aulnay.",
			[]string{"La Butte = La Butte NEIGHBOURHOOD -", "Hazouméga = Hazouméga NEIGHBOURHOOD -",
				"L'Estaquet = L'Estaquet NEIGHBOURHOOD -", "Les Salins-d'Aulnay = Les Salins-d'Aulnay NEIGHBOURHOOD -"}},
		{"a word among examples", "En Europe, des villes prospères comme Tours, Laval ou Berne attirent.",
			[]string{"Europe = Europe REGION -", "Tours = Tours CITY FRA", "Laval = Laval CITY FRA", "Berne = Berne CITY CHE"}},
		{"a town of a country", "Une petite ville du Mali a brûlé.", []string{"Mali = Mali COUNTRY MLI"}},
		{"not an example", "La ville que Traoréga visite est calme, plus que Koutouré.", nil},
		{"unknown by its name", "Au Mali, un village nommé Tamboulé a brûlé, un autre, du nom de Fassirou, aussi.",
			[]string{"Mali = Mali COUNTRY MLI", "Tamboulé = Tamboulé CITY MLI"}},
		{"unknown by who lives there", "Les habitants de Fassirou ont fui. Fassirou est vide.", []string{"Fassirou|Fassirou = Fassirou CITY -"}},
		{"«à» alone does not tell for the rest", "On est allé à Koutouréga. Koutouréga a ri.", []string{"Koutouréga = Koutouréga CITY -"}},
		{"unknown by an apposition", "Un convoi parti de Fassirou, une petite localité du cercle de Gao, a sauté.",
			[]string{"Fassirou = Fassirou CITY MLI", "cercle de Gao = Gao CITY MLI"}},
		{"not by what else follows", "Selon Fassirou, une localité du cercle de Gao a brûlé.", []string{"cercle de Gao = Gao CITY MLI"}},
		{"unknown by a definition", "Fassirou est une commune rurale du Mali.", []string{"Fassirou = Fassirou CITY MLI", "Mali = Mali COUNTRY MLI"}},
		{"unknown by its form", "Le club de Vignolles-sur-Aubance a gagné. L'équipe de Saint-Ursin-de-Brie aussi, sans Jean-de-Dieu.",
			[]string{"Vignolles-sur-Aubance = Vignolles-sur-Aubance CITY -", "Saint-Ursin-de-Brie = Saint-Ursin-de-Brie CITY -"}},
		{"no word is a town", "Un Arc-en-Ciel et un Va-et-Vient.", nil},
		{"a direction taken", "Le convoi roule direction Fassirou, mais la direction Fassirou se tait.", []string{"Fassirou = Fassirou CITY -"}},
		{"the holder of an office", "Le maire de Lyon Gérard Collomb et le maire de Fassirou Moussa Diarra ont signé.",
			[]string{"Lyon = Lyon CITY FRA", "Fassirou = Fassirou CITY FRA"}},
		// Lines that begin with a place.
		{"dispatch", "Titre\nFASSIROU (AFP) – Trois soldats sont morts.", []string{"FASSIROU = FASSIROU CITY -"}},
		{"dispatch with a date", "Titre\nFASSIROU, 12 mars – Trois soldats sont morts.", []string{"FASSIROU = FASSIROU CITY -"}},
		{"dispatch from a town that is a word", "Titre\nTOURS – Trois élus sont partis.", []string{"TOURS = Tours CITY FRA"}},
		{"list", "Sorties\nBOURG-LES-EAUX – Concert.\n12 juin : FASSIROU - Bal.\nDu 3 au 4 mai : VIGNOLLAY – Bal.\nSPORTS – Demain.\nFassirou danse.",
			[]string{"BOURG-LES-EAUX = BOURG-LES-EAUX CITY -", "FASSIROU|Fassirou = FASSIROU CITY -", "VIGNOLLAY = VIGNOLLAY CITY -"}},
		{"debate", "Débat\nDURANDOT – Oui.\nMARTINAUD – Non.\nDURANDOT – Si.\nMARTINAUD – Non.", nil},
		// Parts.
		{"capital letters of a name", "La Chapelle Saint-Ursin, le Musée Fassirou et l'église Saint Eloi sont fermés.",
			[]string{"Chapelle Saint-Ursin = Chapelle Saint-Ursin FACILITY -", "Musée Fassirou = Musée Fassirou FACILITY -",
				"église Saint Eloi = église Saint Eloi FACILITY -"}},
		{"the holder after a comma", "Le maire de Fassirou, Mamourou Coulibaly, a souri.", []string{"Fassirou = Fassirou CITY -"}},
		{"a person after a building", "Le directeur du Stade Fassirou, Kèlétigui Dembélé, a souri.", []string{"Stade Fassirou = Stade Fassirou FACILITY -"}},
		{"a club is no stadium", "Le Stade Rennais a gagné.", nil},
		{"airport", "Les rebelles visent l'aéroport de Taëz.",
			[]string{"aéroport de Taëz = aéroport de Taëz FACILITY YEM", "Taëz = Taëz CITY YEM"}},
		{"quarter by direction", "En Syrie, Alep-Est est assiégée. Alep souffre.",
			[]string{"Syrie = Syrie COUNTRY SYR", "Alep-Est = Alep-Est NEIGHBOURHOOD SYR", "Alep = Alep CITY SYR"}},
		{"an embassy lies elsewhere", "L'ambassade de France à Bamako a fermé.", []string{"France = France COUNTRY FRA", "Bamako = Bamako CITY MLI"}},
		// Referring back.
		{"the town", "Ménaka a été attaquée hier. La ville est calme ; les habitants de cette ville ont peur.",
			[]string{"Ménaka|ville|ville = Ménaka CITY MLI"}},
		{"the capital", "Au Tchad, les commerces ont rouvert. Dans la capitale, l'armée patrouille.",
			[]string{"Tchad = Tchad COUNTRY TCD", "capitale = N'Djamena CITY TCD"}},
		{"by adjective", "Les soldats ont quitté le territoire nigérien.", []string{"territoire nigérien = Niger COUNTRY NER"}},
		{"not what has a complement", "Alep a brûlé. La ville de demain reste à faire.", []string{"Alep = Alep CITY SYR"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tx := placeText(t, tt.text)
			places, _ := f.Find(t.Context(), tx, nil)
			got := told(tx, places)
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("%s\n got %s\nwant %s", tt.text, strings.Join(got, "; "), strings.Join(tt.want, "; "))
			}
		})
	}
}

func TestRelativePlaces(t *testing.T) {
	f := placeFinder(t)
	const none = -1
	for _, tt := range []struct {
		text, mention string
		distance      float64 // km, -1 none
		bearing       float64 // degrees, -1 none
		lat, lon      float64
		within        float64 // km from lat, lon
		uncertainty   float64 // km at most
	}{
		{"Une mine a sauté à 20 kilomètres de Palmyre.", "20 kilomètres de Palmyre", 20, none, 34.55, 38.27, 5, 25},
		{"La base est à quelque 70 km au nord-est de Palmyre.", "70 km au nord-est de Palmyre", 70, 45, 35.0, 38.82, 5, 12},
		{"Ils campent à soixante kilomètres environ au sud de Mossoul.", "soixante kilomètres environ au sud de Mossoul", 60, 180, 35.80, 43.13, 5, 10},
		{"À une trentaine de kilomètres à l'ouest de Kidal, un convoi a brûlé.", "trentaine de kilomètres à l'ouest de Kidal", 30, 270, 18.44, 1.12, 5, 6},
		{"À 800 mètres de Gossi, un soldat est mort.", "800 mètres de Gossi", 0.8, none, 15.82, -1.3, 2, 5},
		{"Le convoi roulait à mi-chemin entre Gao et Kidal.", "mi-chemin entre Gao et Kidal", 143, none, 17.36, 0.67, 15, 50},
		{"Les violences ont gagné le nord du Mali.", "nord du Mali", none, 0, 20.4, -3.5, 60, 400},
		{"Le centre de la Syrie est disputé.", "centre de la Syrie", none, none, 35.0, 38.5, 10, 150},
		{"Des obus sont tombés dans la banlieue de Damas.", "banlieue de Damas", none, none, 33.51, 36.3, 5, 20},
		{"On se bat aux abords de Raqqa.", "abords de Raqqa", none, none, 35.95, 39.01, 5, 20},
		{"Un poste est tombé à la frontière entre l'Irak et la Syrie.", "frontière entre l'Irak et la Syrie", none, none, 34.2, 40.3, 120, 400},
		{"En Mauritanie, la frontière malienne est fermée.", "frontière malienne", none, none, 18.5, -7, 250, 700},
		// The first word of a text has none before it.
		{"Sud de Gao : un poste a brûlé.", "Sud de Gao", none, 180, 16.26, -0.04, 15, 20},
		{"Centre de Gao : un poste a brûlé.", "Centre de Gao", none, none, 16.27, -0.04, 5, 20},
	} {
		t.Run(tt.mention, func(t *testing.T) {
			tx := placeText(t, tt.text)
			places, _ := f.Find(t.Context(), tx, nil)
			for _, p := range places {
				if tx.Document.Text(p.Mentions[0].Span) != tt.mention {
					continue
				}
				if p.Point == nil {
					t.Fatal("no point")
				}
				if d := flatKM(p.Point.Lat, p.Point.Lon, tt.lat, tt.lon); d > tt.within {
					t.Errorf("at %.2f, %.2f, %.0f km from where it is", p.Point.Lat, p.Point.Lon, d)
				}
				if p.UncertaintyKM <= 0 || p.UncertaintyKM > tt.uncertainty {
					t.Errorf("uncertainty %.1f km, want at most %.0f", p.UncertaintyKM, tt.uncertainty)
				}
				var distance, bearing *float64
				if r := p.Relation; r != nil {
					distance, bearing = r.DistanceKM, r.BearingDegrees
					if r.Anchor < 0 || r.Anchor >= len(places) {
						t.Fatalf("anchor %d of %d places", r.Anchor, len(places))
					}
				}
				if !same(distance, tt.distance, 3) || !same(bearing, tt.bearing, 0) {
					t.Errorf("relation %s, %s", number(distance), number(bearing))
				}
				return
			}
			t.Errorf("not found among %s", strings.Join(told(tx, places), "; "))
		})
	}
}

func same(p *float64, want, tolerance float64) bool {
	if p == nil || want < 0 {
		return p == nil && want < 0
	}
	return math.Abs(*p-want) <= tolerance
}

func number(p *float64) string {
	if p == nil {
		return "none"
	}
	return fmt.Sprint(*p)
}

func flatKM(lat1, lon1, lat2, lon2 float64) float64 {
	return math.Hypot((lat1-lat2)*111.2, (lon1-lon2)*111.3*math.Cos((lat1+lat2)/2*math.Pi/180))
}

func TestActingPlaces(t *testing.T) {
	f := placeFinder(t)
	model, err := Syntax()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text, mention string
		acting        bool
		treeOnly      bool // beyond what the order of words tells
	}{
		{"Moscou a annoncé un retrait.", "Moscou", true, false},
		{"Paris condamne l'attaque.", "Paris", true, false},
		{"La France et l'Allemagne ont signé un accord.", "France", true, false},
		{"Des heurts ont eu lieu à Moscou hier.", "Moscou", false, false},
		{"Il a quitté la France.", "France", false, false},
		{"Moscou accuse Kiev de mentir.", "Kiev", true, true},
		{"Moscou a bombardé Kiev.", "Kiev", false, false},
		{"Washington menace Téhéran de sanctions.", "Washington", true, false},
		{"L'attaque a été condamnée par la Russie.", "Russie", true, true},
		{"Le Mali a été envahi par des groupes armés.", "Mali", false, true},
		{"Deux soldats ont été tués hier, a affirmé New Delhi.", "New Delhi", true, true},
		{"La trêve a été violée hier, selon Kiev.", "Kiev", true, false},
		{"Selon Ankara, l'accord sera signé en Turquie.", "Turquie", false, false},
	} {
		tx := placeText(t, tt.text)
		for _, a := range []*syntax.Analysis{nil, model.Analyze(t.Context(), tx)} {
			if a == nil && tt.treeOnly {
				continue
			}
			places, _ := f.Find(t.Context(), tx, a)
			found := false
			for _, p := range places {
				for _, m := range p.Mentions {
					if tx.Document.Text(m.Span) == tt.mention {
						found = true
						if m.Acting != tt.acting {
							t.Errorf("%s: %s acting %v (tree: %v)", tt.text, tt.mention, m.Acting, a != nil)
						}
					}
				}
			}
			if !found {
				t.Errorf("%s: no %s (tree: %v)", tt.text, tt.mention, a != nil)
			}
		}
	}
}

func TestQuartersByTree(t *testing.T) {
	f := placeFinder(t)
	model, err := Syntax()
	if err != nil {
		t.Fatal(err)
	}
	tx := placeText(t, "À Mossoul, des obus sont tombés sur un quartier chrétien. Des habitants du quartier sunnite ont fui.")
	places, _ := f.Find(t.Context(), tx, model.Analyze(t.Context(), tx))
	got := strings.Join(told(tx, places), "; ")
	if want := "Mossoul = Mossoul CITY IRQ; quartier chrétien = quartier chrétien NEIGHBOURHOOD IRQ; quartier sunnite = quartier sunnite NEIGHBOURHOOD IRQ"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestBearings(t *testing.T) {
	f := placeFinder(t)
	model, err := Syntax()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"L'ouest ivoirien reste calme. Des réfugiés arrivent du sud soudanais.",
			[]string{"ouest ivoirien = ouest ivoirien REGION CIV", "sud soudanais = sud soudanais REGION SDN"}},
		{"Au Mali, des combats ont éclaté dans le nord. Le nord est tombé en deux jours.",
			[]string{"Mali = Mali COUNTRY MLI", "nord|nord = nord REGION MLI"}},
		{"Dans le nord du Mali, on a faim. Le Nord attend de l'aide.",
			[]string{"nord du Mali|Nord = nord du Mali REGION MLI", "Mali = Mali COUNTRY MLI"}},
		{"Au Mali, le nord a été pris en deux jours. L'offensive dans le Sud de rebelles a échoué.",
			[]string{"Mali = Mali COUNTRY MLI", "nord = nord REGION MLI", "Sud = Sud REGION MLI"}},
		// What is no part of the country.
		{"Au Mali, le Nord et le Sud se parlent. La côte est malienne par endroits. Il perd le nord.", []string{"Mali = Mali COUNTRY MLI"}},
		{"Au Mali, le vent souffle dans le nord magnétique de la carte.", []string{"Mali = Mali COUNTRY MLI"}},
	} {
		tx := placeText(t, tt.text)
		places, _ := f.Find(t.Context(), tx, model.Analyze(t.Context(), tx))
		if got := told(tx, places); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s\n got %s\nwant %s", tt.text, strings.Join(got, "; "), strings.Join(tt.want, "; "))
		}
	}
}

func TestPlaceNotices(t *testing.T) {
	f := placeFinder(t)
	for _, tt := range []struct {
		name, text string
		code       place.NoticeCode
		span       string
	}{
		{"a letter off", "En Libye, des manifestants ont été tués à Benghhazi.", place.Fuzzy, "Benghhazi"},
		{"transliterated otherwise", "En Syrie, les villages d'Al Qutaifah ont été visés.", place.Fuzzy, "villages d'Al Qutaifah"},
		{"two of one name", "Un incendie a éclaté à Springfield.", place.Ambiguous, "Springfield"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tx := placeText(t, tt.text)
			places, notices := f.Find(t.Context(), tx, nil)
			for _, n := range notices {
				if n.Code == tt.code && tx.Document.Text(n.Span) == tt.span && n.Detail != "" && n.Place < len(places) {
					return
				}
			}
			t.Errorf("%s: notices %v, places %v", tt.text, notices, told(tx, places))
		})
	}
}

func TestPlaceTablesOfADirectory(t *testing.T) {
	const header = "name\tnames\tkind\tcountry\tlat\tlon\tradius_km\tid\n"
	t.Run("more places", func(t *testing.T) {
		f, err := Places(fstest.MapFS{"places/more.tsv": {Data: []byte(header + "Zorglubie\tpays zorglub\tREGION\tSYR\t35\t38\t40\tmine:1\n")}})
		if err != nil {
			t.Fatal(err)
		}
		tx := placeText(t, "La Zorglubie est en guerre.")
		places, _ := f.Find(t.Context(), tx, nil)
		if len(places) != 1 || places[0].KnowledgeID != "mine:1" {
			t.Errorf("found %v", told(tx, places))
		}
	})
	for _, tt := range []struct{ name, file, data, fault string }{
		{"kind", "more.tsv", header + "A\t\tTOWN\tSYR\t1\t1\t1\n", `more.tsv:2: kind "TOWN"`},
		{"point", "more.tsv", header + "# note\nA\t\tCITY\tSYR\t95\t1\t1\n", `more.tsv:3: lat "95"`},
		{"country", "more.tsv", header + "A\t\tCITY\tXXX\t1\t1\t1\n", `unknown country "XXX"`},
		{"twice", "more.tsv", header + "A\t\tCITY\tSYR\t1\t1\t1\nA\t\tCITY\tSYR\t1\t1\t1\n", "more.tsv:3: id depeche:a stands on line 2"},
		{"class", "words.tsv", "word\tclass\tvalue\nx\tnoun\t\n", `words.tsv:2: class "noun"`},
		{"value", "words.tsv", "word\tclass\tvalue\nnord\tdirection\t\n", `words.tsv:2: value ""`},
		{"type", "types.tsv", "word\tkind\tclass\tanaphor\tradius_km\nx\tCITY\tsame\tmaybe\t1\n", `types.tsv:2: anaphor "maybe"`},
		{"gazetteer", "gazetteer.bin", "depgaz", "compile it again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Places(fstest.MapFS{"places/" + tt.file: {Data: []byte(tt.data)}})
			if err == nil || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("error %v, want %q", err, tt.fault)
			}
		})
	}
}

func FuzzPlaces(f *testing.F) {
	finder := placeFinder(f)
	lang, err := Text(nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		"Alep\nÀ 20 km au nord de la ville d'Alep, entre l'Irak et la Syrie, à mi-chemin entre A et B.",
		"l'ambassade équatorienne près de la frontière algérienne, Alep-Est, la partie moderne de la ville",
		"Nord de la ville de Gao : calme. Est d'Alep, près de Gao\nSud de Kidal",
		"«Le Caire»: 3,5 km … d'El-Hamriya\u202fet 'Ayn al-'Arab — A. B. à à à du de des",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || len(s) > 4<<10 {
			t.Skip()
		}
		tx := text.Split(t.Context(), placeDocument(s), lang)
		places, notices := finder.Find(t.Context(), tx, nil)
		for _, p := range places {
			if len(p.Mentions) == 0 || p.Name == "" || p.Kind < place.Country || p.Kind > place.Terrain {
				t.Fatalf("place %+v", p)
			}
			if p.Relation != nil && (p.Relation.Anchor < 0 || p.Relation.Anchor >= len(places)) {
				t.Fatalf("anchor of %+v", p)
			}
			if p.Point != nil && !(math.Abs(p.Point.Lat) <= 90 && math.Abs(p.Point.Lon) <= 180) {
				t.Fatalf("point of %+v", p)
			}
			for i, m := range p.Mentions {
				got := tx.Document.Text(m.Span)
				if got == "" || !utf8.ValidString(got) || m.First >= m.Last || m.Head < m.First || m.Head >= m.Last {
					t.Fatalf("mention %+v %q", m, got)
				}
				if i > 0 && !p.Mentions[i-1].Span.Before(m.Span) {
					t.Fatalf("mentions out of order: %+v", p.Mentions)
				}
			}
		}
		for _, n := range notices {
			if n.Place < 0 || n.Place >= len(places) {
				t.Fatalf("notice %+v", n)
			}
		}
		again, _ := finder.Find(t.Context(), tx, nil)
		if fmt.Sprint(told(tx, again)) != fmt.Sprint(told(tx, places)) {
			t.Fatalf("twice differs: %v, %v", told(tx, places), told(tx, again))
		}
	})
}

// placeArticle is about 3 kB, with as many places as news has.
const placeArticle = `Mali : une attaque fait douze morts près de Gao
Douze soldats maliens ont été tués mercredi dans une attaque attribuée à des djihadistes contre leur camp de Tarkint, à 130 kilomètres au nord de Gao, a annoncé le ministère de la Défense à Bamako.
Les assaillants, venus à moto de la frontière algérienne, ont encerclé la base peu avant l'aube. « Ils étaient une centaine », a déclaré un élu de la région de Kidal, Ibrahim ag Wantilla, joint par téléphone. Selon lui, les combats ont duré près de deux heures, jusqu'à l'intervention d'hélicoptères de l'armée.
Paris a condamné une attaque « lâche » et les Etats-Unis ont exprimé leur soutien au Mali. Le président nigérien, en visite à Ouagadougou, au Burkina Faso, a appelé les pays du Sahel à unir leurs forces. Dans le centre du pays, entre Mopti et Douentza, un convoi humanitaire a par ailleurs sauté sur une mine.
La ville de Gao, où sont basés des casques bleus, n'avait plus connu de violences depuis janvier. Dans le nord du Mali, les groupes armés contrôlent de vastes zones désertiques, de Tombouctou à Ménaka. L'an dernier, plus de 400 civils ont été tués dans la région de Mopti, selon les Nations unies.
`

func BenchmarkPlaces(b *testing.B) {
	f := placeFinder(b)
	t := placeText(b, placeArticle+placeArticle)
	b.SetBytes(int64(len(t.Document.Body)))
	b.ReportAllocs()
	for b.Loop() {
		f.Find(context.Background(), t, nil)
	}
}

func BenchmarkLoadPlaces(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		placeFinder(b)
	}
}

// TestPlacesLongText holds the finder's work linear in the text: a megabyte of
// what costs most ends within the test's time.
func TestPlacesLongText(t *testing.T) {
	f := placeFinder(t)
	for _, piece := range []string{
		"La ville de Gao, à Kidal. ", "À Xylophagograd, Alep-Est. ", "À Gao. Près de la ville, la ville. ", "à 20 km au nord de la ville de Alep entre Gao et Kidal, ",
	} {
		tx := placeText(t, strings.Repeat(piece, (1<<20)/len(piece)))
		if places, _ := f.Find(t.Context(), tx, nil); len(places) == 0 {
			t.Errorf("%q: nothing found", piece)
		}
	}
	var b strings.Builder
	for i := 0; b.Len() < 1<<20; i++ {
		fmt.Fprintf(&b, "À Kossou%c%c%cbougou. ", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
	}
	if places, _ := f.Find(t.Context(), placeText(t, b.String()), nil); len(places) < 1000 {
		t.Errorf("%d places of many", len(places))
	}
}
